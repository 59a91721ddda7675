use super::course::{LEVEL_DAYS, Logs, apart};
use crate::CityDays;
use crate::episode::{Episode, EpisodeDefinition, region_episodes};
use crate::past::season_distance;
use serde::Serialize;
use units::{BeijingDay, BeijingHour, Instant};

/// Days that are told of what followed.
pub(crate) const FOLLOWING: i32 = 7;

/// What makes a past day similar.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnalogRule {
    /// Observed days before the day of issue that are compared.
    pub days_before: usize,
    /// Weight of a day relative to the day after it, going back.
    pub fade_before: f64,
    /// Weight of the forecast days: the day of issue, lead day 1, 2, … as far as given.
    pub lead_weights: Vec<f64>,
    /// Largest distance between the days of the year.
    pub season_days: f64,
    /// Fewest days between two analogs, and between an analog and the issue.
    pub apart_days: i32,
    /// Most analogs.
    pub count: usize,
}

impl Default for AnalogRule {
    /// Five days back, the forecast to lead day 3, 45 days of season, 10 days apart, five analogs.
    fn default() -> Self {
        AnalogRule {
            days_before: 5,
            fade_before: 0.7,
            lead_weights: vec![1.0, 0.8, 0.5, 0.3],
            season_days: 45.0,
            apart_days: 10,
            count: 5,
        }
    }
}

impl AnalogRule {
    /// Days compared from the day of issue on.
    pub(crate) fn ahead(&self) -> usize {
        self.lead_weights.len()
    }

    /// Weights of the compared days, oldest first.
    fn weights(&self) -> Vec<f64> {
        let before = (1..=self.days_before as i32).rev().map(|back| self.fade_before.powi(back - 1));
        before.chain(self.lead_weights.iter().copied()).collect()
    }
}

/// What was recorded at the time: a warning, a measure, a remark (当时的记录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When it was recorded.
    pub time: Instant,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub source: String,
}

/// A similar past day, with what followed it. Day values in the unit of the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analog {
    /// The day that stands for the day of issue.
    pub date: BeijingDay,
    /// Root of the weighted mean squared difference of the logarithms: 0.3 is about 30 % a city and day.
    pub distance: f64,
    /// 1 = the same course, 0 = no nearer than the days of the season are on average.
    pub similarity: f64,
    /// The days before it, oldest first, with their values by city.
    pub days_before: Vec<BeijingDay>,
    /// `[city][day]`.
    pub before: Vec<Vec<f64>>,
    /// The seven days after it, with their values by city.
    pub days_after: Vec<BeijingDay>,
    /// `[city][day]`, as observed.
    pub after: Vec<Vec<f64>>,
    /// The same brought to the present thirty-day level of each city.
    pub after_at_level: Vec<Vec<f64>>,
    /// The first regional episode that touches the day or those seven, as known at the issue.
    pub episode: Option<Episode>,
    /// What was recorded from the first to the last of these days; empty is "no record", not "nothing was done".
    pub notes: Vec<Note>,
}

/// Similar past days, nearest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analogs {
    /// Cities of all values, in order.
    pub cities: Vec<String>,
    /// Days that could have been chosen.
    pub candidates: usize,
    /// The chosen ones.
    pub items: Vec<Analog>,
    /// What followed at the present level, mean over the analogs weighted by similarity, `[city][day]`;
    /// geometric, so that it is a middle course; NaN without a value.
    pub mean_after: Vec<Vec<f64>>,
}

/// Past days like the present one.
///
/// `history` are observed day values, of which only those before the day of `issue` are used; `expected` is the
/// forecast's mean course from the day of issue on, matched by name to the cities of the history (without it the
/// observed days alone are compared). A day is a candidate when it lies in the season, when all that is compared
/// and all that followed is observed before the issue, when it is at least `apart_days` from the issue, and when
/// it lies in no episode of `definition` that reaches the issue. No two analogs are taken from one episode or
/// nearer than `apart_days`.
pub fn analogs(
    rule: &AnalogRule,
    definition: &EpisodeDefinition,
    history: &CityDays,
    expected: Option<&CityDays>,
    issue: BeijingHour,
    notes: &[Note],
) -> Analogs {
    let (today, cities) = (issue.day(), history.cities().len());
    let observed_alone = AnalogRule { lead_weights: vec![], ..rule.clone() };
    let rule = if expected.is_some() { rule } else { &observed_alone };
    let known = history.before(today);
    let episodes = region_episodes(definition, &known);
    let logs = Logs::of(&known);
    let weights = rule.weights();
    let present = Logs::of(&present(rule, &known, expected, today)).course(rule, today);
    let last = today - rule.apart_days.max(FOLLOWING.max(rule.ahead() as i32 - 1) + 1);
    let first = known.first() + rule.days_before as i32;
    let candidates = (first.index()..=last.index()).map(BeijingDay::from_index);
    let mut ranked: Vec<(f64, BeijingDay)> = candidates
        .filter(|day| season_distance(*day, today) <= rule.season_days)
        .filter(|day| !episodes.iter().any(|episode| episode.end.is_none() && *day >= episode.onset))
        .filter_map(|day| Some((apart(&weights, cities, &present, &logs.course(rule, day))?, day)))
        .collect();
    let unlike = ranked.iter().map(|(apart, _)| apart).sum::<f64>() / ranked.len().max(1) as f64;
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let told = Told { known: &known, logs: &logs, episodes: &episodes, today, issue, notes };
    let chosen = chosen(rule, &episodes, &ranked);
    let items: Vec<Analog> = chosen.into_iter().map(|(apart, day)| told.analog(rule, day, apart, unlike)).collect();
    let mean_after = mean_after(&items, cities);
    Analogs { cities: history.cities().to_vec(), candidates: ranked.len(), items, mean_after }
}

