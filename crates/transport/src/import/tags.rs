//! The table of tags (标签表): what the tags of a run mean, which no file says.

use crate::TransportError;
use crate::source::{Precursor, Source};
use std::collections::BTreeMap;
use units::{Pollutant, RegionCode};

/// What a tag stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// Whose emission was tagged.
    pub source: Source,
    /// What of, where the name of the variable does not say (WRF-Chem tracers).
    pub precursor: Option<Precursor>,
    /// Part of which concentration, where the name does not say.
    pub pollutant: Option<Pollutant>,
}

/// Tags by name; names compare without case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags(BTreeMap<String, Tag>);

const COLUMNS: [&str; 6] = ["tag", "region", "sector", "stack", "precursor", "pollutant"];
const MOST_TAGS: usize = 10_000;

impl Tags {
    /// Reads `tag,region` and, where they are there, `sector,stack,precursor,pollutant` from CSV.
    ///
    /// Refuses `X-111`, `X-112`, `X-113`, `X-114` naming line and column.
    pub fn read_csv(bytes: &[u8]) -> Result<Tags, TransportError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let cell = |line: u64, column: &str, text: &str, why: String| TransportError::Cell {
            line,
            column: column.to_string(),
            text: text.chars().take(64).collect(),
            why,
        };
        let header = reader.headers().map_err(|cause| cell(1, "header", "", cause.to_string()))?.clone();
        let place = COLUMNS.map(|column| header.iter().position(|name| name == column));
        if let Some(missing) = (0..2).find(|column| place[*column].is_none()) {
            return Err(TransportError::Column(COLUMNS[missing]));
        }
        let mut tags = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|cause| cell(0, "whole row", "", cause.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let text = |column: usize| place[column].and_then(|at| record.get(at)).unwrap_or_default();
            let refuse = |column: usize, why: String| cell(line, COLUMNS[column], text(column), why);
            let said = |column: usize| Some(text(column)).filter(|text| !text.is_empty());
            let region: RegionCode = text(1).parse().map_err(|cause: units::CodeError| refuse(1, cause.to_string()))?;
            let source = Source { region, sector: text(2).to_string(), stack: text(3).to_string() };
            let precursor =
                said(4).map(str::parse::<Precursor>).transpose().map_err(|cause: String| refuse(4, cause))?;
            let pollutant = said(5).map(str::parse::<Pollutant>).transpose();
            let pollutant = pollutant.map_err(|cause: units::UnknownPollutant| refuse(5, cause.to_string()))?;
            if text(0).is_empty() {
                return Err(refuse(0, "is empty".into()));
            }
            if tags.insert(text(0).to_uppercase(), Tag { source, precursor, pollutant }).is_some() {
                return Err(TransportError::Twice { at: format!("line {line}, tag {}", text(0)) });
            }
            if tags.len() > MOST_TAGS {
                return Err(TransportError::TooMany { what: "tags", count: tags.len(), limit: MOST_TAGS });
            }
        }
        Ok(Tags(tags))
    }

    /// A tag by its name. Refuses `X-105` naming tag and variable.
    pub(super) fn of(&self, layout: &'static str, tag: &str, variable: &str) -> Result<&Tag, TransportError> {
        let unknown = || TransportError::UnknownTag { layout, tag: tag.to_string(), variable: variable.to_string() };
        self.0.get(&tag.to_uppercase()).ok_or_else(unknown)
    }

    /// Names and meanings, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Tag)> {
        self.0.iter().map(|(name, tag)| (name.as_str(), tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_whatever_their_case_and_unknown_ones_named() {
        let tags = Tags::read_csv(b"tag,region,sector\nxz1,320300,power\n").unwrap();
        assert_eq!(tags.of("isam", "XZ1", "ASO4J_XZ1").unwrap().source.to_string(), "320300/power");
        let told = tags.of("isam", "NJ1", "ASO4J_NJ1").unwrap_err().to_string();
        assert_eq!(told, "X-105 isam: the tag \"NJ1\" of ASO4J_NJ1 is not in the table of tags");
    }

    #[test]
    fn a_wrong_table_is_refused_with_line_and_column() {
        let told = |text: &str| Tags::read_csv(text.as_bytes()).unwrap_err().to_string();
        assert!(told("tag,sector\na,b").starts_with("X-113 the column \"region\""));
        assert!(told("tag,region\na,32").starts_with("X-112 line 2, column region"));
        assert!(told("tag,region\na,320300\nA,320300").starts_with("X-111 line 3, tag A"));
        assert!(told("tag,region,precursor\na,320300,O3").starts_with("X-112 line 2, column precursor"));
    }
}
