use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Steps of long work as a person sees them: a moving bar on a terminal, one line a finished step everywhere.
pub struct Steps {
    began: Instant,
    number: usize,
    total: usize,
}

/// A step under way.
pub struct Step {
    label: String,
    bar: ProgressBar,
    began: Instant,
}

impl Steps {
    /// Work of `total` steps.
    pub fn new(total: usize) -> Self {
        Steps { began: Instant::now(), number: 0, total }
    }

    /// Begins the next step; with `length` units of work to come, if known.
    pub fn begin(&mut self, what: &str, length: Option<u64>) -> Step {
        self.number += 1;
        let label = format!("[{}/{}] {what}", self.number, self.total);
        let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = match length {
            Some(_) => "{msg} [{bar:30}] {percent:>3} %  {eta}",
            None => "{spinner} {msg}  {elapsed}",
        };
        bar.set_style(ProgressStyle::with_template(template).expect("the template is ours").progress_chars("━╸─"));
        bar.set_message(label.clone());
        bar.enable_steady_tick(Duration::from_millis(120));
        Step { label, bar, began: Instant::now() }
    }

    /// Time since the first step.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Step {
    /// Where the work has got to, in the units of its length.
    pub fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    /// What it is doing at the moment.
    pub fn doing(&self, what: &str) {
        self.bar.set_message(format!("{}  {what}", self.label));
    }

    /// Ends the step and says what came of it and how long it took.
    pub fn done(self, outcome: &str) {
        self.bar.finish_and_clear();
        eprintln!("{}  {outcome}  ({})", self.label, seconds(self.began.elapsed()));
    }
}

/// `1.2 s`.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
