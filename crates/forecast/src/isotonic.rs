use serde::{Deserialize, Serialize};

/// A rising map of probabilities (保序校准), learned by pooling adjacent violators.
///
/// Between the centres of the pools it runs straight, outside them it is constant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Isotonic {
    said: Vec<f64>,
    happened: Vec<f64>,
}

impl Isotonic {
    /// From what was said (0 to 1) and whether it happened; `None` of nothing.
    pub fn fit(cases: &[(f64, bool)]) -> Option<Isotonic> {
        let mut sorted = cases.to_vec();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut pools: Vec<Pool> = vec![];
        for (said, happened) in sorted {
            let mut pool = Pool { cases: 1.0, said, happened: f64::from(happened), first: said, last: said };
            while let Some(before) = pools.pop_if(|before| before.violates(&pool)) {
                pool = before.with(&pool);
            }
            pools.push(pool);
        }
        let map = Isotonic {
            said: pools.iter().map(|pool| pool.said / pool.cases).collect(),
            happened: pools.iter().map(|pool| pool.happened / pool.cases).collect(),
        };
        (!pools.is_empty()).then_some(map)
    }

    /// What happens when `said` is said.
    pub fn of(&self, said: f64) -> f64 {
        let right = self.said.partition_point(|centre| *centre < said).min(self.said.len() - 1);
        let Some(left) = right.checked_sub(1) else { return self.happened[0] };
        let width = self.said[right] - self.said[left];
        let share = if width > 0.0 { ((said - self.said[left]) / width).clamp(0.0, 1.0) } else { 1.0 };
        self.happened[left] + (self.happened[right] - self.happened[left]) * share
    }

    /// Whether it can be applied; what comes from a file may not be a map.
    pub fn fits(&self) -> bool {
        let rises = |values: &[f64]| values.is_sorted() && values.iter().all(|value| (0.0..=1.0).contains(value));
        !self.said.is_empty() && self.said.len() == self.happened.len() && rises(&self.said) && rises(&self.happened)
    }
}

/// Cases that are given one probability.
struct Pool {
    cases: f64,
    said: f64,
    happened: f64,
    first: f64,
    last: f64,
}

impl Pool {
    /// Whether two neighbours must be one: the later is not rarer, and what is said alike is mapped alike.
    fn violates(&self, after: &Pool) -> bool {
        self.last == after.first || self.happened / self.cases >= after.happened / after.cases
    }

    fn with(&self, after: &Pool) -> Pool {
        Pool {
            cases: self.cases + after.cases,
            said: self.said + after.said,
            happened: self.happened + after.happened,
            first: self.first,
            last: after.last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_said_too_rarely_is_raised_to_what_happened() {
        let cases: Vec<(f64, bool)> =
            (0..100).map(|n| (0.1, n % 5 == 0)).chain((0..100).map(|n| (0.5, n % 10 < 8))).collect();
        let map = Isotonic::fit(&cases).unwrap();
        assert!((map.of(0.1) - 0.2).abs() < 1e-12 && (map.of(0.5) - 0.8).abs() < 1e-12, "{map:?}");
        assert!((map.of(0.3) - 0.5).abs() < 1e-12);
        assert!((map.of(0.0) - 0.2).abs() < 1e-12 && (map.of(1.0) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn violators_are_pooled_and_nothing_gives_no_map() {
        let map = Isotonic::fit(&[(0.1, true), (0.2, false), (0.9, true)]).unwrap();
        assert_eq!((map.of(0.15), map.of(0.9)), (0.5, 1.0));
        assert!(Isotonic::fit(&[]).is_none());
    }

    proptest! {
        #[test]
        fn the_map_never_falls_and_gives_probabilities(cases in prop::collection::vec((0u8..=10, any::<bool>()), 1..60)) {
            let cases: Vec<(f64, bool)> = cases.into_iter().map(|(said, saw)| (f64::from(said) / 10.0, saw)).collect();
            let map = Isotonic::fit(&cases).unwrap();
            prop_assert!(map.fits());
            let line: Vec<f64> = (0..=100).map(|n| map.of(f64::from(n) / 100.0)).collect();
            prop_assert!(line.is_sorted() && line.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}
