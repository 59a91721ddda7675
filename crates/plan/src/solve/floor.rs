//! How low the level of a scenario that is missed can be: no lower than the scenarios that are met allow.
//!
//! The mean level of a condition's entries has a proven least value β. A level is Σ ratio · (part of the mean), each source's
//! part is at most what its largest cut gives, so the least level fills β from the smallest ratios up (a continuous knapsack).
//! Ratios are rounded down to bins, which keeps the value a lower bound. A higher floor gives a higher β and so on.

use super::model::Model;

const BINS: usize = 128;
/// Ratios from this on count as this.
const HIGHEST: f64 = 2.0;
const PASSES: usize = 3;

/// The floor of every entry; 0 where nothing is to spare or responses can be negative.
pub fn floors(model: &Model, largest: &[f64]) -> Vec<f64> {
    let mut floor = vec![0.0; model.scale.len()];
    let wide = |c: usize| model.entries(c).len() > 1 && model.spare[c] > 0;
    if !(0..model.conditions()).any(wide) || model.columns.value.iter().any(|&value| value < 0.0) {
        return floor;
    }
    let bins = binned(model, largest, wide);
    for _ in 0..PASSES {
        for c in (0..model.conditions()).filter(|&c| wide(c)) {
            let entries = model.entries(c);
            let least = least_mean(model, c, &entries.clone().collect::<Vec<_>>(), &floor);
            for entry in entries {
                floor[entry] = floor[entry].max(filled(&bins[entry * BINS..][..BINS], least)).min(model.target[entry]);
            }
        }
    }
    floor
}

/// Least mean level of some entries of a condition: all at their targets, but the `spare` with the most to lose at their floors.
pub fn least_mean(model: &Model, condition: usize, entries: &[usize], floor: &[f64]) -> f64 {
    let mut loss: Vec<f64> = entries.iter().map(|&entry| model.target[entry] - floor[entry]).collect();
    loss.sort_by(|a, b| b.total_cmp(a));
    let sum: f64 = entries.iter().map(|&entry| model.target[entry]).sum();
    (sum - loss.iter().take(model.spare[condition]).sum::<f64>()) / entries.len() as f64
}

/// Part of the mean level by bin of the ratio, for each entry.
fn binned(model: &Model, largest: &[f64], wide: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut bins = vec![0.0; model.scale.len() * BINS];
    for (column, &largest) in largest.iter().enumerate().filter(|(_, largest)| **largest > 0.0) {
        let source = column / model.precursors;
        for (c, value) in model.columns.entries(column).filter(|&(c, _)| wide(c)) {
            let entries = model.entries(c);
            let mean = entries.clone().map(|entry| model.weight(source, entry)).sum::<f64>() / entries.len() as f64;
            if mean <= 0.0 {
                continue;
            }
            for entry in entries {
                let bin = (model.weight(source, entry) / mean * (BINS as f64 / HIGHEST)) as usize;
                bins[entry * BINS + bin.min(BINS - 1)] += value * largest * mean;
            }
        }
    }
    bins
}

fn filled(bins: &[f64], least: f64) -> f64 {
    let (mut left, mut level) = (least.max(0.0), 0.0);
    for (bin, &part) in bins.iter().enumerate() {
        let used = part.min(left);
        level += used * bin as f64 * (HIGHEST / BINS as f64);
        left -= used;
    }
    // Rounding of the sums must not lift the floor.
    level * (1.0 - 1e-9)
}
