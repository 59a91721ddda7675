//! The back-test on the KDD Cup 2018: trained consensus against the member chosen on the same past (回算检验).
//!
//! Members are the submission, the submission of the day before where it reaches, and four simple forecasts of the
//! observations. A segment is a pollutant of Beijing or London and a day of the forecast. Nothing is learned from a
//! target that was not over: before the issue, or before a fixed bound.

use crate::consensus::{Case, Settings, learn};
use crate::import::kdd;
use crate::{Member, baseline};
use forecast::History;
use std::collections::BTreeMap;
use units::{BeijingHour, Pollutant};

/// Names of the members, in the order of their scores.
pub const MEMBERS: [&str; 6] =
    ["submission", "lagged", baseline::NAMES[0], baseline::NAMES[1], baseline::NAMES[2], baseline::NAMES[3]];
pub(crate) const SEGMENTS: [(&str, Pollutant); 5] = [
    ("Beijing", Pollutant::Pm25),
    ("Beijing", Pollutant::Pm10),
    ("Beijing", Pollutant::O3),
    ("London", Pollutant::Pm25),
    ("London", Pollutant::Pm10),
];
/// Issues learned from before the first is scored.
const FIRST_SCORED: usize = 5;

/// From what the weights of an issue are learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Learning {
    /// Whatever was over at the issue; the first five issues are not scored.
    Rolling,
    /// Only what was over by this hour; issues from it on are scored.
    Until(BeijingHour),
}

/// Scores of a segment: symmetric mean absolute percentage error, 0 to 2.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// `Beijing` or `London`.
    pub city: &'static str,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// First or second day.
    pub day: usize,
    /// Station hours scored, the same for every column.
    pub hours: usize,
    /// The consensus with learned weights.
    pub trained: f64,
    /// The member with the least error on what the weights were learned from.
    pub chosen: f64,
    /// Equal weights.
    pub equal: f64,
    /// Each member; hours at which it says nothing are those of the others' equal mean.
    pub single: [f64; 6],
    /// Weights of the last issue.
    pub weights: Vec<f64>,
}

impl Segment {
    /// The best member, known only afterwards.
    pub fn hindsight(&self) -> f64 {
        self.single.iter().copied().fold(f64::MAX, f64::min)
    }
}

/// Scores all ten segments; `submissions` of one model, one an issue, and observations by station.
pub fn run(submissions: &[Member], truth: &History, learning: Learning, settings: Settings) -> Vec<Segment> {
    let by_issue: BTreeMap<BeijingHour, &Member> = submissions.iter().map(|member| (member.run, member)).collect();
    let segments = SEGMENTS.into_iter().flat_map(|(city, pollutant)| [1, 2].map(|day| (city, pollutant, day)));
    let scored = segments.filter_map(|(city, pollutant, day)| {
        let cases = cases(&by_issue, truth, city, pollutant, day);
        score(&cases, learning, settings).map(|sums| sums.segment(city, pollutant, day))
    });
    scored.collect()
}

/// Segments in which the trained consensus beats the member chosen on the same past.
pub fn beaten(segments: &[Segment]) -> usize {
    segments.iter().filter(|segment| segment.trained < segment.chosen).count()
}

/// Symmetric absolute percentage error of one value, 0 to 2.
pub fn smape(said: f64, seen: f64) -> f64 {
    if said + seen > 0.0 { 2.0 * (said - seen).abs() / (said + seen) } else { 0.0 }
}

/// All cases of a segment, oldest issue first.
pub fn cases(
    by_issue: &BTreeMap<BeijingHour, &Member>,
    truth: &History,
    city: &str,
    pollutant: Pollutant,
    day: usize,
) -> Vec<Case> {
    let mut cases = vec![];
    for (issue, submission) in by_issue {
        let before = by_issue.get(&(*issue - 24));
        for (place, name) in submission.places.iter().enumerate().filter(|(_, name)| city_of(name) == city) {
            let Some(station) = truth.cities.iter().position(|known| known == name) else { continue };
            let first = kdd::first_hour(*issue) + 24 * (day as i64 - 1);
            for hour in (0..24).map(|n| first + n) {
                let of = |member: &Member, place: usize| at(member, pollutant, place, hour);
                let lagged = before.and_then(|run| of(run, run.places.iter().position(|known| known == name)?));
                let simple = baseline::said(truth, pollutant, station, *issue, hour);
                let said = [of(submission, place), lagged].into_iter().chain(simple);
                let said = said.map(|value| value.map(|value| [value; 5])).collect();
                let seen = truth.value(pollutant, station, hour);
                cases.push(Case { issue: *issue, over: hour, place: station, said, seen });
            }
        }
    }
    cases
}

