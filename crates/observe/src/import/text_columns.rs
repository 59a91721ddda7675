//! Text in columns: station, year, month, day, sometimes hour, position, SO2, NO2, CO, O3, PM10, PM2.5.
//!
//! Traps: a daily file leaves the hour blank, so that fields are counted, not columns; -9999 is missing.

use super::Layout;
use super::cell::Cell;
use super::emit::Emit;
use super::input::{Head, Input};
use super::lines::Lines;
use super::time::{day_of, hour_label};
use crate::{DayBasis, ObserveError, RowFault, SiteInfo};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout = Layout { id: "text-columns", title: "station values in text columns", detect, read };

const DAILY_FIELDS: usize = 12;
const HOURLY_FIELDS: usize = 13;

fn detect(head: &Head) -> bool {
    let Some(line) = head.lines().first() else { return false };
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let numbers = fields.iter().all(|field| field.parse::<f64>().is_ok());
    matches!(fields.len(), DAILY_FIELDS | HOURLY_FIELDS) && numbers && day_of(fields[1], fields[2], fields[3]).is_ok()
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut lines = Lines::new(input);
    while let Some(line) = lines.next()? {
        emit.row();
        match line.text {
            Some(text) => row(line.number, &text, emit)?,
            None => emit.refuse(line.number, None, RowFault::Encoding, ""),
        }
    }
    Ok(())
}

fn row(number: u64, text: &str, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if !matches!(fields.len(), DAILY_FIELDS | HOURLY_FIELDS) {
        emit.refuse(number, None, RowFault::FieldCount, text);
        return Ok(());
    }
    let Ok(site) = format!("text-{}", fields[0]).parse::<SiteCode>() else {
        emit.refuse(number, Some("siteID"), RowFault::Site, fields[0]);
        return Ok(());
    };
    let day = match day_of(fields[1], fields[2], fields[3]) {
        Ok(day) => day,
        Err(fault) => {
            emit.refuse(number, Some("day"), fault, &fields[1..4].join("-"));
            return Ok(());
        }
    };
    let (place, values) = fields[fields.len() - 8..].split_at(2);
    position(number, &site, place, emit)?;
    let cells = cells(values);
    if fields.len() == DAILY_FIELDS {
        emit.note("no hour: daily values; how ozone was averaged over the day is not stated");
        let cells: Vec<(Cell<'_>, DayBasis)> = cells.into_iter().map(|cell| (cell, basis(cell.pollutant))).collect();
        return emit.day(number, &site, day, &cells);
    }
    match hour_label(day, fields[4]) {
        Ok(hour) => emit.hour(number, &site, hour, &cells),
        Err(fault) => {
            emit.refuse(number, Some("hour"), fault, fields[4]);
            Ok(())
        }
    }
}

fn cells<'t>(values: &[&'t str]) -> Vec<Cell<'t>> {
    let cell = |(pollutant, text): (Pollutant, &&'t str)| Cell {
        pollutant,
        unit: pollutant.unit(),
        column: pollutant.code(),
        text,
    };
    Pollutant::ALL.into_iter().zip(values).map(cell).collect()
}

fn basis(pollutant: Pollutant) -> DayBasis {
    if pollutant == Pollutant::O3 { DayBasis::NotStated } else { DayBasis::Mean }
}

fn position(number: u64, site: &SiteCode, place: &[&str], emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let (Ok(lon), Ok(lat)) = (place[0].parse(), place[1].parse()) else {
        emit.refuse(number, Some("longitude"), RowFault::Coordinate, &place.join(" "));
        return Ok(());
    };
    emit.site(number, SiteInfo { code: site.clone(), name: site.to_string(), city: None, lon, lat })
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn a_daily_row_has_no_hour() {
        let (report, records) = read(
            b"70004 2017  4 11     117.1840      39.1205       14       33        0.825      127    -9999       48\n",
        );
        let report = report.unwrap();
        assert_eq!((report.sites, report.kept, report.missing), (1, 5, 1));
        assert_eq!(readings(&records)[2], "text-70004 CO 2017-04-11 0.825");
    }

    #[test]
    fn an_hourly_row_names_the_end_of_its_hour_and_a_short_one_is_refused() {
        let file = "70001 2014 11 24 19    125.3230      43.9167       49       70        1.247       73      138       98\n70001 2014 11 24 19\n";
        let (report, records) = read(file.as_bytes());
        assert_eq!(readings(&records)[5], "text-70001 PM2_5 2014-11-24T19:00:00+08:00 98");
        assert_eq!(report.unwrap().refusals[0].line, 2);
    }
}
