//! Workbooks from outside (外来工作簿): weighed before they are opened, and their cells as people see them.
//!
//! What a sheet means, how many rows it may have and which code a refusal carries is for whoever reads it to say.

use calamine::{DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};

/// A workbook in memory.
pub type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// What a workbook may weigh.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Parts in it.
    pub parts: u64,
    /// Bytes that all parts unpack to.
    pub unpacked: u64,
}

/// Why a workbook was refused; the reader gives it a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is none, or broken: what the reader said, without control characters.
    NotAWorkbook(String),
    /// There is more of something than is read.
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How many.
        found: u64,
        /// How many are read.
        most: u64,
    },
}

/// Opens a workbook that is within the limits.
///
/// Everything is unpacked to nowhere first, and no further than the limit: the sizes that a file states may be lies. Its
/// cells are then best read one by one: a cell in the last corner of a sheet must not make room for all the others.
pub fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Book<'a>, Fault> {
    within("bytes", bytes.len() as u64, limits.bytes)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    within("parts", archive.len() as u64, limits.parts)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let mut rest = entry.take(limits.unpacked + 1 - total);
        total += std::io::copy(&mut rest, &mut std::io::sink()).map_err(broken)?;
        within("unpacked bytes", total, limits.unpacked)?;
    }
    Xlsx::new(Cursor::new(bytes)).map_err(broken)
}

/// Refuses more than the most.
pub fn within(what: &'static str, found: u64, most: u64) -> Result<(), Fault> {
    if found > most { Err(Fault::TooLarge { what, found, most }) } else { Ok(()) }
}

/// What a reader said of a broken workbook, fit to be shown.
pub fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::NotAWorkbook(error.to_string().chars().filter(|c| !c.is_control()).take(200).collect())
}

/// A cell as the digits and letters that people see: a code typed as a number stays that code.
pub fn text(value: &DataRef<'_>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMY: Limits = Limits { bytes: 1 << 20, parts: 100, unpacked: 4 << 20 };

    fn sample() -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, " 热电 ").unwrap().write(0, 1, 320_100).unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn cells_are_what_people_see() {
        let bytes = sample();
        let mut book = open(&bytes, &ROOMY).unwrap();
        let mut cells = book.worksheet_cells_reader("Sheet1").unwrap();
        let first = text(cells.next_cell().unwrap().unwrap().get_value());
        let second = text(cells.next_cell().unwrap().unwrap().get_value());
        assert_eq!((first.as_str(), second.as_str()), ("热电", "320100"));
    }

    #[test]
    fn each_limit_refuses_one_more_and_takes_what_it_names() {
        let bytes = sample();
        let count = bytes.len() as u64;
        assert!(open(&bytes, &Limits { bytes: count, ..ROOMY }).is_ok());
        for (limits, what) in [
            (Limits { bytes: count - 1, ..ROOMY }, "bytes"),
            (Limits { parts: 3, ..ROOMY }, "parts"),
            (Limits { unpacked: 100, ..ROOMY }, "unpacked bytes"),
        ] {
            let refused = open(&bytes, &limits).err();
            assert!(matches!(refused, Some(Fault::TooLarge { what: named, .. }) if named == what), "{refused:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_workbook_are_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"name,grade\n"] {
            assert!(matches!(open(bytes, &ROOMY), Err(Fault::NotAWorkbook(_))));
        }
    }
}
