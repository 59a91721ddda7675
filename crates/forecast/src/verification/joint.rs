use super::case::{Author, Reference, References};
use super::estimate::{Estimate, mean_by_weeks, ratio_by_weeks};
use super::event::{EventCase, EventScore, WARNING_PROBABILITY, event_score};
use crate::measures::{energy, variogram};
use serde::Serialize;
use units::BeijingDay;

/// Day mean of PM2.5 above which its index is above 150, µg/m³: 115 as reported, before rounding.
pub const HEAVY_PM25: f64 = 115.5;

/// Cities that make an event of the region.
pub const MANY_CITIES: usize = 4;

/// Smallest day mean whose logarithm is taken, µg/m³.
const FLOOR: f64 = 1.0;

/// One run's day means of PM2.5 of all cities and days together, beside what was observed (联合预报实况对).
///
/// µg/m³. Members and observation are laid out `[city * leads + lead]`, lead 0 the first day.
#[derive(Clone, Debug, PartialEq)]
pub struct JointCase {
    /// Day of the issue.
    pub issue: BeijingDay,
    /// Whose run.
    pub author: Author,
    /// Number of cities.
    pub cities: usize,
    /// Number of days.
    pub leads: usize,
    /// Equally likely courses.
    pub members: Vec<Vec<f64>>,
    /// Observed day means, NaN = missing.
    pub seen: Vec<f64>,
    /// Courses of the references.
    pub references: References<Vec<Vec<f64>>>,
}

/// Scores of the joint distribution over cities and days (联合分布检验).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JointScore {
    /// Runs with at least one event that could be scored.
    pub runs: usize,
    /// Runs observed completely, which the energy and variogram score need.
    pub complete_runs: usize,
    /// Energy score of logarithms; smaller is better.
    pub energy: Option<Estimate>,
    /// Variogram score of order 1/2 of logarithms, mean over pairs; smaller is better, sensitive to dependence.
    pub variogram: Option<Estimate>,
    /// Two days in a row above [`HEAVY_PM25`] in a city (48 小时事件).
    pub two_days: Option<EventScore>,
    /// Three days in a row (72 小时事件).
    pub three_days: Option<EventScore>,
    /// At least [`MANY_CITIES`] cities above it on one day.
    pub many_cities: Option<EventScore>,
}

/// Joint scores beside those of the references.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JointVerification {
    /// Of the runs.
    pub forecast: JointScore,
    /// Of the courses of the 30 days before each issue.
    pub climatology: Option<JointScore>,
    /// Energy skill against it.
    pub skill_climatology: Option<Estimate>,
    /// Of the last 24 hours carried on.
    pub persistence: Option<JointScore>,
    /// Energy skill against it.
    pub skill_persistence: Option<Estimate>,
}

/// Scores runs; `None` where there is nothing to score.
pub fn joint_scores(cases: &[JointCase], seed: u64) -> Option<JointVerification> {
    let told = |reference: Reference| -> Vec<(&JointCase, JointCase)> {
        let one = |case: &JointCase| {
            let members = case.references.get(reference)?.clone();
            Some(JointCase { members, references: References::default(), ..case.clone() })
        };
        cases.iter().filter_map(|case| Some((case, one(case)?))).collect()
    };
    let against = |reference: Reference| {
        let pairs = told(reference);
        let losses = pairs.iter().filter_map(|(ours, theirs)| Some((ours.issue, energy_of(ours)?, energy_of(theirs)?)));
        let skill = ratio_by_weeks(losses, seed).map(Estimate::complement);
        (joint_score(&pairs.into_iter().map(|(_, told)| told).collect::<Vec<_>>(), seed), skill)
    };
    let (climatology, skill_climatology) = against(Reference::Climatology);
    let (persistence, skill_persistence) = against(Reference::Persistence);
    Some(JointVerification {
        forecast: joint_score(cases, seed)?,
        climatology,
        skill_climatology,
        persistence,
        skill_persistence,
    })
}

/// Scores one author's runs; `None` where there is nothing to score.
pub fn joint_score(cases: &[JointCase], seed: u64) -> Option<JointScore> {
    let mean = |of: &dyn Fn(&JointCase) -> Option<f64>| {
        mean_by_weeks(cases.iter().filter_map(|case| Some((case.issue, of(case)?))), seed)
    };
    let events = |of: &dyn Fn(&JointCase) -> Vec<EventCase>| {
        let events: Vec<EventCase> = cases.iter().flat_map(of).collect();
        event_score(&events, WARNING_PROBABILITY, seed)
    };
    let runs = cases.iter().filter(|case| !days_in_a_row(case, 1).is_empty()).count();
    (runs > 0).then(|| JointScore {
        runs,
        complete_runs: cases.iter().filter(|case| complete(case)).count(),
        energy: mean(&energy_of),
        variogram: mean(&|case| complete(case).then(|| variogram(&logs(&case.members), &log(&case.seen)))),
        two_days: events(&|case| days_in_a_row(case, 2)),
        three_days: events(&|case| days_in_a_row(case, 3)),
        many_cities: events(&|case| many_cities(case, MANY_CITIES)),
    })
}

fn complete(case: &JointCase) -> bool {
    !case.members.is_empty() && case.seen.iter().all(|day| day.is_finite())
}

fn energy_of(case: &JointCase) -> Option<f64> {
    complete(case).then(|| energy(&logs(&case.members), &log(&case.seen)))
}

fn log(days: &[f64]) -> Vec<f64> {
    days.iter().map(|day| day.max(FLOOR).ln()).collect()
}

fn logs(members: &[Vec<f64>]) -> Vec<Vec<f64>> {
    members.iter().map(|member| log(member)).collect()
}

