use crate::index::pm25_index;
use crate::measures::{QUANTILES, quantile};
use crate::range::RangeRule;
use crate::run::{DayForecast, Trajectories};
use units::{Aqi, BeijingDay, BeijingHour, Pollutant};

/// The day values of joint courses: every whole day they cover, by city and lead.
///
/// Concentrations in µg/m³; the indices follow from the members by the standard in force on each day.
pub(crate) fn day_forecasts(trajectories: &Trajectories) -> Vec<DayForecast> {
    let issue = trajectories.first_hour.day();
    let leads = 1..=(trajectories.hours / 24) as i32;
    let covered: Vec<i32> = leads.filter(|lead| column(trajectories, issue + *lead).is_some()).collect();
    let city_days = (0..trajectories.cities.len()).flat_map(|city| covered.iter().map(move |lead| (city, *lead)));
    city_days.filter_map(|(city, lead)| day_forecast(trajectories, city, lead, issue + lead)).collect()
}

/// Column of the first hour of a day that lies wholly within the courses.
fn column(trajectories: &Trajectories, day: BeijingDay) -> Option<usize> {
    let first = BeijingHour::of_day(day, 1)?;
    let column = usize::try_from(first - trajectories.first_hour).ok()?;
    (column + 24 <= trajectories.hours).then_some(column)
}

fn day_forecast(trajectories: &Trajectories, city: usize, lead: i32, date: BeijingDay) -> Option<DayForecast> {
    let column = column(trajectories, date)?;
    let mean = |member: usize| {
        let hours = &trajectories.course(member, city)[column..column + 24];
        hours.iter().map(|value| f64::from(*value)).sum::<f64>() / 24.0
    };
    let mut means: Vec<f64> = (0..trajectories.members).map(mean).collect();
    means.sort_by(f64::total_cmp);
    let [q05, q25, q50, q75, q95] = QUANTILES.map(|p| quantile(&means, p));
    let indices: Vec<u16> = means.iter().map(|mean| pm25_index(date, *mean)).collect();
    let above = |bound: u16| indices.iter().filter(|index| **index > bound).count() as f64 / indices.len() as f64;
    let aqi_quantiles = [q05, q25, q50, q75, q95].map(|mean| pm25_index(date, mean));
    let centre = aqi_quantiles[2];
    let (aqi_lo, aqi_hi) = RangeRule::bundled().range(Aqi::new(centre).ok()?);
    Some(DayForecast {
        city: trajectories.cities[city].clone(),
        lead_day: lead as u8,
        date,
        mean: means.iter().sum::<f64>() / means.len() as f64,
        q05,
        q25,
        q50,
        q75,
        q95,
        aqi_mean: indices.iter().map(|index| f64::from(*index)).sum::<f64>() / indices.len() as f64,
        aqi_quantiles,
        aqi_lo,
        aqi_hi,
        primary: (centre > 50).then_some(Pollutant::Pm25),
        p_aqi150: above(150),
        p_aqi200: above(200),
    })
}
