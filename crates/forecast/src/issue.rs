use crate::days::day_forecasts;
use crate::extra::Extra;
use crate::flag::Flag;
use crate::members::{CityForecast, Draw, courses};
use crate::model::{Core, Part};
use crate::past::season_rows;
use crate::predictors::{Predictors, predictors};
use crate::random::Random;
use crate::recent::{LEVEL_VALID, Recent};
use crate::rows::last_usable;
use crate::run::{Run, Trajectories};
use crate::spread::State;
use crate::targets::{LEADS, Timetable};
use crate::{ForecastError, History, Model};
use units::{BeijingHour, Pollutant};

/// Smallest ensemble: below it the 5 % quantile is the smallest member.
const FEWEST_MEMBERS: usize = 10;
/// Hours of history an issue looks at: thirty days of level and a day of slack.
const LOOK_BACK: i64 = 31 * 24;

/// Issues the forecast of one moment from the hours before it.
///
/// Uses labels up to the hour before `at` (a 20:00 issue knows 19:00); whatever the history holds from
/// `at` on changes nothing. Cities without enough recent hours are named in [`Run::left_out`], everything
/// else a reader must know in [`Run::flags`]. Deterministic. Refuses `F-101`, `F-103`, `F-104` at another hour
/// than the model's, `F-105`, `F-116` when the observations end more than a day before.
pub fn issue(model: &Model, history: &History, at: BeijingHour, members: usize) -> Result<Run, ForecastError> {
    issue_with(model, history, &[], at, members)
}

/// The same with further predictors, found by name: where the model has been trained with some and all of them are
/// there at the issue, it uses them; where one is missing, it says so in [`Run::flags`] and goes without.
pub fn issue_with(
    model: &Model,
    history: &History,
    extras: &[&Extra],
    at: BeijingHour,
    members: usize,
) -> Result<Run, ForecastError> {
    let time = model.time().filter(|_| at.label() == model.issue_label);
    let time = time.ok_or_else(|| ForecastError::IssueHour { expected: model.issue_label, at: at.to_string() })?;
    if members < FEWEST_MEMBERS {
        return Err(ForecastError::Members { needed: FEWEST_MEMBERS, found: members });
    }
    let seen = history.window(at - LOOK_BACK, at).of_cities(&model.cities).checked()?;
    let last = last_heard(&seen);
    if let Some(last) = last.filter(|last| at - *last > 24) {
        return Err(ForecastError::AheadOfData { at: at.to_string(), last: last.to_string() });
    }
    let recent = Recent::new(&seen);
    let (core, beside, absent) = core(model, extras, at);
    let spoken: Vec<Spoken> =
        core.parts.iter().map(|part| Spoken::of(part, &recent, model.cities.len(), &beside, at)).collect();
    let heard = |city: usize| spoken.iter().any(|said| said.holds(Pollutant::Pm25, city));
    let (cities, silent): (Vec<usize>, Vec<usize>) = (0..model.cities.len()).partition(|city| heard(*city));
    if cities.is_empty() || 2 * cities.len() < model.cities.len() {
        return Err(ForecastError::TooFewCities {
            at: at.to_string(),
            found: cities.len(),
            cities: model.cities.len(),
            needed: LEVEL_VALID as usize,
        });
    }
    let season = season_rows(&core.days, at.day());
    let rows = Random::new(model.seed ^ at.index() as u64).draw(&season, members);
    let names = |some: &[usize]| some.iter().map(|city| model.cities[*city].clone()).collect::<Vec<_>>();
    let mut trajectories = Trajectories {
        cities: names(&cities),
        first_hour: at + 1,
        hours: time.horizon(),
        members,
        series: std::array::from_fn(|_| vec![]),
    };
    let mut events = vec![];
    for said in &spoken {
        let past = &said.part.past;
        let errors: Vec<Vec<f64>> = (0..LEADS).map(|lead| past.sorted(&season, lead)).collect();
        let draw = Draw { past, rows: &rows, errors: &errors };
        trajectories.series[said.part.pollutant.index()] = said.series(time, &cities, &draw);
        if said.part.pollutant == Pollutant::Pm25 {
            for forecast in cities.iter().filter_map(|city| said.forecasts[*city].as_ref()) {
                let name = &model.cities[forecast.city];
                events.extend(core.pairs.events(name, at.day(), forecast, [&draw, &Draw { rows: &season, ..draw }]));
            }
        }
    }
    Ok(Run {
        issue: at,
        cities: trajectories.cities.clone(),
        left_out: names(&silent),
        flags: [flags(model, &seen, &spoken, &cities, last, at), absent].concat(),
        model_id: model.id.clone(),
        trained_until: model.trained_until,
        days: day_forecasts(&trajectories, at.day()),
        events,
        trajectories,
    })
}

