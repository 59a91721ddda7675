use crate::History;
use serde::{Deserialize, Serialize};
use units::{BeijingDay, Pollutant};

/// Days from the first to the last, both within (时段).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: BeijingDay,
    /// Last day.
    pub to: BeijingDay,
}

/// The spans of days on which no city has an hour of PM2.5 (缺测时段).
pub(crate) fn holes(history: &History) -> Vec<Span> {
    let heard = |day: BeijingDay| {
        let mut hours = day.hours();
        hours.any(|hour| (0..history.cities.len()).any(|city| history.value(Pollutant::Pm25, city, hour).is_finite()))
    };
    let mut spans: Vec<Span> = vec![];
    let last = (history.end() - 1).day();
    for day in (0..=last - history.first_hour.day()).map(|n| history.first_hour.day() + n).filter(|day| !heard(*day)) {
        match spans.last_mut() {
            Some(span) if span.to + 1 == day => span.to = day,
            _ => spans.push(Span { from: day, to: day }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silent_days_are_named_as_spans() {
        let first = "2018-01-01T01:00:00+08:00".parse().unwrap();
        let mut history = History::empty(vec!["a".into(), "b".into()], first, 6 * 24);
        for (city, day) in [(0, 0), (1, 2), (0, 5)] {
            history.set(Pollutant::Pm25, city, first + day * 24 + 7, 30.0);
        }
        let day = |n: i32| first.day() + n;
        assert_eq!(holes(&history), [Span { from: day(1), to: day(1) }, Span { from: day(3), to: day(4) }]);
    }
}
