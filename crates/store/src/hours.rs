use crate::StoreError;
use crate::catalogue::{SeriesRow, series_rows};
use crate::code::{Cell, hour_bound, hour_of};
use crate::database::{Both, Reader, Store, on};
use std::collections::{BTreeMap, HashMap, HashSet};
use units::{BeijingHour, Concentration, Pollutant, Reading, SiteCode};

/// One hourly value of one pollutant at one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The site.
    pub site: SiteCode,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// The hour, named by its end.
    pub hour: BeijingHour,
    /// What is known of it.
    pub reading: Reading,
}

/// The usable values of one pollutant at one site over a range of hours without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenseSeries {
    /// The site.
    pub site: SiteCode,
    /// The pollutant.
    pub pollutant: Pollutant,
    /// One a hour from the first asked for; `None` where there is no usable value.
    pub values: Vec<Option<Concentration>>,
}

/// 1.6 GB of values; a province's stations for a year are a tenth of it.
const DENSE_LIMIT: u128 = 100_000_000;

/// Ids of the series of each site and pollutant; several when several sources tell about it, oldest first.
type Chosen = BTreeMap<(SiteCode, Pollutant), Vec<i32>>;

impl Store {
    /// The values of some sites and pollutants between two hours, both included, by site, pollutant and hour.
    ///
    /// Where several sources tell about an hour, the first source imported speaks; if its reading is not usable,
    /// the next that is.
    pub async fn hours(
        &self,
        sites: &[SiteCode],
        pollutants: &[Pollutant],
        from: BeijingHour,
        to: BeijingHour,
    ) -> Result<Vec<Row>, StoreError> {
        let mut reader = self.reader().await?;
        let chosen = choose(&series_rows(&mut reader).await?, sites, pollutants)?;
        let mut cells = cells(&mut reader, &ids(&chosen), from, to).await?;
        let mut rows = Vec::new();
        for ((site, pollutant), series) in chosen {
            let told = series.iter().filter_map(|id| cells.remove(id)).collect();
            let row = |(hour, reading)| Row { site: site.clone(), pollutant, hour: hour_of(hour), reading };
            rows.extend(speak(told).into_iter().map(row));
        }
        Ok(rows)
    }

    /// The usable values as one column a site and pollutant, in the order asked for; for training and charts.
    ///
    /// Picks between sources as [`Store::hours`] does. Refuses `T-204` more than a hundred million values.
    pub async fn dense(
        &self,
        sites: &[SiteCode],
        pollutants: &[Pollutant],
        from: BeijingHour,
        to: BeijingHour,
    ) -> Result<Vec<DenseSeries>, StoreError> {
        let hours = u128::try_from(i128::from(to.index()) - i128::from(from.index()) + 1).unwrap_or_default();
        let cells = hours * (sites.len() * pollutants.len()) as u128;
        if cells > DENSE_LIMIT {
            return Err(StoreError::TooMany { cells, limit: DENSE_LIMIT });
        }
        let mut reader = self.reader().await?;
        let chosen = choose(&series_rows(&mut reader).await?, sites, pollutants)?;
        let columns = columns(&mut reader, &ids(&chosen), from, to, hours as usize).await?;
        let asked = sites.iter().flat_map(|site| pollutants.iter().map(move |pollutant| (site.clone(), *pollutant)));
        let series = |key: (SiteCode, Pollutant)| {
            let told = chosen.get(&key).into_iter().flatten().filter_map(|id| columns.get(id));
            let values = overlay(told, hours as usize);
            DenseSeries { site: key.0, pollutant: key.1, values }
        };
        Ok(asked.map(series).collect())
    }

