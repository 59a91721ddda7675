use super::{Past, Settings, mean_loss, pool};

/// Steps of the search; each is a pass over the cases.
const STEPS: usize = 25;
/// Cases looked at; more are thinned evenly, because they come in days that share one weather.
const MOST_CASES: usize = 2_000;
const PROBE: f64 = 0.02;
/// Issues after which single scores weigh with half their power.
const SCORE_PRIOR: f64 = 3.0;
/// Most by which the logarithm of a weight changes in a step.
const LONGEST_STEP: f64 = 30.0;
/// A member without any error is as good as one with this.
const LEAST_LOSS: f64 = 1e-9;

/// Nonnegative weights with sum one that make the pool's mean loss least, shrunk towards prior ones.
///
/// Exponentiated gradient: `w ← w · exp(-η (g - w·g))`, which stays on the simplex; the gradient `g` is a difference
/// quotient of the mean loss, towards each member in turn. Then `w ← (n w + k v) / (n + k)` with `n` issues learned
/// from, `k` prior ones and prior weights `v`.
pub(super) fn fit(past: &[Past], members: usize, issues: f64, settings: Settings) -> Vec<f64> {
    let equal = 1.0 / members.max(1) as f64;
    let mut weights = vec![equal; members];
    let thinned: Vec<Past> = past.iter().step_by(past.len().div_ceil(MOST_CASES).max(1)).cloned().collect();
    if thinned.is_empty() || members < 2 {
        return weights;
    }
    let scale = mean_loss(&thinned, |case| pool(&case.said, &weights)).max(LEAST_LOSS);
    for step in 0..STEPS {
        let rate = 4.0 / (1.0 + step as f64 / 10.0);
        let gradient = gradient(&thinned, &weights);
        let mean: f64 = gradient.iter().zip(&weights).map(|(g, w)| g * w).sum();
        // Where equal weights happen to hit what was seen, the scale is next to nothing and a step would overflow.
        let step = |g: &f64| (-rate * (g - mean) / scale).clamp(-LONGEST_STEP, LONGEST_STEP).exp();
        weights.iter_mut().zip(&gradient).for_each(|(w, g)| *w *= step(g));
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
    }
    let k = settings.prior_issues;
    let prior = prior(&thinned, members, settings.power * issues / (issues + SCORE_PRIOR));
    weights.iter().zip(prior).map(|(w, v)| (issues * w + k * v) / (issues + k)).collect()
}

/// Weights by single scores, `v ∝ loss^-power`; the power grows from none with the issues, so that `v` begins equal.
///
/// A member that is scored on none of the cases gets the mean of the others.
fn prior(past: &[Past], members: usize, power: f64) -> Vec<f64> {
    // `max` alone would make the NaN of a member without cases the best of scores.
    let score = |member: usize| match mean_loss(past, |case| case.said[member]) {
        loss if loss.is_nan() => f64::NAN,
        loss => loss.max(LEAST_LOSS).powf(-power),
    };
    let scores: Vec<f64> = (0..members).map(score).collect();
    let known: Vec<f64> = scores.iter().copied().filter(|score| score.is_finite()).collect();
    let mean = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
    let filled: Vec<f64> = scores.iter().map(|score| if score.is_finite() { *score } else { mean }).collect();
    let total: f64 = filled.iter().sum();
    filled.iter().map(|score| score / total).collect()
}

/// How the loss changes when a little weight goes from all to one member.
fn gradient(past: &[Past], weights: &[f64]) -> Vec<f64> {
    let here = mean_loss(past, |case| pool(&case.said, weights));
    let towards = |member: usize| {
        let moved: Vec<f64> = weights
            .iter()
            .enumerate()
            .map(|(n, w)| w * (1.0 - PROBE) + if n == member { PROBE } else { 0.0 })
            .collect();
        (mean_loss(past, |case| pool(&case.said, &moved)) - here) / PROBE
    };
    (0..weights.len()).map(towards).collect()
}
