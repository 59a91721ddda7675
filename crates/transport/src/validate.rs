//! Scores of dispersion against tracer experiments (示踪试验评分), and the near-field driver of the kernel's plume.
//!
//! The data of the experiments are not part of the program: their tables are read as pairs of observed and computed values.

use crate::kernel::{Settings, Stability, vertical_density};

/// Near-field and long-range scores of pairs (评分).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Pairs scored.
    pub pairs: usize,
    /// Share of pairs within a factor of two of each other; pairs in which both are zero count.
    pub fac2: f64,
    /// Fractional bias, `2 (M - P)`/`(M + P)` of the means, computed less observed: -2 to 2, above zero is too much.
    pub fb: f64,
    /// Normalised mean square error, `mean (p - m)² / (M P)`; `None` where a mean is zero.
    pub nmse: Option<f64>,
    /// Correlation; `None` where one side does not vary.
    pub r: Option<f64>,
    /// Figure of merit in space, percent: pairs in which both exceed the threshold over those in which one does; `None` where none does.
    pub fms: Option<f64>,
    /// Kolmogorov-Smirnov parameter, percent: greatest distance of the two distributions.
    pub ksp: f64,
}

impl Scores {
    /// Rank, 0 to 4: `R² + 1 - |FB / 2| + FMS / 100 + 1 - KSP / 100` (Draxler 2006); what is not known adds nothing.
    pub fn rank(&self) -> f64 {
        let square = self.r.map_or(0.0, |r| r * r);
        square + 1.0 - (self.fb / 2.0).abs() + self.fms.unwrap_or(0.0) / 100.0 + 1.0 - self.ksp / 100.0
    }
}

/// Scores pairs `(observed, computed)`; `None` without any. A value above `threshold` counts as reached, for FMS.
pub fn score(pairs: &[(f64, f64)], threshold: f64) -> Option<Scores> {
    let pairs: Vec<(f64, f64)> = pairs.iter().copied().filter(|(o, c)| o.is_finite() && c.is_finite()).collect();
    let n = pairs.len() as f64;
    if pairs.is_empty() {
        return None;
    }
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (observed, computed) = (mean(&|p| p.0), mean(&|p| p.1));
    let within = |(o, c): &&(f64, f64)| (*o == 0.0 && *c == 0.0) || (*c >= 0.5 * o && *c <= 2.0 * o && *o > 0.0);
    let [so, sc, both] = [
        mean(&|p| (p.0 - observed).powi(2)),
        mean(&|p| (p.1 - computed).powi(2)),
        mean(&|p| (p.0 - observed) * (p.1 - computed)),
    ];
    let reached = pairs.iter().map(|(o, c)| (*o > threshold, *c > threshold));
    let (common, any) = reached.fold((0.0, 0.0), |(common, any), (o, c)| {
        (common + f64::from(u8::from(o && c)), any + f64::from(u8::from(o || c)))
    });
    let product = observed * computed;
    Some(Scores {
        pairs: pairs.len(),
        fac2: pairs.iter().filter(within).count() as f64 / n,
        fb: if observed + computed == 0.0 { 0.0 } else { 2.0 * (computed - observed) / (observed + computed) },
        nmse: (product > 0.0).then(|| mean(&|p| (p.1 - p.0).powi(2)) / product),
        r: (so > 0.0 && sc > 0.0).then(|| both / (so * sc).sqrt()),
        fms: (any > 0.0).then(|| 100.0 * common / any),
        ksp: 100.0 * distance(&pairs),
    })
}

/// The greatest distance of the two cumulative distributions.
fn distance(pairs: &[(f64, f64)]) -> f64 {
    let sorted = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = pairs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (observed, computed) = (sorted(|p| p.0), sorted(|p| p.1));
    let below = |values: &[f64], at: f64| values.partition_point(|value| *value <= at) as f64 / values.len() as f64;
    observed.iter().chain(&computed).map(|at| (below(&observed, *at) - below(&computed, *at)).abs()).fold(0.0, f64::max)
}

/// One run of a near-field experiment (近场试验): a steady release near the ground, arcs of samplers downwind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearField {
    /// g/s.
    pub release_g_s: f64,
    /// Metres above ground.
    pub release_height_m: f64,
    /// Height of the samplers, metres.
    pub sampler_height_m: f64,
    /// Wind at ten metres, m/s.
    pub speed_ms: f64,
    /// Stability.
    pub stability: Stability,
    /// Depth of the mixing layer, metres.
    pub mixing_height_m: f64,
}

impl NearField {
    /// Cross-wind integrated concentration at an arc, g/m²: `Q v(z) / u`, which needs no spread to the sides.
    pub fn crosswind_integrated(&self, settings: &Settings, arc_m: f64) -> f64 {
        let speed = settings.speed_at(self.speed_ms, self.stability, self.release_height_m);
        let sigma = settings.spread_m(self.stability, arc_m);
        let lid = self.mixing_height_m.max(self.release_height_m);
        self.release_g_s * vertical_density(sigma, self.release_height_m, lid, self.sampler_height_m) / speed
    }
}

