use crate::History;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Fast means over any span of hours of a history: running sums of values and of their logarithms.
///
/// A running sum at an hour holds nothing later than that hour, so a mean that ends before the issue
/// time cannot see past it.
pub(crate) struct Recent {
    first: i64,
    hours: usize,
    cities: usize,
    value: [Sums; 6],
    log: [Sums; 6],
}

struct Sums {
    sum: Vec<f64>,
    count: Vec<u32>,
}

impl Sums {
    fn new(series: &[f64], cities: usize, hours: usize, of: impl Fn(f64) -> f64) -> Self {
        let (mut sum, mut count) = (Vec::new(), Vec::new());
        for city in 0..cities {
            let (mut total, mut valid) = (0.0, 0);
            sum.push(total);
            count.push(valid);
            for value in &series[city * hours..(city + 1) * hours] {
                if value.is_finite() {
                    total += of(*value);
                    valid += 1;
                }
                sum.push(total);
                count.push(valid);
            }
        }
        Sums { sum, count }
    }
}

/// The smallest value whose logarithm is taken: below it an analyser's reading is noise.
/// µg/m³, CO mg/m³.
pub(crate) fn floor_of(pollutant: Pollutant) -> f64 {
    if pollutant == Pollutant::Co { 0.05 } else { 1.0 }
}

impl Recent {
    pub fn new(history: &History) -> Self {
        let sums = |p: Pollutant, of: fn(f64, f64) -> f64| {
            let floor = floor_of(p);
            Sums::new(&history.series[p.index()], history.cities.len(), history.hours, |value| of(value, floor))
        };
        Recent {
            first: history.first_hour.index(),
            hours: history.hours,
            cities: history.cities.len(),
            value: Pollutant::ALL.map(|p| sums(p, |value, _| value.max(0.0))),
            log: Pollutant::ALL.map(|p| sums(p, |value, floor| value.max(floor).ln())),
        }
    }

    pub fn cities(&self) -> usize {
        self.cities
    }

    /// Logarithm of the mean over the `hours` labels that end with `last`, floored; `None` below `valid` values.
    pub fn log_of_mean(&self, p: Pollutant, city: usize, last: BeijingHour, hours: i64, valid: u32) -> Option<f64> {
        self.mean(&self.value[p.index()], city, last, hours, valid).map(|mean| mean.max(floor_of(p)).ln())
    }

    /// Mean of the logarithms over the `hours` labels that end with `last`; `None` below `valid` values.
    pub fn mean_of_log(&self, p: Pollutant, city: usize, last: BeijingHour, hours: i64, valid: u32) -> Option<f64> {
        self.mean(&self.log[p.index()], city, last, hours, valid)
    }

    /// The PM2.5 mean of a calendar day, µg/m³, with at least 20 of its 24 hours.
    pub fn day_mean(&self, city: usize, day: BeijingDay) -> Option<f64> {
        let last = BeijingHour::from_index(i64::from(day.index() + 1) * 24);
        self.mean(&self.value[Pollutant::Pm25.index()], city, last, 24, 20)
    }

    fn mean(&self, sums: &Sums, city: usize, last: BeijingHour, hours: i64, valid: u32) -> Option<f64> {
        let bound = |hour: i64| (hour - self.first).clamp(0, self.hours as i64) as usize + city * (self.hours + 1);
        let (from, to) = (bound(last.index() + 1 - hours), bound(last.index() + 1));
        let count = sums.count[to] - sums.count[from];
        (count >= valid.max(1)).then(|| (sums.sum[to] - sums.sum[from]) / f64::from(count))
    }
}
