//! `qingkong forecast consensus`: other models' forecasts against observations, and what they come to together.

use crate::failure::Failure;
use crate::history;
use crate::output::Output;
use ::forecast::History;
use clap::ValueEnum;
use csv::Writer;
use guidance::backtest::Learning;
use guidance::consensus::Settings;
use guidance::daily::{self, DayTruth, Table, read_rows};
use guidance::import::kdd;
use guidance::{Member, Request, stations};
use std::path::{Path, PathBuf};
use units::{BeijingDay, BeijingHour};

/// `qingkong forecast consensus`.
#[derive(clap::Args)]
pub struct Args {
    /// Forecasts of the members: one forecast table a member, or submissions with `--layout kdd`
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    members: Vec<PathBuf>,
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    truth: Vec<PathBuf>,
    /// Layout of the members
    #[arg(long, value_enum, default_value_t = Layout::Forecast)]
    layout: Layout,
    /// Learn nothing of this day or later, whatever the issue, YYYY-MM-DD
    #[arg(long)]
    learn_until: Option<BeijingDay>,
    /// Consensus table; standard output when absent
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Layout {
    /// forecast.csv: cities and days
    Forecast,
    /// KDD Cup 2018 submissions: stations and hours
    Kdd,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let truth = history::read(&args.truth)?;
    match args.layout {
        Layout::Forecast => of_tables(args, &truth),
        Layout::Kdd => of_submissions(args, &truth),
    }
}

fn of_tables(args: &Args, history: &History) -> Result<(), Failure> {
    let tables = args.members.iter().map(|path| table(path)).collect::<Result<Vec<Table>, Failure>>()?;
    let name = |code: &str| {
        let region = observe::regions::all().iter().find(|region| region.code.to_string() == code);
        region.map(|region| region.name.clone())
    };
    let mut truth = DayTruth::new(history, name);
    let made = daily::consensus(tables, &mut truth, args.learn_until, Settings::default())?;
    made.notes.iter().for_each(|note| eprintln!("{note}"));
    for (pollutant, lead, rule) in &made.rules {
        let weights = made.members.iter().zip(&rule.weights).map(|(name, weight)| format!("{name} {weight:.2}"));
        let weights = weights.collect::<Vec<_>>().join(", ");
        eprintln!("{pollutant} day {lead}: {weights}; learned from {} issues", rule.issues);
    }
    write(args, &daily::COLUMNS, made.rows.iter().map(daily::Row::cells))
}

/// A member is named by the model of its rows, or by its file.
fn table(path: &Path) -> Result<Table, Failure> {
    let shown = path.display();
    let (rows, told) =
        read_rows(&bytes(path)?).map_err(|refusal| Failure::refused(format_args!("{shown}: {refusal}")))?;
    told.iter().for_each(|told| eprintln!("{shown}: {told}"));
    let model = rows.first().map(|row| row.model.clone()).filter(|model| !model.is_empty());
    let model = model.filter(|model| rows.iter().all(|row| row.model == *model));
    let name = model.unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
    Ok(Table { name, rows })
}

fn of_submissions(args: &Args, truth: &History) -> Result<(), Failure> {
    // The names of submissions hold month and day; the year is that of the observations they are judged by.
    let year = (truth.end() - 1).day().year();
    let mut submissions: Vec<Member> = vec![];
    for path in &args.members {
        let shown = path.display();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (issue, _) = kdd::issue_of_name(&name, year)
            .ok_or_else(|| Failure::refused(format_args!("{shown}: the name does not say the issue (submit_MMDD…)")))?;
        let request = Request { run: Some(issue), ..Request::default() };
        let members = guidance::read(&bytes(path)?, &request);
        let members = members.map_err(|refusal| Failure::refused(format_args!("{shown}: {refusal}")))?;
        members.iter().flat_map(|member| &member.flags).for_each(|flag| eprintln!("{shown}: {flag}"));
        submissions.extend(members);
    }
    let bound = |day: BeijingDay| Learning::Until(BeijingHour::from_index(i64::from(day.index()) * 24));
    let learning = args.learn_until.map_or(Learning::Rolling, bound);
    let rows = stations::consensus(&submissions, truth, learning, Settings::default());
    if rows.is_empty() {
        return Err(Failure::refused(
            "J-114 no member is left for a consensus: no station of the submissions is observed",
        ));
    }
    write(args, &stations::COLUMNS, rows.iter().map(stations::HourRow::cells))
}

fn write<const N: usize>(
    args: &Args,
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), Failure> {
    let mut writer = Writer::from_writer(Output::create(args.output.as_deref())?);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let output = writer.into_inner().map_err(|failed| Failure::refused(failed.error()))?;
    output.finish()
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::refused(format_args!("{}: {cause}", path.display())))
}
