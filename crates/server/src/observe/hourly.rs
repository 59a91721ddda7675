//! Hourly indices of one site, by the edition in force at each hour.

use super::window::Window;
use crate::figure::Figure;
use ::standards::{AqiEdition, AqiReport, EvaluationRules, HourMeans, ParticleBasis};
use std::collections::BTreeMap;
use std::ops::Range;
use store::Flagged;
use units::{AqiLevel, BeijingHour, Concentration, Pollutant};

/// Hours before the first one told that its indices need: the running 24 h mean of particles.
pub(crate) const LOOK_BACK: i64 = 23;

/// What one hour of one site amounts to; nothing known is `None` throughout.
#[derive(Clone, Debug, Default)]
pub(crate) struct HourIndex {
    pub aqi: Option<u16>,
    pub level: Option<AqiLevel>,
    /// Codes joined with `|`; empty when the index is 50 or less.
    pub primary: Option<String>,
    /// Level by each pollutant's own index.
    pub by_pollutant: [Option<AqiLevel>; 6],
}

/// The indices of the hours at `offsets` of the window.
pub(crate) fn indices(window: &Window, site: usize, offsets: Range<usize>) -> Vec<HourIndex> {
    offsets.map(|at| HourIndex::of(&report(window, site, at))).collect()
}

/// The report of one hour (实时报).
pub(crate) fn report(window: &Window, site: usize, at: usize) -> AqiReport {
    let edition = AqiEdition::in_force(window.hour(at).day());
    edition.hour_aqi(&means(window, site, at, edition.hour_particles()))
}

fn means(window: &Window, site: usize, at: usize, particles: ParticleBasis) -> HourMeans {
    let rules = EvaluationRules::in_force(window.hour(at).day());
    // Rounded before it is read on the table, as a value that is reported is.
    let round = |pollutant, value: Option<Concentration>| value.map(|value| rules.round_compliance(pollutant, value));
    let hour = |pollutant| round(pollutant, window.value(site, pollutant, at));
    let mean = |pollutant, hours, needed| round(pollutant, window.running_mean(site, pollutant, at, hours, needed));
    let particle = |pollutant| match particles {
        ParticleBasis::Running24h => mean(pollutant, 24, rules.day_hours()),
        ParticleBasis::Hour => hour(pollutant),
    };
    HourMeans {
        so2: hour(Pollutant::So2),
        no2: hour(Pollutant::No2),
        co: hour(Pollutant::Co),
        o3: hour(Pollutant::O3),
        o3_8h: mean(Pollutant::O3, 8, rules.ozone_8h_hours()),
        pm10: particle(Pollutant::Pm10),
        pm25: particle(Pollutant::Pm25),
    }
}

impl HourIndex {
    /// From the report of an observed hour.
    pub(crate) fn of(report: &AqiReport) -> HourIndex {
        let mut by_pollutant: [Option<AqiLevel>; 6] = Default::default();
        for (column, index) in &report.indices {
            let place = &mut by_pollutant[column.pollutant().index()];
            *place = (*place).max(index.map(|index| AqiLevel::of(index.into())));
        }
        HourIndex {
            aqi: report.aqi.map(|aqi| aqi.get()),
            level: report.level,
            primary: report.aqi.map(|_| join(&report.primary)),
            by_pollutant,
        }
    }

    /// A future hour, known by PM2.5 alone.
    pub(crate) fn of_particles(aqi: Option<u16>) -> HourIndex {
        let level = level(aqi);
        let mut by_pollutant: [Option<AqiLevel>; 6] = Default::default();
        by_pollutant[Pollutant::Pm25.index()] = level;
        let primary = aqi.map(|aqi| if aqi > 50 { Pollutant::Pm25.code().to_string() } else { String::new() });
        HourIndex { aqi, level, primary, by_pollutant }
    }
}

/// Codes joined with `|`.
pub(crate) fn join(primary: &[Pollutant]) -> String {
    primary.iter().map(|pollutant| pollutant.code()).collect::<Vec<_>>().join("|")
}

/// The level of a number that may be missing.
pub(crate) fn level(aqi: Option<u16>) -> Option<AqiLevel> {
    aqi.and_then(|aqi| units::Aqi::new(aqi).ok()).map(AqiLevel::of)
}

/// Levels as one character an hour, `-` for none.
pub(crate) fn digits(levels: impl IntoIterator<Item = Option<AqiLevel>>) -> String {
    levels.into_iter().map(|level| level.map_or('-', |level| char::from(b'0' + level.number()))).collect()
}

/// Reported values of the hours at `offsets`, by pollutant code.
pub(crate) fn values(window: &Window, site: usize, offsets: Range<usize>) -> BTreeMap<String, Vec<Option<Figure>>> {
    let line = |pollutant| {
        let one = |at| window.value(site, pollutant, at).map(|value| Figure::reported(value, pollutant));
        offsets.clone().map(one).collect()
    };
    Pollutant::ALL.into_iter().map(|pollutant| (pollutant.code().to_string(), line(pollutant))).collect()
}

/// Quality flags of one site, by pollutant code and the place that `place` gives an hour.
pub(crate) fn flags(
    site: &str,
    marked: &[Flagged],
    place: impl Fn(BeijingHour) -> Option<usize>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut flags: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in marked.iter().map(|flagged| &flagged.row).filter(|row| row.site.as_str() == site) {
        if let (Some(place), Some(flag)) = (place(row.hour), row.reading.flag()) {
            flags
                .entry(row.pollutant.code().to_string())
                .or_default()
                .insert(place.to_string(), flag.code().to_string());
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;

    #[test]
    fn particles_count_by_their_running_day_and_ozone_by_hour_or_eight_hours() {
        // 24 hours of PM2.5 at 160, then one at 0: the hour's own value is 0, its index that of the day.
        let window = window_of(&[(Pollutant::Pm25, [vec![Some(160); 24], vec![Some(0)]].concat())]);
        let hour = &indices(&window, 0, 24..25)[0];
        assert_eq!((hour.aqi, hour.primary.as_deref()), (Some(203), Some("PM2_5")));
        assert_eq!(hour.by_pollutant[Pollutant::Pm25.index()], Some(AqiLevel::HeavilyPolluted));
        assert_eq!(values(&window, 0, 24..25)["PM2_5"], [Figure::rounded(0.0, 0)]);
    }

    #[test]
    fn without_any_value_there_is_no_index_and_no_level() {
        let window = window_of(&[(Pollutant::Pm25, vec![None; 30])]);
        let hour = &indices(&window, 0, 29..30)[0];
        assert_eq!((hour.aqi, hour.level, hour.primary.clone()), (None, None, None));
        assert_eq!(digits([hour.level, Some(AqiLevel::Good), Some(AqiLevel::SeverelyPolluted)]), "-16");
    }

    #[test]
    fn a_clean_hour_has_an_empty_primary_and_a_future_one_knows_particles_only() {
        let clean = HourIndex::of_particles(Some(50));
        assert_eq!(clean.primary.as_deref(), Some(""));
        let dirty = HourIndex::of_particles(Some(201));
        assert_eq!((dirty.primary.as_deref(), dirty.by_pollutant[Pollutant::O3.index()]), (Some("PM2_5"), None));
    }
}
