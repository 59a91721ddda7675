use crate::measures::{QUANTILES, brier, crps_of_quantiles, gap, quantile};
use crate::recent::Recent;
use crate::rows::last_usable;
use crate::targets::issue_hour;
use crate::{History, Season, Skill, skill_by_weeks};
use serde::{Deserialize, Serialize};
use units::{Aqi, AqiLevel, BeijingDay, Pollutant};

/// One day forecast beside what was observed (预报实况对). µg/m³.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Day of the issue.
    pub issue: BeijingDay,
    /// 1 to 5.
    pub lead_day: u8,
    /// The day that was forecast.
    pub date: BeijingDay,
    /// Forecast mean.
    pub mean: f64,
    /// Forecast quantiles.
    pub quantiles: [f64; 5],
    /// Observed day mean.
    pub seen: f64,
    /// Quantiles of the last 30 observed day means, where there are any.
    pub climatology: Option<[f64; 5]>,
    /// Mean of the last 24 hours before the issue, where known.
    pub persistence: Option<f64>,
    /// The index part, where forecast and observed.
    pub index: Option<IndexCase>,
}

/// A forecast of the AQI beside what was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexCase {
    /// Published range.
    pub range: (u16, u16),
    /// Probability of an AQI above 150.
    pub p_aqi150: f64,
    /// Probability of an AQI above 200.
    pub p_aqi200: f64,
    /// Observed AQI.
    pub seen: Aqi,
    /// Whether the forecast and the observed primary pollutants agree; none when the observed AQI is at most 50.
    pub primary_hit: Option<bool>,
}

/// Scores of one lead and season (检验结果). µg/m³ unless a share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// 1 to 5.
    pub lead_day: u8,
    /// Which target days.
    pub season: Season,
    /// City days.
    pub cases: usize,
    /// From the five quantiles.
    pub crps: f64,
    /// The same of the 30-day climatology, over the cases that have one.
    pub crps_climatology: Option<f64>,
    /// Skill against it.
    pub skill_climatology: Option<Skill>,
    /// Mean absolute error of the median.
    pub mae: f64,
    /// The same of the mean of the last 24 hours, over the cases that have one.
    pub mae_persistence: Option<f64>,
    /// Root mean square error of the mean.
    pub rmse: f64,
    /// Mean forecast less mean observation.
    pub bias: f64,
    /// Share of days between the 25 % and 75 % quantile.
    pub coverage50: f64,
    /// Share of days between the 5 % and 95 % quantile.
    pub coverage90: f64,
    /// Shares of days below, between and above the five quantiles; .05 .20 .25 .25 .20 .05 is perfect.
    pub pit: [f64; 6],
    /// Level of the middle of the AQI range equals the observed level, share.
    pub level_hit: Option<f64>,
    /// Observed AQI within the range, share.
    pub range_hit: Option<f64>,
    /// Mean width of the range.
    pub range_width: Option<f64>,
    /// Forecast and observed primary pollutants agree, share of days with an observed AQI above 50.
    pub primary_hit: Option<f64>,
    /// Brier score of an AQI above 150.
    pub brier150: Option<f64>,
    /// Brier score of an AQI above 200.
    pub brier200: Option<f64>,
}

/// What a forecast of one city is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Quantiles of the 30 day means before the issue, µg/m³.
    pub climatology: Option<[f64; 5]>,
    /// Mean of the 24 hours that end with the last hour known at 20:00, µg/m³.
    pub persistence: Option<f64>,
}

/// The references of an issue day, for every city of the history.
pub fn references(history: &History, issue: BeijingDay) -> Vec<Reference> {
    let recent = Recent::new(&history.window(issue_hour(issue - 31), issue_hour(issue)));
    let last = last_usable(issue_hour(issue));
    let one = |city: usize| {
        let mut month: Vec<f64> = (1..=30).filter_map(|back| recent.day_mean(city, issue - back)).collect();
        month.sort_by(f64::total_cmp);
        Reference {
            climatology: (!month.is_empty()).then(|| QUANTILES.map(|p| quantile(&month, p))),
            persistence: recent.log_of_mean(Pollutant::Pm25, city, last, 24, 12).map(f64::exp),
        }
    };
    (0..history.cities.len()).map(one).collect()
}

/// Scores by lead and season, in that order; groups without a case are left out.
pub fn verify(cases: &[Case], seed: u64) -> Vec<Verification> {
    let mut leads: Vec<u8> = cases.iter().map(|case| case.lead_day).collect();
    leads.sort_unstable();
    leads.dedup();
    let groups = leads.into_iter().flat_map(|lead| Season::ALL.map(|season| (lead, season)));
    let chosen = |lead: u8, season: Season| -> Vec<&Case> {
        cases.iter().filter(|case| case.lead_day == lead && season.holds(case.date)).collect()
    };
    groups.filter_map(|(lead, season)| summary(lead, season, &chosen(lead, season), seed)).collect()
}

