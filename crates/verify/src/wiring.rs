use crate::rules::{Source, day, read};
use crate::{Declared, Role, Signal, VerifyError};
use hj212::Suffix;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use units::BeijingDay;

/// Which value of which system is which signal (点位接线): registered for a device, never guessed from its frames.
#[derive(Clone, Debug, PartialEq)]
pub struct Wiring {
    /// Identifier.
    pub id: String,
    /// Minutes of one 2051 interval, the device's MinInterval.
    pub minute_interval: u16,
    signals: BTreeMap<String, Vec<(String, Suffix, Signal)>>,
    declared_by_flag: BTreeMap<char, Declared>,
    condition: Condition,
    equipment: BTreeMap<u8, Role>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what a data file must say of itself is read so that its lack is refused")]
struct File {
    id: String,
    title: String,
    #[serde(deserialize_with = "day")]
    effective_from: BeijingDay,
    #[serde(deserialize_with = "day")]
    checked_on: BeijingDay,
    confidence: String,
    source: Source,
    minute_interval: u16,
    signals: Vec<(String, String, String, Signal)>,
    declared_by_flag: BTreeMap<char, Declared>,
    condition: Condition,
    equipment: BTreeMap<String, Role>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    st: String,
    code: String,
    letters: BTreeMap<char, Declared>,
}

static BUNDLED: LazyLock<Wiring> = LazyLock::new(|| {
    Wiring::parse("wiring-demo.toml", include_str!("../../../data/verify/wiring-demo.toml"))
        .expect("the file is part of the program and a test reads it")
});

impl Wiring {
    /// The wiring that comes with the program: stacks by the standard's codes, the rest the demonstration's.
    pub fn bundled() -> &'static Wiring {
        &BUNDLED
    }

    /// Reads a wiring; refuses `V-101` with the file's name and what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Wiring, VerifyError> {
        let refuse = |reason: String| VerifyError::data(file, reason);
        let written: File = read(file, text)?;
        if written.minute_interval == 0 || 60 % written.minute_interval != 0 {
            return Err(refuse(format!("minute_interval {} does not divide an hour", written.minute_interval)));
        }
        let mut signals: BTreeMap<String, Vec<(String, Suffix, Signal)>> = BTreeMap::new();
        for (st, code, suffix, signal) in written.signals {
            let known = Suffix::of(&suffix).ok_or_else(|| refuse(format!("{code}: no suffix {suffix}")))?;
            let of_system = signals.entry(st).or_default();
            if of_system.iter().any(|(there, at, _)| *there == code && *at == known) {
                return Err(refuse(format!("{code}-{suffix} stands twice")));
            }
            of_system.push((code, known, signal));
        }
        let number = |text: &String| text.parse().map_err(|_| refuse(format!("equipment {text:?} is no number")));
        let equipment =
            written.equipment.iter().map(|(text, role)| Ok((number(text)?, *role))).collect::<Result<_, _>>()?;
        let (id, minute_interval) = (written.id, written.minute_interval);
        let (declared_by_flag, condition) = (written.declared_by_flag, written.condition);
        Ok(Wiring { id, minute_interval, signals, declared_by_flag, condition, equipment })
    }

    pub(crate) fn signal(&self, st: &str, code: &str, suffix: Suffix) -> Option<Signal> {
        let wired = self.signals.get(st)?.iter().find(|(wired, at, _)| wired == code && *at == suffix);
        wired.map(|(_, _, signal)| *signal)
    }

    pub(crate) fn declared_by_flag(&self, flag: char) -> Option<Declared> {
        self.declared_by_flag.get(&flag).copied()
    }

    pub(crate) fn condition(&self, st: &str, code: &str, letter: &str) -> Option<Declared> {
        let condition = &self.condition;
        let mut letters = letter.chars();
        let one = letters.next().filter(|_| letters.next().is_none())?;
        (condition.st == st && condition.code == code).then(|| condition.letters.get(&one).copied())?
    }

    /// What `SBx` is for.
    pub(crate) fn equipment(&self, code: &str) -> Option<Role> {
        self.equipment.get(&code.strip_prefix("SB")?.parse().ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/verify/wiring-demo.toml");

    #[test]
    fn a_value_is_a_signal_only_where_it_is_wired() {
        let wiring = Wiring::bundled();
        assert_eq!(wiring.signal("31", "a21002", Suffix::Cou), Some(Signal::MassNox));
        assert_eq!(wiring.signal("31", "a21002", Suffix::Avg), None);
        assert_eq!(wiring.signal("32", "a21002", Suffix::Cou), None);
        assert_eq!(wiring.condition("45", "d10101", "D"), Some(Declared::Stopped));
        assert_eq!((wiring.condition("45", "d10101", "DD"), wiring.condition("45", "d10101", "")), (None, None));
        assert_eq!((wiring.equipment("SB2"), wiring.equipment("SB300")), (Some(Role::Treatment), None));
    }

    #[test]
    fn a_wiring_that_contradicts_itself_is_refused_by_name() {
        for (from, to, named) in [
            ("minute_interval = 10", "minute_interval = 7", "minute_interval 7"),
            ("\"Cou\", \"mass_so2\"", "\"Sum\", \"mass_so2\"", "no suffix Sum"),
            ("\"a21002\", \"Cou\"", "\"a21026\", \"Cou\"", "stands twice"),
            ("\nconfidence = ", "\nconfident = ", "confiden"),
            ("1 = \"production\"", "one = \"production\"", "one"),
        ] {
            assert!(TEXT.contains(from), "{from}");
            let refused = Wiring::parse("mine.toml", &TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(refused.starts_with("V-101 mine.toml") && refused.contains(named), "{refused}");
        }
    }
}