/// The observed days and, from the day of issue on, the expected ones.
fn present(rule: &AnalogRule, known: &CityDays, expected: Option<&CityDays>, today: BeijingDay) -> CityDays {
    let expected = expected.map(|expected| expected.of_cities(known.cities()));
    let value = |city: usize, day: BeijingDay| match &expected {
        Some(expected) if day >= today => expected.value(city, day),
        _ => known.value(city, day),
    };
    let days = LEVEL_DAYS as usize + rule.days_before + rule.ahead();
    CityDays::new(known.cities().to_vec(), today + rule.ahead() as i32 - days as i32, days, value)
}

/// The nearest, none of them close to another or in the same episode.
fn chosen(rule: &AnalogRule, episodes: &[Episode], ranked: &[(f64, BeijingDay)]) -> Vec<(f64, BeijingDay)> {
    let together = |a: BeijingDay, b: BeijingDay| {
        let holds = |episode: &Episode, day: BeijingDay| (episode.onset..=episode.last).contains(&day);
        (a - b).abs() < rule.apart_days || episodes.iter().any(|episode| holds(episode, a) && holds(episode, b))
    };
    let mut chosen: Vec<(f64, BeijingDay)> = Vec::new();
    for candidate in ranked {
        if chosen.len() == rule.count {
            break;
        }
        if !chosen.iter().any(|(_, day)| together(*day, candidate.1)) {
            chosen.push(*candidate);
        }
    }
    chosen
}

/// What an analog is told from.
struct Told<'a> {
    known: &'a CityDays,
    logs: &'a Logs,
    episodes: &'a [Episode],
    today: BeijingDay,
    issue: BeijingHour,
    notes: &'a [Note],
}

impl Told<'_> {
    fn analog(&self, rule: &AnalogRule, date: BeijingDay, apart: f64, unlike: f64) -> Analog {
        let days_before: Vec<BeijingDay> = (1..=rule.days_before as i32).rev().map(|back| date - back).collect();
        let days_after: Vec<BeijingDay> = (1..=FOLLOWING).map(|ahead| date + ahead).collect();
        let cities = 0..self.known.cities().len();
        let values = |days: &[BeijingDay]| -> Vec<Vec<f64>> {
            cities.clone().map(|city| days.iter().map(|day| self.known.value(city, *day)).collect()).collect()
        };
        let after = values(&days_after);
        let scale = |city: usize| match (self.logs.level(city, self.today), self.logs.level(city, date)) {
            (Some(now), Some(then)) => (now - then).exp(),
            _ => f64::NAN,
        };
        let scaled = |(city, values): (usize, &Vec<f64>)| values.iter().map(|value| value * scale(city)).collect();
        let touches = |episode: &&Episode| episode.onset <= date + FOLLOWING && episode.last >= date;
        let span = date - rule.days_before as i32..=date + FOLLOWING;
        let recorded =
            |note: &&Note| note.time <= self.issue.end() && span.contains(&(note.time.last_ended_hour() + 1).day());
        Analog {
            date,
            distance: apart.sqrt(),
            similarity: if unlike > 0.0 { (1.0 - apart / unlike).clamp(0.0, 1.0) } else { 1.0 },
            before: values(&days_before),
            days_before,
            days_after,
            after_at_level: after.iter().enumerate().map(scaled).collect(),
            after,
            episode: self.episodes.iter().find(touches).cloned(),
            notes: self.notes.iter().filter(recorded).cloned().collect(),
        }
    }
}

fn mean_after(items: &[Analog], cities: usize) -> Vec<Vec<f64>> {
    let mean = |city: usize, day: usize| {
        let values = items.iter().map(|item| (item.similarity, item.after_at_level[city][day]));
        let valid = values.filter(|(weight, value)| value.is_finite() && *weight > 0.0);
        let (sum, weights) =
            valid.fold((0.0, 0.0), |(sum, all), (w, v)| (sum + w * v.max(f64::MIN_POSITIVE).ln(), all + w));
        (sum / weights).exp()
    };
    (0..cities).map(|city| (0..FOLLOWING as usize).map(|day| mean(city, day)).collect()).collect()
}

#[cfg(test)]
mod tests;
