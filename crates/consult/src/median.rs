/// The weighted median (加权中位数) of indices: the value at which half of the weight is reached.
///
/// Where exactly half lies on each side it is the mean of the two neighbours, rounded up. Weights that are not finite
/// or not above zero do not count; `None` without any that does.
///
/// ```
/// assert_eq!(consult::weighted_median(&[(80, 1.0), (100, 1.0), (160, 1.0)]), Some(100));
/// assert_eq!(consult::weighted_median(&[(80, 1.0), (100, 1.0), (160, 2.5)]), Some(160));
/// assert_eq!(consult::weighted_median(&[(80, 1.0), (101, 1.0)]), Some(91));
/// ```
pub fn weighted_median(values: &[(u16, f64)]) -> Option<u16> {
    let mut counted: Vec<(u16, f64)> =
        values.iter().copied().filter(|(_, weight)| weight.is_finite() && *weight > 0.0).collect();
    counted.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = counted.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut reached = 0.0;
    for (place, (value, weight)) in counted.iter().enumerate() {
        reached += weight;
        // Sums of weights are not exact: what differs by less than a billionth of them is a tie.
        if (reached - half).abs() <= half * 1e-9 {
            let next = counted.get(place + 1).map_or(*value, |(next, _)| *next);
            return Some(value + (next - value).div_ceil(2));
        }
        if reached > half {
            return Some(*value);
        }
    }
    None
}
