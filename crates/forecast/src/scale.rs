use units::Pollutant;

/// The scale on which a pollutant is forecast: logarithms of the value plus an offset.
///
/// Errors of particles and gases grow with the level, so logarithms even them out. Ozone falls to nothing
/// at night, where a logarithm would make much of analyser noise: its offset turns the low end linear.
/// µg/m³, CO mg/m³.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// The smallest value told apart: below it an analyser's reading is noise.
    floor: f64,
    offset: f64,
}

impl Scale {
    /// The scale of a pollutant.
    pub const fn of(pollutant: Pollutant) -> Scale {
        match pollutant {
            Pollutant::O3 => Scale { floor: 1.0, offset: 40.0 },
            Pollutant::Co => Scale { floor: 0.05, offset: 0.0 },
            Pollutant::So2 | Pollutant::No2 | Pollutant::Pm10 | Pollutant::Pm25 => Scale { floor: 1.0, offset: 0.0 },
        }
    }

    /// A value on the scale.
    pub fn log(self, value: f64) -> f64 {
        (value.max(self.floor) + self.offset).ln()
    }

    /// The value behind a number on the scale; never negative.
    pub fn value(self, log: f64) -> f64 {
        (log.exp() - self.offset).max(0.0)
    }
}

/// The day's value of 24 hours by which a pollutant is judged: the mean, for ozone the largest mean of the
/// eight hours that end with labels 8 to 24 (日最大 8 小时平均).
///
/// Linear in a factor and, within the windows, in an offset: it may be taken of values plus an offset.
pub(crate) fn day_value(pollutant: Pollutant, hours: &[f64]) -> f64 {
    if pollutant != Pollutant::O3 {
        return hours.iter().sum::<f64>() / hours.len() as f64;
    }
    let mut window: f64 = hours[..8].iter().sum();
    let mut top = window;
    for last in 8..hours.len() {
        window += hours[last] - hours[last - 8];
        top = top.max(window);
    }
    top / 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_undone_and_never_gives_a_negative_value() {
        for pollutant in Pollutant::ALL {
            let scale = Scale::of(pollutant);
            assert!((scale.value(scale.log(73.0)) - 73.0).abs() < 1e-9, "{pollutant:?}");
            assert!(scale.value(-20.0) >= 0.0);
        }
    }

    #[test]
    fn ozone_is_judged_by_its_highest_eight_hours() {
        let hours: Vec<f64> = (1..=24).map(|label| if (11..=18).contains(&label) { 160.0 } else { 40.0 }).collect();
        assert!((day_value(Pollutant::O3, &hours) - 160.0).abs() < 1e-9);
        assert!((day_value(Pollutant::Pm25, &hours) - 80.0).abs() < 1e-9);
    }

    #[test]
    fn a_peak_before_the_first_window_counts_only_with_what_follows() {
        let hours: Vec<f64> = (1..=24).map(|label| if label <= 4 { 200.0 } else { 0.0 }).collect();
        assert!((day_value(Pollutant::O3, &hours) - 100.0).abs() < 1e-9);
    }
}