/// One measurement of a long-range experiment in the DATEM form: year, month, day, hour and minutes from, duration, latitude, longitude,
/// concentration, station.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The words of its date and duration as they stand: year, month, day, hour and minutes, hours and minutes.
    pub when: [u32; 5],
    /// Degrees north and east.
    pub at: (f64, f64),
    /// As the file's unit says; negative marks of missing are left out.
    pub value: f64,
    /// Station.
    pub station: String,
}

/// Reads measurements in the DATEM form: two lines of heading, then one a line. Refuses a line that is none, by its number.
pub fn read_datem(text: &str) -> Result<Vec<Measured>, crate::TransportError> {
    let mut found = vec![];
    for (number, line) in text.lines().enumerate().skip(2).filter(|(_, line)| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let one = || {
            let when = [0, 1, 2, 3, 4].map(|at| words.get(at)?.parse().ok());
            let [Some(y), Some(m), Some(d), Some(h), Some(span)] = when else { return None };
            let [Some(lat), Some(lon), Some(value)] = [5, 6, 7].map(|at| words.get(at)?.parse::<f64>().ok()) else {
                return None;
            };
            let station = (*words.get(8)?).to_string();
            Some(Measured { when: [y, m, d, h, span], at: (lat, lon), value, station })
        };
        let one = one().ok_or_else(|| crate::TransportError::Cell {
            line: number as u64 + 1,
            column: "whole row".into(),
            text: line.chars().take(64).collect(),
            why: "is no measurement of nine words".into(),
        })?;
        found.extend(Some(one).filter(|one| one.value.is_finite() && one.value >= 0.0));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_pairs_have_rank_four() {
        let found = score(&[(1.0, 1.0), (2.0, 2.0), (0.0, 0.0)], 0.5).unwrap();
        assert_eq!((found.fac2, found.fb, found.nmse, found.fms, found.ksp), (1.0, 0.0, Some(0.0), Some(100.0), 0.0));
        assert!((found.rank() - 4.0).abs() < 1e-12);
        assert_eq!(score(&[], 0.0), None);
    }

    #[test]
    fn by_hand() {
        // Means 2 and 3; FB 2/5; NMSE ((1)² + (1)²)/2 / 6; one of two within a factor of two; threshold reached by (no, yes), (yes, yes).
        let found = score(&[(1.0, 2.5), (3.0, 3.5)], 2.0).unwrap();
        assert_eq!((found.fac2, found.fb, found.fms), (0.5, 0.4, Some(50.0)));
        assert!((found.nmse.unwrap() - (2.25 + 0.25) / 2.0 / 6.0).abs() < 1e-12);
        assert_eq!((found.r, found.ksp), (Some(1.0), 50.0));
    }

    #[test]
    fn pairs_exactly_a_factor_of_two_apart_are_within() {
        let within = |o: f64, c: f64| score(&[(o, c)], 0.0).unwrap().fac2;
        assert_eq!(
            [within(2.0, 1.0), within(2.0, 4.0), within(2.0, 4.01), within(2.0, 0.99), within(0.0, 1.0)],
            [1.0, 1.0, 0.0, 0.0, 0.0]
        );
    }

    #[test]
    fn a_release_at_the_ground_by_hand() {
        let settings = Settings::bundled().unwrap();
        let run = NearField {
            release_g_s: 50.0,
            release_height_m: 0.0,
            sampler_height_m: 0.0,
            speed_ms: 5.0,
            stability: Stability::D,
            mixing_height_m: 1000.0,
        };
        // sigma at 100 m: 0.06 * 100 / sqrt(1.15) = 5.595; Q sqrt(2/pi) / (u sigma) = 50 * 0.79788 / (5 * 5.595).
        assert!((run.crosswind_integrated(&settings, 100.0) - 1.4260).abs() < 1e-3);
        assert!(run.crosswind_integrated(&settings, 800.0) < run.crosswind_integrated(&settings, 50.0));
    }

    #[test]
    fn datem_lines_are_read_and_broken_ones_named() {
        let text = "EXPERIMENT 1\nyear mn dy shr dur lat lon ng/m3 stn\n1983 09 18 1800 0300 39.9 -84.2 15.5 316\n1983 09 18 1800 0300 40.1 -84.0 -1.0 317\n";
        let found = read_datem(text).unwrap();
        assert_eq!((found.len(), found[0].value, found[0].station.as_str()), (1, 15.5, "316"));
        let told = read_datem(&text.replace("15.5", "high")).unwrap_err().to_string();
        assert!(told.starts_with("X-112 line 3"), "{told}");
    }
}
