use crate::Outcome::{Complied, Exempt, Unverifiable, Violated};
use crate::Signal::{MassNox, MassSo2, Oxygen, ProductionPower, Temperature, TreatmentPower, Velocity};
use crate::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use units::{BeijingHour, Share};

const HOURS: i64 = 4;
const NOTHING: &[(Signal, f64)] = &[];

fn first() -> BeijingHour {
    "2026-01-20T09:00:00+08:00".parse().unwrap()
}

fn line(cut: f64) -> OrderLine {
    OrderLine {
        enterprise: "plant".parse().unwrap(),
        from: first(),
        to: first() + HOURS - 1,
        cut: Share::new(cut).unwrap(),
        indicators: BTreeMap::new(),
        transition_hours: 0,
        exempt: None,
    }
}

fn value(mean: f64, minutes: u16) -> HourValue {
    let marks = BTreeMap::from([('N', minutes), ('D', 60 - minutes)]);
    HourValue { mean: Some(mean), valid_minutes: minutes, told_minutes: 60, marks }
}

/// Signals with their usual values on twenty days before.
const USUAL: [(Signal, f64); 7] = [
    (Signal::ProductionPower, 1000.0),
    (Signal::TreatmentPower, 100.0),
    (Signal::MassNox, 10.0),
    (Signal::MassSo2, 5.0),
    (Signal::Oxygen, 9.0),
    (Signal::Temperature, 120.0),
    (Signal::Velocity, 10.0),
];

/// Twenty normal days of some signals, then the order's hours as given by row: `(signal, share of usual)`.
fn evidence(rows: &[&[(Signal, f64)]]) -> Evidence {
    let mut hours = BTreeMap::new();
    for back in 1..=24 * 20 {
        let hour = first() - back;
        // Days differ by a little, hours of a day do not.
        let day = 1.0 + 0.01 * f64::from(hour.day().index() % 5 - 2);
        let values = USUAL.iter().map(|(signal, usual)| (*signal, value(usual * day, 60))).collect();
        hours.insert(hour, HourEvidence { values, ..HourEvidence::default() });
    }
    for (place, row) in rows.iter().enumerate() {
        let usual = |signal| USUAL.iter().find(|(of, _)| *of == signal).unwrap().1;
        let values = row.iter().map(|(signal, share)| (*signal, value(usual(*signal) * share, 60))).collect();
        hours.insert(first() + place as i64, HourEvidence { values, ..HourEvidence::default() });
    }
    Evidence { hours, ..Evidence::default() }
}

fn judged(line: &OrderLine, evidence: &Evidence) -> Vec<Verdict> {
    judge(line, evidence, Rules::bundled()).unwrap()
}

/// Outcomes of four equal hours as one word.
fn of(cut: f64, row: &[(Signal, f64)]) -> Outcome {
    let verdicts = judged(&line(cut), &evidence(&[row; 4]));
    assert!(verdicts.iter().all(|verdict| verdict.outcome == verdicts[0].outcome));
    verdicts[0].outcome
}

#[test]
fn one_row_one_verdict() {
    for (cut, row, expected) in [
        // Electricity alone: as ordered, near, short.
        (0.5, &[(ProductionPower, 0.45)][..], Complied),
        (0.5, &[(ProductionPower, 0.55)], Unverifiable),
        (0.5, &[(ProductionPower, 0.75)], Violated),
        (0.5, &[(ProductionPower, 1.10)], Violated),
        // A stop leaves the standby load.
        (1.0, &[(ProductionPower, 0.06)], Complied),
        (1.0, &[(ProductionPower, 0.50)], Violated),
        // All amounts must be cut.
        (0.5, &[(MassNox, 0.35), (MassSo2, 0.35)], Complied),
        (0.5, &[(MassNox, 0.35), (MassSo2, 0.95)], Violated),
        // The weightiest that is clear makes a shortfall; agreement has to be unanimous.
        (0.5, &[(ProductionPower, 0.90), (MassNox, 0.30)], Violated),
        (0.5, &[(ProductionPower, 0.45), (MassNox, 0.95)], Unverifiable),
        (0.5, &[(ProductionPower, 0.45), (MassNox, 0.35)], Complied),
        (0.5, &[(ProductionPower, 0.55), (MassNox, 0.30)], Unverifiable),
        // An idle stack shows a stop; a running one contradicts it and says nothing of a partial cut.
        (1.0, &[(Oxygen, 2.3), (Temperature, 0.3), (Velocity, 0.05)], Complied),
        (1.0, &[(Oxygen, 1.0), (Temperature, 1.0), (Velocity, 0.9)], Violated),
        (0.5, &[(Oxygen, 1.0), (Temperature, 1.0), (Velocity, 0.9)], Unverifiable),
        // Air let in raises the oxygen, not the cold.
        (1.0, &[(Oxygen, 2.3), (Temperature, 0.9), (Velocity, 0.9)], Unverifiable),
        (1.0, &[(Oxygen, 2.3)], Unverifiable),
        (0.5, &[], Unverifiable),
    ] {
        assert_eq!(of(cut, row), expected, "{cut} {row:?}");
    }
}

