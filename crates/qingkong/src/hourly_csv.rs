//! Reader of the published concentration layout `time,site,SO2,NO2,CO,O3,O3_8h,PM10,PM2_5`.

use crate::line_guard::LineGuard;
use csv::{ByteRecord, ReaderBuilder};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use units::{BeijingDay, BeijingHour, Concentration, MassUnit, Pollutant, SiteCode};

/// A concentration column of the layout, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The column's name.
    pub code: &'static str,
    /// The pollutant it holds.
    pub pollutant: Pollutant,
}

/// The seven concentration columns; a value in µg/m³, CO in mg/m³.
pub const ITEMS: [Item; 7] = [
    Item { code: "SO2", pollutant: Pollutant::So2 },
    Item { code: "NO2", pollutant: Pollutant::No2 },
    Item { code: "CO", pollutant: Pollutant::Co },
    Item { code: "O3", pollutant: Pollutant::O3 },
    Item { code: "O3_8h", pollutant: Pollutant::O3 },
    Item { code: "PM10", pollutant: Pollutant::Pm10 },
    Item { code: "PM2_5", pollutant: Pollutant::Pm25 },
];

/// Position of `O3_8h` in [`ITEMS`].
pub const O3_8H: usize = 4;

/// No air that people breathe holds a gram of anything regulated in a cubic metre.
const CEILING: Concentration = Concentration::micrograms(1_000_000);

/// Why a table was refused.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file can't be opened or read.
    #[error("S-301 {file}: {cause}")]
    Unreadable {
        /// File name.
        file: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The header row is absent or lacks a required column.
    #[error("S-302 {file} line 1: {reason}")]
    Header {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A row that is no row of this table.
    #[error("S-303 {file} line {line}: {reason}")]
    Row {
        /// File name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// A cell that doesn't hold what its column promises.
    #[error("S-304 {file} line {line}, column {column}: {reason}")]
    Cell {
        /// File name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Column name.
        column: String,
        /// What is wrong.
        reason: String,
    },
}

/// What a concentration cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A concentration, not negative.
    Value(Concentration),
    /// Empty, `NA` or `null`.
    Missing,
    /// `/`: outside the monitoring programme.
    NotMonitored,
}

/// Where the columns stand.
#[derive(Debug)]
pub struct Columns {
    /// All header cells.
    pub names: Vec<String>,
    time: usize,
    site: usize,
    city: Option<usize>,
    items: [Option<usize>; 7],
}

/// A table being read, row by row.
pub struct Table<R: Read> {
    file: String,
    columns: Columns,
    reader: csv::Reader<LineGuard<R>>,
    record: ByteRecord,
}

/// One row, checked to be UTF-8 and as long as the header.
pub struct Row<'a> {
    file: &'a str,
    columns: &'a Columns,
    record: &'a ByteRecord,
    /// Line of the file, from 1.
    pub line: u64,
}

/// Opens a file, or standard input for `-`.
pub fn open(path: &Path) -> Result<Table<Box<dyn Read>>, TableError> {
    if path == Path::new("-") {
        return Table::new("standard input", Box::new(io::stdin().lock()));
    }
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Table::new(&name, Box::new(file)),
        Err(cause) => Err(TableError::Unreadable { file: name, cause }),
    }
}

impl<R: Read> Table<R> {
    /// Reads the header. Refuses `S-302` without `time`, `site` or any concentration, or with a column twice.
    pub fn new(file: &str, input: R) -> Result<Self, TableError> {
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(LineGuard::new(input));
        let mut record = ByteRecord::new();
        let read = reader.read_byte_record(&mut record).map_err(|error| unreadable(file, error))?;
        let refuse = |reason: String| TableError::Header { file: file.to_string(), reason };
        if !read {
            return Err(refuse("the file is empty".into()));
        }
        if record.as_slice().starts_with(&[0x1f, 0x8b]) {
            return Err(refuse("the file is gzip-compressed; unpack it first".into()));
        }
        let columns = Columns::read(&record).map_err(refuse)?;
        Ok(Table { file: file.to_string(), columns, reader, record })
    }

    /// The columns of the table.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The next row, `None` after the last. Refuses `S-303`.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, TableError> {
        if !self.reader.read_byte_record(&mut self.record).map_err(|error| unreadable(&self.file, error))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let refuse = |reason: String| TableError::Row { file: self.file.clone(), line, reason };
        let (found, wanted) = (self.record.len(), self.columns.names.len());
        if found != wanted {
            return Err(refuse(format!("{found} cells, the header has {wanted}")));
        }
        if std::str::from_utf8(self.record.as_slice()).is_err() {
            return Err(refuse("not UTF-8 text (GBK? convert the file first)".into()));
        }
        Ok(Some(Row { file: &self.file, columns: &self.columns, record: &self.record, line }))
    }
}

