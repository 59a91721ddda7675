//! Crawled station hours of April 2020: stations by name only, columns in two orders.
//!
//! Traps: no code, and the same name in several cities, which then conflict within a national file; `NaN`,
//! `-` and empty are all missing; exact repeats; lists of primary pollutants
//! run over several lines within quotes; national files add ranks and a database id; some name the
//! fine particles `PM25`.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::time::{compact_day, hour_label};
use crate::{ObserveError, RowFault};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "watch-points", title: "crawled station hours, stations by name", detect, read };

const VALUES: [(&str, Pollutant); 5] = [
    ("SO2", Pollutant::So2),
    ("NO2", Pollutant::No2),
    ("CO", Pollutant::Co),
    ("O3_1h", Pollutant::O3),
    ("PM10", Pollutant::Pm10),
];

fn detect(head: &Head) -> bool {
    head.has(&["WatchPoint"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let (date, hour, point) = (table.column("Date")?, table.column("Hour")?, table.column("WatchPoint")?);
    let fine = table.optional("PM25").map_or_else(|| table.column("PM2.5"), Ok)?;
    let mut values = table.values(&VALUES)?;
    values.push((fine, Pollutant::Pm25, Pollutant::Pm25.unit()));
    emit.note("stations are given by name without code or city; a name that several cities share counts as one");
    while table.advance(emit)? {
        let Ok(site) = format!("point-{}", table.get(point)).parse::<SiteCode>() else {
            emit.refuse(table.line(), Some("WatchPoint"), RowFault::Site, table.get(point));
            continue;
        };
        match compact_day(table.get(date)).and_then(|day| hour_label(day, table.get(hour))) {
            Ok(hour) => emit.hour(table.line(), &site, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("Date"), fault, table.get(date)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn both_orders_of_columns_are_read_and_all_marks_are_missing() {
        let city = "Date,Hour,WatchPoint,AQI,Level,PrimaryPollution,PM2.5,PM10,CO,NO2,O3_1h,O3_8h,SO2\n\
            20200402,08,奥体中心,29,优,NaN,10,NaN,0.9,57,55,56,6\n20200402,08,奥体中心,29,优,NaN,10,NaN,0.9,57,55,56,6\n";
        let (report, records) = read(city.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.kept, report.missing, report.duplicates), (5, 1, 1));
        assert_eq!(readings(&records)[5], "point-奥体中心 PM2_5 2020-04-02T08:00:00+08:00 10");
        let nation = ",AQI,CO,Date,Hour,Level,NO2,O3_1h,O3_8h,PM10,PM25,PrimaryPollution,SO2,WatchPoint,_id\n\
            190,50,0.9,20200410,19,优,28,46,46,50,31,NaN,-,振宁花园,5e90\n";
        let (report, records) = read(nation.as_bytes());
        assert_eq!((report.unwrap().missing, records.len()), (1, 6));
    }

    #[test]
    fn a_quoted_list_over_lines_is_one_row_and_an_open_quote_costs_one_row() {
        let header = "Date,Hour,WatchPoint,AQI,Level,PrimaryPollution,PM2.5,PM10,CO,NO2,O3_1h,O3_8h,SO2\n";
        let listed = "20200403,12,草场门,59,良,\"\n      颗粒物(PM10)\n\n ,臭氧\n\",42,67,1.1,51,88,64,12\n";
        let open = "20200403,13,草场门,59,良,\"x,42,67,1.1,51,88,64,12\n";
        let plain = "20200403,14,草场门,59,良,NaN,42,67,1.1,51,88,64,12\n";
        let report = read(format!("{header}{listed}{open}{plain}").as_bytes()).0.unwrap();
        assert_eq!((report.rows_read, report.kept, report.refused), (3, 12, 1));
        assert_eq!((report.refusals[0].line, &report.refusals[0].reason[..5]), (7, "O-212"));
    }

    #[test]
    fn a_name_of_two_cities_keeps_the_first_and_lists_the_second() {
        let file = "_id,Date,Hour,WatchPoint,PM25,PM10,CO,NO2,O3_1h,SO2\n1,20200413,10,监测站,1,2,0.3,4,5,6\n2,20200413,10,监测站,9,2,0.3,4,5,6\n";
        let report = read(file.as_bytes()).0.unwrap();
        assert_eq!((report.kept, report.refused), (6, 1));
        assert!(report.refusals[0].reason.starts_with("O-207") && report.refusals[0].line == 3);
    }
}
