use super::layout::{ACCOUNTS, Cells, ID, LOGIN, NAME, ORGANISATION, ORGANISATIONS, PARENT, PERSON, Sheet, Sheets};
use crate::OrgError;
use calamine::Reader;
use std::collections::BTreeMap;
use workbook::{Book, Limits, broken, open, text, within};

const LIMITS: Limits = Limits { bytes: 20 << 20, parts: 500, unpacked: 64 << 20 };
const MOST_ROWS: u64 = 20_000;
const MOST_COLUMNS: u64 = 50;
const MOST_CHARACTERS: u64 = 500;

/// Reads the sheets of a workbook; refuses `G-501` to `G-503`.
pub fn read(bytes: &[u8]) -> Result<Sheets, OrgError> {
    let mut book = open(bytes, &LIMITS)?;
    let organisations = sheet(&mut book, ORGANISATIONS, &[ID, NAME, PARENT])?;
    let accounts = sheet(&mut book, ACCOUNTS, &[LOGIN, PERSON, ORGANISATION])?;
    if organisations.is_none() && accounts.is_none() {
        return Err(OrgError::NoSuchPart(format!("sheet {ORGANISATIONS} or {ACCOUNTS}")));
    }
    Ok(Sheets { organisations, accounts })
}

fn sheet(book: &mut Book<'_>, name: &str, needed: &[&str]) -> Result<Option<Sheet>, OrgError> {
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

fn rows(book: &mut Book<'_>, name: &str) -> Result<BTreeMap<u32, Cells>, OrgError> {
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
