//! The next plan: few orders change when the forecast does, and not always the same sources are asked.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use plan::{Additions, Effort, Instance, Plan, Status, read, read_additions, solve};
use serde_json::{Value, json};

const SOURCES: usize = 150;
const EFFORT: Effort = Effort { work: 40_000_000, seed: 1 };

/// 150 sources with three levels each, six receptors that hear a third of them each.
fn province() -> Value {
    let mut rng = fastrand::Rng::with_seed(5);
    let (mut options, mut receptor, mut source, mut value) = (vec![], vec![], vec![], vec![]);
    for i in 0..SOURCES {
        let size = (2.0 * rng.f64()).exp();
        for level in 1..4 {
            let cost = (1.0 + rng.f64()) * size.powf(0.8) * f64::from(level).powf(1.2);
            options.push(
                json!({"id": format!("{i}-{level}"), "source": i, "cost": cost, "cut": [size * f64::from(level)]}),
            );
        }
        for k in (0..6).filter(|k| (i + k) % 3 == 0) {
            receptor.push(k);
            source.push(i);
            value.push(0.05 + 0.1 * rng.f64());
        }
    }
    json!({
        "format": "qingkong-plan/1", "precursors": ["PM2_5eq"], "confidence": 1.0, "scenarios": 1,
        "receptors": (14..20).map(|day| json!({"city": "320100", "day": format!("2018-01-{day}"), "pollutant": "PM2_5"})).collect::<Vec<_>>(),
        "sources": (0..SOURCES).map(|i| json!({"id": format!("e{i}"), "city": "320100"})).collect::<Vec<_>>(),
        "options": options,
        "response_coo": {"receptor": receptor, "precursor": vec![0; source.len()], "source": source, "value": value},
        "need": [vec![12.0; 6]], "legal_min": [], "forbidden": [],
    })
}

fn instance(file: &Value) -> Instance {
    read(file.to_string().as_bytes()).unwrap().0
}

fn additions(instance: &Instance, file: &Value) -> Additions {
    read_additions(file.to_string().as_bytes(), instance).unwrap()
}

fn met(plan: Plan) -> Plan {
    assert_ne!(plan.status, Status::Infeasible);
    plan
}

#[test]
fn an_updated_forecast_changes_few_orders_when_changing_has_a_price() {
    let mut file = province();
    let in_force = met(solve(&instance(&file), &Additions::default(), EFFORT, None));
    // The update: two receptors need a little more, one a little less.
    file["need"] = json!([[12.6, 12.0, 12.4, 12.0, 11.5, 12.0]]);
    let updated = instance(&file);
    let known = additions(&updated, &json!({"previous": in_force.chosen}));
    let anew = met(solve(&updated, &known, EFFORT, None));
    let dear = additions(&updated, &json!({"previous": in_force.chosen, "change_cost": 1000.0}));
    let kept = met(solve(&updated, &dear, EFFORT, Some(&in_force.chosen)));
    let (few, many) = (dear.changed(&updated, &kept.chosen).len(), known.changed(&updated, &anew.chosen).len());
    assert!((1..=3).contains(&few) && few < many, "{few} orders change instead of {many}");
    assert_eq!(kept.cost_split.changes, 1000.0 * few as f64);
    // What it costs to leave the others alone is told apart, and it is little.
    assert!(kept.cost_split.measures <= 1.1 * anew.cost, "{} against {}", kept.cost_split.measures, anew.cost);
}

#[test]
fn without_news_no_order_changes() {
    let file = province();
    let in_force = met(solve(&instance(&file), &Additions::default(), EFFORT, None));
    let again = additions(&instance(&file), &json!({"previous": in_force.chosen, "change_cost": 0.5}));
    let next = met(solve(&instance(&file), &again, EFFORT, Some(&in_force.chosen)));
    assert_eq!((again.changed(&instance(&file), &next.chosen).len(), next.cost), (0, in_force.cost));
}

#[test]
fn sources_that_were_ordered_last_time_are_spared_when_that_has_a_weight() {
    let instance = instance(&province());
    let first = met(solve(&instance, &Additions::default(), EFFORT, None));
    let asked = |plan: &Plan| -> Vec<usize> { plan.chosen.iter().map(|option| option / 3).collect() };
    let before = asked(&first);
    let burden: Vec<f64> = (0..SOURCES).map(|i| if before.contains(&i) { 3.0 } else { 0.0 }).collect();
    let second = met(solve(&instance, &additions(&instance, &json!({"burden": burden})), EFFORT, None));
    let again = asked(&second).iter().filter(|i| before.contains(i)).count();
    assert!(10 * again < 9 * before.len(), "{again} of {} again", before.len());
    assert_eq!(second.cost_split.burden, 3.0 * again as f64);
    assert!(second.cost_split.measures >= first.lower_bound.unwrap());
}
