/// How past scores become weights (权重规则).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightRule {
    /// Cases at which a forecaster's own score counts as much as the mean of all.
    pub shrink_cases: f64,
    /// Smallest weight, as a share of the equal weight.
    pub floor: f64,
}

impl Default for WeightRule {
    /// The project's own: a month of daily city forecasts to be half believed, never less than a quarter of a voice.
    fn default() -> Self {
        WeightRule { shrink_cases: 30.0, floor: 0.25 }
    }
}

/// A forecaster's past loss (以往评分), for example the mean interval score of the last 90 days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastScore {
    /// Cases behind it.
    pub cases: usize,
    /// Mean loss, smaller is better; not read when there is no case.
    pub loss: f64,
}

/// Weights of forecasters from their past scores, in the same order; they sum to one (技巧权重).
///
/// Every loss is first drawn towards the mean loss by the number of cases, so that a newcomer weighs as much as
/// the average and luck of a few days counts little. Weights go with one over the square of the loss, as for
/// independent errors of that size, then none falls below the floor. Without any past score all weigh alike.
pub fn skill_weights(past: &[PastScore], rule: WeightRule) -> Vec<f64> {
    let equal = 1.0 / past.len().max(1) as f64;
    let usable = |one: &PastScore| one.cases > 0 && one.loss.is_finite() && one.loss >= 0.0;
    let (sum, cases) = past
        .iter()
        .filter(|one| usable(one))
        .fold((0.0, 0.0), |(sum, cases), one| (sum + one.cases as f64 * one.loss, cases + one.cases as f64));
    // Nobody ever erred, or nobody was ever scored: nothing tells them apart.
    if cases == 0.0 || sum <= 0.0 {
        return vec![equal; past.len()];
    }
    let (mean, shrink) = (sum / cases, rule.shrink_cases.max(f64::MIN_POSITIVE));
    let drawn = |one: &PastScore| {
        let (cases, loss) = if usable(one) { (one.cases as f64, one.loss) } else { (0.0, mean) };
        (cases * loss + shrink * mean) / (cases + shrink)
    };
    let raw: Vec<f64> = past.iter().map(|one| (mean / drawn(one)).powi(2)).collect();
    let total: f64 = raw.iter().sum();
    let floor = rule.floor.clamp(0.0, 1.0);
    raw.iter().map(|raw| floor * equal + (1.0 - floor) * raw / total).collect()
}

/// The weighted median (加权中位数): half of the weight lies on either side.
///
/// Where exactly half lies below, the middle between the two neighbours, so that equal weights give the usual median.
/// Values that are not finite and weights that are not positive are left out; `None` where nothing remains.
///
/// ```
/// use forecast::weighted_median;
/// assert_eq!(weighted_median(&[90.0, 120.0, 200.0], &[0.5, 0.3, 0.2]), Some(105.0));
/// ```
pub fn weighted_median(values: &[f64], weights: &[f64]) -> Option<f64> {
    let usable = |(value, weight): &(f64, f64)| value.is_finite() && weight.is_finite() && *weight > 0.0;
    let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).filter(usable).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = pairs.iter().map(|pair| pair.1).sum::<f64>() / 2.0;
    // A third plus a third plus a third is not quite one in binary; a hair either way is still half.
    let hair = half * 1e-9;
    let mut below = 0.0;
    for (place, (value, weight)) in pairs.iter().enumerate() {
        below += weight;
        if (below - half).abs() <= hair {
            return Some(pairs.get(place + 1).map_or(*value, |next| (value + next.0) / 2.0));
        }
        if below > half {
            return Some(*value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn past(cases: usize, loss: f64) -> PastScore {
        PastScore { cases, loss }
    }

    #[test]
    fn the_better_weighs_more_and_more_surely_with_more_cases() {
        let share = |cases: usize| skill_weights(&[past(cases, 30.0), past(cases, 60.0)], WeightRule::default())[0];
        assert!(share(3) > 0.5 && share(30) > share(3) && share(3000) > share(30), "{} {}", share(3), share(30));
        // Of many cases: raw weights go as 4 to 1; a quarter of a voice is kept.
        assert!((share(1_000_000) - (0.125 + 0.75 * 0.8)).abs() < 1e-3, "{}", share(1_000_000));
    }

    #[test]
    fn a_newcomer_weighs_as_the_average() {
        let weights = skill_weights(&[past(500, 40.0), past(0, 0.0), past(500, 40.0)], WeightRule::default());
        assert!(weights.iter().all(|weight| (weight - 1.0 / 3.0).abs() < 1e-12), "{weights:?}");
    }

    #[test]
    fn without_past_scores_all_weigh_alike_and_nobody_nothing() {
        assert_eq!(skill_weights(&[past(0, 9.0), past(0, 1.0)], WeightRule::default()), [0.5, 0.5]);
        assert_eq!(skill_weights(&[past(9, 0.0), past(9, 0.0)], WeightRule::default()), [0.5, 0.5]);
        assert!(skill_weights(&[], WeightRule::default()).is_empty());
    }

    #[test]
    fn medians_of_equal_weights_are_the_usual_ones() {
        assert_eq!(weighted_median(&[3.0, 1.0, 2.0], &[1.0 / 3.0; 3]), Some(2.0));
        assert_eq!(weighted_median(&[4.0, 1.0, 2.0, 3.0], &[0.25; 4]), Some(2.5));
        assert_eq!(weighted_median(&[7.0], &[0.1]), Some(7.0));
    }

    #[test]
    fn a_heavy_voice_decides_and_a_missing_one_does_not_count() {
        assert_eq!(weighted_median(&[10.0, 20.0, 30.0], &[0.2, 0.2, 0.6]), Some(30.0));
        assert_eq!(weighted_median(&[10.0, f64::NAN, 30.0], &[0.4, 5.0, 0.6]), Some(30.0));
        assert_eq!(weighted_median(&[10.0, 20.0], &[0.0, 0.0]), None);
        assert_eq!(weighted_median(&[], &[]), None);
    }

    proptest! {
        #[test]
        fn weights_sum_to_one_and_keep_the_floor(
            scores in prop::collection::vec((0usize..200, 0.0f64..200.0), 1..12), floor in 0.0f64..=1.0
        ) {
            let scores: Vec<PastScore> = scores.into_iter().map(|(cases, loss)| past(cases, loss)).collect();
            let weights = skill_weights(&scores, WeightRule { floor, ..WeightRule::default() });
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let least = floor / scores.len() as f64;
            prop_assert!(weights.iter().all(|weight| *weight >= least - 1e-12));
        }

        #[test]
        fn the_median_is_a_value_or_between_two_and_does_not_see_order(
            pairs in prop::collection::vec((0.0f64..500.0, 0.01f64..1.0), 1..12)
        ) {
            let (values, weights): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            let found = weighted_median(&values, &weights).unwrap();
            let (back, turned): (Vec<f64>, Vec<f64>) = pairs.iter().rev().copied().unzip();
            prop_assert_eq!(weighted_median(&back, &turned).unwrap(), found);
            let half = weights.iter().sum::<f64>() / 2.0 + 1e-6;
            let side = |on: &dyn Fn(f64) -> bool| -> f64 {
                pairs.iter().filter(|pair| on(pair.0)).map(|pair| pair.1).sum()
            };
            prop_assert!(side(&|value| value < found) <= half && side(&|value| value > found) <= half);
        }
    }
}