fn summary(lead_day: u8, season: Season, cases: &[&Case], seed: u64) -> Option<Verification> {
    let all = |of: &dyn Fn(&Case) -> f64| average(cases.iter().map(|case| of(case)));
    let index = |of: &dyn Fn(&IndexCase) -> f64| average(cases.iter().filter_map(|case| case.index.as_ref()).map(of));
    let loss = |case: &Case| crps_of_quantiles(&case.quantiles, case.seen);
    let compared = || {
        let with = cases.iter().filter_map(|case| Some((*case, case.climatology?)));
        with.map(|(case, climatology)| (case.issue, loss(case), crps_of_quantiles(&climatology, case.seen)))
    };
    let place = |case: &Case| gap(&case.quantiles, case.seen);
    let within = |range: std::ops::RangeInclusive<usize>| all(&|case| f64::from(range.contains(&place(case))));
    Some(Verification {
        lead_day,
        season,
        cases: cases.len(),
        crps: all(&loss)?,
        crps_climatology: average(compared().map(|(_, _, climatology)| climatology)),
        skill_climatology: compared().next().is_some().then(|| skill_by_weeks(compared(), seed)),
        mae: all(&|case| (case.quantiles[2] - case.seen).abs())?,
        mae_persistence: average(cases.iter().filter_map(|case| Some((case.persistence? - case.seen).abs()))),
        rmse: all(&|case| (case.mean - case.seen).powi(2))?.sqrt(),
        bias: all(&|case| case.mean - case.seen)?,
        coverage50: within(2..=3)?,
        coverage90: within(1..=4)?,
        pit: std::array::from_fn(|k| within(k..=k).unwrap_or(0.0)),
        level_hit: index(&|case| f64::from(AqiLevel::of(middle(case.range)) == AqiLevel::of(case.seen))),
        range_hit: index(&|case| f64::from((case.range.0..=case.range.1).contains(&case.seen.get()))),
        range_width: index(&|case| f64::from(case.range.1 - case.range.0.min(case.range.1))),
        primary_hit: average(cases.iter().filter_map(|case| case.index?.primary_hit).map(f64::from)),
        brier150: index(&|case| brier(case.p_aqi150, case.seen.get() > 150)),
        brier200: index(&|case| brier(case.p_aqi200, case.seen.get() > 200)),
    })
}

fn middle(range: (u16, u16)) -> Aqi {
    let middle = (u32::from(range.0) + u32::from(range.1)) / 2;
    Aqi::new(middle.min(500) as u16).expect("the middle was just bounded by 500")
}

fn average(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(day: i32, seen: f64, aqi: u16) -> Case {
        let issue: BeijingDay = "2018-01-01".parse().unwrap();
        Case {
            issue: issue + day,
            lead_day: 1,
            date: issue + day + 1,
            mean: 52.0,
            quantiles: [10.0, 30.0, 50.0, 70.0, 100.0],
            seen,
            climatology: Some([50.0; 5]),
            persistence: Some(60.0),
            index: Some(IndexCase {
                range: (54, 84),
                p_aqi150: 0.25,
                p_aqi200: 0.0,
                seen: Aqi::new(aqi).unwrap(),
                primary_hit: (aqi > 50).then_some(aqi > 100),
            }),
        }
    }

    #[test]
    fn scores_worked_by_hand() {
        let found = verify(&[case(0, 50.0, 69), case(10, 110.0, 145)], 1);
        let winter = found.iter().find(|found| found.season == Season::Winter).unwrap();
        assert_eq!((winter.cases, winter.mae, winter.bias), (2, 30.0, -28.0));
        assert_eq!((winter.coverage50, winter.coverage90), (0.5, 0.5));
        assert_eq!((winter.level_hit, winter.range_hit, winter.range_width), (Some(0.5), Some(0.5), Some(30.0)));
        assert_eq!((winter.primary_hit, winter.brier150), (Some(0.5), Some(0.0625)));
        assert_eq!(winter.mae_persistence, Some(30.0));
        // Pinball losses at 50: .05*40 .25*20 0 .25*20 .05*50; at 110: .05*100 .25*80 .5*60 .75*40 .95*10.
        assert!((winter.crps - (2.0 * 14.5 / 5.0 + 2.0 * 94.5 / 5.0) / 2.0).abs() < 1e-12, "{}", winter.crps);
        assert!(found.iter().all(|found| found.season != Season::Warm));
    }

    #[test]
    fn nothing_to_score_gives_no_group() {
        assert!(verify(&[], 1).is_empty());
    }
}
