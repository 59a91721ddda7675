use super::{Past, Settings, mean_loss, pool};

/// Steps of the search; each is a pass over the cases.
const STEPS: usize = 40;
/// Cases looked at; more are thinned evenly, because they come in days that share one weather.
const MOST_CASES: usize = 4_000;
const PROBE: f64 = 0.02;

/// Nonnegative weights with sum one that make the pool's mean loss least, shrunk towards equal ones.
///
/// Exponentiated gradient: `w ← w · exp(-η (g - w·g))`, which stays on the simplex; the gradient `g` is a difference
/// quotient of the mean loss, towards each member in turn. Then `w ← (n w + k/m) / (n + k)` with `n` issues learned
/// from, `k` prior ones and `m` members.
pub(super) fn fit(past: &[Past], members: usize, issues: f64, settings: Settings) -> Vec<f64> {
    let equal = 1.0 / members.max(1) as f64;
    let mut weights = vec![equal; members];
    let thinned: Vec<Past> = past.iter().step_by(past.len().div_ceil(MOST_CASES).max(1)).cloned().collect();
    if thinned.is_empty() || members < 2 {
        return weights;
    }
    let scale = mean_loss(&thinned, |case| pool(&case.said, &weights)).max(1e-9);
    for step in 0..STEPS {
        let rate = 4.0 / (1.0 + step as f64 / 10.0);
        let gradient = gradient(&thinned, &weights);
        let mean: f64 = gradient.iter().zip(&weights).map(|(g, w)| g * w).sum();
        weights.iter_mut().zip(&gradient).for_each(|(w, g)| *w *= (-rate * (g - mean) / scale).exp());
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
    }
    let k = settings.prior_issues;
    weights.iter().map(|w| (issues * w + k * equal) / (issues + k)).collect()
}

/// How the loss changes when a little weight goes from all to one member.
fn gradient(past: &[Past], weights: &[f64]) -> Vec<f64> {
    let here = mean_loss(past, |case| pool(&case.said, weights));
    let towards = |member: usize| {
        let moved: Vec<f64> =
            weights.iter().enumerate().map(|(n, w)| w * (1.0 - PROBE) + if n == member { PROBE } else { 0.0 }).collect();
        (mean_loss(past, |case| pool(&case.said, &moved)) - here) / PROBE
    };
    (0..weights.len()).map(towards).collect()
}
