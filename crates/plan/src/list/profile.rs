//! Profiles as data (时间、垂直、化学分配): how an amount is spread over hours, layers and species.

use super::amounts::Precursor;
use super::inventory::Sector;
use crate::PlanError;
use serde::Deserialize;
use std::collections::BTreeMap;

const FLAT: &str = include_str!("../../../../data/plan/profiles-flat.toml");

/// A set of profiles. Shares sum to 1.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// Its id.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Where its figures come from.
    pub source: ProfileSource,
    /// Day on which it was last held against its source.
    pub checked_on: toml::value::Datetime,
    /// 平坦: no figures, everything even or undivided. A result made with it says so.
    pub flat: bool,
    temporal: Vec<Temporal>,
    vertical: Vec<Vertical>,
    chemical: Vec<Chemical>,
}

/// Where profiles come from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSource {
    /// Document.
    pub document: String,
    /// What has to be known of it.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Temporal {
    sectors: Vec<Sector>,
    hours: Shares,
    weekdays: Shares,
    months: Shares,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Shares {
    Word(String),
    Given(Vec<f64>),
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vertical {
    sectors: Vec<Sector>,
    layers: Vec<Layer>,
}

/// A layer above ground and the share emitted into it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its top, metres above ground.
    pub top_metres: f64,
    /// Share.
    pub share: f64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Chemical {
    sectors: Vec<Sector>,
    #[serde(flatten)]
    species: BTreeMap<Precursor, BTreeMap<String, f64>>,
}

impl Shares {
    fn of(&self, count: usize) -> Option<Vec<f64>> {
        match self {
            Shares::Word(word) if word == "even" => Some(vec![1.0 / count as f64; count]),
            Shares::Given(shares) if shares.len() == count && whole(shares) => Some(shares.clone()),
            _ => None,
        }
    }
}

fn whole(shares: &[f64]) -> bool {
    shares.iter().all(|share| share.is_finite() && *share >= 0.0) && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6
}

impl Profiles {
    /// The profile that comes with the program: flat, and it says so.
    pub fn flat() -> Result<Profiles, PlanError> {
        Profiles::parse("profiles-flat", FLAT)
    }

    /// Reads a profile file; refuses `P-205` with the file and what is wrong: shares that do not sum to 1, layers that do not
    /// rise, a sector that is missing or stands twice.
    pub fn parse(file: &str, text: &str) -> Result<Profiles, PlanError> {
        let refused = |reason: String| PlanError::Data { file: file.to_string(), reason };
        let profiles: Profiles = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
        profiles.fault().map_or(Ok(profiles), |reason| Err(refused(reason)))
    }

    fn fault(&self) -> Option<String> {
        for (place, own) in self.temporal.iter().enumerate() {
            for (what, shares, count) in
                [("hours", &own.hours, 24), ("weekdays", &own.weekdays, 7), ("months", &own.months, 12)]
            {
                if shares.of(count).is_none() {
                    return Some(format!("temporal[{place}].{what}: {count} shares that sum to 1, or \"even\""));
                }
            }
        }
        for (place, own) in self.vertical.iter().enumerate() {
            let shares: Vec<f64> = own.layers.iter().map(|layer| layer.share).collect();
            let rise = own.layers.iter().all(|layer| layer.top_metres > 0.0 && layer.top_metres.is_finite())
                && own.layers.windows(2).all(|pair| pair[0].top_metres < pair[1].top_metres);
            if !whole(&shares) || !rise {
                return Some(format!("vertical[{place}]: layers rise and their shares sum to 1"));
            }
        }
        for (place, own) in self.chemical.iter().enumerate() {
            for (precursor, species) in &own.species {
                if !whole(&species.values().copied().collect::<Vec<_>>()) {
                    return Some(format!("chemical[{place}].{precursor}: the shares do not sum to 1"));
                }
            }
        }
        let all = [
            ("temporal", self.temporal.iter().flat_map(|own| &own.sectors).collect::<Vec<_>>()),
            ("vertical", self.vertical.iter().flat_map(|own| &own.sectors).collect()),
            ("chemical", self.chemical.iter().flat_map(|own| &own.sectors).collect()),
        ];
        all.into_iter().find_map(|(what, mut sectors)| {
            let named = sectors.len();
            sectors.sort_unstable();
            sectors.dedup();
            (sectors.len() != named || named != Sector::ALL.len()).then(|| format!("{what}: each sector once"))
        })
    }

    /// Shares of a day by hour of Beijing time, the hour that ends at 01:00 first.
    pub fn hours(&self, sector: Sector) -> Vec<f64> {
        self.temporal(sector, 24, |own| &own.hours)
    }

    /// Shares of a week, Monday first.
    pub fn weekdays(&self, sector: Sector) -> Vec<f64> {
        self.temporal(sector, 7, |own| &own.weekdays)
    }

    /// Shares of a year by month.
    pub fn months(&self, sector: Sector) -> Vec<f64> {
        self.temporal(sector, 12, |own| &own.months)
    }

    fn temporal(&self, sector: Sector, count: usize, pick: impl Fn(&Temporal) -> &Shares) -> Vec<f64> {
        let own = self.temporal.iter().find(|own| own.sectors.contains(&sector));
        own.and_then(|own| pick(own).of(count)).expect("the loader saw each sector with its shares")
    }

    /// Layers from the ground up.
    pub fn layers(&self, sector: Sector) -> &[Layer] {
        let own = self.vertical.iter().find(|own| own.sectors.contains(&sector));
        own.map(|own| own.layers.as_slice()).expect("the loader saw each sector")
    }

    /// Mass shares of model species; `None` when the profile does not divide the precursor.
    pub fn species(&self, sector: Sector, precursor: Precursor) -> Option<&BTreeMap<String, f64>> {
        self.chemical.iter().find(|own| own.sectors.contains(&sector))?.species.get(&precursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flat_profile_is_even_and_says_that_it_is_no_figure() {
        let flat = Profiles::flat().unwrap();
        assert!(flat.flat);
        for sector in Sector::ALL {
            assert_eq!(flat.hours(sector), vec![1.0 / 24.0; 24]);
            assert_eq!((flat.weekdays(sector).len(), flat.months(sector).len(), flat.layers(sector).len()), (7, 12, 1));
            assert_eq!(flat.species(sector, Precursor::Nox).unwrap()["NOx"], 1.0);
        }
    }

    #[test]
    fn shares_that_do_not_sum_to_one_are_refused_by_place() {
        for (from, to, expected) in [
            ("hours = \"even\"", "hours = [1.0]", "temporal[0].hours"),
            ("weekdays = \"even\"", "weekdays = \"flat\"", "temporal[0].weekdays"),
            ("share = 1.0", "share = 0.9", "vertical[0]"),
            ("NOx = { NOx = 1.0 }", "NOx = { NO = 0.9, NO2 = 0.2 }", "chemical[0].NOx"),
            ("[\"power\", ", "[", "each sector once"),
            ("flat = true", "", "flat"),
        ] {
            let error = Profiles::parse("p", &FLAT.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.starts_with("P-205 p") && error.contains(expected), "{error}");
        }
    }
}
