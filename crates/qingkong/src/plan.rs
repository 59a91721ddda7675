//! `qingkong plan`: the cheapest lawful reductions for an instance, and a second look at any plan.

mod list;

use crate::failure::Failure;
use crate::output::Output;
use ::plan::{
    Additions, Effort, Instance, Plan, check, evaluate_fresh, price_of_certainty, read, read_additions, read_chosen,
    solve,
};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

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
}

#[derive(clap::Args)]
struct SolveArgs {
    /// Instance, JSON `qingkong-plan/1`; `-` for standard input
    instance: PathBuf,
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
    /// Instance with fresh scenarios; adds what share the plan attains there and what share that proves
    #[arg(long, value_name = "FILE")]
    fresh: Option<PathBuf>,
    /// Confidence of the proven shares
    #[arg(long, default_value_t = 0.95)]
    level: f64,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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

/// What is written: the plan as the solver says it, and how long it took.
#[derive(serde::Serialize)]
struct Timed<T> {
    #[serde(flatten)]
    result: T,
    seconds: f64,
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
    let instance = instance(&args.instance)?;
    let additions = additions(args.search.additions.as_deref(), &instance)?;
    let plan = solve(&instance, &additions, Effort::seconds(args.search.seconds, args.search.seed), None);
    eprintln!("{}", summary(&plan));
    let timed = Timed { result: plan, seconds: begin.elapsed().as_secs_f64() };
    write(args.search.output.as_deref(), &timed)
}

fn run_check(args: CheckArgs) -> Result<(), Failure> {
    let instance = instance(&args.instance)?;
    let additions = additions(args.additions.as_deref(), &instance)?;
    let chosen = read_chosen(open(&args.plan)?).map_err(|error| at(&args.plan, &error))?;
    let checked = check(&instance, &additions, &chosen)?;
    for reason in &checked.broken {
        eprintln!("{reason}");
    }
    let mut told = serde_json::to_value(&checked)?;
    if let Some(path) = &args.fresh {
        let fresh = self::instance(path)?;
        told["fresh"] = serde_json::to_value(evaluate_fresh(&fresh, &chosen.chosen, args.level)?)?;
    }
    write(args.output.as_deref(), &told)
}

fn run_certainty(args: CertaintyArgs) -> Result<(), Failure> {
    let instance = instance(&args.instance)?;
    let additions = additions(args.search.additions.as_deref(), &instance)?;
    let effort = Effort::seconds(args.search.seconds, args.search.seed);
    let curve = price_of_certainty(&instance, &additions, &args.confidences, effort)?;
    for point in &curve {
        eprintln!("{:>6.3}  {}", point.confidence, summary(&point.plan));
    }
    write(args.search.output.as_deref(), &curve)
}

fn summary(plan: &Plan) -> String {
    let status = match plan.status {
        ::plan::Status::Optimal => "最优 optimal",
        ::plan::Status::Feasible => "可行 feasible",
        ::plan::Status::Infeasible if plan.proven => "无可行方案（已证明）infeasible (proven)",
        ::plan::Status::Infeasible => "未找到可行方案 no plan found",
    };
    let bound = match (plan.lower_bound, plan.gap) {
        (Some(bound), Some(gap)) => format!(", lower bound {bound:.3}, gap {:.3} %", 100.0 * gap),
        (Some(bound), None) => format!(", lower bound {bound:.3}"),
        _ => format!(
            ", {} receptors below the confidence, {} legal minima short",
            plan.unmet.len(),
            plan.unmet_legal.len()
        ),
    };
    format!("{status}: {} orders, cost {:.3} ×10⁴ CNY/day{bound}", plan.chosen.len(), plan.cost)
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
