use super::EpisodeDefinition;
use super::observed::{Stretch, stretches};
use crate::measures::quantile;
use crate::{CityDays, DayCourses};
use serde::Serialize;
use units::BeijingDay;

/// How far back the beginning of an episode that is going on is looked for, days.
const LOOK_BACK: i32 = 60;

/// What the members say of an episode (污染过程预报) of a city or of the region.
///
/// Of each member the first episode that reaches into the forecast days counts; one that began before them
/// keeps its observed onset and, when it was highest then, its observed peak.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EpisodeOutlook {
    /// The city; `None` is the region.
    pub city: Option<String>,
    /// Last day of the forecast.
    pub horizon: BeijingDay,
    /// Share of the members with an episode, 0 to 1.
    pub probability: f64,
    /// Onset of the observed episode that had not ended before the forecast days.
    pub going_since: Option<BeijingDay>,
    /// First day above the bound; like the following, over the members with an episode, `None` without one.
    pub onset: Option<DaySpread>,
    /// Day of the largest value.
    pub peak_day: Option<DaySpread>,
    /// The largest value.
    pub peak_value: Option<PeakSpread>,
    /// Last day above the bound.
    pub end: Option<EndSpread>,
    /// Share of the members with a second episode after the first has ended.
    pub again: f64,
    /// Of the region: every city with the share of members in which it is above the bound during the episode.
    pub cities: Vec<(String, f64)>,
}

/// Distribution of a day over the members: the first day by which at least 10, 50, 90 % have come, and the
/// most frequent, the earliest of equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DaySpread {
    /// 10 %.
    pub q10: BeijingDay,
    /// Half.
    pub q50: BeijingDay,
    /// 90 %.
    pub q90: BeijingDay,
    /// Most frequent.
    pub mode: BeijingDay,
}

/// The same of the end, which may lie beyond the forecast: `None` is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EndSpread {
    /// 10 %.
    pub q10: Option<BeijingDay>,
    /// Half.
    pub q50: Option<BeijingDay>,
    /// 90 %.
    pub q90: Option<BeijingDay>,
    /// Most frequent.
    pub mode: Option<BeijingDay>,
    /// Share of the members with an episode in which it may go on after the last forecast day.
    pub beyond: f64,
}

/// Distribution of the largest value over the members with an episode.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeakSpread {
    /// 10 % quantile.
    pub q10: f64,
    /// Median.
    pub q50: f64,
    /// 90 % quantile.
    pub q90: f64,
}

/// Outlooks of every city that is forecast, then of the region.
///
/// `seen` are the observed days; those from the first forecast day on are not looked at. Cities are matched
/// by name. A city without any forecast value is left out.
pub fn outlooks(definition: &EpisodeDefinition, seen: &CityDays, courses: &DayCourses) -> Vec<EpisodeOutlook> {
    let names = courses.cities();
    let seen = seen.of_cities(names).span(courses.first() - LOOK_BACK, courses.first());
    let forecast =
        |city: &usize| (0..courses.members()).any(|m| courses.course(m, *city).iter().any(|v| v.is_finite()));
    let forecast: Vec<usize> = (0..names.len()).filter(forecast).collect();
    if forecast.is_empty() {
        return vec![];
    }
    let city = |city: &usize| {
        let past = seen.city(*city).iter().copied();
        let of = |member: usize| courses.course(member, *city).iter().map(|value| f64::from(*value));
        let told = Told::of(definition, past, courses.members(), of);
        told.outlook(courses, Some(names[*city].clone()), vec![])
    };
    let days = (courses.end() - courses.first()).max(0) as usize;
    let across = |member: usize, day: usize| forecast.iter().map(move |c| f64::from(courses.course(member, *c)[day]));
    let past =
        (0..LOOK_BACK).map(|d| definition.region_value(forecast.iter().map(|c| seen.value(*c, seen.first() + d))));
    let of = |member: usize| (0..days).map(move |day| definition.region_value(across(member, day)));
    let told = Told::of(definition, past, courses.members(), of);
    let cities = forecast.iter().map(|city| (names[*city].clone(), told.share_above(definition, courses, *city)));
    let region = told.outlook(courses, None, cities.collect());
    forecast.iter().map(city).chain([region]).collect()
}

/// What each member tells of one series.
struct Told {
    /// Days of observation every member's series begins with.
    past: usize,
    going_since: Option<usize>,
    /// Days of a member's series.
    days: usize,
    /// The first run that reaches the forecast days, with whether it is open at their end, by member.
    first: Vec<Option<(Stretch, bool)>>,
    again: usize,
}

