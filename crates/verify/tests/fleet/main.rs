//! 200 simulated plants, 20 days before and 3 days under an order, without sockets: what is found must be what was done.

mod trial;

use hj212::simulate::Behaviour;
use std::sync::LazyLock;
use trial::{Real, Trial};
use units::Instant;
use verify::falsification::Suspicion;
use verify::{Cause, Evidence, HourBook, HourRecord, Outcome, Rules, Violation, judge};

static TRIAL: LazyLock<Trial> = LazyLock::new(|| trial::run(&trial::description(200)));

#[test]
fn hardly_any_hour_that_was_not_delivered_is_called_complied() {
    let bad = [Real::Short, Real::TreatmentOff];
    let (false_complied, all) = (TRIAL.count(&bad, &[Outcome::Complied]), TRIAL.count(&bad, Outcome::ALL));
    assert!(all > 3_000, "{all}");
    assert!(false_complied as f64 / (all as f64) < 0.01, "{false_complied} of {all}: {:?}", TRIAL.hours());
}

#[test]
fn hardly_any_hour_that_was_delivered_is_called_violated() {
    let (false_violated, all) =
        (TRIAL.count(&[Real::Delivered], &[Outcome::Violated]), TRIAL.count(&[Real::Delivered], Outcome::ALL));
    assert!(
        all > 3_000 && false_violated as f64 / (all as f64) < 0.01,
        "{false_violated} of {all}: {:?}",
        TRIAL.hours()
    );
}

#[test]
fn most_of_what_could_be_known_is_said() {
    for (real, outcome, least) in [(Real::Delivered, Outcome::Complied, 0.75), (Real::Short, Outcome::Violated, 0.60)] {
        let said = TRIAL.count(&[real], &[outcome]) as f64 / TRIAL.count(&[real], Outcome::ALL) as f64;
        assert!(said > least, "{real:?}: {said} {:?}", TRIAL.hours());
    }
}

#[test]
fn whoever_is_offline_is_unverifiable_and_nobody_who_cheats_has_a_complied_line() {
    assert!(TRIAL.frames > 200_000 && TRIAL.lines().values().sum::<usize>() == 200);
    for judged in &TRIAL.judged {
        let found = judged.outcome.outcome;
        match judged.behaviour {
            Behaviour::Offline => assert_eq!(found, Outcome::Unverifiable),
            Behaviour::Complying => {}
            // Treatment off is seen only where it is metered, and not where everything stands still.
            Behaviour::TreatmentOff => {}
            cheats => assert_ne!(found, Outcome::Complied, "{cheats:?} {:?}", judged.outcome),
        }
    }
}

#[test]
fn treatment_off_is_a_violation_of_its_own_where_it_is_metered() {
    let seen = TRIAL.judged.iter().filter(|judged| judged.outcome.violations.contains_key(&Violation::TreatmentOff));
    let seen: Vec<_> = seen.map(|judged| judged.behaviour).collect();
    assert!(!seen.is_empty() && seen.iter().all(|behaviour| *behaviour == Behaviour::TreatmentOff), "{seen:?}");
}

#[test]
fn made_up_data_leave_findings_and_honest_ones_hardly_any() {
    let has = |behaviour, of: fn(&Suspicion) -> bool| {
        let plants = TRIAL.judged.iter().filter(|judged| judged.behaviour == behaviour);
        let with = plants.clone().filter(|judged| judged.findings.iter().any(|finding| of(&finding.suspicion))).count();
        (with, plants.count())
    };
    let constant = |suspicion: &Suspicion| matches!(suspicion, Suspicion::Constant { .. });
    let copied = |suspicion: &Suspicion| matches!(suspicion, Suspicion::Copied { .. });
    let contradicted = |suspicion: &Suspicion| matches!(suspicion, Suspicion::ContradictedMark { .. });
    let any = |_: &Suspicion| true;
    let (frozen, copies, marks) = (
        has(Behaviour::FrozenValues, constant),
        has(Behaviour::CopiedValues, copied),
        has(Behaviour::FalseMarks, contradicted),
    );
    assert!(frozen.0 * 10 >= frozen.1 * 5, "{frozen:?}");
    assert!(copies.0 * 10 >= copies.1 * 5, "{copies:?}");
    // Some mark themselves as maintained, which declares no stop, and some have no stack to mark.
    assert!(marks.0 * 10 >= marks.1 * 3, "{marks:?}");
    let honest = has(Behaviour::Complying, any);
    assert!(honest.0 * 20 <= honest.1, "{honest:?}");
}

#[test]
fn certainty_moves_towards_what_was_really_done() {
    let of = |orders| {
        let mean = |behaviour| TRIAL.certainty(behaviour, orders).0;
        (mean(Behaviour::Complying), mean(Behaviour::HalfComplying), mean(Behaviour::Ignoring))
    };
    // One order sets them apart a little, ten nearly as they are.
    let (complying, half, ignoring) = of(1);
    assert!(complying > half + 0.02 && half > ignoring + 0.02, "{complying} {half} {ignoring}");
    let (complying, half, ignoring) = of(10);
    assert!(complying > 0.85 && (0.35..0.75).contains(&half) && ignoring < 0.25, "{complying} {half} {ignoring}");
    assert_eq!(TRIAL.certainty(Behaviour::Offline, 1).1, 0);
}

#[test]
fn a_gap_that_is_filled_up_opens_the_verdict_again_and_both_are_kept() {
    let mut description = trial::description(12);
    description.faults.gaps = 1.0;
    description.edition_2025 = 1.0;
    description.behaviours = [(Behaviour::Complying, 1.0)].into();
    let order = description.order.clone().unwrap();
    let end: Instant = "2026-01-21T06:00:00+08:00".parse().unwrap();
    let fleet = hj212::simulate::Fleet::new(description);
    let first = (order.from.last_ended_hour() - 15 * 24).end();
    let books = |takes: fn(bool) -> bool| {
        let mut books = vec![HourBook::default(); 12];
        trial::receive(&fleet, first, end, &mut books, takes);
        books
    };
    let (at_once, later) = (books(|late| !late), books(|_| true));
    let rules = Rules::bundled();
    let mut reopened = 0;
    for (plant, (at_once, later)) in fleet.plants().iter().zip(at_once.iter().zip(&later)) {
        let line = trial::line_of(plant, order.from, "2026-01-21T00:00:00+08:00".parse().unwrap());
        let judge_by = |book: &HourBook| {
            judge(&line, &Evidence { hours: book.hours(rules), ..Evidence::default() }, rules).unwrap()
        };
        for (before, after) in judge_by(at_once).into_iter().zip(judge_by(later)) {
            let record = HourRecord::first(before.clone(), order.to).reconsider(after, Cause::LateData, end).unwrap();
            let opened = record.latest().computed.supplementary && before.outcome == Outcome::Unverifiable;
            if opened && record.latest().outcome == Outcome::Complied {
                assert_eq!((record.versions().len(), record.versions()[0].outcome), (2, Outcome::Unverifiable));
                reopened += 1;
            }
        }
    }
    assert!(reopened >= 10, "{reopened}");
}
