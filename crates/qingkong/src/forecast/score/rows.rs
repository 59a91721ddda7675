//! A forecast table, read.

use super::super::table::COLUMNS;
use crate::failure::Failure;
use crate::line_guard::LineGuard;
use ::forecast::verification::{Author, Item};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use units::{BeijingDay, Pollutant};

/// Columns a table must have; `model` may be missing.
const REQUIRED: usize = 15;
/// Columns that name another author than a model.
const AUTHORS: [&str; 2] = ["forecaster", "conclusion"];
/// Longest lead that is read, days.
const LONGEST_LEAD: u8 = 30;

/// One row of a forecast table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it stands, for messages.
    pub place: String,
    pub issue: BeijingDay,
    pub city: String,
    pub lead_day: u8,
    pub item: Item,
    pub author: Author,
    pub mean: f64,
    pub quantiles: [f64; 5],
    pub range: Option<(u16, u16)>,
    pub primary: Vec<Pollutant>,
    pub p_aqi150: Option<f64>,
    pub p_aqi200: Option<f64>,
}

/// Reads a file; refuses `F-113` a missing column and `F-114` a cell, by line and column.
pub fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|cause| Failure::refused(format_args!("{name}: {cause}")))?;
    let (rows, ignored) = read_from(&name, file)?;
    if !ignored.is_empty() {
        eprintln!("{name}: columns that mean nothing here were ignored: {}", ignored.join(", "));
    }
    Ok(rows)
}

/// The rows, and the names of the columns that were ignored.
fn read_from(name: &str, source: impl Read) -> Result<(Vec<Row>, Vec<String>), Failure> {
    let failed = |cause: csv::Error| Failure::refused(format_args!("{name}: {cause}"));
    let mut reader = csv::Reader::from_reader(LineGuard::new(source));
    let header: Vec<String> = reader.headers().map_err(failed)?.iter().map(clean).collect();
    let place = |column: &str| header.iter().position(|cell| cell == column);
    if let Some(missing) = COLUMNS[..REQUIRED].iter().find(|column| place(column).is_none()) {
        return Err(Failure::refused(format_args!("F-113 {name}: column {missing} is missing")));
    }
    let known = |column: &String| COLUMNS.contains(&column.as_str()) || AUTHORS.contains(&column.as_str());
    let ignored = header.iter().filter(|column| !known(column)).cloned().collect();
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: &str| place(column).and_then(|n| record.get(n)).unwrap_or_default().trim();
        let row = row(&cell, format!("{name} line {line}")).map_err(|(column, reason)| {
            Failure::refused(format_args!("F-114 {name} line {line}: {column} {:?}: {reason}", cell(column)))
        })?;
        rows.push(row);
    }
    Ok((rows, ignored))
}

fn clean(cell: &str) -> String {
    cell.trim_start_matches('\u{feff}').trim().to_string()
}

/// A column and what is wrong with its cell.
type Wrong = (&'static str, String);

fn row<'a>(cell: &impl Fn(&str) -> &'a str, place: String) -> Result<Row, Wrong> {
    let wrong = |column: &'static str, reason: &str| (column, reason.to_string());
    let number = |column: &'static str| {
        cell(column).parse::<f64>().ok().filter(|value| value.is_finite()).ok_or(wrong(column, "not a number"))
    };
    let quantiles = [number("q05")?, number("q25")?, number("q50")?, number("q75")?, number("q95")?];
    if !quantiles.is_sorted() {
        return Err(wrong("q50", "the quantiles of the row do not rise"));
    }
    let lead = cell("lead_day").parse().ok().filter(|lead| (1..=LONGEST_LEAD).contains(lead));
    let author = AUTHORS.map(cell);
    Ok(Row {
        place,
        issue: cell("issue_date").parse().map_err(|_| wrong("issue_date", "not a day YYYY-MM-DD"))?,
        city: cell("city").to_string(),
        lead_day: lead.ok_or(wrong("lead_day", "not a number of days from 1 to 30"))?,
        item: Item::from_code(cell("pollutant")).ok_or_else(|| ("pollutant", known_items()))?,
        author: match author {
            ["", ""] => Author::Model(cell("model").to_string()),
            [person, ""] => Author::Forecaster(person.to_string()),
            [_, conclusion] => Author::Conclusion(conclusion.to_string()),
        },
        mean: number("mean")?,
        quantiles,
        range: range(cell("aqi_lo"), cell("aqi_hi"))?,
        primary: primary(cell("primary"))?,
        p_aqi150: share("p_aqi150", cell("p_aqi150"))?,
        p_aqi200: share("p_aqi200", cell("p_aqi200"))?,
    })
}

