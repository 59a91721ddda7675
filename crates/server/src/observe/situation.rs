//! The situation: two days back and five days on, hour by hour, for the province and its neighbours.

use super::hourly::{self, HourIndex, LOOK_BACK, digits};
use super::kpi::{self, Kpi};
use super::rank::{Entry, RankRow, rank as rank_of, table};
use super::window::Window;
use crate::auth::Person;
use crate::extract::Query;
use crate::figure::Figure;
use crate::forecast::{Courses, Found, figures, indices, run_shown};
use crate::problem::Problem;
use crate::sight::{Sight, areas, own_cities, sites};
use crate::stamp::Stamp;
use crate::table::{Shape, answer};
use crate::{AppState, Issued, ServerError};
use ::observe::regions::Region;
use ::standards::AqiEdition;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::Right;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Flagged;
use units::{BeijingHour, MassUnit, Pollutant};
use utoipa::{IntoParams, ToSchema};

const PAST: usize = 48;
const FUTURE: usize = 120;

/// Everything the map page shows, for each hour of the time bar.
#[derive(Serialize, ToSchema)]
pub(crate) struct Situation {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    as_of: BeijingHour,
    /// 48 hours before the hour shown, that hour, and 120 after it.
    #[schema(value_type = Vec<String>)]
    hours: Vec<BeijingHour>,
    /// Place of the hour shown in `hours`.
    as_of_index: usize,
    standard: String,
    pollutants: Vec<&'static str>,
    /// The cities of the province, then others.
    areas: Vec<Area>,
    province: Province,
    kpi: Kpi,
    /// The ranking at the hour shown.
    rank: Vec<RankRow>,
}

/// One city over the hours of the time bar.
#[derive(Serialize, ToSchema)]
pub(crate) struct Area {
    code: String,
    name: String,
    name_en: String,
    in_province: bool,
    /// Longitude and latitude, degrees.
    centre: [f64; 2],
    /// Observed hourly index; after the hour shown the median of the members, from PM2.5 alone.
    aqi: Vec<Option<u16>>,
    /// One character an hour: `1` to `6`, `-` without an index.
    levels: String,
    /// Codes joined with `|`; empty when the index is 50 or less.
    primary: Vec<Option<String>>,
    /// Hourly concentrations by pollutant; after the hour shown PM2.5 only. Cities of the province only.
    values: BTreeMap<String, Vec<Option<Figure>>>,
    /// Level by each pollutant's own index in the hourly report (under HJ 633-2012 that of PM is its 24 h mean).
    value_levels: BTreeMap<String, String>,
    /// Quality flags by pollutant and place in `hours`.
    flags: BTreeMap<String, BTreeMap<String, String>>,
    /// Half of the members lie between these, hourly PM2.5 after the hour shown, µg/m³.
    q25: Vec<Option<Figure>>,
    q75: Vec<Option<Figure>>,
}

/// The province as a whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct Province {
    aqi: Vec<Option<u16>>,
    levels: String,
    /// How the index is made, in Chinese.
    basis: &'static str,
}

