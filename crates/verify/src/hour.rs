use crate::{Declared, Role, Rules, Sample, Signal, Told};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{BeijingHour, Instant};

const HOUR_MINUTES: u16 = 60;

/// What is known of one signal in one hour (小时值).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HourValue {
    /// Mean over the valid minutes, in the signal's unit; `None` where none was valid.
    pub mean: Option<f64>,
    /// Valid minutes.
    pub valid_minutes: u16,
    /// Minutes of which anything was told, valid or not.
    pub told_minutes: u16,
    /// Minutes by data mark, the marks as sent.
    pub marks: BTreeMap<char, u16>,
}

/// Minutes that equipment ran and stood (设备运行分钟).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// It ran.
    pub running_minutes: u16,
    /// It stood.
    pub off_minutes: u16,
}

/// What is known of one hour of one enterprise (小时证据).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HourEvidence {
    /// By signal; one of which nothing was told is absent.
    pub values: BTreeMap<Signal, HourValue>,
    /// Minutes by what was declared.
    pub declared: BTreeMap<Declared, u16>,
    /// Equipment by what it is for.
    pub equipment: BTreeMap<Role, Running>,
    /// What somebody saw on site in this hour: whether production ran.
    pub seen_running: Option<bool>,
    /// Whether any of it was sent later (补传).
    pub supplementary: bool,
}

/// What came of offering a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It was not known.
    New,
    /// It was known exactly so; nothing changed.
    Same,
    /// Another value was known of this interval; the newer counts. The store keeps the older.
    Superseded,
}

/// The samples of one enterprise, one value an interval (样本簿). The last that came counts.
#[derive(Clone, Debug, Default)]
pub struct HourBook {
    slots: BTreeMap<Slot, Sample>,
    seen: BTreeMap<BeijingHour, bool>,
}

/// Of what an interval tells; the order makes an hour a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    hour: BeijingHour,
    of: Of,
    start: Instant,
    minutes: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Signal(Signal),
    Declared,
    Equipment(Role),
}

impl HourBook {
    /// Takes a sample. An hour is that in which its interval begins.
    pub fn push(&mut self, sample: Sample) -> Pushed {
        let of = match sample.told {
            Told::Value(signal, _) => Of::Signal(signal),
            Told::Declared(_) => Of::Declared,
            Told::Running(role, _) => Of::Equipment(role),
        };
        let hour = sample.start.last_ended_hour() + 1;
        let slot = Slot { hour, of, start: sample.start, minutes: sample.minutes };
        match self.slots.insert(slot, sample.clone()) {
            None => Pushed::New,
            Some(before) if before == sample => Pushed::Same,
            Some(_) => Pushed::Superseded,
        }
    }

    /// Notes what somebody saw on site.
    pub fn see(&mut self, hour: BeijingHour, production_runs: bool) {
        self.seen.insert(hour, production_runs);
    }

    /// The evidence of every hour of which anything is known.
    pub fn hours(&self, rules: &Rules) -> BTreeMap<BeijingHour, HourEvidence> {
        let mut hours: BTreeMap<BeijingHour, HourEvidence> = BTreeMap::new();
        let slots: Vec<(&Slot, &Sample)> = self.slots.iter().collect();
        for of_one in slots.chunk_by(|a, b| (a.0.hour, a.0.of) == (b.0.hour, b.0.of)) {
            let slot = of_one[0].0;
            let chosen = finer(of_one);
            let hour = hours.entry(slot.hour).or_default();
            hour.supplementary |= chosen.iter().any(|sample| sample.supplementary);
            match slot.of {
                Of::Signal(signal) => {
                    hour.values.insert(signal, value(signal, &chosen, rules));
                }
                Of::Declared => {
                    for sample in chosen {
                        if let Told::Declared(declared) = sample.told {
                            *hour.declared.entry(declared).or_default() += sample.minutes;
                        }
                    }
                }
                Of::Equipment(role) => {
                    let running = hour.equipment.entry(role).or_default();
                    for sample in chosen {
                        match sample.told {
                            Told::Running(_, true) => running.running_minutes += sample.minutes,
                            Told::Running(_, false) => running.off_minutes += sample.minutes,
                            _ => {}
                        }
                    }
                }
            }
        }
        for (hour, runs) in &self.seen {
            hours.entry(*hour).or_default().seen_running = Some(*runs);
        }
        hours
    }

