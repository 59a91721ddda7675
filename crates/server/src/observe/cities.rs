//! The cities and what is newest of each.

use super::hourly::{HourIndex, LOOK_BACK, indices};
use super::window::Window;
use crate::problem::Problem;
use crate::sight::{Sight, areas, in_province, sites};
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::observe::regions::Region;
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use units::BeijingHour;
use utoipa::ToSchema;

/// An index older than this is no city's newest.
const NEWEST_WITHIN_HOURS: i64 = 24;

/// Cities of the province, then others.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cities {
    stamp: Stamp,
    rows: Vec<CityRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CityRow {
    code: String,
    name: String,
    name_en: String,
    in_province: bool,
    /// Longitude and latitude, degrees.
    centre: [f64; 2],
    /// `null` when no hour of the last 24 has an index.
    latest: Option<Latest>,
}

/// The newest hour with an index.
#[derive(Serialize, ToSchema)]
pub(crate) struct Latest {
    #[schema(value_type = String, format = DateTime)]
    hour: BeijingHour,
    aqi: u16,
    level: Option<u8>,
    category: Option<&'static str>,
    primary: Option<String>,
}

/// All cities with their newest index.
#[utoipa::path(get, path = "/api/v1/cities", tag = "observe",
    params(("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Cities), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn cities(State(state): State<AppState>, shape: Shape) -> Result<Response, ServerError> {
    let sight = Sight::now(&state);
    let (regions, as_of) = (areas(&state).await?, sight.as_of());
    let window = sight.values(&sites(&regions), as_of - NEWEST_WITHIN_HOURS + 1 - LOOK_BACK, as_of).await?;
    let rows = regions.iter().enumerate().map(|(site, region)| row(region, &window, site)).collect();
    let stamp =
        Stamp::observed(sight.latest_hour().await?, AqiEdition::in_force(as_of.day()).id(), state.options().demo);
    answer(shape, Cities { stamp, rows }, table)
}

fn row(region: &Region, window: &Window, site: usize) -> CityRow {
    let first = LOOK_BACK as usize;
    let hours = indices(window, site, first..window.hours());
    let newest = hours.iter().enumerate().rev().find_map(|(n, index)| Some((n, index, index.aqi?)));
    let latest = |(n, index, aqi): (usize, &HourIndex, u16)| Latest {
        hour: window.hour(first + n),
        aqi,
        level: index.level.map(|level| level.number()),
        category: index.level.map(|level| level.category()),
        primary: index.primary.clone(),
    };
    CityRow {
        code: region.code.to_string(),
        name: region.name.clone(),
        name_en: region.name_en.clone(),
        in_province: in_province(region.code),
        centre: [region.lon, region.lat],
        latest: newest.map(latest),
    }
}

fn table(cities: &Cities) -> Table {
    let columns = ["code", "city", "in_province", "lon", "lat", "hour", "aqi", "level", "category", "primary"];
    let cells = |row: &CityRow| -> Vec<Cell> {
        let latest = row.latest.as_ref();
        vec![
            row.code.clone().into(),
            row.name.clone().into(),
            row.in_province.to_string().into(),
            row.centre[0].into(),
            row.centre[1].into(),
            latest.map(|latest| latest.hour.to_string()).into(),
            latest.map(|latest| latest.aqi).into(),
            latest.and_then(|latest| latest.level).into(),
            latest.and_then(|latest| latest.category).into(),
            latest.and_then(|latest| latest.primary.clone()).into(),
        ]
    };
    Table {
        title: "城市最新空气质量".into(),
        file: "cities".into(),
        stamp: cities.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: cities.rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;
    use crate::sight::own_cities;
    use units::Pollutant;

    #[test]
    fn the_newest_hour_with_an_index_is_told_even_when_the_last_is_missing() {
        let hours = LOOK_BACK as usize + 24;
        let mut values = vec![Some(100); hours];
        values[hours - 2..].fill(None);
        let row = row(own_cities()[0], &window_of(&[(Pollutant::O3, values)]), 0);
        let latest = row.latest.unwrap();
        assert_eq!(latest.hour.to_string(), "2018-01-02T23:00:00+08:00", "the 8 h mean of ozone still stands");
        assert_eq!((latest.level, latest.category), (Some(1), Some("优")));
        assert!(super::row(own_cities()[0], &window_of(&[(Pollutant::O3, vec![None; hours])]), 0).latest.is_none());
    }
}
