//! The table of sources (排放源表): where they lie, how high, and what they emit.

use crate::TransportError;
use crate::contribution::Emissions;
use crate::source::{Point, Precursor, Source, SourceSite};
use std::collections::BTreeMap;
use std::str::FromStr;
use units::{KilogramPerDay, RegionCode};

/// Columns; a column for each precursor, in kg/d, may follow. Several rows of one source are its points.
const COLUMNS: [&str; 6] = ["region", "sector", "stack", "lon", "lat", "height_m"];
const REQUIRED: [usize; 4] = [0, 3, 4, 5];
const MOST_ROWS: usize = 1_000_000;

/// Reads the table from CSV; emissions of the rows of one source are added, and its points shared by rows.
///
/// Refuses `X-109` to `X-114` naming line and column: coordinates that are none, heights and emissions below zero.
pub fn read_sites(bytes: &[u8]) -> Result<Vec<SourceSite>, TransportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let cell = |line: u64, column: &str, text: &str, why: String| TransportError::Cell {
        line,
        column: column.to_string(),
        text: text.chars().take(64).collect(),
        why,
    };
    let header = reader.headers().map_err(|cause| cell(1, "header", "", cause.to_string()))?.clone();
    let find = |name: &str| header.iter().position(|column| column == name);
    let place = COLUMNS.map(find);
    if let Some(missing) = REQUIRED.into_iter().find(|column| place[*column].is_none()) {
        return Err(TransportError::Column(COLUMNS[missing]));
    }
    let emitted: Vec<(Precursor, usize)> =
        Precursor::ALL.into_iter().filter_map(|p| Some((p, find(p.code())?))).collect();
    let mut sites: BTreeMap<Source, SourceSite> = BTreeMap::new();
    for (number, record) in reader.records().enumerate() {
        if number == MOST_ROWS {
            return Err(TransportError::TooMany { what: "rows of sources", count: number + 1, limit: MOST_ROWS });
        }
        let record = record.map_err(|cause| cell(number as u64 + 2, "whole row", "", cause.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let real = |column: &str, at: Option<usize>, low: f64, high: f64| {
            let value = f64::from_str(text(at)).map_err(|cause| cell(line, column, text(at), cause.to_string()))?;
            if value.is_nan() {
                return Err(TransportError::NotFinite { at: format!("line {line}, column {column}") });
            }
            let outside = || cell(line, column, text(at), format!("is not {low} to {high}"));
            if value >= low && value <= high { Ok(value) } else { Err(outside()) }
        };
        let region: RegionCode = text(place[0])
            .parse()
            .map_err(|cause: units::CodeError| cell(line, "region", text(place[0]), cause.to_string()))?;
        let source = Source { region, sector: text(place[1]).to_string(), stack: text(place[2]).to_string() };
        let (lon, lat) = (real("lon", place[3], -180.0, 180.0)?, real("lat", place[4], -90.0, 90.0)?);
        let height_m = real("height_m", place[5], 0.0, 2000.0)?;
        let new = || SourceSite { source: source.clone(), points: vec![], height_m, base: BTreeMap::new() };
        let site = sites.entry(source.clone()).or_insert_with(new);
        if site.height_m != height_m {
            return Err(cell(
                line,
                "height_m",
                text(place[5]),
                format!("is not the height of {source} before, {}", site.height_m),
            ));
        }
        site.points.push(Point { lon, lat, share: 1.0 });
        for (precursor, at) in emitted.iter().filter(|(_, at)| !text(Some(*at)).is_empty()) {
            let kg = real(precursor.code(), Some(*at), 0.0, 1e12)?;
            site.base.entry(*precursor).or_default().0 += kg;
        }
    }
    let mut sites: Vec<SourceSite> = sites.into_values().collect();
    for site in &mut sites {
        let share = 1.0 / site.points.len() as f64;
        site.points.iter_mut().for_each(|point| point.share = share);
    }
    if sites.is_empty() { Err(TransportError::Empty) } else { Ok(sites) }
}

/// Base emissions of sources, for [`crate::Contributions::per_emission`].
pub fn emissions(sites: &[SourceSite]) -> Emissions {
    let of = |site: &SourceSite| {
        let source = site.source.clone();
        site.base
            .iter()
            .map(move |(precursor, kg)| ((source.clone(), *precursor), KilogramPerDay(kg.0)))
            .collect::<Vec<_>>()
    };
    sites.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "region,sector,stack,lon,lat,height_m,SO2,NOx";

    #[test]
    fn rows_of_one_source_are_its_points() {
        let text = format!(
            "{HEAD}\n320300,power,,117.2,34.2,100,1000,\n320300,power,,117.4,34.3,100,500,20\n320100,power,A,118.8,32,80,,5"
        );
        let sites = read_sites(text.as_bytes()).unwrap();
        assert_eq!((sites.len(), sites[1].points.len(), sites[1].points[0].share), (2, 2, 0.5));
        let all = emissions(&sites);
        assert_eq!(all[&(sites[1].source.clone(), Precursor::So2)].0, 1500.0);
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn what_can_not_be_is_refused_with_its_place() {
        let told = |row: &str| read_sites(format!("{HEAD}\n{row}").as_bytes()).unwrap_err().to_string();
        assert!(told("3203,p,,117,34,9,1,").starts_with("X-112 line 2, column region"));
        assert!(told("320300,p,,217,34,9,1,").starts_with("X-112 line 2, column lon"));
        assert!(told("320300,p,,117,34,9,-1,").starts_with("X-112 line 2, column SO2"));
        assert!(told("320300,p,,117,34,9,NaN,").starts_with("X-109 line 2, column SO2"));
        assert!(told("320300,p,,117,34,9,1,\n320300,p,,117,34,8,1,").starts_with("X-112 line 3, column height_m"));
        assert!(told("").starts_with("X-101"));
    }
}
