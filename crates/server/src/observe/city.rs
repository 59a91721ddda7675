//! One city over a period: hours, days, limits, completeness.

use super::daily::{SiteDay, first_hour};
use super::hourly::{LOOK_BACK, digits, flags, indices, level, values};
use super::window::Window;
use crate::extract::{Path, Query};
use crate::figure::Figure;
use crate::period::PeriodQuery;
use crate::problem::Problem;
use crate::sight::{Sight, city as city_of};
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::observe::regions::Region;
use ::standards::{AqiEdition, Limits};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Flagged;
use units::{BeijingDay, BeijingHour, Pollutant, SiteCode};
use utoipa::ToSchema;

const USUAL_HOURS: i64 = 168;
const MOST_DAYS: i64 = 366;

/// One city's observations.
#[derive(Serialize, ToSchema)]
pub(crate) struct City {
    stamp: Stamp,
    code: String,
    name: String,
    name_en: String,
    #[schema(value_type = Vec<String>)]
    hours: Vec<BeijingHour>,
    aqi: Vec<Option<u16>>,
    /// One character an hour: `1` to `6`, `-` without an index.
    levels: String,
    primary: Vec<Option<String>>,
    /// By pollutant, µg/m³, CO mg/m³.
    values: BTreeMap<String, Vec<Option<Figure>>>,
    /// Quality flags by pollutant and place in `hours`.
    flags: BTreeMap<String, BTreeMap<String, String>>,
    /// Daily class II limits in force at the end of the period (ozone: 8 h).
    limits: BTreeMap<String, Figure>,
    limits_standard: String,
    /// Days of the period that are over, from all their hours.
    days: Vec<CityDay>,
    /// Share of the period's hours with a value, 0 to 1.
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    completeness: BTreeMap<String, Option<Figure>>,
}

/// One natural day.
#[derive(Serialize, ToSchema)]
pub(crate) struct CityDay {
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    aqi: Option<u16>,
    level: Option<u8>,
    category: Option<&'static str>,
    primary: Option<String>,
    /// Daily means; `O3` is the largest hour, `O3_8h` the largest 8 h mean.
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    values: BTreeMap<String, Option<Figure>>,
    /// Of 24.
    valid_hours: BTreeMap<String, usize>,
}

/// One city's hours and days; by default the last seven days. CSV and xlsx give the hours.
#[utoipa::path(get, path = "/api/v1/cities/{code}", tag = "observe",
    params(("code" = String, Path, description = "GB/T 2260"), PeriodQuery),
    responses((status = 200, body = City), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn city(
    State(state): State<AppState>,
    Path(code): Path<String>,
    Query(query): Query<PeriodQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let region = city_of(&code)?;
    let sight = Sight::now(&state);
    let (from, to) = query.seen(sight.as_of(), USUAL_HOURS, MOST_DAYS)?;
    let site = SiteCode::from(region.code);
    let earliest = (from - LOOK_BACK).min(first_hour(from.day()));
    let latest = first_hour(to.day() + 1) - 1;
    let window = sight.values(&[site], earliest, latest.max(to)).await?;
    let marked = sight.flags(from, to).await?;
    let newest = sight.latest_hour().await?;
    let stamp =
        Stamp::observed(newest.map(|hour| hour.min(to)), AqiEdition::in_force(to.day()).id(), state.options().demo);
    answer(shape, view(region, &window, &marked, from, to, sight.last_whole_day(), stamp), table)
}

fn view(
    region: &Region,
    window: &Window,
    marked: &[Flagged],
    from: BeijingHour,
    to: BeijingHour,
    last_day: BeijingDay,
    stamp: Stamp,
) -> City {
    let first = usize::try_from(from - window.hour(0)).unwrap_or(0);
    let shown = first..first + usize::try_from(to - from + 1).unwrap_or(0);
    let hours = indices(window, 0, shown.clone());
    let limits = Limits::in_force(to.day());
    let limit = |p: Pollutant| (p.code().to_string(), Figure::reported(limits.daily_class2(p), p));
    let values = values(window, 0, shown.clone());
    let share =
        |column: &Vec<Option<Figure>>| Figure::rounded(column.iter().flatten().count() as f64 / column.len() as f64, 3);
    City {
        stamp,
        code: region.code.to_string(),
        name: region.name.clone(),
        name_en: region.name_en.clone(),
        hours: shown.clone().map(|at| window.hour(at)).collect(),
        aqi: hours.iter().map(|hour| hour.aqi).collect(),
        levels: digits(hours.iter().map(|hour| hour.level)),
        primary: hours.into_iter().map(|hour| hour.primary).collect(),
        completeness: values.iter().map(|(pollutant, column)| (pollutant.clone(), share(column))).collect(),
        values,
        flags: flags(&region.code.to_string(), marked, |hour| usize::try_from(hour - from).ok()),
        limits: Pollutant::ALL.into_iter().map(limit).collect(),
        limits_standard: limits.document().source.document.clone(),
        days: (from.day().index()..=to.day().min(last_day).index())
            .map(BeijingDay::from_index)
            .map(|date| day(date, &SiteDay::of(window, 0, date)))
            .collect(),
    }
}

fn day(date: BeijingDay, day: &SiteDay) -> CityDay {
    let level = level(day.aqi());
    let figure = |pollutant: Pollutant, value: Option<_>| value.map(|value| Figure::reported(value, pollutant));
    let named = |pollutant: Pollutant| {
        let value = if pollutant == Pollutant::O3 { day.means.o3_max_1h } else { day.means.evaluated(pollutant) };
        (pollutant.code().to_string(), figure(pollutant, value))
    };
    let eight = ("O3_8h".to_string(), figure(Pollutant::O3, day.means.o3_max_8h));
    CityDay {
        date,
        aqi: day.aqi(),
        level: level.map(|level| level.number()),
        category: level.map(|level| level.category()),
        primary: day.primary(),
        values: Pollutant::ALL.into_iter().map(named).chain([eight]).collect(),
        valid_hours: Pollutant::ALL.into_iter().map(|p| (p.code().to_string(), day.valid_hours[p.index()])).collect(),
    }
}

fn table(city: &City) -> Table {
    let with_unit = |pollutant: Pollutant| format!("{} ({})", pollutant.code(), pollutant.unit());
    let row = |(n, hour): (usize, &BeijingHour)| -> Vec<Cell> {
        let value = |pollutant: Pollutant| -> Cell { city.values[pollutant.code()][n].into() };
        let head: [Cell; 5] = [
            hour.to_string().into(),
            city.code.clone().into(),
            city.name.clone().into(),
            city.aqi[n].into(),
            city.primary[n].clone().into(),
        ];
        head.into_iter().chain(Pollutant::ALL.map(value)).collect()
    };
    let head = ["hour", "code", "city", "aqi", "primary"].map(String::from);
    Table {
        title: format!("{} 空气质量小时值", city.name),
        file: format!("city-{}", city.code),
        stamp: city.stamp.clone(),
        columns: head.into_iter().chain(Pollutant::ALL.map(with_unit)).collect(),
        rows: city.hours.iter().enumerate().map(row).collect(),
    }
}
