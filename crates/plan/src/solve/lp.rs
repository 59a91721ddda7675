//! The relaxation: shares of options instead of choices. An interior-point method (Mehrotra's predictor and corrector) whose
//! linear system has one row a condition and not one a source: what a source adds to it follows from its own options alone.
//!
//! min Σ cost·x  with  Σ x = 1 for each source,  Σ effect·x − t + u = target,  x, t, u ≥ 0, and u at a steep price, so that
//! every iterate is feasible. The dual price y of the rows is what is wanted: any y ≥ 0 proves a bound.

use super::cholesky::Cholesky;

/// A relaxation. Bare numbers: costs in one unit, rows scaled to targets near 1.
#[derive(Default)]
pub struct Lp {
    pub precursors: usize,
    /// Options of source `i`: `start[i]..start[i + 1]`.
    pub start: Vec<usize>,
    pub cost: Vec<f64>,
    /// `option * precursors + precursor`.
    pub cut: Vec<f64>,
    /// Entries of column `source * precursors + precursor`.
    pub column: Vec<usize>,
    pub row: Vec<u32>,
    pub value: Vec<f64>,
    pub target: Vec<f64>,
    /// Cost that no choice here changes.
    pub fixed: f64,
}

/// What the relaxation gives.
pub struct Relaxed {
    /// Price of each row, from 0 up.
    pub price: Vec<f64>,
    /// Share of each option.
    pub share: Vec<f64>,
    /// Work done, in multiplications of the search.
    pub work: u64,
}

/// State of one interior point, and the direction from it.
struct Point {
    x: Vec<f64>,
    z: Vec<f64>,
    pi: Vec<f64>,
    y: Vec<f64>,
    t: Vec<f64>,
    u: Vec<f64>,
    w: Vec<f64>,
}

impl Lp {
    fn sources(&self) -> usize {
        self.start.len() - 1
    }

    /// `Σ price·value` of each column, and `cost − Σ price·effect` of each option.
    fn reduced(&self, price: &[f64], worth: &mut [f64], into: &mut [f64]) {
        let p = self.precursors;
        for i in 0..self.sources() {
            let unit = &mut worth[i * p..][..p];
            for (q, unit) in unit.iter_mut().enumerate() {
                *unit = self.column_price(i * p + q, price);
            }
            let range = self.start[i]..self.start[i + 1];
            for (m, into) in range.clone().zip(&mut into[range]) {
                *into = self.cost[m] - dot(unit, &self.cut[m * p..][..p]);
            }
        }
    }

    fn column_price(&self, column: usize, price: &[f64]) -> f64 {
        let range = self.column[column]..self.column[column + 1];
        self.row[range.clone()].iter().zip(&self.value[range]).map(|(&row, &value)| price[row as usize] * value).sum()
    }

    fn scatter(&self, column: usize, amount: f64, into: &mut [f64]) {
        let range = self.column[column]..self.column[column + 1];
        for (&row, &value) in self.row[range.clone()].iter().zip(&self.value[range]) {
            into[row as usize] += amount * value;
        }
    }

    /// What the prices prove: no plan costs less.
    fn bound(&self, price: &[f64], reduced: &[f64]) -> f64 {
        let least = self.start.windows(2).map(|range| least(&reduced[range[0]..range[1]]));
        self.fixed + dot(price, &self.target) + least.sum::<f64>()
    }

