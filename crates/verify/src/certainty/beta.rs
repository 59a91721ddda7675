use crate::statistics::shuffled_strata;
use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta as Distribution, ContinuousCDF};

/// Nearer to 0 or 1 than this a share is not known from any number of lines.
const EDGE: f64 = 1e-3;

/// A distribution of a share, by its mean and standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beta {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
}

impl Beta {
    pub(super) fn new(mean: f64, variance: f64) -> Beta {
        let mean = mean.clamp(EDGE, 1.0 - EDGE);
        // More than this no share of that mean can vary.
        let variance = variance.clamp(1e-9, mean * (1.0 - mean) * 0.999);
        Beta { mean, deviation: variance.sqrt() }
    }

    /// The share that lies above this part of all.
    pub fn quantile(&self, probability: f64) -> f64 {
        let strength = self.mean * (1.0 - self.mean) / (self.deviation * self.deviation) - 1.0;
        let (up, down) = (self.mean * strength, (1.0 - self.mean) * strength);
        match Distribution::new(up, down) {
            Ok(beta) => beta.inverse_cdf(probability.clamp(0.0, 1.0)).clamp(0.0, 1.0),
            Err(_) => self.mean,
        }
    }

    /// So many shares that stand for it, in an order drawn by the seed: one from each of as many equal parts, so that few
    /// scenarios already have its mean and spread. Different sources take different seeds.
    pub fn scenarios(&self, count: usize, seed: u64) -> Vec<f64> {
        shuffled_strata(count, seed).into_iter().map(|probability| self.quantile(probability)).collect()
    }
}
