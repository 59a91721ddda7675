use crate::folds::Fold;
use crate::linear::{Coefficients, Moments};
use crate::predictors::groups;
use crate::rows::Rows;
use crate::targets::{DETAILED, LEADS, Timetable};
use std::ops::Range;

/// Penalties tried, per row on predictors of unit variance.
const PENALTIES: [f64; 8] = [0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 2.0, 4.0];

/// How freely an extra predictor may count.
const EXTRA: f64 = 1.0;

/// The mean forecast: one ridge a lead, chosen inside the training rows, and what it says of each of
/// them when it has not seen them.
pub(crate) struct Ridge {
    /// Penalty of each lead.
    pub penalty: [f64; LEADS],
    /// All targets, fitted on all rows.
    pub coefficients: Coefficients,
    /// Out-of-fold prediction of every row and target.
    pub out_of_fold: Vec<Vec<f64>>,
}

/// Fits on all rows and predicts each fold from the others. `None` when the system is singular.
pub(crate) fn fit(rows: &Rows, folds: &[Fold]) -> Option<Ridge> {
    let (p, q) = (rows.x.first()?.len(), rows.time.count(rows.cities));
    let parts: Vec<Moments> = folds.iter().map(|fold| moments(rows, fold.core.clone(), p, q)).collect();
    let others = |k: usize| sum(parts.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, part)| part), p, q);
    let training: Vec<Moments> = (0..folds.len()).map(others).collect();
    let penalty = choose(rows, folds, &training)?;
    let mut out_of_fold = vec![vec![]; rows.days.len()];
    for (fold, moments) in folds.iter().zip(&training) {
        let coefficients = assemble(moments, &penalty, rows, p)?;
        fold.test.clone().for_each(|row| out_of_fold[row] = coefficients.predict(&rows.x[row]));
    }
    let all = moments(rows, 0..rows.days.len(), p, q);
    Some(Ridge { penalty, coefficients: assemble(&all, &penalty, rows, p)?, out_of_fold })
}

fn moments(rows: &Rows, range: Range<usize>, p: usize, q: usize) -> Moments {
    let mut moments = Moments::new(p, q);
    range.for_each(|row| moments.add(&rows.x[row], &rows.completed[row]));
    moments
}

fn sum<'a>(parts: impl Iterator<Item = &'a Moments>, p: usize, q: usize) -> Moments {
    let mut total = Moments::new(p, q);
    parts.for_each(|part| total.merge(part));
    total
}

/// The penalty with the smallest squared error of the day means over all folds, lead by lead.
fn choose(rows: &Rows, folds: &[Fold], training: &[Moments]) -> Option<[f64; LEADS]> {
    let freedom = freedom(rows, rows.x.first()?.len());
    let mut best = [(f64::INFINITY, PENALTIES[0]); LEADS];
    for penalty in PENALTIES {
        let mut error = [0.0; LEADS];
        for (fold, moments) in folds.iter().zip(training) {
            let coefficients = moments.ridge(penalty, &freedom, 0..LEADS * rows.cities)?;
            for row in fold.test.clone() {
                let said = coefficients.predict(&rows.x[row]);
                for (k, (said, seen)) in said.iter().zip(&rows.observed[row]).enumerate() {
                    error[k / rows.cities] += if seen.is_finite() { (seen - said).powi(2) } else { 0.0 };
                }
            }
        }
        for (best, error) in best.iter_mut().zip(error) {
            if error < best.0 {
                *best = (error, penalty);
            }
        }
    }
    Some(best.map(|(_, penalty)| penalty))
}

/// One set of coefficients from a fit a lead: the days and the course of a lead share its penalty.
fn assemble(moments: &Moments, penalty: &[f64; LEADS], rows: &Rows, p: usize) -> Option<Coefficients> {
    let (q, cities, freedom) = (rows.time.count(rows.cities), rows.cities, freedom(rows, p));
    let mut whole = Coefficients { q, intercept: vec![0.0; q], slope: vec![0.0; p * q] };
    for (lead, penalty) in penalty.iter().enumerate() {
        let course = (lead < DETAILED).then(|| course_of(rows.time, lead, cities));
        for range in [Some(lead * cities..(lead + 1) * cities), course].into_iter().flatten() {
            let part = moments.ridge(*penalty, &freedom, range.clone())?;
            whole.intercept[range.clone()].copy_from_slice(&part.intercept);
            for i in 0..p {
                whole.slope[i * q + range.start..i * q + range.end]
                    .copy_from_slice(&part.slope[i * part.q..(i + 1) * part.q]);
            }
        }
    }
    Some(whole)
}

/// Freedoms of the groups, then those of the extra predictors.
fn freedom(rows: &Rows, p: usize) -> Vec<f64> {
    let mut freedom: Vec<f64> = groups(rows.cities).into_iter().flat_map(|group| group.freedom).collect();
    freedom.resize(p, EXTRA);
    freedom
}

fn course_of(time: Timetable, lead: usize, cities: usize) -> Range<usize> {
    let blocks: Vec<usize> = (0..time.blocks()).filter(|block| time.lead_of_block(*block) == lead).collect();
    (LEADS + blocks[0]) * cities..(LEADS + blocks[blocks.len() - 1] + 1) * cities
}
