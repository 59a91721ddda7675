//! `qingkong plan`: the cheapest lawful reductions for an instance, and a second look at any plan.

mod list;

use crate::failure::Failure;
use crate::output::Output;
use ::plan::{
    Additions, Carrier, Chosen, Effort, FreshAttainment, Instance, Plan, carriers, check, evaluate_fresh,
    price_of_certainty, read, read_additions, read_chosen, solve,
};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;
use told::{fresh_lines, lines, table};

mod told;

/// `qingkong plan`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// 求解 · the cheapest plan that meets the need as surely as demanded, with a proven lower bound
    Solve(SolveArgs),
    /// 复核 · recompute cost, attainment and legality of a plan, such as one edited by hand
    Check(CheckArgs),
    /// 确定性的价格 · what each confidence costs
    Certainty(CertaintyArgs),
    /// 应急减排清单 · the reduction list: import, check, differences, inventories, plant sheets, lawful options
    #[command(subcommand)]
    List(list::List),
}

#[derive(clap::Args)]
struct Search {
    /// Search for about so many CPU seconds; counted as work, so that the result does not depend on the machine
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,
    /// Seed of the search: the same instance, seconds and seed give the same plan
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// JSON beside the instance: previous (option indices in force), change_cost, burden (by source)
    #[arg(long, value_name = "FILE")]
    additions: Option<PathBuf>,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    fresh: Fresh,
}

#[derive(clap::Args)]
struct Fresh {
    /// The instance with scenarios that were not used, 1,000 or more; says what share is attained there and what that proves
    #[arg(long, value_name = "FILE")]
    fresh: Option<PathBuf>,
    /// Confidence of the proven shares
    #[arg(long, default_value_t = 0.95)]
    level: f64,
}

impl Fresh {
    /// The fresh scenarios, checked before anything is solved.
    fn scenarios(&self, instance: &Instance) -> Result<Option<Instance>, Failure> {
        let Some(path) = &self.fresh else { return Ok(None) };
        let fresh = self::instance(path)?;
        evaluate_fresh(instance, &fresh, &[], self.level).map_err(|error| at(path, &error))?;
        Ok(Some(fresh))
    }

    fn evaluate(
        &self,
        instance: &Instance,
        fresh: Option<&Instance>,
        chosen: &[usize],
    ) -> Result<Option<FreshAttainment>, Failure> {
        Ok(fresh.map(|fresh| evaluate_fresh(instance, fresh, chosen, self.level)).transpose()?)
    }
}

#[derive(clap::Args)]
struct SolveArgs {
    /// Instance, JSON `qingkong-plan/1`; `-` for standard input
    instance: PathBuf,
    /// Also say of so many measures that carry the plan what it would cost without each
    #[arg(long, value_name = "N", default_value_t = 0)]
    carriers: usize,
    #[command(flatten)]
    search: Search,
}

#[derive(clap::Args)]
struct CheckArgs {
    /// Instance, JSON `qingkong-plan/1`
    instance: PathBuf,
    /// Plan: JSON with `chosen`, and `cost` and `lower_bound` if they are to be checked
    plan: PathBuf,
    /// JSON beside the instance: previous, change_cost, burden
    #[arg(long, value_name = "FILE")]
    additions: Option<PathBuf>,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    fresh: Fresh,
}

#[derive(clap::Args)]
struct CertaintyArgs {
    /// Instance, JSON `qingkong-plan/1`; its own confidence is not used
    instance: PathBuf,
    /// Confidences, 0 to 1
    #[arg(long, value_delimiter = ',', default_value = "0.5,0.7,0.8,0.9,0.95,1")]
    confidences: Vec<f64>,
    #[command(flatten)]
    search: Search,
}

/// What is written of a plan: the plan as the solver says it, what was asked besides, and how long it took.
#[derive(serde::Serialize)]
struct Solved {
    #[serde(flatten)]
    plan: Plan,
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh: Option<FreshAttainment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    carriers: Vec<Carrier>,
    /// Sources whose order differs from the plan in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Vec<usize>>,
    seconds: f64,
}

/// One plan of the price of certainty.
#[derive(serde::Serialize)]
struct Point {
    /// `None`: the deterministic plan, which knows only the means.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    plan: Plan,
    /// Share of the instance's own scenarios, all receptors at once.
    attained_jointly: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh: Option<FreshAttainment>,
}

#[derive(serde::Serialize)]
struct Curve {
    curve: Vec<Point>,
    deterministic: Point,
}

fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "no number".to_string())?;
    (0.0..=86_400.0).contains(&value).then_some(value).ok_or_else(|| "not between 0 and 86400".to_string())
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.what {
        What::Solve(args) => run_solve(args),
        What::Check(args) => run_check(args),
        What::Certainty(args) => run_certainty(args),
        What::List(what) => list::run(what),
    }
}

fn run_solve(args: SolveArgs) -> Result<(), Failure> {
    let begin = Instant::now();
    let search = &args.search;
    let instance = instance(&args.instance)?;
    let additions = additions(search.additions.as_deref(), &instance)?;
    let fresh = search.fresh.scenarios(&instance)?;
    let effort = Effort::seconds(search.seconds, search.seed);
    let plan = solve(&instance, &additions, effort, None);
    let attained = search.fresh.evaluate(&instance, fresh.as_ref(), &plan.chosen)?;
    let carriers = carriers(&instance, &additions, effort, &plan, args.carriers)?;
    let in_force = search.additions.is_some() && !additions.previous.is_empty();
    let changed = in_force.then(|| additions.changed(&instance, &plan.chosen));
    for line in lines(&instance, &plan, changed.as_deref()) {
        eprintln!("{line}");
    }
    for line in attained.iter().flat_map(|attained| fresh_lines(&instance, attained)) {
        eprintln!("{line}");
    }
    let solved = Solved { plan, fresh: attained, carriers, changed, seconds: begin.elapsed().as_secs_f64() };
    write(search.output.as_deref(), &solved)
}

fn run_check(args: CheckArgs) -> Result<(), Failure> {
    let instance = instance(&args.instance)?;
    let additions = additions(args.additions.as_deref(), &instance)?;
    let chosen = read_chosen(open(&args.plan)?).map_err(|error| at(&args.plan, &error))?;
    let checked = check(&instance, &additions, &chosen).map_err(|error| at(&args.plan, &error))?;
    let fresh = args.fresh.scenarios(&instance)?;
    let attained = args.fresh.evaluate(&instance, fresh.as_ref(), &chosen.chosen)?;
    eprintln!("{}", told::checked(&checked));
    for line in attained.iter().flat_map(|attained| fresh_lines(&instance, attained)) {
        eprintln!("{line}");
    }
    let mut told = serde_json::to_value(&checked)?;
    if let Some(attained) = attained {
        told["fresh"] = serde_json::to_value(attained)?;
    }
    write(args.output.as_deref(), &told)
}

fn run_certainty(args: CertaintyArgs) -> Result<(), Failure> {
    let search = &args.search;
    let instance = instance(&args.instance)?;
    let additions = additions(search.additions.as_deref(), &instance)?;
    let fresh = search.fresh.scenarios(&instance)?;
    let effort = Effort::seconds(search.seconds, search.seed);
    let point = |confidence: Option<f64>, plan: Plan| -> Result<Point, Failure> {
        let attained_jointly = check(&instance, &additions, &Chosen::new(plan.chosen.clone()))?.attained_jointly;
        let fresh = search.fresh.evaluate(&instance, fresh.as_ref(), &plan.chosen)?;
        Ok(Point { confidence, plan, attained_jointly, fresh })
    };
    let curve = price_of_certainty(&instance, &additions, &args.confidences, effort)?;
    let deterministic = point(None, solve(&instance.of_means(), &additions, effort, None))?;
    let curve = curve.into_iter().map(|price| point(Some(price.confidence), price.plan)).collect::<Result<_, _>>()?;
    let curve = Curve { curve, deterministic };
    for line in table(&curve) {
        eprintln!("{line}");
    }
    write(search.output.as_deref(), &curve)
}

fn open(path: &Path) -> Result<Box<dyn std::io::Read>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(|cause| at(path, &cause))?))
}

fn at(path: &Path, cause: &dyn std::fmt::Display) -> Failure {
    Failure::refused(format_args!("{}: {cause}", path.display()))
}

fn instance(path: &Path) -> Result<Instance, Failure> {
    let (instance, unknown) = read(open(path)?).map_err(|error| at(path, &error))?;
    if !unknown.is_empty() {
        eprintln!("{}: 忽略未知键 unknown keys ignored: {}", path.display(), unknown.join(", "));
    }
    Ok(instance)
}

fn additions(path: Option<&Path>, instance: &Instance) -> Result<Additions, Failure> {
    let Some(path) = path else { return Ok(Additions::default()) };
    read_additions(open(path)?, instance).map_err(|error| at(path, &error))
}

fn write(path: Option<&Path>, value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut output = Output::create(path)?;
    serde_json::to_writer_pretty(&mut output, value)?;
    writeln!(output)?;
    output.finish()
}
