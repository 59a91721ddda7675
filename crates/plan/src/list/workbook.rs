//! The sheets of a workbook as texts by cell, merged cells filled.

use crate::PlanError;
use ::workbook::{Book, Fault, Limits, broken, open, text, within};
use calamine::Reader;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const LIMITS: Limits = Limits { bytes: 30 << 20, parts: 500, unpacked: 200 << 20 };
const MOST_ROWS: u64 = 50_000;
const MOST_COLUMNS: u64 = 120;
const MOST_CELLS: u64 = 2_000_000;
const MOST_CHARACTERS: u64 = 2_000;

/// A place in a sheet: row and column, from 0.
pub(super) type Place = (u32, u32);

/// One sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub name: String,
    /// Texts that stand in the file.
    pub cells: BTreeMap<Place, String>,
    /// Merged ranges, first and last place.
    pub merged: Vec<(Place, Place)>,
    /// Where a merged range covers a cell: the cell whose text it shows.
    anchors: HashMap<Place, Place>,
    /// Cells with a formula.
    pub formulas: BTreeSet<Place>,
}

impl Page {
    /// What a reader sees at a place; empty when there is nothing.
    pub fn text(&self, at: Place) -> &str {
        self.cells.get(self.anchor(&at)).map_or("", String::as_str)
    }

    /// The cell whose text stands at a place.
    pub fn anchor<'a>(&'a self, at: &'a Place) -> &'a Place {
        self.anchors.get(at).unwrap_or(at)
    }

    /// One past the last row and the last column that hold anything.
    pub fn size(&self) -> Place {
        let places = || self.cells.keys().chain(self.anchors.keys());
        (places().map(|at| at.0 + 1).max().unwrap_or(0), places().map(|at| at.1 + 1).max().unwrap_or(0))
    }
}

/// Reads all sheets; refuses `P-201` and `P-202`.
pub(super) fn pages(bytes: &[u8]) -> Result<Vec<Page>, PlanError> {
    let mut book = open(bytes, &LIMITS)?;
    let mut left = MOST_CELLS;
    book.sheet_names().into_iter().map(|name| page(&mut book, name, &mut left)).collect()
}

fn page(book: &mut Book<'_>, name: String, left: &mut u64) -> Result<Page, PlanError> {
    let mut page = Page { name, ..Page::default() };
    // A chart sheet has no cells.
    let Ok(mut reader) = book.worksheet_cells_reader(&page.name) else { return Ok(page) };
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = cell.pos;
        let text = text(&cell.value);
        if text.is_empty() && cell.formula.is_none() {
            continue;
        }
        inside(row, column)?;
        within("characters in one cell", text.chars().count() as u64, MOST_CHARACTERS)?;
        *left = left.checked_sub(1).ok_or(PlanError::TooLarge {
            what: "cells",
            found: MOST_CELLS + 1,
            most: MOST_CELLS,
        })?;
        if cell.formula.is_some() {
            page.formulas.insert((row, column));
        }
        page.cells.insert((row, column), text);
    }
    drop(reader);
    let merged = book.merge_cells_by_sheet_name(&page.name).map_err(broken)?;
    for range in merged {
        // Ranges over whole empty columns are common in templates: what lies outside the cells is cut off.
        let bottom = page.cells.keys().map(|at| at.0).max().unwrap_or(0);
        let end = (range.end.0.min(bottom), range.end.1.min(MOST_COLUMNS as u32 - 1));
        if range.start.0 > end.0 || range.start.1 > end.1 || range.start == end {
            continue;
        }
        let cells = u64::from(end.0 - range.start.0 + 1) * u64::from(end.1 - range.start.1 + 1);
        *left = left.checked_sub(cells).ok_or(PlanError::TooLarge {
            what: "merged cells",
            found: cells,
            most: MOST_CELLS,
        })?;
        for row in range.start.0..=end.0 {
            page.anchors.extend((range.start.1..=end.1).map(|column| ((row, column), range.start)));
        }
        page.merged.push((range.start, end));
    }
    Ok(page)
}

fn inside(row: u32, column: u32) -> Result<(), Fault> {
    within("rows", u64::from(row) + 1, MOST_ROWS)?;
    within("columns", u64::from(column) + 1, MOST_COLUMNS)
}

/// The letters of a column.
pub(super) fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut letters = vec![];
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_people_see() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }

    #[test]
    fn bytes_that_are_no_workbook_are_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"name,grade\n"] {
            assert!(pages(bytes).unwrap_err().to_string().starts_with("P-201"));
        }
    }
}
