//! Stations at one hour.

use super::hourly::{HourIndex, LOOK_BACK, report, values};
use super::window::Window;
use crate::extract::Query;
use crate::figure::Figure;
use crate::problem::Problem;
use crate::sight::{Sight, in_province};
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Series, Site, SiteKind};
use units::{BeijingHour, Pollutant, SiteCode};
use utoipa::{IntoParams, ToSchema};

/// The province's stations at one hour.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sites {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    at: BeijingHour,
    /// The hour nearest to `at` that lies within a station's record; `null` without station data.
    #[schema(value_type = Option<String>, format = DateTime)]
    nearest_hour: Option<BeijingHour>,
    rows: Vec<SiteRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SiteRow {
    code: String,
    name: String,
    city: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    aqi: Option<u16>,
    level: Option<u8>,
    primary: Option<String>,
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    values: BTreeMap<String, Option<Figure>>,
    /// `valid` or `missing`.
    state: &'static str,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SitesQuery {
    /// The hour; the hour shown when left out or later.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<BeijingHour>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// Stations of the province at one hour; those without data at that hour have no values.
#[utoipa::path(get, path = "/api/v1/sites", tag = "observe", params(SitesQuery),
    responses((status = 200, body = Sites), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sites(
    State(state): State<AppState>,
    Query(query): Query<SitesQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let sight = Sight::now(&state);
    let at = query.at.unwrap_or(sight.as_of()).min(sight.as_of());
    let stations: Vec<Site> = state.store().sites().await?.into_iter().filter(is_own_station).collect();
    let codes: Vec<SiteCode> = stations.iter().map(|site| site.code.clone()).collect();
    let window = sight.values(&codes, at - LOOK_BACK, at).await?;
    let nearest_hour = nearest(&state.store().series().await?, &codes, at, sight.as_of());
    let rows = stations.iter().enumerate().map(|(place, site)| row(site, &window, place)).collect();
    let stamp = Stamp::stations(nearest_hour, AqiEdition::in_force(at.day()).id(), state.options().demo);
    answer(shape, Sites { stamp, at, nearest_hour, rows }, table)
}

fn is_own_station(site: &Site) -> bool {
    site.kind == SiteKind::Station && site.city.is_some_and(in_province)
}

/// Within one record every hour counts as held: a gap shows as missing values, not as another hour.
fn nearest(series: &[Series], stations: &[SiteCode], at: BeijingHour, as_of: BeijingHour) -> Option<BeijingHour> {
    let own = series.iter().filter(|series| stations.contains(&series.site));
    let seen =
        own.filter_map(|series| Some((series.first?, series.last?.min(as_of)))).filter(|(first, last)| first <= last);
    seen.map(|(first, last)| at.clamp(first, last)).min_by_key(|hour| ((*hour - at).abs(), *hour))
}

fn row(site: &Site, window: &Window, place: usize) -> SiteRow {
    let last = window.hours() - 1;
    let index = HourIndex::of(&report(window, place, last));
    let values: BTreeMap<String, Option<Figure>> =
        values(window, place, last..last + 1).into_iter().map(|(pollutant, one)| (pollutant, one[0])).collect();
    SiteRow {
        code: site.code.to_string(),
        name: site.name.clone(),
        city: site.city.map(|code| code.to_string()),
        lon: site.lon,
        lat: site.lat,
        state: if values.values().any(Option::is_some) { "valid" } else { "missing" },
        aqi: index.aqi,
        level: index.level.map(|level| level.number()),
        primary: index.primary,
        values,
    }
}

fn table(sites: &Sites) -> Table {
    let head = ["hour", "code", "station", "city", "lon", "lat", "aqi", "primary"].map(String::from);
    let with_unit = |pollutant: Pollutant| format!("{} ({})", pollutant.code(), pollutant.unit());
    let row = |row: &SiteRow| -> Vec<Cell> {
        let head: [Cell; 8] = [
            sites.at.to_string().into(),
            row.code.clone().into(),
            row.name.clone().into(),
            row.city.clone().into(),
            row.lon.into(),
            row.lat.into(),
            row.aqi.into(),
            row.primary.clone().into(),
        ];
        head.into_iter().chain(Pollutant::ALL.map(|pollutant| row.values[pollutant.code()].into())).collect()
    };
    Table {
        title: format!("站点空气质量 {}", sites.at),
        file: "stations".into(),
        stamp: sites.stamp.clone(),
        columns: head.into_iter().chain(Pollutant::ALL.map(with_unit)).collect(),
        rows: sites.rows.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_hour_lies_in_a_record_and_never_after_the_hour_shown() {
        let hour = BeijingHour::from_index;
        let site: SiteCode = "1148A".parse().unwrap();
        let series = |first, last| Series {
            site: site.clone(),
            pollutant: Pollutant::Pm25,
            source: "cnemc-station".into(),
            first: Some(hour(first)),
            last: Some(hour(last)),
            hours: 1,
        };
        let records = [series(100, 110), series(500, 510)];
        let near = |at, as_of| nearest(&records, std::slice::from_ref(&site), hour(at), hour(as_of));
        assert_eq!(near(105, 1000), Some(hour(105)));
        assert_eq!(near(300, 1000), Some(hour(110)));
        assert_eq!(near(499, 499), Some(hour(110)), "the nearer record lies ahead");
        assert_eq!(near(50, 50), None);
        assert_eq!(nearest(&records, &[], hour(105), hour(1000)), None);
    }
}
