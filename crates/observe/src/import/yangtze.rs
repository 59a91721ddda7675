//! Hourly values of 24 stations of Hefei, Tongling and Chizhou, first quarter of 2023; stations by number.
//!
//! Traps: three closed stations are empty throughout; the running 8 h mean of ozone stands beside the hourly
//! value; the list of sites counts from 0, the table from 1.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::time::local_hour;
use crate::{ObserveError, RowFault};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "yangtze-stations", title: "Hefei, Tongling, Chizhou stations by number", detect, read };

pub(super) const VALUES: [(&str, Pollutant); 6] = [
    ("SO2", Pollutant::So2),
    ("NO2", Pollutant::No2),
    ("CO", Pollutant::Co),
    ("O3", Pollutant::O3),
    ("PM10", Pollutant::Pm10),
    ("PM2.5", Pollutant::Pm25),
];

fn detect(head: &Head) -> bool {
    head.has(&["datetime", "Station"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let (time, station) = (table.column("datetime")?, table.column("Station")?);
    let values = table.values(&VALUES)?;
    emit.note("the published running 8 h mean of ozone is not stored: it is recomputed");
    while table.advance(emit)? {
        let Some(site) = site(table.get(station)) else {
            emit.refuse(table.line(), Some("Station"), RowFault::Site, table.get(station));
            continue;
        };
        match local_hour(table.get(time)) {
            Ok(hour) => emit.hour(table.line(), &site, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("datetime"), fault, table.get(time)),
        }
    }
    Ok(())
}

fn site(number: &str) -> Option<SiteCode> {
    number.parse::<u16>().ok().map(site_of)
}

/// The code of a station by the number the table counts from 1.
pub(super) fn site_of(number: u16) -> SiteCode {
    format!("yangtze-{number}").parse().expect("letters and digits are a site code")
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn a_closed_station_is_missing_and_the_8_h_mean_is_left_out() {
        let file = "datetime,PM2.5,PM10,SO2,NO2,O3,O3_8h,CO,Station\n\
            2023-01-01 00:00:00,107.0,171.0,11.0,101.0,2.0,12.0,1.0,1\n2023-01-01 00:00:00,,,,,,,,23\n2023-01-01,1,1,1,1,1,1,1,x\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.kept, report.missing, report.refused), (6, 6, 1));
        assert_eq!(readings(&records)[3], "yangtze-1 O3 2023-01-01T00:00:00+08:00 2");
    }
}
