use rust_decimal::Decimal;
use units::{Concentration, round_half_even};

/// The `p`-th percentile (百分位数) of daily values; `None` of nothing.
///
/// Sorted ascending X1…Xn, k = 1 + (n − 1)·p/100, s = ⌊k⌋, value = Xs + (Xs+1 − Xs)·(k − s). Computed in
/// whole hundredths of a step, so the position never passes through binary floating point.
/// Source: HJ 663-2013 annex A, HJ 663-2026; recorded in `data/standards/hj663-*.toml`.
///
/// ```
/// use units::Concentration;
/// let days: Vec<_> = (1..=11).map(Concentration::micrograms).collect();
/// assert_eq!(standards::percentile(&days, 95), Some(Concentration::from_picograms(10_500_000)));
/// ```
pub fn percentile(values: &[Concentration], p: u32) -> Option<Concentration> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let hundredths = sorted.len().checked_sub(1)? * p.min(100) as usize;
    let (below, part) = (hundredths / 100, hundredths % 100);
    let low = sorted[below].picograms();
    let high = sorted.get(below + 1).map_or(low, |value| value.picograms());
    let step = round_half_even((i128::from(high) - i128::from(low)) * part as i128, 100);
    Some(Concentration::from_picograms(low + step as i64))
}

/// How far a value exceeds its limit (超标倍数), (C − S)/S, zero when it does not.
///
/// ```
/// use units::Concentration;
/// let multiple = |value| standards::exceedance_multiple(Concentration::micrograms(value), Concentration::micrograms(35), 2);
/// assert_eq!((multiple(42).to_string(), multiple(35).to_string()), ("0.20".into(), "0".into()));
/// ```
pub fn exceedance_multiple(value: Concentration, limit: Concentration, decimals: u32) -> Decimal {
    if value <= limit || limit <= Concentration::ZERO {
        return Decimal::ZERO;
    }
    let above = i128::from(value.picograms() - limit.picograms());
    ratio(above, i128::from(limit.picograms()), decimals)
}

/// `numerator / denominator` rounded half to even at `decimals` places.
pub(crate) fn ratio(numerator: i128, denominator: i128, decimals: u32) -> Decimal {
    Decimal::from_i128_with_scale(round_half_even(numerator * 10i128.pow(decimals), denominator), decimals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ug(values: &[i64]) -> Vec<Concentration> {
        values.iter().copied().map(Concentration::micrograms).collect()
    }

    #[test]
    fn one_value_is_every_percentile_and_nothing_is_none() {
        assert_eq!(percentile(&ug(&[7]), 98), Some(Concentration::micrograms(7)));
        assert_eq!(percentile(&[], 98), None);
    }

    #[test]
    fn order_of_the_days_does_not_matter_and_the_hundredth_is_the_largest() {
        assert_eq!(percentile(&ug(&[30, 10, 20]), 50), Some(Concentration::micrograms(20)));
        assert_eq!(percentile(&ug(&[30, 10, 20]), 100), Some(Concentration::micrograms(30)));
    }

    #[test]
    fn a_year_of_days_is_interpolated_between_neighbours() {
        let days: Vec<i64> = (1..=365).collect();
        // k = 1 + 364 * 0.95 = 346.8
        assert_eq!(percentile(&ug(&days), 95), Some(Concentration::from_picograms(346_800_000)));
    }

    #[test]
    fn the_multiple_is_rounded_half_to_even() {
        let multiple = |value| exceedance_multiple(Concentration::micrograms(value), Concentration::micrograms(200), 2);
        assert_eq!((multiple(201).to_string(), multiple(203).to_string()), ("0.00".into(), "0.02".into()));
    }

    proptest! {
        #[test]
        fn a_percentile_lies_between_least_and_largest_and_rises_with_p(
            values in prop::collection::vec(0i64..2_000_000_000, 1..80), p in 0u32..=100, q in 0u32..=100,
        ) {
            let values: Vec<_> = values.into_iter().map(Concentration::from_picograms).collect();
            let at = |p| percentile(&values, p).unwrap();
            prop_assert!(*values.iter().min().unwrap() <= at(p) && at(p) <= *values.iter().max().unwrap());
            prop_assert!(at(p.min(q)) <= at(p.max(q)));
        }
    }
}
