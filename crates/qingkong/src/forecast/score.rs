//! `qingkong forecast score`: forecast tables against observations.

mod blocks;
mod courses;
mod pair_events;
mod pairs;
mod report;
mod rows;

use crate::failure::Failure;
use crate::history;
use ::forecast::ForecastError;
use ::forecast::verification::{By, JointVerification, ReferenceBook, joint_scores, pair_scores, scorecards, verify};
use std::path::PathBuf;

/// The bounds of every measure are resampled with this seed, so that the same files give the same figures.
const SEED: u64 = 1;

/// `qingkong forecast score`.
#[derive(clap::Args)]
pub struct Args {
    /// Forecast tables, as `issue` and `hindcast` write them; columns `forecaster` and `conclusion` name other authors
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    forecast: Vec<PathBuf>,
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// Courses of the same runs, for the joint scores and the scores from members (PM2.5)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    trajectories: Vec<PathBuf>,
    /// Days ahead that the joint scores look at; as many as the courses cover when absent
    #[arg(long, requires = "trajectories", value_name = "DAYS")]
    joint_days: Option<usize>,
    /// Probabilities of two heavy days in a row of the same runs
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pairs: Vec<PathBuf>,
    /// Groups: any of lead, city, level, season, month, forecaster, model, conclusion
    #[arg(long, value_delimiter = ',', default_value = "lead,season")]
    by: Vec<By>,
    /// Hour label of the issues, for the references: persistence knows the hours before it
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=24))]
    issue_hour: u8,
    /// Monthly scorecards of every author and city as well
    #[arg(long)]
    scorecards: bool,
    /// JSON with every measure instead of a table
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// CSV with every measure, one a line, instead of a table
    #[arg(long)]
    csv: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let tables = args.forecast.iter().map(|path| rows::read(path)).collect::<Result<Vec<_>, _>>()?;
    let history = history::read(&args.observations)?;
    let book = ReferenceBook::new(&history, args.issue_hour);
    let mut pairs = pairs::pair(tables.into_iter().flatten().collect(), &history.cities, &book);
    pairs.notes.iter().for_each(|note| eprintln!("{note}"));
    if pairs.values.is_empty() && pairs.indices.is_empty() {
        return Err(ForecastError::NothingToScore.into());
    }
    let joint = if args.trajectories.is_empty() { None } else { joint(args, &history.cities, &book, &mut pairs)? };
    let events = args.pairs.iter().map(|path| pair_events::read(path, &history.cities, &book));
    let events = events.collect::<Result<Vec<_>, _>>()?.concat();
    let by = without_repeats(&args.by);
    let report = report::Report {
        scores: verify(&pairs.values, &pairs.indices, &by, SEED),
        by,
        joint,
        pairs: pair_scores(&events, SEED),
        scorecards: if args.scorecards { scorecards(&pairs.indices) } else { vec![] },
    };
    let output = std::io::stdout().lock();
    match (args.json, args.csv) {
        (true, _) => report.json(output),
        (_, true) => report.csv(output),
        _ => report.table(output),
    }
}

/// Reads the courses, gives the PM2.5 rows their members, and scores the runs as wholes.
fn joint(
    args: &Args,
    cities: &[String],
    book: &ReferenceBook,
    pairs: &mut pairs::Pairs,
) -> Result<Option<JointVerification>, Failure> {
    let runs = courses::read(&args.trajectories, cities)?;
    for case in &mut pairs.values {
        courses::give_members(case, cities, &runs);
    }
    let cases: Vec<_> = runs.iter().map(|run| run.joint_case(book, args.joint_days.unwrap_or(run.leads))).collect();
    let joint = joint_scores(&cases, SEED);
    if joint.is_none() {
        eprintln!("no run of the courses has an observed day; no joint scores");
    }
    Ok(joint)
}

fn without_repeats(by: &[By]) -> Vec<By> {
    let mut kept: Vec<By> = vec![];
    by.iter().for_each(|by| {
        if !kept.contains(by) {
            kept.push(*by)
        }
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grouping_named_twice_counts_once() {
        assert_eq!(without_repeats(&[By::City, By::Lead, By::City]), [By::City, By::Lead]);
    }
}
