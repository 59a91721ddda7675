//! Solves an instance and says how good and how long: `cargo run --release -p qingkong-plan --example solve -- FILE SECONDS [SEED]`.
//!
//! The command line program does the same; this builds in a tenth of the time.

use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number = |place: usize| args.get(place).and_then(|text| text.parse::<f64>().ok());
    let begin = Instant::now();
    let file = std::fs::File::open(&args[1]).expect("the instance can be opened");
    let (instance, _) = plan::read(file).expect("the instance is one");
    let read = begin.elapsed().as_secs_f64();
    let effort = plan::Effort::seconds(number(2).unwrap_or(2.0), number(3).unwrap_or(1.0) as u64);
    let found = plan::solve(&instance, &plan::Additions::default(), effort, None);
    println!(
        "{:?} cost {:.4} bound {:.4} relaxed {:.6} gap {:.4} % read {read:.2} s solve {:.2} s",
        found.status,
        found.cost,
        found.lower_bound.unwrap_or(f64::NAN),
        found.relaxed_bound.unwrap_or(f64::NAN),
        100.0 * found.gap.unwrap_or(f64::NAN),
        begin.elapsed().as_secs_f64() - read
    );
}
