//! Tables of sub-indices: Shanghai stations of 2013 (IAQI) and stations scraped with US indices in 2014.
//!
//! An index can't be turned back into the concentration it came from without loss, and the US scale is
//! another one; so the values are refused as a whole. Station positions beside them are kept.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use crate::{ObserveError, RowFault, SiteInfo};
use units::SiteCode;

pub(super) const SHANGHAI: Layout =
    Layout { id: "uair-shanghai", title: "Shanghai stations, IAQI", detect: detect_shanghai, read: read_shanghai };

pub(super) const UNITED_STATES: Layout =
    Layout { id: "us-aqi-stations", title: "stations with US sub-indices", detect: detect_us, read: read_us };

fn detect_shanghai(head: &Head) -> bool {
    head.has(&["station_id", "time", "PM25_AQI_value"])
}

fn detect_us(head: &Head) -> bool {
    head.has(&["locationid", "est_time"])
}

fn read_shanghai(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, SHANGHAI.id)?;
    emit.note("sub-indices (IAQI), not stored");
    refuse_values(&mut table, &["PM25_AQI_value", "PM10_AQI_value", "NO2_AQI_value"], emit, |_, _| Ok(()))
}

fn read_us(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, UNITED_STATES.id)?;
    let at = [
        table.column("locationid")?,
        table.column("stationname")?,
        table.column("longitude")?,
        table.column("latitude")?,
    ];
    emit.note("sub-indices of the US scale, time US Eastern: not stored; the stations' positions are");
    let values = ["pm25", "pm10", "o3", "no2", "so2", "co"];
    refuse_values(&mut table, &values, emit, |table, emit| position(table, at, emit))
}

/// Refuses the value columns of all rows, in one entry per column.
fn refuse_values(
    table: &mut Table<'_, '_>,
    columns: &[&str],
    emit: &mut Emit<'_>,
    each: impl Fn(&Table<'_, '_>, &mut Emit<'_>) -> Result<(), ObserveError>,
) -> Result<(), ObserveError> {
    let mut rows = 0;
    while table.advance(emit)? {
        rows += 1;
        each(table, emit)?;
    }
    for column in columns {
        table.column(column)?;
        emit.refuse_many(rows, 1, Some(column), RowFault::SubIndex, column);
    }
    Ok(())
}

fn position(table: &Table<'_, '_>, at: [usize; 4], emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let [id, name, lon, lat] = at.map(|column| table.get(column));
    let Ok(code) = format!("us-aqi-{id}").parse::<SiteCode>() else {
        emit.refuse(table.line(), Some("locationid"), RowFault::Site, id);
        return Ok(());
    };
    let (Ok(lon), Ok(lat)) = (lon.parse(), lat.parse()) else {
        emit.refuse(table.line(), Some("longitude"), RowFault::Coordinate, &format!("{lon} {lat}"));
        return Ok(());
    };
    emit.site(table.line(), SiteInfo { code, name: name.to_string(), city: None, lon, lat })
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn shanghai_indices_are_refused_by_column() {
        let file = "station_id,time,PM25_AQI_value,PM10_AQI_value,NO2_AQI_value,temperature\n\
            002001,2/8/2013 1:00:00 AM,44,28,7,-1\n002001,2/8/2013 2:00:00 AM,37,24,6,-1\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.rows_read, report.kept, report.refused, records.len()), (2, 0, 6, 0));
        assert!(report.refusals.iter().all(|refusal| refusal.reason.starts_with("O-208")));
    }

    #[test]
    fn us_indices_are_refused_and_the_stations_kept_once() {
        let row = "2,\"Temple of Heaven, Dongcheng\",,39.887403,116.41324,185,90,6,44,9,35,20141227170000\n";
        let file = format!(
            "locationid,stationname,chinesename,latitude,longitude,pm25,pm10,o3,no2,so2,co,est_time\n{row}{row}"
        );
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.sites, report.kept, report.refused, readings(&records).len()), (1, 0, 12, 0));
    }
}
