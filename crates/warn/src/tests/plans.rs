//! Plans looked at and compared.

use super::*;

fn names(plan: &Plan) -> Vec<&'static str> {
    plan.validate(172).into_iter().map(|fault| fault.name).collect()
}

fn plan() -> Plan {
    Plan::bundled("jiangsu-2025").unwrap()
}

#[test]
fn no_bundled_plan_has_a_fault_that_blocks() {
    for id in Plan::bundled_ids() {
        let faults = Plan::bundled(id).unwrap().validate(172);
        assert!(faults.iter().all(|fault| !fault.blocks), "{id}: {faults:?}");
    }
    // Red at the top of the scale for a day is law in 2018, and worth a look.
    assert_eq!(names(&Plan::bundled("national-2018").unwrap()), ["higher_without_lower"]);
    assert_eq!(names(&plan()), [] as [&str; 0]);
}

#[test]
fn each_fault_is_found_by_its_name() {
    type Break = fn(&mut Plan);
    let cases: [(&str, Break); 11] = [
        ("level_unreachable", |plan| plan.levels[0].when = plan.levels[1].when.clone()),
        ("reduction_falls", |plan| plan.levels[2].reduction.nox = share(0.05)),
        ("act_at_against_costs", |plan| plan.policy.miss_cost = 3.0),
        ("costs", |plan| plan.policy.miss_cost = 0.0),
        ("keep_above_act", |plan| plan.policy.keep_at = share(0.6)),
        ("lead_beyond_forecast", |plan| plan.lead_hours = 149),
        ("never_in_force", |plan| plan.effective_until = "2025-05-15".parse().ok()),
        ("cause_twice", |plan| plan.causes.push(plan.causes[0])),
        ("no_full_response", |plan| plan.causes.clear()),
        ("unknown_setting", |plan| plan.configured.push("lead".into())),
        ("linkage_overlaps", |plan| {
            plan.linkage[0].regions = vec![city("310000"), city(NANJING)];
            plan.linkage[1].regions = vec![city(NANJING), city(XUZHOU)];
        }),
    ];
    for (name, breaks) in cases {
        let mut broken = plan();
        breaks(&mut broken);
        assert!(names(&broken).contains(&name), "{name}: {:?}", names(&broken));
    }
}

#[test]
fn a_level_beyond_the_forecast_is_never_proposed() {
    let faults = plan().validate(71);
    let beyond: Vec<&str> =
        faults.iter().filter(|fault| fault.name == "beyond_forecast").map(|fault| fault.en.as_str()).collect();
    assert_eq!(beyond.len(), 1, "{faults:?}");
    assert!(beyond[0].starts_with("red needs at least 72 hours"), "{beyond:?}");
    assert!(plan().validate(72).iter().all(|fault| fault.name != "beyond_forecast"));
}

#[test]
fn the_editions_differ_in_what_the_guidance_changed() {
    let before = Plan::bundled("national-2018").unwrap();
    let after = Plan::bundled("national-2024").unwrap();
    let changes = Plan::diff(&before, &after);
    let settings: Vec<&str> = changes.iter().map(|change| change.setting.as_str()).collect();
    let expected = ["yellow.when", "orange.when", "red.when", "effective_from", "effective_until", "lead_hours"];
    assert_eq!(settings, expected);
    assert!(changes[0].before.contains("大于 200 持续 48 小时") && changes[0].after.contains("大于 150 持续 48 小时"));
    assert_eq!((changes[5].before_en.as_str(), changes[5].after_en.as_str()), ("24 h", "48 h"));
    assert_eq!(Plan::diff(&after, &after), []);
}

#[test]
fn what_is_gone_is_a_change_too() {
    let changes = Plan::diff(&plan(), &Plan { precontrol: None, ..plan() });
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].setting.as_str(), changes[0].after.as_str()), ("precontrol", ""));
}
