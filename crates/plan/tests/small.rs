//! Small instances against every plan there is.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use plan::{Additions, Chosen, Effort, Instance, InstanceFile, Status, check, price_of_certainty, solve};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A small random instance from a handful of numbers; responses may be negative when `bitter`.
fn instance(seed: u64, sources: usize, precursors: usize, scenarios: usize, confidence: f64, bitter: bool) -> Value {
    let mut rng = fastrand::Rng::with_seed(seed);
    let receptors = rng.usize(1..4);
    let mut options = vec![];
    for i in 0..sources {
        for level in 0..rng.usize(0..4) {
            let cut: Vec<f64> = (0..precursors).map(|_| f64::from(rng.u32(0..20)) * (level + 1) as f64).collect();
            let cost = f64::from(rng.u32(0..40)) / 4.0;
            options.push(json!({"id": format!("{i}-{level}"), "source": i, "level": level, "cost": cost, "cut": cut}));
        }
    }
    let (mut r, mut s, mut p, mut v) = (vec![], vec![], vec![], vec![]);
    for k in 0..receptors {
        for i in 0..sources {
            for q in 0..precursors {
                if rng.f64() < 0.7 {
                    r.push(k);
                    s.push(i);
                    p.push(q);
                    v.push(if bitter && rng.f64() < 0.2 { -rng.f64() } else { rng.f64() } * 0.1);
                }
            }
        }
    }
    let table = |rng: &mut fastrand::Rng, width: usize, low: f64, high: f64| -> Vec<Vec<f64>> {
        (0..scenarios).map(|_| (0..width).map(|_| low + (high - low) * rng.f64()).collect()).collect()
    };
    let forbidden: Vec<usize> = (0..options.len()).filter(|_| rng.f64() < 0.1).collect();
    let legal: Vec<Value> = if rng.bool() {
        vec![json!({"city": "320100", "precursor": "p0", "cut": f64::from(rng.u32(0..40))})]
    } else {
        vec![]
    };
    json!({
        "format": "qingkong-plan/1",
        "precursors": (0..precursors).map(|q| format!("p{q}")).collect::<Vec<_>>(),
        "confidence": confidence,
        "scenarios": scenarios,
        "receptors": (0..receptors).map(|k| json!({"city": "320100", "day": format!("2018-01-{:02}", k + 1), "pollutant": "PM2_5"})).collect::<Vec<_>>(),
        "sources": (0..sources).map(|i| json!({"id": format!("e{i}"), "city": if i % 2 == 0 { "320100" } else { "320200" }, "grade": "B", "safeguard": false})).collect::<Vec<_>>(),
        "options": options,
        "response_coo": {"receptor": r, "source": s, "precursor": p, "value": v},
        "response_factor": table(&mut rng, receptors, 0.7, 1.3),
        "sure": table(&mut rng, sources, 0.5, 1.0),
        "need": table(&mut rng, receptors, -0.5, 4.0),
        "legal_min": legal,
        "forbidden": forbidden,
    })
}

/// The cheapest plan of all, straight from the definition and sharing nothing with the solver; `None` when there is none.
fn exhaustive(file: &InstanceFile) -> Option<f64> {
    let n = file.sources.len();
    let offered: Vec<Vec<usize>> = (0..n)
        .map(|i| {
            (0..file.options.len()).filter(|&m| file.options[m].source == i && !file.forbidden.contains(&m)).collect()
        })
        .collect();
    let mut best: Option<f64> = None;
    let mut at = vec![0; n];
    loop {
        let chosen: Vec<usize> = (0..n).filter(|&i| at[i] > 0).map(|i| offered[i][at[i] - 1]).collect();
        let cost: f64 = chosen.iter().map(|&m| file.options[m].cost).sum();
        if best.is_none_or(|best| cost < best) && meets(file, &chosen) {
            best = Some(cost);
        }
        let Some(next) = (0..n).find(|&i| at[i] < offered[i].len()) else { return best };
        at[next] += 1;
        at[..next].iter_mut().for_each(|at| *at = 0);
    }
}

