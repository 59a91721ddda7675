use super::chance::Stream;
use super::description::{Behaviour, ReportKind};
use super::instrument::Told;
use super::process::{Minute, Process, Stack};
use crate::crc::CrcProfile;
use crate::edition::{Edition, Flag};
use crate::error::Hj212Error;
use crate::message::Message;
use chrono::{DateTime, TimeDelta};
use std::fmt::Write;
use units::Instant;

const STACK: [&str; 3] = ["a34013", "a21026", "a21002"];

/// What one interval of one plant is told by.
struct Interval {
    told: Told,
    power: [f64; 2],
}

impl Process<'_> {
    /// The frames of the interval that begins at `minute`, in the order of sending; `late` marks them as filled up.
    pub fn frames(&self, minute: Minute, late: bool) -> Result<Vec<Vec<u8>>, Hj212Error> {
        let step = Minute::from(self.fleet.minute_interval);
        let reports = |kind| self.fleet.reports.contains(&kind);
        let plant = self.plant;
        let mut frames = Vec::new();
        if reports(ReportKind::Minutes) {
            self.push(&mut frames, 2051, minute, &[self.interval(minute)], late)?;
        }
        if reports(ReportKind::Conditions) && plant.has_conditions {
            let content = format!("DataTime={};d10101-Rtd={}", stamp(minute), self.letter(minute));
            frames.push(self.frame("45", 2011, minute, content, late)?);
        }
        let hour_ends = (minute + step) % 60 == 0;
        if hour_ends && reports(ReportKind::Hours) {
            let hour = minute + step - 60;
            let intervals: Vec<Interval> = (0..60 / step).map(|part| self.interval(hour + part * step)).collect();
            self.push(&mut frames, 2061, hour, &intervals, late)?;
        }
        if hour_ends && reports(ReportKind::States) && plant.has_states {
            let truth = self.truth(minute);
            let on = |on: bool| u8::from(on);
            let production = truth.load >= 0.02 && !self.claims_stop(minute);
            let content =
                format!("DataTime={};SB1-RS={};SB2-RS={}", stamp(minute), on(production), on(truth.treatment));
            frames.push(self.frame("31", 2021, minute, content, late)?);
        }
        Ok(frames)
    }

    fn claims_stop(&self, minute: Minute) -> bool {
        let ordered = self.order().is_some_and(|(from, to)| (from..to).contains(&minute));
        ordered && self.plant.behaviour == Behaviour::FalseMarks
    }

    fn letter(&self, minute: Minute) -> char {
        let stopped = self.truth(minute).load < 0.02 || self.claims_stop(minute);
        if stopped { 'D' } else { 'A' }
    }

    fn interval(&self, minute: Minute) -> Interval {
        Interval { told: self.told(minute), power: self.power(minute) }
    }

    fn push(
        &self,
        frames: &mut Vec<Vec<u8>>,
        cn: u16,
        start: Minute,
        intervals: &[Interval],
        late: bool,
    ) -> Result<(), Hj212Error> {
        if self.plant.has_stack {
            frames.push(self.frame("31", cn, start, self.stack_content(start, intervals), late)?);
        }
        if self.plant.has_electricity {
            frames.push(self.frame("44", cn, start, power_content(start, intervals), late)?);
        }
        Ok(())
    }

    fn stack_content(&self, start: Minute, intervals: &[Interval]) -> String {
        let mark = rolled_up(intervals);
        let seconds = f64::from(self.fleet.minute_interval) * 60.0;
        let values = intervals.iter().any(|interval| interval.told.values);
        let mut content = format!("DataTime={}", stamp(start));
        let mut factor = |code: &str, decimals: usize, of: &dyn Fn(&Stack) -> f64, amount: Option<f64>| {
            if !values {
                let _infallible = write!(content, ";{code}-Avg=,{code}-Flag={mark}");
                return;
            }
            let (mut least, mut most, mut sum) = (f64::MAX, f64::MIN, 0.0);
            for interval in intervals {
                let value = of(&interval.told.stack);
                (least, most, sum) = (least.min(value), most.max(value), sum + value);
            }
            let mean = sum / intervals.len() as f64;
            let _infallible = write!(
                content,
                ";{code}-Min={least:.decimals$},{code}-Avg={mean:.decimals$},{code}-Max={most:.decimals$}"
            );
            if let Some(amount) = amount {
                let _infallible = write!(content, ",{code}-Cou={amount:.4}");
            }
            let _infallible = write!(content, ",{code}-Flag={mark}");
        };
        for (place, code) in STACK.into_iter().enumerate() {
            // mg/m3 times m3/s is mg/s; kilograms over the interval.
            let kilograms = |interval: &Interval| {
                let stack = &interval.told.stack;
                stack.concentrations[place] * stack.flow * seconds / 1e6
            };
            factor(code, 2, &|stack: &Stack| stack.concentrations[place], Some(intervals.iter().map(kilograms).sum()));
        }
        factor("a19001", 2, &|stack: &Stack| stack.oxygen, None);
        factor("a01012", 1, &|stack: &Stack| stack.temperature, None);
        factor("a01011", 2, &|stack: &Stack| stack.velocity, None);
        content
    }

    fn frame(&self, st: &str, cn: u16, start: Minute, content: String, late: bool) -> Result<Vec<u8>, Hj212Error> {
        // QN names an interaction: systems that send at once must not share one.
        let system = match st {
            "31" => 0,
            "44" => 1,
            _ => 2,
        };
        let drawn = self.plant.chance.share(Stream::Milliseconds, start, u64::from(cn));
        let milliseconds = (drawn * 990.0) as u32 + system;
        let edition = if self.plant.edition == Edition::Hj2025 { 8 } else { 4 };
        let message = Message {
            qn: Some(format!("{}{milliseconds:03}", stamp(start + Minute::from(self.fleet.minute_interval)))),
            st: st.into(),
            cn,
            pw: Some("123456".into()),
            mn: self.plant.mn.clone(),
            flag: Flag(Some(edition + u8::from(self.fleet.wants_answer))),
            part: None,
            supplementary: late,
            content,
        };
        message.encode(CrcProfile::Standard, None)
    }
}

/// Minute (interval of ten): the mark of the values; hour: N from three quarters on, F when it stood, else the mark of most.
fn rolled_up(intervals: &[Interval]) -> char {
    let marks: Vec<char> = intervals.iter().map(|interval| interval.told.mark).collect();
    let count = |mark: char| marks.iter().filter(|there| **there == mark).count();
    if intervals.len() == 1 {
        return marks[0];
    }
    let most = ['F', 'M', 'B', 'C', 'D'].into_iter().max_by_key(|mark| count(*mark)).unwrap_or('D');
    match count('N') * 4 >= marks.len() * 3 {
        true => 'N',
        false if count('F') * 4 >= marks.len() * 3 => 'F',
        false => most,
    }
}

fn power_content(start: Minute, intervals: &[Interval]) -> String {
    let mean =
        |place: usize| intervals.iter().map(|interval| interval.power[place]).sum::<f64>() / intervals.len() as f64;
    let (production, treatment) = (mean(0), mean(1));
    format!(
        "DataTime={};p10101-Avg={production:.2},p10101-Flag=N;p20101-Avg={treatment:.2},p20101-Flag=N",
        stamp(start)
    )
}

/// A moment of the process.
pub(super) fn instant(minute: Minute) -> Instant {
    let utc = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute - 8 * 60);
    Instant::from_utc(utc)
}

fn stamp(minute: Minute) -> String {
    crate::moment::write_14(instant(minute))
}
