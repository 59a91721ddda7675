//! Data that look made up (数据存疑): constant, clipped, copied, marks that hide peaks or are contradicted.
//!
//! Findings with their evidence. A finding silences the data it touches; it is never a verdict, because each of these has
//! honest causes too. Whoever looks into it is given the figures.

mod constant;
mod contradicted;
mod copied;
mod hidden;

use crate::words::{Words, percent};
use crate::{Days, HourBook, OrderLine, Rules, Sample, Signal, Told};
use serde::{Deserialize, Serialize};
use units::{BeijingHour, Instant};

/// One doubt about data (存疑线索).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The signal.
    pub signal: Signal,
    /// Beginning of what is in doubt.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
    /// What is in doubt, with its figures.
    pub suspicion: Suspicion,
}

/// What is in doubt (存疑情形).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "suspicion", rename_all = "snake_case")]
pub enum Suspicion {
    /// The same value for a long time (恒值).
    Constant {
        /// The value.
        value: f64,
        /// For so long.
        minutes: u32,
        /// The longest it stood still before.
        usual_minutes: u32,
    },
    /// Many values at the very greatest one (削顶).
    Clipped {
        /// The greatest value.
        value: f64,
        /// Share of the values there.
        share: f64,
        /// Share that stood at the greatest before.
        usual_share: f64,
        /// How many values.
        values: usize,
    },
    /// The same run of values came another time (复制).
    Copied {
        /// How many values.
        values: usize,
        /// When they came the other time.
        original: Instant,
    },
    /// Spells of maintenance or set values begin or lie at the height of peaks (标记掩盖峰值).
    HiddenPeaks {
        /// Spells.
        spells: usize,
        /// Of which at such a height.
        high: usize,
        /// The usual 95 % level.
        level: f64,
        /// Probability of so many by chance.
        chance: f64,
    },
    /// "Stopped" was declared against what was measured (标记与实测矛盾).
    ContradictedMark {
        /// So long.
        minutes: u32,
        /// Share of the baseline load, or percent of oxygen.
        measured: f64,
    },
}

impl Finding {
    /// Whether it casts doubt on the values themselves; a false mark does not.
    pub fn doubts_values(&self) -> bool {
        match self.suspicion {
            Suspicion::Constant { .. } | Suspicion::Clipped { .. } | Suspicion::Copied { .. } => true,
            Suspicion::HiddenPeaks { .. } | Suspicion::ContradictedMark { .. } => false,
        }
    }

    /// The hours it touches.
    pub fn hours(&self) -> impl Iterator<Item = BeijingHour> {
        let first = self.from.last_ended_hour() + 1;
        // An end on the hour touches the hour that ends there.
        let ended = self.to.last_ended_hour();
        let last = if ended.end() == self.to { ended } else { ended + 1 };
        (0..=last - first).map(move |count| first + count)
    }

    /// The finding in words.
    pub fn words(&self) -> Words {
        let (zh, en, unit) = (self.signal.name(), self.signal.name_en(), self.signal.unit());
        match &self.suspicion {
            Suspicion::Constant { value, minutes, usual_minutes } => Words::new(
                format!("{zh}连续 {minutes} 分钟恒为 {value} {unit}（以往最长 {usual_minutes} 分钟）"),
                format!("{en} stood at exactly {value} {unit} for {minutes} minutes (before: {usual_minutes} at most)"),
            ),
            Suspicion::Clipped { value, share, usual_share, values } => Words::new(
                format!(
                    "{zh}的 {values} 个值中 {} 停在最大值 {value} {unit}（以往 {}）",
                    percent(*share),
                    percent(*usual_share)
                ),
                format!(
                    "{} of {values} values of {en} stand at the greatest, {value} {unit} (before: {})",
                    percent(*share),
                    percent(*usual_share)
                ),
            ),
            Suspicion::Copied { values, original } => Words::new(
                format!("{zh}连续 {values} 个值与 {original} 起的数值完全相同"),
                format!("{values} values of {en} in a row are exactly those from {original}"),
            ),
            Suspicion::HiddenPeaks { spells, high, level, chance } => Words::new(
                format!(
                    "{zh}有 {spells} 段维护或手工标记，其中 {high} 段处于高值（≥ {level:.2} {unit}），偶然出现的概率 {chance:.1e}"
                ),
                format!(
                    "{high} of {spells} spells of maintenance or set values of {en} lie at {level:.2} {unit} and above; by chance {chance:.1e}"
                ),
            ),
            Suspicion::ContradictedMark { minutes, measured } if self.signal == Signal::Oxygen => Words::new(
                format!("申报停运 {minutes} 分钟，而含氧量为 {measured:.1} %"),
                format!("declared stopped for {minutes} minutes at {measured:.1} % oxygen"),
            ),
            Suspicion::ContradictedMark { minutes, measured } => Words::new(
                format!("申报停运 {minutes} 分钟，而{zh}为基线的 {}", percent(*measured)),
                format!("declared stopped for {minutes} minutes at {} of the usual {en}", percent(*measured)),
            ),
        }
    }
}