    /// The last hour up to `up_to` at which any site has a usable value.
    pub async fn latest_hour(&self, up_to: BeijingHour) -> Result<Option<BeijingHour>, StoreError> {
        // One look-up at the end of each series, whatever their length.
        let sql = "SELECT max((SELECT o.hour FROM observation o WHERE o.series_id = s.id AND o.hour <= $1 \
             AND o.state <= 1 AND o.flag <> 1 ORDER BY o.hour DESC LIMIT 1)) FROM series s";
        let mut reader = self.reader().await?;
        let hour: Option<i32> =
            on!(&mut reader, c => sqlx::query_scalar(sql).bind(hour_bound(up_to)).fetch_one(c).await)?;
        Ok(hour.map(hour_of))
    }
}

pub(crate) fn choose(
    catalogue: &[SeriesRow],
    sites: &[SiteCode],
    pollutants: &[Pollutant],
) -> Result<Chosen, StoreError> {
    let sites: HashSet<&SiteCode> = sites.iter().collect();
    let mut chosen = Chosen::new();
    for row in catalogue {
        let (site, pollutant) = (row.site()?, row.pollutant()?);
        if sites.contains(&site) && pollutants.contains(&pollutant) {
            chosen.entry((site, pollutant)).or_default().push(row.id);
        }
    }
    Ok(chosen)
}

pub(crate) fn ids(chosen: &Chosen) -> Vec<i32> {
    chosen.values().flatten().copied().collect()
}

/// One hour from several sources, oldest source first: the first usable reading, else the first.
fn speak(mut told: Vec<Vec<(i32, Reading)>>) -> Vec<(i32, Reading)> {
    if told.len() <= 1 {
        return told.pop().unwrap_or_default();
    }
    let mut spoken: BTreeMap<i32, Reading> = BTreeMap::new();
    for (hour, reading) in told.into_iter().flatten() {
        let first = *spoken.entry(hour).or_insert(reading);
        if first.usable().is_none() && reading.usable().is_some() {
            spoken.insert(hour, reading);
        }
    }
    spoken.into_iter().collect()
}

fn overlay<'a>(told: impl Iterator<Item = &'a Vec<Option<Concentration>>>, hours: usize) -> Vec<Option<Concentration>> {
    let mut values = vec![None; hours];
    for column in told {
        for (value, other) in values.iter_mut().zip(column) {
            *value = value.or(*other);
        }
    }
    values
}

type CellRow = (i32, i32, Option<i64>, i16, i16, i16);

/// The readings of some series, each in order of hours.
async fn cells(
    reader: &mut Reader,
    ids: &[i32],
    from: BeijingHour,
    to: BeijingHour,
) -> Result<HashMap<i32, Vec<(i32, Reading)>>, StoreError> {
    let (from, to) = (hour_bound(from), hour_bound(to));
    let rows: Vec<CellRow> = match reader {
        Both::Sqlite(c) => {
            let sql = "SELECT o.series_id, o.hour, o.value, o.state, o.why, o.flag FROM observation o \
                 WHERE o.series_id IN (SELECT value FROM json_each($1)) AND o.hour BETWEEN $2 AND $3 \
                 ORDER BY o.series_id, o.hour";
            sqlx::query_as(sql).bind(json(ids)).bind(from).bind(to).fetch_all(&mut **c).await?
        }
        Both::Postgres(c) => {
            let sql = "SELECT o.series_id, o.hour, o.value, o.state, o.why, o.flag FROM observation o \
                 WHERE o.series_id = ANY ($1) AND o.hour BETWEEN $2 AND $3 ORDER BY o.series_id, o.hour";
            sqlx::query_as(sql).bind(ids).bind(from).bind(to).fetch_all(&mut **c).await?
        }
    };
    let mut cells: HashMap<i32, Vec<(i32, Reading)>> = HashMap::new();
    for (series, hour, value, state, why, flag) in rows {
        cells.entry(series).or_default().push((hour, Cell { value, state, why }.reading(flag)?));
    }
    Ok(cells)
}

/// A list of ids as SQLite takes it: one parameter, whatever its length.
pub(crate) fn json(ids: &[i32]) -> String {
    serde_json::to_string(ids).expect("numbers are always JSON")
}

