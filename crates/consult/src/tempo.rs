use crate::{RoomKind, TempoRule, TempoStep, Thresholds, Words};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{BeijingDay, BeijingHour, Instant, Share};

/// The largest probability over cities and days, of each kind; `None` without a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpisodeProbabilities {
    /// Of a daily index above 150.
    pub above150: Option<Peak>,
    /// Of a daily index above 200.
    pub above200: Option<Peak>,
    /// Of two days in a row above 150, calibrated.
    pub event48: Option<Peak>,
}

/// Where a probability is largest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// How large.
    pub share: Share,
    /// In which city, in Chinese.
    pub city: String,
    /// In English.
    pub city_en: String,
    /// On which day, where one can be named.
    pub day: Option<BeijingDay>,
}

/// Where the tempo stands (当前频次).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TempoStanding {
    /// The step.
    pub step: String,
    /// Since when.
    pub since: Instant,
    /// When a threshold that keeps it was last reached.
    pub reached: Instant,
    /// When a room was last opened by the rule: its nominal time.
    pub opened: Option<Instant>,
}

/// What the rule says at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct TempoPlan {
    /// Where the tempo stands now.
    pub standing: TempoStanding,
    /// The kind of its rooms.
    pub kind: RoomKind,
    /// The nominal time of a room that is to be opened now.
    pub due: Option<Instant>,
    /// The rooms to come within a day, if nothing changes.
    pub next: Vec<Instant>,
    /// When to look again: the next hour at which any step opens a room.
    pub look: Instant,
    /// Why.
    pub reason: Words,
}

/// How often to meet now (会商频次判定). A step is taken as soon as one of its thresholds is reached, and left only when
/// no threshold that keeps it has been reached for the rule's hours (滞回): an episode that flickers around a threshold
/// does not call people in and send them home.
pub fn tempo(
    rule: &TempoRule,
    probabilities: &EpisodeProbabilities,
    now: Instant,
    last: Option<&TempoStanding>,
) -> TempoPlan {
    let peaks = probabilities.all();
    let before = last.and_then(|last| Some((rule.place(&last.step)?, last)));
    let place = stand(rule, &peaks, now, before);
    let step = &rule.steps[place];
    let held = met(&step.raise, &peaks).or_else(|| met(&step.keep, &peaks));
    // A clock that was set back must not keep a step for the time in between.
    let (since, reached) = match before {
        Some((was, last)) if was == place => {
            (last.since.min(now), if held.is_some() { now } else { last.reached.min(now) })
        }
        _ => (now, now),
    };
    let opened = last.and_then(|last| last.opened).filter(|opened| *opened <= now);
    let due = due(step, rule, now).filter(|due| opened.is_none_or(|opened| opened < *due));
    TempoPlan {
        standing: TempoStanding { step: step.id.clone(), since, reached, opened: due.or(opened) },
        kind: step.kind,
        due,
        next: after(&step.at, now).take_while(|at| at.to_utc() - now.to_utc() <= TimeDelta::days(1)).collect(),
        look: first_after(rule, now),
        reason: reason(rule, step, held, before.map(|(was, _)| was), place),
    }
}

/// The place of the step that holds now.
fn stand(rule: &TempoRule, peaks: &[Option<&Peak>; 3], now: Instant, before: Option<(usize, &TempoStanding)>) -> usize {
    let taken = (0..rule.steps.len()).rev().find(|place| met(&rule.steps[*place].raise, peaks).is_some()).unwrap_or(0);
    let Some((was, last)) = before.filter(|(was, _)| *was > taken) else { return taken };
    let kept = (taken + 1..=was).rev().find(|place| met(&rule.steps[*place].keep, peaks).is_some());
    let hold = TimeDelta::hours(i64::from(rule.hold_hours));
    let rests = (now.to_utc() - last.reached.to_utc()).abs() < hold;
    let unknown = peaks.iter().all(Option::is_none);
    if rests || unknown { was } else { kept.unwrap_or(taken) }
}

