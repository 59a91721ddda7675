//! Importers: bytes of any known layout in, [`Record`]s and an [`ImportReport`] out.
//!
//! A layout is recognised by its content, never by its name. Reading streams: memory doesn't grow with the
//! file. A file that is damaged as a whole is refused with an [`ObserveError`], and its receiver must then
//! drop what it got; a bad row or cell is listed in the report and the rest goes on.

mod aqistudy;
mod bounded;
mod cell;
mod cnemc_city;
mod cnemc_geojson;
mod cnemc_wcf;
mod cnemc_xml;
mod emit;
mod five_cities;
mod input;
mod json;
mod kdd2018;
mod lines;
mod live;
mod microstation;
mod openair;
mod own;
pub mod parquet;
mod place_list;
mod prsa;
mod seen;
mod site_list;
mod sub_indices;
mod table;
#[cfg(test)]
mod testing;
mod text_columns;
mod time;
mod watch_point;
mod yangtze;

use crate::{ImportReport, ObserveError, Record, SinkError};
use emit::Emit;
use input::{Hashing, Head, Input};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// One layout: how to recognise it and how to read it.
pub(crate) struct Layout {
    /// Stable id, the `format` of reports.
    id: &'static str,
    /// What it is, for lists.
    title: &'static str,
    /// Whether the beginning of a file is of this layout.
    detect: fn(&Head) -> bool,
    /// Reads the whole file.
    read: fn(&mut Input<'_>, &mut Emit<'_>) -> Result<(), ObserveError>,
}

/// Layouts in the order they are tried: those with the narrowest signature first.
const LAYOUTS: &[Layout] = &[
    parquet::LAYOUT,
    cnemc_wcf::LAYOUT,
    cnemc_xml::LAYOUT,
    cnemc_geojson::LAYOUT,
    place_list::JSON,
    cnemc_city::LAYOUT,
    prsa::LAYOUT,
    five_cities::LAYOUT,
    yangtze::LAYOUT,
    watch_point::LAYOUT,
    kdd2018::LAYOUT,
    sub_indices::SHANGHAI,
    sub_indices::UNITED_STATES,
    openair::LAYOUT,
    microstation::NATIONAL,
    microstation::MICRO,
    aqistudy::LAYOUT,
    text_columns::LAYOUT,
    site_list::LAYOUT,
    place_list::LINES,
    // Last, because it takes any table with one of its columns, to say which it lacks.
    own::LAYOUT,
];

/// Id and title of every layout that can be imported.
pub fn layouts() -> impl Iterator<Item = (&'static str, &'static str)> {
    LAYOUTS.iter().map(|layout| (layout.id, layout.title))
}

/// Recognises the layout of `reader` and hands its records to `sink`; `name` is used in messages only.
///
/// Compressed (gzip) and plain bytes are told apart by content. Refuses a file as a whole with `O-101` to
/// `O-113`; the receiver must then drop the records it got. The report's digest is that of the raw bytes.
pub fn detect_and_read(
    name: &str,
    reader: impl Read,
    sink: &mut dyn FnMut(Record) -> Result<(), SinkError>,
) -> Result<ImportReport, ObserveError> {
    let mut raw = Hashing::new(reader);
    let mut report = read_layout(name, &mut raw, sink)?;
    report.sha256 = raw.finish().map_err(|source| ObserveError::Io { file: name.to_string(), source })?;
    Ok(report)
}

/// [`detect_and_read`] of a file on disk.
pub fn read_path(
    path: &Path,
    sink: &mut dyn FnMut(Record) -> Result<(), SinkError>,
) -> Result<ImportReport, ObserveError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|source| ObserveError::Io { file: name.clone(), source })?;
    detect_and_read(&name, file, sink)
}

fn read_layout(
    name: &str,
    raw: &mut dyn Read,
    sink: &mut dyn FnMut(Record) -> Result<(), SinkError>,
) -> Result<ImportReport, ObserveError> {
    let mut input = Input::open(name, raw)?;
    let layout = recognise(&input)?;
    let mut emit = Emit::new(name, layout.id, sink);
    (layout.read)(&mut input, &mut emit)?;
    emit.finish()
}

fn recognise(input: &Input<'_>) -> Result<&'static Layout, ObserveError> {
    let head = input.head();
    if head.is_blank() {
        return Err(ObserveError::Empty { file: input.name.clone() });
    }
    if let Some(layout) = LAYOUTS.iter().find(|layout| (layout.detect)(head)) {
        return Ok(layout);
    }
    if head.is_binary() {
        return Err(ObserveError::Binary { file: input.name.clone() });
    }
    let first_line = head.lines().first().map(|line| line.chars().take(80).collect()).unwrap_or_default();
    Err(ObserveError::UnknownLayout { file: input.name.clone(), first_line })
}
