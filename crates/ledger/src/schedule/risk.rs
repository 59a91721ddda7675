use super::file::Task;
use super::network::{Dates, Network, Progress, left_of};
use serde::{Deserialize, Serialize};
use units::BeijingDay;

/// Most draws; more change no day.
const MOST_DRAWS: u32 = 100_000;

/// How often durations are drawn, and from which seed. The same seed gives the same days on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// Draws; 0 leaves the risk out, above 100,000 counts as that.
    pub count: u32,
    /// Seed.
    pub seed: u64,
}

impl Default for Draws {
    fn default() -> Self {
        Draws { count: 1000, seed: 1 }
    }
}

/// When everything is finished under uncertain durations (工期风险).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// Day by which half of the draws are finished; `None` beyond the calendar.
    pub p50: Option<BeijingDay>,
    /// Day by which 80 % are.
    pub p80: Option<BeijingDay>,
    /// Day by which 95 % are.
    pub p95: Option<BeijingDay>,
    /// Share of draws that meet the deadline; `None` without one.
    pub p_deadline: Option<f64>,
    /// Draws.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// `triangular`.
    pub distribution: String,
}

/// Draws every open duration with three points and runs the forward pass, `draws.count` times.
///
/// The distribution is triangular, not PERT-beta: it needs no shape that nobody estimated, an auditor can redo it on
/// paper, and with the same three figures it puts more weight on the tails, so that the later days are the more
/// careful ones. Durations are drawn independently and rounded to whole working days, as the plan counts them.
pub(super) fn risk(network: &Network<'_>, draws: Draws) -> Option<Risk> {
    let count = draws.count.min(MOST_DRAWS);
    // In the topological order, which does not depend on the order of rows: neither do the draws.
    let open = |task: &usize| !matches!(network.nodes[*task].progress, Progress::Finished { .. });
    let uncertain = network.order.iter().map(|task| *task as usize).filter(open);
    let uncertain: Vec<(usize, Triangle)> =
        uncertain.filter_map(|task| Some((task, Triangle(network.list.tasks[task].three_point?)))).collect();
    if uncertain.is_empty() || count == 0 {
        return None;
    }
    let mut left: Vec<i64> = network.nodes.iter().map(|node| node.left).collect();
    let (mut random, mut dates) = (Random(draws.seed), Dates::default());
    let mut finishes: Vec<i64> = (0..count)
        .map(|_| {
            for (task, triangle) in &uncertain {
                left[*task] = left_days(network, *task, triangle.at(random.share()).round() as i64);
            }
            network.forward(|task| left[task], &mut dates);
            dates.finish.iter().copied().max().unwrap_or(network.today)
        })
        .collect();
    finishes.sort_unstable();
    // Nearest rank: the first day by which at least this share is finished.
    let quantile = |percent: usize| network.axis.day(finishes[(count as usize * percent).div_ceil(100) - 1] - 1);
    let met = |deadline: i64| finishes.partition_point(|finish| *finish <= deadline) as f64 / f64::from(count);
    Some(Risk {
        p50: quantile(50),
        p80: quantile(80),
        p95: quantile(95),
        p_deadline: network.deadline.map(met),
        draws: count,
        seed: draws.seed,
        distribution: "triangular".to_string(),
    })
}

/// Of a task under way the share that is left of what was drawn.
fn left_days(network: &Network<'_>, task: usize, drawn: i64) -> i64 {
    let of: &Task = &network.list.tasks[task];
    match (network.nodes[task].progress, network.list.status_date) {
        (Progress::Started { .. }, Some(_)) => left_of(drawn, of.done.unwrap_or(0.0)),
        _ => drawn,
    }
}

/// Triangular distribution between low and high with its peak at likely, working days.
struct Triangle([f64; 3]);

impl Triangle {
    /// The value below which the share `share` lies.
    fn at(&self, share: f64) -> f64 {
        let Triangle([low, likely, high]) = *self;
        let width = high - low;
        if width <= 0.0 {
            low
        } else if share * width < likely - low {
            low + (share * width * (likely - low)).sqrt()
        } else {
            high - ((1.0 - share) * width * (high - likely)).sqrt()
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a published sequence, so that a seed means the same in every later version.
struct Random(u64);

impl Random {
    /// Uniform in 0 to 1, 1 excluded.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_its_published_sequence() {
        // First outputs for the seed 1234567, as its authors' C code prints them: 6457827717110365317, 3203168211198807973.
        let mut random = Random(1_234_567);
        let expected = [6_457_827_717_110_365_317u64, 3_203_168_211_198_807_973]
            .map(|bits| (bits >> 11) as f64 / (1u64 << 53) as f64);
        assert_eq!([random.share(), random.share()], expected);
    }

    #[test]
    fn a_triangle_has_its_ends_its_peak_and_its_median() {
        let triangle = Triangle([2.0, 4.0, 10.0]);
        assert_eq!((triangle.at(0.0), triangle.at(0.25), triangle.at(1.0)), (2.0, 4.0, 10.0));
        // Above the peak the density falls to 0 at 10: half lies above 10 - sqrt(0.5 * 8 * 6).
        assert!((triangle.at(0.5) - (10.0 - 24f64.sqrt())).abs() < 1e-12);
        assert_eq!(Triangle([5.0, 5.0, 5.0]).at(0.7), 5.0);
        assert_eq!((Triangle([0.0, 0.0, 4.0]).at(0.0), Triangle([0.0, 4.0, 4.0]).at(0.25)), (0.0, 2.0));
    }
}
