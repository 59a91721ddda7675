use crate::failure::Failure;
use crate::place::Place;

/// `qingkong rebuild`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Compare only: name the first row that is not what the events give, and change nothing.
    #[arg(long)]
    check: bool,
    /// Report as JSON.
    #[arg(long)]
    json: bool,
}

/// Fills the tables again from the events, in one transaction; with `--check` ends with exit code 1 at a difference.
pub async fn run(args: Args) -> Result<(), Failure> {
    let store = args.place.open().await?;
    let rebuilt = if args.check { store.check_rebuild().await? } else { store.rebuild().await? };
    store.close().await;
    if args.json {
        println!("{}", serde_json::to_string(&rebuilt)?);
    } else {
        let done = if args.check { "compared" } else { "filled again" };
        println!("{} events, {} tables {done}", rebuilt.events, rebuilt.tables);
    }
    let Some(difference) = rebuilt.difference else { return Ok(()) };
    let row = |row: Option<String>| row.unwrap_or_else(|| "no such row".to_string());
    let (live, told) = (row(difference.live), row(difference.rebuilt));
    Err(Failure::refused(format_args!(
        "T-305 table {} is not what the events give: it has {live}, the events give {told}; nothing was changed",
        difference.table
    )))
}
