use super::{HOUR, SITE};
use crate::ObserveError;
use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;
use units::{BeijingHour, Concentration, MassUnit, Pollutant, SiteCode};

/// One row of the columnar layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourRow {
    /// Where.
    pub site: SiteCode,
    /// The hour, named by its end.
    pub hour: BeijingHour,
    /// Values in the order of [`Pollutant::ALL`].
    pub values: [Option<Concentration>; 6],
}

/// What a file says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Where the values come from, in words.
    pub source: &'a str,
    /// The series they belong to, for example `cnemc-city`.
    pub source_id: &'a str,
    /// What a reader must know.
    pub note: &'a str,
}

/// Steps a column may be counted in, in picograms per cubic metre, coarsest first: the coarser, the smaller the file.
const STEPS: [i64; 5] = [10_000_000, 1_000_000, 100_000, 10_000, 1_000];

/// Writes rows, sorted by site and hour, in the layout that the importer `qingkong-parquet` reads.
///
/// Exact: each column is counted in the coarsest step that divides all its values. Refuses `O-114` when
/// there is no such step, or the file can't be written.
pub fn write_parquet(out: impl Write + Send, rows: &[HourRow], labels: &Labels<'_>) -> Result<(), ObserveError> {
    let failed = |what: String| ObserveError::Write { file: "Parquet file".into(), what };
    let mut rows: Vec<&HourRow> = rows.iter().collect();
    rows.sort_by(|a, b| (&a.site, a.hour).cmp(&(&b.site, b.hour)));
    let mut scale = [0; 6];
    for pollutant in Pollutant::ALL {
        scale[pollutant.index()] =
            step(&rows, pollutant).ok_or_else(|| failed(format!("no step of {pollutant} is exact for all values")))?;
    }
    let batch = batch(&rows, &scale).map_err(|error| failed(error.to_string()))?;
    let mut writer = ArrowWriter::try_new(out, batch.schema(), Some(properties(labels, &scale)))
        .map_err(|error| failed(error.to_string()))?;
    writer.write(&batch).map_err(|error| failed(error.to_string()))?;
    writer.close().map_err(|error| failed(error.to_string()))?;
    Ok(())
}

fn step(rows: &[&HourRow], pollutant: Pollutant) -> Option<i64> {
    let values = || rows.iter().filter_map(|row| row.values[pollutant.index()]).map(Concentration::picograms);
    STEPS.into_iter().find(|step| values().all(|value| value % step == 0 && i32::try_from(value / step).is_ok()))
}

fn batch(rows: &[&HourRow], scale: &[i64; 6]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let mut fields = vec![Field::new(SITE, DataType::Utf8, false), Field::new(HOUR, DataType::Int32, false)];
    let sites: StringArray = rows.iter().map(|row| Some(row.site.as_str())).collect();
    let hours: Int32Array = rows.iter().map(|row| i32::try_from(row.hour.index()).ok()).collect();
    let mut columns: Vec<ArrayRef> = vec![Arc::new(sites), Arc::new(hours)];
    for pollutant in Pollutant::ALL {
        let step = scale[pollutant.index()];
        let count = |value: Concentration| i32::try_from(value.picograms() / step).ok();
        let values: Int32Array = rows.iter().map(|row| row.values[pollutant.index()].and_then(count)).collect();
        fields.push(Field::new(pollutant.code(), DataType::Int32, true));
        columns.push(Arc::new(values));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn properties(labels: &Labels<'_>, scale: &[i64; 6]) -> WriterProperties {
    let pair = |key: &str, value: String| KeyValue::new(format!("qingkong.{key}"), value);
    let steps: std::collections::BTreeMap<&str, String> =
        Pollutant::ALL.iter().map(|pollutant| (pollutant.code(), micrograms(scale[pollutant.index()]))).collect();
    let level = ZstdLevel::try_new(19).expect("zstd has levels 1 to 22");
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        // Hours rise by one within a site, which delta coding stores in next to nothing.
        .set_column_dictionary_enabled(HOUR.into(), false)
        .set_column_encoding(HOUR.into(), Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(Some(vec![
            pair("layout", "hours/1".into()),
            pair("scale", serde_json::json!(steps).to_string()),
            pair("source", labels.source.into()),
            pair("source_id", labels.source_id.into()),
            pair("note", labels.note.into()),
        ]))
        .build()
}

fn micrograms(picograms: i64) -> String {
    Concentration::from_picograms(picograms).to_decimal(MassUnit::Microgram).to_string()
}
