//! One dense symmetric positive definite system, factored in place.

use super::lp::Lp;

/// The lower triangle by rows.
pub struct Cholesky {
    size: usize,
    entry: Vec<f64>,
}

impl Cholesky {
    pub fn new(size: usize) -> Cholesky {
        Cholesky { size, entry: vec![0.0; size * size] }
    }

    pub fn clear(&mut self) {
        self.entry.iter_mut().for_each(|entry| *entry = 0.0);
    }

    pub fn add_diagonal(&mut self, row: usize, value: f64) {
        self.entry[row * self.size + row] += value;
    }

    pub fn diagonal(&self, row: usize) -> f64 {
        self.entry[row * self.size + row]
    }

    /// Adds `weight · (a·bᵀ + b·aᵀ)` of two columns, or `weight · a·aᵀ` when they are one; returns the multiplications.
    pub fn add_outer(&mut self, lp: &Lp, a: usize, b: usize, weight: f64) -> u64 {
        let (left, right) = (lp.column[a]..lp.column[a + 1], lp.column[b]..lp.column[b + 1]);
        let (rows, values) = (&lp.row[left.clone()], &lp.value[left]);
        if a == b {
            for (place, (&row, &value)) in rows.iter().zip(values).enumerate() {
                let line = &mut self.entry[row as usize * self.size..][..self.size];
                let scaled = weight * value;
                for (&other, &with) in rows[..=place].iter().zip(values) {
                    line[other as usize] += scaled * with;
                }
            }
            return (rows.len() * rows.len() / 2) as u64;
        }
        let (others, withs) = (&lp.row[right.clone()], &lp.value[right]);
        for (&row, &value) in rows.iter().zip(values) {
            for (&other, &with) in others.iter().zip(withs) {
                let (low, high) = (row.min(other) as usize, row.max(other) as usize);
                let twice = if low == high { 2.0 } else { 1.0 };
                self.entry[high * self.size + low] += twice * weight * value * with;
            }
        }
        (rows.len() * others.len()) as u64
    }

    /// A pivot that rounding has eaten is set so high that its unknown stays 0.
    pub fn factor(&mut self) {
        let n = self.size;
        for i in 0..n {
            let (above, rest) = self.entry.split_at_mut(i * n);
            let line = &mut rest[..=i];
            let before = line[i];
            for j in 0..i {
                let other = &above[j * n..][..=j];
                let sum = dot4(&line[..j], &other[..j]);
                line[j] = (line[j] - sum) * other[j];
            }
            let rest = before - dot4(&line[..i], &line[..i]);
            // The diagonal keeps the inverse of the root.
            line[i] = if rest > 1e-14 * before { 1.0 / rest.sqrt() } else { 1e-64 };
        }
    }

    pub fn solve(&self, right: &mut [f64]) {
        let n = self.size;
        for i in 0..n {
            let line = &self.entry[i * n..][..=i];
            right[i] = (right[i] - dot4(&line[..i], &right[..i])) * line[i];
        }
        for i in (0..n).rev() {
            let line = &self.entry[i * n..][..=i];
            let solved = right[i] * line[i];
            right[i] = solved;
            for (right, entry) in right[..i].iter_mut().zip(line) {
                *right -= solved * entry;
            }
        }
    }
}

/// Four sums at a time, so that the processor need not wait for each addition.
fn dot4(a: &[f64], b: &[f64]) -> f64 {
    let (mut sums, cut) = ([0.0; 4], a.len() / 4 * 4);
    for (a, b) in a[..cut].chunks_exact(4).zip(b[..cut].chunks_exact(4)) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + a[cut..].iter().zip(&b[cut..]).map(|(a, b)| a * b).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_comes_back() {
        let mut system = Cholesky::new(2);
        system.entry = vec![4.0, 0.0, 2.0, 3.0];
        system.factor();
        let mut right = vec![10.0, 9.0];
        system.solve(&mut right);
        assert!((right[0] - 1.5).abs() < 1e-12 && (right[1] - 2.0).abs() < 1e-12, "{right:?}");
    }
}