impl Told {
    fn of<I: Iterator<Item = f64>>(
        definition: &EpisodeDefinition,
        past: impl Iterator<Item = f64>,
        members: usize,
        member: impl Fn(usize) -> I,
    ) -> Told {
        let past: Vec<f64> = past.collect();
        let open = |runs: Vec<Stretch>| runs.last().filter(|r| r.open(past.len(), definition.gap_days)).copied();
        let single = EpisodeDefinition { fewest_days: 1, ..definition.clone() };
        // Only a run that is still open can reach the forecast: the days before it change nothing.
        let from = open(stretches(&single, past.iter().copied())).map_or(past.len(), |run| run.onset);
        let going_since = open(stretches(definition, past.iter().copied())).map(|run| run.onset);
        let mut told = Told { past: past.len(), going_since, days: past.len(), first: vec![], again: 0 };
        for m in 0..members {
            let series: Vec<f64> = past[from..].iter().copied().chain(member(m)).collect();
            told.days = from + series.len();
            let mut runs = stretches(definition, series.iter().copied()).into_iter().map(|run| run.later(from));
            let first = runs.find(|run| run.last >= past.len());
            told.again += usize::from(runs.next().is_some());
            told.first.push(first.map(|run| (run, run.open(told.days, definition.gap_days))));
        }
        told
    }

    /// Share of members in which a city is above the bound on a forecast day of the member's episode.
    fn share_above(&self, definition: &EpisodeDefinition, courses: &DayCourses, city: usize) -> f64 {
        let above = |(member, run): (usize, &Option<(Stretch, bool)>)| {
            run.is_some_and(|(run, _)| {
                let days = run.onset.saturating_sub(self.past)..=run.last - self.past;
                courses.course(member, city)[days].iter().any(|value| definition.exceeded(f64::from(*value)))
            })
        };
        let count = self.first.iter().enumerate().filter(|told| above(*told)).count();
        count as f64 / self.first.len().max(1) as f64
    }

    fn outlook(&self, courses: &DayCourses, city: Option<String>, cities: Vec<(String, f64)>) -> EpisodeOutlook {
        let members = self.first.len().max(1) as f64;
        let day = |column: usize| courses.first() + (column as i32 - self.past as i32);
        let runs: Vec<(Stretch, bool)> = self.first.iter().flatten().copied().collect();
        let days = |of: fn(&Stretch) -> usize| DaySpread::of(runs.iter().map(|(run, _)| day(of(run))).collect());
        let ends = runs.iter().map(|(run, open)| (!open).then(|| day(run.last))).collect();
        EpisodeOutlook {
            city,
            horizon: courses.end() - 1,
            probability: runs.len() as f64 / members,
            going_since: self.going_since.map(day),
            onset: days(|run| run.onset),
            peak_day: days(|run| run.peak),
            peak_value: PeakSpread::of(runs.iter().map(|(run, _)| run.peak_value).collect()),
            end: EndSpread::of(ends),
            again: self.again as f64 / members,
            cities,
        }
    }
}

impl Stretch {
    fn later(self, by: usize) -> Stretch {
        Stretch { onset: self.onset + by, last: self.last + by, peak: self.peak + by, ..self }
    }
}

/// The smallest of an ascending sample that at least the share `p` does not exceed.
fn at<T: Copy>(sorted: &[T], p: f64) -> Option<T> {
    sorted.get(((p * sorted.len() as f64).ceil() as usize).saturating_sub(1)).copied()
}

/// The most frequent of an ascending sample, the first of equal ones.
fn mode<T: Copy + PartialEq>(sorted: &[T]) -> Option<T> {
    let runs = sorted.chunk_by(|a, b| a == b).rev();
    runs.max_by_key(|run| run.len()).map(|run| run[0])
}

impl DaySpread {
    fn of(mut days: Vec<BeijingDay>) -> Option<DaySpread> {
        days.sort_unstable();
        Some(DaySpread { q10: at(&days, 0.1)?, q50: at(&days, 0.5)?, q90: at(&days, 0.9)?, mode: mode(&days)? })
    }
}

impl EndSpread {
    fn of(mut ends: Vec<Option<BeijingDay>>) -> Option<EndSpread> {
        // Beyond the forecast is later than every day of it.
        ends.sort_unstable_by_key(|end| (end.is_none(), *end));
        let beyond = ends.iter().filter(|end| end.is_none()).count() as f64 / ends.len().max(1) as f64;
        let (q10, q50, q90) = (at(&ends, 0.1)?, at(&ends, 0.5)?, at(&ends, 0.9)?);
        Some(EndSpread { q10, q50, q90, mode: mode(&ends)?, beyond })
    }
}

impl PeakSpread {
    fn of(mut peaks: Vec<f64>) -> Option<PeakSpread> {
        peaks.sort_by(f64::total_cmp);
        let of = |p| quantile(&peaks, p);
        (!peaks.is_empty()).then(|| PeakSpread { q10: of(0.1), q50: of(0.5), q90: of(0.9) })
    }
}

#[cfg(test)]
mod tests;
