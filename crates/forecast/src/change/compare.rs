use super::reason::{Reason, Since, reasons, unexplained};
use crate::episode::EpisodeOutlook;
use serde::Serialize;
use units::{Aqi, AqiLevel, BeijingDay, BeijingHour};

/// Smallest change of the median index that is told, index points: below it a new draw of members could be all.
const TOLD_AQI: f64 = 10.0;
/// Smallest change of a probability that is told.
const TOLD_SHARE: f64 = 0.1;
/// Probability above which an episode is told with its days.
const TOLD_EPISODE: f64 = 0.3;
/// What weighs as much as one day or one level: a level of the index is 50 points.
const STEP_AQI: f64 = 50.0;
/// The same of a probability.
const STEP_SHARE: f64 = 0.25;

/// What a run said, as far as two runs are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The issue time.
    pub issue: BeijingHour,
    /// Identifier of the model.
    pub model_id: String,
    /// Guidance that was present, by name.
    pub guidance: Vec<String>,
    /// Cities that were not forecast, by name.
    pub left_out: Vec<String>,
    /// Day values.
    pub days: Vec<DayStatement>,
    /// Episodes of cities and region, by one definition.
    pub episodes: Vec<EpisodeOutlook>,
}

/// What a run said of a city and day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayStatement {
    /// City, as in the run.
    pub city: String,
    /// The day.
    pub date: BeijingDay,
    /// Index of the median.
    pub median: Aqi,
    /// Probability of an index above 150.
    pub p_aqi150: f64,
    /// Levels the published range reaches, ascending.
    pub levels: Vec<AqiLevel>,
}

impl DayStatement {
    /// The levels are those the published range of the index reaches.
    pub fn new(
        city: &str,
        date: BeijingDay,
        median: Aqi,
        p_aqi150: f64,
        (lowest, highest): (Aqi, Aqi),
    ) -> DayStatement {
        let reached = AqiLevel::of(lowest)..=AqiLevel::of(highest);
        let levels = AqiLevel::ALL.into_iter().filter(|level| reached.contains(level)).collect();
        DayStatement { city: city.to_string(), date, median, p_aqi150, levels }
    }
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Index of the median.
    Median,
    /// Probability of an index above 150.
    PAqi150,
    /// Levels of the published range.
    Levels,
    /// Median onset of the episode.
    Onset,
    /// Median peak day.
    Peak,
    /// Median end.
    End,
}

/// A figure before or after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// An index.
    Aqi(Aqi),
    /// A probability.
    Share(f64),
    /// Levels, ascending.
    Levels(Vec<AqiLevel>),
    /// A day of an episode; `None` without an episode to tell, and of an end beyond the forecast.
    Day(Option<BeijingDay>),
}

/// One difference between two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The city; `None` is the region.
    pub city: Option<String>,
    /// The day, of day values.
    pub date: Option<BeijingDay>,
    /// What is different.
    pub what: ChangeKind,
    /// As the earlier run said.
    pub from: Figure,
    /// As this run says.
    pub to: Figure,
    /// How much, in steps that weigh alike: 50 index points, a quarter of probability, one level, one day.
    pub size: f64,
}

/// Differences of two runs, the largest first, with what explains them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changes {
    /// Issue time of this run.
    pub issue: BeijingHour,
    /// Issue time of the earlier run; `None` of the first run, which has nothing to be compared with.
    pub previous: Option<BeijingHour>,
    /// What is different.
    pub items: Vec<Change>,
    /// What differs in what the runs were made from.
    pub reasons: Vec<Reason>,
    /// Cities whose largest change has no reason: none for all cities, and of their own none or one that points
    /// the other way.
    pub unexplained: Vec<String>,
}

/// Compares two runs on the cities and days both of them have.
///
/// `since` is what was observed between the issue times beside what the earlier run said of those hours.
pub fn changes(previous: Option<&Statement>, this: &Statement, since: &[Since]) -> Changes {
    let Some(previous) = previous else {
        return Changes { issue: this.issue, previous: None, items: vec![], reasons: vec![], unexplained: vec![] };
    };
    let mut items = day_changes(previous, this);
    items.extend(episode_changes(previous, this));
    items.sort_by(|a, b| b.size.total_cmp(&a.size));
    let reasons = reasons(previous, this, since);
    let unexplained = unexplained(&items, &reasons);
    Changes { issue: this.issue, previous: Some(previous.issue), items, reasons, unexplained }
}

