use crate::recent::Recent;
use std::f64::consts::TAU;
use units::{BeijingDay, BeijingHour, Pollutant};

const BLOCKS: i64 = 8;

/// The other pollutants whose last three hours are looked at: what is emitted with it or eats it.
fn fresh(pollutant: Pollutant) -> [Pollutant; 3] {
    use Pollutant::{Co, No2, O3, Pm25, So2};
    match pollutant {
        Pm25 => [So2, No2, Co],
        No2 => [O3, Co, Pm25],
        Co => [Pm25, No2, So2],
        Pollutant::Pm10 => [Pm25, No2, So2],
        So2 | O3 => [No2, Co, Pm25],
    }
}

/// All other pollutants.
fn others(pollutant: Pollutant) -> impl Iterator<Item = Pollutant> {
    Pollutant::ALL.into_iter().filter(move |other| *other != pollutant)
}

/// What is known of one pollutant at one issue time, for all cities.
///
/// Everything is a logarithm against the city's own 30-day level, because the levels themselves nearly
/// halved over the record (79 to 46 µg/m³ of PM2.5 in winter) while the ratios stayed alike.
pub(crate) struct Predictors {
    /// The row of the regression, the same for every city; groups as in [`groups`].
    pub x: Vec<f64>,
    /// 30-day level of each city; `None` when the city has too few hours.
    pub level: Vec<Option<f64>>,
    /// Last 24 hours against the level.
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

/// The groups for `cities` cities, the same for every pollutant.
///
/// The freedoms were chosen once, on leave-one-year-out CRPS of PM2.5 over six July–June years: against equal
/// freedoms and no last hour they take 6 % off the winter CRPS of the first day and 1 % off the second.
pub(crate) fn groups(cities: usize) -> Vec<Group> {
    let even = |name, size, freedom| Group { name, size, freedom: vec![freedom; size] };
    let recency = (0..BLOCKS as usize * cities).map(|i| 3.0 * 0.8f64.powi((i / cities) as i32)).collect();
    vec![
        Group { name: "own last 24 hours in 3-hour means", size: BLOCKS as usize * cities, freedom: recency },
        even("own last hour", cities, 3.0),
        even("own last 3 hours by winter and summer", cities, 1.0),
        even("own value of the last 24 hours and of the two days before", 3 * cities, 1.0),
        even("three related pollutants, last 3 hours", 3 * cities, 1.0),
        even("five other pollutants, last 24 hours", 5 * cities, 0.7),
        even("own 30-day level against the mean of the cities", cities, 0.5),
        even("mean of the cities: level, last 7 days, last 24 hours, by season", 7, 1.0),
        even("season, two harmonics", 4, 1.0),
    ]
}

/// The predictors of a pollutant at an issue whose last usable hour is `last`; looks at nothing later.
pub(crate) fn predictors(recent: &Recent, pollutant: Pollutant, last: BeijingHour) -> Predictors {
    let levels = |p: Pollutant| (0..recent.cities()).map(|city| recent.level(p, city, last)).collect::<Vec<_>>();
    let level = levels(pollutant);
    let own = |value: &dyn Fn(usize) -> Option<f64>| against(&level, value);
    let mean_of = |p: Pollutant, city: usize, back: i64, hours: i64| recent.log_of_mean(p, city, last - back, hours, 1);
    let blocks: Vec<Vec<f64>> = (0..BLOCKS).map(|b| own(&|city| mean_of(pollutant, city, 3 * b, 3))).collect();
    let days = [0, 24, 48].map(|back| own(&|city| recent.last_day(pollutant, city, last - back)));
    let season = season(last.day());
    let mut x: Vec<f64> = blocks.concat();
    x.extend(own(&|city| mean_of(pollutant, city, 0, 1)));
    x.extend(blocks[0].iter().map(|block| block * season[1]));
    x.extend(days.iter().flatten());
    fresh(pollutant).iter().for_each(|p| x.extend(against(&levels(*p), &|city| mean_of(*p, city, 0, 3))));
    others(pollutant).for_each(|p| x.extend(against(&levels(p), &|city| recent.last_day(p, city, last))));
    let mean_level = mean(&level.iter().flatten().copied().collect::<Vec<_>>());
    x.extend(level.iter().map(|level| level.map_or(0.0, |level| level - mean_level)));
    let (week, today) = (mean(&own(&|city| recent.week(pollutant, city, last))), mean(&days[0]));
    x.extend([mean_level, week, today, week * season[1], today * season[1], week * season[0], today * season[0]]);
    x.extend(season);
    let unrest = (0..level.len()).map(|c| deviation(&blocks.iter().map(|block| block[c]).collect::<Vec<_>>()));
    let unrest = unrest.collect();
    let [anomaly, ..] = days;
    Predictors { x, level, anomaly, unrest }
}

/// A value of every city against its level; a city without one takes the mean of the others.
fn against(level: &[Option<f64>], value: &dyn Fn(usize) -> Option<f64>) -> Vec<f64> {
    filled(level.iter().enumerate().map(|(city, level)| Some(value(city)? - (*level)?)).collect())
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
