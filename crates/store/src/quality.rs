use crate::StoreError;
use crate::catalogue::{SeriesRow, series_rows};
use crate::code::{Cell, count_of, flag_number, hour_bound, hour_number, hour_of};
use crate::database::{Both, Store, commit, on};
use crate::hours::{Row, choose, ids, json};
use serde::Serialize;
use std::collections::HashMap;
use units::{BeijingDay, BeijingHour, Flag, Pollutant, SiteCode};

/// How complete one day of one series is (数据完整性), in hours; what is missing to 24 was never imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayCount {
    /// The site.
    pub site: SiteCode,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// The source.
    pub source: String,
    /// The day.
    pub day: BeijingDay,
    /// Hours with a valid value.
    pub valid: u64,
    /// Hours with a value in doubt.
    pub suspect: u64,
    /// Hours with an invalid value.
    pub invalid: u64,
    /// Hours the source reports without a value.
    pub missing: u64,
}

/// A value in doubt or invalid, as one source told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flagged {
    /// The value with its flag.
    pub row: Row,
    /// The source.
    pub source: String,
}

impl DayCount {
    /// Hours of the day of which the source said nothing at all.
    pub fn absent(&self) -> u64 {
        24u64.saturating_sub(self.valid + self.suspect + self.invalid + self.missing)
    }
}

#[derive(sqlx::FromRow)]
struct DayRow {
    series_id: i32,
    day: i32,
    valid: i64,
    suspect: i64,
    invalid: i64,
    missing: i64,
}

#[derive(sqlx::FromRow)]
struct FlagRow {
    site: String,
    pollutant: String,
    source: String,
    hour: i32,
    value: Option<i64>,
    state: i16,
    why: i16,
    flag: i16,
}

