//! Courses of a file for the check: hourly concentrations or 24-hour indices.

use crate::failure::Failure;
use ::forecast::Trajectories;
use ::warn::{Indexed, NO_INDEX};
use std::collections::BTreeMap;
use std::path::Path;
use units::BeijingHour;

/// Longest course that is read: 45 days. A time far off by mistake must not fill the memory.
const MOST_HOURS: i64 = 1080;
/// Most values that are read.
const MOST_VALUES: usize = 200_000_000;

/// Courses of a file: concentrations or indices.
pub enum Courses {
    /// Hourly PM2.5.
    Hourly(Trajectories),
    /// 24-hour indices.
    Indices(Indexed),
}

/// Values by member, city and time in order of first appearance; NaN = missing.
struct Table {
    members: usize,
    cities: Vec<String>,
    first_hour: BeijingHour,
    hours: usize,
    values: Vec<f32>,
}

/// Reads `member,city,time` with `PM2_5` or `aqi24`; refuses `W-110` to `W-114` with the line.
pub fn read(path: &Path) -> Result<Courses, Failure> {
    let file = path.display();
    let mut reader = csv::Reader::from_path(path).map_err(|cause| Failure::refused(format_args!("{file}: {cause}")))?;
    let header = reader.headers()?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}').trim() == name);
    let required = |name: &str| {
        place(name).ok_or_else(|| Failure::refused(format_args!("W-110 {file}: column {name} is missing")))
    };
    let keys = [required("member")?, required("city")?, required("time")?];
    let (value, is_index) = match (place("PM2_5"), place("aqi24")) {
        (Some(value), _) => (value, false),
        (None, Some(value)) => (value, true),
        (None, None) => return Err(Failure::refused(format_args!("W-110 {file}: column PM2_5 or aqi24 is missing"))),
    };
    let top = if is_index { 500.0 } else { 1.0e5 };
    let table = table(&mut reader, &file.to_string(), keys, value, top)?;
    let Table { members, cities, first_hour, hours, values } = table;
    if !is_index {
        return Ok(Courses::Hourly(Trajectories::of_pm25(cities, first_hour, hours, members, values)));
    }
    let indices = values.iter().map(|value| if value.is_nan() { NO_INDEX } else { value.round() as i16 }).collect();
    Ok(Courses::Indices(Indexed::new(cities, first_hour, hours, members, indices)?))
}

/// Reads every row; refuses a cell that is no value, a value out of range and a repeated (member, city, time).
fn table(
    reader: &mut csv::Reader<std::fs::File>,
    file: &str,
    keys: [usize; 3],
    value: usize,
    top: f32,
) -> Result<Table, Failure> {
    let (mut members, mut cities) = (Names::default(), Names::default());
    let mut rows: Vec<(u32, u32, BeijingHour, f32, u64)> = vec![];
    let mut last: Option<(String, BeijingHour)> = None;
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let refuse =
            |what: &str, text: &str| Failure::refused(format_args!("W-111 {file} line {line}: {what} {text:?}"));
        let time = match &last {
            Some((text, time)) if text == cell(keys[2]) => *time,
            _ => cell(keys[2]).parse().map_err(|reason| refuse(&format!("{reason}; time"), cell(keys[2])))?,
        };
        last = Some((cell(keys[2]).to_string(), time));
        let text = cell(value);
        let number = if text.is_empty() { Ok(f32::NAN) } else { text.parse::<f32>() };
        let number = number
            .ok()
            .filter(|number| text.is_empty() || (0.0..=top).contains(number))
            .ok_or_else(|| refuse(&format!("not a value between 0 and {top}:"), text))?;
        rows.push((members.number(cell(keys[0])), cities.number(cell(keys[1])), time, number, line));
    }
    arrange(rows, file, members, cities)
}

fn arrange(
    rows: Vec<(u32, u32, BeijingHour, f32, u64)>,
    file: &str,
    members: Names,
    cities: Names,
) -> Result<Table, Failure> {
    let times = || rows.iter().map(|row| row.2);
    let (Some(first_hour), Some(last)) = (times().min(), times().max()) else {
        return Err(Failure::refused(format_args!("W-112 {file}: no row")));
    };
    let hours = last - first_hour + 1;
    let (members, cities) = (members.names.len(), cities.names);
    let count = usize::try_from(hours).unwrap_or(0).saturating_mul(members).saturating_mul(cities.len());
    if hours > MOST_HOURS || count > MOST_VALUES {
        return Err(Failure::refused(format_args!(
            "W-113 {file}: {hours} hours from {first_hour} to {last} of {members} members and {} cities; at most {MOST_HOURS} hours and {MOST_VALUES} values are read",
            cities.len()
        )));
    }
    let hours = hours as usize;
    let (mut values, mut seen) = (vec![f32::NAN; count], vec![false; count]);
    for (member, city, time, value, line) in rows {
        let place = (member as usize * cities.len() + city as usize) * hours + (time - first_hour) as usize;
        if std::mem::replace(&mut seen[place], true) {
            return Err(Failure::refused(format_args!(
                "W-114 {file} line {line}: the same member, city and time a second time ({time}); one issue a file"
            )));
        }
        values[place] = value;
    }
    Ok(Table { members, cities, first_hour, hours, values })
}

/// Numbers names by first appearance.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_string());
        self.numbers.insert(name.to_string(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(table: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, table).unwrap();
        match read(&path) {
            Ok(Courses::Hourly(courses)) => format!("{} {} {:?}", courses.members, courses.hours, courses.series[5]),
            Ok(Courses::Indices(indexed)) => format!("{} {} {:?}", indexed.members, indexed.hours, indexed.aqi),
            Err(failure) => failure.to_string().split(": ").skip(1).collect::<Vec<_>>().join(": "),
        }
    }

    #[test]
    fn rows_in_any_order_fill_one_axis_and_what_lacks_is_missing() {
        let head = "member,city,time,PM2_5,O3\n";
        let rows = "a,南京,2018-01-14T00:00:00+08:00,35,1\na,南京,2018-01-13T22:00:00+08:00,34.5,\n";
        assert_eq!(said(&format!("{head}{rows}")), "1 3 [34.5, NaN, 35.0]");
        assert_eq!(
            said("time,aqi24,city,member\n2018-01-14T00:00:00+08:00,201,x,1\n2018-01-14T01:00:00+08:00,,x,1\n"),
            "1 2 [201, -1]"
        );
    }

    #[test]
    fn a_bad_table_is_refused_with_its_line() {
        let head = "member,city,time,PM2_5\n1,x,2018-01-14T00:00:00+08:00,35\n";
        for (row, expected) in [
            ("1,x,2018-02-30T00:00:00+08:00,35\n", "U-501"),
            ("1,x,2018-01-14T01:00:00+08:00,-1\n", "\"-1\""),
            ("1,x,2018-01-14T01:00:00+08:00,1e9\n", "\"1e9\""),
            ("1,x,2018-01-14T01:00:00+08:00,NaN\n", "\"NaN\""),
            ("1,x,2018-01-14T00:00:00+08:00,35\n", "a second time"),
            ("1,x,2019-01-14T00:00:00+08:00,35\n", "at most 1080 hours"),
        ] {
            let told = said(&format!("{head}{row}"));
            assert!(told.contains(expected), "{row}: {told}");
        }
        assert!(said("member,city,PM2_5\n").contains("column time is missing"));
        assert!(said("member,city,time\n").contains("column PM2_5 or aqi24 is missing"));
        assert!(said("member,city,time,PM2_5\n").contains("no row"));
    }
}
