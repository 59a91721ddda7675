//! How long a slider takes: solves an instance, then again and again without the options of a tenth of the sources, and names what
//! carries the plan: `cargo run --release -p qingkong-plan --example explore -- FILE`. For `benches/plan/run.sh`.

use plan::{Additions, Effort, Status, carriers, solve, solve_without};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: explore FILE")?;
    let (instance, _) = plan::read(std::fs::File::open(&file)?)?;
    let none = Additions::default();
    let first = solve(&instance, &none, Effort::seconds(2.0, 1), None);
    println!("{file}: {:?}, cost {:.4}, {} sources", first.status, first.cost, instance.sources());
    for seconds in [0.0, 0.05] {
        let effort = Effort::seconds(seconds, 1);
        let (mut longest, mut sum, mut infeasible) = (0.0_f64, 0.0, 0);
        for tenth in 0..10 {
            let out: Vec<usize> = (0..instance.options()).filter(|&m| instance.source_of(m) % 10 == tenth).collect();
            let begin = Instant::now();
            let plan = solve_without(&instance, &none, effort, &first.chosen, &out)?;
            let took = 1e3 * begin.elapsed().as_secs_f64();
            (longest, sum) = (longest.max(took), sum + took);
            infeasible += usize::from(plan.status == Status::Infeasible);
        }
        println!(
            "  without a tenth, {seconds} s of search: mean {:.1} ms, longest {longest:.1} ms, {infeasible} of 10 infeasible",
            sum / 10.0
        );
    }
    let begin = Instant::now();
    for carrier in carriers(&instance, &none, Effort::seconds(0.05, 1), &first, 5)? {
        println!(
            "  option {} costs {:.2}, is worth {:.2}; without it {:.2}, at least {:.2}",
            carrier.option,
            carrier.cost,
            carrier.worth,
            carrier.cost_without.unwrap_or(f64::NAN),
            carrier.lower_bound_without.unwrap_or(f64::NAN)
        );
    }
    println!("  five carriers: {:.0} ms", 1e3 * begin.elapsed().as_secs_f64());
    Ok(())
}