/// The usable values of some series, gathered by the database into one row a series: a row costs the driver
/// about a microsecond, which a training run of millions would feel.
async fn columns(
    reader: &mut Reader,
    ids: &[i32],
    from: BeijingHour,
    to: BeijingHour,
    hours: usize,
) -> Result<HashMap<i32, Vec<Option<Concentration>>>, StoreError> {
    let (first, last) = (hour_bound(from), hour_bound(to));
    let gathered: Vec<(i32, Vec<(i64, i64)>)> = match reader {
        Both::Sqlite(c) => {
            let sql = "SELECT series_id, group_concat(hour || ' ' || value) FROM observation \
                 WHERE series_id IN (SELECT value FROM json_each($1)) AND hour BETWEEN $2 AND $3 \
                 AND state <= 1 AND flag <> 1 GROUP BY series_id";
            let rows: Vec<(i32, String)> =
                sqlx::query_as(sql).bind(json(ids)).bind(first).bind(last).fetch_all(&mut **c).await?;
            rows.into_iter().map(|(id, text)| Ok((id, pairs(&text)?))).collect::<Result<_, StoreError>>()?
        }
        Both::Postgres(c) => {
            let sql = "SELECT series_id, array_agg(hour), array_agg(value) FROM observation \
                 WHERE series_id = ANY ($1) AND hour BETWEEN $2 AND $3 AND state <= 1 AND flag <> 1 \
                 GROUP BY series_id";
            let rows: Vec<(i32, Vec<i32>, Vec<i64>)> =
                sqlx::query_as(sql).bind(ids).bind(first).bind(last).fetch_all(&mut **c).await?;
            let pairs = |hours: Vec<i32>, values| hours.into_iter().map(i64::from).zip(values).collect();
            rows.into_iter().map(|(id, hours, values): (_, _, Vec<i64>)| (id, pairs(hours, values))).collect()
        }
    };
    let column = |pairs: Vec<(i64, i64)>| {
        let mut values = vec![None; hours];
        for (hour, value) in pairs {
            values[(hour - from.index()) as usize] = Some(Concentration::from_picograms(value));
        }
        values
    };
    Ok(gathered.into_iter().map(|(id, pairs)| (id, column(pairs))).collect())
}

/// Reads `hour value,hour value,…`.
fn pairs(text: &str) -> Result<Vec<(i64, i64)>, StoreError> {
    let pair = |pair: &str| {
        let (hour, value) = pair.split_once(' ')?;
        Some((hour.parse().ok()?, value.parse().ok()?))
    };
    let read = |text| pair(text).ok_or_else(|| StoreError::unreadable("an hour and its value", text));
    text.split(',').map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Flag, Missing};

    fn valid(micrograms: i64) -> Reading {
        Reading::Valid(Concentration::micrograms(micrograms))
    }

    #[test]
    fn the_first_source_speaks_unless_it_has_nothing_usable() {
        let invalid = Reading::Invalid(Concentration::micrograms(-1), Flag::OutOfRange);
        let missing = Reading::Missing(Missing::NotReported);
        let first = vec![(1, valid(10)), (2, missing), (3, invalid), (5, missing)];
        let second = vec![(1, valid(11)), (2, valid(12)), (3, missing), (4, valid(14))];
        let spoken = [(1, valid(10)), (2, valid(12)), (3, invalid), (4, valid(14)), (5, missing)];
        assert_eq!(speak(vec![first, second]), spoken);
    }

    #[test]
    fn gathered_text_is_read_back_or_refused() {
        assert_eq!(pairs("-5 35000000,420768 -9223372036854775808").unwrap(), [(-5, 35_000_000), (420_768, i64::MIN)]);
        assert!(pairs("420768").is_err() && pairs("1 x").is_err() && pairs("").is_err());
    }
}
