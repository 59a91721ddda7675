//! Days of CAMS at one point as a data service sells them: an old Excel workbook, a year a file.
//!
//! Traps: ozone, SO2 and NO2 are mass mixing ratios in µg/kg and CO in mg/kg, one letter away from a
//! concentration; column amounts (总柱) stand beside them; days are UTC, so one ends at 08:00 of the next Beijing
//! day; every cell is text; the weather workbook of the same service has no pollutant; its pressure and temperature
//! are not in this file, and gases need none (see [`modelfile::Unit`]).

use super::columns::{notes, number, pollutant};
use super::{Layout, Request, Source, is_workbook};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::xls::{self, Rows};
use crate::{GuidanceError, Member};
use modelfile::{Unit, time};
use std::collections::BTreeMap;
use units::{BeijingHour, Pollutant};

const ID: &str = "cams-point";
pub(super) const LAYOUT: Layout =
    Layout { id: ID, title: "CAMS at a point, days in an .xls workbook", detect: is_workbook, read };

struct Column {
    at: u16,
    pollutant: Pollutant,
    unit: Unit,
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let rows = xls::rows(source.bytes).map_err(|what| GuidanceError::Damaged { layout: ID, what: what.into() })?;
    let header = rows.get(&0).ok_or(GuidanceError::Missing { layout: ID, what: "a header".into() })?;
    let columns = columns(header)?;
    let find = |name: &str| header.iter().find(|(_, heading)| heading.starts_with(name)).map(|(at, _)| *at);
    let need = |name: &str| GuidanceError::Missing { layout: ID, what: format!("a column {name}") };
    let place = find("参考地名").ok_or_else(|| need("参考地名"))?;
    let date = find("日期").filter(|at| notes(&header[at], "utc")).ok_or_else(|| need("日期(UTC)"))?;
    let days = days(&rows, date)?;
    let first = days.first().map(|(_, day)| *day - 24).ok_or_else(|| need("with a day"))?;
    let mut collector = Collector::new(request.model.unwrap_or("CAMS"), request.run.unwrap_or(first), 24);
    let mut bad = vec![];
    for (number_of_row, day) in days {
        let row = &rows[&number_of_row];
        let at = collector.place(row.get(&place).map_or("", |name| name.trim()));
        for column in &columns {
            let factor = column.unit.factor(column.pollutant, day.day(), None);
            match (number(row.get(&column.at).map_or("", String::as_str)), factor) {
                (Ok(Some(value)), Ok(factor)) if collector.set(column.pollutant, at, day, value * factor) => {}
                (Ok(None), _) => {}
                _ => bad.push(number_of_row + 1),
            }
        }
    }
    flag(&mut collector, &columns, request, &bad);
    Ok(vec![collector.finish(ID)?])
}

fn columns(header: &BTreeMap<u16, String>) -> Result<Vec<Column>, GuidanceError> {
    let mut columns = vec![];
    for (at, heading) in header {
        let Some((pollutant, stated)) = pollutant(heading) else { continue };
        // Here a unit is always stated; without one a mixing ratio could pass for a concentration.
        let text = stated.unwrap_or_default();
        let parsed = Unit::parse(text).filter(|unit| match unit {
            Unit::Volume(_) | Unit::MassOfAir(_) => reported_as_gas(pollutant),
            Unit::Mass(_) => true,
        });
        let unit = parsed.ok_or_else(|| GuidanceError::Unit {
            variable: heading.clone(),
            unit: text.to_string(),
            pollutant: pollutant.code(),
            why: "a column of this workbook must state a concentration or a mixing ratio of a gas",
        })?;
        columns.push(Column { at: *at, pollutant, unit });
    }
    if columns.is_empty() {
        let found = header.values().take(12).cloned().collect::<Vec<_>>().join(", ");
        return Err(GuidanceError::NoPollutant { layout: ID, found });
    }
    Ok(columns)
}

fn reported_as_gas(pollutant: Pollutant) -> bool {
    !matches!(pollutant, Pollutant::Pm10 | Pollutant::Pm25)
}