/// The stations of Beijing are those whose names end in `_aq`.
pub fn city_of(station: &str) -> &'static str {
    if station.ends_with("_aq") { "Beijing" } else { "London" }
}

fn at(member: &Member, pollutant: Pollutant, place: usize, hour: BeijingHour) -> Option<f64> {
    let column = member.hours.binary_search(&hour).ok()?;
    Some(member.value(pollutant, place, column)).filter(|value| value.is_finite())
}

/// Sums of errors under way.
#[derive(Default)]
struct Sums {
    hours: f64,
    trained: f64,
    chosen: f64,
    equal: f64,
    single: [f64; 6],
    weights: Vec<f64>,
}

fn score(cases: &[Case], learning: Learning, settings: Settings) -> Option<Sums> {
    let mut issues: Vec<BeijingHour> = cases.iter().map(|case| case.issue).collect();
    issues.dedup();
    let mut sums = Sums::default();
    let scored = issues.iter().enumerate().filter(|(n, issue)| match learning {
        Learning::Rolling => *n >= FIRST_SCORED,
        Learning::Until(bound) => **issue >= bound,
    });
    for (_, issue) in scored {
        let until = if let Learning::Until(bound) = learning { bound } else { *issue };
        let past: Vec<Case> = cases.iter().filter(|case| case.over <= until).cloned().collect();
        let rule = learn(&past, MEMBERS.len(), until, settings);
        let equal = learn(&[], MEMBERS.len(), until, settings);
        let chosen = chosen(&past);
        for case in cases.iter().filter(|case| case.issue == *issue && case.seen.is_finite()) {
            let (Some(trained), Some(mean)) = (rule.apply(case.place, &case.said), equal.apply(case.place, &case.said))
            else {
                continue;
            };
            let alone = |member: usize| case.said[member].map_or(mean[2], |said| said[2]);
            sums.hours += 1.0;
            sums.trained += smape(trained[2], case.seen);
            sums.equal += smape(mean[2], case.seen);
            sums.chosen += smape(alone(chosen), case.seen);
            (0..MEMBERS.len()).for_each(|member| sums.single[member] += smape(alone(member), case.seen));
        }
        sums.weights = rule.weights;
    }
    (sums.hours > 0.0).then_some(sums)
}

/// The member with the least mean error on the past, in the measure that is scored.
fn chosen(past: &[Case]) -> usize {
    let error = |member: usize| {
        let known = past.iter().filter(|case| case.seen.is_finite());
        let errors = known.filter_map(|case| Some(smape(case.said[member]?[2], case.seen)));
        let (sum, count) = errors.fold((0.0, 0.0), |(sum, count), error| (sum + error, count + 1.0));
        if count > 0.0 { sum / count } else { f64::MAX }
    };
    (0..MEMBERS.len()).min_by(|a, b| error(*a).total_cmp(&error(*b))).unwrap_or(0)
}

impl Sums {
    fn segment(self, city: &'static str, pollutant: Pollutant, day: usize) -> Segment {
        let n = self.hours;
        Segment {
            city,
            pollutant,
            day,
            hours: n as usize,
            trained: self.trained / n,
            chosen: self.chosen / n,
            equal: self.equal / n,
            single: self.single.map(|sum| sum / n),
            weights: self.weights,
        }
    }
}