fn meets(file: &InstanceFile, chosen: &[usize]) -> bool {
    let lawful = file.legal_min.iter().all(|legal| {
        let p = file.precursors.iter().position(|name| *name == legal.precursor).unwrap();
        let mine = chosen.iter().filter(|&&m| file.sources[file.options[m].source].city == legal.city);
        mine.map(|&m| file.options[m].cut[p]).sum::<f64>() >= legal.cut * (1.0 - 1e-9)
    });
    let coo = &file.response_coo;
    let met = |k: usize| {
        let count = (0..file.scenarios).filter(|&s| {
            let mut sum = 0.0;
            for e in (0..coo.value.len()).filter(|&e| coo.receptor[e] as usize == k) {
                for &m in chosen.iter().filter(|&&m| file.options[m].source == coo.source[e] as usize) {
                    let sure = file.sure.as_ref().unwrap()[s][coo.source[e] as usize];
                    sum += coo.value[e] * sure * file.options[m].cut[usize::from(coo.precursor[e])];
                }
            }
            let need = file.need[s][k];
            file.response_factor.as_ref().unwrap()[s][k] * sum >= need - 1e-9 * need.abs()
        });
        count.count() as f64 / file.scenarios as f64 >= file.confidence
    };
    lawful && (0..file.receptors.len()).all(met)
}

const EFFORT: Effort = Effort { work: 40_000_000, seed: 7 };

fn agrees(file: Value) -> Result<(), TestCaseError> {
    let file: InstanceFile = serde_json::from_value(file).unwrap();
    let truth = exhaustive(&file);
    let instance = Instance::new(file.clone()).unwrap();
    let plan = solve(&instance, &Additions::default(), EFFORT, None);
    match truth {
        Some(cost) => {
            prop_assert_eq!(plan.status, Status::Optimal, "{:?} against {}", plan, cost);
            prop_assert!((plan.cost - cost).abs() <= 1e-9 * (1.0 + cost), "{} instead of {}", plan.cost, cost);
            prop_assert!(plan.lower_bound.unwrap() <= cost * (1.0 + 1e-12) + 1e-12);
            prop_assert!(plan.relaxed_bound.unwrap() <= cost * (1.0 + 1e-12) + 1e-12);
            prop_assert!(meets(&file, &plan.chosen) && plan.unmet.is_empty() && plan.unmet_legal.is_empty());
        }
        None => {
            prop_assert_eq!(plan.status, Status::Infeasible);
            prop_assert!(plan.proven && plan.lower_bound.is_none() && !meets(&file, &plan.chosen));
            prop_assert!(!plan.unmet.is_empty() || !plan.unmet_legal.is_empty());
        }
    }
    let said = Chosen { chosen: plan.chosen.clone(), cost: Some(plan.cost), lower_bound: plan.lower_bound };
    let checked = check(&instance, &Additions::default(), &said).unwrap();
    prop_assert_eq!(checked.feasible, truth.is_some());
    prop_assert_eq!(checked.attained, plan.attained);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn one_scenario_equals_every_plan_tried(seed: u64, sources in 1..7_usize) {
        agrees(instance(seed, sources, 1, 1, 1.0, false))?;
    }

    #[test]
    fn scenarios_with_some_to_spare_equal_every_plan_tried(
        seed: u64, sources in 1..6_usize, scenarios in 2..7_usize, confidence in 0.0..=1.0_f64,
    ) {
        agrees(instance(seed, sources, 1, scenarios, confidence, false))?;
    }

    #[test]
    fn several_precursors_and_negative_responses_equal_every_plan_tried(
        seed: u64, sources in 1..6_usize, precursors in 1..4_usize, scenarios in 1..5_usize, confidence in 0.3..=1.0_f64,
    ) {
        agrees(instance(seed, sources, precursors, scenarios, confidence, true))?;
    }

    #[test]
    fn more_confidence_is_never_cheaper_and_the_same_seed_gives_the_same_plan(seed: u64, sources in 1..6_usize) {
        let file: InstanceFile = serde_json::from_value(instance(seed, sources, 1, 6, 0.5, false)).unwrap();
        let instance = Instance::new(file).unwrap();
        let curve = price_of_certainty(&instance, &Additions::default(), &[0.2, 0.9, 0.5, 1.0], EFFORT).unwrap();
        prop_assert_eq!(curve.iter().map(|point| point.confidence).collect::<Vec<_>>(), vec![1.0, 0.9, 0.5, 0.2]);
        let met: Vec<_> = curve.iter().filter(|point| point.plan.status != Status::Infeasible).collect();
        for pair in met.windows(2) {
            prop_assert!(pair[1].plan.cost <= pair[0].plan.cost);
        }
        let again = price_of_certainty(&instance, &Additions::default(), &[0.2, 0.9, 0.5, 1.0], EFFORT).unwrap();
        prop_assert_eq!(format!("{curve:?}"), format!("{again:?}"));
    }
}
