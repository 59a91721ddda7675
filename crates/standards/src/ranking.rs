/// Ranks with lower values first, equal values sharing a rank and the next rank skipping as many (并列排名).
///
/// `None` (no value) has no rank. Source: 环办监测〔2018〕19号, recorded in `data/standards/city-ranking-2018.toml`.
///
/// ```
/// use standards::shared_ranks;
/// let ranks = shared_ranks(&[Some(4.12), None, Some(3.50), Some(4.12), Some(5.0)].map(|v: Option<f64>| v.map(f64::to_bits)));
/// assert_eq!(ranks, [Some(2), None, Some(1), Some(2), Some(4)]);
/// ```
pub fn shared_ranks<T: Ord>(values: &[Option<T>]) -> Vec<Option<u32>> {
    let mut sorted: Vec<&T> = values.iter().flatten().collect();
    sorted.sort_unstable();
    let rank = |value: &T| sorted.partition_point(|other| *other < value) as u32 + 1;
    values.iter().map(|value| value.as_ref().map(rank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_follow_the_order_of_values(values in prop::collection::vec(prop::option::of(0u32..20), 0..40)) {
            let ranks = shared_ranks(&values);
            for (a, rank_a) in values.iter().zip(&ranks) {
                prop_assert_eq!(a.is_some(), rank_a.is_some());
                for (b, rank_b) in values.iter().zip(&ranks) {
                    if let (Some(a), Some(b)) = (a, b) {
                        prop_assert_eq!(a.cmp(b), rank_a.cmp(rank_b));
                    }
                }
            }
        }

        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_ones(values in prop::collection::vec(0u32..20, 1..40)) {
            let ranks = shared_ranks(&values.iter().copied().map(Some).collect::<Vec<_>>());
            for (value, rank) in values.iter().zip(ranks) {
                prop_assert_eq!(rank, Some(values.iter().filter(|other| *other < value).count() as u32 + 1));
            }
        }
    }
}
