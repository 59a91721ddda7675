//! The workbook that goes back (退回件): what was sent in, with what was refused or noted at its cell.

use super::cell::CellFault;
use super::workbook::{Page, Place, letters};
use crate::PlanError;
use rust_xlsxwriter::{Format, Note, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Writes the sheets with refused cells in red and hints in yellow; refuses `P-204`.
pub(super) fn write(pages: &[Page], faults: &[CellFault]) -> Result<Vec<u8>, PlanError> {
    let mut book = Workbook::new();
    for page in pages {
        sheet(book.add_worksheet(), page, faults).map_err(|error| PlanError::NotWritten(error.to_string()))?;
    }
    book.save_to_buffer().map_err(|error| PlanError::NotWritten(error.to_string()))
}

fn sheet(sheet: &mut Worksheet, page: &Page, faults: &[CellFault]) -> Result<(), XlsxError> {
    sheet.set_name(&page.name)?;
    let wrap = || Format::new().set_text_wrap();
    for (start, end) in &page.merged {
        match sheet.merge_range(start.0, start.1 as u16, end.0, end.1 as u16, "", &wrap()) {
            // A broken file may merge a cell twice; the text stands all the same.
            Ok(_) | Err(XlsxError::MergeRangeOverlaps(..)) => {}
            Err(error) => return Err(error),
        }
    }
    let mut marks: BTreeMap<Place, Vec<&CellFault>> = BTreeMap::new();
    for fault in faults.iter().filter(|fault| fault.sheet == page.name) {
        let column = (0..).find(|column| letters(*column) == fault.column).unwrap_or_default();
        marks.entry(*page.anchor(&(fault.row - 1, column))).or_default().push(fault);
    }
    let places = page.cells.keys().chain(marks.keys()).collect::<std::collections::BTreeSet<_>>();
    for &at in places {
        let found = marks.get(&at).map_or(&[][..], Vec::as_slice);
        let format = match (found.is_empty(), found.iter().any(|fault| fault.refuses)) {
            (true, _) => wrap(),
            (_, true) => wrap().set_background_color("#F8B4B4").set_font_color("#7F1D1D"),
            (_, false) => wrap().set_background_color("#FDE68A"),
        };
        put(sheet, at, page.text(at), format)?;
        if !found.is_empty() {
            let notes: Vec<String> = found.iter().map(|fault| format!("{} {}", fault.code, fault.text)).collect();
            sheet.insert_note(
                at.0,
                at.1 as u16,
                &Note::new(notes.join("\n").chars().take(2000).collect::<String>()),
            )?;
        }
    }
    Ok(())
}

/// Strings are never formulas in a workbook; the quote prefix keeps it so when somebody edits the cell.
fn put(sheet: &mut Worksheet, at: Place, text: &str, format: Format) -> Result<(), XlsxError> {
    let format = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format.set_quote_prefix() } else { format };
    if text.is_empty() {
        sheet.write_blank(at.0, at.1 as u16, &format)?;
    } else {
        sheet.write_string_with_format(at.0, at.1 as u16, text, &format)?;
    }
    Ok(())
}
