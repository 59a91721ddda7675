//! Bare numbers: medians, spreads, probabilities.

use statrs::function::erf::erf;

/// Makes the median absolute deviation a standard deviation where values are normal.
const MAD_TO_SD: f64 = 1.4826;
/// Standard error of a median against that of a mean: the square root of pi/2.
const MEDIAN_ERROR: f64 = 1.2533;

/// The middle of values; `None` of none.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// A spread that single wild values do not move: the median distance from the middle.
pub(crate) fn robust_deviation(values: &[f64], middle: f64) -> f64 {
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&distances).unwrap_or(0.0) * MAD_TO_SD
}

/// How far the median of so many values may lie from the truth.
pub(crate) fn error_of_median(deviation: f64, count: usize) -> f64 {
    MEDIAN_ERROR * deviation / (count.max(1) as f64).sqrt()
}

/// Probability that a normal value of this mean and deviation lies above a bound.
pub(crate) fn above(mean: f64, deviation: f64, bound: f64) -> f64 {
    if deviation <= 0.0 {
        return if mean >= bound { 1.0 } else { 0.0 };
    }
    0.5 * (1.0 + erf((mean - bound) / (deviation * std::f64::consts::SQRT_2)))
}

/// The middles of so many equal parts of 0 to 1, in an order drawn by the seed (SplitMix64, Fisher and Yates).
pub(crate) fn shuffled_strata(count: usize, seed: u64) -> Vec<f64> {
    let mut strata: Vec<f64> = (0..count).map(|place| (place as f64 + 0.5) / count as f64).collect();
    let mut state = seed;
    for place in (1..count).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        strata.swap(place, ((mixed ^ (mixed >> 31)) % (place as u64 + 1)) as usize);
    }
    strata
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_value_moves_neither_middle_nor_spread() {
        let calm = [10.0, 11.0, 9.0, 10.0, 12.0, 8.0, 10.0];
        let wild = [10.0, 11.0, 9.0, 10.0, 12.0, 8.0, 9_999.0];
        assert_eq!((median(&calm), median(&wild)), (Some(10.0), Some(10.0)));
        assert!((robust_deviation(&wild, 10.0) - robust_deviation(&calm, 10.0)).abs() < 1e-12);
        assert_eq!((median(&[]), median(&[1.0, 2.0])), (None, Some(1.5)));
    }

    #[test]
    fn probabilities_meet_the_table_of_the_normal_distribution() {
        assert!((above(0.0, 1.0, 1.2816) - 0.1).abs() < 1e-4);
        assert!((above(1.0, 2.0, 1.0) - 0.5).abs() < 1e-12);
        assert_eq!((above(1.0, 0.0, 1.0), above(0.9, 0.0, 1.0)), (1.0, 0.0));
    }
}
