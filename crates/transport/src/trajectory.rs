//! Back trajectories (后向轨迹): HYSPLIT's tdump, text.

use crate::TransportError;
use crate::source::way;
use modelfile::Fault;
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour};

const ID: &str = "hysplit-tdump";
const MOST_POINTS: usize = 200_000;

/// The way of one air mass.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// The hour at its starting point: backward, when it arrives.
    pub arrival: BeijingHour,
    /// Degrees east and north, from the starting point on.
    pub points: Vec<(f64, f64)>,
}

impl Trajectory {
    /// Whether it comes within so many metres of a place, at its points or between two of them.
    pub fn passes(&self, place: (f64, f64), near_m: f64) -> bool {
        let near = |at: (f64, f64)| way(at, place).0 <= near_m;
        let between = |pair: &[(f64, f64)]| {
            let steps = (way(pair[0], pair[1]).0 / near_m.max(1.0)).ceil().clamp(1.0, 64.0) as usize;
            (1..steps).any(|n| {
                let part = n as f64 / steps as f64;
                near((pair[0].0 + (pair[1].0 - pair[0].0) * part, pair[0].1 + (pair[1].1 - pair[0].1) * part))
            })
        };
        self.points.iter().any(|at| near(*at)) || self.points.windows(2).any(between)
    }
}

/// Reads the trajectories of a tdump file, in the order of their numbers.
///
/// Refuses `X-103` for a file that breaks off or whose lines are none, `X-114` for more points than any run has.
pub fn read_tdump(bytes: &[u8]) -> Result<Vec<Trajectory>, TransportError> {
    let damaged = |line: usize, what: &str| TransportError::File {
        layout: ID,
        fault: Fault::Damaged(format!("line {line}: {what}")),
    };
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.split_whitespace().collect::<Vec<_>>()));
    let mut count = |what: &str| -> Result<usize, TransportError> {
        let (line, words) = lines.next().ok_or_else(|| damaged(0, what))?;
        words.first().and_then(|word| word.parse().ok()).filter(|n| *n <= 100_000).ok_or_else(|| damaged(line, what))
    };
    let grids = count("the number of weather grids")?;
    for _ in 0..grids {
        lines.next();
    }
    let mut count = |what: &str| -> Result<usize, TransportError> {
        let (line, words) = lines.next().ok_or_else(|| damaged(0, what))?;
        words.first().and_then(|word| word.parse().ok()).filter(|n| *n <= 100_000).ok_or_else(|| damaged(line, what))
    };
    let starts = count("the number of trajectories")?;
    for _ in 0..starts {
        lines.next();
    }
    // The names of what is told along the way.
    let (_, told) = lines.next().ok_or_else(|| damaged(0, "the names of diagnostics"))?;
    let wanted: usize = told.first().and_then(|word| word.parse().ok()).filter(|n| *n <= 100).unwrap_or(0);
    let mut names = told.len().saturating_sub(1);
    while names < wanted {
        let (_, more) = lines.next().ok_or_else(|| damaged(0, "the names of diagnostics"))?;
        names += more.len();
    }
    let mut found: BTreeMap<u32, Trajectory> = BTreeMap::new();
    let mut points = 0;
    for (line, words) in lines.filter(|(_, words)| !words.is_empty()) {
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<f64>().ok()).filter(|n| n.is_finite());
        let [Some(which), Some(year), Some(month), Some(day), Some(hour)] = [0, 2, 3, 4, 5].map(number) else {
            return Err(damaged(line, "no time"));
        };
        let (Some(lat), Some(lon)) = (number(9), number(10)) else { return Err(damaged(line, "no position")) };
        if lat.abs() > 90.0 || lon.abs() > 360.0 {
            return Err(damaged(line, "a position outside the earth"));
        }
        let year = if year < 70.0 { 2000.0 + year } else { 1900.0 + year };
        let date = BeijingDay::from_ymd(year as i32, month as u32, day as u32).filter(|_| (0.0..=24.0).contains(&hour));
        let date = date.ok_or_else(|| damaged(line, "no time"))?;
        let time = BeijingHour::from_index(i64::from(date.index()) * 24 + hour as i64 + 8);
        points += 1;
        if points > MOST_POINTS {
            return Err(TransportError::TooMany { what: "points", count: points, limit: MOST_POINTS });
        }
        let one = found.entry(which as u32).or_insert_with(|| Trajectory { arrival: time, points: vec![] });
        one.points.push((lon, lat));
    }
    if found.is_empty() {
        return Err(damaged(0, "no point of a trajectory"));
    }
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "     1     1\n    GDAS    18     1    15     0     0\n     1 BACKWARD OMEGA\n    18     1    15     4   32.000  118.800    500.0\n     1 PRESSURE\n     1     1    18     1    15     4     0     0     0.0   32.000  118.800    500.0    950.0\n     1     1    18     1    15     3     0    -1    -1.0   32.500  118.000    510.0    949.0\n";

    #[test]
    fn a_trajectory_arrives_in_beijing_time_and_passes_what_lies_on_its_way() {
        let found = read_tdump(SAMPLE.as_bytes()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].arrival.to_string().as_str(), found[0].points.len()), ("2018-01-15T12:00:00+08:00", 2));
        assert!(found[0].passes((118.4, 32.25), 10_000.0), "half-way");
        assert!(!found[0].passes((119.8, 32.0), 50_000.0));
    }

    #[test]
    fn cut_and_foreign_files_are_refused() {
        let told = |text: &str| read_tdump(text.as_bytes()).unwrap_err().to_string();
        assert!(told("").starts_with("X-103 hysplit-tdump"));
        assert!(told("city,day\n").contains("line 1"));
        assert!(told(&SAMPLE[..SAMPLE.len() - 60]).contains("line 7"));
        assert!(told(&SAMPLE.replace("   32.500", "  932.500")).contains("outside the earth"));
    }
}