#[test]
fn forty_five_valid_minutes_count_and_forty_four_do_not() {
    for (minutes, expected) in [(45, Complied), (44, Unverifiable)] {
        let mut known = evidence(&[NOTHING; 4]);
        for place in 0..HOURS {
            let hour = known.hours.get_mut(&(first() + place)).unwrap();
            hour.values.insert(ProductionPower, value(400.0, minutes));
        }
        let verdicts = judged(&line(0.5), &known);
        assert!(verdicts.iter().all(|verdict| verdict.outcome == expected), "{minutes}");
    }
}

#[test]
fn invalid_data_are_neither_compliance_nor_exceedance() {
    for share in [0.1, 3.0] {
        let mut known = evidence(&[NOTHING; 4]);
        for place in 0..HOURS {
            let hour = known.hours.get_mut(&(first() + place)).unwrap();
            hour.values.insert(MassNox, value(10.0 * share, 20));
        }
        let verdicts = judged(&line(0.5), &known);
        assert!(verdicts.iter().all(|verdict| verdict.outcome == Unverifiable));
        let mass = &verdicts[0].pieces[2];
        assert!(matches!(mass.silence, Some(Silence::TooFewMinutes { valid: 20, needed: 45, .. })));
        assert!(mass.words().zh.contains("有效 20 分钟，不足 45 分钟（标记 D 40, N 20）"), "{}", mass.words().zh);
    }
}

#[test]
fn a_shortfall_of_one_hour_is_no_violation_and_one_of_two_is() {
    let (cut, uncut) = (&[(ProductionPower, 0.4)][..], &[(ProductionPower, 0.9)][..]);
    let outcomes =
        |rows: &[&[(Signal, f64)]]| judged(&line(0.5), &evidence(rows)).iter().map(|v| v.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&[cut, uncut, cut, cut]), [Complied, Unverifiable, Complied, Complied]);
    assert_eq!(outcomes(&[cut, uncut, uncut, cut]), [Complied, Violated, Violated, Complied]);
    // An hour without data between two short ones joins nothing.
    assert_eq!(outcomes(&[uncut, &[], uncut, cut]), [Unverifiable, Unverifiable, Unverifiable, Complied]);
    let once = &judged(&line(0.5), &evidence(&[cut, uncut, cut, cut]))[1];
    assert_eq!(once.reasons, [Reason::ShortOnce { needed: 2 }]);
}