fn known_items() -> String {
    format!("unknown; known are {}", Item::ALL.map(Item::code).join(", "))
}

/// Both ends or neither.
fn range(low: &str, high: &str) -> Result<Option<(u16, u16)>, Wrong> {
    let end = |column: &'static str, text: &str| {
        let index = text.parse::<u16>().ok().filter(|index| *index <= 500);
        index.ok_or((column, "not an index from 0 to 500".to_string()))
    };
    if low.is_empty() && high.is_empty() {
        return Ok(None);
    }
    let (low, high) = (end("aqi_lo", low)?, end("aqi_hi", high)?);
    if low > high { Err(("aqi_lo", "above aqi_hi".to_string())) } else { Ok(Some((low, high))) }
}

fn primary(text: &str) -> Result<Vec<Pollutant>, Wrong> {
    let one = |code: &str| match Item::from_code(code) {
        Some(Item::Pollutant(pollutant)) => Ok(pollutant),
        _ => code.parse::<Pollutant>().map_err(|error| ("primary", error.to_string())),
    };
    text.split('|').map(str::trim).filter(|code| !code.is_empty()).map(one).collect()
}

fn share(column: &'static str, text: &str) -> Result<Option<f64>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.map(Some).ok_or((column, "not a probability from 0 to 1".to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "issue_date,city,lead_day,pollutant,mean,q05,q25,q50,q75,q95,aqi_lo,aqi_hi,primary,p_aqi150,p_aqi200,model";

    fn one(row: &str) -> Result<Row, String> {
        let (rows, _) =
            read_from("f.csv", format!("{HEADER}\n{row}\n").as_bytes()).map_err(|error| error.to_string())?;
        Ok(rows[0].clone())
    }

    #[test]
    fn a_row_as_the_program_writes_it_is_read_back() {
        let row = one("2018-01-13,320100,1,AQI,113.5,52,80,109,140,193,89,129,PM2_5|O3_8h,0.1850,,m").unwrap();
        assert_eq!(
            (row.quantiles[2], row.range, row.p_aqi150, row.p_aqi200),
            (109.0, Some((89, 129)), Some(0.185), None)
        );
        assert_eq!(row.primary, [Pollutant::Pm25, Pollutant::O3]);
        assert_eq!((row.author, row.place.as_str()), (Author::Model("m".into()), "f.csv line 2"));
    }

    #[test]
    fn a_bad_cell_is_named_by_line_and_column() {
        for (text, column) in [
            ("2018-02-30,x,1,AQI,1,1,1,1,1,1,,,,,,", "issue_date"),
            ("2018-01-13,x,0,AQI,1,1,1,1,1,1,,,,,,", "lead_day"),
            ("2018-01-13,x,1,PM1,1,1,1,1,1,1,,,,,,", "pollutant"),
            ("2018-01-13,x,1,AQI,NaN,1,1,1,1,1,,,,,,", "mean"),
            ("2018-01-13,x,1,AQI,1,1,1,,1,1,,,,,,", "q50"),
            ("2018-01-13,x,1,AQI,1,1,3,2,3,4,,,,,,", "q50"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,90,,,,,", "aqi_hi"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,90,501,,,,", "aqi_hi"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,90,80,,,,", "aqi_lo"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,,,dust,,,", "primary"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,,,,1.5,,", "p_aqi150"),
        ] {
            let error = one(text).unwrap_err();
            assert!(error.starts_with(&format!("F-114 f.csv line 2: {column} ")), "{text}: {error}");
        }
    }

    #[test]
    fn a_missing_column_is_named_and_a_foreign_one_ignored() {
        let text = HEADER.replace("q75,", "");
        let error = read_from("f.csv", text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "F-113 f.csv: column q75 is missing");
        let text = format!("\u{feff}{HEADER},weather\n");
        assert_eq!(read_from("f.csv", text.as_bytes()).unwrap().1, ["weather"]);
    }

    #[test]
    fn bids_and_conclusions_carry_their_author() {
        let of = |tail: &str| {
            let text = format!("{HEADER},forecaster,conclusion\n2018-01-13,x,1,AQI,1,1,1,1,1,1,60,90,,,,{tail}\n");
            read_from("f.csv", text.as_bytes()).unwrap().0[0].author.clone()
        };
        assert_eq!(of("m,,"), Author::Model("m".into()));
        assert_eq!(of("m,张,"), Author::Forecaster("张".into()));
        assert_eq!(of("m,张,jiangsu"), Author::Conclusion("jiangsu".into()));
    }
}
