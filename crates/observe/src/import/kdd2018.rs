//! KDD Cup 2018: Beijing and London stations in UTC, in two tables of different headings.
//!
//! Traps: times are UTC; the table with `utc_time` was filled by its author with averages; London is here
//! too, under the same headings, without ozone.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::{Table, ValueColumns};
use super::time::utc_hour;
use crate::{ObserveError, RowFault};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout = Layout { id: "kdd2018", title: "KDD Cup 2018 station hours, UTC", detect, read };

fn detect(head: &Head) -> bool {
    head.has(&["stationId", "utc_time"]) || head.has(&["id", "station_id", "time", "PM25"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let filled = table.optional("utc_time").is_some();
    let (time, station) = if filled { ("utc_time", "stationId") } else { ("time", "station_id") };
    let (at_time, at_station) = (table.column(time)?, table.column(station)?);
    let values = values(&table, if filled { "PM2.5" } else { "PM25" })?;
    emit.note("times are UTC, moved to Beijing time");
    if filled {
        emit.note("gaps were filled by the author of the file: its values are not all measured");
    }
    while table.advance(emit)? {
        let Ok(site) = table.get(at_station).parse::<SiteCode>() else {
            emit.refuse(table.line(), Some(station), RowFault::Site, table.get(at_station));
            continue;
        };
        if !site.as_str().ends_with("_aq") {
            emit.note(
                "stations of London: the hours are the same moments, but a day of Beijing is not a day of theirs",
            );
        }
        match utc_hour(table.get(at_time)) {
            Ok(hour) => emit.hour(table.line(), &site, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some(time), fault, table.get(at_time)),
        }
    }
    Ok(())
}

fn values(table: &Table<'_, '_>, fine: &str) -> Result<ValueColumns, ObserveError> {
    let names = ["SO2", "NO2", "CO", "O3", "PM10", fine];
    let pairs: Vec<(&str, Pollutant)> = names.into_iter().zip(Pollutant::ALL).collect();
    table.values(&pairs)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn utc_becomes_beijing_time_in_both_tables() {
        let live =
            "id,station_id,time,PM25,PM10,NO2,CO,O3,SO2\n1,dongsi_aq,2018-03-31 16:00:00,105.0,172.0,53.0,0.8,127.0,\n";
        let (report, records) = read(live.as_bytes());
        assert_eq!(readings(&records)[5], "dongsi_aq PM2_5 2018-04-01T00:00:00+08:00 105");
        assert_eq!(report.unwrap().missing, 1);
        let filled = "stationId,utc_time,PM2.5,PM10,NO2,CO,O3,SO2\nmiyunshuiku_aq,2018-01-31 16:00:00,26.3333333333,63.3,22.0,0.55,46.2,7.5\n";
        let (report, records) = read(filled.as_bytes());
        assert_eq!(readings(&records)[5], "miyunshuiku_aq PM2_5 2018-02-01T00:00:00+08:00 26.333333");
        assert!(report.unwrap().notes.iter().any(|note| note.contains("not all measured")));
    }

    #[test]
    fn london_is_noted() {
        let file = "id,station_id,time,PM25,PM10,NO2,CO,O3,SO2\n2941506,CD1,2018-03-31 07:00:00,9.9,14.3,70.4,,,\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.kept, report.missing, records.len()), (3, 3, 6));
        assert!(report.notes.iter().any(|note| note.contains("London")));
    }
}