impl Store {
    /// Marks values that a check found doubtful; returns how many marks are new.
    ///
    /// The value stays as it is. Where several sources tell about the hour, the mark goes to the one that
    /// [`Store::hours`] hears first. A mark on an hour without a usable value is passed over; the same mark again
    /// changes nothing; another one replaces it; of two for one hour in one call the graver (out of range before
    /// the rest) counts. An import that replaces a value takes its mark away.
    pub async fn set_flags(&self, flags: &[(SiteCode, Pollutant, BeijingHour, Flag)]) -> Result<u64, StoreError> {
        let mut marks = Vec::with_capacity(flags.len());
        for (site, pollutant, hour, flag) in flags {
            marks.push((site.as_str(), pollutant.code(), hour_number(*hour)?, flag_number(*flag)));
        }
        let marks = serde_json::to_string(&marks).expect("texts and numbers are always JSON");
        let mut writer = self.writer().await?;
        let sql = writer.pick(SET_FLAGS_SQLITE, SET_FLAGS_POSTGRES);
        let changed =
            on!(&mut writer, c => sqlx::query(sql).bind(marks).execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(changed)
    }

    /// Hours by state for each series and day that has any, by site, pollutant, source and day.
    pub async fn completeness(
        &self,
        sites: &[SiteCode],
        pollutants: &[Pollutant],
        from: BeijingDay,
        to: BeijingDay,
    ) -> Result<Vec<DayCount>, StoreError> {
        let first = hour_bound(BeijingHour::from_index(i64::from(from.index()) * 24 + 1));
        let last = hour_bound(BeijingHour::from_index(i64::from(to.index()) * 24 + 24));
        let mut reader = self.reader().await?;
        let catalogue = series_rows(&mut reader).await?;
        let chosen = ids(&choose(&catalogue, sites, pollutants)?);
        let rows: Vec<DayRow> = match &mut reader {
            Both::Sqlite(c) => {
                let query = sqlx::query_as(COMPLETENESS_SQLITE).bind(json(&chosen));
                query.bind(first).bind(last).fetch_all(&mut **c).await?
            }
            Both::Postgres(c) => {
                let query = sqlx::query_as(COMPLETENESS_POSTGRES).bind(&chosen);
                query.bind(first).bind(last).fetch_all(&mut **c).await?
            }
        };
        let by_id: HashMap<i32, &SeriesRow> = catalogue.iter().map(|row| (row.id, row)).collect();
        let mut counts = rows.iter().map(|row| row.count(by_id[&row.series_id])).collect::<Result<Vec<_>, _>>()?;
        counts.sort_by(|a, b| a.key().cmp(&b.key()));
        Ok(counts)
    }

    /// All values in doubt or invalid between two hours, both included, by hour, site, pollutant and source.
    pub async fn flags(&self, from: BeijingHour, to: BeijingHour) -> Result<Vec<Flagged>, StoreError> {
        // The condition is that of the index observation_marked, so that only marked rows are touched.
        let sql = "SELECT s.site, s.pollutant, s.source, o.hour, o.value, o.state, o.why, o.flag \
             FROM observation o JOIN series s ON s.id = o.series_id \
             WHERE (o.flag <> 0 OR o.state IN (1, 2)) AND o.hour BETWEEN $1 AND $2 \
             ORDER BY o.hour, s.site, s.pollutant, s.source";
        let mut reader = self.reader().await?;
        let (from, to) = (hour_bound(from), hour_bound(to));
        let rows: Vec<FlagRow> = on!(&mut reader, c => sqlx::query_as(sql).bind(from).bind(to).fetch_all(c).await)?;
        rows.into_iter().map(Flagged::try_from).collect()
    }
}

/// The marks come as one JSON list; the databases differ only in how they unfold it. A value that a check has
/// already called out of range is no longer heard, so that other marks pass it by.
macro_rules! set_flags {
    ($marks:literal) => {
        concat!(
            "UPDATE observation SET flag = mark.flag FROM (",
            " SELECT min(o.series_id) AS series_id, o.hour AS hour, min(CAST(m.value ->> 3 AS INTEGER)) AS flag FROM ",
            $marks,
            " JOIN series s ON s.site = m.value ->> 0 AND s.pollutant = m.value ->> 1",
            " JOIN observation o ON o.series_id = s.id AND o.hour = CAST(m.value ->> 2 AS INTEGER)",
            " AND o.state <= 1 AND (o.flag <> 1 OR CAST(m.value ->> 3 AS INTEGER) = 1)",
            " GROUP BY s.site, s.pollutant, o.hour) AS mark",
            " WHERE observation.series_id = mark.series_id AND observation.hour = mark.hour",
            " AND observation.flag <> mark.flag"
        )
    };
}
const SET_FLAGS_SQLITE: &str = set_flags!("json_each($1) AS m");
const SET_FLAGS_POSTGRES: &str = set_flags!("json_array_elements(CAST($1 AS json)) AS m (value)");

/// Days are counted from far before 1970 and back, because integer division rounds towards zero.
macro_rules! completeness {
    ($series:literal) => {
        concat!(
            "SELECT series_id, (hour - 1 + 24000000) / 24 - 1000000 AS day,",
            " count(CASE WHEN state = 0 AND flag = 0 THEN 1 END) AS valid,",
            " count(CASE WHEN (state = 1 AND flag <> 1) OR (state = 0 AND flag > 1) THEN 1 END) AS suspect,",
            " count(CASE WHEN state = 2 OR (state <= 1 AND flag = 1) THEN 1 END) AS invalid,",
            " count(CASE WHEN state = 3 THEN 1 END) AS missing",
            " FROM observation WHERE series_id ",
            $series,
            " AND hour BETWEEN $2 AND $3 GROUP BY series_id, (hour - 1 + 24000000) / 24"
        )
    };
}
const COMPLETENESS_SQLITE: &str = completeness!("IN (SELECT value FROM json_each($1))");
const COMPLETENESS_POSTGRES: &str = completeness!("= ANY ($1)");

impl DayCount {
    fn key(&self) -> (&SiteCode, Pollutant, &str, BeijingDay) {
        (&self.site, self.pollutant, &self.source, self.day)
    }
}

impl DayRow {
    fn count(&self, series: &SeriesRow) -> Result<DayCount, StoreError> {
        let [valid, suspect, invalid, missing] = [self.valid, self.suspect, self.invalid, self.missing].map(count_of);
        Ok(DayCount {
            site: series.site()?,
            pollutant: series.pollutant()?,
            source: series.source.clone(),
            day: BeijingDay::from_index(self.day),
            valid,
            suspect,
            invalid,
            missing,
        })
    }
}

impl TryFrom<FlagRow> for Flagged {
    type Error = StoreError;
    fn try_from(row: FlagRow) -> Result<Flagged, StoreError> {
        let cell = Cell { value: row.value, state: row.state, why: row.why };
        let marked = Row {
            site: row.site.parse().map_err(|_| StoreError::unreadable("a site code", &row.site))?,
            pollutant: row.pollutant.parse().map_err(|_| StoreError::unreadable("a pollutant", &row.pollutant))?,
            hour: hour_of(row.hour),
            reading: cell.reading(row.flag)?,
        };
        Ok(Flagged { row: marked, source: row.source })
    }
}
