//! Reading of observation files, for the studies beside it.

use forecast::{History, HistoryBuilder};
use observe::Record;
use std::error::Error;
use std::path::Path;

/// The hourly history in the files, any layout the importers know.
pub fn history(files: impl Iterator<Item = String>) -> Result<History, Box<dyn Error>> {
    let mut builder = HistoryBuilder::default();
    for file in files {
        observe::import::read_path(Path::new(&file), &mut |record| {
            if let Record::Hour(hour) = record
                && let Some(value) = hour.reading.usable()
            {
                builder.set(hour.site.as_str(), hour.pollutant, hour.hour, value.to_f64(hour.pollutant.unit()));
            }
            Ok(())
        })?;
    }
    Ok(builder.finish().ok_or("no value in the files")?)
}
