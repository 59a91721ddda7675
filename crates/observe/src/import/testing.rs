//! Helpers of this crate's tests: read bytes, show records as text.

use crate::{ImportReport, ObserveError, Record};
use units::Reading;

/// Reads bytes as a file called `test`.
pub(crate) fn read(bytes: &[u8]) -> (Result<ImportReport, ObserveError>, Vec<Record>) {
    let mut records = Vec::new();
    let report = super::detect_and_read("test", bytes, &mut |record| {
        records.push(record);
        Ok(())
    });
    (report, records)
}

/// One line per hourly or daily record: site, pollutant, time, value in the reporting unit.
pub(crate) fn readings(records: &[Record]) -> Vec<String> {
    records.iter().filter_map(shown).collect()
}

fn shown(record: &Record) -> Option<String> {
    match record {
        Record::Hour(o) => Some(format!("{} {} {} {}", o.site, o.pollutant, o.hour, value(o.reading, o.pollutant))),
        Record::Day(o) => Some(format!("{} {} {} {}", o.site, o.pollutant, o.day, value(o.reading, o.pollutant))),
        Record::Site(_) => None,
    }
}

fn value(reading: Reading, pollutant: units::Pollutant) -> String {
    match (reading, reading.received()) {
        (Reading::Invalid(..), Some(value)) => format!("invalid {}", value.reported(pollutant)),
        (_, Some(value)) => value.reported(pollutant).to_string(),
        (_, None) => "missing".to_string(),
    }
}