/// The table of the back-test, a line a segment and the means below.
pub fn table(segments: &[Segment]) -> String {
    let mut lines = vec![format!(
        "{:<20} {:>6} {:>8} {:>7} {:>7} {:>9}  {}",
        "segment",
        "hours",
        "trained",
        "chosen",
        "equal",
        "hindsight",
        MEMBERS.map(|name| format!("{name:>10}")).join(" ")
    )];
    let line = |name: String, hours: usize, figures: [f64; 4], single: [f64; 6]| {
        let [trained, chosen, equal, best] = figures;
        let single = single.map(|error| format!("{error:>10.3}")).join(" ");
        format!("{name:<20} {hours:>6} {trained:>8.3} {chosen:>7.3} {equal:>7.3} {best:>9.3}  {single}")
    };
    for s in segments {
        let name = format!("{} {} day {}", s.city, s.pollutant, s.day);
        lines.push(line(name, s.hours, [s.trained, s.chosen, s.equal, s.hindsight()], s.single));
    }
    let mean = |of: &dyn Fn(&Segment) -> f64| segments.iter().map(of).sum::<f64>() / segments.len() as f64;
    let figures = [mean(&|s| s.trained), mean(&|s| s.chosen), mean(&|s| s.equal), mean(&|s| s.hindsight())];
    let single = std::array::from_fn(|n| mean(&|s| s.single[n]));
    lines.push(line("mean".into(), segments.iter().map(|s| s.hours).sum(), figures, single));
    lines.push(format!("trained beats the chosen member in {} of {} segments", beaten(segments), segments.len()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap as Map;

    /// Twelve issues at one station; the submission is right but for a factor that changes from issue to issue.
    fn world() -> (Vec<Member>, History) {
        let first: BeijingHour = "2018-04-01T01:00:00+08:00".parse().unwrap();
        let mut truth = History::empty(vec!["a_aq".into()], first, 24 * 60);
        for n in 0..24 * 60i64 {
            let slow = 1.0 + 0.5 * (n as f64 / 50.0).sin();
            truth.set(Pollutant::Pm25, 0, first + n, slow * (60.0 + 20.0 * (n as f64 / 24.0).cos()));
        }
        let submissions = (0..12i64).map(|n| {
            let run = "2018-04-30T07:00:00+08:00".parse::<BeijingHour>().unwrap() + 24 * n;
            let hours: Vec<BeijingHour> = (0..48).map(|h| kdd::first_hour(run) + h).collect();
            let factor = [0.8, 1.3, 0.9, 1.2][n as usize % 4];
            let values = hours.iter().map(|hour| factor * truth.value(Pollutant::Pm25, 0, *hour)).collect();
            let values = Map::from([(Pollutant::Pm25, values)]);
            Member { model: "s".into(), run, span_hours: 1, places: vec!["a_aq".into()], hours, values, flags: vec![] }
        });
        (submissions.collect(), truth)
    }

    #[test]
    fn scored_days_do_not_reach_the_weights() {
        let (submissions, truth) = world();
        let bound = submissions[8].run;
        let mut changed = truth.clone();
        (bound.index() + 1..truth.end().index())
            .for_each(|n| changed.set(Pollutant::Pm25, 0, BeijingHour::from_index(n), 1.0 + (n % 7) as f64));
        let weights = |truth: &History| {
            let segments = run(&submissions, truth, Learning::Until(bound), Settings::default());
            segments.into_iter().map(|segment| segment.weights).collect::<Vec<_>>()
        };
        assert_eq!(weights(&truth), weights(&changed));
    }

    #[test]
    fn every_column_is_scored_on_the_same_hours() {
        let (submissions, truth) = world();
        let segments = run(&submissions, &truth, Learning::Rolling, Settings::default());
        assert_eq!(segments.iter().map(|s| (s.day, s.hours)).collect::<Vec<_>>(), [(1, 7 * 24), (2, 7 * 24)]);
        assert!(segments.iter().all(|s| s.hindsight() <= s.chosen + 1e-12));
        assert!(table(&segments).ends_with("of 2 segments"));
    }

    #[test]
    fn the_error_is_symmetric_and_two_at_most() {
        assert_eq!(
            (smape(50.0, 100.0), smape(100.0, 50.0), smape(0.0, 9.0), smape(0.0, 0.0)),
            (2.0 / 3.0, 2.0 / 3.0, 2.0, 0.0)
        );
    }
}
