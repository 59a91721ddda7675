//! `qingkong forecast`: train, issue, hindcast and score from files.

mod consensus;
mod extra;
mod score;
mod table;

use crate::failure::Failure;
use crate::history;
use crate::output::Output;
use crate::steps::Steps;
use ::forecast::{Extra, Flag, ForecastError, History, ISSUE_LABEL, Model, Run, Season};
use std::io::Write;
use std::path::{Path, PathBuf};
use table::{ForecastTable, PairTable, TrajectoryTable};
use units::{BeijingDay, BeijingHour, Pollutant};

/// `qingkong forecast`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// 训练模型 · train a model on everything before a day
    Train(Train),
    /// 起报 · issue one forecast
    Issue(Issue),
    /// 回算 · one issue a day over a past period, never seeing the future
    Hindcast(Hindcast),
    /// 评分 · score a forecast table against observations
    Score(score::Args),
    /// 集成 · the consensus of other models' forecasts, with weights learned on past scores
    Consensus(consensus::Args),
}

#[derive(clap::Args)]
struct Train {
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// Further predictors: city,time,name,value, and issued where they are forecasts; a second model uses them
    #[arg(long, num_args = 1.., value_name = "FILE")]
    extra: Vec<PathBuf>,
    /// The model knows nothing of this day and later, YYYY-MM-DD
    #[arg(long)]
    until: BeijingDay,
    /// Hour label of the issues, 1 to 24; an issue knows the labels before it
    #[arg(long, default_value_t = ISSUE_LABEL)]
    issue_hour: u8,
    /// Seed of the members it will draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Model file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(clap::Args)]
struct Issue {
    /// Model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Observation files in any known layout; the last 31 days before the issue are used
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// The further predictors the model was trained with; where one is missing the run goes without and says so
    #[arg(long, num_args = 1.., value_name = "FILE")]
    extra: Vec<PathBuf>,
    /// Issue time, for example 2018-01-13T20:00:00+08:00
    #[arg(long)]
    at: BeijingHour,
    /// Equally likely courses
    #[arg(long, default_value_t = 200)]
    members: usize,
    /// Forecast table; standard output when absent
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Hourly courses of every member
    #[arg(long, value_name = "FILE")]
    trajectories: Option<PathBuf>,
    /// Probabilities of two days in a row with PM2.5 above 115 µg/m³
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("bound").required(true).multiple(true))]
struct Hindcast {
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// Further predictors: city,time,name,value, and issued where they are forecasts; a second model uses them
    #[arg(long, num_args = 1.., value_name = "FILE")]
    extra: Vec<PathBuf>,
    /// Train on what lies before this day
    #[arg(long, group = "bound")]
    train_until: Option<BeijingDay>,
    /// Leave-one-period-out: train on nothing from this day …
    #[arg(long, group = "bound", requires = "train_exclude_to")]
    train_exclude_from: Option<BeijingDay>,
    /// … to this day
    #[arg(long, requires = "train_exclude_from")]
    train_exclude_to: Option<BeijingDay>,
    /// First day of issue
    #[arg(long)]
    from: BeijingDay,
    /// Last day of issue
    #[arg(long)]
    to: BeijingDay,
    /// Equally likely courses
    #[arg(long, default_value_t = 200)]
    members: usize,
    /// Hour label of the issues, 1 to 24; an issue knows the labels before it
    #[arg(long, default_value_t = ISSUE_LABEL)]
    issue_hour: u8,
    /// Seed of the members
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Forecast table; standard output when absent
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Hourly courses of every member, with a column issue_date
    #[arg(long, value_name = "FILE")]
    trajectories: Option<PathBuf>,
    /// Probabilities of two days in a row with PM2.5 above 115 µg/m³
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.what {
        What::Train(args) => train(&args),
        What::Issue(args) => issue(&args),
        What::Hindcast(args) => hindcast(&args),
        What::Score(args) => score::run(&args),
        What::Consensus(args) => consensus::run(&args),
    }
}

fn train(args: &Train) -> Result<(), Failure> {
    let mut steps = Steps::new(2);
    let history = read(&args.observations, &mut steps)?;
    let extras = further(&args.extra, &history, args.issue_hour, None)?;
    let model = trained(&history, &extras, first_hour(args.until), (args.issue_hour, args.seed), &mut steps)?;
    let mut output = Output::create(Some(&args.output))?;
    output.write_all(&model.to_bytes())?;
    output.finish()
}

fn issue(args: &Issue) -> Result<(), Failure> {
    let model = Model::from_bytes(&read_file(&args.model)?)?;
    let mut steps = Steps::new(1);
    let history = read(&args.observations, &mut steps)?;
    let extras = further(&args.extra, &history, model.issue_label, Some(&model))?;
    let run = ::forecast::issue_with(&model, &history, &by_reference(&extras), args.at, args.members)?;
    tell(&run);
    let mut table = ForecastTable::create(args.output.as_deref())?;
    table.write(&run)?;
    table.finish()?;
    if let Some(path) = &args.trajectories {
        let mut courses = TrajectoryTable::create(path, false)?;
        courses.write(&run)?;
        courses.finish()?;
    }
    if let Some(path) = &args.pairs {
        let mut pairs = PairTable::create(path)?;
        pairs.write(&run)?;
        pairs.finish()?;
    }
    Ok(())
}

