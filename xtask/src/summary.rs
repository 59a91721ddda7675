//! What a test run closes with: stages, times, counts.

use crate::process;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Tests counted in the output of the runners in use.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// Adds what a closing line of `cargo test`, `node --test` or Vitest says; other lines add nothing.
    pub fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split([' ', ';', ',', '|', '(', ')']).filter(|w| !w.is_empty()).collect();
        match words.as_slice() {
            ["test", "result:", _, rest @ ..] => self.add_number_before_word(rest),
            ["Tests", rest @ ..] => self.add_number_before_word(rest),
            ["#" | "ℹ", word, number] => self.add(word, number),
            _ => {}
        }
    }

    fn add_number_before_word(&mut self, words: &[&str]) {
        for pair in words.windows(2) {
            self.add(pair[1], pair[0]);
        }
    }

    fn add(&mut self, word: &str, number: &str) {
        let Ok(number) = number.parse::<u64>() else { return };
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

struct Stage {
    name: &'static str,
    time: Duration,
    counts: Counts,
    error: Option<String>,
}

/// Stages of one run. A failed stage does not keep the others from running: one run shows all that is wrong.
#[derive(Default)]
pub struct Summary {
    stages: Vec<Stage>,
}

impl Summary {
    /// Runs one stage and records it; returns what it made, or `None` when it failed.
    pub fn stage<T>(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Result<T>) -> Option<T> {
        if process::interrupted() {
            return None;
        }
        eprintln!("\n== {name}");
        let start = Instant::now();
        let mut counts = Counts::default();
        let outcome = work(&mut counts);
        let error = outcome.as_ref().err().map(|e| format!("{e:#}"));
        if let Some(error) = &error {
            eprintln!("\n{name} failed: {error}");
        }
        self.stages.push(Stage { name, time: start.elapsed(), counts, error });
        outcome.ok()
    }

    /// Prints the table and tells whether all went well.
    pub fn close(self) -> Result<()> {
        println!("\n{}", self.table());
        if process::interrupted() {
            bail!("interrupted");
        }
        let failed: Vec<_> = self.stages.iter().filter(|s| s.error.is_some()).map(|s| s.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }

    fn table(&self) -> String {
        let mut text = format!("{:<28}{:>9}{:>9}{:>9}{:>9}\n", "stage", "time", "passed", "failed", "skipped");
        for stage in &self.stages {
            text += &format!("{:<28}{:>9}", stage.name, minutes(stage.time));
            text += &format!("{:>9}{:>9}{:>9}", stage.counts.passed, stage.counts.failed, stage.counts.skipped);
            text += &stage.error.as_ref().map(|e| format!("   FAILED: {e}")).unwrap_or_default();
            text += "\n";
        }
        let total = self.total();
        text + &format!("\n{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped)
    }

    fn total(&self) -> Counts {
        self.stages.iter().fold(Counts::default(), |sum, stage| Counts {
            passed: sum.passed + stage.counts.passed,
            failed: sum.failed + stage.counts.failed,
            skipped: sum.skipped + stage.counts.skipped,
        })
    }
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{}m {:02}s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn closing_lines_of_every_runner_are_counted() {
        let cargo = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(counted(&[cargo, cargo]), Counts { passed: 10, failed: 0, skipped: 2 });
        let node = ["# tests 6", "# pass 4", "# fail 1", "# cancelled 0", "# skipped 1", "ℹ pass 2"];
        assert_eq!(counted(&node), Counts { passed: 6, failed: 1, skipped: 1 });
        let vitest = "      Tests  1 failed | 12 passed | 2 skipped (15)";
        assert_eq!(counted(&[vitest]), Counts { passed: 12, failed: 1, skipped: 2 });
    }

    #[test]
    fn other_lines_count_nothing() {
        let lines = ["test day::passed ... ok", " Test Files  3 passed (3)", "12 passed", ""];
        assert_eq!(counted(&lines), Counts::default());
    }

    #[test]
    fn a_failed_stage_is_named_and_the_next_one_still_runs() {
        let mut summary = Summary::default();
        assert!(summary.stage("first", |_| -> Result<()> { bail!("no disk") }).is_none());
        assert_eq!(summary.stage("second", |_| Ok(7)), Some(7));
        assert!(summary.table().contains("FAILED: no disk"));
        assert_eq!(summary.close().unwrap_err().to_string(), "failed: first");
    }
}
