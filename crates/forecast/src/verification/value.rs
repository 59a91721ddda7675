use super::case::{Case, Told};
use super::compare::{Compared, compare};
use super::estimate::{Estimate, mean_by_weeks};
use crate::measures::{crps_of_members, crps_of_quantiles, gap, rank_masses};
use serde::Serialize;

/// Scores of a concentration or of the AQI as a number (浓度检验). In the unit of the item unless a share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueScore {
    /// City days.
    pub cases: usize,
    /// Continuous ranked probability score from the five quantiles.
    pub crps: Estimate,
    /// The same from the members, over the cases that have them.
    pub crps_members: Option<f64>,
    /// Mean absolute error of the median.
    pub mae: Estimate,
    /// Root mean square error of the mean.
    pub rmse: f64,
    /// Mean forecast less mean observation (偏差).
    pub bias: Estimate,
    /// Normalised mean bias, share: sum of errors of the mean over sum of observations.
    pub nmb: Option<f64>,
    /// Normalised mean error, share: sum of absolute errors of the mean over sum of observations.
    pub nme: Option<f64>,
    /// Correlation of mean and observation; `None` where one of them never changes.
    pub r: Option<f64>,
    /// Share of observations from the 25 % to the 75 % quantile, ends included.
    pub coverage50: f64,
    /// Share of observations from the 5 % to the 95 % quantile, ends included.
    pub coverage90: f64,
    /// Shares of observations below, between and above the five quantiles; .05 .20 .25 .25 .20 .05 is perfect.
    pub pit: [f64; 6],
    /// Rank histogram of the observation among the members, shares in ten bins; flat is perfect.
    pub ranks: Option<[f64; 10]>,
    /// Mean width of the 50 % interval (锐度).
    pub width50: f64,
    /// Mean width of the 90 % interval.
    pub width90: f64,
}

/// Scores cases of one item beside the references; skill is of the CRPS. `None` of no case.
pub fn value_scores(cases: &[&Case], seed: u64) -> Option<Compared<ValueScore>> {
    compare(cases, |cases| value_score(cases, seed), |case| Some(crps(case)), seed)
}

fn crps(case: &Case) -> f64 {
    crps_of_quantiles(&case.said.quantiles, case.seen)
}

fn value_score(cases: &[&Case], seed: u64) -> Option<ValueScore> {
    let estimate =
        |of: fn(&Case) -> f64| mean_by_weeks(cases.iter().map(|case| (case.occasion().issue, of(case))), seed);
    let all = |of: &dyn Fn(&Case) -> f64| mean(cases.iter().map(|case| of(case)));
    let error = |case: &Case| case.said.mean - case.seen;
    let seen = all(&|case| case.seen)?;
    let relative = |sum: f64| (seen > 0.0).then(|| sum / seen);
    let within = |low: usize, high: usize| {
        all(&|case| f64::from((case.said.quantiles[low]..=case.said.quantiles[high]).contains(&case.seen)))
    };
    let width = |low: usize, high: usize| all(&|case| case.said.quantiles[high] - case.said.quantiles[low]);
    let place = |case: &Case| gap(&case.said.quantiles, case.seen);
    let with_members = || cases.iter().filter(|case| !case.said.members.is_empty());
    Some(ValueScore {
        cases: cases.len(),
        crps: estimate(crps)?,
        crps_members: mean(with_members().map(|case| crps_of_members(&case.said.members, case.seen))),
        mae: estimate(|case| (case.said.quantiles[2] - case.seen).abs())?,
        rmse: all(&|case| error(case).powi(2))?.sqrt(),
        bias: estimate(|case| case.said.mean - case.seen)?,
        nmb: relative(all(&error)?),
        nme: relative(all(&|case| error(case).abs())?),
        r: correlation(cases),
        coverage50: within(1, 3)?,
        coverage90: within(0, 4)?,
        pit: std::array::from_fn(|k| share(cases.iter().map(|case| place(case) == k))),
        ranks: rank_histogram(with_members().copied()),
        width50: width(1, 3)?,
        width90: width(0, 4)?,
    })
}

/// Share of a rank histogram's ten bins; `None` where no case has members.
fn rank_histogram<'a>(cases: impl Iterator<Item = &'a Case>) -> Option<[f64; 10]> {
    let (mut bins, mut count) = ([0.0; 10], 0usize);
    for case in cases {
        let masses = rank_masses::<10>(&case.said.members, case.seen);
        bins.iter_mut().zip(masses).for_each(|(bin, mass)| *bin += mass);
        count += 1;
    }
    (count > 0).then(|| bins.map(|bin| bin / count as f64))
}

fn correlation(cases: &[&Case]) -> Option<f64> {
    let said = mean(cases.iter().map(|case| case.said.mean))?;
    let seen = mean(cases.iter().map(|case| case.seen))?;
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        cases.iter().map(|case| of(case.said.mean - said, case.seen - seen)).sum()
    };
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    (spread > 0.0).then(|| (sum(&|x, y| x * y) / spread).clamp(-1.0, 1.0))
}

fn share(flags: impl ExactSizeIterator<Item = bool>) -> f64 {
    let count = flags.len().max(1) as f64;
    flags.filter(|flag| *flag).count() as f64 / count
}

