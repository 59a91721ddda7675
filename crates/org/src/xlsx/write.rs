use super::layout::{
    ACCOUNT_COLUMNS, ACCOUNTS, CLOSED, Cells, OPEN, ORGANISATION_COLUMNS, ORGANISATIONS, Sheet, Sheets,
};
use super::plan::{AccountRow, CellFault};
use crate::{OrgError, Organisation};
use rust_xlsxwriter::{Format, Note, Workbook, Worksheet, XlsxError};

/// The workbook of a tree and its accounts. Texts stay texts, whatever they begin with; refuses `G-504`.
pub fn write(tree: &[Organisation], accounts: &[AccountRow]) -> Result<Vec<u8>, OrgError> {
    let organisations = tree.iter().map(organisation);
    let accounts = accounts.iter().map(account);
    workbook(&organisations.collect::<Vec<_>>(), &accounts.collect::<Vec<_>>()).map_err(not_written)
}

/// The workbook that was sent in, with the cells that were refused in red and the reason as a note; refuses `G-504`.
pub fn marked_copy(sheets: &Sheets, faults: &[CellFault]) -> Result<Vec<u8>, OrgError> {
    let mut book = Workbook::new();
    for (name, sheet) in [(ORGANISATIONS, &sheets.organisations), (ACCOUNTS, &sheets.accounts)] {
        if let Some(sheet) = sheet {
            let page = book.add_worksheet();
            marked_sheet(page, name, sheet, faults).map_err(not_written)?;
        }
    }
    book.save_to_buffer().map_err(not_written)
}

fn not_written(error: XlsxError) -> OrgError {
    OrgError::NotWritten(error.to_string())
}

fn organisation(row: &Organisation) -> [String; 8] {
    let areas: Vec<&str> = row.areas.iter().map(|area| area.as_str()).collect();
    [
        row.id.to_string(),
        row.name.clone(),
        row.name_en.clone(),
        row.kind.name().to_string(),
        row.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.region.map(|region| region.to_string()).unwrap_or_default(),
        areas.join(";"),
        state(row.active),
    ]
}

fn account(row: &AccountRow) -> [String; 6] {
    [
        row.login.clone(),
        row.name.clone(),
        row.organisation.to_string(),
        row.phone.clone(),
        row.mail.clone(),
        state(row.active),
    ]
}

fn state(active: bool) -> String {
    if active { OPEN } else { CLOSED }.to_string()
}

fn workbook(organisations: &[[String; 8]], accounts: &[[String; 6]]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    page(book.add_worksheet(), ORGANISATIONS, &ORGANISATION_COLUMNS, organisations)?;
    page(book.add_worksheet(), ACCOUNTS, &ACCOUNT_COLUMNS, accounts)?;
    book.save_to_buffer()
}

fn page<const N: usize>(
    page: &mut Worksheet,
    name: &str,
    columns: &[&str; N],
    rows: &[[String; N]],
) -> Result<(), XlsxError> {
    begin(page, name, columns)?;
    for (row, texts) in (1..).zip(rows) {
        for (column, text) in (0..).zip(texts) {
            put(page, row, column, text, Format::new())?;
        }
    }
    Ok(())
}

fn begin<T: AsRef<str>>(page: &mut Worksheet, name: &str, columns: &[T]) -> Result<(), XlsxError> {
    page.set_name(name)?;
    page.set_freeze_panes(1, 0)?;
    for (column, text) in (0..).zip(columns) {
        page.set_column_width(column, 18)?;
        put(page, 0, column, text.as_ref(), Format::new().set_bold())?;
    }
    Ok(())
}

/// Strings are never formulas in a workbook; the quote prefix keeps it so when somebody edits the cell.
fn put(page: &mut Worksheet, row: u32, column: u16, text: &str, format: Format) -> Result<(), XlsxError> {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let format = if risky { format.set_quote_prefix() } else { format };
    if !text.is_empty() || risky {
        page.write_string_with_format(row, column, text, &format)?;
    }
    Ok(())
}

fn marked_sheet(page: &mut Worksheet, name: &str, sheet: &Sheet, faults: &[CellFault]) -> Result<(), XlsxError> {
    begin(page, name, &sheet.header)?;
    for cells in &sheet.rows {
        for (column, text) in &cells.texts {
            put(page, cells.row - 1, *column as u16, text, Format::new())?;
        }
    }
    let mut noted: std::collections::BTreeMap<(u32, u16), Vec<String>> = Default::default();
    for fault in faults.iter().filter(|fault| fault.sheet == name) {
        let column = sheet.column(&fault.column).unwrap_or_default() as u16;
        noted.entry((fault.row - 1, column)).or_default().push(format!("{} {}", fault.code, fault.text));
    }
    let red = || Format::new().set_background_color("#F8B4B4").set_font_color("#7F1D1D");
    for ((row, column), notes) in noted {
        let text = cell_text(&sheet.rows, row + 1, column as usize);
        if text.is_empty() {
            page.write_blank(row, column, &red())?;
        }
        put(page, row, column, text, red())?;
        page.insert_note(row, column, &Note::new(notes.join("\n")))?;
    }
    Ok(())
}

fn cell_text(rows: &[Cells], row: u32, column: usize) -> &str {
    let cells = rows.binary_search_by_key(&row, |cells| cells.row).ok().map(|place| &rows[place]);
    cells.and_then(|cells| cells.texts.get(&column)).map_or("", String::as_str)
}