/// Events "every one of `days` days from a first day on is heavy", by city and first day, where all were observed.
pub fn days_in_a_row(case: &JointCase, days: usize) -> Vec<EventCase> {
    let firsts =
        (0..case.cities).flat_map(|city| (0..(case.leads + 1).saturating_sub(days)).map(move |lead| (city, lead)));
    let heavy = |course: &[f64]| course.iter().all(|day| *day > HEAVY_PM25);
    let one = |(city, lead): (usize, usize)| {
        let span = city * case.leads + lead..city * case.leads + lead + days;
        let seen = &case.seen[span.clone()];
        seen.iter().all(|day| day.is_finite()).then(|| event(case, heavy(seen), |member| heavy(&member[span.clone()])))
    };
    firsts.filter_map(one).filter(|_| !case.members.is_empty()).collect()
}

/// Events "at least `fewest` cities are heavy on a day", by day, where the missing cities can't change the answer.
pub fn many_cities(case: &JointCase, fewest: usize) -> Vec<EventCase> {
    let count = |course: &[f64], lead: usize, of: fn(f64) -> bool| {
        (0..case.cities).filter(|city| of(course[city * case.leads + lead])).count()
    };
    let one = |lead: usize| {
        let (heavy, missing) = (count(&case.seen, lead, |day| day > HEAVY_PM25), count(&case.seen, lead, f64::is_nan));
        let decided = heavy >= fewest || heavy + missing < fewest;
        let known = decided && missing < case.cities;
        known.then(|| event(case, heavy >= fewest, |member| count(member, lead, |day| day > HEAVY_PM25) >= fewest))
    };
    (0..case.leads).filter_map(one).filter(|_| !case.members.is_empty()).collect()
}

fn event(case: &JointCase, happened: bool, says: impl Fn(&[f64]) -> bool) -> EventCase {
    let yes = case.members.iter().filter(|member| says(member)).count();
    EventCase { issue: case.issue, probability: yes as f64 / case.members.len().max(1) as f64, happened }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(cities: usize, members: Vec<Vec<f64>>, seen: Vec<f64>) -> JointCase {
        let leads = seen.len() / cities;
        let author = Author::Model("m".into());
        let issue = "2018-01-01".parse().unwrap();
        JointCase { issue, author, cities, leads, members, seen, references: References::default() }
    }

    fn said(events: Vec<EventCase>) -> Vec<(f64, bool)> {
        events.into_iter().map(|event| (event.probability, event.happened)).collect()
    }

    #[test]
    fn two_days_in_a_row_are_counted_within_a_city_only() {
        // Two cities of two days; the last day of one and the first of the next are no pair.
        let one = case(
            2,
            vec![vec![120.0, 130.0, 10.0, 10.0], vec![10.0, 130.0, 120.0, 10.0]],
            vec![116.0, 117.0, 10.0, 10.0],
        );
        assert_eq!(said(days_in_a_row(&one, 2)), [(0.5, true), (0.0, false)]);
        assert!(days_in_a_row(&one, 3).is_empty(), "a run of two days holds no three");
    }

    #[test]
    fn the_bound_is_the_one_before_rounding() {
        let one = |seen: f64| said(days_in_a_row(&case(1, vec![vec![115.6; 2]], vec![seen; 2]), 2));
        assert_eq!((one(115.5), one(115.6)), (vec![(1.0, false)], vec![(1.0, true)]));
    }

    #[test]
    fn a_missing_day_leaves_its_pairs_out() {
        let one = case(1, vec![vec![1.0; 4]], vec![1.0, f64::NAN, 1.0, 1.0]);
        assert_eq!(days_in_a_row(&one, 2).len(), 1);
        let score = joint_score(&[one], 1).unwrap();
        assert_eq!((score.runs, score.complete_runs, score.energy, score.variogram), (1, 0, None, None));
    }

    #[test]
    fn four_cities_are_decided_unless_the_missing_ones_matter() {
        let seen = |heavy: usize, missing: usize| {
            let mut seen = vec![200.0; heavy];
            seen.resize(heavy + missing, f64::NAN);
            seen.resize(6, 20.0);
            said(many_cities(&case(6, vec![vec![200.0; 6], vec![20.0; 6]], seen), 4))
        };
        assert_eq!(seen(4, 0), [(0.5, true)]);
        assert_eq!((seen(4, 2), seen(2, 1)), (vec![(0.5, true)], vec![(0.5, false)]));
        assert!(seen(3, 1).is_empty());
    }

    #[test]
    fn one_member_costs_its_distance_in_logarithms() {
        let e = std::f64::consts::E;
        let score =
            joint_score(&[case(2, vec![vec![10.0 * e.powi(3), 10.0]], vec![10.0, 10.0 * e.powi(4)])], 1).unwrap();
        assert!((score.energy.unwrap().value - 5.0).abs() < 1e-9);
    }

    #[test]
    fn a_run_that_is_its_reference_has_no_skill() {
        let one = case(2, vec![vec![30.0, 50.0], vec![40.0, 60.0]], vec![20.0, 90.0]);
        let references =
            References { climatology: Some(one.members.clone()), persistence: Some(vec![vec![20.0, 90.0]]) };
        let found = joint_scores(&[JointCase { references, ..one }], 1).unwrap();
        assert_eq!(found.skill_climatology.unwrap().value, 0.0);
        assert_eq!(found.persistence.unwrap().energy.unwrap().value, 0.0, "a perfect reference");
        assert_eq!(found.skill_persistence, None, "nothing can be compared with a loss of zero");
    }

    #[test]
    fn no_runs_no_scores() {
        assert!(joint_scores(&[], 1).is_none());
        assert!(joint_score(&[case(1, vec![], vec![1.0])], 1).is_none());
    }
}
