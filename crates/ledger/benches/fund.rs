//! Time and proven gap of a selection for 20 to 500 candidates in thirteen cities with every rule, five reserves each.
//! Prints milliseconds; asserts that every bound holds and nothing about time. `benches/fund/run.sh` sets a general
//! solver beside it.

use ledger::fund::{Reserve, Status, select};
use std::time::Instant;

fn main() {
    // `cargo bench -- --write FOLDER` writes the reserves for other programs instead.
    let arguments: Vec<String> = std::env::args().collect();
    let folder = arguments.iter().position(|word| word == "--write").and_then(|place| arguments.get(place + 1));
    for count in [20, 100, 250, 500] {
        for kind in ["free", "correlated"] {
            let (mut times, mut proven, mut gap) = (vec![], 0, 0.0f64);
            for seed in 1..=5 {
                let text = reserve(count, kind == "correlated", seed);
                if let Some(folder) = folder {
                    std::fs::write(format!("{folder}/{kind}-{count}-{seed}.json"), &text).expect("the folder is there");
                    continue;
                }
                let reserve = Reserve::read(&text).expect("a reserve");
                let begun = Instant::now();
                let found = select(&reserve).expect("few exclusions");
                times.push(begun.elapsed().as_secs_f64() * 1e3);
                assert!(found.bound >= found.score, "a bound holds");
                proven += usize::from(found.status != Status::Feasible);
                gap = gap.max(found.gap.unwrap_or(0.0));
            }
            times.sort_by(f64::total_cmp);
            if let [.., _, last] = times[..] {
                println!(
                    "{count:>4} candidates, {kind:<10}: median {:8.1} ms, worst {last:8.1} ms, proven {proven} of 5, widest gap {gap:.6}",
                    times[2]
                );
            }
        }
    }
}

/// Amounts of 50 to 3,000 in whole 10⁴ yuan, scores to one decimal; half the money asked for is there. `correlated`:
/// the score follows the money, the hard case of a knapsack.
fn reserve(count: u64, correlated: bool, seed: u64) -> String {
    let mut state = seed;
    let mut draw = |top: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % top
    };
    let (mut total, mut city) = (0, [0u64; 13]);
    let mut project = |n: u64| {
        let amount = 50 + draw(2950);
        total += amount;
        city[(n % 13) as usize] += amount;
        let tenths = if correlated { amount / 3 + 100 + draw(40) } else { 100 + draw(900) };
        let excludes = if n % 30 == 1 { format!("\"P{:03}\"", n - 1) } else { String::new() };
        format!(
            "{{\"id\":\"P{n:03}\",\"city\":\"C{:02}\",\"amount\":{amount},\"score\":{}.{},\"capacity\":{},\"ready\":{},\"must\":false,\"excludes\":[{excludes}]}}",
            n % 13,
            tenths / 10,
            tenths % 10,
            draw(8) == 0,
            draw(10) > 0
        )
    };
    let projects: Vec<String> = (0..count).map(&mut project).collect();
    let limit = |share: u64| {
        let cities: Vec<String> =
            city.iter().enumerate().map(|(n, money)| format!("\"C{n:02}\":{}", money * share / 100)).collect();
        cities.join(",")
    };
    let (floors, caps) = (if count < 100 { String::new() } else { limit(25) }, limit(65));
    format!(
        "{{\"budget\":{},\"capacity_share\":0.05,\"city_floor\":{{{floors}}},\"city_cap\":{{{caps}}},\"projects\":[{}]}}",
        total / 2,
        projects.join(",")
    )
}
