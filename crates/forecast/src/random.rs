/// A small seeded generator (SplitMix64, public domain, Vigna 2015): the same seed gives the same members on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which must be positive; its bias is below `bound / 2^64`.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// `count` of `from`, none twice before every one was drawn as often.
    pub fn draw(&mut self, from: &[usize], count: usize) -> Vec<usize> {
        let (mut pool, mut drawn) = (from.to_vec(), Vec::with_capacity(count));
        let mut left = 0;
        while drawn.len() < count && !pool.is_empty() {
            left = if left == 0 { pool.len() } else { left };
            let pick = self.below(left);
            drawn.push(pool[pick]);
            left -= 1;
            pool.swap(pick, left);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_without_repeating_until_all_are_drawn() {
        let mut drawn = Random::new(7).draw(&[1, 2, 3, 4, 5], 10);
        let mut first = drawn.split_off(5);
        drawn.sort_unstable();
        first.sort_unstable();
        assert_eq!((drawn, first), (vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn nothing_to_draw_from_gives_nothing() {
        assert!(Random::new(1).draw(&[], 3).is_empty());
    }
}
