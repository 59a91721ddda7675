//! `qingkong fund select`: candidates and rules to the set of highest score, with its proof and its reasons.

use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use ledger::fund::{FrontPoint, Reserve, Selection, Status, TenThousandYuan, front, select};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// `qingkong fund`.
#[derive(clap::Subcommand)]
pub enum Fund {
    /// 项目遴选 · the set of highest summed score within budget, floors, caps and shares
    Select(Args),
}

#[derive(clap::Args)]
pub struct Args {
    /// 储备库 · reserve (`qingkong-fund/1`, JSON); standard input without it
    #[arg(value_name = "RESERVE.json")]
    reserve: Option<PathBuf>,
    /// 另按这些预算各算一次（万元，逗号分隔）· also at these budgets (10⁴ yuan, joined by commas): adds `front`
    #[arg(long, value_delimiter = ',', value_name = "AMOUNT,…")]
    front: Vec<TenThousandYuan>,
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
    selection: Selection,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    front: Vec<FrontPoint>,
}

/// Runs the command.
pub fn run(fund: Fund) -> Result<(), Failure> {
    let Fund::Select(args) = fund;
    let (name, text) = input::text(args.reserve.as_deref())?;
    let refused = |reason| Failure::refused(format_args!("{name}: {reason}"));
    let reserve = Reserve::read(&text).map_err(refused)?;
    let selection = select(&reserve).map_err(refused)?;
    let front = front(&reserve, &args.front).map_err(refused)?;
    selection.warnings.iter().for_each(|warning| eprintln!("{name}: {warning}"));
    let mut output = Output::create(args.output.as_deref())?;
    if args.json || !output.is_terminal() {
        writeln!(output, "{}", serde_json::to_string_pretty(&Told { selection, front })?)?;
    } else {
        write!(output, "{}", lines(&selection, &front))?;
    }
    output.finish()
}

/// For a person at a terminal.
fn lines(selection: &Selection, front: &[FrontPoint]) -> String {
    let mut text = match selection.status {
        Status::Optimal => "已证明最优 proven optimal\n",
        Status::Feasible => "可行，未证明最优 lawful, not proven optimal\n",
        Status::Infeasible => "没有满足全部规则的组合 no set keeps every rule\n",
        Status::Undecided => "未找到组合，也未证明没有 no set was found, and none was ruled out\n",
    }
    .to_string();
    for short in &selection.shortfalls {
        text += &format!("  {}\n", json(short));
    }
    if let (Some(score), Some(spent), Some(bound)) = (selection.score, selection.spent, selection.bound) {
        text += &format!("得分 score {score}；上界 bound {bound}；金额 spent {spent} 万元\n");
        text += &format!("入选 chosen: {}\n", selection.chosen.join(" "));
    }
    for (what, id) in [("边际项目 last in", &selection.marginal), ("递补 next in", &selection.next)] {
        if let Some(id) = id {
            text += &format!("{what}: {id}\n");
        }
    }
    for left in &selection.left_out {
        text += &format!("  未选 {}  {}  {}\n", left.id, json(&left.reason).trim_matches('"'), json(&left.would_need));
    }
    for point in front {
        let [score, bound] =
            [point.score, point.bound].map(|score| score.map_or("-".to_string(), |score| score.to_string()));
        text += &format!("预算 budget {} 万元: score {score} bound {bound}\n", point.budget);
    }
    text
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("names and numbers always serialise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_what_was_chosen_and_why_the_rest_was_not() {
        let file = r#"{ "budget": 60, "projects": [
            { "id": "a", "city": "南京", "amount": "50.5", "score": 9, "ready": true },
            { "id": "b", "city": "南京", "amount": 20, "score": 3, "ready": true } ] }"#;
        let reserve = Reserve::read(file).unwrap();
        let front = front(&reserve, &["70.5".parse().unwrap()]).unwrap();
        let told = lines(&select(&reserve).unwrap(), &front);
        for part in [
            "已证明最优 proven optimal\n",
            "得分 score 9；上界 bound 9；金额 spent 50.5 万元\n入选 chosen: a\n",
            "边际项目 last in: a\n递补 next in: b\n  未选 b  budget  {\"budget\":10.5}\n",
            "预算 budget 70.5 万元: score 12 bound 12\n",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
    }

    #[test]
    fn a_person_reads_what_is_short() {
        let file = r#"{ "budget": 6, "projects": [
            { "id": "a", "city": "南京", "amount": 50, "score": 9, "ready": true, "must": true } ] }"#;
        let told = lines(&select(&Reserve::read(file).unwrap()).unwrap(), &[]);
        assert!(
            told.contains("no set keeps every rule\n  {\"what\":\"musts_over_budget\",\"short\":44.0}\n"),
            "{told}"
        );
    }
}
