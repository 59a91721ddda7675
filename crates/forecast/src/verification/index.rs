use super::case::{IndexCase, Told};
use super::compare::{Compared, compare};
use super::estimate::{Estimate, mean_by_weeks};
use serde::Serialize;
use units::{Aqi, AqiLevel};

/// The share of days a published range is taken to hold, when it is scored as an interval.
///
/// The range rules in use hold about half of the observations, so the range is scored as the central 50 % interval.
pub const RANGE_SHARE: f64 = 0.5;

/// Upper ends of the twelve half-levels (半级): every level cut in the middle.
const HALF_LEVELS: [u16; 12] = [25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 400, 500];

/// Scores of the AQI as it is published: range, level, primary pollutant (AQI 检验). Shares unless said otherwise.
///
/// The text of DB32/T 4678-2024 is not public, so all definitions are the project's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexScore {
    /// City days.
    pub cases: usize,
    /// Observed AQI within the range, ends included (范围准确率).
    pub range_hit: Estimate,
    /// Level of the range's middle equals the observed level (级别准确率).
    pub level_hit: Estimate,
    /// Observed level within the forecast set of levels.
    pub level_set_hit: Estimate,
    /// The same over forecasts of one level (单级).
    pub level_hit_single: Option<Estimate>,
    /// The same over forecasts across levels (跨级).
    pub level_hit_cross: Option<Estimate>,
    /// Forecasts across levels, share.
    pub cross: Estimate,
    /// Half-level of the range's middle equals the observed half-level, of twelve (半级准确率).
    pub half_level_hit: Estimate,
    /// Forecast and observed primary pollutants share one, days with an observed AQI of at most 50 left out.
    pub primary_hit: Option<Estimate>,
    /// Observed below the range: forecast too high (偏高).
    pub over: Estimate,
    /// Observed above the range: forecast too low (偏低).
    pub under: Estimate,
    /// Middle of the range less observation, index points.
    pub bias: Estimate,
    /// Mean width of the range, index points: read every hit rate beside it.
    pub width: Estimate,
    /// Mean interval score, index points: smaller is better, see [`interval_score`].
    pub interval_score: Estimate,
}

/// Interval score of a range taken as a central interval (区间评分), index points.
///
/// Width plus `2 / (1 - RANGE_SHARE)` = 4 times the distance by which the observation misses the range. A wider range
/// always pays its width, so that hits can't be bought: honest width is the best strategy (a proper score,
/// Gneiting and Raftery 2007).
///
/// ```
/// use forecast::verification::interval_score;
/// assert_eq!(interval_score((80, 110), 100), 30.0);
/// assert_eq!(interval_score((80, 110), 115), 50.0);
/// ```
pub fn interval_score(range: (u16, u16), seen: u16) -> f64 {
    let (low, high, seen) = (f64::from(range.0), f64::from(range.1), f64::from(seen));
    let missed = (low - seen).max(0.0) + (seen - high).max(0.0);
    (high - low) + 2.0 / (1.0 - RANGE_SHARE) * missed
}

/// The half-level of an index, 0 to 11.
pub fn half_level(index: Aqi) -> usize {
    HALF_LEVELS.partition_point(|end| *end < index.get())
}

/// Scores AQI forecasts beside the references; skill is of the interval score. `None` of no case.
pub fn index_scores(cases: &[&IndexCase], seed: u64) -> Option<Compared<IndexScore>> {
    compare(cases, |cases| index_score(cases, seed), |case| Some(interval(case)), seed)
}

pub(crate) fn interval(case: &IndexCase) -> f64 {
    interval_score(case.said.range, case.seen.get())
}

pub(crate) fn range_hit(case: &IndexCase) -> bool {
    (case.said.range.0..=case.said.range.1).contains(&case.seen.get())
}

pub(crate) fn level_hit(case: &IndexCase) -> bool {
    AqiLevel::of(case.said.middle()) == AqiLevel::of(case.seen)
}

/// Whether a forecast and an observed primary pollutant agree; `None` where nothing was said or the air was clean.
pub(crate) fn primary_hit(case: &IndexCase) -> Option<bool> {
    let said = case.said.primary.as_ref().filter(|_| case.seen.get() > 50)?;
    Some(case.primary.iter().any(|seen| said.contains(seen)))
}