/// The core that speaks at an issue, the values of its further predictors, and which it had to do without.
fn core<'a>(model: &'a Model, extras: &[&Extra], at: BeijingHour) -> (&'a Core, Vec<f64>, Vec<Flag>) {
    let Some(informed) = &model.informed else { return (&model.core, vec![], vec![]) };
    let (mut beside, mut absent) = (vec![], vec![]);
    for (name, columns) in &informed.extras {
        let found = extras.iter().find(|extra| extra.name() == name && extra.columns() == *columns);
        match found.and_then(|extra| extra.of(&model.cities, at.day())) {
            Some(values) => beside.extend(values),
            None => absent.push(Flag::WithoutExtra { name: name.clone() }),
        }
    }
    if absent.is_empty() { (&informed.core, beside, absent) } else { (&model.core, vec![], absent) }
}

/// What one part of the model says of every city; `None` for a city without a level or a last day.
struct Spoken<'a> {
    part: &'a Part,
    forecasts: Vec<Option<CityForecast>>,
}

impl<'a> Spoken<'a> {
    fn of(part: &'a Part, recent: &Recent, cities: usize, beside: &[f64], at: BeijingHour) -> Spoken<'a> {
        let last = last_usable(at);
        let mut known = predictors(recent, part.pollutant, last);
        known.x.extend(beside);
        let said = part.predict(&known.x);
        let one = |city: usize| {
            let level = known.level[city]?;
            recent.log_of_mean(part.pollutant, city, last, 24, 1)?;
            Some(forecast(part, &known, &said, (city, cities), level, at))
        };
        Spoken { part, forecasts: (0..cities).map(one).collect() }
    }

    fn holds(&self, pollutant: Pollutant, city: usize) -> bool {
        self.part.pollutant == pollutant && self.forecasts[city].is_some()
    }

    /// `[member][city][hour]`; NaN for a city of which nothing is said.
    fn series(&self, time: Timetable, cities: &[usize], draw: &Draw) -> Vec<f32> {
        let (hours, members) = (time.horizon(), draw.rows.len());
        let mut series = vec![f32::NAN; members * cities.len() * hours];
        for (place, city) in cities.iter().enumerate() {
            let Some(forecast) = &self.forecasts[*city] else { continue };
            for (member, course) in courses(self.part.pollutant, time, forecast, draw).iter().enumerate() {
                let place = &mut series[(member * cities.len() + place) * hours..][..hours];
                place.iter_mut().zip(course).for_each(|(value, hour)| *value = *hour as f32);
            }
        }
        series
    }
}

fn forecast(
    part: &Part,
    known: &Predictors,
    said: &[f64],
    (city, cities): (usize, usize),
    level: f64,
    at: BeijingHour,
) -> CityForecast {
    let (anomaly, unrest) = (known.anomaly[city], known.unrest[city]);
    let spread = |lead: usize| {
        let state = State { day: at.day(), city, forecast: said[lead * cities + city], anomaly, unrest };
        part.spread.of(lead, &state)
    };
    CityForecast {
        city,
        days: std::array::from_fn(|lead| level + said[lead * cities + city]),
        spread: std::array::from_fn(spread),
        blocks: said[LEADS * cities..].iter().skip(city).step_by(cities).map(|block| level + block).collect(),
    }
}

/// The last hour in which any city has a value of PM2.5.
fn last_heard(seen: &History) -> Option<BeijingHour> {
    let heard =
        |hour: &BeijingHour| (0..seen.cities.len()).any(|city| seen.value(Pollutant::Pm25, city, *hour).is_finite());
    (0..seen.hours as i64).rev().map(|column| seen.first_hour + column).find(heard)
}

fn flags(
    model: &Model,
    seen: &History,
    spoken: &[Spoken],
    cities: &[usize],
    last: Option<BeijingHour>,
    at: BeijingHour,
) -> Vec<Flag> {
    let late = (model.trained_until > at).then_some(Flag::ModelKnowsLater { trained_until: model.trained_until });
    let stale = last.filter(|last| *last < last_usable(at)).map(|last| Flag::Stale { last });
    let mut flags: Vec<Flag> = late.into_iter().chain(stale).collect();
    flags.extend(model.not_forecast.iter().map(|pollutant| Flag::NotForecast { pollutant: *pollutant }));
    for (said, city) in spoken.iter().flat_map(|said| cities.iter().map(move |city| (said, *city))) {
        let (name, pollutant) = (model.cities[city].clone(), said.part.pollutant);
        if said.forecasts[city].is_none() {
            flags.push(Flag::Missing { city: name, pollutant });
        } else if stuck(seen, pollutant, city, at) {
            flags.push(Flag::Stuck { city: name, pollutant });
        }
    }
    flags
}

/// Whether the last 24 hours are all there and all alike.
fn stuck(seen: &History, pollutant: Pollutant, city: usize, at: BeijingHour) -> bool {
    let first = seen.value(pollutant, city, at - 1);
    first.is_finite() && (2..=24).all(|back| seen.value(pollutant, city, at - back) == first)
}
