//! `qingkong warn plan check` and `diff`.

use super::plan;
use crate::failure::Failure;
use ::warn::{FORECAST_HOURS, Plan};

/// What to do with plans.
#[derive(clap::Subcommand)]
pub enum PlanWhat {
    /// 检查 · contradictions, levels that are never reached, settings that do not fit
    Check {
        /// Plan file or the id of a bundled one
        plan: String,
        /// Hours that a forecast covers
        #[arg(long, default_value_t = FORECAST_HOURS)]
        forecast_hours: u32,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// 对比 · what differs between two
    Diff {
        /// The older one
        before: String,
        /// The newer one
        after: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command; a plan that cannot be put into force ends with 1.
pub fn run(what: &PlanWhat) -> Result<(), Failure> {
    match what {
        PlanWhat::Check { plan: name, forecast_hours, json } => check(&plan(name)?, *forecast_hours, *json),
        PlanWhat::Diff { before, after, json } => diff(&plan(before)?, &plan(after)?, *json),
    }
}

fn check(plan: &Plan, forecast_hours: u32, json: bool) -> Result<(), Failure> {
    let faults = plan.validate(forecast_hours);
    if json {
        println!("{}", serde_json::to_string_pretty(&faults)?);
    } else {
        println!("{}（{} 版 {}）", plan.title, plan.id, plan.version);
        println!("{}", plan.digest);
        for fault in &faults {
            let grade = if fault.blocks { "缺陷 fault" } else { "提示 note" };
            println!("{grade} {}: {} · {}", fault.name, fault.zh, fault.en);
        }
        if !plan.configured.is_empty() {
            println!("原文未给出、属配置 · configured, not read in the text: {}", plan.configured.join(", "));
        }
    }
    match faults.iter().filter(|fault| fault.blocks).count() {
        0 => Ok(()),
        faults => {
            Err(Failure::refused(format_args!("W-107 plan {} has {faults} faults that keep it out of force", plan.id)))
        }
    }
}

fn diff(before: &Plan, after: &Plan, json: bool) -> Result<(), Failure> {
    let changes = Plan::diff(before, after);
    if json {
        println!("{}", serde_json::to_string_pretty(&changes)?);
        return Ok(());
    }
    println!("{} {} -> {} {}", before.id, before.version, after.id, after.version);
    for change in changes {
        println!("{} · {}", change.title, change.title_en);
        println!("  - {} · {}", change.before, change.before_en);
        println!("  + {} · {}", change.after, change.after_en);
    }
    Ok(())
}
