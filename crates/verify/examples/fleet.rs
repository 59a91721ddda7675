//! `cargo run --release -p qingkong-verify --example fleet [PLANTS] [SEED]`: verdicts on a simulated fleet against what it did.

#[path = "../tests/fleet/trial.rs"]
#[expect(dead_code, reason = "shared with the test of the same fleet, which asks for more")]
mod trial;

use hj212::simulate::Behaviour;
use trial::Real;
use verify::Outcome;

fn main() {
    let number = |place: usize, otherwise: u64| {
        std::env::args().nth(place).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let mut description = trial::description(number(1, 200) as usize);
    description.seed = number(2, description.seed);
    let begun = std::time::Instant::now();
    let trial = trial::run(&description);
    println!("{} plants, {} frames, {:.1} s", description.plants, trial.frames, begun.elapsed().as_secs_f64());
    let hours = trial.hours();
    println!("\n{:<16}{:>12}{:>12}{:>14}{:>10}", "order-hours", "complied", "violated", "unverifiable", "exempt");
    for real in [Real::Delivered, Real::Near, Real::Short, Real::TreatmentOff, Real::Idle] {
        row(&format!("{real:?}"), |outcome| hours.get(&(real, outcome)).copied().unwrap_or(0));
    }
    let bad = [Real::Short, Real::TreatmentOff];
    let (wrong, all) = (trial.count(&bad, &[Outcome::Complied]), trial.count(&bad, Outcome::ALL));
    println!("false complied: {wrong} of {all} hours not delivered ({:.2} %)", 100.0 * wrong as f64 / all as f64);
    let lines = trial.lines();
    println!(
        "\n{:<16}{:>12}{:>12}{:>14}{:>10}   certainty after 1, 10 orders (plants)",
        "lines", "complied", "violated", "unverifiable", "exempt"
    );
    let behaviours: std::collections::BTreeSet<Behaviour> =
        trial.judged.iter().map(|judged| judged.behaviour).collect();
    for behaviour in behaviours {
        let of = |outcome| lines.get(&(behaviour, outcome)).copied().unwrap_or(0);
        let ((once, plants), (often, _)) = (trial.certainty(behaviour, 1), trial.certainty(behaviour, 10));
        print_row(behaviour.code(), of);
        println!("   {}", if plants == 0 { "prior (0)".into() } else { format!("{once:.2} {often:.2} ({plants})") });
    }
    println!("\nconfidence said, and how often it was right (hours called complied or violated)");
    for (from, to) in [(0.0, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1.01)] {
        let within = trial.judged.iter().flat_map(|judged| judged.real.iter().zip(&judged.verdicts)).filter(
            |(real, verdict)| {
                let said = matches!(verdict.outcome, Outcome::Complied | Outcome::Violated)
                    && !matches!(real, Real::Near | Real::Idle);
                said && (from..to).contains(&verdict.confidence.get())
            },
        );
        let right = within
            .clone()
            .filter(|(real, verdict)| bad.contains(real) == (verdict.outcome == Outcome::Violated))
            .count();
        let all = within.count();
        println!("{from:.2} to {to:.2}: {right} of {all}");
    }
}

fn row(name: &str, of: impl Fn(Outcome) -> usize) {
    print_row(name, of);
    println!();
}

fn print_row(name: &str, of: impl Fn(Outcome) -> usize) {
    let [complied, violated, unverifiable, exempt] =
        [Outcome::Complied, Outcome::Violated, Outcome::Unverifiable, Outcome::Exempt].map(of);
    print!("{name:<16}{complied:>12}{violated:>12}{unverifiable:>14}{exempt:>10}");
}
