use crate::engine::{Reading, Span};
use crate::{Indexed, Plan};
use serde::{Deserialize, Serialize};
use units::{BeijingHour, WarningLevel};

/// What one run proposed for one city, as the review reads it: nothing, or a span at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// When it was said.
    pub issue: BeijingHour,
    /// The level and the hours it was for, first and last included.
    pub warned: Option<(WarningLevel, BeijingHour, BeijingHour)>,
}

/// How one city's warnings stood against what came (复盘).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CityReview {
    /// City, as in the forecast.
    pub city: String,
    /// Episodes that came at the level looked at, one by one.
    pub episodes: Vec<EpisodeReview>,
    /// Hours of those episodes.
    pub episode_hours: usize,
    /// Of these, hours for which a warning stood.
    pub warned_hours: usize,
    /// Hours for which a warning stood and no episode came (空报时长). Hours without an observed index count as neither.
    pub false_hours: usize,
}

/// One episode that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeReview {
    /// Its first hour.
    pub start: BeijingHour,
    /// Its last hour.
    pub end: BeijingHour,
    /// Hours from the first warning for it, which then stood until it began, to its first hour; negative when the warning
    /// came later. `None`: missed.
    pub lead_hours: Option<i64>,
}

/// Sums over cities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewSum {
    /// Episodes that came.
    pub episodes: usize,
    /// Warned before they began.
    pub hits: usize,
    /// Warned only after they began.
    pub late: usize,
    /// Never warned.
    pub misses: usize,
    /// Mean lead of the hits, hours; `None` without any.
    pub mean_lead_hours: Option<f64>,
    /// Hours of episodes.
    pub episode_hours: usize,
    /// Of these, warned.
    pub warned_hours: usize,
    /// Hours warned without an episode.
    pub false_hours: usize,
}

/// Holds what was said run by run against what came, for a level or a higher one.
///
/// `truth` is one member of observed 24-hour indices; `standings[city]` in order of issue. The latest run speaks for an
/// hour: what a later run takes back is lifted at its issue.
pub fn review(plan: &Plan, truth: &Indexed, standings: &[Vec<Standing>], level: WarningLevel) -> Vec<CityReview> {
    let none = vec![];
    let of = |city: usize| city_review(plan, truth, city, standings.get(city).unwrap_or(&none), level);
    (0..truth.cities.len()).map(of).collect()
}

/// What perfect knowledge would have said at each issue (完全预知): the episodes that begin or go on within `hours`.
pub fn perfect(
    plan: &Plan,
    truth: &Indexed,
    issues: &[BeijingHour],
    hours: i64,
    level: WarningLevel,
) -> Vec<Vec<Standing>> {
    let of = |city: usize| {
        let met = episodes(plan, truth, city, level);
        let standing = |issue: &BeijingHour| {
            let near = met.iter().find(|(start, end)| *end > *issue && *start - *issue <= hours);
            Standing { issue: *issue, warned: near.map(|(start, end)| (level, *start, *end)) }
        };
        issues.iter().map(standing).collect()
    };
    (0..truth.cities.len()).map(of).collect()
}

/// Sums over cities.
pub fn sum(reviews: &[CityReview]) -> ReviewSum {
    let all = || reviews.iter().flat_map(|review| &review.episodes);
    let leads: Vec<i64> = all().filter_map(|episode| episode.lead_hours).collect();
    let hits: Vec<i64> = leads.iter().copied().filter(|lead| *lead > 0).collect();
    ReviewSum {
        episodes: all().count(),
        hits: hits.len(),
        late: leads.len() - hits.len(),
        misses: all().count() - leads.len(),
        mean_lead_hours: (!hits.is_empty()).then(|| hits.iter().sum::<i64>() as f64 / hits.len() as f64),
        episode_hours: reviews.iter().map(|review| review.episode_hours).sum(),
        warned_hours: reviews.iter().map(|review| review.warned_hours).sum(),
        false_hours: reviews.iter().map(|review| review.false_hours).sum(),
    }
}

fn episodes(plan: &Plan, truth: &Indexed, city: usize, level: WarningLevel) -> Vec<(BeijingHour, BeijingHour)> {
    let Some(first) = plan.levels.iter().position(|rule| rule.level >= level) else { return vec![] };
    let reading = Reading::new(plan, truth.first_hour.label());
    let hour = |column: i64| truth.first_hour + column;
    let spans: Vec<Span> = reading.met(&plan.levels[first..], truth.course(0, city));
    spans.into_iter().map(|span| (hour(span.start), hour(span.end))).collect()
}

fn city_review(plan: &Plan, truth: &Indexed, city: usize, standings: &[Standing], level: WarningLevel) -> CityReview {
    let met = episodes(plan, truth, city, level);
    let (Some(first), Some(last)) = (standings.first(), standings.last()) else {
        return CityReview { city: truth.cities[city].clone(), ..CityReview::default() };
    };
    let within = |(start, end): &(BeijingHour, BeijingHour), hour| (*start..=*end).contains(&hour);
    // An episode that began before the first run is not reviewed; a warning that stands in it is not without need either.
    let all = met.clone();
    let met: Vec<_> = met.into_iter().filter(|(start, _)| *start > first.issue && *start <= last.issue + 24).collect();
    let mut said = CityReview { city: truth.cities[city].clone(), ..CityReview::default() };
    said.episodes = met
        .iter()
        .map(|(start, end)| EpisodeReview {
            start: *start,
            end: *end,
            lead_hours: lead(standings, (*start, *end), level),
        })
        .collect();
    for (number, standing) in standings.iter().enumerate() {
        let until = standings.get(number + 1).map_or(standing.issue + 24, |next| next.issue);
        for hour in (1..=until - standing.issue).map(|ahead| standing.issue + ahead) {
            let warned = standing.warned.is_some_and(|(at, start, end)| at >= level && (start..=end).contains(&hour));
            let came = met.iter().any(|episode| within(episode, hour));
            let needless = warned && !all.iter().any(|episode| within(episode, hour));
            said.episode_hours += usize::from(came);
            said.warned_hours += usize::from(came && warned);
            said.false_hours += usize::from(needless && observed(truth, city, hour));
        }
    }
    said
}

fn observed(truth: &Indexed, city: usize, hour: BeijingHour) -> bool {
    let column = usize::try_from(hour - truth.first_hour).ok();
    let index = column.and_then(|column| truth.course(0, city).get(column).copied());
    index.is_some_and(|index| index != crate::NO_INDEX)
}

/// Hours from the first of the unbroken runs that warned of an episode to its start.
fn lead(standings: &[Standing], (start, end): (BeijingHour, BeijingHour), level: WarningLevel) -> Option<i64> {
    let warns =
        |standing: &&Standing| standing.warned.is_some_and(|(at, from, to)| at >= level && from <= end && to >= start);
    let before: Vec<&Standing> = standings.iter().filter(|standing| standing.issue < start).collect();
    let unbroken = before.iter().rev().take_while(|standing| warns(standing)).last();
    let during = || standings.iter().filter(|standing| standing.issue >= start && standing.issue < end).find(warns);
    unbroken.copied().or_else(during).map(|standing| start - standing.issue)
}
