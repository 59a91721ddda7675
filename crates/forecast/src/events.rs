use crate::folds::Fold;
use crate::logistic::Logistic;
use crate::measures::brier;
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
    /// What the share of all past errors of the season has meant on days the model had not seen; the share itself
    /// where no map of it was better there.
    pub calibrated: f64,
}

/// The calibration of pair probabilities (逻辑斯谛校准).
///
/// Of the share of *all* past errors of the season that would make a pair, not of the members drawn: what the
/// draw of fifty members adds in chance costs two hundredths of Brier skill. One map for the pair that begins
/// tomorrow and one for all later ones: six maps say what six times fewer episodes can bear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PairMaps {
    first: PairMap,
    later: PairMap,
}

/// One map, and whether it earned its place: from a few winters it may say less than the share itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PairMap {
    map: Logistic<SLOPES>,
    pub tried: PairCalibration,
}

/// How a map of pair probabilities did on blocks of days it had not seen (校准的交叉检验).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairCalibration {
    /// City pairs of days.
    pub cases: usize,
    /// Brier score of the share of all past errors of the season.
    pub brier_share: f64,
    /// Brier score of maps that were each learned on the other blocks.
    pub brier_map: f64,
}

impl PairCalibration {
    /// Whether probabilities go through the map: only one that betters the share on days it had not seen.
    pub fn used(&self) -> bool {
        self.brier_map < self.brier_share
    }
}

/// The logit of the share and the season of the year: pairs are said too often in autumn and spring.
const SLOPES: usize = 2;

/// What was said of a pair and whether it happened.
#[derive(Clone, Copy)]
struct Case {
    share: f64,
    day: BeijingDay,
    happened: bool,
}

impl PairMap {
    /// Learns on all blocks, and tries the map on each from the others. `None` when they determine no map.
    fn learn(blocks: &[Vec<Case>]) -> Option<PairMap> {
        let others = |left_out: usize| {
            let others = blocks.iter().enumerate().filter(move |(block, _)| *block != left_out);
            others.flat_map(|(_, cases)| cases).map(|case| (known(case.share, case.day), case.happened))
        };
        let mut tried = PairCalibration { cases: 0, brier_share: 0.0, brier_map: 0.0 };
        for (block, cases) in blocks.iter().enumerate().filter(|(_, cases)| !cases.is_empty()) {
            // A block that is alone teaches no map that could be tried on it: the share stays.
            let map = Logistic::fit(&others(block).collect::<Vec<_>>());
            for case in cases {
                let said = map.as_ref().map_or(case.share, |map| map.of(&known(case.share, case.day)));
                tried.brier_share += brier(case.share, case.happened);
                tried.brier_map += brier(said, case.happened);
                tried.cases += 1;
            }
        }
        tried.brier_share /= tried.cases.max(1) as f64;
        tried.brier_map /= tried.cases.max(1) as f64;
        let map = Logistic::fit(&others(blocks.len()).collect::<Vec<_>>())?;
        Some(PairMap { map, tried })
    }

    fn of(&self, share: f64, issue: BeijingDay) -> f64 {
        if self.tried.used() { self.map.of(&known(share, issue)) } else { share }
    }
}

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
        let (mut first, mut later) = (vec![vec![]; folds.len()], vec![vec![]; folds.len()]);
        for ((block, fold), month) in folds.iter().enumerate().flat_map(|fold| (1..=12).map(move |month| (fold, month)))
        {
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
                        if pair == 0 { first[block].push(case) } else { later[block].push(case) }
                    }
                }
            }
        }
        Some(PairMaps { first: PairMap::learn(&first)?, later: PairMap::learn(&later)? })
    }

    /// How the map of the pair that begins tomorrow did, and that of all later pairs.
    pub fn tried(&self) -> [PairCalibration; 2] {
        [self.first.tried, self.later.tried]
    }

    /// Whether it can be applied; what comes from a file may not be whole.
    pub fn fits(&self) -> bool {
        self.first.map.fits() && self.later.map.fits()
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
            calibrated: if pair == 0 { &self.first } else { &self.later }.of(share(&past, pair), issue),
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
        observed.then(|| (pair, Case { share: share(&members, pair), day: rows.days[row], happened }))
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

    /// Blocks of days of which each says `share` and sees `happened` of a hundred.
    fn blocks(said: &[(f64, usize)]) -> Vec<Vec<Case>> {
        let day: BeijingDay = "2018-01-13".parse().unwrap();
        let block = |(share, happened): &(f64, usize)| {
            let part = |share: f64, happened: usize| (0..100).map(move |n| Case { share, day, happened: n < happened });
            part(*share, *happened).chain(part(0.0, 0)).collect()
        };
        said.iter().map(block).collect()
    }

    #[test]
    fn a_map_that_betters_the_share_on_unseen_blocks_is_used() {
        let map = PairMap::learn(&blocks(&[(0.2, 50), (0.2, 55), (0.2, 45), (0.2, 50)])).unwrap();
        assert!(map.tried.used() && map.tried.cases == 800, "{:?}", map.tried);
        let said = map.of(0.2, "2018-01-13".parse().unwrap());
        assert!((said - 0.5).abs() < 0.05, "{said}");
    }

    #[test]
    fn a_map_that_does_not_carry_over_leaves_the_share() {
        let map = PairMap::learn(&blocks(&[(0.3, 90), (0.3, 2), (0.3, 0), (0.3, 28)])).unwrap();
        assert!(!map.tried.used(), "{:?}", map.tried);
        assert_eq!(map.of(0.3, "2018-01-13".parse().unwrap()), 0.3);
    }

    #[test]
    fn one_block_alone_teaches_nothing_that_could_be_tried() {
        let map = PairMap::learn(&blocks(&[(0.2, 60)])).unwrap();
        assert_eq!((map.tried.used(), map.tried.brier_map), (false, map.tried.brier_share));
    }

    #[test]
    fn a_pair_needs_both_days_above_the_bound() {
        let [over, under] = [bound() + 0.1, bound() - 0.1];
        let members = [[over; LEADS], [under; LEADS], [over, under, over, over, under, under, under]];
        assert_eq!([0, 2, 4].map(|pair| (share(&members, pair) * 3.0).round()), [1.0, 2.0, 1.0]);
    }
}