impl Change {
    /// Whether the forecast rose or fell; `None` of days and level sets.
    pub(crate) fn rises(&self) -> Option<bool> {
        match (&self.from, &self.to) {
            (Figure::Aqi(from), Figure::Aqi(to)) => Some(to > from),
            (Figure::Share(from), Figure::Share(to)) => Some(to > from),
            _ => None,
        }
    }
}

fn day_changes(previous: &Statement, this: &Statement) -> Vec<Change> {
    let before = |now: &DayStatement| previous.days.iter().find(|day| day.city == now.city && day.date == now.date);
    let pairs = this.days.iter().filter_map(|now| Some((before(now)?, now)));
    pairs.flat_map(|(before, now)| day_change(before, now)).collect()
}

fn day_change(before: &DayStatement, now: &DayStatement) -> Vec<Change> {
    let change =
        |what, from, to, size| Change { city: Some(now.city.clone()), date: Some(now.date), what, from, to, size };
    let points = f64::from(now.median.get().abs_diff(before.median.get()));
    let share = (now.p_aqi150 - before.p_aqi150).abs();
    let mut found = Vec::new();
    if points >= TOLD_AQI {
        found.push(change(ChangeKind::Median, Figure::Aqi(before.median), Figure::Aqi(now.median), points / STEP_AQI));
    }
    if share >= TOLD_SHARE {
        let (from, to) = (Figure::Share(before.p_aqi150), Figure::Share(now.p_aqi150));
        found.push(change(ChangeKind::PAqi150, from, to, share / STEP_SHARE));
    }
    if before.levels != now.levels {
        let (from, to) = (Figure::Levels(before.levels.clone()), Figure::Levels(now.levels.clone()));
        found.push(change(ChangeKind::Levels, from, to, levels_apart(&before.levels, &now.levels)));
    }
    found
}

/// Mean shift of the two ends of a set of levels.
fn levels_apart(a: &[AqiLevel], b: &[AqiLevel]) -> f64 {
    let ends = |levels: &[AqiLevel]| Some((levels.first()?.number(), levels.last()?.number()));
    match (ends(a), ends(b)) {
        (Some(a), Some(b)) => f64::from(a.0.abs_diff(b.0) + a.1.abs_diff(b.1)) / 2.0,
        (a, b) => f64::from(u8::from(a.is_some() != b.is_some())),
    }
}

fn episode_changes(previous: &Statement, this: &Statement) -> Vec<Change> {
    let pair = |now: &EpisodeOutlook| previous.episodes.iter().find(|before| before.city == now.city).cloned();
    let pairs = this.episodes.iter().filter_map(|now| Some((pair(now)?, now)));
    pairs.flat_map(|(before, now)| episode_change(&before, now)).collect()
}

/// The days of an episode, when it is likely enough to be told: onset, peak, end.
fn told_days(outlook: &EpisodeOutlook) -> Option<[Option<BeijingDay>; 3]> {
    let likely = outlook.probability > TOLD_EPISODE;
    likely.then_some([outlook.onset?.q50.into(), outlook.peak_day?.q50.into(), outlook.end?.q50])
}

fn episode_change(before: &EpisodeOutlook, now: &EpisodeOutlook) -> Vec<Change> {
    let kinds = [ChangeKind::Onset, ChangeKind::Peak, ChangeKind::End];
    let size = |kind: ChangeKind, a: Option<BeijingDay>, b: Option<BeijingDay>| match (a, b) {
        (Some(a), Some(b)) => f64::from((a - b).abs()),
        // The end has moved beyond the forecast or back: at least to the day after it.
        (None, Some(day)) if kind == ChangeKind::End => f64::from((before.horizon + 1 - day).abs().max(1)),
        (Some(day), None) if kind == ChangeKind::End => f64::from((now.horizon + 1 - day).abs().max(1)),
        _ => 0.0,
    };
    let change = |what, a, b, size| {
        let (from, to) = (Figure::Day(a), Figure::Day(b));
        Change { city: now.city.clone(), date: None, what, from, to, size }
    };
    // An episode that appears or goes weighs like two days.
    match (told_days(before), told_days(now)) {
        (Some(before), Some(now)) => {
            let moved = kinds.iter().zip(before.into_iter().zip(now)).filter(|(_, (a, b))| a != b);
            moved.map(|(kind, (a, b))| change(*kind, a, b, size(*kind, a, b))).collect()
        }
        (None, Some([onset, ..])) => vec![change(ChangeKind::Onset, None, onset, 2.0)],
        (Some([onset, ..]), None) => vec![change(ChangeKind::Onset, onset, None, 2.0)],
        (None, None) => vec![],
    }
}

#[cfg(test)]
mod tests;
