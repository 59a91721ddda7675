//! The consensus at stations by the hour, for members in the layout of the KDD submissions.

use crate::Member;
use crate::backtest::{Learning, MEMBERS, SEGMENTS, cases};
use crate::consensus::{Settings, learn};
use crate::import::kdd;
use forecast::History;
use std::collections::BTreeMap;
use units::{BeijingHour, Pollutant};

/// Columns of the station table, in order.
pub const COLUMNS: [&str; 11] =
    ["test_id", "issue_date", "station", "time", "pollutant", "q05", "q25", "q50", "q75", "q95", "model"];

/// The consensus at one station and hour.
#[derive(Clone, Debug, PartialEq)]
pub struct HourRow {
    /// Issue of the submission.
    pub issue: BeijingHour,
    /// The station.
    pub station: String,
    /// End of the hour.
    pub hour: BeijingHour,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// At 5, 25, 50, 75 and 95 %; all the same while nothing was learned.
    pub quantiles: [f64; 5],
}

impl HourRow {
    /// The cells of [`COLUMNS`]; `test_id` is the station and the hour as submissions count it.
    pub fn cells(&self) -> [String; 11] {
        let [q05, q25, q50, q75, q95] = self.quantiles.map(|value| format!("{value:.1}"));
        let test = format!("{}#{}", self.station, self.hour - kdd::first_hour(self.issue));
        let (time, pollutant) = (self.hour.to_string(), self.pollutant.code().to_string());
        let issue = self.issue.end().to_utc().date_naive().to_string();
        [test, issue, self.station.clone(), time, pollutant, q05, q25, q50, q75, q95, crate::daily::MODEL.to_string()]
    }
}

/// The consensus of every issue: the submission, the one of the day before, and simple forecasts of the observations.
///
/// Of each issue the first submission counts. With [`Learning::Until`] weights are learned from what was over by that
/// hour and by the issue, whichever is earlier.
pub fn consensus(submissions: &[Member], truth: &History, learning: Learning, settings: Settings) -> Vec<HourRow> {
    let mut by_issue: BTreeMap<BeijingHour, &Member> = BTreeMap::new();
    submissions.iter().filter(|member| member.usable()).for_each(|member| {
        by_issue.entry(member.run).or_insert(member);
    });
    let mut rows = vec![];
    for (city, pollutant, day) in SEGMENTS.into_iter().flat_map(|(city, p)| [1, 2].map(|day| (city, p, day))) {
        let cases = cases(&by_issue, truth, city, pollutant, day);
        for issue in by_issue.keys() {
            let until = if let Learning::Until(bound) = learning { bound.min(*issue) } else { *issue };
            let rule = learn(&cases, MEMBERS.len(), until, settings);
            let of_issue = cases.iter().filter(|case| case.issue == *issue);
            rows.extend(of_issue.filter_map(|case| {
                let (station, hour) = (truth.cities[case.place].clone(), case.over);
                let quantiles = rule.apply(case.place, &case.said)?;
                Some(HourRow { issue: *issue, station, hour, pollutant, quantiles })
            }));
        }
    }
    rows.sort_by(|a, b| (a.issue, &a.station, a.hour, a.pollutant).cmp(&(b.issue, &b.station, b.hour, b.pollutant)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hour_of_a_submission_gets_a_row_under_its_own_number() {
        let run: BeijingHour = "2018-05-09T07:00:00+08:00".parse().unwrap();
        let hours: Vec<BeijingHour> = (0..48).map(|n| kdd::first_hour(run) + n).collect();
        let values = BTreeMap::from([(Pollutant::Pm25, vec![50.0; 48])]);
        let places = vec!["dongsi_aq".to_string()];
        let member = Member { model: "s".into(), run, span_hours: 1, places, hours, values, flags: vec![] };
        let truth = History::empty(vec!["dongsi_aq".into(), "dongsihuan_aq".into()], run - 100, 90);
        let rows = consensus(&[member], &truth, Learning::Rolling, Settings::default());
        assert_eq!((rows.len(), rows[0].station.as_str()), (48, "dongsi_aq"));
        let cells = rows[47].cells();
        assert_eq!(cells[..5], ["dongsi_aq#47", "2018-05-08", "dongsi_aq", "2018-05-11T07:00:00+08:00", "PM2_5"]);
        assert!((rows[0].quantiles[2] - 50.0).abs() < 1e-9);
    }
}
