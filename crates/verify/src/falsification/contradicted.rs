use super::{Finding, Suspicion};
use crate::baseline::NormalDays;
use crate::piece::valid_mean;
use crate::{Days, Declared, HourEvidence, OrderLine, Rules, Signal};
use std::collections::BTreeMap;
use units::BeijingHour;

/// Hours declared as a stop that electricity or oxygen contradicts (标记与实测矛盾), adjacent ones as one finding.
pub(crate) fn contradicted(
    hours: &BTreeMap<BeijingHour, HourEvidence>,
    line: &OrderLine,
    days: &Days,
    rules: &Rules,
) -> Vec<Finding> {
    let power = NormalDays::before(line.from.day(), Signal::ProductionPower, hours, days, rules);
    let against = |hour: BeijingHour| -> Option<(BeijingHour, Signal, u32, f64)> {
        let known = hours.get(&hour)?;
        let minutes = u32::from(*known.declared.get(&Declared::Stopped)?);
        let mean = |signal| valid_mean(known.values.get(&signal)?, rules);
        let load = mean(Signal::ProductionPower).filter(|load| !power.stands_still(*load, rules));
        let load = load.zip(power.baseline(hour, rules).ok());
        let load = load.map(|(now, usual)| now / usual.median).filter(|share| *share >= rules.doubt.contradicted_load);
        let oxygen = || mean(Signal::Oxygen).filter(|oxygen| *oxygen <= rules.stack.oxygen_running);
        let by_load = load.map(|share| (hour, Signal::ProductionPower, minutes, share));
        by_load.or_else(|| oxygen().map(|oxygen| (hour, Signal::Oxygen, minutes, oxygen)))
    };
    let found: Vec<_> = line.hours().filter_map(against).collect();
    let spells = found.chunk_by(|a, b| b.0 - a.0 == 1 && a.1 == b.1);
    let finding = |spell: &[(BeijingHour, Signal, u32, f64)]| {
        let minutes = spell.iter().map(|(_, _, minutes, _)| minutes).sum();
        let measured = spell.iter().map(|(_, _, _, measured)| measured).sum::<f64>() / spell.len() as f64;
        let (first, last) = (spell[0], spell[spell.len() - 1]);
        let suspicion = Suspicion::ContradictedMark { minutes, measured };
        Finding { signal: first.1, from: first.0.start(), to: last.0.end(), suspicion }
    };
    spells.map(finding).filter(|finding| long(finding, rules)).collect()
}

fn long(finding: &Finding, rules: &Rules) -> bool {
    matches!(finding.suspicion, Suspicion::ContradictedMark { minutes, .. } if minutes >= rules.doubt.contradicted_minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HourValue;
    use units::Share;

    fn value(mean: f64) -> HourValue {
        HourValue { mean: Some(mean), valid_minutes: 60, told_minutes: 60, ..HourValue::default() }
    }

    fn found(load: f64, oxygen: f64, declared: u16) -> Vec<Finding> {
        let from: BeijingHour = "2026-01-20T01:00:00+08:00".parse().unwrap();
        let mut hours = BTreeMap::new();
        for back in 1..=24 * 14 {
            let values = [(Signal::ProductionPower, value(800.0))].into();
            hours.insert(from - back, HourEvidence { values, ..HourEvidence::default() });
        }
        for ahead in 0..3 {
            let values = [(Signal::ProductionPower, value(load)), (Signal::Oxygen, value(oxygen))].into();
            let declared = [(Declared::Stopped, declared)].into();
            hours.insert(from + ahead, HourEvidence { values, declared, ..HourEvidence::default() });
        }
        let line = OrderLine {
            enterprise: "plant".parse().unwrap(),
            from,
            to: from + 5,
            cut: Share::new(1.0).unwrap(),
            indicators: BTreeMap::new(),
            transition_hours: 0,
            exempt: None,
        };
        contradicted(&hours, &line, &Days::default(), Rules::bundled())
    }

    #[test]
    fn a_stop_declared_at_full_load_is_found_once_for_all_its_hours() {
        let findings = found(600.0, 8.0, 60);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].suspicion, Suspicion::ContradictedMark { minutes: 180, measured: 0.75 });
        assert!(findings[0].words().zh.contains("75 %"));
        assert_eq!(findings[0].hours().count(), 3);
    }

    #[test]
    fn oxygen_contradicts_where_the_load_does_not() {
        let findings = found(100.0, 9.0, 60);
        assert_eq!((findings[0].signal, findings.len()), (Signal::Oxygen, 1));
        assert!(found(100.0, 20.5, 60).is_empty());
        assert!(found(760.0, 8.0, 10).is_empty());
    }
}
