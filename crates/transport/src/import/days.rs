//! Values of hours or longer spans to means of whole Beijing days.

use crate::{Note, TransportError};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour};

const HOURS: u32 = 24;

/// Sums over the hours of each day, by what they are of.
pub(super) struct DayMeans<K> {
    sums: BTreeMap<(K, BeijingDay), (f64, u32)>,
}

impl<K: Ord + Clone> DayMeans<K> {
    pub(super) fn new() -> DayMeans<K> {
        DayMeans { sums: BTreeMap::new() }
    }

    /// A mean over the hours after `begin` up to and with `end`, shared out evenly. Refuses `X-109`.
    pub(super) fn add(
        &mut self,
        key: &K,
        begin: BeijingHour,
        end: BeijingHour,
        value: f64,
        at: &str,
    ) -> Result<(), TransportError> {
        if !value.is_finite() {
            return Err(TransportError::NotFinite { at: format!("{at}, {end}") });
        }
        let mut hour = begin;
        while hour < end {
            hour = hour + 1;
            let (sum, hours) = self.sums.entry((key.clone(), hour.day())).or_insert((0.0, 0));
            *sum += value;
            *hours += 1;
        }
        Ok(())
    }

    /// Means of days with all 24 hours, once each; the other days are noted. Refuses `X-115` when none is whole.
    pub(super) fn finish(
        self,
        layout: &'static str,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<(K, BeijingDay, f64)>, TransportError> {
        let part: BTreeMap<BeijingDay, u32> = self
            .sums
            .iter()
            .filter(|(_, (_, hours))| *hours != HOURS)
            .map(|((_, day), (_, hours))| (*day, *hours))
            .collect();
        let said = |(day, hours): (&BeijingDay, &u32)| format!("{day}: {hours} of 24 hours");
        let whole: Vec<_> = self
            .sums
            .into_iter()
            .filter(|(_, (_, hours))| *hours == HOURS)
            .map(|((key, day), (sum, _))| (key, day, sum / f64::from(HOURS)))
            .collect();
        if whole.is_empty() {
            let found: Vec<String> = part.iter().map(said).collect();
            let found = if found.is_empty() { "no hour at all".to_string() } else { found.join(", ") };
            return Err(TransportError::NoDay { layout, found });
        }
        notes.extend(part.iter().map(|pair| Note::PartDay(format!("{}; left out", said(pair)))));
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(text: &str) -> BeijingHour {
        text.parse().unwrap()
    }

    #[test]
    fn spans_are_cut_at_midnight_and_part_days_left_out() {
        let mut means = DayMeans::new();
        for n in 0..5 {
            let begin = hour("2018-01-14T22:00:00+08:00") + 6 * n;
            means.add(&"x", begin, begin + 6, n as f64, "x").unwrap();
        }
        let mut notes = vec![];
        let found = means.finish("cdump", &mut notes).unwrap();
        // Spans of 6 h from 22:00: 4 h of 0, 6 h of 1, 6 of 2, 6 of 3, 2 of 4 on the 15th.
        assert_eq!(found, [("x", "2018-01-15".parse().unwrap(), (6.0 + 12.0 + 18.0 + 8.0) / 24.0)]);
        assert_eq!(notes.len(), 2);
        assert_eq!(notes[0].to_string(), "X-404 2018-01-14: 2 of 24 hours; left out");
    }

    #[test]
    fn no_whole_day_and_no_number_are_refused() {
        let mut means = DayMeans::new();
        let begin = hour("2018-01-15T00:00:00+08:00");
        means.add(&1, begin, begin + 23, 1.0, "x").unwrap();
        assert!(means.add(&1, begin, begin + 1, f64::NAN, "x").unwrap_err().to_string().starts_with("X-109 x, "));
        let told = means.finish("cdump", &mut vec![]).unwrap_err().to_string();
        assert_eq!(told, "X-115 cdump: no Beijing day is whole; 2018-01-15: 23 of 24 hours");
    }
}
