//! `qingkong warn`: courses against a plan, past winters run again, plans looked at.

mod courses;
mod hindcast;
mod plans;

use crate::failure::Failure;
use crate::output::Output;
use ::warn::{Check, Plan, check, check_indexed};
use courses::{Courses, read};
use std::io::Write;
use std::path::{Path, PathBuf};
use units::WarningLevel;

/// `qingkong warn`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// 预警研判 · level, start, end, rule and probability that follow from a forecast
    Check(CheckArgs),
    /// 回算 · past winters, run by run, against what came
    Hindcast(hindcast::Hindcast),
    /// 预案检查与对比 · what does not hold together in a plan, what differs between two
    #[command(subcommand)]
    Plan(plans::PlanWhat),
}

#[derive(clap::Args)]
struct CheckArgs {
    /// Plan file, or the id of a bundled one: national-2018, national-2024, jiangsu-2025
    #[arg(long)]
    plan: String,
    /// CSV member,city,time,PM2_5 (hourly, µg/m³) or member,city,time,aqi24
    #[arg(long, value_name = "FILE")]
    trajectories: PathBuf,
    /// JSON instead of one line a city
    #[arg(long)]
    json: bool,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.what {
        What::Check(args) => run_check(&args),
        What::Hindcast(args) => hindcast::run(&args),
        What::Plan(what) => plans::run(&what),
    }
}

fn run_check(args: &CheckArgs) -> Result<(), Failure> {
    let plan = plan(&args.plan)?;
    let found = match read(&args.trajectories)? {
        Courses::Hourly(courses) => check(&plan, &courses, None)?,
        Courses::Indices(indexed) => check_indexed(&plan, &indexed),
    };
    for flag in &found.flags {
        let (zh, en) = flag.words();
        eprintln!("{zh} · {en}");
    }
    let mut output = Output::create(args.output.as_deref())?;
    if args.json {
        writeln!(output, "{}", serde_json::to_string_pretty(&found)?)?;
    } else {
        write!(output, "{}", lines(&found))?;
    }
    output.finish()
}

/// A bundled id, or a file; a name that is neither is refused with the bundled ids.
fn plan(name: &str) -> Result<Plan, Failure> {
    if Plan::bundled_ids().contains(&name) || !Path::new(name).exists() {
        return Ok(Plan::bundled(name)?);
    }
    let text = std::fs::read_to_string(name).map_err(|cause| Failure::refused(format_args!("{name}: {cause}")))?;
    Ok(Plan::parse(name, &text)?)
}

fn lines(found: &Check) -> String {
    let time = |time: Option<units::Instant>| time.map_or("-".to_string(), |time| time.to_string());
    let mut text = String::new();
    for city in &found.cities {
        let level = city.level.map_or("none", WarningLevel::code);
        let share = city.probability;
        text += &format!(
            "{} {level} {} {} yellow {:.3} orange {:.3} red {:.3}\n",
            city.city,
            time(city.start),
            time(city.end),
            share.yellow,
            share.orange,
            share.red
        );
        for more in [&city.rule, &city.unless].into_iter().flatten() {
            text += &format!("    {more}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_a_bundled_id_or_a_file() {
        assert_eq!(plan("national-2018").unwrap().id, "national-2018");
        assert!(plan("national-1999").unwrap_err().to_string().starts_with("W-102"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.toml");
        std::fs::write(&path, "id = 1").unwrap();
        let told = plan(path.to_str().unwrap()).unwrap_err().to_string();
        assert!(told.starts_with("W-101") && told.contains("p.toml"), "{told}");
    }
}
