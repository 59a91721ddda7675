use crate::ForecastError;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

static BUNDLED: LazyLock<Vec<EpisodeDefinition>> = LazyLock::new(|| {
    EpisodeDefinition::parse_all("episodes.toml", include_str!("../../data/episodes.toml"))
        .expect("the bundled definitions are checked by a test")
});

/// What day values an episode is defined on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EpisodeMeasure {
    /// Day mean of PM2.5, µg/m³; compared as rounded for reporting.
    Pm25,
    /// Day index.
    Aqi,
}

impl EpisodeMeasure {
    /// The unit behind a value in a sentence, with its space; an index has none.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            EpisodeMeasure::Pm25 => " µg/m³",
            EpisodeMeasure::Aqi => "",
        }
    }
}

/// What counts as a pollution episode (污染过程), for one city and for the region. A value with a name, not law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpisodeDefinition {
    /// Identifier, for example `pm25-150`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// What the day values are.
    pub measure: EpisodeMeasure,
    /// A day belongs to an episode when its value is above this.
    pub bound: u16,
    /// Days above the bound an episode needs; days of a gap do not count.
    pub fewest_days: usize,
    /// Days in a row that are not above the bound, or missing, and do not end an episode.
    pub gap_days: usize,
    /// Cities above the bound on the same day that make it a day of the region.
    pub fewest_cities: usize,
}

#[derive(Deserialize)]
struct File {
    definition: Vec<EpisodeDefinition>,
}

impl EpisodeDefinition {
    /// The bundled definitions: PM2.5 above 75, 115, 150 µg/m³ and AQI above 100, 150, 200.
    pub fn bundled() -> &'static [EpisodeDefinition] {
        &BUNDLED
    }

    /// The bundled definition of that name.
    pub fn named(id: &str) -> Option<&'static EpisodeDefinition> {
        BUNDLED.iter().find(|definition| definition.id == id)
    }

    /// Reads definitions; refuses `F-141` when the text does not parse, a name stands twice, or an episode
    /// would need no day or no city.
    pub fn parse_all(file: &str, text: &str) -> Result<Vec<EpisodeDefinition>, ForecastError> {
        let refused = |reason: String| ForecastError::EpisodeDefinitions { file: file.to_string(), reason };
        let all = toml::from_str::<File>(text).map_err(|error| refused(error.to_string()))?.definition;
        for (k, definition) in all.iter().enumerate() {
            if definition.fewest_days == 0 || definition.fewest_cities == 0 {
                return Err(refused(format!("{} needs no day or no city", definition.id)));
            }
            if all[..k].iter().any(|other| other.id == definition.id) {
                return Err(refused(format!("{} is defined twice", definition.id)));
            }
        }
        Ok(all)
    }

    /// Whether a day value is above the bound; a missing one is not.
    ///
    /// Rounded to whole numbers first, halves to even, as day means are reported: 115.4 is not above 115.
    pub fn exceeded(&self, value: f64) -> bool {
        value.round_ties_even() > f64::from(self.bound)
    }

    /// The day value of the region: what at least `fewest_cities` cities reach on that day.
    ///
    /// It is above the bound exactly when enough cities are. NaN when fewer cities have a value.
    pub fn region_value(&self, cities: impl Iterator<Item = f64>) -> f64 {
        let mut valid: Vec<f64> = cities.filter(|value| value.is_finite()).collect();
        if valid.len() < self.fewest_cities {
            return f64::NAN;
        }
        *valid.select_nth_unstable_by(self.fewest_cities - 1, |a, b| b.total_cmp(a)).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_definitions_are_found_by_name() {
        assert_eq!(EpisodeDefinition::bundled().len(), 6);
        let heavy = EpisodeDefinition::named("pm25-150").unwrap();
        assert_eq!((heavy.bound, heavy.fewest_days, heavy.gap_days), (150, 2, 0));
        assert_eq!(EpisodeDefinition::named("pm25-151"), None);
    }

    #[test]
    fn a_value_is_rounded_for_reporting_before_it_is_compared() {
        let definition = EpisodeDefinition::named("pm25-115").unwrap();
        assert_eq!(
            [115.0, 115.4, 115.6, 116.0, f64::NAN].map(|v| definition.exceeded(v)),
            [false, false, true, true, false]
        );
    }

    #[test]
    fn the_region_reaches_what_its_third_city_reaches() {
        let definition = EpisodeDefinition::named("pm25-115").unwrap();
        assert_eq!(definition.region_value([90.0, f64::NAN, 130.0, 120.0, 110.0].into_iter()), 110.0);
        assert!(definition.region_value([90.0, f64::NAN, 130.0].into_iter()).is_nan());
    }

    #[test]
    fn definitions_that_could_not_work_are_refused_with_the_file() {
        let text = |days: usize, twice: bool| {
            let one = format!(
                "[[definition]]\nid='x'\ntitle='x'\ntitle_en='x'\nmeasure='aqi'\nbound=100\nfewest_days={days}\n\
                 gap_days=0\nfewest_cities=1\n"
            );
            if twice { one.repeat(2) } else { one }
        };
        assert_eq!(EpisodeDefinition::parse_all("e.toml", &text(1, false)).unwrap().len(), 1);
        for text in [text(0, false), text(1, true), "definition=1".into()] {
            let error = EpisodeDefinition::parse_all("e.toml", &text).unwrap_err().to_string();
            assert!(error.starts_with("F-141 episode definitions e.toml: "), "{error}");
        }
    }
}
