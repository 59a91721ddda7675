use super::AnalogRule;
use crate::CityDays;
use units::BeijingDay;

/// Days of the level a course is compared against.
pub(crate) const LEVEL_DAYS: i32 = 30;
/// Fewest valid days of a level.
const FEWEST_LEVEL_DAYS: usize = 15;
/// Day values below this are noise of the analysers, µg/m³; keeps the logarithm finite.
const FLOOR: f64 = 1.0;
/// Share of the weights two courses must both have values for.
const FEWEST_SHARED: f64 = 0.6;

/// Logarithms of day values, NaN = missing, by city and day, with running sums for the levels.
pub(crate) struct Logs {
    first: BeijingDay,
    days: usize,
    cities: usize,
    /// `[city][day]`.
    log: Vec<f64>,
    /// Sum and count of the valid days before a day, `[city][day]`, one longer than the days.
    sums: Vec<(f64, usize)>,
}

impl Logs {
    pub fn of(values: &CityDays) -> Logs {
        let (cities, days) = (values.cities().len(), (values.end() - values.first()).max(0) as usize);
        let log = |value: &f64| if value.is_finite() { value.max(FLOOR).ln() } else { f64::NAN };
        let log: Vec<f64> = (0..cities).flat_map(|city| values.city(city)).map(log).collect();
        let mut sums = Vec::with_capacity(cities * (days + 1));
        for city in 0..cities {
            let mut sum = (0.0, 0);
            sums.push(sum);
            for value in &log[city * days..][..days] {
                sum = if value.is_finite() { (sum.0 + value, sum.1 + 1) } else { sum };
                sums.push(sum);
            }
        }
        Logs { first: values.first(), days, cities, log, sums }
    }

    /// Mean logarithm of the thirty days before `day`.
    pub fn level(&self, city: usize, day: BeijingDay) -> Option<f64> {
        let place = |day: BeijingDay| (day - self.first).clamp(0, self.days as i32) as usize + city * (self.days + 1);
        let (from, to) = (self.sums[place(day - LEVEL_DAYS)], self.sums[place(day)]);
        let count = to.1 - from.1;
        (count >= FEWEST_LEVEL_DAYS).then(|| (to.0 - from.0) / count as f64)
    }

    fn value(&self, city: usize, day: BeijingDay) -> f64 {
        let column = usize::try_from(day - self.first).ok().filter(|column| *column < self.days);
        column.map_or(f64::NAN, |column| self.log[city * self.days + column])
    }

    /// The course around a day against the level before it, `[offset][city]`; NaN = missing.
    pub fn course(&self, rule: &AnalogRule, day: BeijingDay) -> Vec<f64> {
        let level: Vec<f64> = (0..self.cities).map(|city| self.level(city, day).unwrap_or(f64::NAN)).collect();
        let offsets = -(rule.days_before as i32)..rule.ahead() as i32;
        let city_days = offsets.flat_map(|offset| (0..self.cities).map(move |city| (offset, city)));
        city_days.map(|(offset, city)| self.value(city, day + offset) - level[city]).collect()
    }
}

/// Weighted mean of the squared differences of two courses; `None` when they share too little.
pub(crate) fn apart(weights: &[f64], cities: usize, a: &[f64], b: &[f64]) -> Option<f64> {
    let (mut sum, mut shared) = (0.0, 0.0);
    for ((weight, a), b) in weights.iter().zip(a.chunks_exact(cities)).zip(b.chunks_exact(cities)) {
        for difference in a.iter().zip(b).map(|(a, b)| a - b).filter(|difference| difference.is_finite()) {
            sum += weight * difference * difference;
            shared += weight;
        }
    }
    let all = weights.iter().sum::<f64>() * cities as f64;
    (shared > 0.0 && shared >= FEWEST_SHARED * all).then(|| sum / shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_needs_fifteen_days_and_never_the_day_itself() {
        let first = BeijingDay::from_index(0);
        let days = |n: usize| {
            CityDays::new(vec!["a".into()], first, n + 1, |_, d| if d.index() < n as i32 { 20.0 } else { 900.0 })
        };
        let level = |n: usize| Logs::of(&days(n)).level(0, BeijingDay::from_index(n as i32));
        assert_eq!(level(14), None);
        assert!((level(15).unwrap() - 20.0f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn courses_that_share_too_little_are_not_compared() {
        let missing = f64::NAN;
        assert_eq!(apart(&[1.0, 1.0], 1, &[1.0, 2.0], &[1.0, 4.0]), Some(2.0));
        assert_eq!(apart(&[3.0, 1.0], 1, &[1.0, missing], &[2.0, 4.0]), Some(1.0));
        assert_eq!(apart(&[1.0, 1.0], 1, &[1.0, missing], &[2.0, 4.0]), None);
        assert_eq!(apart(&[1.0], 1, &[missing], &[2.0]), None);
    }
}
