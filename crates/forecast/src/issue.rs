use crate::members::{CityForecast, courses};
use crate::predictors::{LEVEL_VALID, Predictors, predictors};
use crate::random::Random;
use crate::recent::Recent;
use crate::rows::last_usable;
use crate::run::{Run, Trajectories};
use crate::spread::State;
use crate::targets::{COURSE, HORIZON, LEADS};
use crate::{ForecastError, History, Model, day_forecasts};
use units::{BeijingHour, Pollutant};

/// Smallest ensemble: below it the 5 % quantile is the smallest member.
const FEWEST_MEMBERS: usize = 10;
/// Hours of history an issue looks at: thirty days of level and a day of slack.
const LOOK_BACK: i64 = 31 * 24;

/// Issues the forecast of one moment from the hours before it.
///
/// Uses labels up to the hour before `at` (a 20:00 issue knows 19:00); whatever the history holds from
/// `at` on changes nothing. Cities without enough recent hours are named in [`Run::left_out`].
/// Deterministic. Refuses `F-101`, `F-103`, `F-104` at another hour than the model's, `F-105`.
pub fn issue(model: &Model, history: &History, at: BeijingHour, members: usize) -> Result<Run, ForecastError> {
    if at.label() != model.issue_label {
        return Err(ForecastError::IssueHour { expected: model.issue_label, at: at.to_string() });
    }
    if members < FEWEST_MEMBERS {
        return Err(ForecastError::Members { needed: FEWEST_MEMBERS, found: members });
    }
    let seen = history.window(at - LOOK_BACK, at).of_cities(&model.cities).checked()?;
    let recent = Recent::new(&seen);
    let known = predictors(&recent, last_usable(at));
    let forecasts = city_forecasts(model, &recent, &known, at);
    if forecasts.is_empty() || 2 * forecasts.len() < model.cities.len() {
        return Err(ForecastError::TooFewCities {
            at: at.to_string(),
            found: forecasts.len(),
            cities: model.cities.len(),
            needed: LEVEL_VALID as usize,
        });
    }
    let trajectories = trajectories(model, &forecasts, at, members);
    let left_out = |city: &usize| !forecasts.iter().any(|forecast| forecast.city == *city);
    Ok(Run {
        issue: at,
        cities: trajectories.cities.clone(),
        left_out: (0..model.cities.len()).filter(left_out).map(|city| model.cities[city].clone()).collect(),
        model_id: model.id.clone(),
        trained_until: model.trained_until,
        days: day_forecasts(&trajectories),
        trajectories,
    })
}

/// One forecast a city that has a level and was heard from in the last day.
fn city_forecasts(model: &Model, recent: &Recent, known: &Predictors, at: BeijingHour) -> Vec<CityForecast> {
    let (said, cities) = (model.predict(&known.x), model.cities.len());
    let one = |city: usize| {
        let level = known.level[city]?;
        recent.log_of_mean(Pollutant::Pm25, city, last_usable(at), 24, 1)?;
        let (anomaly, unrest) = (known.anomaly[city], known.unrest[city]);
        let spread = |lead: usize| {
            let state = State { day: at.day(), city, forecast: said[lead * cities + city], anomaly, unrest };
            model.spread.of(lead, &state)
        };
        Some(CityForecast {
            city,
            days: std::array::from_fn(|lead| level + said[lead * cities + city]),
            spread: std::array::from_fn(spread),
            blocks: (0..COURSE).map(|k| level + said[(LEADS + k) * cities + city]).collect(),
        })
    };
    (0..cities).filter_map(one).collect()
}

fn trajectories(model: &Model, forecasts: &[CityForecast], at: BeijingHour, members: usize) -> Trajectories {
    let season = model.past.season(at.day());
    let errors: Vec<Vec<f64>> = (0..LEADS).map(|lead| model.past.sorted(&season, lead)).collect();
    let rows = Random::new(model.seed ^ at.index() as u64).draw(&season, members);
    let cities = forecasts.len();
    let mut pm25 = vec![f32::NAN; members * cities * HORIZON];
    for (city, forecast) in forecasts.iter().enumerate() {
        for (member, course) in courses(forecast, &model.past, &rows, &errors).iter().enumerate() {
            let place = &mut pm25[(member * cities + city) * HORIZON..][..HORIZON];
            place.iter_mut().zip(course).for_each(|(value, hour)| *value = *hour as f32);
        }
    }
    let cities = forecasts.iter().map(|forecast| model.cities[forecast.city].clone()).collect();
    Trajectories { cities, first_hour: at + 1, hours: HORIZON, members, pm25 }
}
