//! Hourly city means of the national network: `date,hour,type` and one column per city.
//!
//! Traps: 15 rows an hour, of which six are hourly concentrations and the others indices or running means;
//! the hour labelled 0 closes the day before; the set and order of cities change, and some cities have two
//! columns under an old and a new name, one of them empty.

use super::Layout;
use super::cell::{Cell, Content};
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::time::{compact_day, hour_label};
use crate::{ObserveError, RowFault, regions};
use units::{BeijingHour, Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "cnemc-city", title: "中国环境监测总站 hourly city means, one column per city", detect, read };

fn detect(head: &Head) -> bool {
    head.has(&["date", "type"]) || head.has(&["hour", "type"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let (date, hour, kind) = (table.column("date")?, table.column("hour")?, table.column("type")?);
    let cities = city_columns(&table, &[date, hour, kind], emit);
    emit.note("AQI and running means as published are not stored: they are recomputed");
    while table.advance(emit)? {
        // A single kind of row may be damaged; its code tells which rows hold hourly concentrations.
        let Ok(pollutant) = table.get(kind).parse::<Pollutant>() else { continue };
        match time(table.get(date), table.get(hour)) {
            Ok(time) => pass_on(&table, &cities, pollutant, time, emit)?,
            Err((fault, column, text)) => emit.refuse(table.line(), Some(column), fault, text),
        }
    }
    Ok(())
}

fn time<'t>(date: &'t str, hour: &'t str) -> Result<BeijingHour, (RowFault, &'static str, &'t str)> {
    let day = compact_day(date).map_err(|fault| (fault, "date", date))?;
    hour_label(day, hour).map_err(|fault| (fault, "hour", hour))
}

/// Each city once, with its columns: region code where the name is known, else the name itself.
fn city_columns(table: &Table<'_, '_>, others: &[usize], emit: &mut Emit<'_>) -> Vec<(SiteCode, Vec<usize>)> {
    let mut cities: Vec<(SiteCode, Vec<usize>)> = Vec::new();
    for (at, name) in table.header().iter().enumerate().filter(|(at, _)| !others.contains(at)) {
        let known = regions::by_name(name).map(|region| SiteCode::from(region.code));
        if known.is_none() {
            emit.note(&format!("{name} has no region code here and keeps its name"));
        }
        let Some(site) = known.or_else(|| name.parse().ok()) else {
            emit.refuse(1, Some(name), RowFault::Site, name);
            continue;
        };
        match cities.iter_mut().find(|(other, _)| *other == site) {
            Some((_, columns)) => {
                emit.note(&format!("{name} is a second column of {site}; the one with a value is used"));
                columns.push(at);
            }
            None => cities.push((site, vec![at])),
        }
    }
    cities
}

fn pass_on(
    table: &Table<'_, '_>,
    cities: &[(SiteCode, Vec<usize>)],
    pollutant: Pollutant,
    time: BeijingHour,
    emit: &mut Emit<'_>,
) -> Result<(), ObserveError> {
    let cells: Vec<(Cell<'_>, Content)> = cities.iter().map(|(_, columns)| cell(table, columns, pollutant)).collect();
    let contents: Vec<Content> = cells.iter().map(|(_, content)| *content).collect();
    if !emit.is_new(table.line(), pollutant.code(), time.index(), &contents) {
        return Ok(());
    }
    for ((site, _), (cell, content)) in cities.iter().zip(cells) {
        emit.value(table.line(), site, time, &cell, content)?;
    }
    Ok(())
}

/// The first of a city's columns that holds something.
fn cell<'t>(table: &'t Table<'_, '_>, columns: &[usize], pollutant: Pollutant) -> (Cell<'t>, Content) {
    let at = |column: usize| {
        let text = table.get(column);
        let cell = Cell { pollutant, unit: pollutant.unit(), column: &table.header()[column], text };
        (cell, cell.content())
    };
    let mut found = columns.iter().map(|column| at(*column));
    let first = found.next().expect("a city is entered with its first column");
    if !matches!(first.1, Content::Missing(_)) {
        return first;
    }
    found.find(|(_, content)| !matches!(content, Content::Missing(_))).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    const FILE: &str = "date,hour,type,南京,那曲地区,那曲,雄安新区\n\
        20180101,0,AQI,79,,,\n\
        20180101,0,PM2.5,50,7,,9\n\
        20180101,0,PM2.5_24h,51,,,\n\
        20180101,0,CO,0.62,,0.4,\n";

    #[test]
    fn hour_zero_closes_the_day_before_and_only_hourly_concentrations_are_kept() {
        let (report, records) = read(FILE.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.format, report.rows_read, report.kept, report.missing), ("cnemc-city", 4, 5, 1));
        assert_eq!(
            readings(&records),
            [
                "320100 PM2_5 2018-01-01T00:00:00+08:00 50",
                "540600 PM2_5 2018-01-01T00:00:00+08:00 7",
                "雄安新区 PM2_5 2018-01-01T00:00:00+08:00 9",
                "320100 CO 2018-01-01T00:00:00+08:00 0.62",
                "540600 CO 2018-01-01T00:00:00+08:00 0.4",
                "雄安新区 CO 2018-01-01T00:00:00+08:00 missing",
            ]
        );
    }

    #[test]
    fn a_bad_date_and_a_bad_hour_are_refused_with_line_and_column() {
        let file = "date,hour,type,南京\n20180230,1,PM2.5,5\n20180228,24,PM2.5,5\n20180228,1,PM2.5,5\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        let places: Vec<_> = report.refusals.iter().map(|r| (r.line, r.column.as_deref().unwrap())).collect();
        assert_eq!((places, records.len()), (vec![(2, "date"), (3, "hour")], 1));
    }

    #[test]
    fn a_repeated_row_counts_once_and_a_conflicting_one_is_listed() {
        let file = "date,hour,type,南京\n20180101,1,O3,5\n20180101,1,O3,5.0\n20180101,1,O3,6\n20180101,1,CO,0.5\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.duplicates, report.refused, records.len()), (1, 1, 2));
        assert!(report.refusals[0].reason.starts_with("O-207"));
    }

    #[test]
    fn a_file_without_hours_is_refused_by_the_column_it_lacks() {
        let (report, _) = read(b"date,type,\xe5\x8d\x97\xe4\xba\xac\n20180101,O3,5\n");
        assert_eq!(
            report.unwrap_err().to_string(),
            "O-105 test: line 1: the layout cnemc-city needs a column \"hour\"; nothing was kept"
        );
    }
}