    /// The values of one signal in order of time, as they were told and with their marks: what falsification looks at.
    pub fn course(&self, signal: Signal) -> Vec<&Sample> {
        let told: Vec<_> = self.slots.iter().filter(|(slot, _)| slot.of == Of::Signal(signal)).collect();
        told.chunk_by(|a, b| a.0.hour == b.0.hour).flat_map(finer).collect()
    }
}

/// Minutes and the hour itself may both have been told: what covers more counts, and of equals the finer. Overlapping
/// minutes are not added up past the hour, because an interval has one length for a device.
fn finer<'a>(of_one: &[(&Slot, &'a Sample)]) -> Vec<&'a Sample> {
    let (whole, parts): (Vec<_>, Vec<_>) = of_one.iter().partition(|(slot, _)| slot.minutes >= HOUR_MINUTES);
    let covered: u16 = parts.iter().map(|(slot, _)| slot.minutes).sum();
    let chosen = if whole.is_empty() || covered >= HOUR_MINUTES { parts } else { whole };
    chosen.into_iter().map(|told| told.1).collect()
}

fn value(signal: Signal, samples: &[&Sample], rules: &Rules) -> HourValue {
    let valid_marks = &rules.signal(signal).valid;
    let (mut sum, mut hour) = (0.0, HourValue::default());
    for sample in samples {
        let mark = sample.flag.unwrap_or(rules.unmarked);
        hour.told_minutes += sample.minutes;
        *hour.marks.entry(mark).or_default() += sample.minutes;
        let Told::Value(_, Some(value)) = sample.told else { continue };
        if valid_marks.contains(mark) && value.is_finite() {
            sum += value * f64::from(sample.minutes);
            hour.valid_minutes += sample.minutes;
        }
    }
    hour.mean = (hour.valid_minutes > 0).then(|| sum / f64::from(hour.valid_minutes));
    hour
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(time: &str, minutes: u16, value: f64, flag: char) -> Sample {
        let told = Told::Value(Signal::MassNox, Some(value));
        Sample { start: time.parse().unwrap(), minutes, told, flag: Some(flag), supplementary: false }
    }

    fn nox(book: &HourBook, hour: &str) -> HourValue {
        book.hours(Rules::bundled())[&hour.parse().unwrap()].values[&Signal::MassNox].clone()
    }

    #[test]
    fn an_hour_is_named_by_its_end_and_its_mean_is_of_valid_minutes_alone() {
        let mut book = HourBook::default();
        for (minute, value, flag) in
            [(0, 10.0, 'N'), (10, 20.0, 'N'), (20, 900.0, 'C'), (30, 0.0, 'F'), (50, 30.0, 'N')]
        {
            book.push(sample(&format!("2026-01-10T08:{minute:02}:00+08:00"), 10, value, flag));
        }
        let hour = nox(&book, "2026-01-10T09:00:00+08:00");
        assert_eq!((hour.mean, hour.valid_minutes, hour.told_minutes), (Some(20.0), 30, 50));
        assert_eq!(hour.marks, BTreeMap::from([('N', 30), ('C', 10), ('F', 10)]));
    }

    #[test]
    fn the_same_again_changes_nothing_and_another_value_counts_instead() {
        let mut book = HourBook::default();
        let first = sample("2026-01-10T08:00:00+08:00", 60, 10.0, 'N');
        assert_eq!(book.push(first.clone()), Pushed::New);
        assert_eq!(book.push(first.clone()), Pushed::Same);
        let corrected = Sample { told: Told::Value(Signal::MassNox, Some(12.0)), supplementary: true, ..first };
        assert_eq!(book.push(corrected), Pushed::Superseded);
        assert_eq!(nox(&book, "2026-01-10T09:00:00+08:00").mean, Some(12.0));
        assert!(book.hours(Rules::bundled())[&"2026-01-10T09:00:00+08:00".parse().unwrap()].supplementary);
    }

    #[test]
    fn minutes_count_before_the_hour_when_they_cover_it() {
        let mut book = HourBook::default();
        book.push(sample("2026-01-10T08:00:00+08:00", 60, 99.0, 'N'));
        for minute in 0..5 {
            book.push(sample(&format!("2026-01-10T08:{}0:00+08:00", minute), 10, 10.0, 'N'));
        }
        assert_eq!(nox(&book, "2026-01-10T09:00:00+08:00").mean, Some(99.0));
        book.push(sample("2026-01-10T08:50:00+08:00", 10, 10.0, 'N'));
        assert_eq!(nox(&book, "2026-01-10T09:00:00+08:00").mean, Some(10.0));
    }
}
