//! Documents for people (公文与单据): one value, written as docx or as PDF, A4.
//!
//! Pure: values and the bytes of a font come in, bytes go out, and the same values give the same bytes. What people
//! wrote is text and never anything else: no markup, no field, no formula. Nothing here looks for fonts or files.

mod docx;
mod embed;
mod error;
mod font;
mod layout;
mod page;
mod pdf;
mod sheet;
mod text;
mod wrap;
mod xml;

pub use docx::docx;
pub use error::DocumentError;
pub use font::TypeFace;
pub use pdf::pdf;
pub use sheet::{Block, Column, Sheet, Table};

#[cfg(test)]
mod tests;
