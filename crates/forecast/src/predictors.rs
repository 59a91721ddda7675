use crate::recent::Recent;
use std::f64::consts::TAU;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Hours of the last thirty days, the span of the level against which everything is measured.
const LEVEL_HOURS: i64 = 720;
/// Hours of them that a level needs.
pub(crate) const LEVEL_VALID: u32 = 240;
const BLOCKS: i64 = 8;
const FRESH: [Pollutant; 3] = [Pollutant::So2, Pollutant::No2, Pollutant::Co];
const OTHERS: [Pollutant; 5] = [Pollutant::So2, Pollutant::No2, Pollutant::Co, Pollutant::O3, Pollutant::Pm10];

/// What is known of one issue time, for all cities.
///
/// Everything is a natural logarithm against the city's own 30-day level, because the levels themselves
/// nearly halved over the record (79 to 46 µg/m³ in winter) while the ratios stayed alike.
pub(crate) struct Predictors {
    /// The row of the regression, the same for every city; groups as in [`groups`].
    pub x: Vec<f64>,
    /// 30-day level of each city, ln µg/m³; `None` when the city has too few hours.
    pub level: Vec<Option<f64>>,
    /// Mean of the last 24 hours against the level.
    pub anomaly: Vec<f64>,
    /// Standard deviation of the eight 3-hour blocks.
    pub unrest: Vec<f64>,
}

/// A group of predictors (预报因子组), in the order of [`Predictors::x`].
pub(crate) struct Group {
    pub name: &'static str,
    pub size: usize,
    /// How freely each may count: the ridge shrinks a predictor by the penalty over the square of this.
    pub freedom: Vec<f64>,
}

/// The groups for `cities` cities.
///
/// The freedoms were chosen once, on leave-one-year-out CRPS over six July–June years: against equal
/// freedoms and no last hour they take 6 % off the winter CRPS of the first day and 1 % off the second.
pub(crate) fn groups(cities: usize) -> Vec<Group> {
    let even = |name, size, freedom| Group { name, size, freedom: vec![freedom; size] };
    let recency = (0..BLOCKS as usize * cities).map(|i| 3.0 * 0.8f64.powi((i / cities) as i32)).collect();
    vec![
        Group { name: "PM2.5, last 24 hours in 3-hour means", size: BLOCKS as usize * cities, freedom: recency },
        even("PM2.5, last hour", cities, 3.0),
        even("PM2.5, last 3 hours by winter and summer", cities, 1.0),
        even("PM2.5, 24-hour means of the two days before", 2 * cities, 1.0),
        even("SO2, NO2, CO, last 3 hours", FRESH.len() * cities, 1.0),
        even("SO2, NO2, CO, O3, PM10, last 24 hours", OTHERS.len() * cities, 0.7),
        even("30-day level of PM2.5 against the mean of the cities", cities, 0.5),
        even("mean of the cities: level, last 7 days, last 24 hours, by season", 7, 1.0),
        even("season, two harmonics", 4, 1.0),
    ]
}

/// The predictors of an issue whose last usable hour is `last`; looks at nothing later.
pub(crate) fn predictors(recent: &Recent, last: BeijingHour) -> Predictors {
    let cities = recent.cities();
    let pm25 = Pollutant::Pm25;
    let level: Vec<Option<f64>> =
        (0..cities).map(|c| recent.mean_of_log(pm25, c, last, LEVEL_HOURS, LEVEL_VALID)).collect();
    let against = |p: Pollutant, back: i64, hours: i64, valid: u32| -> Vec<f64> {
        let anomalies = (0..cities).map(|c| {
            let level = recent.mean_of_log(p, c, last, LEVEL_HOURS, LEVEL_VALID)?;
            Some(recent.log_of_mean(p, c, last - back, hours, valid)? - level)
        });
        filled(anomalies.collect())
    };
    let blocks: Vec<Vec<f64>> = (0..BLOCKS).map(|b| against(pm25, 3 * b, 3, 1)).collect();
    let day = against(pm25, 0, 24, 12);
    let season = season(last.day());
    let mut x: Vec<f64> = blocks.concat();
    x.extend(against(pm25, 0, 1, 1));
    x.extend(blocks[0].iter().map(|block| block * season[1]));
    x.extend(against(pm25, 24, 24, 12));
    x.extend(against(pm25, 48, 24, 12));
    FRESH.iter().for_each(|p| x.extend(against(*p, 0, 3, 1)));
    OTHERS.iter().for_each(|p| x.extend(against(*p, 0, 24, 12)));
    let mean_level = mean(&level.iter().flatten().copied().collect::<Vec<_>>());
    x.extend(level.iter().map(|level| level.map_or(0.0, |level| level - mean_level)));
    let (week, today) = (mean(&against(pm25, 0, 168, 84)), mean(&day));
    x.extend([mean_level, week, today, week * season[1], today * season[1], week * season[0], today * season[0]]);
    x.extend(season);
    let unrest = (0..cities).map(|c| deviation(&blocks.iter().map(|block| block[c]).collect::<Vec<_>>())).collect();
    Predictors { x, level, anomaly: day, unrest }
}

/// Sine and cosine of the day of the year and of twice it.
pub(crate) fn season(day: BeijingDay) -> [f64; 4] {
    let angle = TAU * year_share(day);
    [angle.sin(), angle.cos(), (2.0 * angle).sin(), (2.0 * angle).cos()]
}

/// How far into its year a day lies, 0 to 1.
pub(crate) fn year_share(day: BeijingDay) -> f64 {
    let january = BeijingDay::from_ymd(day.year(), 1, 1).expect("every year begins");
    f64::from(day - january) / 365.25
}

/// A city without a value takes the mean of the others; without any, the level itself (zero).
fn filled(values: Vec<Option<f64>>) -> Vec<f64> {
    let others = mean(&values.iter().flatten().copied().collect::<Vec<_>>());
    values.into_iter().map(|value| value.unwrap_or(others)).collect()
}

/// Arithmetic mean, zero of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|v| (v - centre).powi(2)).collect::<Vec<_>>()).sqrt()
}