fn index_score(cases: &[&IndexCase], seed: u64) -> Option<IndexScore> {
    let some = |of: &dyn Fn(&IndexCase) -> Option<f64>| {
        mean_by_weeks(cases.iter().filter_map(|case| Some((case.occasion().issue, of(case)?))), seed)
    };
    let all = |of: &dyn Fn(&IndexCase) -> f64| some(&|case| Some(of(case)));
    let share = |of: &dyn Fn(&IndexCase) -> bool| all(&|case| f64::from(of(case)));
    let crosses = |case: &IndexCase| case.said.levels().len() > 1;
    let holds = |case: &IndexCase| case.said.levels().contains(&AqiLevel::of(case.seen));
    let held_where = |cross: bool| some(&|case| (crosses(case) == cross).then(|| f64::from(holds(case))));
    Some(IndexScore {
        cases: cases.len(),
        range_hit: share(&range_hit)?,
        level_hit: share(&level_hit)?,
        level_set_hit: share(&holds)?,
        level_hit_single: held_where(false),
        level_hit_cross: held_where(true),
        cross: share(&crosses)?,
        half_level_hit: share(&|case| half_level(case.said.middle()) == half_level(case.seen))?,
        primary_hit: some(&|case| primary_hit(case).map(f64::from)),
        over: share(&|case| case.seen.get() < case.said.range.0)?,
        under: share(&|case| case.seen.get() > case.said.range.1)?,
        bias: all(&|case| f64::from(case.said.range.0 + case.said.range.1) / 2.0 - f64::from(case.seen.get()))?,
        width: all(&|case| f64::from(case.said.range.1) - f64::from(case.said.range.0))?,
        interval_score: all(&interval)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::case::References;
    use super::super::example::index;
    use super::*;
    use proptest::prelude::*;
    use units::Pollutant;

    fn scored(cases: &[IndexCase]) -> Compared<IndexScore> {
        index_scores(&cases.iter().collect::<Vec<_>>(), 1).unwrap()
    }

    #[test]
    fn scores_worked_by_hand() {
        let cases = [
            index(0, (54, 84), &[Pollutant::Pm25], 0.1, 69),
            index(1, (54, 84), &[Pollutant::O3], 0.1, 145),
            index(2, (40, 60), &[], 0.0, 50),
            index(3, (91, 121), &[Pollutant::Pm10, Pollutant::Pm25], 0.2, 90),
        ];
        let found = scored(&cases).forecast;
        let values = |all: [Estimate; 6]| all.map(|one| one.value);
        let hits =
            [found.range_hit, found.level_hit, found.level_set_hit, found.half_level_hit, found.over, found.under];
        // Range: 69 and 50 of four; level of the middles 69 69 50 106; sets {2} {2} {1,2} {2,3}; half-levels
        // of the middles 51-75 51-75 26-50 101-125 against 51-75 126-150 26-50 76-100.
        assert_eq!(values(hits), [0.5, 0.5, 0.75, 0.5, 0.25, 0.25]);
        assert_eq!(found.level_hit_single.unwrap().value, 0.5);
        assert_eq!((found.level_hit_cross.unwrap().value, found.cross.value), (1.0, 0.5));
        assert_eq!(found.primary_hit.unwrap().value, 2.0 / 3.0, "the clean day is left out");
        assert_eq!((found.width.value, found.bias.value), (27.5, (0.0 - 76.0 + 0.0 + 16.0) / 4.0));
        assert_eq!(found.interval_score.value, (30.0 + (30.0 + 4.0 * 61.0) + 20.0 + (30.0 + 4.0)) / 4.0);
    }

    #[test]
    fn what_has_no_case_is_missing() {
        assert!(index_scores(&[], 1).is_none());
        let found = scored(&[index(0, (54, 84), &[], 0.0, 40)]).forecast;
        assert_eq!((found.primary_hit, found.level_hit_cross), (None, None));
    }

    #[test]
    fn half_levels_change_just_above_their_ends() {
        let of = |index: u16| half_level(Aqi::new(index).unwrap());
        assert_eq!(
            [0, 25, 26, 50, 51, 200, 201, 250, 251, 400, 401, 500].map(of),
            [0, 0, 1, 1, 2, 7, 8, 8, 9, 10, 11, 11]
        );
    }

    #[test]
    fn a_range_of_everything_hits_always_and_still_loses() {
        let honest: Vec<IndexCase> = (0..20).map(|n| index(n, (70, 100), &[], 0.0, 60 + 2 * n as u16)).collect();
        let wide: Vec<IndexCase> = honest
            .iter()
            .map(|case| IndexCase { said: index(0, (0, 500), &[], 0.0, 0).said, ..case.clone() })
            .collect();
        let (honest, wide) = (scored(&honest).forecast, scored(&wide).forecast);
        assert_eq!(wide.range_hit.value, 1.0);
        assert!(honest.range_hit.value < 1.0 && honest.interval_score.value < wide.interval_score.value);
    }

    #[test]
    fn skill_against_itself_is_zero() {
        let one = index(0, (54, 84), &[], 0.0, 145);
        let references = References { climatology: Some(one.said.clone()), persistence: None };
        let found = scored(&[IndexCase { references, ..one }]);
        assert_eq!(found.climatology.unwrap().skill.unwrap().value, 0.0);
    }

    proptest! {
        #[test]
        fn one_of_hit_over_and_under_holds(low in 0u16..400, width in 0u16..100, seen in 0u16..=500) {
            let found = scored(&[index(0, (low, low + width), &[], 0.0, seen)]).forecast;
            prop_assert_eq!(found.range_hit.value + found.over.value + found.under.value, 1.0);
            prop_assert!(found.level_set_hit.value >= found.level_hit.value);
            prop_assert!(found.interval_score.value >= found.width.value);
        }
    }
}
