use super::*;
use crate::{Devices, Framer, What};

fn fleet(change: impl FnOnce(&mut Description)) -> Fleet {
    let mut description = Description::parse(Description::bundled_text()).unwrap();
    description.plants = 24;
    change(&mut description);
    Fleet::new(description)
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn sent(fleet: &Fleet, from: &str, to: &str) -> Vec<Sent> {
    fleet.frames(at(from), at(to)).collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_frame_is_accepted_and_names_its_plant() {
    let fleet = fleet(|_| {});
    let all = sent(&fleet, "2026-01-19T22:00:00+08:00", "2026-01-20T02:00:00+08:00");
    assert!(all.len() > 24 * 24, "{}", all.len());
    let devices = Devices::default();
    for Sent { plant, bytes, .. } in &all {
        let mut framer = Framer::default();
        assert_eq!(framer.push(bytes), bytes.len());
        let Some(What::Frame(frame)) = framer.find(&devices).map(|found| found.what) else {
            panic!("{}", String::from_utf8_lossy(bytes))
        };
        assert_eq!(frame.header.mn, fleet.plants()[*plant].mn);
        let names: Vec<_> = frame.warnings.iter().map(crate::Warning::name).collect();
        assert!(names.iter().all(|name| *name == "value_empty"), "{names:?} {}", String::from_utf8_lossy(bytes));
        assert_eq!(frame.edition, fleet.plants()[*plant].edition);
    }
}

#[test]
fn a_stretch_of_time_is_the_same_by_itself_and_within_a_longer_one() {
    let fleet = fleet(|_| {});
    let whole = sent(&fleet, "2026-01-19T00:00:00+08:00", "2026-01-19T12:00:00+08:00");
    let part = sent(&fleet, "2026-01-19T06:00:00+08:00", "2026-01-19T12:00:00+08:00");
    let begins = at("2026-01-19T06:00:00+08:00");
    assert!(whole.iter().filter(|sent| sent.at > begins).eq(part.iter()));
    assert!(whole.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn another_seed_sends_other_values() {
    let span = ("2026-01-19T00:00:00+08:00", "2026-01-19T01:00:00+08:00");
    let (one, two) = (fleet(|_| {}), fleet(|description| description.seed = 7));
    assert_ne!(sent(&one, span.0, span.1), sent(&two, span.0, span.1));
    assert!(sent(&one, span.1, span.0).is_empty());
}

fn only(behaviour: Behaviour) -> Fleet {
    fleet(|description| {
        description.behaviours = [(behaviour, 1.0)].into();
        description.faults.standstills = 0.0;
    })
}

fn hour(text: &str) -> BeijingHour {
    text.parse().unwrap()
}

#[test]
fn the_truth_is_what_the_behaviour_says() {
    let noon = hour("2026-01-21T12:00:00+08:00");
    for (behaviour, least, most) in [
        (Behaviour::Complying, 1.05, 1.25),
        (Behaviour::HalfComplying, 0.3, 0.65),
        (Behaviour::Ignoring, -0.01, 0.01),
        (Behaviour::FalseMarks, -0.01, 0.01),
    ] {
        let fleet = only(behaviour);
        for plant in fleet.plants().iter().filter(|plant| plant.cut < 0.9) {
            let truth = fleet.truth(plant, noon);
            let part = (1.0 - truth.load / truth.usual) / plant.cut;
            assert!((least..=most).contains(&part), "{behaviour:?} {part}");
        }
    }
    let off = only(Behaviour::TreatmentOff);
    let works = |plant: &&Plant| off.truth(plant, hour("2026-01-21T23:00:00+08:00")).load > 0.1;
    let at_night = off.plants().iter().find(works).unwrap();
    assert!(!off.truth(at_night, hour("2026-01-21T23:00:00+08:00")).treatment);
    assert!(off.truth(at_night, hour("2026-01-21T13:00:00+08:00")).treatment);
}

#[test]
fn a_gap_is_filled_up_by_loggers_of_2025_and_lost_by_those_of_2017() {
    let fleet = fleet(|description| {
        description.faults.gaps = 1.0;
        description.behaviours = [(Behaviour::Complying, 1.0)].into();
        description.reports = vec![ReportKind::Minutes];
    });
    let all = sent(&fleet, "2026-01-10T00:00:00+08:00", "2026-01-11T00:10:00+08:00");
    for plant in fleet.plants() {
        let stamps: Vec<String> = all
            .iter()
            .filter(|sent| sent.plant == plant.number)
            .map(|sent| String::from_utf8_lossy(&sent.bytes).into_owned())
            .filter(|text| text.contains(if plant.has_stack { "ST=31" } else { "ST=44" }))
            .collect();
        let late = stamps.iter().filter(|text| text.contains(";RF=1;")).count();
        if plant.edition == Edition::Hj2025 {
            assert!((5..=30).contains(&late), "{late}");
            assert_eq!(stamps.len(), 145, "each interval once");
        } else {
            assert!(late == 0 && stamps.len() < 145, "{late} {}", stamps.len());
        }
    }
}

#[test]
fn whoever_goes_offline_sends_nothing_under_the_order() {
    let fleet = only(Behaviour::Offline);
    assert!(sent(&fleet, "2026-01-20T00:00:00+08:00", "2026-01-20T06:00:00+08:00").is_empty());
    assert!(!sent(&fleet, "2026-01-19T00:00:00+08:00", "2026-01-19T06:00:00+08:00").is_empty());
}
