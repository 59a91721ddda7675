//! UCI 501 "Beijing Multi-Site Air Quality": one station a file, 2013-03 to 2017-02.
//!
//! Traps: CO is in µg/m³; date and hour stand in four columns; missing is `NA`; weather columns beside.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::time::{day_of, hour_label};
use crate::{ObserveError, RowFault};
use units::{MassUnit, Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "uci-prsa", title: "UCI 501 Beijing multi-site air quality", detect, read };

const VALUES: [(&str, Pollutant); 6] = [
    ("SO2", Pollutant::So2),
    ("NO2", Pollutant::No2),
    ("CO", Pollutant::Co),
    ("O3", Pollutant::O3),
    ("PM10", Pollutant::Pm10),
    ("PM2.5", Pollutant::Pm25),
];

fn detect(head: &Head) -> bool {
    head.has(&["year", "month", "day", "hour", "PM2.5", "WSPM"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let [year, month, day, hour] = super::table::clock(&table)?;
    let station = table.column("station")?;
    let mut values = table.values(&VALUES)?;
    for (_, _, unit) in &mut values {
        *unit = MassUnit::Microgram;
    }
    emit.note("CO given in µg/m³, converted");
    emit.note("weather columns are not stored");
    while table.advance(emit)? {
        let Ok(site) = format!("prsa-{}", table.get(station)).parse::<SiteCode>() else {
            emit.refuse(table.line(), Some("station"), RowFault::Site, table.get(station));
            continue;
        };
        let time =
            day_of(table.get(year), table.get(month), table.get(day)).and_then(|day| hour_label(day, table.get(hour)));
        match time {
            Ok(time) => emit.hour(table.line(), &site, time, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("hour"), fault, table.get(hour)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    const HEADER: &str = "\"No\",\"year\",\"month\",\"day\",\"hour\",\"PM2.5\",\"PM10\",\"SO2\",\"NO2\",\"CO\",\"O3\",\"TEMP\",\"PRES\",\"DEWP\",\"RAIN\",\"wd\",\"WSPM\",\"station\"\n";

    #[test]
    fn co_in_micrograms_is_converted() {
        let file = format!("{HEADER}3,2013,3,1,2,7,7,NA,17,300,60,-1.2,1025.3,-24.6,0,\"NNW\",5.3,\"Dongsi\"\n");
        let (report, records) = read(file.as_bytes());
        assert_eq!(
            readings(&records),
            [
                "prsa-Dongsi SO2 2013-03-01T02:00:00+08:00 missing",
                "prsa-Dongsi NO2 2013-03-01T02:00:00+08:00 17",
                "prsa-Dongsi CO 2013-03-01T02:00:00+08:00 0.3",
                "prsa-Dongsi O3 2013-03-01T02:00:00+08:00 60",
                "prsa-Dongsi PM10 2013-03-01T02:00:00+08:00 7",
                "prsa-Dongsi PM2_5 2013-03-01T02:00:00+08:00 7",
            ]
        );
        assert!(report.unwrap().notes.iter().any(|note| note == "read as missing: \"NA\""));
    }

    #[test]
    fn a_day_february_lacks_is_refused() {
        let file = format!("{HEADER}3,2013,2,30,2,7,7,NA,17,300,60,-1.2,1025.3,-24.6,0,\"NNW\",5.3,\"Dongsi\"\n");
        let report = read(file.as_bytes()).0.unwrap();
        assert_eq!((report.kept, report.refused), (0, 1));
    }

    #[test]
    fn co_in_milligrams_is_found_out() {
        let row = |h: u32| {
            format!("1,2013,3,1,{h},7,7,3,17,0.{}1,60,-1.2,1025.3,-24.6,0,\"NNW\",5.3,\"Dongsi\"\n", h % 9 + 1)
        };
        let file: String = std::iter::once(HEADER.to_string()).chain((0..24).map(row)).collect();
        assert!(read(file.as_bytes()).0.unwrap_err().to_string().starts_with("O-109"));
    }
}
