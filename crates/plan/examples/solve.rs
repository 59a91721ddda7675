//! Solves an instance and says how good, in how many CPU seconds, with how much memory:
//! `cargo run --release -p qingkong-plan --example solve -- FILE SECONDS [SEED]`. For `benches/plan/run.sh`.

use std::error::Error;

/// CPU seconds of this process and its peak memory in MB, from `/proc`.
fn used() -> (f64, f64) {
    let text = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let stat = text("/proc/self/stat");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    let status = text("/proc/self/status");
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.split_whitespace().next());
    let peak = peak.and_then(|kilobyte| kilobyte.parse::<f64>().ok()).unwrap_or(f64::NAN);
    ((ticks(11) + ticks(12)) / 100.0, peak / 1024.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, file, seconds, seed @ ..] = &args[..] else { return Err("usage: solve FILE SECONDS [SEED]".into()) };
    let seed = seed.first().map_or(Ok(1), |seed| seed.parse())?;
    let (instance, _) = plan::read(std::fs::File::open(file)?)?;
    let (read, _) = used();
    let effort = plan::Effort::seconds(seconds.parse()?, seed);
    let found = plan::solve(&instance, &plan::Additions::default(), effort, None);
    let (all, peak) = used();
    println!(
        "{file} {seconds} s: {:?} cost {:.4} bound {:.4} relaxed {:.6} gap {:.4} % CPU read {read:.2} s, solve {:.2} s, peak {peak:.0} MB",
        found.status,
        found.cost,
        found.lower_bound.unwrap_or(f64::NAN),
        found.relaxed_bound.unwrap_or(f64::NAN),
        100.0 * found.gap.unwrap_or(f64::NAN),
        all - read,
    );
    Ok(())
}
