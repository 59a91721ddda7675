//! This program's own table: `time,site` and any of `SO2,NO2,CO,O3,PM10,PM2_5` (µg/m³, CO mg/m³).
//!
//! Times are RFC 3339 and name the end of the hour. Unknown columns are ignored with a note, among them
//! `O3_8h`, which is recomputed. A site that is the Chinese name of a region becomes its code.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::{Table, ValueColumns};
use super::time::local_hour;
use crate::{ObserveError, RowFault, regions};
use units::{BeijingHour, Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "qingkong-csv", title: "hourly values of this program, CSV", detect, read };

fn detect(head: &Head) -> bool {
    let pollutants = Pollutant::ALL.iter().filter(|pollutant| head.has(&[pollutant.code()])).count();
    head.has(&["time", "site"]) || (pollutants > 0 && (head.has(&["time"]) || head.has(&["site"])))
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.source("file");
    let mut table = Table::open(input, LAYOUT.id)?;
    let (time, site) = (table.column("time")?, table.column("site")?);
    let values = values(&table, emit)?;
    while table.advance(emit)? {
        let Some(code) = site_code(table.get(site), emit) else {
            emit.refuse(table.line(), Some("site"), RowFault::Site, table.get(site));
            continue;
        };
        match hour(table.get(time), emit) {
            Ok(hour) => emit.hour(table.line(), &code, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("time"), fault, table.get(time)),
        }
    }
    Ok(())
}

fn values(table: &Table<'_, '_>, emit: &mut Emit<'_>) -> Result<ValueColumns, ObserveError> {
    let mut values = ValueColumns::new();
    for (at, name) in table.header().iter().enumerate() {
        match Pollutant::ALL.into_iter().find(|pollutant| pollutant.code() == name) {
            Some(pollutant) => values.push((at, pollutant, pollutant.unit())),
            None if name == "time" || name == "site" => {}
            None => emit.note(&format!("column {name:?} is not known here and was ignored")),
        }
    }
    // A table without any value column can only be a mistake in a heading.
    if values.is_empty() { table.column(Pollutant::Pm25.code()).map(|_| values) } else { Ok(values) }
}

fn hour(text: &str, emit: &mut Emit<'_>) -> Result<BeijingHour, RowFault> {
    if let Ok(hour) = text.parse() {
        return Ok(hour);
    }
    let hour = local_hour(text)?;
    emit.note("times without an offset are read as Beijing time");
    Ok(hour)
}

fn site_code(text: &str, emit: &mut Emit<'_>) -> Option<SiteCode> {
    let chinese = !text.is_ascii();
    if let Some(region) = regions::by_name(text).filter(|_| chinese) {
        emit.note("sites that are names of regions get the region's code");
        return Some(region.code.into());
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::ObserveError;
    use crate::import::testing::{read, readings};

    #[test]
    fn a_row_is_read_with_its_units_and_strangers_are_noted() {
        let file = "site,time,CO,PM2_5,O3_8h\n南京,2018-01-13T20:00:00+08:00,0.8,,1\n1142A,2018-01-13 21:00,,75,1\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        let expected = [
            "320100 CO 2018-01-13T20:00:00+08:00 0.8",
            "320100 PM2_5 2018-01-13T20:00:00+08:00 missing",
            "1142A CO 2018-01-13T21:00:00+08:00 missing",
            "1142A PM2_5 2018-01-13T21:00:00+08:00 75",
        ];
        assert_eq!(readings(&records), expected);
        assert!(report.notes.iter().any(|note| note.contains("O3_8h")), "{:?}", report.notes);
    }

    #[test]
    fn negative_and_absurd_values_are_kept_as_invalid_and_endless_ones_refused() {
        let file =
            "time,site,PM2_5,SO2\n2018-01-13T20:00:00+08:00,a,-3,1000000000\n2018-01-13T21:00:00+08:00,a,1e30,x\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        let expected =
            ["a PM2_5 2018-01-13T20:00:00+08:00 invalid -3", "a SO2 2018-01-13T20:00:00+08:00 invalid 1000000000"];
        assert_eq!(readings(&records), expected);
        assert_eq!((report.kept, report.flagged, report.refused), (2, 2, 2));
        let refused: Vec<_> = report.refusals.iter().map(|r| (r.line, r.column.as_deref(), &r.reason[..5])).collect();
        assert_eq!(refused, [(3, Some("PM2_5"), "O-204"), (3, Some("SO2"), "O-203")]);
    }

    #[test]
    fn days_that_are_none_are_refused_by_line_and_column() {
        let file = "time,site,PM2_5\n2018-02-30T01:00:00+08:00,a,3\n2018-02-28T01:30:00+08:00,a,3\n2018-02-28T01:00:00+08:00,,3\n";
        let report = read(file.as_bytes()).0.unwrap();
        let refused: Vec<_> = report.refusals.iter().map(|r| (r.line, r.column.as_deref(), &r.reason[..5])).collect();
        assert_eq!(refused, [(2, Some("time"), "O-201"), (3, Some("time"), "O-202"), (4, Some("site"), "O-210")]);
    }

    #[test]
    fn a_needed_column_is_missed_by_name_and_a_double_one_refused() {
        for (file, column) in
            [("site,PM2_5\na,1\n", "time"), ("time,PM2_5\nx,1\n", "site"), ("time,site,PM2.5\nx,a,1\n", "PM2_5")]
        {
            let report = read(file.as_bytes()).0;
            assert!(matches!(&report, Err(ObserveError::MissingColumn { column: c, .. }) if c == column), "{report:?}");
        }
        assert!(matches!(read(b"time,site,O3,O3\n").0, Err(ObserveError::RepeatedColumn { .. })));
    }

    #[test]
    fn co_in_micrograms_is_found_out() {
        let rows: String = (0..24).map(|h| format!("2018-01-13 {h:02}:00,a,{}\n", 700 + h)).collect();
        let report = read(format!("time,site,CO\n{rows}").as_bytes()).0;
        assert!(matches!(report, Err(ObserveError::UnitDoubtful { doubtful: 24, total: 24, .. })), "{report:?}");
    }

    #[test]
    fn rows_of_another_encoding_are_read_or_listed_and_the_rest_kept() {
        let mut file = "time,site,PM2_5\n2018-01-13 01:00,南京,1\n".as_bytes().to_vec();
        file.extend(b"2018-01-13 02:00,\xc4\xcf\xbe\xa9,2\n2018-01-13 03:00,\xff\xfe\xfd,3\n2018-01-13 04:00,a\n");
        let (report, records) = read(&file);
        let report = report.unwrap();
        assert_eq!(readings(&records).len(), 2);
        let refused: Vec<_> = report.refusals.iter().map(|r| (r.line, &r.reason[..5])).collect();
        assert_eq!(refused, [(4, "O-206"), (5, "O-205")]);
        assert!(report.notes.iter().any(|note| note.starts_with("GBK")));
    }
}
