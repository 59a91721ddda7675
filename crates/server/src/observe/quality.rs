//! Can the data be trusted: feeds, completeness, outages, flags.

use super::window::Window;
use crate::extract::Query;
use crate::figure::Figure;
use crate::period::PeriodQuery;
use crate::problem::Problem;
use crate::sight::{Sight, own_cities, sites};
use crate::stamp::{Stamp, label};
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::observe::regions::Region;
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Flagged, Series};
use units::{BeijingDay, BeijingHour, Pollutant, SiteCode};
use utoipa::ToSchema;

const USUAL_HOURS: i64 = 168;
const MOST_DAYS: i64 = 62;
/// Fewer hours in a row are a gap, not an outage.
const OUTAGE_HOURS: usize = 3;
/// Flags told, the newest.
const FLAGS_TOLD: usize = 500;
/// Sites of a source that are asked for its newest hour, and how far back.
const FEED_SITES: usize = 30;
const FEED_HOURS: i64 = 72;

/// The state of the data in a period.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quality {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    from: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    to: BeijingHour,
    feeds: Vec<Feed>,
    /// One row a city and pollutant.
    matrix: Vec<MatrixRow>,
    outages: Vec<Outage>,
    /// Values in doubt or invalid, newest first, at most 500.
    flags: Vec<FlagRow>,
}

/// One source of observations.
#[derive(Serialize, ToSchema)]
pub(crate) struct Feed {
    source: String,
    label: String,
    label_en: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    latest_hour: Option<BeijingHour>,
    age_minutes: Option<i64>,
    /// `fresh` below an hour, `late` below two, then `stale`.
    state: &'static str,
    /// Sites times pollutants.
    series: usize,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MatrixRow {
    code: String,
    name: String,
    pollutant: &'static str,
    hours_due: usize,
    /// Usable and without a flag.
    valid: usize,
    /// Neither a value nor a flag.
    missing: usize,
    /// Hours by flag.
    flagged: BTreeMap<String, usize>,
    days: Vec<DayShare>,
}

/// Share of a day's hours in the period that have a usable value, 0 to 1.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayShare {
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    share: Option<Figure>,
}

/// Hours in a row without a value.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Outage {
    code: String,
    name: String,
    pollutants: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    from: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    to: BeijingHour,
    hours: i64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FlagRow {
    code: String,
    name: String,
    pollutant: &'static str,
    #[schema(value_type = String, format = DateTime)]
    hour: BeijingHour,
    /// As received, µg/m³, CO mg/m³.
    value: Option<Figure>,
    flag: &'static str,
}