    /// Solves to a relative distance of `tolerance` between cost and bound; `ceiling` caps the price of a row.
    pub fn solve(&self, tolerance: f64, ceiling: f64) -> Relaxed {
        let rows = self.target.len();
        let mut work = 0;
        let mut reduced = vec![0.0; self.cost.len()];
        let mut point = self.first(ceiling, &mut reduced);
        let mut worth = vec![0.0; self.column.len() - 1];
        let (mut best, mut proven) = (vec![0.0; rows], f64::NEG_INFINITY);
        let mut system = System::new(self);
        for _ in 0..60 {
            self.reduced(&point.y, &mut worth, &mut reduced);
            let bound = self.bound(&point.y, &reduced);
            if bound > proven {
                proven = bound;
                best.copy_from_slice(&point.y);
            }
            let cost = self.fixed + dot(&self.cost, &point.x) + ceiling * point.u.iter().sum::<f64>();
            if cost - proven <= tolerance * (cost.abs() + proven.abs()).max(f64::MIN_POSITIVE) {
                break;
            }
            work += (self.row.len() * 4 + self.cost.len() * 10 + rows * rows * rows / 6) as u64;
            work += system.assemble(self, &point);
            if !system.step(self, &mut point, &worth, ceiling) {
                break;
            }
        }
        // Long runs of multiplications take less time each than the search's scattered ones.
        Relaxed { price: best, share: point.x, work: work * 2 / 5 }
    }

    /// A point inside: equal shares, and a dual that is feasible by construction.
    fn first(&self, ceiling: f64, reduced: &mut [f64]) -> Point {
        let (p, rows) = (self.precursors, self.target.len());
        let mut x = vec![0.0; self.cost.len()];
        let mut level = vec![0.0; rows];
        let mut dearest = 0.0;
        for i in 0..self.sources() {
            let range = self.start[i]..self.start[i + 1];
            let share = 1.0 / range.len() as f64;
            for m in range.clone() {
                x[m] = share;
            }
            dearest += range.clone().map(|m| self.cost[m]).fold(0.0, f64::max);
            for q in 0..p {
                let cut: f64 = range.clone().map(|m| self.cut[m * p + q]).sum();
                self.scatter(i * p + q, share * cut, &mut level);
            }
        }
        let y = vec![(dearest / (4.0 * rows as f64)).clamp(ceiling * 1e-9, ceiling * 0.5); rows];
        self.reduced(&y, &mut vec![0.0; self.column.len() - 1], reduced);
        let apart = (dearest / (self.sources().max(1) as f64)).max(1e-3 * y.first().copied().unwrap_or(1.0));
        let pi: Vec<f64> = self.start.windows(2).map(|range| least(&reduced[range[0]..range[1]]) - apart).collect();
        let mut z = reduced.to_vec();
        for i in 0..self.sources() {
            z[self.start[i]..self.start[i + 1]].iter_mut().for_each(|z| *z -= pi[i]);
        }
        let over: Vec<f64> = level.iter().zip(&self.target).map(|(level, target)| level - target).collect();
        let t = over.iter().map(|over| over.max(0.0) + 0.1).collect();
        let u = over.iter().map(|over| (-over).max(0.0) + 0.1).collect();
        let w = y.iter().map(|y| ceiling - y).collect();
        Point { x, z, pi, y, t, u, w }
    }
}

/// The linear system of one step, and the arrays of its directions.
struct System {
    normal: Cholesky,
    largest: Vec<f64>,
    /// Below this share of the smallest diagonal a source's part is left out: it is decided.
    smallest: f64,
    dx: Vec<f64>,
    dz: Vec<f64>,
    second: Vec<f64>,
    dpi: Vec<f64>,
}

impl System {
    fn new(lp: &Lp) -> System {
        let largest = lp
            .column
            .windows(2)
            .map(|range| lp.value[range[0]..range[1]].iter().fold(0.0_f64, |most, value| most.max(value.abs())))
            .collect();
        let options = lp.cost.len();
        System {
            normal: Cholesky::new(lp.target.len()),
            largest,
            smallest: 0.0,
            dx: vec![0.0; options],
            dz: vec![0.0; options],
            second: vec![0.0; options],
            dpi: vec![0.0; lp.sources()],
        }
    }

