use crate::EvaluationRules;
use crate::statistics::ratio;
use rust_decimal::Decimal;

/// A rank correlation with time (秩相关系数) and whether it is significant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    /// Number of periods.
    pub periods: usize,
    /// Spearman's r, −1 to 1, three decimals; positive when the values rise.
    pub coefficient: Decimal,
    /// The critical value for this many periods; `None` where the rules have none.
    pub critical: Option<Decimal>,
    /// Whether |r| is above the critical value; `None` where the rules have none.
    pub significant: Option<bool>,
}

/// The trend of one value a period, in order of time; `None` below two periods.
///
/// r = 1 − 6·ΣD²/(n³ − n), D the difference between the rank of the value and of the period; equal values
/// take the mean of their ranks. The comparison with the critical value is exact.
///
/// ```
/// let rules = standards::EvaluationRules::in_force("2018-01-01".parse().unwrap());
/// let falling = standards::trend(&[52, 47, 41, 43, 37, 33], rules).unwrap();
/// assert_eq!((falling.coefficient.to_string(), falling.significant), ("-0.943".into(), Some(true)));
/// ```
pub fn trend<T: Ord>(values: &[T], rules: &EvaluationRules) -> Option<Trend> {
    let n = values.len() as i128;
    if n < 2 {
        return None;
    }
    // Ranks are doubled to stay whole under ties, so squares are fourfold.
    let fourfold: i128 = doubled_ranks(values).iter().zip(1..).map(|(rank, period)| (rank - 2 * period).pow(2)).sum();
    let denominator = 4 * (n.pow(3) - n);
    let numerator = denominator - 6 * fourfold;
    let critical = rules.critical_correlation(values.len());
    Some(Trend {
        periods: values.len(),
        coefficient: ratio(numerator, denominator, 3),
        critical,
        significant: critical.map(|critical| Decimal::from(numerator.abs()) > critical * Decimal::from(denominator)),
    })
}

fn doubled_ranks<T: Ord>(values: &[T]) -> Vec<i128> {
    let below = |value: &T| values.iter().filter(|other| *other < value).count() as i128;
    let equal = |value: &T| values.iter().filter(|other| *other == value).count() as i128;
    values.iter().map(|value| 2 * below(value) + equal(value) + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[i32]) -> Trend {
        trend(values, &EvaluationRules::all()[0]).unwrap()
    }

    #[test]
    fn a_steady_rise_is_one_and_a_steady_fall_minus_one() {
        assert_eq!(of(&[1, 2, 3, 4, 5]).coefficient.to_string(), "1.000");
        assert_eq!(of(&[5, 4, 3, 2, 1]).coefficient.to_string(), "-1.000");
    }

    #[test]
    fn a_correlation_at_the_critical_value_is_not_above_it() {
        let at = of(&[1, 2, 3, 5, 4]); // r = 0.9 = critical value of five
        assert_eq!((at.coefficient.to_string(), at.significant), ("0.900".into(), Some(false)));
    }

    #[test]
    fn four_or_eleven_periods_have_no_critical_value() {
        assert_eq!(of(&[1, 2, 3, 4]).significant, None);
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).critical, None);
        assert_eq!(trend(&[1], &EvaluationRules::all()[0]), None);
    }

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(doubled_ranks(&[10, 20, 20, 30]), [2, 5, 5, 8]);
    }

    proptest! {
        #[test]
        fn the_coefficient_stays_within_one_and_turns_with_the_order(values in prop::collection::vec(0i32..1000, 2..12)) {
            let forward = of(&values).coefficient;
            prop_assert!(forward.abs() <= Decimal::ONE);
            let distinct: std::collections::BTreeSet<_> = values.iter().collect();
            if distinct.len() == values.len() {
                let reversed: Vec<i32> = values.iter().rev().copied().collect();
                prop_assert_eq!(of(&reversed).coefficient, -forward);
            }
        }
    }
}
