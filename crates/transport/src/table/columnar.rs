//! The long form in Parquet: text columns by dictionary, numbers as doubles.

use super::row::Collector;
use super::{COLUMNS, each_row};
use crate::import::Imported;
use crate::{Note, TransportError};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bytes::Bytes;
use modelfile::Fault;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use units::RegionCode;

const ID: &str = "long-form-parquet";
/// Positions of the columns that hold numbers.
const NUMBERS: [usize; 3] = [8, 10, 11];
const ROWS_AT_A_TIME: usize = 65_536;

/// Whether the bytes are a Parquet file.
pub fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1")
}

pub(super) fn read(bytes: &[u8], known: &[RegionCode]) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = |what: String| TransportError::File { layout: ID, fault: Fault::Damaged(what) };
    let bytes = Bytes::copy_from_slice(bytes);
    let open = || -> Result<ParquetRecordBatchReader, ParquetError> {
        ParquetRecordBatchReaderBuilder::try_new(bytes)?.with_batch_size(ROWS_AT_A_TIME).build()
    };
    let mut batches = guarded(open).map_err(damaged)?;
    let schema = arrow_array::RecordBatchReader::schema(&batches);
    let (mut collector, places) = Collector::of(schema.fields().iter().map(|field| field.name().as_str()), known)?;
    let mut line = 0;
    while let Some(batch) = guarded(|| Ok(batches.next().transpose()?)).map_err(damaged)? {
        let columns = places.map(|place| place.map(|at| texts(batch.column(at))));
        let unread = columns.iter().position(|column| matches!(column, Some(None)));
        if let Some(column) = unread {
            let column = COLUMNS[column];
            return Err(damaged(format!("the column {column} is neither text nor a floating-point number")));
        }
        for row in 0..batch.num_rows() {
            line += 1;
            collector.row(line, |column| match &columns[column] {
                Some(Some(texts)) => texts[row].as_str(),
                _ => "",
            })?;
        }
    }
    collector.finish()
}

/// Runs a step of the Parquet reader, which panics on some damaged footers instead of saying so.
fn guarded<T>(step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("the reader gave up on it".to_string()),
    }
}

/// The cells as text; numbers in the shortest form that reads back the same.
fn texts(column: &ArrayRef) -> Option<Vec<String>> {
    let of = |text: &dyn Fn(usize) -> String| {
        (0..column.len()).map(|row| if column.is_null(row) { String::new() } else { text(row) }).collect()
    };
    Some(match column.data_type() {
        DataType::Utf8 => of(&|row| column.as_string::<i32>().value(row).to_string()),
        DataType::LargeUtf8 => of(&|row| column.as_string::<i64>().value(row).to_string()),
        DataType::Float64 => of(&|row| column.as_primitive::<Float64Type>().value(row).to_string()),
        DataType::Float32 => of(&|row| column.as_primitive::<Float32Type>().value(row).to_string()),
        _ => return None,
    })
}

/// Writes the long form as Parquet (zstd), in order.
pub fn write_parquet(imported: &Imported, out: impl Write + Send) -> Result<(), ParquetError> {
    let kind = |column: usize| if NUMBERS.contains(&column) { DataType::Float64 } else { DataType::Utf8 };
    let fields: Vec<Field> = (0..18).map(|column| Field::new(COLUMNS[column], kind(column), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let level = ZstdLevel::try_new(3)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties))?;
    let mut rows: Vec<[String; 18]> = vec![];
    each_row(imported, |cells| -> Result<(), ParquetError> {
        rows.push(cells.clone());
        if rows.len() == ROWS_AT_A_TIME {
            writer.write(&batch(&schema, &rows)?)?;
            rows.clear();
        }
        Ok(())
    })?;
    writer.write(&batch(&schema, &rows)?)?;
    writer.close()?;
    Ok(())
}

fn batch(schema: &Arc<Schema>, rows: &[[String; 18]]) -> Result<RecordBatch, ArrowError> {
    let column = |column: usize| -> ArrayRef {
        if NUMBERS.contains(&column) {
            return Arc::new(rows.iter().map(|row| row[column].parse::<f64>().ok()).collect::<Float64Array>());
        }
        Arc::new(rows.iter().map(|row| Some(row[column].as_str())).collect::<StringArray>())
    };
    RecordBatch::try_new(schema.clone(), (0..18).map(column).collect())
}