#[test]
fn treatment_off_while_production_runs_is_a_violation_of_its_own() {
    let row: &[(Signal, f64)] = &[(ProductionPower, 0.45), (TreatmentPower, 0.05)];
    let verdicts = judged(&line(0.5), &evidence(&[row; 4]));
    assert!(verdicts.iter().all(|v| v.outcome == Violated && v.violations == [Violation::TreatmentOff]));
    assert_eq!(verdicts[0].delivered.unwrap().get(), 0.0);
    let said = verdicts[0].reasons[0].words();
    assert!(said.zh.contains("生产用电为基线的 45 %") && said.en.contains("treatment at 5 %"), "{said:?}");
    // Both off is a stop; also who is exempt has to treat.
    assert_eq!(of(1.0, &[(ProductionPower, 0.05), (TreatmentPower, 0.05)]), Complied);
    let exempt = OrderLine { exempt: Some("保供热".into()), ..line(0.5) };
    assert!(judged(&exempt, &evidence(&[row; 4])).iter().all(|v| v.outcome == Violated));
    // Both violations may stand together.
    let both: &[(Signal, f64)] = &[(ProductionPower, 1.0), (TreatmentPower, 0.05)];
    assert_eq!(
        judged(&line(0.5), &evidence(&[both; 4]))[0].violations,
        [Violation::Shortfall, Violation::TreatmentOff]
    );
}

#[test]
fn treatment_off_for_one_hour_is_no_violation_and_no_compliance() {
    let (on, off) = (&[(ProductionPower, 0.45)][..], &[(ProductionPower, 0.45), (TreatmentPower, 0.05)][..]);
    let verdicts = judged(&line(0.5), &evidence(&[on, off, on, on]));
    assert_eq!(verdicts.iter().map(|v| v.outcome).collect::<Vec<_>>(), [Complied, Unverifiable, Complied, Complied]);
    assert!(matches!(verdicts[1].reasons[0], Reason::TreatmentOff { .. }));
}

#[test]
fn declarations_prove_nothing_and_may_gainsay() {
    let declare = |known: &mut Evidence, declared: Declared, running: Running, seen: Option<bool>| {
        for place in 0..HOURS {
            let hour = known.hours.entry(first() + place).or_default();
            hour.declared.insert(declared, 60);
            hour.equipment.insert(Role::Production, running);
            hour.seen_running = seen;
        }
    };
    let off = Running { running_minutes: 0, off_minutes: 60 };
    let on = Running { running_minutes: 60, off_minutes: 0 };
    let mut known = evidence(&[NOTHING; 4]);
    declare(&mut known, Declared::Stopped, off, Some(false));
    let verdicts = judged(&line(1.0), &known);
    assert!(verdicts.iter().all(|v| v.outcome == Unverifiable && v.reasons == [Reason::DeclaredOnly]));
    let mut known = evidence(&[&[(ProductionPower, 0.05)][..]; 4]);
    declare(&mut known, Declared::Stopped, on, None);
    assert_eq!(judged(&line(1.0), &known)[0].reasons, [Reason::Gainsaid { by: Kind::Equipment }]);
    let mut known = evidence(&[&[(ProductionPower, 0.05)][..]; 4]);
    declare(&mut known, Declared::Stopped, off, Some(true));
    assert_eq!(judged(&line(1.0), &known)[0].reasons, [Reason::Gainsaid { by: Kind::Photo }]);
    // What agrees makes it surer.
    let alone = judged(&line(1.0), &evidence(&[&[(ProductionPower, 0.05)][..]; 4]));
    let mut known = evidence(&[&[(ProductionPower, 0.05)][..]; 4]);
    declare(&mut known, Declared::Stopped, off, Some(false));
    assert!(judged(&line(1.0), &known)[0].confidence > alone[0].confidence);
}

#[test]
fn a_doubt_silences_the_whole_analyser_house_and_decides_nothing() {
    let rows: &[(Signal, f64)] = &[(MassNox, 0.02), (Oxygen, 2.3), (Temperature, 0.3), (Velocity, 0.05)];
    let mut known = evidence(&[rows; 4]);
    let suspicion = falsification::Suspicion::Constant { value: 2.0, minutes: 240, usual_minutes: 0 };
    let (from, to) = (first().start(), (first() + HOURS - 1).end());
    known.findings = vec![falsification::Finding { signal: Signal::MassNox, from, to, suspicion }];
    let verdicts = judged(&line(1.0), &known);
    assert!(verdicts.iter().all(|v| v.outcome == Unverifiable && v.delivered.is_none()));
    assert_eq!(verdicts[0].pieces[2].silence, Some(Silence::Doubted));
    assert_eq!(verdicts[0].pieces[3].silence, Some(Silence::Doubted));
    // Meters are another house.
    let rows: &[(Signal, f64)] = &[(ProductionPower, 0.05), (MassNox, 0.02)];
    let metered = Evidence { findings: known.findings.clone(), ..evidence(&[rows; 4]) };
    assert_eq!(judged(&line(1.0), &metered)[0].outcome, Complied);
    // A mark that contradicts leaves the values as they are.
    let suspicion = falsification::Suspicion::ContradictedMark { minutes: 240, measured: 0.9 };
    known.findings[0].suspicion = suspicion;
    assert_eq!(judged(&line(1.0), &known)[0].outcome, Complied);
}