/// The mean; `None` of nothing.
pub(crate) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::super::case::{References, Said};
    use super::super::example::case;
    use super::*;
    use proptest::prelude::*;

    fn scored(cases: &[Case]) -> Compared<ValueScore> {
        value_scores(&cases.iter().collect::<Vec<_>>(), 1).unwrap()
    }

    #[test]
    fn scores_worked_by_hand() {
        let found = scored(&[case(0, 1, 50.0), case(10, 1, 110.0)]).forecast;
        assert_eq!((found.cases, found.mae.value, found.bias.value), (2, 30.0, -28.0));
        assert!((found.rmse - ((2.0f64 * 2.0 + 58.0 * 58.0) / 2.0).sqrt()).abs() < 1e-12, "{found:?}");
        assert_eq!((found.width50, found.width90), (40.0, 90.0));
        assert_eq!((found.nmb, found.nme), (Some(-28.0 / 80.0), Some(30.0 / 80.0)));
        assert_eq!((found.coverage50, found.coverage90), (0.5, 0.5));
        assert_eq!(found.pit, [0.0, 0.0, 0.5, 0.0, 0.0, 0.5]);
        // Pinball losses at 50: .05*40 .25*20 0 .25*20 .05*50; at 110: .05*100 .25*80 .5*60 .75*40 .95*10.
        assert!((found.crps.value - (2.0 * 14.5 / 5.0 + 2.0 * 94.5 / 5.0) / 2.0).abs() < 1e-12, "{found:?}");
        assert_eq!((found.r, found.ranks, found.crps_members), (None, None, None));
    }

    #[test]
    fn nothing_to_score_is_missing() {
        assert!(value_scores(&[], 1).is_none());
        let found = scored(&[case(0, 1, 50.0)]);
        assert!(found.persistence.is_none(), "no case has one");
    }

    #[test]
    fn observations_that_sum_to_zero_have_no_normalised_error() {
        let found = scored(&[case(0, 1, 0.0)]).forecast;
        assert_eq!((found.nmb, found.nme), (None, None));
    }

    #[test]
    fn a_forecast_that_is_its_reference_has_no_skill_and_a_perfect_one_all() {
        let same = |said: fn(&Case) -> Said| {
            let cases: Vec<Case> = (0..5)
                .map(|n| case(n * 7, 1, f64::from(20 + 13 * n)))
                .map(|one| Case {
                    said: said(&one),
                    references: References { climatology: Some(case(0, 1, 0.0).said), persistence: None },
                    ..one
                })
                .collect();
            scored(&cases).climatology.unwrap().skill.unwrap().value
        };
        assert_eq!(same(|one| one.said.clone()), 0.0);
        assert_eq!(same(|one| Said { mean: one.seen, quantiles: [one.seen; 5], members: vec![] }), 1.0);
    }

    #[test]
    fn crps_of_a_point_is_its_absolute_error() {
        let point = |seen: f64| Case {
            said: Said { mean: 40.0, quantiles: [40.0; 5], members: vec![40.0] },
            ..case(0, 1, seen)
        };
        let found = scored(&[point(10.0), point(100.0)]).forecast;
        assert_eq!((found.crps.value, found.mae.value, found.crps_members), (45.0, 45.0, Some(45.0)));
    }

    #[test]
    fn an_observation_drawn_like_the_members_gives_flat_histograms() {
        // Every rank of nine members once: the observation at -0.5, 0.5, … 8.5.
        let members: Vec<f64> = (0..9).map(f64::from).collect();
        let said = Said::of_sample(members).unwrap();
        let cases: Vec<Case> =
            (0..10).map(|n| Case { said: said.clone(), ..case(n * 7, 1, f64::from(n) - 0.5) }).collect();
        let ranks = scored(&cases).forecast.ranks.unwrap();
        assert!(ranks.iter().all(|share| (share - 0.1).abs() < 1e-12), "{ranks:?}");
    }

    #[test]
    fn a_uniform_forecast_of_uniform_observations_has_a_perfect_pit() {
        let said = Said { mean: 0.5, quantiles: [0.05, 0.25, 0.5, 0.75, 0.95], members: vec![] };
        let seen = |n: i32| (f64::from(n) + 0.5) / 200.0;
        let cases: Vec<Case> = (0..200).map(|n| Case { said: said.clone(), ..case(n, 1, seen(n)) }).collect();
        let found = scored(&cases).forecast;
        assert_eq!(found.pit, [0.05, 0.2, 0.25, 0.25, 0.2, 0.05]);
        assert_eq!((found.coverage50, found.coverage90), (0.5, 0.9));
    }

    #[test]
    fn correlation_of_a_line_is_one_whichever_way_its_scale() {
        let with = |slope: f64| {
            let said = |seen: f64| Said { mean: 9.0 + slope * seen, ..case(0, 1, 0.0).said };
            let one = |n: i32| Case { said: said(f64::from(n)), ..case(n, 1, f64::from(n)) };
            scored(&(1..6).map(one).collect::<Vec<_>>()).forecast.r.unwrap()
        };
        assert!((with(2.0) - 1.0).abs() < 1e-12 && (with(-0.5) + 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn every_measure_keeps_its_bounds(
            seen in prop::collection::vec(0.1f64..400.0, 1..30), width in 0.0f64..80.0
        ) {
            let said = |n: usize| {
                let centre = 30.0 + n as f64;
                let quantiles = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| centre + k * width);
                Said { mean: centre, quantiles, members: vec![] }
            };
            let cases: Vec<Case> =
                seen.iter().enumerate().map(|(n, seen)| Case { said: said(n), ..case(n as i32, 1, *seen) }).collect();
            let found = scored(&cases).forecast;
            prop_assert!((found.pit.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(found.coverage50 <= found.coverage90);
            prop_assert!(found.rmse + 1e-9 >= found.bias.value.abs());
            prop_assert!(found.nme.unwrap() + 1e-9 >= found.nmb.unwrap().abs());
            prop_assert!(found.crps.value >= 0.0 && found.crps.value <= found.mae.value + 2.0 * width);
            prop_assert!(found.r.is_none_or(|r| (-1.0..=1.0).contains(&r)));
        }
    }
}
