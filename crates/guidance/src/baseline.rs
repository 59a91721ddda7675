//! Simple members made of the observations alone: what any model must beat, and what steadies a consensus.

use forecast::History;
use units::{BeijingHour, Pollutant};

/// The simple forecasts, in order of their names' list.
pub const NAMES: [&str; 4] = ["last day", "week", "month", "damped"];
/// Days looked back for a value of the same hour.
const LAST_DAYS: i64 = 3;
const WEEK: i64 = 7;
const MONTH: i64 = 30;
/// Share of the last day's departure from the month that is left a day later.
const PERSISTENCE: f64 = 0.6;
/// Values that a median needs.
const FEWEST: usize = 3;

/// What the simple members say at `hour`, from observations up to and including `issue`.
///
/// Same hour of the last day; median of the same hour over a week and over a month; and the month's course with the
/// departure of the last 24 hours from it, fading with lead.
pub fn said(
    history: &History,
    pollutant: Pollutant,
    city: usize,
    issue: BeijingHour,
    hour: BeijingHour,
) -> [Option<f64>; 4] {
    let lead = hour - issue;
    let back = lead.div_euclid(24) + i64::from(lead.rem_euclid(24) > 0);
    let same = |day: i64| seen(history, pollutant, city, hour - 24 * (back + day)).filter(|_| lead > 0);
    let median_of = |days: i64| median((0..days).filter_map(same).collect());
    let month = median_of(MONTH);
    let departure = departure(history, pollutant, city, issue);
    let damped = month.zip(departure).map(|(month, departure)| month * (departure * fading(lead)).exp());
    [(0..LAST_DAYS).find_map(same), median_of(WEEK), month, damped]
}

fn fading(lead: i64) -> f64 {
    PERSISTENCE.powf(lead as f64 / 24.0)
}

/// Mean logarithm of the last 24 hours less that of the month before.
fn departure(history: &History, pollutant: Pollutant, city: usize, issue: BeijingHour) -> Option<f64> {
    let mean = |hours: i64| {
        let logs = (0..hours).filter_map(|n| seen(history, pollutant, city, issue - n)).map(f64::ln);
        let (sum, count) = logs.fold((0.0, 0.0), |(sum, count), log| (sum + log, count + 1.0));
        (count >= hours as f64 / 4.0).then(|| sum / count)
    };
    Some(mean(24)? - mean(24 * MONTH)?)
}

fn seen(history: &History, pollutant: Pollutant, city: usize, hour: BeijingHour) -> Option<f64> {
    let value = history.value(pollutant, city, hour);
    value.is_finite().then(|| value.max(1.0))
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    (values.len() >= FEWEST).then(|| forecast::measures::quantile(&values, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let first: BeijingHour = "2018-04-01T01:00:00+08:00".parse().unwrap();
        let mut history = History::empty(vec!["x".into()], first, 24 * 40);
        for n in 0..24 * 40 {
            let hour = first + n;
            let value = f64::from(hour.label()) + if n >= 24 * 30 { 100.0 } else { 0.0 };
            history.set(Pollutant::Pm25, 0, hour, value);
        }
        history
    }

    #[test]
    fn only_hours_up_to_the_issue_are_used() {
        let issue: BeijingHour = "2018-04-20T20:00:00+08:00".parse().unwrap();
        let (whole, mut cut) = (history(), history());
        (issue.index() + 1..cut.end().index())
            .for_each(|n| cut.set(Pollutant::Pm25, 0, BeijingHour::from_index(n), 999.0));
        for lead in [1, 4, 24, 25, 48] {
            let of = |history: &History| said(history, Pollutant::Pm25, 0, issue, issue + lead);
            assert_eq!(of(&whole), of(&cut), "lead {lead}");
            assert!(of(&whole).iter().all(Option::is_some));
        }
    }

    #[test]
    fn the_same_hour_of_the_day_and_a_departure_that_fades() {
        let issue: BeijingHour = "2018-05-02T20:00:00+08:00".parse().unwrap();
        let at = |lead: i64| said(&history(), Pollutant::Pm25, 0, issue, issue + lead).map(Option::unwrap);
        assert_eq!((at(1)[0], at(24)[0], at(25)[0]), (121.0, 120.0, 121.0));
        assert!(at(1)[3] > at(25)[3] && at(25)[3] > at(25)[2]);
    }
}