#[test]
fn exempt_and_transition_hours_are_judged_as_such() {
    let row: &[(Signal, f64)] = &[(ProductionPower, 0.9)];
    let exempt = OrderLine { exempt: Some("保供热".into()), ..line(0.5) };
    let verdicts = judged(&exempt, &evidence(&[row; 4]));
    assert!(verdicts.iter().all(|v| v.outcome == Exempt && v.confidence.get() == 0.0 && v.delivered.is_none()));
    assert_eq!(verdicts[0].reasons, [Reason::Exempt { text: "保供热".into() }]);
    let eased = OrderLine { transition_hours: 2, ..line(0.5) };
    let outcomes: Vec<_> = judged(&eased, &evidence(&[row; 4])).iter().map(|v| v.outcome).collect();
    assert_eq!(outcomes, [Exempt, Exempt, Violated, Violated]);
}

#[test]
fn indicators_of_the_plants_own_list_take_the_place_of_the_general_share() {
    let row: &[(Signal, f64)] = &[(ProductionPower, 0.75), (MassNox, 0.45), (MassSo2, 0.95)];
    let shares = [(ProductionPower, Share::new(0.2).unwrap()), (MassNox, Share::new(0.5).unwrap())].into();
    let named = OrderLine { indicators: shares, ..line(0.5) };
    assert!(judged(&named, &evidence(&[row; 4])).iter().all(|v| v.outcome == Complied));
}

#[test]
fn without_a_baseline_nothing_is_said() {
    let mut known = evidence(&[&[(ProductionPower, 0.1)][..]; 4]);
    let last_days = first() - 24 * 6;
    known.hours.retain(|hour, _| *hour >= last_days);
    let verdicts = judged(&line(0.5), &known);
    assert!(verdicts.iter().all(|v| v.outcome == Unverifiable));
    let said = verdicts[0].pieces[0].words();
    assert!(said.zh.starts_with("生产用电：无基线") && said.en.contains("no baseline"), "{said:?}");
}

#[test]
fn where_it_stands_still_anyway_there_is_nothing_to_cut_unless_it_runs() {
    // Every day it stands still from 9 to 13, with some standby load.
    let with = |now: f64| {
        let mut known = evidence(&[NOTHING; 4]);
        for (hour, of_hour) in &mut known.hours {
            if (9..=13).contains(&hour.label()) {
                let load = if *hour >= first() { now } else { 60.0 };
                of_hour.values = [(ProductionPower, value(load, 60))].into();
            }
        }
        judged(&line(0.5), &known)
    };
    let still = with(60.0);
    assert!(still.iter().all(|v| v.outcome == Unverifiable && v.reasons == [Reason::NothingToCut]), "{still:?}");
    let closed = close(&still, Rules::bundled());
    assert_eq!((closed.outcome, closed.verified.get(), closed.delivered), (Unverifiable, 0.0, None));
    assert!(with(900.0).iter().all(|v| v.outcome == Violated));
}

