//! `qingkong schedule`: tasks, links and a deadline to early and late dates with a reason each.

use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use ::calendar::Calendar;
use ledger::schedule::{Comparison, Draws, Schedule, TaskList, WorkAxis, compare, schedule};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// `qingkong schedule`.
#[derive(clap::Args)]
pub struct Args {
    /// 任务清单 · task list (`qingkong-schedule/1`, JSON); standard input without it
    #[arg(value_name = "TASKS.json")]
    tasks: Option<PathBuf>,
    /// 与此前的结果对比 · an earlier result to compare with: adds `comparison`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// 风险抽样次数，0 为不算 · draws for the risk, 0 for none
    #[arg(long, default_value_t = Draws::default().count)]
    draws: u32,
    /// 随机种子 · seed of the draws
    #[arg(long, default_value_t = Draws::default().seed)]
    seed: u64,
    /// 总是输出 JSON · JSON even on a terminal
    #[arg(long)]
    json: bool,
    /// Write here instead of standard output, as JSON
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    schedule: Schedule,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    let (name, text) = input::text(args.tasks.as_deref())?;
    let refused = |reason| Failure::refused(format_args!("{name}: {reason}"));
    let list = TaskList::read(&text).map_err(refused)?;
    let national = Calendar::bundled()?;
    let schedule = schedule(&list, &national, Draws { count: args.draws, seed: args.seed }).map_err(refused)?;
    let baseline = args.baseline.as_deref().map(|path| input::text(Some(path))).transpose()?;
    let comparison = match baseline {
        None => None,
        Some((name, text)) => {
            let baseline: Schedule = serde_json::from_str(&text).map_err(|reason| {
                Failure::refused(format_args!(
                    "{name}: L-301 not a result of this command: {reason}; nothing was computed"
                ))
            })?;
            Some(compare(&baseline, &schedule, &WorkAxis::of(&list, &national).map_err(refused)?))
        }
    };
    schedule.warnings.iter().for_each(|warning| eprintln!("{name}: {warning}"));
    let mut output = Output::create(args.output.as_deref())?;
    if args.json || !output.is_terminal() {
        writeln!(output, "{}", serde_json::to_string_pretty(&Told { schedule, comparison })?)?;
    } else {
        write!(output, "{}", lines(&schedule, comparison.as_ref()))?;
    }
    output.finish()
}

/// For a person at a terminal: one line a task, the latest start first.
fn lines(schedule: &Schedule, comparison: Option<&Comparison>) -> String {
    let mut text = String::from("最迟开工 latest start / 最早 early / 总时差 slack / 自由时差 free\n");
    let number = |number: Option<i64>| number.map_or("-".to_string(), |number| number.to_string());
    for task in &schedule.tasks {
        text += &format!(
            "{}{} {}  {}..{}  {:>4} {:>4}  {}\n      {}；{}\n",
            if task.critical { "*" } else { " " },
            task.late_start,
            task.late_finish,
            task.early_start,
            task.early_finish,
            number(task.total_slack),
            number(task.free_slack),
            task.id,
            task.why_early,
            task.why_late,
        );
    }
    text += &format!("最早完成 finish {}", schedule.finish);
    text += &match schedule.late_by {
        // Without a deadline nothing is late, and nothing is in time either.
        0 => "\n".to_string(),
        days => format!("；晚 {days} 个工作日 late by {days} working days\n"),
    };
    if let Some(risk) = &schedule.risk {
        let day = |day: Option<units::BeijingDay>| day.map_or("-".to_string(), |day| day.to_string());
        let share = risk.p_deadline.map_or("-".to_string(), |share| format!("{:.0} %", share * 100.0));
        let [p50, p80, p95] = [risk.p50, risk.p80, risk.p95].map(day);
        text += &format!("风险 risk ({} draws): p50 {p50}  p80 {p80}  p95 {p95}  按期 on time {share}\n", risk.draws);
    }
    if let Some(comparison) = comparison {
        text += &format!("与基准相比 against the baseline: {} working days\n", number(comparison.finish_slip));
        for slip in &comparison.slips {
            text += &format!("  {}  {:>4} {:>4}\n", slip.id, number(slip.start), number(slip.finish));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_the_latest_start_its_reason_and_whether_it_is_late() {
        let list = r#"{ "start": "2026-03-02", "deadline": "2026-03-04", "tasks": [ { "id": "环评", "duration": 2 },
            { "id": "开工", "duration": 2, "three_point": [2, 2, 2] } ],
            "links": [ { "from": "环评", "to": "开工", "type": "FS" } ] }"#;
        let calendar = Calendar::bundled().unwrap();
        let schedule = schedule(&TaskList::read(list).unwrap(), &calendar, Draws::default()).unwrap();
        let told = lines(&schedule, None);
        for part in [
            "*2026-02-28 2026-03-02  2026-03-02..2026-03-03    -1    0  环评\n",
            "因“环评”于 2026-03-03 完成（完成—开始）；因总期限为 2026-03-04",
            "最早完成 finish 2026-03-05；晚 1 个工作日",
            "p50 2026-03-05  p80 2026-03-05  p95 2026-03-05  按期 on time 0 %",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
    }
}
