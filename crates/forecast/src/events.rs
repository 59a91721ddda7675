use crate::folds::Fold;
use crate::logistic::Logistic;
use crate::members::{CityForecast, Draw, day_errors, day_members};
use crate::model::state;
use crate::past::{Past, season_rows};
use crate::predictors::season;
use crate::rows::Rows;
use crate::scale::Scale;
use crate::spread::Spread;
use crate::targets::LEADS;
use serde::{Deserialize, Serialize};
use units::{BeijingDay, Pollutant};

/// A day mean of PM2.5 above this has an index above 150 in both editions, µg/m³.
pub const HEAVY_BOUND: f64 = 115.5;
/// Pairs of neighbouring lead days.
const PAIRS: usize = LEADS - 1;

/// The probability that two days in a row have a mean PM2.5 above [`HEAVY_BOUND`] (连续两日事件概率).
///
/// What the members say of a pair is neither as rare nor as sharp as what happens: decisions use `calibrated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairEvent {
    /// City, as in [`crate::Run::cities`].
    pub city: String,
    /// Lead of the first of the two days, from 1.
    pub first_lead: u8,
    /// The first of the two days.
    pub first_day: BeijingDay,
    /// Share of members.
    pub raw: f64,
    /// What the share of all past errors of the season has meant on days the model had not seen.
    pub calibrated: f64,
}

/// The calibration of pair probabilities (逻辑斯谛校准).
///
/// Of the share of *all* past errors of the season that would make a pair, not of the members drawn: what the
/// draw of fifty members adds in chance costs two hundredths of Brier skill. One map for the pair that begins
/// tomorrow and one for all later ones: six maps say what six times fewer episodes can bear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PairMaps {
    first: Logistic<SLOPES>,
    later: Logistic<SLOPES>,
}

/// The logit of the share and the season of the year: pairs are said too often in autumn and spring.
const SLOPES: usize = 2;

type Case = ([f64; SLOPES], bool);

impl PairMaps {
    /// Learns on every training row, each forecast from the errors of the other folds. `None` when these
    /// determine no map.
    pub fn learn(
        rows: &Rows,
        said: &[Vec<f64>],
        spread: &Spread,
        (past, days): (&Past, &[BeijingDay]),
        folds: &[Fold],
    ) -> Option<PairMaps> {
        let (mut first, mut later) = (vec![], vec![]);
        for (fold, month) in folds.iter().flat_map(|fold| (1..=12).map(move |month| (fold, month))) {
            let inside = rows.days[fold.test.start]..=rows.days[fold.test.end - 1];
            let near = season_rows(days, BeijingDay::from_ymd(2001, month, 15)?);
            let near: Vec<usize> = near.into_iter().filter(|row| !inside.contains(&days[*row])).collect();
            if near.is_empty() {
                continue;
            }
            let sorted: Vec<Vec<f64>> = (0..LEADS).map(|lead| past.sorted(&near, lead)).collect();
            let draw = Draw { past, rows: &near, errors: &sorted };
            for city in 0..rows.cities {
                let errors = day_errors(city, &draw);
                for row in fold.test.clone().filter(|row| rows.days[*row].month() == month) {
                    for (pair, case) in cases(rows, said, spread, &errors, row, city) {
                        if pair == 0 { first.push(case) } else { later.push(case) }
                    }
                }
            }
        }
        Some(PairMaps { first: Logistic::fit(&first)?, later: Logistic::fit(&later)? })
    }

    /// Whether it can be applied; what comes from a file may not be whole.
    pub fn fits(&self) -> bool {
        self.first.fits() && self.later.fits()
    }

    /// The events of a city from its members' day values on the scale, and from those of all past errors.
    pub fn events(
        &self,
        city: &str,
        issue: BeijingDay,
        forecast: &CityForecast,
        [drawn, all]: [&Draw; 2],
    ) -> Vec<PairEvent> {
        let [members, past] = [drawn, all].map(|draw| day_members(forecast, draw));
        let one = |pair: usize| PairEvent {
            city: city.to_string(),
            first_lead: pair as u8 + 1,
            first_day: issue + pair as i32 + 1,
            raw: share(&members, pair),
            calibrated: if pair == 0 { &self.first } else { &self.later }.of(&known(share(&past, pair), issue)),
        };
        (0..PAIRS).map(one).collect()
    }
}

/// What a row and city said of each pair, and what happened where both days were observed.
fn cases(
    rows: &Rows,
    said: &[Vec<f64>],
    spread: &Spread,
    errors: &[[f64; LEADS]],
    row: usize,
    city: usize,
) -> Vec<(usize, Case)> {
    let (level, target) = (rows.level[row][city], |lead: usize| lead * rows.cities + city);
    let day = |lead: usize| level + said[row][target(lead)];
    let width: [f64; LEADS] = std::array::from_fn(|lead| spread.of(lead, &state(rows, said, row, target(lead))));
    let members: Vec<[f64; LEADS]> =
        errors.iter().map(|error| std::array::from_fn(|lead| day(lead) + width[lead] * error[lead])).collect();
    let one = |pair: usize| {
        let [first, second] = [pair, pair + 1].map(|lead| level + rows.observed[row][target(lead)]);
        let happened = first > bound() && second > bound();
        let observed = first.is_finite() && second.is_finite();
        observed.then(|| (pair, (known(share(&members, pair), rows.days[row]), happened)))
    };
    (0..PAIRS).filter_map(one).collect()
}

fn share(members: &[[f64; LEADS]], pair: usize) -> f64 {
    let both = members.iter().filter(|days| days[pair] > bound() && days[pair + 1] > bound());
    both.count() as f64 / members.len().max(1) as f64
}

/// What the map looks at; a share of nothing stands for one error in five hundred.
fn known(share: f64, issue: BeijingDay) -> [f64; SLOPES] {
    const LEAST: f64 = 0.002;
    [((share + LEAST) / (1.0 - share + LEAST)).ln(), season(issue)[1]]
}

fn bound() -> f64 {
    Scale::of(Pollutant::Pm25).log(HEAVY_BOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_share_and_the_whole_share_stay_finite_and_apart() {
        let day: BeijingDay = "2018-01-13".parse().unwrap();
        let [none, half, whole] = [0.0, 0.5, 1.0].map(|share| known(share, day)[0]);
        assert!(none.is_finite() && whole.is_finite() && none < half && half < whole);
        assert!((none + whole).abs() < 1e-12 && half.abs() < 1e-12);
    }

    #[test]
    fn a_pair_needs_both_days_above_the_bound() {
        let [over, under] = [bound() + 0.1, bound() - 0.1];
        let members = [[over; LEADS], [under; LEADS], [over, under, over, over, under, under, under]];
        assert_eq!([0, 2, 4].map(|pair| (share(&members, pair) * 3.0).round()), [1.0, 2.0, 1.0]);
    }
}