fn hindcast(args: &Hindcast) -> Result<(), Failure> {
    if args.to < args.from {
        return Err(Failure::refused(format_args!(
            "F-111 the period ends on {} before it begins on {}",
            args.to, args.from
        )));
    }
    let mut steps = Steps::new(3);
    let history = read(&args.observations, &mut steps)?;
    let until = args.train_until.map_or(history.end(), first_hour);
    let extras = further(&args.extra, &history, args.issue_hour, None)?;
    let outside = match (args.train_exclude_from, args.train_exclude_to) {
        (Some(from), Some(to)) => &history.without(from, to),
        _ => &history,
    };
    let model = trained(outside, &extras, until, (args.issue_hour, args.seed), &mut steps)?;
    let mut table = ForecastTable::create(args.output.as_deref())?;
    let mut courses = args.trajectories.as_deref().map(|path| TrajectoryTable::create(path, true)).transpose()?;
    let mut pairs = args.pairs.as_deref().map(PairTable::create).transpose()?;
    let (days, extras) = (args.to - args.from + 1, by_reference(&extras));
    let step = steps.begin("回算 hindcast", Some(u64::from(days.unsigned_abs())));
    let (mut issued, mut without, mut refused) = (0, 0, vec![]);
    for day in (0..days).map(|n| args.from + n) {
        match ::forecast::issue_with(&model, &history, &extras, issue_hour(day, &model), args.members) {
            Ok(run) => {
                table.write(&run)?;
                courses.as_mut().map_or(Ok(()), |courses| courses.write(&run))?;
                pairs.as_mut().map_or(Ok(()), |pairs| pairs.write(&run))?;
                issued += 1;
                without += usize::from(run.flags.iter().any(|flag| matches!(flag, Flag::WithoutExtra { .. })));
            }
            Err(reason @ (ForecastError::TooFewCities { .. } | ForecastError::AheadOfData { .. })) => {
                refused.push(reason)
            }
            Err(reason) => return Err(reason.into()),
        }
        step.at(u64::from((day - args.from + 1).unsigned_abs()));
    }
    refused.iter().for_each(|reason| eprintln!("{reason}; this day has no forecast"));
    if without > 0 {
        eprintln!("{without} of {issued} issues lack a further predictor and are made without any");
    }
    step.done(&format!("{issued} issues, {} refused", refused.len()));
    if issued == 0 {
        return Err(Failure::refused("F-112 no day of the period could be forecast; nothing was written"));
    }
    table.finish()?;
    courses.map_or(Ok(()), TrajectoryTable::finish)?;
    pairs.map_or(Ok(()), PairTable::finish)
}

/// The further predictors of some files; of none, none.
fn further(files: &[PathBuf], history: &History, issue_hour: u8, model: Option<&Model>) -> Result<Vec<Extra>, Failure> {
    if files.is_empty() { Ok(vec![]) } else { extra::read(files, history, issue_hour, model) }
}

fn by_reference(extras: &[Extra]) -> Vec<&Extra> {
    extras.iter().collect()
}

fn read(files: &[PathBuf], steps: &mut Steps) -> Result<History, Failure> {
    let step = steps.begin("读取实况 observations", None);
    let history = history::read(files)?;
    step.done(&format!("{} cities, {} days", history.cities.len(), history.hours / 24));
    Ok(history)
}

fn trained(
    history: &History,
    extras: &[Extra],
    until: BeijingHour,
    (issue_hour, seed): (u8, u64),
    steps: &mut Steps,
) -> Result<Model, Failure> {
    let step = steps.begin("训练 train", None);
    let model = ::forecast::train_with(history, &by_reference(extras), until, issue_hour, seed)?;
    if !model.left_out.is_empty() {
        eprintln!("not forecast for want of hours: {}", model.left_out.join(", "));
    }
    if !model.not_forecast.is_empty() {
        let codes: Vec<&str> = model.not_forecast.iter().map(|pollutant| pollutant.code()).collect();
        eprintln!("pollutants not forecast for want of hours: {}", codes.join(", "));
    }
    let holes: Vec<String> = model.holes.iter().map(|hole| format!("{} to {}", hole.from, hole.to)).collect();
    if !holes.is_empty() {
        eprintln!("the training span has no PM2.5 on: {}", holes.join(", "));
    }
    step.done(&format!("{} on {} issue days of {} cities", model.id, model.issue_days, model.cities.len()));
    if !extras.is_empty() {
        eprintln!("{}", what_extras_give(&model));
    }
    Ok(model)
}

/// What the further predictors change on days neither model had seen, or why they are not used.
fn what_extras_give(model: &Model) -> String {
    let Some(informed) = &model.informed else {
        return "the further predictors are not used: too few issue days have every one of them".to_string();
    };
    let names: Vec<String> = informed.extras.iter().map(|(name, columns)| format!("{name} ({columns})")).collect();
    let crps = |scores: &[::forecast::LeadScore], lead: u8| {
        let of = |score: &&::forecast::LeadScore| {
            (score.pollutant, score.lead_day, score.season) == (Pollutant::Pm25, lead, Season::Year)
        };
        scores.iter().find(of).map_or("-".to_string(), |score| format!("{:.2}", score.crps))
    };
    let leads = [1, 2, 3].map(|lead| format!("{} / {}", crps(&model.scores, lead), crps(&informed.scores, lead)));
    format!(
        "further predictors {} on {} issue days; PM2.5 CRPS out of fold without / with, days 1, 2, 3: {}",
        names.join(", "),
        informed.issue_days,
        leads.join(", ")
    )
}

fn tell(run: &Run) {
    run.flags.iter().for_each(|flag| eprintln!("{flag}"));
    if !run.left_out.is_empty() {
        eprintln!("not forecast for want of recent hours: {}", run.left_out.join(", "));
    }
}

fn first_hour(day: BeijingDay) -> BeijingHour {
    BeijingHour::of_day(day, 1).expect("every day has a first hour")
}

fn issue_hour(day: BeijingDay, model: &Model) -> BeijingHour {
    first_hour(day) + i64::from(model.issue_label) - 1
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|cause| Failure::refused(format_args!("{}: {cause}", path.display())))
}
