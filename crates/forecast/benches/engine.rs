//! CPU time of a full retraining and of an issue: 13 cities, six pollutants, seven days, six years of made-up hours.
//!
//! Prints seconds on the processor (the clock on the wall where the system does not tell) and ratios; asserts nothing.

use forecast::{History, ISSUE_LABEL, issue, train};
use std::time::Instant;
use units::{BeijingHour, Pollutant};

const CITIES: usize = 13;
const HOURS: i64 = 6 * 365 * 24;

fn main() {
    let first: BeijingHour = "2016-07-01T01:00:00+08:00".parse().expect("a whole hour");
    let history = history(first);
    let (model, training) = timed(|| train(&history, history.end(), ISSUE_LABEL, 1).expect("six years"));
    println!("train: {CITIES} cities, {} issue days: {training:.1} s", model.issue_days);
    let at = BeijingHour::of_day(history.end().day() - 3, ISSUE_LABEL).expect("a label of the day");
    let seconds = |members: usize| {
        let mut times: Vec<f64> =
            (0..5).map(|_| timed(|| issue(&model, &history, at, members).expect("recent hours")).1).collect();
        times.sort_by(f64::total_cmp);
        times[2]
    };
    let (few, many) = (seconds(200), seconds(2000));
    println!("issue: {CITIES} cities x 200 members: {few:.3} s; 2,000 members: {many:.3} s, {:.1} times", many / few);
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (cpu, wall) = (on_cpu(), Instant::now());
    let done = work();
    let spent = on_cpu().zip(cpu).map_or(wall.elapsed().as_secs_f64(), |(after, before)| after - before);
    (done, spent)
}

/// Seconds this process has run, from the scheduler.
fn on_cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Slow waves through thirteen cities, with a daily course and noise from a fixed generator.
fn history(first: BeijingHour) -> History {
    let names = (0..CITIES).map(|city| format!("{city}")).collect();
    let mut history = History::empty(names, first, HOURS as usize);
    let (mut state, mut wave) = (9u64, [0.0f64; CITIES]);
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1u64 << 24) as f64 - 0.5
    };
    for n in 0..HOURS {
        let shared = noise();
        for (city, wave) in wave.iter_mut().enumerate() {
            *wave = 0.98 * *wave + 0.15 * (shared + noise());
            let daily = 0.15 * ((n % 24) as f64 / 24.0 * std::f64::consts::TAU).sin();
            for (pollutant, share) in Pollutant::ALL.into_iter().zip([0.3, 0.8, 0.02, 1.1, 1.6, 1.0]) {
                history.set(pollutant, city, first + n, (3.8 + *wave + daily + 0.1 * noise()).exp() * share);
            }
        }
    }
    history
}
