//! The pair of CUMCM 2019 problem D: a national station and the micro-station beside it, one place each.
//!
//! Traps: the national table is GBK and has its time last; the micro-station's has no header, another
//! order of gases, and weather after them. Neither names its station.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::{Table, split};
use super::time::local_hour;
use crate::ObserveError;
use units::{Pollutant, SiteCode};

pub(super) const NATIONAL: Layout = Layout {
    id: "cumcm2019d-national",
    title: "CUMCM 2019 D, national station",
    detect: detect_national,
    read: read_national,
};

pub(super) const MICRO: Layout =
    Layout { id: "cumcm2019d-micro", title: "CUMCM 2019 D, micro-station", detect: detect_micro, read: read_micro };

const MICRO_COLUMNS: [&str; 12] =
    ["时间", "PM2.5", "PM10", "CO", "NO2", "SO2", "O3", "wind speed", "pressure", "rain", "temperature", "humidity"];

fn detect_national(head: &Head) -> bool {
    head.has(&["PM2.5", "PM10", "CO", "NO2", "SO2", "O3", "时间"])
}

fn detect_micro(head: &Head) -> bool {
    let Some(fields) = head.lines().first().and_then(|line| split(line)) else { return false };
    let numbers = fields.iter().skip(1).filter(|field| field.trim().parse::<f64>().is_ok()).count();
    fields.len() == MICRO_COLUMNS.len() && local_hour(&fields[0]).is_ok() && numbers >= 6
}

fn read_national(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    read(Table::open(input, NATIONAL.id)?, NATIONAL.id, emit)
}

fn read_micro(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.note("no header: columns by position");
    emit.note("weather columns are not stored");
    read(Table::headless(input, MICRO.id, &MICRO_COLUMNS), MICRO.id, emit)
}

fn read(mut table: Table<'_, '_>, site: &str, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let site: SiteCode = site.parse().expect("layout ids are site codes");
    let time = table.column("时间")?;
    let names = ["SO2", "NO2", "CO", "O3", "PM10", "PM2.5"];
    let pairs: Vec<(&str, Pollutant)> = names.into_iter().zip(Pollutant::ALL).collect();
    let values = table.values(&pairs)?;
    while table.advance(emit)? {
        match local_hour(table.get(time)) {
            Ok(hour) => emit.hour(table.line(), &site, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("时间"), fault, table.get(time)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn the_gbk_table_is_recognised_and_read() {
        let (file, _, _) =
            encoding_rs::GBK.encode("PM2.5,PM10,CO,NO2,SO2,O3,时间\n33,71,0.756,9,25,80,2018/11/14 10:00\n");
        let (report, records) = read(&file);
        let report = report.unwrap();
        assert_eq!((report.format, report.kept), ("cumcm2019d-national", 6));
        assert_eq!(readings(&records)[2], "cumcm2019d-national CO 2018-11-14T10:00:00+08:00 0.756");
    }

    #[test]
    fn the_table_without_header_keeps_its_own_order_of_gases() {
        let (report, records) =
            read(b"2018/11/14 10:00,46.32,92.8,0.712,56.36,15.12,53.04,1.188,1020.252,89.8,16.2,61\n");
        assert_eq!(report.unwrap().format, "cumcm2019d-micro");
        let [so2, no2] =
            [&readings(&records)[0], &readings(&records)[1]].map(|line| line.rsplit(' ').next().unwrap().to_string());
        assert_eq!([so2.as_str(), no2.as_str()], ["15.12", "56.36"]);
    }
}
