//! `qingkong warn hindcast`: a past period run again as if it were now, held against what came.

use super::plan;
use crate::failure::Failure;
use crate::history;
use crate::output::Output;
use crate::steps::Steps;
use ::forecast::{ForecastError, History, ISSUE_LABEL, Model};
use ::warn::{
    Check, CityReview, FORECAST_HOURS, Indexed, Plan, ReviewSum, Standing, check, perfect, review, sayings, standings,
    steady, sum,
};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;
use units::{BeijingDay, BeijingHour, WarningLevel};

/// `qingkong warn hindcast`.
#[derive(clap::Args)]
pub struct Hindcast {
    /// Plan file, or the id of a bundled one
    #[arg(long)]
    plan: String,
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// First day of issue; nothing from this day …
    #[arg(long)]
    from: BeijingDay,
    /// … to this day is trained on
    #[arg(long)]
    to: BeijingDay,
    /// Equally likely courses
    #[arg(long, default_value_t = 100)]
    members: usize,
    /// Seed of the members
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// JSON instead of a table
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// One line an issue and city: level of the run alone, level proposed, probabilities
    #[arg(long)]
    csv: bool,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What came of a period.
#[derive(Serialize)]
struct Outcome {
    plan: String,
    plan_version: String,
    plan_digest: String,
    model: String,
    from: BeijingDay,
    to: BeijingDay,
    members: usize,
    issues: usize,
    refused: Vec<String>,
    levels: Vec<LevelOutcome>,
    proposals: Vec<CityProposals>,
}

/// One level: by the forecast and by perfect knowledge.
#[derive(Serialize)]
struct LevelOutcome {
    level: WarningLevel,
    forecast: ReviewSum,
    perfect: ReviewSum,
    cities: Vec<CityReview>,
}

/// What was proposed for one city, run by run.
#[derive(Serialize)]
struct CityProposals {
    city: String,
    changes_alone: usize,
    changes: usize,
    #[serde(skip)]
    steadiness: ::warn::Steadiness,
}

/// Runs the command.
pub fn run(args: &Hindcast) -> Result<(), Failure> {
    if args.to < args.from {
        let reason = format_args!("F-111 the period ends on {} before it begins on {}", args.to, args.from);
        return Err(Failure::refused(reason));
    }
    let plan = plan(&args.plan)?;
    let mut steps = Steps::new(3);
    let step = steps.begin("读取实况 observations", None);
    let history = history::read(&args.observations)?;
    step.done(&format!("{} cities, {} days", history.cities.len(), history.hours / 24));
    let step = steps.begin("训练 train", None);
    let model = ::forecast::train(&history.without(args.from, args.to), history.end(), ISSUE_LABEL, args.seed)?;
    step.done(&format!("{} on {} issue days, none of the period", model.id, model.issue_days));
    let outcome = outcome(args, &plan, &history, &model, &mut steps)?;
    let mut output = Output::create(args.output.as_deref())?;
    if args.json {
        writeln!(output, "{}", serde_json::to_string_pretty(&outcome)?)?;
    } else if args.csv {
        write!(output, "{}", rows(&outcome))?;
    } else {
        write!(output, "{}", table(&outcome))?;
    }
    output.finish()
}

fn outcome(
    args: &Hindcast,
    plan: &Plan,
    history: &History,
    model: &Model,
    steps: &mut Steps,
) -> Result<Outcome, Failure> {
    let days = args.to - args.from + 1;
    let step = steps.begin("逐日研判 daily checks", Some(u64::from(days.unsigned_abs())));
    let (mut checks, mut refused): (Vec<(BeijingHour, Check)>, Vec<String>) = (vec![], vec![]);
    for day in (0..days).map(|n| args.from + n) {
        let at = BeijingHour::of_day(day, ISSUE_LABEL).expect("20 is a label of every day");
        match ::forecast::issue(model, history, at, args.members) {
            Ok(run) => {
                // A block may begin in the hours before the issue, and in no hour that was not known then.
                let known = history.window(at - 48, at);
                checks.push((at, check(plan, &run.trajectories, Some(&known))?));
            }
            Err(reason @ (ForecastError::TooFewCities { .. } | ForecastError::AheadOfData { .. })) => {
                refused.push(reason.to_string());
            }
            Err(reason) => return Err(reason.into()),
        }
        step.at(u64::from((day - args.from + 1).unsigned_abs()));
    }
    step.done(&format!("{} issues, {} refused", checks.len(), refused.len()));
    if checks.is_empty() {
        return Err(Failure::refused("F-112 no day of the period could be forecast; nothing was written"));
    }
    let truth = truth(history, model, args.from, args.to)?;
    let issues: Vec<BeijingHour> = checks.iter().map(|(issue, _)| *issue).collect();
    let proposals: Vec<CityProposals> = truth.cities.iter().map(|city| proposals(plan, &checks, city)).collect();
    let standing = |one: &CityProposals| standings(&one.steadiness, &checks, &one.city);
    let standings: Vec<Vec<Standing>> = proposals.iter().map(standing).collect();
    let level = |rule: &::warn::LevelRule| {
        let cities = review(plan, &truth, &standings, rule.level);
        let knowing = perfect(plan, &truth, &issues, FORECAST_HOURS.into(), rule.level);
        let perfect = sum(&review(plan, &truth, &knowing, rule.level));
        LevelOutcome { level: rule.level, forecast: sum(&cities), perfect, cities }
    };
    Ok(Outcome {
        plan: plan.id.clone(),
        plan_version: plan.version.clone(),
        plan_digest: plan.digest.clone(),
        model: model.id.clone(),
        from: args.from,
        to: args.to,
        members: args.members,
        issues: checks.len(),
        refused,
        levels: plan.levels.iter().map(level).collect(),
        proposals,
    })
}

/// The observed 24-hour indices of the period and the week after it.
fn truth(history: &History, model: &Model, from: BeijingDay, to: BeijingDay) -> Result<Indexed, Failure> {
    let first = |day: BeijingDay| BeijingHour::of_day(day, 1).expect("every day has a first hour");
    let observed = history.of_cities(&model.cities).window(first(from), first(to + 8));
    Ok(Indexed::of_observed(&observed, Some(history))?)
}

fn proposals(plan: &Plan, checks: &[(BeijingHour, Check)], city: &str) -> CityProposals {
    let steadiness = steady(plan, &sayings(checks, city));
    let (changes_alone, changes) = (steadiness.changes_alone, steadiness.changes);
    CityProposals { city: city.to_string(), changes_alone, changes, steadiness }
}

fn table(outcome: &Outcome) -> String {
    let mut text = format!(
        "{} {}  {} to {}  {} issues, {} members, model {}\n",
        outcome.plan, outcome.plan_version, outcome.from, outcome.to, outcome.issues, outcome.members, outcome.model
    );
    text += "level  by        episodes hits late missed  mean lead h  episode h  warned h  false h\n";
    for level in &outcome.levels {
        for (by, sum) in [("forecast", &level.forecast), ("perfect", &level.perfect)] {
            let lead = sum.mean_lead_hours.map_or_else(|| "-".to_string(), |lead| format!("{lead:.0}"));
            text += &format!(
                "{:<6} {by:<9} {:>8} {:>4} {:>4} {:>6} {lead:>12} {:>10} {:>9} {:>8}\n",
                level.level.code(),
                sum.episodes,
                sum.hits,
                sum.late,
                sum.misses,
                sum.episode_hours,
                sum.warned_hours,
                sum.false_hours
            );
        }
    }
    let changes = |of: fn(&CityProposals) -> usize| outcome.proposals.iter().map(of).sum::<usize>();
    text += &format!(
        "changes of level: {} run by run, {} with hysteresis\n",
        changes(|one| one.changes_alone),
        changes(|one| one.changes)
    );
    text
}

fn rows(outcome: &Outcome) -> String {
    let code = |level: Option<WarningLevel>| level.map_or("none", WarningLevel::code);
    let mut text = "issue_time,city,alone,level,p_yellow,p_orange,p_red\n".to_string();
    for city in &outcome.proposals {
        for row in &city.steadiness.rows {
            let share = row.probability;
            text += &format!(
                "{},{},{},{},{:.3},{:.3},{:.3}\n",
                row.issue,
                city.city,
                code(row.alone),
                code(row.level),
                share.yellow,
                share.orange,
                share.red
            );
        }
    }
    text
}
