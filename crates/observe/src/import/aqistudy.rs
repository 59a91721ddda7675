//! City daily values of 2013-12 to 2014-06 without a header: city, day, AQI, AQI range, level, PM2.5, PM10,
//! SO2, CO, NO2, O3, rank.
//!
//! Traps: columns are known by position only; CO is in mg/m³; how ozone was averaged is not said.

use super::Layout;
use super::cell::Cell;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::{Table, split};
use super::time::parted_day;
use crate::{DayBasis, ObserveError, RowFault, regions};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "aqistudy-day", title: "city daily values without header", detect, read };

const COLUMNS: [&str; 12] =
    ["city", "date", "AQI", "range", "level", "PM2.5", "PM10", "SO2", "CO", "NO2", "O3", "rank"];

const VALUES: [(&str, Pollutant); 6] = [
    ("SO2", Pollutant::So2),
    ("NO2", Pollutant::No2),
    ("CO", Pollutant::Co),
    ("O3", Pollutant::O3),
    ("PM10", Pollutant::Pm10),
    ("PM2.5", Pollutant::Pm25),
];

fn detect(head: &Head) -> bool {
    let Some(fields) = head.lines().first().and_then(|line| split(line)) else { return false };
    fields.len() == COLUMNS.len() && parted_day(&fields[1]).is_ok() && fields[3].contains('~')
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::headless(input, LAYOUT.id, &COLUMNS);
    let (city, date) = (table.column("city")?, table.column("date")?);
    let values = table.values(&VALUES)?;
    emit.note("no header: columns by position");
    emit.note("how the source averaged ozone over the day is not stated");
    while table.advance(emit)? {
        let name = table.get(city);
        let Some(site) = regions::by_name(name).map(|region| SiteCode::from(region.code)).or_else(|| name.parse().ok())
        else {
            emit.refuse(table.line(), Some("city"), RowFault::Site, name);
            continue;
        };
        let cells: Vec<(Cell<'_>, DayBasis)> = table.cells(&values).into_iter().map(with_basis).collect();
        match parted_day(table.get(date)) {
            Ok(day) => emit.day(table.line(), &site, day, &cells)?,
            Err(fault) => emit.refuse(table.line(), Some("date"), fault, table.get(date)),
        }
    }
    Ok(())
}

fn with_basis(cell: Cell<'_>) -> (Cell<'_>, DayBasis) {
    let basis = if cell.pollutant == Pollutant::O3 { DayBasis::NotStated } else { DayBasis::Mean };
    (cell, basis)
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};
    use crate::{DayBasis, Record};

    #[test]
    fn columns_are_taken_by_position() {
        let (report, records) =
            read("上海,2013-12-02,314,303~321,严重污染,216.9,252.4,100.7,2.15,127.7,58,110\n".as_bytes());
        assert_eq!(
            readings(&records),
            [
                "310000 SO2 2013-12-02 100.7",
                "310000 NO2 2013-12-02 127.7",
                "310000 CO 2013-12-02 2.15",
                "310000 O3 2013-12-02 58",
                "310000 PM10 2013-12-02 252.4",
                "310000 PM2_5 2013-12-02 216.9",
            ]
        );
        assert!(matches!(&records[3], Record::Day(day) if day.basis == DayBasis::NotStated));
        assert_eq!(report.unwrap().rows_read, 1);
    }
}
