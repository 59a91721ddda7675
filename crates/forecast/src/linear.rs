/// Sums of products of predictors and targets, from which any ridge regression on these rows follows.
///
/// Additive: the moments of a set of folds are the sum of the moments of the folds, so leaving one fold
/// out costs no second pass over the rows.
#[derive(Clone)]
pub(crate) struct Moments {
    p: usize,
    q: usize,
    rows: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    /// Upper triangle of XᵀX, row by row, full rows stored.
    xx: Vec<f64>,
    xy: Vec<f64>,
}

/// Intercepts and slopes of `q` targets on `p` predictors; `slope[i * q + k]`.
#[derive(Clone)]
pub(crate) struct Coefficients {
    pub q: usize,
    pub intercept: Vec<f64>,
    pub slope: Vec<f64>,
}

impl Moments {
    pub fn new(p: usize, q: usize) -> Self {
        Moments { p, q, rows: 0.0, x: vec![0.0; p], y: vec![0.0; q], xx: vec![0.0; p * p], xy: vec![0.0; p * q] }
    }

    /// Adds one row; every value must be finite.
    pub fn add(&mut self, x: &[f64], y: &[f64]) {
        self.rows += 1.0;
        axpy(1.0, x, &mut self.x);
        axpy(1.0, y, &mut self.y);
        for (i, xi) in x.iter().enumerate() {
            axpy(*xi, &x[i..], &mut self.xx[i * self.p + i..(i + 1) * self.p]);
            axpy(*xi, y, &mut self.xy[i * self.q..(i + 1) * self.q]);
        }
    }

    /// Adds another set of rows.
    pub fn merge(&mut self, other: &Moments) {
        self.rows += other.rows;
        for (mine, theirs) in
            [(&mut self.x, &other.x), (&mut self.y, &other.y), (&mut self.xx, &other.xx), (&mut self.xy, &other.xy)]
        {
            axpy(1.0, theirs, mine);
        }
    }

    /// Ridge with penalty `lambda` per row on predictors scaled to standard deviation `freedom`; the
    /// intercept is free. A predictor that never varies gets no slope. `None` when the system is singular.
    pub fn ridge(&self, lambda: f64, freedom: &[f64], targets: std::ops::Range<usize>) -> Option<Coefficients> {
        let (p, q, n) = (self.p, targets.len(), self.rows);
        let scale: Vec<f64> = (0..p).map(|i| self.inverse_deviation(i) * freedom[i]).collect();
        let mut gram = vec![0.0; p * p];
        for i in 0..p {
            for j in i..p {
                let covariance = self.xx[i * p + j] / n - self.x[i] / n * self.x[j] / n;
                gram[i * p + j] = covariance * scale[i] * scale[j];
            }
            gram[i * p + i] += lambda;
        }
        let mut slope = vec![0.0; p * q];
        for (i, k) in (0..p).flat_map(|i| (0..q).map(move |k| (i, k))) {
            let t = targets.start + k;
            slope[i * q + k] = (self.xy[i * self.q + t] / n - self.x[i] / n * self.y[t] / n) * scale[i];
        }
        solve_in_place(&mut gram, p, &mut slope, q)?;
        let mut intercept: Vec<f64> = targets.map(|t| self.y[t] / n).collect();
        for i in 0..p {
            slope[i * q..(i + 1) * q].iter_mut().for_each(|b| *b *= scale[i]);
            axpy(-self.x[i] / n, &slope[i * q..(i + 1) * q], &mut intercept);
        }
        Some(Coefficients { q, intercept, slope })
    }

    fn inverse_deviation(&self, i: usize) -> f64 {
        let mean = self.x[i] / self.rows;
        let variance = self.xx[i * self.p + i] / self.rows - mean * mean;
        if variance > 1e-9 * (1.0 + mean * mean) { variance.sqrt().recip() } else { 0.0 }
    }
}

impl Coefficients {
    /// All targets of one row.
    pub fn predict(&self, x: &[f64]) -> Vec<f64> {
        let mut y = self.intercept.clone();
        for (xi, slope) in x.iter().zip(self.slope.chunks_exact(self.q)) {
            axpy(*xi, slope, &mut y);
        }
        y
    }
}

