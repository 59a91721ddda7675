//! Tables of text: bytes to rows, and what a heading means.

use crate::GuidanceError;
use std::borrow::Cow;
use units::Pollutant;

/// The reported unit of a pollutant, as tables write it.
pub(crate) fn reported_unit(pollutant: Pollutant) -> &'static str {
    if pollutant == Pollutant::Co { "mg/m3" } else { "ug/m3" }
}

/// Text in UTF-8 with or without mark, or else in GBK.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        Err(_) => encoding_rs::GB18030.decode(bytes).0,
    }
}

/// A CSV with a header; every row as long as the reader found it.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    /// Line and fields.
    pub(crate) rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// Reads all rows; refuses `J-105` where the quoting breaks.
    pub(crate) fn read(layout: &'static str, bytes: &[u8]) -> Result<Table, GuidanceError> {
        let text = text(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let damaged = |error: csv::Error| GuidanceError::Damaged { layout, what: error.to_string() };
        let header = reader.headers().map_err(damaged)?.iter().map(|name| name.trim().to_string()).collect();
        let mut rows = vec![];
        for record in reader.records() {
            let record = record.map_err(damaged)?;
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        Ok(Table { header, rows })
    }

    /// Position of the first heading that is one of the names, whatever its case and its note in brackets.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        let plain = |heading: &String| split(heading).0.to_lowercase();
        names.iter().find_map(|name| self.header.iter().position(|heading| plain(heading) == *name))
    }
}

/// A heading without its brackets, and what stands in them: `臭氧(地表，µg/kg)` is `臭氧` and `[地表, µg/kg]`.
fn split(heading: &str) -> (&str, Vec<&str>) {
    let Some((name, rest)) = heading.split_once(['(', '（', '[']) else { return (heading.trim(), vec![]) };
    let inner = rest.trim_end().trim_end_matches([')', '）', ']']);
    (name.trim(), inner.split(['，', ',', '、']).map(str::trim).collect())
}

/// What a heading says in its brackets contains.
pub(crate) fn notes(heading: &str, word: &str) -> bool {
    split(heading).1.iter().any(|note| note.to_lowercase().contains(word))
}

/// The pollutant a heading names, with its unit when it states one.
///
/// Column amounts (总柱) and indices are no concentrations and name nothing.
pub(crate) fn pollutant(heading: &str) -> Option<(Pollutant, Option<&str>)> {
    let (name, notes) = split(heading);
    if notes.iter().any(|note| note.contains("总柱")) {
        return None;
    }
    let known = match name {
        "二氧化硫" => Pollutant::So2,
        "二氧化氮" => Pollutant::No2,
        "一氧化碳" => Pollutant::Co,
        "臭氧" => Pollutant::O3,
        "可吸入颗粒物" => Pollutant::Pm10,
        "细颗粒物" => Pollutant::Pm25,
        other => other.trim_end_matches("浓度").parse().ok()?,
    };
    Some((known, notes.last().copied().filter(|note| !note.is_empty())))
}

/// A number of a cell: `Ok(None)` for an empty cell or a known mark of missing, `Err` for anything else.
pub(crate) fn number(cell: &str) -> Result<Option<f64>, ()> {
    match cell.trim() {
        "" | "-" | "--" | "—" | "NA" | "NaN" | "nan" | "null" | "-999" | "-999.0" | "-9999" => Ok(None),
        text => text.parse().ok().filter(|value: &f64| value.is_finite()).map(Some).ok_or(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_pollutant_and_unit_and_columns_of_air_are_none() {
        assert_eq!(pollutant("臭氧(地表，µg/kg)"), Some((Pollutant::O3, Some("µg/kg"))));
        assert_eq!(pollutant("PM2.5(µg/m3)"), Some((Pollutant::Pm25, Some("µg/m3"))));
        assert_eq!(pollutant("细颗粒物"), Some((Pollutant::Pm25, None)));
        assert_eq!(pollutant("CO浓度（mg/m3）"), Some((Pollutant::Co, Some("mg/m3"))));
        assert_eq!((pollutant("臭氧(总柱，mg/m2)"), pollutant("AQI")), (None, None));
    }

    #[test]
    fn marks_of_missing_are_no_numbers_and_words_are_refused() {
        assert_eq!((number(" - "), number("NaN"), number("12.5")), (Ok(None), Ok(None), Ok(Some(12.5))));
        assert_eq!((number("high"), number("inf")), (Err(()), Err(())));
    }

    #[test]
    fn gbk_is_read_where_utf8_fails() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("城市,臭氧\n南京,80\n");
        assert_eq!(Table::read("table", &bytes).unwrap().find(&["城市"]), Some(0));
    }
}