/// The quality of a period; by default the last seven days. CSV and xlsx give the matrix.
#[utoipa::path(get, path = "/api/v1/quality", tag = "observe", params(PeriodQuery),
    responses((status = 200, body = Quality), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn quality(
    State(state): State<AppState>,
    Query(query): Query<PeriodQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let sight = Sight::now(&state);
    let (from, to) = query.seen(sight.as_of(), USUAL_HOURS - 1, MOST_DAYS)?;
    let cities = own_cities();
    let window = sight.values(&sites(&cities), from, to).await?;
    let marked = sight.flags(from, to).await?;
    let latest = sight.latest_hour().await?;
    let body = Quality {
        stamp: Stamp::observed(latest, AqiEdition::in_force(to.day()).id(), state.options().demo),
        from,
        to,
        feeds: feeds(&state, sight).await?,
        matrix: matrix(&cities, &window, &marked),
        outages: outages(&cities, &window),
        flags: marked.iter().rev().take(FLAGS_TOLD).filter_map(flag_row).collect(),
    };
    answer(shape, body, table)
}

async fn feeds(state: &AppState, sight: Sight<'_>) -> Result<Vec<Feed>, ServerError> {
    let mut by_source: BTreeMap<String, Vec<Series>> = BTreeMap::new();
    for series in state.store().series().await? {
        // A source that begins later is not known yet.
        if series.first.is_some_and(|first| first <= sight.as_of()) {
            by_source.entry(series.source.clone()).or_default().push(series);
        }
    }
    let mut feeds = Vec::new();
    for (source, series) in by_source {
        let latest_hour = newest(&series, sight).await?;
        feeds.push(feed(&source, series.len(), latest_hour, sight.as_of()));
    }
    Ok(feeds)
}

/// A record that ended tells its own last hour; one that goes on is looked at.
async fn newest(series: &[Series], sight: Sight<'_>) -> Result<Option<BeijingHour>, ServerError> {
    let last = series.iter().filter_map(|series| series.last).max();
    if last.is_none_or(|last| last <= sight.as_of()) {
        return Ok(last);
    }
    let mut some: Vec<SiteCode> = series.iter().map(|series| series.site.clone()).collect();
    some.dedup();
    some.truncate(FEED_SITES);
    let window = sight.values(&some, sight.as_of() - FEED_HOURS, sight.as_of()).await?;
    let told = |at: &usize| {
        (0..some.len()).any(|site| Pollutant::ALL.iter().any(|pollutant| window.value(site, *pollutant, *at).is_some()))
    };
    Ok((0..window.hours()).rev().find(told).map(|at| window.hour(at)))
}

fn feed(source: &str, series: usize, latest_hour: Option<BeijingHour>, as_of: BeijingHour) -> Feed {
    let (zh, en) = label(source);
    let age_minutes = latest_hour.map(|hour| (as_of - hour) * 60);
    let state = match age_minutes {
        Some(age) if age < 60 => "fresh",
        Some(age) if age < 120 => "late",
        _ => "stale",
    };
    Feed { source: source.into(), label: zh.into(), label_en: en.into(), latest_hour, age_minutes, state, series }
}

fn matrix(cities: &[&Region], window: &Window, marked: &[Flagged]) -> Vec<MatrixRow> {
    let mut flagged: BTreeMap<(&str, Pollutant), BTreeMap<String, usize>> = BTreeMap::new();
    let mut unusable: BTreeMap<(&str, Pollutant), usize> = BTreeMap::new();
    for row in marked.iter().map(|flagged| &flagged.row) {
        let (key, Some(flag)) = ((row.site.as_str(), row.pollutant), row.reading.flag()) else { continue };
        *flagged.entry(key).or_default().entry(flag.code().into()).or_default() += 1;
        *unusable.entry(key).or_default() += usize::from(row.reading.usable().is_none());
    }
    let mut rows = Vec::new();
    for (site, city) in cities.iter().enumerate() {
        for pollutant in Pollutant::ALL {
            let code = city.code.to_string();
            let key = (code.as_str(), pollutant);
            let flagged = flagged.get(&key).cloned().unwrap_or_default();
            let invalid = unusable.get(&key).copied().unwrap_or(0);
            let usable = (0..window.hours()).filter(|at| window.value(site, pollutant, *at).is_some()).count();
            let suspect = flagged.values().sum::<usize>() - invalid;
            rows.push(MatrixRow {
                name: city.name.clone(),
                pollutant: pollutant.code(),
                hours_due: window.hours(),
                valid: usable.saturating_sub(suspect),
                missing: window.hours().saturating_sub(usable + invalid),
                flagged,
                days: day_shares(window, site, pollutant),
                code,
            });
        }
    }
    rows
}

fn day_shares(window: &Window, site: usize, pollutant: Pollutant) -> Vec<DayShare> {
    let mut days: BTreeMap<BeijingDay, (usize, usize)> = BTreeMap::new();
    for at in 0..window.hours() {
        let (usable, due) = days.entry(window.hour(at).day()).or_default();
        *usable += usize::from(window.value(site, pollutant, at).is_some());
        *due += 1;
    }
    let share = |(date, (usable, due))| DayShare { date, share: Figure::rounded(usable as f64 / due as f64, 2) };
    days.into_iter().map(share).collect()
}

/// Newest first; pollutants that fail together are one outage.
fn outages(cities: &[&Region], window: &Window) -> Vec<Outage> {
    let mut outages = Vec::new();
    for (site, city) in cities.iter().enumerate() {
        let mut by_span: BTreeMap<(usize, usize), Vec<&'static str>> = BTreeMap::new();
        for pollutant in Pollutant::ALL {
            for span in gaps(window, site, pollutant) {
                by_span.entry(span).or_default().push(pollutant.code());
            }
        }
        outages.extend(by_span.into_iter().map(|((first, last), pollutants)| Outage {
            code: city.code.to_string(),
            name: city.name.clone(),
            pollutants,
            from: window.hour(first),
            to: window.hour(last),
            hours: (last - first + 1) as i64,
        }));
    }
    outages.sort_by(|a, b| (b.to, &a.code).cmp(&(a.to, &b.code)));
    outages
}

/// First and last offset of each long enough run of missing hours.
fn gaps(window: &Window, site: usize, pollutant: Pollutant) -> Vec<(usize, usize)> {
    let missing: Vec<bool> = (0..window.hours()).map(|at| window.value(site, pollutant, at).is_none()).collect();
    let mut start = 0;
    let mut gaps = Vec::new();
    for run in missing.chunk_by(|a, b| a == b) {
        if run[0] && run.len() >= OUTAGE_HOURS {
            gaps.push((start, start + run.len() - 1));
        }
        start += run.len();
    }
    gaps
}

fn flag_row(flagged: &Flagged) -> Option<FlagRow> {
    let row = &flagged.row;
    let region = row.site.region().and_then(::observe::regions::by_code);
    Some(FlagRow {
        code: row.site.to_string(),
        name: region.map_or_else(|| row.site.to_string(), |region| region.name.clone()),
        pollutant: row.pollutant.code(),
        hour: row.hour,
        value: row.reading.received().and_then(|value| Figure::rounded(value.to_f64(row.pollutant.unit()), 3)),
        flag: row.reading.flag()?.code(),
    })
}

fn table(quality: &Quality) -> Table {
    let columns = ["code", "city", "pollutant", "from", "to", "hours_due", "valid", "missing", "flagged"];
    let row = |row: &MatrixRow| -> Vec<Cell> {
        vec![
            row.code.clone().into(),
            row.name.clone().into(),
            row.pollutant.into(),
            quality.from.to_string().into(),
            quality.to.to_string().into(),
            row.hours_due.into(),
            row.valid.into(),
            row.missing.into(),
            row.flagged.values().sum::<usize>().into(),
        ]
    };
    Table {
        title: "数据完整性".into(),
        file: "quality".into(),
        stamp: quality.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: quality.matrix.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;
    use store::Row;
    use units::{Concentration, Flag, Reading};

    fn pm25(values: Vec<Option<i64>>) -> Window {
        window_of(
            &Pollutant::ALL
                .map(|p| (p, if p == Pollutant::Pm25 { values.clone() } else { vec![Some(1); values.len()] })),
        )
    }

    #[test]
    fn three_hours_in_a_row_are_an_outage_and_two_are_not() {
        let window = pm25(vec![None, None, Some(1), None, None, None, Some(1)]);
        let cities = crate::sight::own_cities();
        let found = outages(&cities[..1], &window);
        assert_eq!((found.len(), found[0].hours, found[0].pollutants.clone()), (1, 3, vec!["PM2_5"]));
        assert_eq!(found[0].from, window.hour(3));
    }

    #[test]
    fn valid_missing_and_flagged_hours_add_up_to_the_hours_due() {
        let window = pm25(vec![Some(5), Some(900), None, None]);
        let mark = |at: usize, reading| Flagged {
            row: Row { site: "320100".parse().unwrap(), pollutant: Pollutant::Pm25, hour: window.hour(at), reading },
            source: "cnemc-city".into(),
        };
        let marked = [
            mark(1, Reading::Suspect(Concentration::micrograms(900), Flag::Spike)),
            mark(2, Reading::Invalid(Concentration::micrograms(-3), Flag::OutOfRange)),
        ];
        let rows = matrix(&crate::sight::own_cities()[..1], &window, &marked);
        let row = rows.iter().find(|row| row.pollutant == "PM2_5").unwrap();
        assert_eq!((row.hours_due, row.valid, row.missing, row.flagged.len()), (4, 1, 1, 2));
        assert_eq!(row.days[0].share.map(Figure::get), Some(0.5));
        assert_eq!(flag_row(&marked[1]).unwrap().value.map(Figure::get), Some(-3.0));
    }

    #[test]
    fn a_feed_is_late_after_an_hour_and_stale_after_two() {
        let hour = BeijingHour::from_index;
        let states = [100, 99, 98].map(|latest| feed("cnemc-city", 78, Some(hour(latest)), hour(100)).state);
        assert_eq!(states, ["fresh", "late", "stale"]);
        assert_eq!(feed("x", 1, None, hour(100)).state, "stale");
    }
}
