//! One cell with a concentration: number, missing mark, or neither.

use crate::RowFault;
use units::{Concentration, ConcentrationError, MassUnit, Pollutant};

/// Texts that stand for "no value" in one layout or another, hardly ever declared by it.
/// The numbers are far outside what air can hold, so that no value is lost to them.
pub(super) const MISSING_MARKS: [&str; 13] =
    ["", "NA", "NaN", "nan", "-", "—", "-;", "–", "null", "None", "-9999", "-9999.0", "999990"];

/// A concentration as its file writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'t> {
    pub(super) pollutant: Pollutant,
    pub(super) unit: MassUnit,
    /// Name of its column, for messages.
    pub(super) column: &'t str,
    pub(super) text: &'t str,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Value(Concentration),
    /// Position in [`MISSING_MARKS`].
    Missing(usize),
    Fault(RowFault),
}

impl Cell<'_> {
    pub(super) fn content(&self) -> Content {
        let text = self.text.trim();
        if let Some(mark) = MISSING_MARKS.iter().position(|mark| *mark == text) {
            return Content::Missing(mark);
        }
        match Concentration::parse(text, self.unit) {
            Ok(value) => Content::Value(value),
            Err(ConcentrationError::NotANumber(_)) => Content::Fault(RowFault::Number),
            Err(ConcentrationError::TooLarge(_)) => Content::Fault(RowFault::TooLarge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        Cell { pollutant: Pollutant::Pm25, unit: MassUnit::Microgram, column: "PM2.5", text }.content()
    }

    #[test]
    fn every_mark_is_missing_and_zero_is_a_value() {
        for mark in MISSING_MARKS {
            assert!(matches!(content(mark), Content::Missing(_)), "{mark:?}");
        }
        assert_eq!(content("0"), Content::Value(Concentration::ZERO));
        assert_eq!(content(" 26.3333333333 "), Content::Value(Concentration::from_picograms(26_333_333)));
    }

    #[test]
    fn what_is_neither_number_nor_mark_is_a_fault() {
        assert_eq!(content("12µ"), Content::Fault(RowFault::Number));
        assert_eq!(content("1e40"), Content::Fault(RowFault::TooLarge));
    }
}
