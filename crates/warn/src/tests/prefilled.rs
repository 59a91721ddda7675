//! What a change is filled in with from the newest check.

use super::*;

/// The newest check: Xuzhou at a level, Nanjing at another.
fn now(xuzhou: Option<WarningLevel>, nanjing: Option<WarningLevel>) -> Basis {
    let mut basis = basis();
    for (code, level) in [(XUZHOU, xuzhou), (NANJING, nanjing)] {
        let one = basis.cities.iter_mut().find(|one| one.city == city(code)).unwrap();
        one.level = level;
        one.end = level.map(|_| at("21 20:00"));
    }
    basis
}

fn filled(change: Change, holds: &Terms, basis: &Basis) -> Result<Terms, &'static str> {
    prefill(change, holds, basis, at("18 08:00")).map_err(|(_, en)| en)
}

#[test]
fn a_raise_takes_the_level_of_the_newest_check_and_the_cities_that_reach_it() {
    let both = now(Some(WarningLevel::Red), Some(WarningLevel::Red));
    let raised = filled(Change::Raise, &orange(), &both).unwrap();
    assert_eq!((raised.level, raised.cities.len(), raised.end), (WarningLevel::Red, 2, at("21 20:00")));
    // Nothing asks for it: the next level, for a person to give reasons.
    assert_eq!(filled(Change::Raise, &orange(), &now(None, None)).unwrap().level, WarningLevel::Red);
    let red = terms(WarningLevel::Red, &[XUZHOU]);
    assert_eq!(filled(Change::Raise, &red, &both), Err("it is at the highest level"));
}

#[test]
fn a_lowering_goes_to_what_is_proposed_or_lets_cities_leave() {
    let yellow = Some(WarningLevel::Yellow);
    let red = terms(WarningLevel::Red, &[XUZHOU]);
    assert_eq!(filled(Change::Lower, &red, &now(yellow, None)).unwrap().level, WarningLevel::Yellow);
    assert_eq!(filled(Change::Lower, &red, &now(None, None)).unwrap().level, WarningLevel::Orange);
    let wide = terms(WarningLevel::Yellow, &[XUZHOU, NANJING]);
    assert_eq!(filled(Change::Lower, &wide, &now(yellow, None)).unwrap().cities, [city(XUZHOU)]);
    for (xuzhou, nanjing) in [(None, None), (yellow, yellow)] {
        assert!(filled(Change::Lower, &wide, &now(xuzhou, nanjing)).unwrap_err().contains("lift it"));
    }
}

#[test]
fn an_extension_goes_to_the_end_of_the_newest_check_else_by_a_day() {
    let orange_still = now(Some(WarningLevel::Orange), None);
    assert_eq!(filled(Change::Extend, &orange(), &orange_still).unwrap().end, at("21 20:00"));
    assert_eq!(filled(Change::Extend, &orange(), &basis()).unwrap().end, at("21 20:00"));
}

#[test]
fn a_lift_ends_now_also_before_the_start() {
    let lifted = filled(Change::Lift, &orange(), &basis()).unwrap();
    assert_eq!((lifted.start, lifted.end), (at("17 20:00"), at("18 08:00")));
    let early = prefill(Change::Lift, &orange(), &basis(), at("17 08:00")).unwrap();
    assert_eq!((early.start, early.end), (at("17 08:00"), at("17 09:00")));
    assert_eq!(filled(Change::Withdraw, &orange(), &basis()), Ok(orange()));
}

#[test]
fn what_is_filled_in_passes_as_the_change_it_is() {
    for (change, basis) in [
        (Change::Raise, now(Some(WarningLevel::Red), None)),
        (Change::Lower, now(Some(WarningLevel::Yellow), None)),
        (Change::Extend, basis()),
        (Change::Lift, basis()),
        (Change::Withdraw, basis()),
    ] {
        let mut desk = Desk::in_force(true);
        let terms = prefill(change, &orange(), &basis, at("15 20:00")).unwrap();
        let found = found(basis);
        let command = WarningCommand::Draft { change, terms, reason: "按最新起报".into(), prompt: None, found };
        desk.give(command, &by("duty"), "15 20:00").unwrap();
    }
}
