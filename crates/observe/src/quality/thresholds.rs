use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;
use units::{Concentration, Pollutant};

const FILE: &str = include_str!("../../data/quality.toml");

/// Thresholds of the automatic flags; the file `quality.toml` gives the reason of each.
#[derive(Clone, Debug)]
pub struct Thresholds {
    /// Id of the set, for reports.
    pub id: String,
    /// A spike is more than this many times its larger neighbour.
    pub spike_factor: u32,
    /// When PM2.5 above PM10 is in doubt.
    pub inversion: Inversion,
    /// When a point is held against its neighbours.
    pub neighbours: Neighbours,
    pollutants: [PollutantThresholds; 6],
}

/// Thresholds of one pollutant.
#[derive(Clone, Copy, Debug)]
pub struct PollutantThresholds {
    /// Largest hourly value an instrument reports.
    pub range: Concentration,
    /// Equal hours in a row that make a frozen value.
    pub frozen_hours: usize,
    /// Values up to this one may stand still.
    pub frozen_floor: Concentration,
    /// Least height of a spike above both neighbours.
    pub spike: Concentration,
    /// Least distance of an outlier from the median of its neighbours.
    pub outlier: Concentration,
}

/// By how much PM2.5 may exceed PM10 before it is in doubt: by the larger of the two.
#[derive(Clone, Copy, Debug)]
pub struct Inversion {
    /// Absolute.
    pub tolerance: Concentration,
    /// In percent of PM10.
    pub tolerance_percent: u32,
}

/// When a point can be held against its neighbours.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Neighbours {
    /// Least number of other points with a value.
    pub others: usize,
    /// Least distance in median absolute deviations of the others.
    pub deviations: u32,
}

#[derive(Deserialize)]
struct File {
    id: String,
    spike_factor: u32,
    pollutant: HashMap<String, Entry>,
    inversion: InversionEntry,
    neighbours: Neighbours,
}

#[derive(Deserialize)]
struct Entry {
    range: i64,
    frozen_hours: usize,
    frozen_floor: i64,
    spike: i64,
    outlier: i64,
}

#[derive(Deserialize)]
struct InversionEntry {
    tolerance: i64,
    tolerance_percent: u32,
}

impl Thresholds {
    /// Those of one pollutant.
    pub fn of(&self, pollutant: Pollutant) -> &PollutantThresholds {
        &self.pollutants[pollutant.index()]
    }
}

/// The thresholds in use.
pub fn thresholds() -> &'static Thresholds {
    static THRESHOLDS: OnceLock<Thresholds> = OnceLock::new();
    THRESHOLDS.get_or_init(|| parse(FILE).expect("the embedded file is checked by this crate's tests"))
}

fn parse(text: &str) -> Result<Thresholds, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut pollutants = Vec::new();
    for pollutant in Pollutant::ALL {
        let entry = file.pollutant.get(pollutant.code()).ok_or_else(|| format!("no thresholds of {pollutant}"))?;
        pollutants.push(PollutantThresholds {
            range: Concentration::micrograms(entry.range),
            frozen_hours: entry.frozen_hours,
            frozen_floor: Concentration::micrograms(entry.frozen_floor),
            spike: Concentration::micrograms(entry.spike),
            outlier: Concentration::micrograms(entry.outlier),
        });
    }
    let tolerance = Concentration::micrograms(file.inversion.tolerance);
    Ok(Thresholds {
        id: file.id,
        spike_factor: file.spike_factor,
        inversion: Inversion { tolerance, tolerance_percent: file.inversion.tolerance_percent },
        neighbours: file.neighbours,
        pollutants: pollutants.try_into().map_err(|_| "six pollutants are due".to_string())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_thresholds_are_whole_and_sensible() {
        let thresholds = thresholds();
        for pollutant in Pollutant::ALL {
            let one = thresholds.of(pollutant);
            assert!(one.frozen_hours >= 6 && one.frozen_floor < one.spike && one.spike < one.range, "{pollutant}");
        }
        assert!(thresholds.neighbours.others >= 3 && thresholds.spike_factor > 1);
    }

    #[test]
    fn a_file_without_one_pollutant_is_refused_by_name() {
        let without = FILE.replace("[pollutant.O3]", "[pollutant.O4]");
        assert_eq!(parse(&without).unwrap_err(), "no thresholds of O3");
    }
}