impl Columns {
    fn read(header: &ByteRecord) -> Result<Self, String> {
        let names: Vec<String> = header.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_string()).collect();
        if let Some(twice) = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
            return Err(format!("column {:?} stands there twice", shown(twice.1)));
        }
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        let required = |wanted: &str| {
            place(wanted).ok_or_else(|| format!("column \"{wanted}\" is missing; found {:?}", shown(&names.join(","))))
        };
        let items = ITEMS.map(|item| place(item.code));
        let (time, site, city) = (required("time")?, required("site")?, place("city"));
        if items.iter().all(Option::is_none) {
            return Err("none of the columns SO2, NO2, CO, O3, O3_8h, PM10, PM2_5 is there".into());
        }
        Ok(Columns { time, site, city, items, names })
    }

    /// Whether a concentration column is there, by position in [`ITEMS`].
    pub fn has(&self, item: usize) -> bool {
        self.items[item].is_some()
    }

    /// Names of columns the layout does not know.
    pub fn unknown(&self) -> Vec<&str> {
        let known = |place: usize| {
            place == self.time || place == self.site || Some(place) == self.city || self.items.contains(&Some(place))
        };
        self.names.iter().enumerate().filter(|(place, _)| !known(*place)).map(|(_, name)| name.as_str()).collect()
    }
}

impl<'a> Row<'a> {
    /// All cells as they stand.
    pub fn cells(&self) -> impl Iterator<Item = &'a [u8]> {
        self.record.iter()
    }

    /// The cell of `time` as an hour, named by its end. Refuses `S-304`.
    pub fn hour(&self) -> Result<BeijingHour, TableError> {
        self.text(self.columns.time).parse().map_err(|error| self.refuse(self.columns.time, error))
    }

    /// The cell of `time` as a day. Refuses `S-304`.
    pub fn day(&self) -> Result<BeijingDay, TableError> {
        self.text(self.columns.time).parse().map_err(|error| self.refuse(self.columns.time, error))
    }

    /// The cell of `site` as it stands.
    pub fn site_text(&self) -> &'a str {
        self.text(self.columns.site)
    }

    /// The cell of `site`. Refuses `S-304`.
    pub fn site(&self) -> Result<SiteCode, TableError> {
        self.site_text().parse().map_err(|error| self.refuse(self.columns.site, error))
    }

    /// The cell of the optional column `city`, the city the site is a point of. Refuses `S-304`.
    pub fn city(&self) -> Result<Option<SiteCode>, TableError> {
        match self.columns.city.map(|place| (place, self.text(place))) {
            None | Some((_, "")) => Ok(None),
            Some((place, text)) => text.parse().map(Some).map_err(|error| self.refuse(place, error)),
        }
    }

    /// A concentration cell, by position in [`ITEMS`]; an absent column is missing. Refuses `S-304` what is
    /// no number, negative, or beyond any air.
    pub fn concentration(&self, item: usize) -> Result<Cell, TableError> {
        let Some(place) = self.columns.items[item] else { return Ok(Cell::Missing) };
        let unit = ITEMS[item].pollutant.unit();
        match self.text(place) {
            "" | "NA" | "null" => Ok(Cell::Missing),
            "/" => Ok(Cell::NotMonitored),
            text => match Concentration::parse(text, unit) {
                Ok(value) if value < Concentration::ZERO => {
                    Err(self.refuse(place, format!("negative concentration {text}")))
                }
                Ok(value) if value > CEILING => Err(self.refuse(place, beyond(text, unit))),
                Ok(value) => Ok(Cell::Value(value)),
                Err(error) => Err(self.refuse(place, error)),
            },
        }
    }

    /// A refusal at a concentration cell of this row.
    pub fn refuse_item(&self, item: usize, reason: impl ToString) -> TableError {
        self.refuse(self.columns.items[item].unwrap_or(self.columns.time), reason)
    }

    fn text(&self, place: usize) -> &'a str {
        // The whole record was checked, and commas and quotes split only between characters.
        std::str::from_utf8(&self.record[place]).map_or("", str::trim)
    }

    fn refuse(&self, place: usize, reason: impl ToString) -> TableError {
        TableError::Cell {
            file: self.file.to_string(),
            line: self.line,
            column: self.columns.names[place].clone(),
            reason: shown(&reason.to_string()),
        }
    }
}

fn beyond(text: &str, unit: MassUnit) -> String {
    format!("{text} {unit} is beyond any ambient air (the most accepted is {} {unit})", CEILING.to_decimal(unit))
}

fn unreadable(file: &str, error: csv::Error) -> TableError {
    let line = error.position().map(csv::Position::line);
    match (error.into_kind(), line) {
        (csv::ErrorKind::Io(cause), _) => TableError::Unreadable { file: file.to_string(), cause },
        (kind, line) => {
            TableError::Row { file: file.to_string(), line: line.unwrap_or(1), reason: format!("{kind:?}") }
        }
    }
}

/// The first part of a text from outside, so that a refusal stays readable.
fn shown(text: &str) -> String {
    let mut start: String = text.chars().take(200).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

#[cfg(test)]
#[path = "hourly_csv_tests.rs"]
mod tests;
