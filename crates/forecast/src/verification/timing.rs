use super::value::mean;
use serde::Serialize;

/// One step (hour or day) of a course as far as episodes go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Whether the step counts as polluted: observed above the bound, or forecast above it with enough probability.
    pub above: bool,
    /// Observed value or middle of the forecast; the peak is where it is largest.
    pub value: f64,
}

/// An episode within a course (过程), by step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First step above.
    pub first: usize,
    /// Step of the largest value.
    pub peak: usize,
    /// Last step above.
    pub last: usize,
    /// Whether the step before is known to be clean; else the start is not known.
    pub start_known: bool,
    /// Whether the step after is known to be clean; else the end is not known.
    pub end_known: bool,
}

/// Timing of forecast episodes against observed ones (过程时间误差). Errors in steps, negative = early.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimingScore {
    /// Observed episodes whose time the forecast covers.
    pub observed: usize,
    /// Forecast episodes whose time is observed.
    pub forecast: usize,
    /// Pairs that overlap.
    pub matched: usize,
    /// Observed without a forecast (漏报).
    pub missed: usize,
    /// Forecast without an observation (空报).
    pub false_alarms: usize,
    /// Of the start, over pairs in which both are known.
    pub start: Option<StepErrors>,
    /// Of the peak, over all pairs.
    pub peak: Option<StepErrors>,
    /// Of the end, over pairs in which both are known.
    pub end: Option<StepErrors>,
    /// Mean ratio of the forecast to the observed peak value.
    pub peak_ratio: Option<f64>,
}

/// Errors in time, forecast less observed, in steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepErrors {
    /// Pairs.
    pub cases: usize,
    /// Mean error; negative = early.
    pub mean: f64,
    /// Mean absolute error.
    pub mean_absolute: f64,
    /// Pairs that came too early.
    pub early: usize,
    /// Pairs at the step itself.
    pub on_time: usize,
    /// Pairs that came too late.
    pub late: usize,
}

/// Episodes of a course: runs of at least `fewest` steps above.
///
/// A missing step ends an episode at an unknown time; so does the end of the course.
pub fn spans(course: &[Option<Step>], fewest: usize) -> Vec<Span> {
    let above = |place: usize| course.get(place).copied().flatten().is_some_and(|step| step.above);
    let clean =
        |place: Option<usize>| place.and_then(|p| course.get(p).copied().flatten()).is_some_and(|step| !step.above);
    let firsts = (0..course.len()).filter(|place| above(*place) && !(*place > 0 && above(place - 1)));
    let one = |first: usize| {
        let last = (first..course.len()).take_while(|place| above(*place)).last().unwrap_or(first);
        let value = |place: &usize| course[*place].map_or(f64::NEG_INFINITY, |step| step.value);
        // Of equal values the first is the peak.
        let peak = (first..=last).rev().max_by(|a, b| value(a).total_cmp(&value(b))).unwrap_or(first);
        let (start_known, end_known) = (clean(first.checked_sub(1)), clean(last.checked_add(1)));
        Span { first, peak, last, start_known, end_known }
    };
    firsts.map(one).filter(|span| span.last - span.first + 1 >= fewest.max(1)).collect()
}

/// Compares pairs of courses (forecast, observed) of equal steps. `None` where neither has an episode.
///
/// An observed episode belongs to the forecast one that overlaps it longest, each to one only; `reach` is how many
/// steps apart two may be and still be meant for each other.
pub fn timing_score<'a>(
    courses: impl IntoIterator<Item = (&'a [Option<Step>], &'a [Option<Step>])>,
    fewest: usize,
    reach: usize,
) -> Option<TimingScore> {
    let (mut pairs, mut missed, mut false_alarms) = (vec![], 0, 0);
    for (said, seen) in courses {
        let covered = |course: &[Option<Step>], span: &Span| {
            (span.first..=span.last).any(|place| course.get(place).copied().flatten().is_some())
        };
        let mut open: Vec<Span> = spans(said, fewest).into_iter().filter(|span| covered(seen, span)).collect();
        for observed in spans(seen, fewest).into_iter().filter(|span| covered(said, span)) {
            let best = (0..open.len()).rev().max_by_key(|place| overlap(&open[*place], &observed));
            match best.filter(|place| overlap(&open[*place], &observed) > -(reach as i64)) {
                Some(place) => {
                    let forecast = open.remove(place);
                    let value =
                        |course: &[Option<Step>], place: usize| course[place].map_or(f64::NAN, |step| step.value);
                    pairs.push((forecast, observed, value(said, forecast.peak) / value(seen, observed.peak)));
                }
                None => missed += 1,
            }
        }
        false_alarms += open.len();
    }
    let matched = pairs.len();
    let errors = |of: fn(&Span) -> usize, known: fn(&Span) -> bool| {
        let both = pairs.iter().filter(|(said, seen, _)| known(said) && known(seen));
        step_errors(&both.map(|(said, seen, _)| of(said) as i64 - of(seen) as i64).collect::<Vec<_>>())
    };
    (matched + missed + false_alarms > 0).then(|| TimingScore {
        observed: matched + missed,
        forecast: matched + false_alarms,
        matched,
        missed,
        false_alarms,
        start: errors(|span| span.first, |span| span.start_known),
        peak: errors(|span| span.peak, |_| true),
        end: errors(|span| span.last, |span| span.end_known),
        peak_ratio: mean(pairs.iter().map(|pair| pair.2).filter(|ratio| ratio.is_finite())),
    })
}