    /// Builds and factors the matrix of the rows.
    fn assemble(&mut self, lp: &Lp, point: &Point) -> u64 {
        let (p, rows) = (lp.precursors, lp.target.len());
        let mut work = 0;
        self.normal.clear();
        let mut mean = vec![0.0; p];
        for i in 0..lp.sources() {
            let range = lp.start[i]..lp.start[i + 1];
            let theta = |m: usize| point.x[m] / point.z[m];
            let total: f64 = range.clone().map(theta).sum();
            for (q, mean) in mean.iter_mut().enumerate() {
                *mean = range.clone().map(|m| theta(m) * lp.cut[m * p + q]).sum::<f64>() / total;
            }
            for a in 0..p {
                for b in 0..=a {
                    let spread: f64 = range
                        .clone()
                        .map(|m| theta(m) * (lp.cut[m * p + a] - mean[a]) * (lp.cut[m * p + b] - mean[b]))
                        .sum();
                    let (left, right) = (i * p + a, i * p + b);
                    if spread.abs() * self.largest[left] * self.largest[right] <= self.smallest {
                        continue;
                    }
                    work += self.normal.add_outer(lp, left, right, spread);
                }
            }
        }
        for j in 0..rows {
            self.normal.add_diagonal(j, point.t[j] / point.y[j] + point.u[j] / point.w[j]);
        }
        self.smallest = 1e-5 / (lp.sources() as f64).sqrt()
            * (0..rows).map(|j| self.normal.diagonal(j)).fold(f64::INFINITY, f64::min);
        self.normal.factor();
        work
    }

    /// Predictor and corrector from `point`; false when it cannot move any more.
    fn step(&mut self, lp: &Lp, point: &mut Point, worth: &[f64], ceiling: f64) -> bool {
        let rows = lp.target.len();
        let gap = dot(&point.x, &point.z) + dot(&point.t, &point.y) + dot(&point.u, &point.w);
        let count = (lp.cost.len() + 2 * rows) as f64;
        let zero = vec![0.0; rows];
        let mut direction = Rows { dy: zero.clone(), dt: zero.clone(), du: zero.clone(), dw: zero };
        self.second.iter_mut().for_each(|value| *value = 0.0);
        self.direction(lp, point, worth, ceiling, 0.0, &mut direction);
        let (primal, dual) = self.lengths(point, &direction);
        let mut after = 0.0;
        for m in 0..point.x.len() {
            after += (point.x[m] + primal * self.dx[m]) * (point.z[m] + dual * self.dz[m]);
            self.second[m] = self.dx[m] * self.dz[m];
        }
        for j in 0..rows {
            after += (point.t[j] + primal * direction.dt[j]) * (point.y[j] + dual * direction.dy[j]);
            after += (point.u[j] + primal * direction.du[j]) * (point.w[j] + dual * direction.dw[j]);
        }
        let centre = (after / gap).clamp(0.0, 1.0).powi(3) * gap / count;
        self.direction(lp, point, worth, ceiling, centre, &mut direction);
        let (primal, dual) = self.lengths(point, &direction);
        if !(primal.is_finite() && dual.is_finite()) || primal.max(dual) < 1e-8 {
            return false;
        }
        move_by(&mut point.x, &self.dx, primal);
        move_by(&mut point.z, &self.dz, dual);
        move_by(&mut point.pi, &self.dpi, dual);
        move_by(&mut point.t, &direction.dt, primal);
        move_by(&mut point.u, &direction.du, primal);
        move_by(&mut point.y, &direction.dy, dual);
        move_by(&mut point.w, &direction.dw, dual);
        true
    }

