//! Probabilities of two heavy days in a row, as `issue` and `hindcast` write them, beside what happened.

use crate::failure::Failure;
use crate::history::city_of;
use crate::line_guard::LineGuard;
use ::forecast::verification::{HEAVY_PM25, Item, PairCase, ReferenceBook};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use units::{BeijingDay, Pollutant};

/// Longest lead that is read, days.
const LONGEST_LEAD: u8 = 30;

/// Reads a file as cases; refuses `F-113` a missing column and `F-114` a cell. Pairs of days that were not both
/// observed are left out, and so is what an earlier row says already; how many is told.
pub fn read(path: &Path, cities: &[String], book: &ReferenceBook) -> Result<Vec<PairCase>, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|cause| Failure::refused(format_args!("{name}: {cause}")))?;
    let (cases, left_out) = read_from(&name, file, cities, book)?;
    if left_out > 0 {
        eprintln!(
            "{name}: {left_out} pairs of days repeat an earlier row or were not both observed and are not scored"
        );
    }
    Ok(cases)
}

fn read_from(
    name: &str,
    source: impl Read,
    cities: &[String],
    book: &ReferenceBook,
) -> Result<(Vec<PairCase>, usize), Failure> {
    let failed = |cause: csv::Error| Failure::refused(format_args!("{name}: {cause}"));
    let mut reader = csv::Reader::from_reader(LineGuard::new(source));
    let header = reader.headers().map_err(failed)?.clone();
    let place = |column: &str| {
        let found = header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim() == column);
        found.ok_or_else(|| Failure::refused(format_args!("F-113 {name}: column {column} is missing")))
    };
    let (issue, city, lead) = (place("issue_date")?, place("city")?, place("lead_day")?);
    let (members, calibrated) = (place("p_members")?, place("p_calibrated")?);
    let (mut cases, mut left_out, mut met) = (vec![], 0, BTreeSet::new());
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |n: usize| record.get(n).unwrap_or_default().trim();
        let wrong = |n: usize| Failure::refused(format_args!("F-114 {name} line {line}: {} {:?}", &header[n], cell(n)));
        let share = |n: usize| {
            let share = cell(n).parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
            share.ok_or_else(|| wrong(n))
        };
        let day: BeijingDay = cell(issue).parse().map_err(|_| wrong(issue))?;
        let lead_day = cell(lead).parse().ok().filter(|lead| (1..=LONGEST_LEAD).contains(lead));
        let lead_day: u8 = lead_day.ok_or_else(|| wrong(lead))?;
        let (members, calibrated) = (share(members)?, share(calibrated)?);
        let place = city_of(cities, cell(city));
        let fresh = met.insert((day, place, lead_day));
        match place.filter(|_| fresh).and_then(|city| happened(book, city, day + i32::from(lead_day))) {
            Some(happened) => cases.push(PairCase { issue: day, lead_day, members, calibrated, happened }),
            None => left_out += 1,
        }
    }
    Ok((cases, left_out))
}

/// Whether a day and the next were both heavy; `None` where one was not observed.
fn happened(book: &ReferenceBook, city: usize, first: BeijingDay) -> Option<bool> {
    let heavy = |day: BeijingDay| Some(book.seen(city, day)?.value(Item::Pollutant(Pollutant::Pm25))? > HEAVY_PM25);
    Some(heavy(first)? & heavy(first + 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::forecast::History;
    use units::BeijingHour;

    const HEADER: &str = "issue_date,city,lead_day,p_members,p_calibrated,model";

    /// A city of 150 µg/m³ from the second day to the third, 50 else; the last day is missing.
    fn book() -> ReferenceBook {
        let first: BeijingHour = "2018-01-01T01:00:00+08:00".parse().unwrap();
        let mut history = History::empty(vec!["320100".into()], first, 5 * 24);
        for hour in 0..4 * 24 {
            history.set(Pollutant::Pm25, 0, first + hour, if (24..72).contains(&hour) { 150.0 } else { 50.0 });
        }
        ReferenceBook::new(&history, 20)
    }

    fn read_text(rows: &str) -> Result<(Vec<PairCase>, usize), String> {
        let text = format!("{HEADER}\n{rows}");
        read_from("e.csv", text.as_bytes(), &["320100".to_string()], &book()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_pair_happened_when_both_days_were_heavy() {
        let (cases, left_out) = read_text(
            "2018-01-01,南京,1,0.4,0.5,m\n2018-01-01,320100,2,0.2,0.1,m\n2018-01-01,320100,3,0,0,m\n\
             2018-01-01,320100,1,1,1,m\n2018-01-01,北京,1,0,0,m\n",
        )
        .unwrap();
        let told: Vec<(u8, f64, bool)> =
            cases.iter().map(|case| (case.lead_day, case.calibrated, case.happened)).collect();
        assert_eq!(told, [(1, 0.5, true), (2, 0.1, false)]);
        assert_eq!(left_out, 3, "a day without observation, a repeated row, a city without observations");
    }

    #[test]
    fn a_bad_cell_is_named_by_line_and_column() {
        for (row, column) in [
            ("2018-01-32,x,1,0,0,m", "issue_date"),
            ("2018-01-01,x,31,0,0,m", "lead_day"),
            ("2018-01-01,x,1,1.1,0,m", "p_members"),
            ("2018-01-01,x,1,0,,m", "p_calibrated"),
        ] {
            let error = read_text(row).unwrap_err();
            assert!(error.starts_with(&format!("F-114 e.csv line 2: {column} ")), "{error}");
        }
        let error = read_from("e.csv", "city\n".as_bytes(), &[], &book()).unwrap_err().to_string();
        assert_eq!(error, "F-113 e.csv: column issue_date is missing");
    }
}