/// Steps two spans share; zero when they touch, negative by the clean steps between them.
fn overlap(a: &Span, b: &Span) -> i64 {
    a.last.min(b.last) as i64 - a.first.max(b.first) as i64 + 1
}

fn step_errors(errors: &[i64]) -> Option<StepErrors> {
    let count = |of: fn(i64) -> bool| errors.iter().filter(|error| of(**error)).count();
    Some(StepErrors {
        cases: errors.len(),
        mean: mean(errors.iter().map(|error| *error as f64))?,
        mean_absolute: mean(errors.iter().map(|error| error.abs() as f64))?,
        early: count(|error| error < 0),
        on_time: count(|error| error == 0),
        late: count(|error| error > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Digits are values, above from 5; a point is missing.
    fn course(text: &str) -> Vec<Option<Step>> {
        let step = |digit: u32| Step { above: digit >= 5, value: f64::from(digit) };
        text.chars().map(|sign| sign.to_digit(10).map(step)).collect()
    }

    fn scored(said: &str, seen: &str, reach: usize) -> Option<TimingScore> {
        timing_score([(course(said).as_slice(), course(seen).as_slice())], 2, reach)
    }

    #[test]
    fn spans_of_a_course_with_open_ends_and_a_hole() {
        let found = spans(&course("66109715.6602"), 2);
        let short = |span: &Span| (span.first, span.peak, span.last, span.start_known, span.end_known);
        let expected = [(0, 0, 1, false, true), (4, 4, 5, true, true), (9, 9, 10, false, true)];
        assert_eq!(found.iter().map(short).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn errors_worked_by_hand() {
        //                  0123456789
        let found = scored("0055670000", "0000678510", 1).unwrap();
        assert_eq!((found.matched, found.missed, found.false_alarms), (1, 0, 0));
        let errors = |of: Option<StepErrors>| of.map(|errors| errors.mean).unwrap();
        assert_eq!((errors(found.start.clone()), errors(found.peak), errors(found.end)), (-2.0, -1.0, -2.0));
        assert_eq!((found.start.unwrap().early, found.peak_ratio), (1, Some(7.0 / 8.0)));
    }

    #[test]
    fn missed_and_false_alarms() {
        let found = scored("0660000000", "0000006600", 1).unwrap();
        assert_eq!((found.matched, found.missed, found.false_alarms), (0, 1, 1));
        assert_eq!((found.start, found.peak, found.peak_ratio), (None, None, None));
        let near = scored("0660000000", "0000660000", 2).unwrap();
        assert_eq!((near.matched, near.start.unwrap().mean), (1, -3.0), "one clean step between them is within reach");
    }

    #[test]
    fn two_observed_episodes_can_not_share_one_forecast() {
        let found = scored("0666666600", "0660066000", 1).unwrap();
        assert_eq!((found.observed, found.matched, found.missed), (2, 1, 1));
    }

    #[test]
    fn an_unknown_start_gives_no_start_error_and_no_forecast_no_miss() {
        let found = scored("66600", "06600", 1).unwrap();
        assert_eq!((found.start, found.end.unwrap().mean), (None, 0.0));
        assert!(scored(".....", "06600", 1).is_none());
        assert!(scored("00000", "00000", 1).is_none());
    }

    proptest! {
        #[test]
        fn a_forecast_that_is_the_observation_has_no_error(text in "[0-9.]{1,40}") {
            if let Some(found) = scored(&text, &text, 1) {
                prop_assert_eq!((found.missed, found.false_alarms), (0, 0));
                for errors in [found.start, found.peak, found.end].into_iter().flatten() {
                    prop_assert_eq!(errors.mean_absolute, 0.0);
                }
            }
        }

        #[test]
        fn every_episode_is_counted_once(said in "[0-9.]{30}", seen in "[0-9.]{30}") {
            if let Some(found) = scored(&said, &seen, 2) {
                prop_assert_eq!(found.matched + found.missed, found.observed);
                prop_assert!(found.observed <= spans(&course(&seen), 2).len());
                prop_assert!(found.forecast <= spans(&course(&said), 2).len());
            }
        }
    }
}