/// `y += a x`.
fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    for (yi, xi) in y.iter_mut().zip(x) {
        *yi += a * xi;
    }
}

/// Solves `A X = B` for a symmetric positive definite `A` (upper triangle of `n` full rows) and `B` of
/// `q` columns; `B` becomes `X`. `None` when a pivot is not positive.
///
/// Cholesky `A = UᵀU`, written so that every inner loop runs along a row: that is what the compiler
/// turns into vector instructions without reordering a sum.
pub(crate) fn solve_in_place(a: &mut [f64], n: usize, b: &mut [f64], q: usize) -> Option<()> {
    for k in 0..n {
        let (done, rest) = a.split_at_mut((k + 1) * n);
        let row = &mut done[k * n + k..];
        let pivot = Some(row[0]).filter(|pivot| *pivot > 1e-12)?.sqrt();
        row.iter_mut().for_each(|value| *value /= pivot);
        for i in k + 1..n {
            axpy(-row[i - k], &row[i - k..], &mut rest[(i - k - 1) * n + i..(i - k) * n]);
        }
    }
    for k in 0..n {
        let (done, rest) = b.split_at_mut((k + 1) * q);
        let row = &mut done[k * q..];
        row.iter_mut().for_each(|value| *value /= a[k * n + k]);
        for i in k + 1..n {
            axpy(-a[k * n + i], row, &mut rest[(i - k - 1) * q..(i - k) * q]);
        }
    }
    for k in (0..n).rev() {
        let (head, tail) = b.split_at_mut((k + 1) * q);
        let row = &mut head[k * q..];
        for i in k + 1..n {
            axpy(-a[k * n + i], &tail[(i - k - 1) * q..(i - k) * q], row);
        }
        row.iter_mut().for_each(|value| *value /= a[k * n + k]);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_worked_by_hand() {
        let mut a = vec![4.0, 2.0, 0.0, 3.0];
        let mut b = vec![8.0, 7.0];
        solve_in_place(&mut a, 2, &mut b, 1).unwrap();
        assert!((b[0] - 1.25).abs() < 1e-12 && (b[1] - 1.5).abs() < 1e-12, "{b:?}");
    }

    #[test]
    fn a_singular_system_is_refused() {
        assert_eq!(solve_in_place(&mut [1.0, 1.0, 0.0, 1.0], 2, &mut [1.0, 1.0], 1), None);
    }

    #[test]
    fn ridge_finds_the_line_and_merging_folds_changes_nothing() {
        let rows: Vec<([f64; 2], [f64; 2])> = (0..40)
            .map(|i| f64::from(i % 7))
            .zip((0..40).map(|i| f64::from(i % 5)))
            .map(|(a, b)| ([a, b], [1.0 + 2.0 * a - b, 3.0 * b]))
            .collect();
        let (mut whole, mut parts) = (Moments::new(2, 2), Moments::new(2, 2));
        rows.iter().for_each(|(x, y)| whole.add(x, y));
        for half in rows.chunks(23) {
            let mut part = Moments::new(2, 2);
            half.iter().for_each(|(x, y)| part.add(x, y));
            parts.merge(&part);
        }
        let (a, b) = (whole.ridge(1e-9, &[1.0; 2], 0..2).unwrap(), parts.ridge(1e-9, &[1.0; 2], 0..2).unwrap());
        for (got, want) in a.predict(&[5.0, 2.0]).iter().zip([9.0, 6.0]) {
            assert!((got - want).abs() < 1e-6, "{got} {want}");
        }
        assert!(a.slope.iter().zip(&b.slope).all(|(x, y)| (x - y).abs() < 1e-9));
    }

    #[test]
    fn a_predictor_that_never_varies_gets_no_slope() {
        let mut moments = Moments::new(2, 1);
        (0..10).for_each(|i| moments.add(&[1.0, f64::from(i)], &[f64::from(2 * i)]));
        let fit = moments.ridge(1e-6, &[1.0; 2], 0..1).unwrap();
        assert_eq!(fit.slope[0], 0.0);
    }
}
