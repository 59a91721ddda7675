use super::layout::{ACCOUNTS, Cells, ID, LOGIN, NAME, ORGANISATION, ORGANISATIONS, PARENT, PERSON, Sheet, Sheets};
use crate::OrgError;
use calamine::{DataRef, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

const MOST_BYTES: u64 = 20 << 20;
const MOST_UNPACKED: u64 = 64 << 20;
const MOST_ENTRIES: u64 = 500;
const MOST_ROWS: u64 = 20_000;
const MOST_COLUMNS: u64 = 50;
const MOST_CHARACTERS: u64 = 500;

/// Reads the sheets of a workbook; refuses `G-501` to `G-503`.
///
/// What the workbook unpacks to is counted before anything is taken from it, and cells are read one by one: a cell in
/// the last corner of a sheet must not make room for all the others.
pub fn read(bytes: &[u8]) -> Result<Sheets, OrgError> {
    within("bytes", bytes.len() as u64, MOST_BYTES)?;
    unpacked(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let organisations = sheet(&mut book, ORGANISATIONS, &[ID, NAME, PARENT])?;
    let accounts = sheet(&mut book, ACCOUNTS, &[LOGIN, PERSON, ORGANISATION])?;
    if organisations.is_none() && accounts.is_none() {
        return Err(OrgError::NoSuchPart(format!("sheet {ORGANISATIONS} or {ACCOUNTS}")));
    }
    Ok(Sheets { organisations, accounts })
}

fn broken(error: impl std::fmt::Display) -> OrgError {
    OrgError::NotAWorkbook(error.to_string().chars().filter(|c| !c.is_control()).take(200).collect())
}

fn within(what: &'static str, found: u64, most: u64) -> Result<(), OrgError> {
    if found > most { Err(OrgError::TooLarge { what, found, most }) } else { Ok(()) }
}

/// Unpacks everything to nowhere and stops at the limit: the sizes that a file states may be lies.
fn unpacked(bytes: &[u8]) -> Result<(), OrgError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    within("parts", archive.len() as u64, MOST_ENTRIES)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let mut rest = entry.take(MOST_UNPACKED + 1 - total);
        total += std::io::copy(&mut rest, &mut std::io::sink()).map_err(broken)?;
        within("unpacked bytes", total, MOST_UNPACKED)?;
    }
    Ok(())
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, needed: &[&str]) -> Result<Option<Sheet>, OrgError> {
    if !book.sheet_names().iter().any(|known| known == name) {
        return Ok(None);
    }
    let mut rows = rows(book, name)?;
    let header = rows.remove(&1).unwrap_or_default();
    let width = header.texts.keys().next_back().map_or(0, |last| last + 1);
    let header = (0..width).map(|place| header.texts.get(&place).cloned().unwrap_or_default()).collect();
    let sheet = Sheet { header, rows: rows.into_values().collect() };
    match needed.iter().find(|column| sheet.column(column).is_none()) {
        Some(column) => Err(OrgError::NoSuchPart(format!("column {column} in the first row of sheet {name}"))),
        None => Ok(Some(sheet)),
    }
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<BTreeMap<u32, Cells>, OrgError> {
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = cell.pos;
        let text = text(&cell.value);
        if text.is_empty() && cell.formula.is_none() {
            continue;
        }
        within("rows", u64::from(row) + 1, MOST_ROWS)?;
        within("columns", u64::from(column) + 1, MOST_COLUMNS)?;
        within("characters in one cell", text.chars().count() as u64, MOST_CHARACTERS)?;
        let cells = rows.entry(row + 1).or_insert_with(|| Cells { row: row + 1, ..Cells::default() });
        if cell.formula.is_some() {
            cells.formulas.push(column as usize);
        }
        cells.texts.insert(column as usize, text);
    }
    Ok(rows)
}

/// Codes that were typed as numbers are read as the digits that people see.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_string(),
        DataRef::SharedString(text) => text.trim().to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