    /// Newton's direction to complementarity `centre`. On entry `direction` holds the predictor (or zeros), whose products
    /// are the second-order part.
    fn direction(&mut self, lp: &Lp, point: &Point, worth: &[f64], ceiling: f64, centre: f64, direction: &mut Rows) {
        let (p, rows) = (lp.precursors, lp.target.len());
        let goal = |a: f64, b: f64, da: f64, db: f64| centre - a * b - da * db;
        let rct: Vec<f64> = (0..rows).map(|j| goal(point.t[j], point.y[j], direction.dt[j], direction.dy[j])).collect();
        let rcu: Vec<f64> = (0..rows).map(|j| goal(point.u[j], point.w[j], direction.du[j], direction.dw[j])).collect();
        let mut right: Vec<f64> = (0..rows).map(|j| lp.target[j] + point.t[j] - point.u[j]).collect();
        for j in 0..rows {
            let free = ceiling - point.y[j] - point.w[j];
            right[j] += rct[j] / point.y[j] - (rcu[j] - point.u[j] * free) / point.w[j];
        }
        // dx holds h = rc/z − θ·rd until dy is known; dz holds rd.
        let mut unit = vec![0.0; p];
        let mut sum = vec![0.0; p];
        for i in 0..lp.sources() {
            let range = lp.start[i]..lp.start[i + 1];
            let unit_now = &worth[i * p..][..p];
            let (mut total, mut h_sum, mut filled) = (0.0, 0.0, 0.0);
            sum.iter_mut().for_each(|sum| *sum = 0.0);
            for m in range.clone() {
                let cut = &lp.cut[m * p..][..p];
                let (x, z) = (point.x[m], point.z[m]);
                let theta = x / z;
                let residual = lp.cost[m] - dot(unit_now, cut) - point.pi[i] - z;
                let h = (centre - self.second[m]) / z - x - theta * residual;
                (self.dx[m], self.dz[m]) = (h, residual);
                total += theta;
                h_sum += h;
                filled += x;
                for (sum, cut) in sum.iter_mut().zip(cut) {
                    *sum += theta * cut;
                }
            }
            let lift = (1.0 - filled - h_sum) / total;
            self.dpi[i] = lift;
            for (q, sum) in sum.iter().enumerate() {
                let cut: f64 = range.clone().map(|m| lp.cut[m * p + q] * (self.dx[m] + point.x[m])).sum();
                lp.scatter(i * p + q, -(cut + sum * lift), &mut right);
            }
        }
        self.normal.solve(&mut right);
        let dy = right;
        for i in 0..lp.sources() {
            let range = lp.start[i]..lp.start[i + 1];
            for (q, unit) in unit.iter_mut().enumerate() {
                *unit = lp.column_price(i * p + q, &dy);
            }
            let (mut total, mut pull) = (0.0, 0.0);
            for m in range.clone() {
                let theta = point.x[m] / point.z[m];
                total += theta;
                pull += theta * dot(&unit, &lp.cut[m * p..][..p]);
            }
            self.dpi[i] -= pull / total;
            for m in range {
                let change = dot(&unit, &lp.cut[m * p..][..p]) + self.dpi[i];
                self.dx[m] += point.x[m] / point.z[m] * change;
                self.dz[m] -= change;
            }
        }
        for j in 0..rows {
            direction.dt[j] = (rct[j] - point.t[j] * dy[j]) / point.y[j];
            direction.dw[j] = ceiling - point.y[j] - point.w[j] - dy[j];
            direction.du[j] = (rcu[j] - point.u[j] * direction.dw[j]) / point.w[j];
        }
        direction.dy = dy;
    }

    /// Longest steps that stay inside.
    fn lengths(&self, point: &Point, direction: &Rows) -> (f64, f64) {
        let primal =
            inside(&point.x, &self.dx).min(inside(&point.t, &direction.dt)).min(inside(&point.u, &direction.du));
        let dual = inside(&point.z, &self.dz).min(inside(&point.y, &direction.dy)).min(inside(&point.w, &direction.dw));
        ((0.9995 * primal).min(1.0), (0.9995 * dual).min(1.0))
    }
}

/// The part of a direction that belongs to the rows.
struct Rows {
    dy: Vec<f64>,
    dt: Vec<f64>,
    du: Vec<f64>,
    dw: Vec<f64>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn inside(at: &[f64], by: &[f64]) -> f64 {
    let steepest = at.iter().zip(by).fold(0.0_f64, |most, (at, by)| most.max(-by / at));
    1.0 / steepest
}

fn move_by(at: &mut [f64], by: &[f64], length: f64) {
    at.iter_mut().zip(by).for_each(|(at, by)| *at += length * by);
}
