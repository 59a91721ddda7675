//! Time of a schedule and of its risk, for 1,000, 10,000 and 100,000 tasks with twice as many links, beside the time of
//! reading the same list as plain JSON. Prints milliseconds and ratios; asserts nothing about time.

use calendar::Calendar;
use ledger::schedule::{Draws, TaskList, schedule};
use std::time::Instant;

const NO_RISK: Draws = Draws { count: 0, seed: 1 };

fn main() {
    let calendar = Calendar::bundled().expect("bundled");
    let mut before: Option<[f64; 3]> = None;
    for tasks in [1_000, 10_000, 100_000] {
        let text = list(tasks);
        let plain = best(|| drop(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")));
        let list = TaskList::read(&text).expect("a list");
        let dates = best(|| drop(schedule(&list, &calendar, NO_RISK).expect("no cycle")));
        let both = best(|| drop(schedule(&list, &calendar, Draws { count: 1_000, seed: 1 }).expect("no cycle")));
        let risk = both - dates;
        println!(
            "{tasks:>6} tasks, {:>6} links: dates and reasons {dates:8.1} ms ({:.1} x reading as plain JSON, {plain:.1} ms); risk of 1,000 draws {risk:8.1} ms ({:.2} x the dates per draw)",
            2 * tasks,
            dates / plain,
            risk / 1_000.0 / dates
        );
        if let Some(before) = before {
            println!(
                "       ten times the tasks: dates x {:.1}, risk x {:.1}, plain JSON x {:.1}",
                dates / before[0],
                risk / before[1],
                plain / before[2]
            );
        }
        before = Some([dates, risk, plain]);
    }
}

/// Milliseconds, the best of five.
fn best(work: impl Fn()) -> f64 {
    let time = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1e3
    };
    (0..5).map(time).fold(f64::INFINITY, f64::min)
}

/// A wide network of many short chains: every task waits for two of the hundred before it. The calendar is 300 years.
fn list(tasks: usize) -> String {
    let task = |n: usize| {
        let days = 1 + n % 5;
        format!("{{\"id\":\"T{n:06}\",\"duration\":{days},\"three_point\":[{},{days},{}]}}", days - days / 2, 2 * days)
    };
    let reach = (tasks / 100).max(2);
    let link = |n: usize| {
        let (to, back) = (n / 2, 1 + (n * 7919) % reach);
        let from = to.checked_sub(back)?;
        let kind = ["FS", "SS", "FF", "FS"][n % 4];
        Some(format!("{{\"from\":\"T{from:06}\",\"to\":\"T{to:06}\",\"type\":\"{kind}\",\"lag\":{}}}", n % 3))
    };
    let (links, tasks): (Vec<_>, Vec<_>) = ((0..2 * tasks).filter_map(link).collect(), (0..tasks).map(task).collect());
    let calendar = "{\"weekend\":[6,7],\"holidays\":[],\"workdays\":[]}";
    format!(
        "{{\"calendar\":{calendar},\"start\":\"2026-03-02\",\"deadline\":\"2100-12-31\",\"tasks\":[{}],\"links\":[{}]}}",
        tasks.join(","),
        links.join(",")
    )
}
