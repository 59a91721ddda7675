//! How low the mean level of some scenarios of a condition can be, when all but `spare` of them have to be met.
//!
//! If scenario s is met, the mean is at least min { π·x : a_s·x ≥ target_s, 0 ≤ x ≤ most }, where a_s is what the columns give
//! in s and π their mean over the scenarios. By duality that is max over μ ≥ 0 of μ·target_s − Σ most·max(0, μ·a_s − π), and
//! any μ is safe. Of n scenarios at least n − spare are met: the mean is at least the (n − spare)-th smallest of these values,
//! whichever they are.

use super::model::Model;

/// Values of μ tried: multiples of `HIGHEST / STEPS`.
const STEPS: usize = 256;
const HIGHEST: f64 = 2.0;

/// What each column can give at most, by condition; only for conditions with scenarios to spare.
pub struct Reach {
    start: Vec<usize>,
    source: Vec<u32>,
    most: Vec<f64>,
}

impl Reach {
    pub fn new(model: &Model) -> Reach {
        let wide = |c: usize| model.entries(c).len() > 1 && model.spare[c] > 0;
        let mut start = vec![0; model.conditions() + 1];
        let largest = model.largest();
        let columns = || {
            let given = |(column, &most): (usize, &f64)| {
                model.columns.entries(column).filter(|&(c, _)| wide(c)).map(move |(c, value)| (c, column, value * most))
            };
            largest.iter().enumerate().filter(|(_, most)| **most > 0.0).flat_map(given)
        };
        columns().for_each(|(c, ..)| start[c + 1] += 1);
        for c in 1..start.len() {
            start[c] += start[c - 1];
        }
        let (mut next, count) = (start.clone(), start[model.conditions()]);
        let mut reach = Reach { start, source: vec![0; count], most: vec![0.0; count] };
        for (c, column, most) in columns() {
            (reach.source[next[c]], reach.most[next[c]]) = ((column / model.precursors) as u32, most);
            next[c] += 1;
        }
        reach
    }

    /// Least mean level of some entries of a condition, and the work of finding it.
    pub fn least_mean(&self, model: &Model, condition: usize, entries: &[usize]) -> (f64, u64) {
        let (n, spare) = (entries.len(), model.spare[condition]);
        // Every target, but for the missed ones that lose most only the lowest level there is.
        let mut loss: Vec<f64> = entries.iter().map(|&entry| model.target[entry] - model.lowest[entry]).collect();
        loss.sort_by(|a, b| b.total_cmp(a));
        let sum: f64 = entries.iter().map(|&entry| model.target[entry]).sum();
        let plain = (sum - loss.iter().take(spare).sum::<f64>()) / n as f64;
        if spare == 0 || n <= spare {
            return (plain, n as u64);
        }
        let range = self.start[condition]..self.start[condition + 1];
        let (source, most) = (&self.source[range.clone()], &self.most[range]);
        let mean: Vec<f64> = source
            .iter()
            .map(|&i| entries.iter().map(|&entry| model.weight(i as usize, entry)).sum::<f64>() / n as f64)
            .collect();
        let mut if_met: Vec<f64> =
            entries.iter().map(|&entry| least_if_met(model, entry, source, most, &mean)).collect();
        if_met.sort_by(f64::total_cmp);
        (plain.max(if_met[n - spare - 1]), (4 * n * source.len()) as u64)
    }
}

/// Least mean level if one entry is met.
fn least_if_met(model: &Model, entry: usize, source: &[u32], most: &[f64], mean: &[f64]) -> f64 {
    // By step of the ratio π / a: sums of |a| and |π|. A column that lowers the level counts as fully used and taken back.
    let mut steps = [(0.0, 0.0); STEPS];
    let (mut lowered, mut mean_lowered) = (0.0, 0.0);
    for ((&i, &most), &mean) in source.iter().zip(most).zip(mean) {
        let weight = model.weight(i as usize, entry);
        if most < 0.0 {
            lowered += weight * most;
            mean_lowered += mean * most;
        }
        // Without weight the ratio is no number or infinite: the last step, which is never used.
        let step = (mean / weight * (STEPS as f64 / HIGHEST)).min((STEPS - 1) as f64) as usize;
        let step = if weight > 0.0 { step } else { STEPS - 1 };
        steps[step].0 += weight * most.abs();
        steps[step].1 += mean * most.abs();
    }
    let mut best = f64::NEG_INFINITY;
    let (mut given, mut worth) = (0.0, 0.0);
    for (step, (a, pi)) in steps.into_iter().enumerate() {
        let mu = step as f64 * (HIGHEST / STEPS as f64);
        let value = mu * (model.target[entry] - lowered) + mean_lowered - (mu * given - worth);
        // Rounding of the sums must not lift it.
        let size = mu * (model.target[entry].abs() - lowered + given) - mean_lowered + worth;
        best = best.max(value - 1e-10 * size);
        (given, worth) = (given + a, worth + pi);
    }
    best
}
