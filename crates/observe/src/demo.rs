//! Cuts bundled demonstration files out of public observations.

use crate::import::parquet::{HourRow, Labels, write_parquet};
use crate::{ImportReport, Observation, ObserveError, Record, import};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use units::{BeijingHour, SiteCode};

/// What went into a demonstration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows: sites times hours with at least one record.
    pub rows: usize,
    /// Distinct sites.
    pub sites: usize,
    /// Cells without a value.
    pub missing: usize,
    /// Reports of the files read.
    pub reports: Vec<ImportReport>,
}

/// Reads `inputs`, keeps the observations that `keep` chooses, and writes them to `out` as Parquet.
///
/// Of several inputs with the same site and hour the first one counts. Refuses what an import refuses, and
/// `O-114` when `out` can't be written.
pub fn write(
    inputs: &[PathBuf],
    keep: &dyn Fn(&Observation) -> bool,
    labels: &Labels<'_>,
    out: &Path,
) -> Result<Written, ObserveError> {
    let mut table: BTreeMap<(SiteCode, BeijingHour), HourRow> = BTreeMap::new();
    let mut reports = Vec::new();
    for input in inputs {
        let mut take = |record| {
            if let Record::Hour(observation) = record
                && keep(&observation)
            {
                enter(&mut table, observation);
            }
            Ok(())
        };
        reports.push(import::read_path(input, &mut take)?);
    }
    let rows: Vec<HourRow> = table.into_values().collect();
    let file = File::create(out)
        .map_err(|error| ObserveError::Write { file: out.display().to_string(), what: error.to_string() })?;
    write_parquet(BufWriter::new(file), &rows, labels)?;
    let missing = rows.iter().flat_map(|row| row.values).filter(Option::is_none).count();
    let sites = rows.chunk_by(|a, b| a.site == b.site).count();
    Ok(Written { rows: rows.len(), sites, missing, reports })
}

fn enter(table: &mut BTreeMap<(SiteCode, BeijingHour), HourRow>, observation: Observation) {
    let Observation { site, hour, pollutant, reading } = observation;
    let row = table.entry((site.clone(), hour)).or_insert_with(|| HourRow { site, hour, values: [None; 6] });
    let value = &mut row.values[pollutant.index()];
    *value = value.or(reading.received());
}
