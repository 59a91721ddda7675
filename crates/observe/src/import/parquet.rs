//! The bundled columnar layout: one row per site and hour, six nullable whole-number columns.
//!
//! Columns `site` (text), `hour` (hours since 1970-01-01 00:00 Beijing time at which the hour ends) and
//! `SO2 … PM2_5` (counts of a step; null is missing). File metadata: `qingkong.layout`, `qingkong.scale`
//! (µg/m³ per count and column, JSON), `qingkong.source`, `qingkong.source_id`, `qingkong.note`.

mod write;

pub use write::{HourRow, Labels, write_parquet};

use super::Layout;
use super::cell::Content;
use super::emit::Emit;
use super::input::{Head, Input};
use crate::{ObserveError, RowFault};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use std::collections::HashMap;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use units::{BeijingHour, Concentration, MassUnit, Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "qingkong-parquet", title: "hourly values of this program in Parquet", detect, read };

pub(super) const SITE: &str = "site";
pub(super) const HOUR: &str = "hour";
/// The footer stands at the end, so the file is held in memory; the bundled ones have a few MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

fn detect(head: &Head) -> bool {
    head.bytes().starts_with(b"PAR1")
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let bytes = whole(input)?;
    let name = input.name.clone();
    let damaged =
        |what: String| ObserveError::Damaged { file: name.clone(), layout: LAYOUT.id, at: "the footer".into(), what };
    let (mut batches, labels) = guarded(|| open(bytes)).map_err(&damaged)?;
    let scale = scale(&labels).map_err(&damaged)?;
    if let Some(source) = labels.get("qingkong.source_id") {
        emit.source(source);
    }
    if let Some(note) = labels.get("qingkong.note") {
        emit.note(note);
    }
    let mut row = 0;
    while let Some(batch) = guarded(|| Ok(batches.next().transpose()?)).map_err(&damaged)? {
        let columns = Columns::of(&batch, &input.name)?;
        for at in 0..batch.num_rows() {
            row += 1;
            pass_on(&columns, at, row, &scale, emit)?;
        }
    }
    Ok(())
}

fn open(bytes: Bytes) -> Result<(ParquetRecordBatchReader, HashMap<String, String>), ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let labels = labels(builder.metadata().file_metadata().key_value_metadata());
    Ok((builder.build()?, labels))
}

/// Runs a step of the Parquet reader, which panics on some damaged footers instead of saying so.
fn guarded<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("the reader gave up on it".to_string()),
    }
}

fn whole(input: &mut Input<'_>) -> Result<Bytes, ObserveError> {
    let mut bytes = Vec::new();
    let read = input.body().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| input.fault(0, error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ObserveError::TooLarge { file: input.name.clone(), layout: LAYOUT.id, limit: MAX_BYTES });
    }
    Ok(Bytes::from(bytes))
}

fn labels(pairs: Option<&Vec<KeyValue>>) -> HashMap<String, String> {
    let pairs = pairs.into_iter().flatten();
    pairs.filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect()
}

/// Picograms per cubic metre of one count, by pollutant.
fn scale(labels: &HashMap<String, String>) -> Result<[i64; 6], String> {
    let text = labels.get("qingkong.scale").ok_or("no qingkong.scale in the file metadata")?;
    let steps: HashMap<String, String> =
        serde_json::from_str(text).map_err(|error| format!("qingkong.scale: {error}"))?;
    let mut scale = [0; 6];
    for pollutant in Pollutant::ALL {
        let step = steps.get(pollutant.code()).ok_or_else(|| format!("qingkong.scale lacks {pollutant}"))?;
        let step =
            Concentration::parse(step, MassUnit::Microgram).map_err(|error| format!("qingkong.scale: {error}"))?;
        scale[pollutant.index()] = step.picograms();
    }
    Ok(scale)
}

struct Columns {
    sites: StringArray,
    hours: Int32Array,
    values: [Int32Array; 6],
}

impl Columns {
    fn of(batch: &RecordBatch, file: &str) -> Result<Self, ObserveError> {
        let column = |name: &str, kind: DataType| {
            let found = batch.column_by_name(name).filter(|column| *column.data_type() == kind);
            found.cloned().ok_or_else(|| ObserveError::MissingColumn {
                file: file.to_string(),
                line: 1,
                layout: LAYOUT.id,
                column: name.to_string(),
            })
        };
        let mut values = Vec::new();
        for pollutant in Pollutant::ALL {
            values.push(column(pollutant.code(), DataType::Int32)?.as_primitive::<Int32Type>().clone());
        }
        Ok(Columns {
            sites: column(SITE, DataType::Utf8)?.as_string::<i32>().clone(),
            hours: column(HOUR, DataType::Int32)?.as_primitive::<Int32Type>().clone(),
            values: values.try_into().expect("one column was pushed per pollutant"),
        })
    }
}

fn pass_on(columns: &Columns, at: usize, row: u64, scale: &[i64; 6], emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.row();
    let Ok(site) = columns.sites.value(at).parse::<SiteCode>() else {
        emit.refuse(row, Some(SITE), RowFault::Site, columns.sites.value(at));
        return Ok(());
    };
    let hour = BeijingHour::from_index(i64::from(columns.hours.value(at)));
    let contents = Pollutant::ALL.map(|pollutant| content(columns, at, pollutant, scale[pollutant.index()]));
    emit.contents(row, &site, hour, &contents)
}

fn content(columns: &Columns, at: usize, pollutant: Pollutant, step: i64) -> Content {
    let column = &columns.values[pollutant.index()];
    if column.is_null(at) {
        return Content::Missing(0);
    }
    match i64::from(column.value(at)).checked_mul(step) {
        Some(picograms) => Content::Value(Concentration::from_picograms(picograms)),
        None => Content::Fault(RowFault::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{read, readings};

    fn rows() -> Vec<HourRow> {
        let value = |text: &str, unit| Some(Concentration::parse(text, unit).unwrap());
        let co = value("0.62", MassUnit::Milligram);
        let pm = value("35", MassUnit::Microgram);
        vec![
            HourRow {
                site: "320100".parse().unwrap(),
                hour: BeijingHour::from_index(420_000),
                values: [None, None, co, None, None, pm],
            },
            HourRow { site: "320300".parse().unwrap(), hour: BeijingHour::from_index(420_001), values: [None; 6] },
        ]
    }

    fn file() -> Vec<u8> {
        let labels = Labels { source: "public", source_id: "cnemc-city", note: "not reviewed" };
        let mut bytes = Vec::new();
        write_parquet(&mut bytes, &rows(), &labels).unwrap();
        bytes
    }

    #[test]
    fn what_was_written_is_read_back_exactly() {
        let (report, records) = read(&file());
        let report = report.unwrap();
        assert_eq!((report.rows_read, report.kept, report.missing), (2, 2, 10));
        assert_eq!((report.source.as_str(), report.notes), ("cnemc-city", vec!["not reviewed".to_string()]));
        let values: Vec<String> = readings(&records).into_iter().filter(|line| !line.ends_with("missing")).collect();
        let [co, pm] = ["320100 CO 2017-11-30T00:00:00+08:00 0.62", "320100 PM2_5 2017-11-30T00:00:00+08:00 35"];
        assert_eq!(values, [co, pm]);
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_panics() {
        let good = file();
        assert!(matches!(read(&good[..good.len() - 9]).0, Err(ObserveError::Damaged { .. })));
        for at in 4..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            let _ = read(&bad);
        }
    }
}
