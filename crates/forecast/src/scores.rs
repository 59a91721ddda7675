use crate::folds::Fold;
use crate::measures::{QUANTILES, crps_of_quantiles, gap, quantile};
use crate::model::{error_cases, state};
use crate::past::season_distance;
use crate::recent::Recent;
use crate::rows::Rows;
use crate::rows::last_usable;
use crate::scale::Scale;
use crate::spread::Spread;
use crate::targets::LEADS;
use crate::verification::{Estimate, ratio_by_weeks};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, Pollutant};

/// Season of a target day (季节).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Season {
    /// November to February.
    Winter,
    /// April to September.
    Warm,
    /// All months.
    Year,
}

impl Season {
    /// All three.
    pub const ALL: [Season; 3] = [Season::Winter, Season::Warm, Season::Year];

    /// Whether a target day lies in the season.
    pub fn holds(self, day: BeijingDay) -> bool {
        match self {
            Season::Winter => matches!(day.month(), 1 | 2 | 11 | 12),
            Season::Warm => (4..=9).contains(&day.month()),
            Season::Year => true,
        }
    }

    /// The word in files.
    pub const fn code(self) -> &'static str {
        match self {
            Season::Winter => "winter",
            Season::Warm => "warm",
            Season::Year => "year",
        }
    }
}

/// A skill (技巧评分): one less the ratio to a reference; 0 is the reference, 1 perfect.
pub type Skill = Estimate;

/// How good the day values of a pollutant were on days the model had not seen. µg/m³, CO mg/m³.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadScore {
    /// What was forecast.
    pub pollutant: Pollutant,
    /// 1 to 7.
    pub lead_day: u8,
    /// Which target days.
    pub season: Season,
    /// City days scored.
    pub cases: usize,
    /// From the five quantiles.
    pub crps: f64,
    /// Of the last 24 h mean, dressed with its own past errors.
    pub crps_persistence: f64,
    /// Of the last 30 day means of the city.
    pub crps_climatology: f64,
    /// Against dressed persistence.
    pub skill_persistence: Skill,
    /// Against the 30-day climatology.
    pub skill_climatology: Skill,
    /// Mean absolute error of the median.
    pub mae: f64,
    /// Share of days between the 25 % and 75 % quantile.
    pub coverage50: f64,
    /// Share of days between the 5 % and 95 % quantile.
    pub coverage90: f64,
}

/// Half the width of the season that dresses a fold, days.
const SEASON: f64 = 60.0;

/// One scored city day: our loss, persistence's, climatology's.
struct Case {
    issue: BeijingDay,
    lead: usize,
    loss: [f64; 3],
    median_error: f64,
    gap: usize,
}

/// Scores every fold with a mean, a spread and error quantiles that come from the other folds.
pub(crate) fn held_out(
    rows: &Rows,
    recent: &Recent,
    folds: &[Fold],
    said: &[Vec<f64>],
    seed: u64,
) -> Option<Vec<LeadScore>> {
    let mut cases = vec![];
    for fold in folds {
        let outside = (0..rows.days.len()).filter(|row| !fold.test.contains(row));
        let errors = error_cases(rows, said, outside.clone());
        let spread = Spread::fit(rows.cities, &errors)?;
        let dressing = Dressing::of(rows, recent, said, &spread, outside.collect());
        fold.test.clone().for_each(|row| score_row(rows, recent, said, row, &spread, &dressing, &mut cases));
    }
    let groups = (0..LEADS).flat_map(|lead| Season::ALL.map(|season| (lead, season)));
    Some(groups.filter_map(|(lead, season)| summary(rows.pollutant, &cases, lead, season, seed)).collect())
}

/// Quantiles of standard errors by month and lead, ours and persistence's.
struct Dressing {
    ours: Vec<[f64; 5]>,
    persistence: Vec<[f64; 5]>,
}

