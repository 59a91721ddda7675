/// Chance that depends on nothing but its arguments (确定性随机): the same plant at the same moment always draws the same,
/// whatever was asked before. SplitMix64.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(u64);

/// What is drawn for; each stream is its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Plant = 1,
    SlowLoad,
    FastLoad,
    Standstill,
    Gap,
    Fault,
    Silence,
    Calibration,
    Electricity,
    Stack,
    Milliseconds,
}

impl Chance {
    pub fn new(seed: u64, plant: usize) -> Chance {
        Chance(mix(seed ^ mix(plant as u64)))
    }

    /// Uniform in 0 to 1, 1 excluded.
    pub fn share(self, stream: Stream, index: i64, place: u64) -> f64 {
        let mixed =
            mix(self.0 ^ mix(index as u64 ^ ((stream as u64) << 56)) ^ mix(place.wrapping_mul(0x2545_f491_4f6c_dd1d)));
        (mixed >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal, mean 0, deviation 1: four uniform shares.
    pub fn normal(self, stream: Stream, index: i64, place: u64) -> f64 {
        let sum: f64 = (0..4).map(|n| self.share(stream, index, place * 4 + n)).sum();
        (sum - 2.0) * 3f64.sqrt()
    }

    /// A course that wanders: about normal, smooth between points `step` apart.
    pub fn wandering(self, stream: Stream, minute: i64, step: i64) -> f64 {
        let (point, part) = (minute.div_euclid(step), minute.rem_euclid(step) as f64 / step as f64);
        let smooth = part * part * (3.0 - 2.0 * part);
        let at = |point| self.normal(stream, point, 0);
        at(point) * (1.0 - smooth) + at(point + 1) * smooth
    }
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_and_normals_have_their_mean_and_spread() {
        let chance = Chance::new(1, 2);
        let count = 20_000;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let shares: Vec<f64> = (0..count).map(|n| chance.share(Stream::Fault, n, 0)).collect();
        assert!((mean(&shares) - 0.5).abs() < 0.01 && shares.iter().all(|share| (0.0..1.0).contains(share)));
        let normals: Vec<f64> = (0..count).map(|n| chance.normal(Stream::Stack, n, 3)).collect();
        let squares: Vec<f64> = normals.iter().map(|value| value * value).collect();
        assert!(mean(&normals).abs() < 0.03 && (mean(&squares) - 1.0).abs() < 0.05);
    }

    #[test]
    fn streams_plants_and_seeds_draw_apart() {
        let of = |seed, plant, stream| Chance::new(seed, plant).share(stream, 5, 0);
        let all = [of(1, 1, Stream::Gap), of(1, 2, Stream::Gap), of(2, 1, Stream::Gap), of(1, 1, Stream::Fault)];
        assert!(all.iter().enumerate().all(|(n, a)| all[n + 1..].iter().all(|b| a != b)), "{all:?}");
    }

    #[test]
    fn a_wandering_course_has_no_jumps() {
        let chance = Chance::new(3, 4);
        let course: Vec<f64> = (0..2000).map(|minute| chance.wandering(Stream::SlowLoad, minute, 360)).collect();
        assert!(course.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.05));
    }
}
