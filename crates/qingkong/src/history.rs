//! Observation files as the history a forecast is made from.

use crate::failure::Failure;
use ::forecast::{History, HistoryBuilder};
use observe::{ImportReport, Record};
use std::path::{Path, PathBuf};

/// Reads files of any known layout into one history, whatever their order and overlap; a later file's value wins.
///
/// Every site of the files is a city of the history, under its region code where it has one. Values in
/// doubt count, invalid ones do not. What was refused is told on standard error.
pub fn read(files: &[PathBuf]) -> Result<History, Failure> {
    let mut builder = HistoryBuilder::default();
    for file in files {
        let report = observe::import::read_path(file, &mut |record| {
            keep(&mut builder, record);
            Ok(())
        })?;
        tell(file, &report);
    }
    builder.finish().ok_or_else(|| Failure::refused("F-117 the files hold no usable hourly value"))
}

/// The place of a city that another file names as the observations do, or by the name of the region behind their code.
pub fn city_of(cities: &[String], name: &str) -> Option<usize> {
    let code = observe::regions::by_name(name).map(|region| region.code.to_string());
    cities.iter().position(|city| city == name || Some(city) == code.as_ref())
}

fn keep(builder: &mut HistoryBuilder, record: Record) {
    let Record::Hour(observation) = record else { return };
    if let Some(value) = observation.reading.usable() {
        let pollutant = observation.pollutant;
        builder.set(observation.site.as_str(), pollutant, observation.hour, value.to_f64(pollutant.unit()));
    }
}

fn tell(file: &Path, report: &ImportReport) {
    if let Some(first) = report.refusals.first() {
        eprintln!(
            "{}: {} rows or cells refused, the first at line {}: {} ({:?}); the others were read",
            file.display(),
            report.refused,
            first.line,
            first.reason,
            first.text
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use units::{BeijingHour, Pollutant};

    #[test]
    fn two_files_with_a_gap_become_one_axis() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, rows: &str| {
            let path = folder.path().join(name);
            fs::write(&path, format!("time,site,PM2_5,CO\n{rows}")).unwrap();
            path
        };
        let later = file("b.csv", "2018-01-03T01:00:00+08:00,320100,35,0.8\n");
        let early = file("a.csv", "2018-01-02T00:00:00+08:00,320300,,1.2\n2018-01-01T05:00:00+08:00,320300,80,\n");
        let history = read(&[later, early]).unwrap();
        assert_eq!((history.cities.clone(), history.hours), (vec!["320100".to_string(), "320300".to_string()], 72));
        let hour = |text: &str| text.parse::<BeijingHour>().unwrap();
        assert_eq!(history.value(Pollutant::Pm25, 0, hour("2018-01-03T01:00:00+08:00")), 35.0);
        assert_eq!(history.value(Pollutant::Co, 1, hour("2018-01-02T00:00:00+08:00")), 1.2);
        assert!(history.value(Pollutant::Pm25, 1, hour("2018-01-02T00:00:00+08:00")).is_nan());
    }

    #[test]
    fn files_without_a_value_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "time,site,PM2_5\n2018-01-02T00:00:00+08:00,320300,\n").unwrap();
        assert!(read(&[path]).unwrap_err().to_string().starts_with("F-117"));
    }
}
