//! The back-test on the KDD Cup 2018 members: `cargo run --release -p qingkong-guidance --example kdd -- DATA_DIR`.
//!
//! `DATA_DIR` holds `forecast/kdd2018_submissions/submit_*` and `air/kdd2018/*`.

mod load;

use guidance::backtest::{run, table};
use guidance::consensus::Settings;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let dir = std::env::args_os().nth(1).ok_or("usage: kdd DATA_DIR")?;
    let (submissions, truth) = (load::submissions(Path::new(&dir))?, load::truth(Path::new(&dir))?);
    let learning = load::learning(&submissions);
    println!("{} issues, {} stations, {learning:?}", submissions.len(), truth.cities.len());
    println!("{}", table(&run(&submissions, &truth, learning, Settings::default())));
    Ok(())
}
