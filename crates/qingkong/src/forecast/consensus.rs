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
use guidance::{Member, Request, check, stations};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use units::{BeijingDay, BeijingHour, Pollutant};

/// Hours of observations that a daily course is judged by.
const RECENT_HOURS: i64 = 30 * 24;

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
    checked(&mut submissions, truth).iter().for_each(|told| eprintln!("{told}"));
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

/// Looks for copies within an issue and for daily courses at the wrong hour, and tells what it flagged.
///
/// A course is judged by the observations of the thirty days before the model's first issue: what was not known then
/// must not decide what is used. Whether a member is late has no answer here: each issue has its own consensus.
fn checked(submissions: &mut [Member], truth: &History) -> Vec<String> {
    // Stable: of one issue the submission that was named first stays the first.
    submissions.sort_by_key(|member| member.run);
    let before: Vec<usize> = submissions.iter().map(|member| member.flags.len()).collect();
    submissions.chunk_by_mut(|one, other| one.run == other.run).for_each(check::together);
    let models: BTreeSet<String> = submissions.iter().map(|member| member.model.clone()).collect();
    let seen = |pollutant: Pollutant, place: &str, hour: BeijingHour| {
        let place = truth.cities.iter().position(|city| city == place);
        place.map_or(f64::NAN, |place| truth.value(pollutant, place, hour))
    };
    for model in models {
        let mut of_model: Vec<&mut Member> = submissions.iter_mut().filter(|member| member.model == model).collect();
        let first = of_model[0].run;
        let recent: Vec<BeijingHour> = (1..=RECENT_HOURS).map(|back| first - back).collect();
        check::shifted(&mut of_model, &recent, seen);
    }
    let new = |(member, before): (&Member, usize)| -> Vec<String> {
        member.flags[before..].iter().map(|flag| format!("{} {}: {flag}", member.model, member.run)).collect()
    };
    submissions.iter().zip(before).flat_map(new).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Two days of NO2 at one station that peak at `peak`, label of the hour.
    fn member(run: BeijingHour, peak: i64) -> Member {
        let hours: Vec<BeijingHour> = (1..=48).map(|ahead| run + ahead).collect();
        let values = hours.iter().map(|hour| course(*hour, peak)).collect();
        Member {
            model: "m".into(),
            run,
            span_hours: 1,
            places: vec!["a".into()],
            hours,
            values: BTreeMap::from([(Pollutant::No2, values)]),
            flags: vec![],
        }
    }

    fn course(hour: BeijingHour, peak: i64) -> f64 {
        40.0 + 30.0 * ((i64::from(hour.label()) - peak) as f64 / 24.0 * std::f64::consts::TAU).cos()
    }

    /// Forty days that peak at eight, from ten days after `run` on at the wrong hour.
    fn truth(run: BeijingHour) -> History {
        let mut truth = History::empty(vec!["a".into()], run - 30 * 24, 40 * 24);
        (0..40 * 24).map(|n| run - 30 * 24 + n).for_each(|hour| {
            truth.set(Pollutant::No2, 0, hour, course(hour, if hour < run { 8 } else { 20 }));
        });
        truth
    }

    #[test]
    fn a_copy_and_a_shifted_course_are_told_and_left_out() {
        let run = "2018-05-01T08:00:00+08:00".parse().unwrap();
        let mut right = [member(run, 8), member(run, 8), member(run + 24, 8)];
        let told = checked(&mut right, &truth(run));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("J-208"), "{told:?}");
        assert_eq!(right.map(|member| member.usable()), [true, false, true]);

        let mut wrong = [member(run, 0)];
        let told = checked(&mut wrong, &truth(run));
        assert!(told.len() == 1 && told[0].contains("J-206") && told[0].contains("8 hours before"), "{told:?}");
        assert!(!wrong[0].usable());
    }

    #[test]
    fn what_was_observed_after_the_issue_decides_nothing() {
        let run = "2018-05-01T08:00:00+08:00".parse().unwrap();
        assert!(checked(&mut [member(run, 8)], &truth(run)).is_empty(), "the truth turned only later");
        assert!(checked(&mut [member(run, 20)], &truth(run).window(run, run + 240)).is_empty(), "nothing to judge by");
    }
}
