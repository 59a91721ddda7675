use crate::{Declared, Role, Signal, Wiring};
use hj212::{Factor, Frame, Suffix};
use rust_decimal::prelude::ToPrimitive;
use units::Instant;

/// One thing a device told of one interval (样本).
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Beginning of the interval.
    pub start: Instant,
    /// Its length, minutes.
    pub minutes: u16,
    /// What was told.
    pub told: Told,
    /// Its data mark as sent; `None` without one.
    pub flag: Option<char>,
    /// Whether it was sent later, to fill a gap (补传, RF=1).
    pub supplementary: bool,
}

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A value in the signal's unit; `None` where the field was empty or no number.
    Value(Signal, Option<f64>),
    /// What the enterprise declares.
    Declared(Declared),
    /// Whether equipment runs.
    Running(Role, bool),
}

/// What a frame tells of the signals that are wired (报文转样本). Anything else is left out: it bears no witness.
///
/// Minutes (2051), hours (2061), states of equipment (2021) and working conditions (ST=45, 2011); states hold for one interval.
pub fn samples(frame: &Frame<'_>, wiring: &Wiring) -> Vec<Sample> {
    let minutes = match frame.header.cn {
        2061 => 60,
        2051 | 2011 | 2021 => wiring.minute_interval,
        _ => return Vec::new(),
    };
    let Some(start) = frame.data_time() else { return Vec::new() };
    let factors: Vec<Factor<'_>> = frame.factors().collect();
    let flag_of = |code: &str| {
        let flag = factors.iter().find(|factor| factor.code == code && factor.suffix == Some(Suffix::Flag))?;
        flag.value.trim_matches(' ').chars().next()
    };
    let sample = |told, flag| Sample { start, minutes, told, flag, supplementary: frame.header.supplementary };
    let st = frame.header.st;
    let mut found = Vec::new();
    let mut declared = None;
    for factor in &factors {
        let Some(suffix) = factor.suffix else { continue };
        match (frame.header.cn, suffix) {
            (2021, Suffix::RS) => {
                let running = match factor.value {
                    "0" => Some(false),
                    "1" => Some(true),
                    _ => None,
                };
                if let (Some(role), Some(running)) = (wiring.equipment(factor.code), running) {
                    found.push(sample(Told::Running(role, running), None));
                }
            }
            (2011, Suffix::Rtd) => {
                if let Some(condition) = wiring.condition(st, factor.code, factor.value) {
                    found.push(sample(Told::Declared(condition), None));
                }
            }
            (2051 | 2061, _) => {
                if let Some(signal) = wiring.signal(st, factor.code, suffix) {
                    let flag = flag_of(factor.code);
                    // An interval is declared once, however many of its values carry the mark.
                    if declared.is_none() && signal.from_stack() {
                        declared = flag.and_then(|flag| wiring.declared_by_flag(flag));
                    }
                    let value = factor.number().and_then(|number| number.to_f64());
                    let per_hour = if suffix == Suffix::Cou { 60.0 / f64::from(minutes) } else { 1.0 };
                    found.push(sample(Told::Value(signal, value.map(|value| value * per_hour)), flag));
                }
            }
            _ => {}
        }
    }
    found.extend(declared.map(|declared| sample(Told::Declared(declared), None)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use hj212::{CrcProfile, Devices, Flag, Framer, Message, What};

    fn told(st: &str, cn: u16, flag: u8, supplementary: bool, content: &str) -> Vec<Sample> {
        let message = Message {
            qn: Some("20260110080000000".into()),
            st: st.into(),
            cn,
            pw: Some("123456".into()),
            mn: "010000A8900016F000169DC0".into(),
            flag: Flag(Some(flag)),
            part: None,
            supplementary,
            content: content.into(),
        };
        let mut framer = Framer::default();
        framer.push(&message.encode(CrcProfile::Standard, None).unwrap());
        let devices = Devices::default();
        let Some(What::Frame(frame)) = framer.find(&devices).map(|found| found.what) else { panic!("a frame") };
        samples(&frame, Wiring::bundled())
    }

    #[test]
    fn an_amount_of_ten_minutes_becomes_an_amount_an_hour() {
        let found = told(
            "31",
            2051,
            8,
            true,
            "DataTime=20260110080000;a21002-Avg=48.5,a21002-Cou=2.5,a21002-Flag=N;a19001-Avg=8.1,a19001-Flag=C",
        );
        let values: Vec<_> = found.iter().map(|s| (s.told, s.flag, s.minutes, s.supplementary)).collect();
        assert_eq!(
            values,
            [
                (Told::Value(Signal::MassNox, Some(15.0)), Some('N'), 10, true),
                (Told::Value(Signal::Oxygen, Some(8.1)), Some('C'), 10, true)
            ]
        );
        assert_eq!(found[0].start.to_string(), "2026-01-10T08:00:00+08:00");
    }

    #[test]
    fn a_stop_is_declared_once_by_the_marks_of_a_stack() {
        let found =
            told("31", 2061, 4, false, "DataTime=20260110080000;a21002-Cou=,a21002-Flag=F;a21026-Cou=0,a21026-Flag=F");
        assert_eq!(found[0].told, Told::Value(Signal::MassNox, None));
        assert_eq!(found.iter().filter(|s| s.told == Told::Declared(Declared::Stopped)).count(), 1);
        assert_eq!(found[1].minutes, 60);
    }

    #[test]
    fn states_and_conditions_are_told_where_they_are_wired_and_mean_something() {
        let found = told("31", 2021, 4, false, "DataTime=20260110080000;SB1-RS=0;SB2-RS=1;SB2-RS=4;SB9-RS=1");
        let told_of: Vec<_> = found.iter().map(|s| s.told).collect();
        assert_eq!(told_of, [Told::Running(Role::Production, false), Told::Running(Role::Treatment, true)]);
        let found = told("45", 2011, 8, false, "DataTime=20260110080000;d10101-Rtd=D;d10102-Rtd=A");
        assert_eq!(found.iter().map(|s| s.told).collect::<Vec<_>>(), [Told::Declared(Declared::Stopped)]);
        assert!(told("31", 2031, 4, false, "DataTime=20260110000000;a21002-Cou=9").is_empty());
    }
}
