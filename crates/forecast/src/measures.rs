//! Scores of one forecast against one observation (检验指标). Smaller is better unless the name says otherwise.

/// The quantiles every day forecast is published with.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Continuous ranked probability score from the five published quantiles: twice the mean pinball loss.
///
/// In the unit of the forecast. An approximation from below of the integral; the same for every method compared.
///
/// ```
/// assert_eq!(forecast::measures::crps_of_quantiles(&[10.0; 5], 10.0), 0.0);
/// ```
pub fn crps_of_quantiles(quantiles: &[f64; 5], seen: f64) -> f64 {
    let pinball = |(q, p): (&f64, f64)| if seen >= *q { p * (seen - q) } else { (1.0 - p) * (q - seen) };
    2.0 * quantiles.iter().zip(QUANTILES).map(pinball).sum::<f64>() / QUANTILES.len() as f64
}

/// Continuous ranked probability score of an ascending ensemble, exactly; NaN of none.
pub fn crps_of_members(sorted: &[f64], seen: f64) -> f64 {
    let m = sorted.len() as f64;
    let weighted = |(i, value): (usize, &f64)| (value - seen) * (f64::from(seen < *value) * m - i as f64 - 0.5);
    2.0 / (m * m) * sorted.iter().enumerate().map(weighted).sum::<f64>()
}

/// The value below which the share `p` of an ascending sample lies, by Hazen's rule: member `i` of `n`
/// stands at `(i + 1/2) / n`. NaN of none.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = (p * sorted.len() as f64 - 0.5).clamp(0.0, last as f64);
    let (left, share) = (place.floor() as usize, place.fract());
    sorted[left] + (sorted[(left + 1).min(last)] - sorted[left]) * share
}

/// Brier score of the probability of an event.
pub fn brier(probability: f64, happened: bool) -> f64 {
    (probability - f64::from(happened)).powi(2)
}

/// Probability integral transform from the five quantiles: which of the six gaps holds the observation, 0 to 5.
pub fn gap(quantiles: &[f64; 5], seen: f64) -> usize {
    quantiles.iter().filter(|q| seen > **q).count()
}

/// Rank of the observation among ascending members, as shares of `N` equal bins of the unit interval.
///
/// Rank `k` of `m` members stands for the stretch from `k / (m + 1)` to `(k + 1) / (m + 1)`, and ties for the whole
/// stretch they leave open, so that a perfect ensemble fills all bins alike whatever its size. Sums to one.
pub fn rank_masses<const N: usize>(sorted: &[f64], seen: f64) -> [f64; N] {
    let below = sorted.iter().filter(|member| **member < seen).count();
    let equal = sorted.iter().filter(|member| **member == seen).count();
    let places = sorted.len() as f64 + 1.0;
    let (from, to) = (below as f64 / places, (below + equal + 1) as f64 / places);
    std::array::from_fn(|bin| {
        let (left, right) = (bin as f64 / N as f64, (bin + 1) as f64 / N as f64);
        (to.min(right) - from.max(left)).max(0.0) / (to - from)
    })
}

/// Energy score of an ensemble of vectors: the CRPS of several dimensions. Of one member it is the distance.
pub fn energy(members: &[Vec<f64>], seen: &[f64]) -> f64 {
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
    let m = members.len() as f64;
    let off: f64 = members.iter().map(|member| distance(member, seen)).sum();
    let apart: f64 =
        members.iter().enumerate().flat_map(|(i, a)| members[..i].iter().map(move |b| distance(a, b))).sum();
    off / m - apart / (m * m)
}

/// Variogram score of order one half, mean over all pairs of components.
pub fn variogram(members: &[Vec<f64>], seen: &[f64]) -> f64 {
    let (n, m) = (seen.len(), members.len() as f64);
    let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    let one = |(i, j): (usize, usize)| {
        let expected = members.iter().map(|member| (member[i] - member[j]).abs().sqrt()).sum::<f64>() / m;
        ((seen[i] - seen[j]).abs().sqrt() - expected).powi(2)
    };
    pairs.map(one).sum::<f64>() / (n * (n - 1) / 2).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn crps_of_one_member_is_its_distance() {
        assert!((crps_of_members(&[3.0], 5.0) - 2.0).abs() < 1e-12);
        assert!((crps_of_members(&[7.0], 5.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn crps_of_two_members_worked_by_hand() {
        // mean distance 1 minus half the mean distance between members (1/2 of 1) at the middle
        assert!((crps_of_members(&[4.0, 6.0], 5.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn hazen_quantiles_of_four() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert_eq!([0.0, 0.125, 0.5, 0.875, 1.0].map(|p| quantile(&sorted, p)), [1.0, 1.0, 2.5, 4.0, 4.0]);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn tied_members_share_the_rank_and_one_member_halves_the_line() {
        assert_eq!(rank_masses::<2>(&[5.0], 4.0), [1.0, 0.0]);
        assert_eq!(rank_masses::<2>(&[5.0], 5.0), [0.5, 0.5]);
        assert_eq!(rank_masses::<4>(&[0.0, 5.0, 9.0], 6.0), [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn energy_of_one_member_is_the_distance() {
        assert_eq!(energy(&[vec![3.0, 0.0]], &[0.0, 4.0]), 5.0);
    }

    #[test]
    fn variogram_of_two_members_worked_by_hand() {
        // One pair: observed difference 4 (root 2); members 0 and 1 apart (mean root 1/2).
        assert_eq!(variogram(&[vec![1.0, 1.0], vec![2.0, 3.0]], &[0.0, 4.0]), 2.25);
    }

    #[test]
    fn energy_of_a_perfect_single_member_is_zero() {
        assert_eq!(energy(&[vec![1.0, 2.0]], &[1.0, 2.0]), 0.0);
        assert_eq!(variogram(&[vec![1.0, 2.0]], &[1.0, 2.0]), 0.0);
    }

    proptest! {
        #[test]
        fn rank_masses_sum_to_one(members in prop::collection::vec(0i32..9, 0..12), seen in 0i32..9) {
            let mut members: Vec<f64> = members.into_iter().map(f64::from).collect();
            members.sort_by(f64::total_cmp);
            let masses = rank_masses::<10>(&members, f64::from(seen));
            prop_assert!((masses.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }

        #[test]
        fn energy_in_one_dimension_is_the_crps_and_never_negative(
            mut members in prop::collection::vec(0.0f64..300.0, 1..10), seen in 0.0f64..300.0
        ) {
            let vectors: Vec<Vec<f64>> = members.iter().map(|member| vec![*member]).collect();
            members.sort_by(f64::total_cmp);
            let found = energy(&vectors, &[seen]);
            prop_assert!((found - crps_of_members(&members, seen)).abs() < 1e-9 && found > -1e-9);
        }

        #[test]
        fn crps_of_members_is_the_mean_distance_less_half_the_spread(
            mut members in prop::collection::vec(0.0f64..300.0, 1..12), seen in 0.0f64..300.0
        ) {
            members.sort_by(f64::total_cmp);
            let m = members.len() as f64;
            let off: f64 = members.iter().map(|x| (x - seen).abs()).sum::<f64>() / m;
            let spread: f64 = members.iter().flat_map(|a| members.iter().map(move |b| (a - b).abs())).sum::<f64>();
            prop_assert!((crps_of_members(&members, seen) - (off - spread / (2.0 * m * m))).abs() < 1e-9);
        }
    }
}