/// Row numbers and the Beijing hour at which their UTC day ends; the date is `2015-01-01` or `20150101`.
fn days(rows: &Rows, date: u16) -> Result<Vec<(u16, BeijingHour)>, GuidanceError> {
    let mut days = vec![];
    for (number, row) in rows.iter().skip(1) {
        let Some(text) = row.get(&date).filter(|text| !text.trim().is_empty()) else { continue };
        let parsed = time::naive(text).and_then(|day| time::utc(day.date(), 24));
        let wrong = || GuidanceError::Time { layout: ID, text: text.clone(), at: format!("row {}", number + 1) };
        days.push((*number, parsed.ok_or_else(wrong)?));
    }
    Ok(days)
}

fn flag(collector: &mut Collector, columns: &[Column], request: &Request<'_>, bad: &[u16]) {
    let day = collector.run.day();
    for column in columns {
        let told = column.unit.told(column.pollutant, day);
        let told = told.map(|told| format!("{told}; the state changed on 2018-09-01 and each day takes its own"));
        collector.flags.extend(told.map(|told| Flag::of(FlagKind::Converted, column.pollutant, told)));
    }
    collector.flags.push(Flag::whole(FlagKind::Labels, "UTC days, named by their end at 08:00 of the next day"));
    if request.run.is_none() {
        let detail = "the file names no issue: taken for an analysis that begins with its first day";
        collector.flags.push(Flag::whole(FlagKind::Labels, detail));
    }
    if let Some(row) = bad.first() {
        let detail = format!("{} cells are no numbers or repeat, the first in row {row}", bad.len());
        collector.flags.push(Flag::whole(FlagKind::Refused, detail));
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;
    use crate::xls::tests::workbook_of;

    pub(crate) fn sample() -> Vec<u8> {
        workbook_of(&[
            &[
                "参考地名",
                "PM2.5(µg/m3)",
                "臭氧(地表，µg/kg)",
                "臭氧(总柱，mg/m2)",
                "一氧化碳(地表，mg/kg)",
                "日期(UTC)",
            ],
            &["北京市", "88.88", "25.00", "7818.73", "0.40", "2018-08-30"],
            &["北京市", "156.0", "25.00", "7641.38", "0.80", "20180902"],
        ])
    }

    #[test]
    fn mass_mixing_ratios_are_never_taken_for_concentrations() {
        let member = &read(&sample(), &Request::default()).unwrap()[0];
        let ozone = [0, 1].map(|day| member.value(Pollutant::O3, 0, day));
        assert!((ozone[0] - 25.0 * 28.9647 / 22.414).abs() < 0.01 && (ozone[1] - 25.0 * 28.9647 / 24.465).abs() < 0.01);
        assert!((member.value(Pollutant::Co, 0, 1) - 0.8 * 1.1839).abs() < 0.001);
        assert_eq!(member.value(Pollutant::Pm25, 0, 0), 88.88);
        let flags: Vec<String> = member.flags.iter().map(Flag::to_string).collect();
        assert!(flags.iter().any(|flag| flag.starts_with("J-201 O3: mixing ratio by mass")), "{flags:?}");
    }

    #[test]
    fn both_notations_of_a_day_end_at_eight() {
        let member = &read(&sample(), &Request::default()).unwrap()[0];
        let hours: Vec<String> = member.hours.iter().map(BeijingHour::to_string).collect();
        assert_eq!(hours, ["2018-08-31T08:00:00+08:00", "2018-09-03T08:00:00+08:00"]);
        assert_eq!(member.span_hours, 24);
    }

    #[test]
    fn the_weather_workbook_has_no_pollutant_and_a_bare_ozone_is_refused() {
        let said = |rows: &[&[&str]]| read(&workbook_of(rows), &Request::default()).unwrap_err().to_string();
        assert!(said(&[&["参考地名", "地面气压(hPa)", "日期(UTC)"]]).starts_with("J-107"));
        assert!(said(&[&["参考地名", "臭氧", "日期(UTC)"]]).starts_with("J-108"));
        assert!(said(&[&["参考地名", "臭氧(地表，µg/kg)", "日期"]]).contains("日期(UTC)"));
    }
}
