/// Rounds `numerator / denominator` to the nearest integer, halves to the even neighbour (数值修约).
///
/// Exact for all inputs; `denominator` must be positive.
/// Source: GB/T 8170, the method HJ 633-2026 and HJ 663-2026 name.
///
/// ```
/// assert_eq!(units::round_half_even(5, 2), 2); // 2.5 -> 2
/// assert_eq!(units::round_half_even(7, 2), 4); // 3.5 -> 4
/// ```
pub fn round_half_even(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "denominator must be positive");
    let floor = numerator.div_euclid(denominator);
    let twice_rest = 2 * numerator.rem_euclid(denominator);
    match twice_rest.cmp(&denominator) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + (floor & 1),
    }
}

/// Rounds `numerator / denominator` up to an integer (向上进位), exactly; `denominator` must be positive.
///
/// ```
/// assert_eq!(units::ceil_div(55, 1), 55);
/// assert_eq!(units::ceil_div(551, 10), 56);
/// ```
pub fn ceil_div(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "denominator must be positive");
    numerator.div_euclid(denominator) + i128::from(numerator.rem_euclid(denominator) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_neighbour_on_both_sides_of_zero() {
        let rounded: Vec<i128> = [-5, -3, -1, 1, 3, 5].iter().map(|n| round_half_even(*n, 2)).collect();
        assert_eq!(rounded, [-2, -2, 0, 0, 2, 2]);
    }

    proptest! {
        #[test]
        fn rounding_never_moves_more_than_half(n in -1_000_000i128..1_000_000, d in 1i128..1000) {
            prop_assert!(2 * (round_half_even(n, d) * d - n).abs() <= d);
        }

        #[test]
        fn ceil_is_the_smallest_integer_not_below(n in -1_000_000i128..1_000_000, d in 1i128..1000) {
            let up = ceil_div(n, d);
            prop_assert!(up * d >= n && (up - 1) * d < n);
        }
    }
}