/// The first threshold that is reached, with its peak and its place.
fn met<'a>(thresholds: &Thresholds, peaks: &[Option<&'a Peak>; 3]) -> Option<(usize, Share, &'a Peak)> {
    let reached = |(place, (threshold, peak)): (usize, (Option<Share>, &Option<&'a Peak>))| {
        let (threshold, peak) = threshold.zip(*peak)?;
        (peak.share >= threshold).then_some((place, threshold, peak))
    };
    // The gravest last in the list, the gravest first in the words.
    thresholds.all().into_iter().zip(peaks).enumerate().rev().find_map(reached)
}

/// The nominal time of the opening that lies at or shortly before now.
fn due(step: &TempoStep, rule: &TempoRule, now: Instant) -> Option<Instant> {
    let begin = Instant::from_utc(now.to_utc() - TimeDelta::minutes(i64::from(rule.grace_minutes)));
    let earlier = Instant::from_utc(begin.to_utc() - TimeDelta::seconds(1));
    after(&step.at, earlier).take_while(|at| *at <= now).last()
}

fn first_after(rule: &TempoRule, now: Instant) -> Instant {
    let hours: BTreeSet<u8> = rule.steps.iter().flat_map(|step| step.at.iter().copied()).collect();
    let hours: Vec<u8> = hours.into_iter().collect();
    after(&hours, now).next().expect("a rule has steps with hours")
}

/// The moments at these hours after a moment, without end.
fn after(hours: &[u8], moment: Instant) -> impl Iterator<Item = Instant> {
    let first = moment.last_ended_hour().day() - 1;
    let days = (0..).map(move |n| first + n);
    let all = days.flat_map(|day| hours.iter().map(move |hour| moment_at(day, *hour)));
    all.skip_while(move |at| *at <= moment)
}

/// `hour` o'clock of a day; midnight begins it.
fn moment_at(day: BeijingDay, hour: u8) -> Instant {
    let first = BeijingHour::of_day(day, 1).expect("a day has a first hour");
    (first + i64::from(hour)).start()
}

fn reason(
    rule: &TempoRule,
    step: &TempoStep,
    held: Option<(usize, Share, &Peak)>,
    was: Option<usize>,
    place: usize,
) -> Words {
    let change = match was {
        Some(was) if was < place => ("升级为", "raised to"),
        Some(was) if was > place => ("降为", "lowered to"),
        _ => ("执行", "at"),
    };
    let (why, why_en) = match held {
        Some((kind, threshold, peak)) => {
            let (name, name_en) =
                [("AQI>150", "AQI>150"), ("AQI>200", "AQI>200"), ("连续两日 AQI>150", "two days in a row above 150")]
                    [kind];
            let (on, on_en) = peak.day.map_or_else(Default::default, |day| (format!(" {day}"), format!(" on {day}")));
            let (share, bound) = (percent(peak.share), percent(threshold));
            (
                format!("{}{on} {name}概率 {share}%（阈值 {bound}%）", peak.city),
                format!("probability of {name_en} in {}{on_en} is {share} % (threshold {bound} %)", peak.city_en),
            )
        }
        None if place == 0 => ("未达到加密条件".to_string(), "no threshold is reached".to_string()),
        None => (
            format!("按滞回要求保持（未达阈值不足 {} 小时或无可用预报）", rule.hold_hours),
            format!("held: below the thresholds for less than {} h, or no run is there", rule.hold_hours),
        ),
    };
    Words {
        zh: format!("{}“{}”：{why}；规则 {}", change.0, step.title, rule.id),
        en: format!("{} “{}”: {why_en}; rule {}", change.1, step.title_en, rule.id),
    }
}

/// Rounded down: a probability below its threshold never reads as if it were reached.
fn percent(share: Share) -> u32 {
    (share.get() * 100.0 + 1e-9).floor() as u32
}

impl EpisodeProbabilities {
    fn all(&self) -> [Option<&Peak>; 3] {
        [self.above150.as_ref(), self.above200.as_ref(), self.event48.as_ref()]
    }
}
