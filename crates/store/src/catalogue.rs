use crate::StoreError;
use crate::code::{count_of, hour_of, text};
use crate::database::{Reader, Store, Writer, on};
use crate::import::Extent;
use serde::Serialize;
use units::{BeijingHour, Pollutant, RegionCode, SiteCode};

/// A place that is measured (点位).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Site {
    /// Its code, unique over all sources.
    pub code: SiteCode,
    /// Its name; empty when the source gives none.
    pub name: String,
    /// The city it counts for.
    pub city: Option<RegionCode>,
    /// Longitude, degrees east.
    pub lon: Option<f64>,
    /// Latitude, degrees north.
    pub lat: Option<f64>,
    /// What kind of place it is.
    pub kind: SiteKind,
}

/// What a site code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// A whole city or county, reported as one (城市).
    Region,
    /// A monitoring station (监测站点).
    Station,
    /// A low-cost sensor (微站).
    MicroStation,
}

/// One row of the series catalogue (序列目录): what one source tells about one pollutant at one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The site.
    pub site: SiteCode,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// The source's id, for example `cnemc-city`.
    pub source: String,
    /// The first hour held; `None` before any.
    pub first: Option<BeijingHour>,
    /// The last hour held.
    pub last: Option<BeijingHour>,
    /// Hours held, whatever their state.
    pub hours: u64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SeriesRow {
    pub id: i32,
    site: String,
    pollutant: String,
    pub source: String,
    first_hour: Option<i32>,
    last_hour: Option<i32>,
    hours: i64,
}

#[derive(sqlx::FromRow)]
struct SiteRow {
    code: String,
    name: String,
    city: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    kind: String,
}

impl Store {
    /// The series catalogue, by site, pollutant, and age of the source.
    pub async fn series(&self) -> Result<Vec<Series>, StoreError> {
        series_rows(&mut self.reader().await?).await?.into_iter().map(Series::try_from).collect()
    }

    /// All sites, by code.
    pub async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        let sql = "SELECT code, name, city, lon, lat, kind FROM site ORDER BY code";
        let mut reader = self.reader().await?;
        let rows: Vec<SiteRow> = on!(&mut reader, c => sqlx::query_as(sql).fetch_all(c).await)?;
        rows.into_iter().map(Site::try_from).collect()
    }
}

/// The whole catalogue with ids. A province's stations make some ten thousand rows, so that every read can
/// pick its series here instead of teaching each query to join.
pub(crate) async fn series_rows(reader: &mut Reader) -> Result<Vec<SeriesRow>, StoreError> {
    let sql = "SELECT id, site, pollutant, source, first_hour, last_hour, hours FROM series \
         ORDER BY site, pollutant, id";
    Ok(on!(reader, c => sqlx::query_as(sql).fetch_all(c).await)?)
}

/// The series of one source, as an import keeps them.
pub(crate) async fn extents(
    writer: &mut Writer,
    source: &str,
) -> Result<Vec<(SiteCode, Pollutant, Extent)>, StoreError> {
    let sql = "SELECT id, site, pollutant, source, first_hour, last_hour, hours FROM series WHERE source = $1";
    let rows: Vec<SeriesRow> = on!(writer, c => sqlx::query_as(sql).bind(text(source)).fetch_all(c).await)?;
    rows.iter().map(|row| Ok((row.site()?, row.pollutant()?, row.extent()))).collect()
}

pub(crate) async fn add_series(
    writer: &mut Writer,
    site: &SiteCode,
    pollutant: Pollutant,
    source: &str,
) -> Result<i32, StoreError> {
    let sql = "INSERT INTO series (site, pollutant, source) VALUES ($1, $2, $3) RETURNING id";
    Ok(on!(writer, c => sqlx::query_scalar(sql)
        .bind(site.as_str()).bind(pollutant.code()).bind(text(source)).fetch_one(c).await)?)
}

pub(crate) async fn save_extent(writer: &mut Writer, extent: &Extent) -> Result<(), StoreError> {
    let sql = "UPDATE series SET first_hour = $2, last_hour = $3, hours = $4 WHERE id = $1";
    let (first, last) = extent.reach.unzip();
    on!(writer, c => sqlx::query(sql).bind(extent.id).bind(first).bind(last).bind(extent.hours)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub(crate) async fn put_site(writer: &mut Writer, site: &Site) -> Result<(), StoreError> {
    let sql = "INSERT INTO site (code, name, city, lon, lat, kind) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, \
         name = CASE WHEN excluded.name = '' THEN site.name ELSE excluded.name END, \
         city = coalesce(excluded.city, site.city), \
         lon = coalesce(excluded.lon, site.lon), lat = coalesce(excluded.lat, site.lat)";
    let city = site.city.map(|code| code.to_string());
    on!(writer, c => sqlx::query(sql).bind(site.code.as_str()).bind(text(&site.name)).bind(city)
        .bind(site.lon).bind(site.lat).bind(site.kind.code()).execute(c).await.map(drop))?;
    Ok(())
}

impl SiteKind {
    const ALL: [SiteKind; 3] = [SiteKind::Region, SiteKind::Station, SiteKind::MicroStation];

    /// The code in tables and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            SiteKind::Region => "region",
            SiteKind::Station => "station",
            SiteKind::MicroStation => "micro-station",
        }
    }
}

impl SeriesRow {
    pub fn site(&self) -> Result<SiteCode, StoreError> {
        self.site.parse().map_err(|_| StoreError::unreadable("a site code", &self.site))
    }

    pub fn pollutant(&self) -> Result<Pollutant, StoreError> {
        self.pollutant.parse().map_err(|_| StoreError::unreadable("a pollutant", &self.pollutant))
    }

    fn extent(&self) -> Extent {
        Extent { id: self.id, reach: self.first_hour.zip(self.last_hour), hours: self.hours, touched: false }
    }
}

impl TryFrom<SeriesRow> for Series {
    type Error = StoreError;
    fn try_from(row: SeriesRow) -> Result<Series, StoreError> {
        Ok(Series {
            site: row.site()?,
            pollutant: row.pollutant()?,
            first: row.first_hour.map(hour_of),
            last: row.last_hour.map(hour_of),
            hours: count_of(row.hours),
            source: row.source,
        })
    }
}

impl TryFrom<SiteRow> for Site {
    type Error = StoreError;
    fn try_from(row: SiteRow) -> Result<Site, StoreError> {
        let kind = SiteKind::ALL.into_iter().find(|kind| kind.code() == row.kind);
        let city = row.city.map(|code| code.parse().map_err(|_| StoreError::unreadable("a region code", &code)));
        Ok(Site {
            code: row.code.parse().map_err(|_| StoreError::unreadable("a site code", &row.code))?,
            name: row.name,
            city: city.transpose()?,
            lon: row.lon,
            lat: row.lat,
            kind: kind.ok_or_else(|| StoreError::unreadable("a kind of site", &row.kind))?,
        })
    }
}
