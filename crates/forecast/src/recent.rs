use crate::History;
use crate::scale::Scale;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Hours of the last thirty days, the span of the level against which everything is measured.
const LEVEL_HOURS: i64 = 720;
/// Hours of them that a level needs.
pub(crate) const LEVEL_VALID: u32 = 240;
/// Hours of a day that its mean needs.
const DAY_VALID: u32 = 20;
/// Hours of the last 24 that their mean needs to be a predictor.
const LAST_VALID: u32 = 12;
/// Hours that an 8 h mean needs, and 8 h means that a largest one needs.
const EIGHT: (u32, usize) = (6, 14);

/// Fast means over any span of hours of a history: running sums of values and of their logarithms.
///
/// A running sum at an hour holds nothing later than that hour, so a mean that ends before the issue
/// time cannot see past it. Logarithms are those of [`Scale`].
pub(crate) struct Recent {
    first: i64,
    hours: usize,
    cities: usize,
    value: [Sums; 6],
    log: [Sums; 6],
    /// Largest 8 h mean of ozone in the 24 hours that end with each hour, µg/m³; NaN = unknown.
    peak: Vec<f64>,
    peak_log: Sums,
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

impl Recent {
    pub fn new(history: &History) -> Self {
        let (cities, hours) = (history.cities.len(), history.hours);
        let series = |p: Pollutant| &history.series[p.index()];
        let value = Pollutant::ALL.map(|p| Sums::new(series(p), cities, hours, |value| value.max(0.0)));
        let log = Pollutant::ALL.map(|p| Sums::new(series(p), cities, hours, |value| Scale::of(p).log(value)));
        let peak = peaks(&value[Pollutant::O3.index()], cities, hours);
        let peak_log = Sums::new(&peak, cities, hours, |value| Scale::of(Pollutant::O3).log(value));
        Recent { first: history.first_hour.index(), hours, cities, value, log, peak, peak_log }
    }

    pub fn cities(&self) -> usize {
        self.cities
    }

    /// Logarithm of the mean over the `hours` labels that end with `last`, floored; `None` below `valid` values.
    pub fn log_of_mean(&self, p: Pollutant, city: usize, last: BeijingHour, hours: i64, valid: u32) -> Option<f64> {
        self.mean(&self.value[p.index()], city, last, hours, valid).map(|mean| Scale::of(p).log(mean))
    }

    /// The level (30 天水平): mean of the logarithms over thirty days, for ozone of its daily peaks.
    pub fn level(&self, p: Pollutant, city: usize, last: BeijingHour) -> Option<f64> {
        let sums = if p == Pollutant::O3 { &self.peak_log } else { &self.log[p.index()] };
        self.mean(sums, city, last, LEVEL_HOURS, LEVEL_VALID)
    }

    /// Logarithm of the 24 h mean that ends with `last`, for ozone of the largest 8 h mean in them.
    pub fn last_day(&self, p: Pollutant, city: usize, last: BeijingHour) -> Option<f64> {
        if p != Pollutant::O3 {
            return self.log_of_mean(p, city, last, 24, LAST_VALID);
        }
        let column = usize::try_from(last.index() - self.first).ok().filter(|column| *column < self.hours)?;
        Some(self.peak[city * self.hours + column]).filter(|peak| peak.is_finite()).map(|peak| Scale::of(p).log(peak))
    }

    /// The week that ends with `last`: logarithm of the mean, for ozone the mean logarithm of the peaks.
    pub fn week(&self, p: Pollutant, city: usize, last: BeijingHour) -> Option<f64> {
        if p == Pollutant::O3 {
            return self.mean(&self.peak_log, city, last, 168, 84);
        }
        self.log_of_mean(p, city, last, 168, 84)
    }

    /// The value a calendar day is judged by (日评价值), µg/m³, CO mg/m³: the mean with at least 20 of its 24
    /// hours, for ozone the largest 8 h mean with 14 of the 17 that end in the day.
    pub fn day_value(&self, p: Pollutant, city: usize, day: BeijingDay) -> Option<f64> {
        let last = BeijingHour::from_index(i64::from(day.index() + 1) * 24);
        let sums = &self.value[p.index()];
        if p != Pollutant::O3 {
            return self.mean(sums, city, last, 24, DAY_VALID);
        }
        let ends = (0..=16).filter_map(|back| self.mean(sums, city, last - back, 8, EIGHT.0));
        let (top, valid) = ends.fold((f64::NAN, 0), |(top, valid), mean| (mean.max(top), valid + 1));
        (valid >= EIGHT.1).then_some(top)
    }

    fn mean(&self, sums: &Sums, city: usize, last: BeijingHour, hours: i64, valid: u32) -> Option<f64> {
        let bound = |hour: i64| (hour - self.first).clamp(0, self.hours as i64) as usize + city * (self.hours + 1);
        let (from, to) = (bound(last.index() + 1 - hours), bound(last.index() + 1));
        let count = sums.count[to] - sums.count[from];
        (count >= valid.max(1)).then(|| (sums.sum[to] - sums.sum[from]) / f64::from(count))
    }
}

/// The largest 8 h mean of the 24 hours that end with each hour, `[city * hours + hour]`.
fn peaks(sums: &Sums, cities: usize, hours: usize) -> Vec<f64> {
    let mut peaks = Vec::with_capacity(cities * hours);
    for city in 0..cities {
        let at = |column: usize| city * (hours + 1) + column;
        let eight = |end: usize| {
            let (from, to) = (at((end + 1).saturating_sub(8)), at(end + 1));
            let count = sums.count[to] - sums.count[from];
            (count >= EIGHT.0).then(|| (sums.sum[to] - sums.sum[from]) / f64::from(count))
        };
        let means: Vec<Option<f64>> = (0..hours).map(eight).collect();
        for end in 0..hours {
            let day = means[(end + 1).saturating_sub(24)..=end].iter().flatten();
            let (top, valid) = day.fold((f64::NAN, 0), |(top, valid), mean| (mean.max(top), valid + 1));
            peaks.push(if valid >= EIGHT.1 { top } else { f64::NAN });
        }
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::day_value;

    #[test]
    fn the_peak_of_the_last_day_and_of_the_calendar_day_are_the_best_eight_hours() {
        let first: BeijingHour = "2018-07-01T01:00:00+08:00".parse().unwrap();
        let mut history = History::empty(vec!["x".into()], first, 48);
        for n in 0..48 {
            let label = n % 24 + 1;
            let value = if (12..=19).contains(&label) { 100.0 + n as f64 } else { 10.0 };
            history.set(Pollutant::O3, 0, first + n, value);
        }
        let recent = Recent::new(&history);
        let second = (100.0 * 8.0 + (35..=42).sum::<i64>() as f64) / 8.0;
        assert_eq!(recent.day_value(Pollutant::O3, 0, first.day() + 1), Some(second));
        let scale = Scale::of(Pollutant::O3);
        assert_eq!(recent.last_day(Pollutant::O3, 0, first + 47), Some(scale.log(second)));
        let of_day: Vec<f64> = (24..48).map(|n| history.value(Pollutant::O3, 0, first + n)).collect();
        assert!((day_value(Pollutant::O3, &of_day) - second).abs() < 1e-9);
        assert_eq!(recent.last_day(Pollutant::O3, 0, first + 48), None, "nothing is known of an hour not yet there");
    }
}