impl Dressing {
    fn of(rows: &Rows, recent: &Recent, said: &[Vec<f64>], spread: &Spread, outside: Vec<usize>) -> Dressing {
        let mut dressing = Dressing { ours: vec![], persistence: vec![] };
        for month in 1..=12 {
            let middle = BeijingDay::from_ymd(2001, month, 15).expect("every month has a fifteenth");
            let season: Vec<usize> =
                outside.iter().copied().filter(|row| season_distance(rows.days[*row], middle) <= SEASON).collect();
            for lead in 0..LEADS {
                let (mut ours, mut persistence) = (vec![], vec![]);
                for (row, city) in season.iter().flat_map(|row| (0..rows.cities).map(move |city| (*row, city))) {
                    let k = lead * rows.cities + city;
                    let target = rows.observed[row][k];
                    if target.is_finite() {
                        ours.push((target - said[row][k]) / spread.of(lead, &state(rows, said, row, k)));
                        persistence.extend(last_day(rows, recent, row, city).map(|last| target - last));
                    }
                }
                dressing.ours.push(five(ours));
                dressing.persistence.push(five(persistence));
            }
        }
        dressing
    }
}

fn five(mut sample: Vec<f64>) -> [f64; 5] {
    sample.sort_by(f64::total_cmp);
    QUANTILES.map(|p| quantile(&sample, p))
}

/// The last 24 hours against the level.
fn last_day(rows: &Rows, recent: &Recent, row: usize, city: usize) -> Option<f64> {
    let last = last_usable(rows.time.issue(rows.days[row]));
    Some(recent.last_day(rows.pollutant, city, last)? - rows.level[row][city])
}

fn score_row(
    rows: &Rows,
    recent: &Recent,
    said: &[Vec<f64>],
    row: usize,
    spread: &Spread,
    dressing: &Dressing,
    cases: &mut Vec<Case>,
) {
    for city in 0..rows.cities {
        let month: Vec<f64> =
            (1..=30).filter_map(|back| recent.day_value(rows.pollutant, city, rows.days[row] - back)).collect();
        let (Some(last), false) = (last_day(rows, recent, row, city), month.is_empty()) else { continue };
        let (climatology, scale) = (five(month), Scale::of(rows.pollutant));
        for lead in 0..LEADS {
            let k = lead * rows.cities + city;
            let (target, day) = (rows.observed[row][k], rows.days[row] + 1 + lead as i32);
            if !target.is_finite() {
                continue;
            }
            let level = rows.level[row][city];
            let group = (day.month() as usize - 1) * LEADS + lead;
            let width = spread.of(lead, &state(rows, said, row, k));
            let ours = dressing.ours[group].map(|z| scale.value(level + said[row][k] + z * width));
            let persistence = dressing.persistence[group].map(|error| scale.value(level + last + error));
            let seen = scale.value(level + target);
            cases.push(Case {
                issue: rows.days[row],
                lead,
                loss: [&ours, &persistence, &climatology].map(|quantiles| crps_of_quantiles(quantiles, seen)),
                median_error: (seen - ours[2]).abs(),
                gap: gap(&ours, seen),
            });
        }
    }
}

fn summary(pollutant: Pollutant, cases: &[Case], lead: usize, season: Season, seed: u64) -> Option<LeadScore> {
    let chosen: Vec<&Case> =
        cases.iter().filter(|case| case.lead == lead && season.holds(case.issue + 1 + lead as i32)).collect();
    let n = Some(chosen.len()).filter(|n| *n > 0)? as f64;
    let mean = |of: &dyn Fn(&Case) -> f64| chosen.iter().map(|case| of(case)).sum::<f64>() / n;
    let skill = |reference: usize| {
        skill_by_weeks(chosen.iter().map(|case| (case.issue, case.loss[0], case.loss[reference])), seed)
    };
    Some(LeadScore {
        pollutant,
        lead_day: lead as u8 + 1,
        season,
        cases: chosen.len(),
        crps: mean(&|case| case.loss[0]),
        crps_persistence: mean(&|case| case.loss[1]),
        crps_climatology: mean(&|case| case.loss[2]),
        skill_persistence: skill(1),
        skill_climatology: skill(2),
        mae: mean(&|case| case.median_error),
        coverage50: mean(&|case| f64::from(matches!(case.gap, 2 | 3))),
        coverage90: mean(&|case| f64::from((1..=4).contains(&case.gap))),
    })
}

/// Skill of losses against reference losses, with 95 % bounds from resampled weeks of the issue day.
///
/// NaN where the reference has no loss at all.
pub fn skill_by_weeks(losses: impl Iterator<Item = (BeijingDay, f64, f64)>, seed: u64) -> Skill {
    let none = Skill { value: f64::NAN, low: f64::NAN, high: f64::NAN, weeks: 0 };
    ratio_by_weeks(losses, seed).map_or(none, Estimate::complement)
}