#[test]
fn the_pieces_carry_the_figures_of_the_chart() {
    let verdict = &judged(&line(0.5), &evidence(&[&[(ProductionPower, 0.45)][..]; 4]))[0];
    assert_eq!(verdict.pieces.iter().map(|piece| piece.kind).collect::<Vec<_>>(), Kind::ALL);
    let piece = &verdict.pieces[0];
    assert_eq!((piece.observed, piece.asked), (Some(450.0), 0.5));
    assert_eq!(piece.baseline.as_ref().unwrap().days.len(), 14);
    let said = piece.words();
    assert!(said.zh.contains("基线 1000.0 kW（14 天），减少 55 %") && said.zh.contains("要求 50 %"), "{}", said.zh);
    assert_eq!(verdict.rules, "rules-2026");
    let json = serde_json::to_value(verdict).unwrap();
    assert_eq!(
        (json["outcome"].as_str(), json["pieces"][0]["signal"].as_str()),
        (Some("complied"), Some("production_power"))
    );
    assert_eq!(serde_json::from_value::<Verdict>(json).unwrap(), *verdict);
}

#[test]
fn an_order_that_asks_for_nothing_or_ends_before_it_begins_is_refused() {
    let known = evidence(&[]);
    for wrong in [
        line(0.0),
        OrderLine { to: first() - 1, ..line(0.5) },
        OrderLine { to: first() + 24 * 60, ..line(0.5) },
        OrderLine { indicators: [(MassNox, Share::new(0.0).unwrap())].into(), ..line(0.5) },
    ] {
        assert!(judge(&wrong, &known, Rules::bundled()).unwrap_err().to_string().starts_with("V-201"));
    }
    assert!(judge(&OrderLine { to: first() + 24 * 60 - 1, ..line(0.5) }, &known, Rules::bundled()).is_ok());
}

#[test]
fn a_line_is_closed_by_its_hours() {
    let (cut, uncut) = (&[(ProductionPower, 0.4)][..], &[(ProductionPower, 0.9)][..]);
    let closed = |rows: &[&[(Signal, f64)]]| close(&judged(&line(0.5), &evidence(rows)), Rules::bundled());
    assert_eq!(closed(&[cut, cut, cut, &[]]).outcome, Complied);
    assert_eq!(closed(&[cut, cut, &[], &[]]).outcome, Unverifiable);
    assert_eq!(closed(&[cut, uncut, uncut, cut]).outcome, Violated);
    let half = closed(&[cut, uncut, uncut, cut]);
    assert_eq!((half.hours[&Complied], half.violations[&Violation::Shortfall], half.verified.get()), (2, 2, 1.0));
    assert!((half.delivered.unwrap().get() - 0.6).abs() < 0.01, "{half:?}");
    let nothing = closed(&[&[], &[], &[], &[]]);
    assert_eq!((nothing.outcome, nothing.delivered, nothing.verified.get()), (Unverifiable, None, 0.0));
    let exempt = OrderLine { exempt: Some("x".into()), ..line(0.5) };
    assert_eq!(close(&judged(&exempt, &evidence(&[cut; 4])), Rules::bundled()).outcome, Exempt);
    assert_eq!(close(&[], Rules::bundled()).outcome, Unverifiable);
}

proptest! {
    #[test]
    fn using_more_never_turns_violated_into_complied(left in 0.0f64..1.5, more in 0.0f64..0.5, cut in 0.2f64..1.0) {
        let rank = |outcome| match outcome { Complied => 0, Unverifiable => 1, _ => 2 };
        let less = of(cut, &[(ProductionPower, left)]);
        prop_assert!(rank(of(cut, &[(ProductionPower, left + more)])) >= rank(less));
    }

    #[test]
    fn verdicts_stay_within_their_bounds(shares in prop::collection::vec(0.0f64..2.0, 7), cut in 0.05f64..1.0) {
        let row: Vec<(Signal, f64)> = USUAL.iter().zip(shares).map(|((signal, _), share)| (*signal, share)).collect();
        for verdict in judged(&line(cut), &evidence(&[row.as_slice(); 4])) {
            let said = matches!(verdict.outcome, Complied | Violated);
            prop_assert_eq!(said, verdict.confidence.get() > 0.0);
            prop_assert_eq!(verdict.outcome == Violated, !verdict.violations.is_empty());
            prop_assert!(!verdict.reasons.is_empty());
            if verdict.outcome == Complied {
                prop_assert!(verdict.confidence.get() >= 0.5 && verdict.delivered.is_some());
            }
        }
    }
}