/// The ranking of one hour.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ranking {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    at: BeijingHour,
    rows: Vec<RankRow>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RankQuery {
    /// The hour; the hour shown when left out, up to 120 hours after it.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<BeijingHour>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// What a situation is made of, loaded.
struct Seen {
    window: Window,
    flags: Vec<Flagged>,
    issued: Option<Arc<Issued>>,
}

/// The members' view of one city after the hour shown.
struct Future {
    indices: Vec<HourIndex>,
    q25: Vec<Option<Figure>>,
    q50: Vec<Option<Figure>>,
    q75: Vec<Option<Figure>>,
    p_heavy_72h: f64,
}

/// The situation at the moment shown. Without a run yet, or without the right to forecasts, everything after it is
/// `null`.
#[utoipa::path(get, path = "/api/v1/situation", tag = "observe",
    responses((status = 200, body = Situation), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn situation(State(state): State<AppState>, person: Person) -> Result<Json<Situation>, ServerError> {
    let sight = Sight::now(&state);
    let regions = areas(&state).await?;
    let as_of = sight.as_of();
    let first = as_of - PAST as i64;
    let (window, flags, run, month, latest) = tokio::try_join!(
        async { sight.values(&sites(&regions), first - LOOK_BACK, as_of).await },
        sight.flags(first, as_of),
        run_for(&state, &person, as_of),
        state.months().to_date(sight),
        sight.latest_hour(),
    )?;
    let seen = Seen { window, flags, issued: run };
    let stamp = Stamp::observed(latest, AqiEdition::in_force(as_of.day()).id(), state.options().demo);
    // Quantiles and exact indices of some thirty cities are tens of milliseconds of computing.
    let built = tokio::task::spawn_blocking(move || build(&regions, &seen, stamp, month)).await;
    built.map(Json).map_err(|e| ServerError::Broken(format!("the situation could not be computed: {e}")))
}

/// The ranking of one hour, observed or forecast.
#[utoipa::path(get, path = "/api/v1/situation/rank", tag = "observe", params(RankQuery),
    responses((status = 200, body = Ranking), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn rank(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<RankQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let sight = Sight::now(&state);
    let at = query.at.unwrap_or(sight.as_of());
    if at > sight.as_of() + FUTURE as i64 {
        let why = format!("reaches more than {FUTURE} hours beyond the moment shown");
        return Err(ServerError::BadPeriod { from: sight.as_of().to_string(), to: at.to_string(), why });
    }
    let cities = own_cities();
    let seen_at = at.min(sight.as_of());
    let window = sight.values(&sites(&cities), seen_at - LOOK_BACK, seen_at).await?;
    let rows = if at <= sight.as_of() {
        observed_rank(&cities, &window)
    } else {
        person.need(Right::ForecastRead)?;
        let issued = run_for(&state, &person, sight.as_of()).await?;
        forecast_rank(&cities, &window, issued.as_deref(), (at - seen_at) as usize - 1)
    };
    let stamp = Stamp::observed(Some(seen_at), AqiEdition::in_force(at.day()).id(), state.options().demo);
    answer(shape, Ranking { stamp, at, rows }, |ranking| table(&ranking.rows, ranking.at, &ranking.stamp))
}

/// The run for whoever may see forecasts; nobody else sets one going.
async fn run_for(state: &AppState, person: &Person, as_of: BeijingHour) -> Result<Option<Arc<Issued>>, ServerError> {
    if !person.may(Right::ForecastRead) {
        return Ok(None);
    }
    let run = run_shown(state, as_of).await?;
    Ok(if let Found::Ready(issued) = run { Some(issued) } else { None })
}

fn observed_rank(cities: &[&Region], window: &Window) -> Vec<RankRow> {
    let last = window.hours() - 1;
    let now: Vec<HourIndex> =
        (0..cities.len()).map(|site| HourIndex::of(&hourly::report(window, site, last))).collect();
    rank_of(&entries(cities, &now, |site| reported(window, site, last)))
}

/// Without a run every city stands without an index.
fn forecast_rank(cities: &[&Region], window: &Window, issued: Option<&Issued>, ahead: usize) -> Vec<RankRow> {
    let one = |(site, region): (usize, &&Region)| future(region, site, window, issued?);
    let futures: Vec<Option<Future>> = cities.iter().enumerate().map(one).collect();
    let index = |future: &Option<Future>| future.as_ref().map(|f| f.indices[ahead].clone()).unwrap_or_default();
    let then: Vec<HourIndex> = futures.iter().map(index).collect();
    rank_of(&entries(cities, &then, |site| futures[site].as_ref().and_then(|future| future.q50[ahead])))
}

fn entries<'a>(
    cities: &[&'a Region],
    indices: &'a [HourIndex],
    pm25: impl Fn(usize) -> Option<Figure>,
) -> Vec<Entry<'a>> {
    let entry = |(site, (region, index))| Entry { region, index, pm25: pm25(site) };
    cities.iter().copied().zip(indices).enumerate().map(entry).collect()
}

fn reported(window: &Window, site: usize, at: usize) -> Option<Figure> {
    window.value(site, Pollutant::Pm25, at).map(|value| Figure::reported(value, Pollutant::Pm25))
}

/// Pure: the whole answer from what was loaded. The province's cities stand first.
fn build(regions: &[&Region], seen: &Seen, stamp: Stamp, month: super::month::MonthToDate) -> Situation {
    let window = &seen.window;
    let (skip, last) = (LOOK_BACK as usize, window.hours() - 1);
    let own: Vec<&Region> = regions.iter().copied().filter(|region| crate::sight::in_province(region.code)).collect();
    let mut now = Vec::new();
    let mut shares = Vec::new();
    let areas: Vec<Area> = regions
        .iter()
        .enumerate()
        .map(|(site, region)| {
            let past = hourly::indices(window, site, skip..last + 1);
            let future = seen.issued.as_ref().and_then(|issued| future(region, site, window, issued));
            if site < own.len() {
                now.extend(past.last().cloned());
                shares.extend(future.as_ref().map(|future| (*region, future.p_heavy_72h)));
            }
            area(region, site, past, future, seen)
        })
        .collect();
    let own_areas = &areas[..own.len()];
    let province: Vec<Option<u16>> = (0..PAST + 1 + FUTURE)
        .map(|hour| kpi::province(&own_areas.iter().map(|area| area.aqi[hour]).collect::<Vec<_>>()))
        .collect();
    Situation {
        as_of: window.hour(last),
        hours: (0..(PAST + 1 + FUTURE) as i64).map(|n| window.hour(skip) + n).collect(),
        as_of_index: PAST,
        standard: stamp.standard.clone(),
        pollutants: Pollutant::ALL.map(Pollutant::code).to_vec(),
        province: Province {
            levels: digits(province.iter().map(|aqi| hourly::level(*aqi))),
            aqi: province,
            basis: kpi::PROVINCE_BASIS,
        },
        kpi: Kpi {
            heavy_cities_now: kpi::heavy(&now),
            worst: kpi::worst(&own, &now),
            pm25_mean_now: kpi::pm25_mean(window, own.len(), last),
            month_to_date: month,
            p_heavy_72h: kpi::likeliest(&shares),
            completeness_24h: kpi::completeness(window, own.len(), last),
        },
        rank: rank_of(&entries(&own, &now, |site| reported(window, site, last))),
        areas,
        stamp,
    }
}

fn area(region: &Region, site: usize, mut line: Vec<HourIndex>, future: Option<Future>, seen: &Seen) -> Area {
    let in_province = crate::sight::in_province(region.code);
    let past = LOOK_BACK as usize..seen.window.hours();
    let pad = |band: Option<Vec<Option<Figure>>>| {
        let band = band.unwrap_or_else(|| vec![None; FUTURE]);
        vec![None; PAST + 1].into_iter().chain(band).collect::<Vec<_>>()
    };
    let mut values = if in_province { hourly::values(&seen.window, site, past) } else { BTreeMap::new() };
    for (pollutant, column) in &mut values {
        let forecast = future.as_ref().filter(|_| pollutant == Pollutant::Pm25.code());
        column.extend(forecast.map_or_else(|| vec![None; FUTURE], |future| future.q50.clone()));
    }
    let (indices, q25, q75) = match future {
        Some(future) => (future.indices, Some(future.q25), Some(future.q75)),
        None => (vec![HourIndex::default(); FUTURE], None, None),
    };
    line.extend(indices);
    let by_pollutant = |pollutant: Pollutant| digits(line.iter().map(|hour| hour.by_pollutant[pollutant.index()]));
    let shown = Pollutant::ALL.into_iter().filter(|_| in_province);
    let place = |hour| seen.window.offset(hour)?.checked_sub(LOOK_BACK as usize);
    Area {
        code: region.code.to_string(),
        name: region.name.clone(),
        name_en: region.name_en.clone(),
        in_province,
        centre: [region.lon, region.lat],
        aqi: line.iter().map(|hour| hour.aqi).collect(),
        levels: digits(line.iter().map(|hour| hour.level)),
        value_levels: shown.map(|pollutant| (pollutant.code().to_string(), by_pollutant(pollutant))).collect(),
        primary: line.into_iter().map(|hour| hour.primary).collect(),
        values,
        flags: if in_province { hourly::flags(&region.code.to_string(), &seen.flags, place) } else { BTreeMap::new() },
        q25: pad(q25),
        q75: pad(q75),
    }
}

fn future(region: &Region, site: usize, window: &Window, issued: &Issued) -> Option<Future> {
    let run = &issued.run.trajectories;
    let code = region.code.to_string();
    let city = run.cities.iter().position(|name| *name == code)?;
    let observed = |hour| {
        let value = window.offset(hour).and_then(|at| window.value(site, Pollutant::Pm25, at));
        value.map_or(f64::NAN, |value| value.to_f64(MassUnit::Microgram))
    };
    let courses = Courses::after(run, city, window.hour(window.hours() - 1), FUTURE, observed);
    let (hourly, running) = (courses.hourly(), courses.running());
    let aqi = indices(&running.q50, courses.first());
    Some(Future {
        indices: aqi.into_iter().map(HourIndex::of_particles).collect(),
        q25: figures(&hourly.q25),
        q50: figures(&hourly.q50),
        q75: figures(&hourly.q75),
        p_heavy_72h: courses.share_above(72, 200),
    })
}
