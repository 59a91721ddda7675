use super::*;
use event::Effect;

#[test]
fn a_warning_passes_four_gates_and_is_changed_lifted_and_summarised() {
    let mut desk = Desk::new();
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    assert_eq!(desk.state.draft.as_ref().unwrap().gate(), Gate::Assessment);
    desk.assess("assessor", "15 08:10").unwrap();
    assert_eq!(desk.state.draft.as_ref().unwrap().gate(), Gate::SignOff);
    desk.sign("leader", "15 08:20").unwrap();
    assert_eq!(desk.state.draft.as_ref().unwrap().gate(), Gate::Issue);
    desk.issue("苏环预警〔2026〕1号", "15 08:30").unwrap();
    assert_eq!((desk.state.state, desk.state.terms()), (WarningState::InForce, Some(&orange())));

    let steps = [
        (Change::Raise, terms(WarningLevel::Red, &[XUZHOU]), "2号"),
        (Change::Lower, terms(WarningLevel::Orange, &[XUZHOU]), "3号"),
        (Change::Extend, Terms { end: at("21 20:00"), ..orange() }, "4号"),
        (Change::Lift, Terms { end: at("16 08:00"), start: at("16 07:00"), ..orange() }, "5号"),
    ];
    for (change, terms, document) in steps {
        desk.give(draft(change, terms.clone(), "实况与新一次起报"), &by("duty"), "15 20:00").unwrap();
        desk.pass(document, "15 21:00");
        assert_eq!(desk.state.issued.last().unwrap().draft.terms, terms, "{change:?}");
    }
    assert_eq!((desk.state.state, desk.state.terms()), (WarningState::Lifted, None));
    desk.give(WarningCommand::Summarise { text: "总结".into() }, &by("duty"), "15 22:00").unwrap();
    assert_eq!(desk.state.state, WarningState::Summarised);
    assert_eq!(desk.state.issued.len(), 5);
    assert_eq!(desk.state.issued[0].draft.basis, basis(), "the first forecast is kept as it was");
}

#[test]
fn an_issue_is_delivered_and_its_end_is_watched() {
    let desk = Desk::in_force(false);
    let delivered = |effect: &Effect| matches!(effect, Effect::Enqueue { kind, .. } if kind == DELIVER);
    assert_eq!(desk.effects.iter().filter(|effect| delivered(effect)).count(), 1);
    let due = desk.effects.iter().find_map(|effect| match effect {
        Effect::SetTimer { due, action, payload, .. } if action == REMIND => Some((*due, timer_warning(payload))),
        _ => None,
    });
    assert_eq!(due, Some((at("20 08:00"), Some(warning_id()))));
}

#[test]
fn nothing_of_an_exercise_leaves_the_house() {
    let mut desk = Desk::in_force(true);
    desk.give(draft(Change::Lift, orange(), "演练结束"), &by("duty"), "15 10:00").unwrap();
    desk.pass("演练2号", "15 11:00");
    desk.give(WarningCommand::Summarise { text: "总结".into() }, &by("duty"), "15 12:00").unwrap();
    let house = |effect: &Effect| match effect {
        Effect::Notify { to: event::Recipient::Account(_), template, values, .. } => {
            template != "warning-issued" && values["mark"] == "【演练】"
        }
        _ => false,
    };
    assert!(!desk.effects.is_empty() && desk.effects.iter().all(house), "{:?}", desk.effects);
    assert!(desk.state.exercise);
}

#[test]
fn a_mistaken_issue_is_withdrawn_and_stays_on_record() {
    let mut desk = Desk::in_force(false);
    desk.give(draft(Change::Withdraw, orange(), "城市选错"), &by("duty"), "15 09:10").unwrap();
    desk.pass("2号", "15 09:20");
    assert_eq!((desk.state.state, desk.state.issued.len()), (WarningState::Withdrawn, 2));
    assert!(desk.effects.iter().any(|effect| matches!(effect, Effect::CancelTimer { .. })));
}

#[test]
fn a_draft_that_is_sent_back_leaves_what_holds_untouched() {
    let mut desk = Desk::in_force(false);
    desk.give(draft(Change::Lift, orange(), "转好"), &by("duty"), "15 10:00").unwrap();
    desk.give(WarningCommand::Drop { text: "再看一次起报".into() }, &by("leader"), "15 10:10").unwrap();
    assert_eq!((desk.state.state, desk.state.draft.as_ref()), (WarningState::InForce, None));

    let mut never = Desk::new();
    never.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    never.give(WarningCommand::Drop { text: "不启动".into() }, &by("leader"), "15 08:10").unwrap();
    assert_eq!(never.state.state, WarningState::Dropped);
}

#[test]
fn the_digest_names_what_was_signed_and_by_whom() {
    let mut desk = Desk::new();
    desk.give(propose(false, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
    let before = desk.state.draft.as_ref().unwrap().digest().unwrap();
    desk.assess("assessor", "15 08:10").unwrap();
    desk.sign("leader", "15 08:20").unwrap();
    let after = desk.state.draft.as_ref().unwrap().digest().unwrap();
    desk.issue("1号", "15 08:30").unwrap();
    let issued = &desk.state.issued[0];
    assert!(before.starts_with("sha256:") && before != after);
    assert_eq!((&issued.digest, issued.draft.digest().unwrap()), (&after, after.clone()));
    let mut forged = issued.draft.clone();
    forged.signed.as_mut().unwrap().by = account("someone");
    assert_ne!(forged.digest().unwrap(), after);
}

#[test]
fn a_reminder_comes_only_while_something_holds() {
    let mut desk = Desk::in_force(false);
    let remind = || WarningCommand::Remind { found: found(basis()) };
    assert!(desk.give(remind(), &by("duty"), "20 08:00").unwrap_err().starts_with("W-306"));
    desk.give(remind(), &program(), "20 08:00").unwrap();
    desk.give(draft(Change::Lift, orange(), "转好"), &by("duty"), "15 10:00").unwrap();
    desk.pass("2号", "15 10:30");
    let version = desk.version;
    desk.give(remind(), &program(), "20 08:00").unwrap();
    assert_eq!(desk.version, version);
}
