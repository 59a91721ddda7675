use super::case::{Author, IndexCase, Reference, Told};
use super::event::WARNING_PROBABILITY;
use super::timing::{Step, TimingScore, timing_score};
use serde::Serialize;
use std::collections::BTreeMap;
use units::BeijingDay;

/// Index above which a day belongs to an episode.
const BOUND: u16 = 150;
/// Days an episode lasts at least.
const FEWEST_DAYS: usize = 2;
/// Clean days between two episodes that are still meant for each other, plus one.
const REACH_DAYS: usize = 1;
/// Days between two forecasts after which a new course begins, so that a summer between two winters is no hole to fill.
const LONGEST_GAP: i32 = 30;

/// Timing of episodes of days with an AQI above 150, in days, beside the references (过程起止与峰值时间误差).
///
/// A forecast day belongs to an episode when its probability is above [`WARNING_PROBABILITY`]; the peak is the day with
/// the largest middle of the range.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexTiming {
    /// Of the forecasts.
    pub forecast: Option<TimingScore>,
    /// Of the climatology, over the cases that have one.
    pub climatology: Option<TimingScore>,
    /// Of persistence.
    pub persistence: Option<TimingScore>,
}

/// Compares the day courses of every author, city and lead. `None` where nothing and nobody saw an episode.
pub fn index_timing(cases: &[&IndexCase]) -> Option<IndexTiming> {
    let told = |reference: Reference| {
        let told: Vec<IndexCase> = cases.iter().filter_map(|case| case.told_by(reference)).collect();
        score(&told.iter().collect::<Vec<_>>())
    };
    let timing = IndexTiming {
        forecast: score(cases),
        climatology: told(Reference::Climatology),
        persistence: told(Reference::Persistence),
    };
    let any = timing.forecast.is_some() || timing.climatology.is_some() || timing.persistence.is_some();
    any.then_some(timing)
}

/// Forecast and observed steps of the same days.
type Courses = (Vec<Option<Step>>, Vec<Option<Step>>);

fn score(cases: &[&IndexCase]) -> Option<TimingScore> {
    let mut series: BTreeMap<(&Author, &str, u8), BTreeMap<BeijingDay, &IndexCase>> = BTreeMap::new();
    for case in cases {
        let occasion = &case.occasion;
        let days = series.entry((&occasion.author, &occasion.city, occasion.lead_day)).or_default();
        days.insert(occasion.date, case);
    }
    let courses: Vec<Courses> = series.values().flat_map(courses).collect();
    timing_score(courses.iter().map(|(said, seen)| (said.as_slice(), seen.as_slice())), FEWEST_DAYS, REACH_DAYS)
}

/// The days of one author, city and lead as courses without long gaps; a day without a case is a missing step.
fn courses(days: &BTreeMap<BeijingDay, &IndexCase>) -> Vec<Courses> {
    let mut courses: Vec<Courses> = vec![];
    let mut before: Option<BeijingDay> = None;
    for (date, case) in days {
        let gap = before.map_or(i32::MAX, |before| *date - before);
        if gap > LONGEST_GAP {
            courses.push((vec![], vec![]));
        }
        if let Some((said, seen)) = courses.last_mut() {
            let missing = if gap > LONGEST_GAP { 0 } else { gap as usize - 1 };
            said.extend(std::iter::repeat_n(None, missing));
            seen.extend(std::iter::repeat_n(None, missing));
            let probable = |p: f64| Step { above: p > WARNING_PROBABILITY, value: f64::from(case.said.middle().get()) };
            said.push(case.said.p_aqi150.map(probable));
            seen.push(Some(Step { above: case.seen.get() > BOUND, value: f64::from(case.seen.get()) }));
        }
        before = Some(*date);
    }
    courses
}

#[cfg(test)]
mod tests {
    use super::super::example::index;
    use super::*;

    fn cases(said: &[f64], seen: &[u16]) -> Vec<IndexCase> {
        let one = |(day, (p, seen)): (usize, (&f64, &u16))| index(day as i32, (100, 140), &[], *p, *seen);
        said.iter().zip(seen).enumerate().map(one).collect()
    }

    fn timed(cases: &[IndexCase]) -> TimingScore {
        index_timing(&cases.iter().collect::<Vec<_>>()).unwrap().forecast.unwrap()
    }

    #[test]
    fn a_probability_of_one_third_makes_an_episode_day() {
        let found = timed(&cases(&[0.1, 0.4, 0.4, 0.2, 0.1], &[60, 90, 160, 210, 80]));
        assert_eq!((found.matched, found.missed, found.false_alarms), (1, 0, 0));
        assert_eq!((found.start.unwrap().mean, found.end.unwrap().mean), (-1.0, -1.0));
    }

    #[test]
    fn one_day_above_is_no_episode() {
        let found = index_timing(&cases(&[0.1, 0.1, 0.1], &[60, 180, 60]).iter().collect::<Vec<_>>());
        assert_eq!(found, None);
    }

    #[test]
    fn cities_and_leads_are_courses_of_their_own() {
        let mut other = cases(&[0.1, 0.1, 0.1, 0.1], &[60, 180, 180, 60]);
        other.iter_mut().for_each(|case| case.occasion.city = "320300".into());
        let found = timed(&[cases(&[0.1, 0.5, 0.5, 0.1], &[60, 180, 180, 60]), other].concat());
        assert_eq!((found.observed, found.matched, found.missed), (2, 1, 1));
    }

    #[test]
    fn two_winters_are_two_courses() {
        let later = |mut case: IndexCase| {
            case.occasion.date = case.occasion.date + 300;
            case
        };
        let all: Vec<IndexCase> = cases(&[0.5, 0.5, 0.1], &[180, 180, 60])
            .into_iter()
            .chain(cases(&[0.5, 0.5, 0.1], &[180, 180, 60]).into_iter().map(later))
            .collect();
        assert_eq!(timed(&all).matched, 2);
    }
}
