use super::*;

/// What proposing answers, with one thing changed in terms, basis or findings.
fn proposing(change: impl Fn(&mut Terms, &mut Found)) -> Result<(), String> {
    let (mut terms, mut found) = (orange(), found(basis()));
    change(&mut terms, &mut found);
    Desk::new().give(propose(false, terms, "", found), &by("duty"), "15 08:00")
}

fn code(result: Result<(), String>) -> String {
    result.map_or_else(|refusal| refusal[..5].to_string(), |()| "accepted".to_string())
}

fn of(found: &mut Found) -> &mut Basis {
    found.basis.as_mut().unwrap()
}

#[test]
fn what_cannot_be_decided_upon_is_refused_by_its_cause() {
    type Case = (&'static str, Box<dyn Fn(&mut Terms, &mut Found)>);
    let cases: Vec<Case> = vec![
        ("accepted", Box::new(|_, _| ())),
        ("W-204", Box::new(|terms, _| terms.cities.clear())),
        ("W-204", Box::new(|terms, _| terms.cities.push(city(XUZHOU)))),
        ("W-205", Box::new(|terms, _| terms.end = terms.start)),
        ("accepted", Box::new(|terms, _| terms.end = at("17 20:01"))),
        ("W-205", Box::new(|terms, _| terms.end = "2026-02-01T20:01:00+08:00".parse().unwrap())),
        ("W-206", Box::new(|terms, _| terms.cities.push(city("320200")))),
        ("W-207", Box::new(|_, found| of(found).run.issue = "2026-01-13T19:00:00+08:00".parse().unwrap())),
        ("accepted", Box::new(|_, found| of(found).run.issue = "2026-01-13T20:00:00+08:00".parse().unwrap())),
        ("W-207", Box::new(|_, found| of(found).run.issue = "2026-01-15T09:00:00+08:00".parse().unwrap())),
        ("W-208", Box::new(|_, found| of(found).plan.effective_from = "2026-01-16".parse().unwrap())),
        ("accepted", Box::new(|_, found| of(found).plan.effective_until = "2026-01-15".parse().ok())),
        ("W-208", Box::new(|_, found| of(found).plan.effective_until = "2026-01-14".parse().ok())),
        ("W-209", Box::new(|_, found| of(found).demonstration = true)),
        ("W-210", Box::new(|terms, _| terms.level = WarningLevel::Yellow)),
        ("W-211", Box::new(|terms, _| terms.level = WarningLevel::Red)),
        ("W-211", Box::new(|terms, _| terms.start = at("17 07:59"))),
        ("accepted", Box::new(|terms, _| terms.start = at("17 08:00"))),
        ("W-212", Box::new(|_, found| found.warned_elsewhere.push(city(XUZHOU)))),
        ("accepted", Box::new(|_, found| found.warned_elsewhere.push(city(NANJING)))),
        ("W-215", Box::new(|_, found| found.basis = None)),
    ];
    for (number, (expected, change)) in cases.into_iter().enumerate() {
        assert_eq!(code(proposing(change)), expected, "case {number}");
    }
}

#[test]
fn who_is_already_in_it_is_warned_at_once_without_a_reason() {
    let late = proposing(|terms, found| {
        terms.start = at("15 08:00");
        of(found).cities[1].late = true;
    });
    assert_eq!(code(late), "accepted");
}

#[test]
fn a_reason_lets_what_departs_from_the_rule_pass() {
    for level in [WarningLevel::Yellow, WarningLevel::Red] {
        let mut desk = Desk::new();
        let command = propose(false, terms(level, &[XUZHOU]), "地形遮挡", found(basis()));
        assert_eq!(code(desk.give(command, &by("duty"), "15 08:00")), "accepted");
    }
}

#[test]
fn an_exercise_may_use_a_plan_that_is_not_in_force_and_demonstration_data() {
    let mut found = found(basis());
    of(&mut found).plan.effective_from = "2030-01-01".parse().unwrap();
    of(&mut found).demonstration = true;
    assert_eq!(code(Desk::new().give(propose(true, orange(), "", found), &by("duty"), "15 08:00")), "accepted");
}

#[test]
fn assessment_and_sign_off_are_two_persons() {
    let mut desk = Desk::new();
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    desk.assess("assessor", "15 08:10").unwrap();
    assert_eq!(code(desk.sign("assessor", "15 08:20")), "W-302");
    assert_eq!(code(desk.sign("leader", "15 08:20")), "accepted");
}

#[test]
fn nobody_passes_on_what_was_rewritten_meanwhile() {
    let mut desk = Desk::new();
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    desk.give(draft(Change::Issue, terms(WarningLevel::Red, &[XUZHOU]), "更重"), &by("other"), "15 08:05").unwrap();
    let assess = |draft| WarningCommand::Assess { draft, opinion: "同意".into(), found: found(basis()) };
    assert_eq!(code(desk.give(assess(1), &by("assessor"), "15 08:10")), "W-303");
    desk.give(assess(2), &by("assessor"), "15 08:10").unwrap();
    let seen = desk.state.draft.as_ref().unwrap().digest().unwrap();
    desk.give(draft(Change::Issue, orange(), ""), &by("other"), "15 08:15").unwrap();
    desk.assess("assessor", "15 08:16").unwrap();
    let stale = WarningCommand::Sign { digest: seen, opinion: String::new(), found: found(basis()) };
    assert_eq!(code(desk.give(stale, &by("leader"), "15 08:20")), "W-303");
}

#[test]
fn a_forecast_that_grew_old_at_the_desk_is_assessed_anew() {
    let mut desk = Desk::new();
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    assert_eq!(code(desk.assess("assessor", "16 09:00")), "W-207");
    assert_eq!(code(desk.assess("assessor", "16 08:00")), "accepted");
    assert_eq!(code(desk.sign("leader", "16 09:00")), "W-207");
}

#[test]
fn what_is_lifted_is_not_lifted_again() {
    let mut desk = Desk::in_force(false);
    desk.give(draft(Change::Lift, orange(), "转好"), &by("duty"), "15 10:00").unwrap();
    desk.pass("2号", "15 10:30");
    assert_eq!(code(desk.give(draft(Change::Lift, orange(), "转好"), &by("duty"), "15 10:40")), "W-409");
    assert_eq!(code(desk.issue("3号", "15 10:40")), "W-409");
}

#[test]
fn gates_are_passed_in_order() {
    let mut desk = Desk::new();
    assert_eq!(code(desk.give(draft(Change::Lift, orange(), ""), &by("duty"), "15 08:00")), "W-201");
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    assert_eq!(code(desk.sign("leader", "15 08:05")), "W-301");
    assert_eq!(code(desk.issue("1号", "15 08:05")), "W-301");
    assert_eq!(code(desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:05")), "W-202");
    desk.pass("1号", "15 08:10");
    assert_eq!(code(desk.give(WarningCommand::Summarise { text: "早".into() }, &by("duty"), "15 08:20")), "W-301");
}

#[test]
fn a_change_is_what_its_name_says() {
    for (change, terms, expected) in [
        (Change::Raise, orange(), "W-213"),
        (Change::Raise, terms(WarningLevel::Red, &[NANJING]), "W-213"),
        (Change::Raise, terms(WarningLevel::Red, &[NANJING, XUZHOU]), "accepted"),
        (Change::Lower, orange(), "W-213"),
        (Change::Lower, terms(WarningLevel::Yellow, &[XUZHOU]), "accepted"),
        (Change::Extend, orange(), "W-213"),
        (Change::Extend, Terms { end: at("20 19:00"), ..orange() }, "W-213"),
        (Change::Extend, terms(WarningLevel::Orange, &[XUZHOU, NANJING]), "accepted"),
        (Change::Lift, terms(WarningLevel::Yellow, &[XUZHOU]), "W-213"),
        (Change::Issue, orange(), "W-213"),
    ] {
        let mut desk = Desk::in_force(false);
        let said = code(desk.give(draft(change, terms.clone(), "理由"), &by("duty"), "15 10:00"));
        assert_eq!(said, expected, "{change:?} {terms:?}");
    }
}

#[test]
fn a_lift_while_it_is_likely_to_come_again_says_why() {
    let mut desk = Desk::in_force(false);
    assert_eq!(code(desk.give(draft(Change::Lift, orange(), ""), &by("duty"), "15 10:00")), "W-211");
    let mut better = found(basis());
    of(&mut better).cities[1].again = Some(share(0.49));
    let lift = WarningCommand::Draft {
        change: Change::Lift,
        terms: orange(),
        reason: String::new(),
        prompt: None,
        found: better,
    };
    assert_eq!(code(desk.give(lift, &by("duty"), "15 10:00")), "accepted");
}

#[test]
fn a_prompt_binds_the_cities_of_its_area() {
    let prompt = |linkage: &str, level, from: &str| Prompt {
        linkage: linkage.into(),
        level,
        from: from.into(),
        document: "提示1号".into(),
        received: at("15 07:00"),
    };
    let give = |cities: &[&str], reason: &str, prompt: Prompt| {
        let with =
            Proposing { id: warning_id(), code: "YJ".into(), owner: "js-jemc".parse().unwrap(), exercise: false };
        let terms = terms(WarningLevel::Orange, cities);
        let command =
            WarningCommand::Propose { with, terms, reason: reason.into(), prompt: Some(prompt), found: found(basis()) };
        code(Desk::new().give(command, &by("duty"), "15 08:00"))
    };
    let delta = |level| prompt("yangtze-delta", level, "生态环境部");
    assert_eq!(give(&[XUZHOU, NANJING], "", delta(WarningLevel::Orange)), "accepted");
    assert_eq!(give(&[XUZHOU], "", delta(WarningLevel::Orange)), "W-211");
    assert_eq!(give(&[XUZHOU], "南京不受影响", delta(WarningLevel::Orange)), "accepted");
    assert_eq!(give(&[XUZHOU, NANJING], "", delta(WarningLevel::Red)), "W-210");
    assert_eq!(give(&[XUZHOU], "x", delta(WarningLevel::Yellow)), "W-214", "yellow comes from another body");
    assert_eq!(give(&[XUZHOU], "x", prompt("nowhere", WarningLevel::Orange, "生态环境部")), "W-214");
}

#[test]
fn texts_and_document_numbers_are_checked() {
    let mut desk = Desk::in_force(false);
    desk.give(draft(Change::Lift, orange(), "转好"), &by("duty"), "15 10:00").unwrap();
    desk.assess("assessor", "15 10:10").unwrap();
    desk.sign("leader", "15 10:20").unwrap();
    for (document, expected) in [
        ("", "W-203"),
        ("两\n行", "W-203"),
        (&*"长".repeat(81), "W-203"),
        ("苏环预警〔2026〕1号", "W-304"),
        (&*"长".repeat(80), "accepted"),
    ] {
        assert_eq!(code(desk.issue(document, "15 10:30")), expected, "{document}");
    }
}