/// One value with its mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub start: Instant,
    pub minutes: u32,
    pub value: f64,
    pub mark: char,
}

impl Point {
    fn of(sample: &Sample, rules: &Rules) -> Option<Point> {
        let Told::Value(_, Some(value)) = sample.told else { return None };
        let mark = sample.flag.unwrap_or(rules.unmarked);
        value.is_finite().then_some(Point { start: sample.start, minutes: sample.minutes.into(), value, mark })
    }

    pub fn end(&self) -> Instant {
        Instant::from_utc(self.start.to_utc() + chrono::TimeDelta::minutes(self.minutes.into()))
    }
}

/// Looks at everything that was told during an order and before it (存疑检查).
pub fn examine(book: &HourBook, line: &OrderLine, days: &Days, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for signal in Signal::ALL.iter().copied() {
        let points: Vec<Point> = book.course(signal).into_iter().filter_map(|s| Point::of(s, rules)).collect();
        let begins = points.partition_point(|point| point.start < line.from.start());
        let ends = points.partition_point(|point| point.start < line.to.end());
        let (before, now) = (&points[..begins], &points[begins..ends]);
        let valid = |points: &[Point]| -> Vec<Point> {
            points.iter().filter(|point| rules.signal(signal).valid.contains(point.mark)).copied().collect()
        };
        let (valid_before, valid_now) = (valid(before), valid(now));
        let constant = constant::constant(signal, &valid_now, &valid_before, rules);
        if constant.is_empty() {
            findings.extend(constant::clipped(signal, &valid_now, &valid_before, rules));
        }
        findings.extend(constant);
        findings.extend(copied::copied(signal, &valid(&points[..ends]), line.from.start(), rules));
        findings.extend(hidden::hidden(signal, now, &valid_before, rules));
    }
    findings.extend(contradicted::contradicted(&book.hours(rules), line, days, rules));
    findings
}

/// A value at which standing still means nothing: a stopped stack, ambient air.
pub(crate) fn at_rest(signal: Signal, value: f64, rules: &Rules) -> bool {
    let ambient = signal == Signal::Oxygen && value >= rules.stack.oxygen_idle;
    ambient || value <= rules.signal(signal).least
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Values of ten minutes, all marked N.
    pub fn points(values: &[f64]) -> Vec<Point> {
        marked(&values.iter().map(|value| (*value, 'N')).collect::<Vec<_>>())
    }

    /// The same with their marks.
    pub fn marked(values: &[(f64, char)]) -> Vec<Point> {
        let first: Instant = "2026-01-20T00:00:00+08:00".parse().unwrap();
        let at = |place: usize| Instant::from_utc(first.to_utc() + chrono::TimeDelta::minutes(10 * place as i64));
        let point = |(place, (value, mark)): (usize, &(f64, char))| Point {
            start: at(place),
            minutes: 10,
            value: *value,
            mark: *mark,
        };
        values.iter().enumerate().map(point).collect()
    }

    /// A course that never repeats itself.
    pub fn lively(count: usize) -> Vec<f64> {
        (0..count).map(|n| 20.0 + (n as f64 * 0.7).sin() * 5.0 + (n as f64 * 0.013).cos()).collect()
    }
}
