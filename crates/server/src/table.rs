use crate::ServerError;
use crate::stamp::Stamp;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use rust_xlsxwriter::{Format as CellFormat, Workbook, XlsxError};
use serde::Serialize;
use std::borrow::Cow;

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A list on its way out of the house (导出表): the same rows as the page, with their stamp.
pub struct Table {
    /// Chinese title, first row of the sheet.
    pub title: String,
    /// File name without ending, ASCII.
    pub file: String,
    /// Where the figures come from.
    pub stamp: Stamp,
    /// Column names, each with its unit where it has one.
    pub columns: Vec<String>,
    /// Cells, one for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing known.
    Empty,
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
}

/// The shape an answer is asked for in: `?format=` first, then `Accept`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The page's own.
    Json,
    /// Comma separated, one header row.
    Csv,
    /// A spreadsheet with title and stamp above the header row.
    Xlsx,
}

impl<S: Send + Sync> FromRequestParts<S> for Shape {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServerError> {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
        shape_of(parts.uri.query().unwrap_or(""), accept)
    }
}

fn shape_of(query: &str, accept: &str) -> Result<Shape, ServerError> {
    match query.split('&').find_map(|pair| pair.strip_prefix("format=")) {
        Some("json") => Ok(Shape::Json),
        Some("csv") => Ok(Shape::Csv),
        Some("xlsx") => Ok(Shape::Xlsx),
        Some(other) => Err(ServerError::BadQuery(format!("no format {other:?}; known are json, csv, xlsx"))),
        None if accept.starts_with(CSV) => Ok(Shape::Csv),
        None if accept.starts_with(XLSX) => Ok(Shape::Xlsx),
        None => Ok(Shape::Json),
    }
}

/// Answers in the shape asked for; the table is made only when it is.
pub(crate) fn answer<T: Serialize>(
    shape: Shape,
    body: T,
    table: impl FnOnce(&T) -> Table,
) -> Result<Response, ServerError> {
    let (bytes, kind, ending, name) = match shape {
        Shape::Json => return Ok(Json(body).into_response()),
        Shape::Csv => {
            let table = table(&body);
            (table.csv()?, "text/csv; charset=utf-8; header=present", "csv", table.name())
        }
        Shape::Xlsx => {
            let table = table(&body);
            (table.xlsx()?, XLSX, "xlsx", table.name())
        }
    };
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{ending}\""))
        .map_err(|_| ServerError::Broken(format!("not a file name: {name}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::VARY, HeaderValue::from_static("accept")),
    ];
    Ok((http::StatusCode::OK, headers, bytes).into_response())
}

impl Table {
    /// Demonstration figures carry the word in the very name of the file.
    fn name(&self) -> String {
        format!("{}{}", self.file, if self.stamp.demo { "-demo" } else { "" })
    }

    /// The table alone. A stamp above the header would break every reader of CSV, so that it stands at
    /// the end of each row instead.
    fn csv(&self) -> Result<Vec<u8>, ServerError> {
        let broken = |e: csv::Error| ServerError::Broken(format!("cannot write CSV: {e}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let stamp = self.stamp.cells();
        let names = self.columns.iter().map(String::as_str).chain(stamp.iter().map(|(name, _)| *name));
        writer.write_record(names).map_err(broken)?;
        for row in &self.rows {
            let cells = row.iter().map(Cell::csv).chain(stamp.iter().map(|(_, text)| text.clone()));
            writer.write_record(cells).map_err(broken)?;
        }
        writer.into_inner().map_err(|e| ServerError::Broken(format!("cannot write CSV: {e}")))
    }

    fn xlsx(&self) -> Result<Vec<u8>, ServerError> {
        self.workbook().map_err(|e| ServerError::Broken(format!("cannot write the spreadsheet: {e}")))
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = CellFormat::new().set_bold();
        sheet.write_string_with_format(0, 0, &self.title, &bold)?;
        sheet.write_string(1, 0, self.stamp.sentence())?;
        const HEAD: u32 = 3;
        for (column, name) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(HEAD, column, name, &bold)?;
            sheet.set_column_width(column, 14)?;
        }
        for (line, row) in (HEAD + 1..).zip(&self.rows) {
            for (column, cell) in (0u16..).zip(row) {
                match cell {
                    Cell::Empty => {}
                    Cell::Number(number) => {
                        sheet.write_number(line, column, *number)?;
                    }
                    Cell::Text(text) => {
                        sheet.write_string(line, column, text)?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(HEAD + 1, 0)?;
        book.save_to_buffer()
    }
}

impl Cell {
    /// Words from outside must not be taken for a formula by the program that opens the file.
    fn csv(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => harmless(text).into_owned(),
        }
    }
}

/// The one place where words from outside are kept from being taken for a formula (公式注入).
///
/// Programs look past leading blanks, and some take the wide forms of the signs for the signs.
fn harmless(text: &str) -> Cow<'_, str> {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}']);
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if first.starts_with(signs) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<crate::figure::Figure> for Cell {
    fn from(figure: crate::figure::Figure) -> Cell {
        Cell::Number(figure.get())
    }
}

macro_rules! number_cell {
    ($($kind:ty),*) => { $(impl From<$kind> for Cell {
        fn from(number: $kind) -> Cell {
            Cell::Number(number as f64)
        }
    })* };
}
number_cell!(u8, u16, u32, u64, i64, usize, f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            title: "城市排名".into(),
            file: "rank".into(),
            stamp: Stamp::example(),
            columns: vec!["city".into(), "PM2_5 (µg/m³)".into()],
            rows: vec![vec!["南京".into(), 35u8.into()], vec!["=1+1".into(), Cell::Empty]],
        }
    }

    #[test]
    fn csv_is_pure_and_every_row_carries_its_source() {
        let text = String::from_utf8(table().csv().unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("city,PM2_5 (µg/m³),data_time,source,"), "{}", lines[0]);
        assert!(lines[1].starts_with("南京,35,2018-01-13T20:00:00+08:00,"));
        assert!(lines[2].starts_with("'=1+1,,"), "no formula from outside: {}", lines[2]);
        assert_eq!(table().name(), "rank-demo");
    }

    #[test]
    fn no_disguise_makes_a_formula() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{3000}=1", "＝1+1", "＠a", "\u{feff}=1"]
        {
            assert_eq!(Cell::from(text).csv(), format!("'{text}"), "{text:?}");
        }
        for text in ["", "a=1", "南京", "1-2"] {
            assert_eq!(Cell::from(text).csv(), text);
        }
        assert_eq!(Cell::Number(-1.0).csv(), "-1", "a number is no word from outside");
    }

    #[test]
    fn a_spreadsheet_is_a_zip_of_some_size() {
        let bytes = table().xlsx().unwrap();
        assert!(bytes.starts_with(b"PK") && bytes.len() > 1000);
    }

    #[test]
    fn the_word_in_the_address_wins_over_the_header() {
        assert_eq!(shape_of("a=1&format=json", "text/csv").unwrap(), Shape::Json);
        assert_eq!(shape_of("", "text/csv").unwrap(), Shape::Csv);
        assert_eq!(shape_of("", "text/html,*/*").unwrap(), Shape::Json);
        assert!(matches!(shape_of("format=pdf", ""), Err(ServerError::BadQuery(_))));
    }
}
