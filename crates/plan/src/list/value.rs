use super::amounts::{Amounts, Precursor};
use super::entry::{Companion, Entry, Measure};
use crate::PlanError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use units::{BeijingDay, KilogramPerDay, RegionCode};

/// The name of the format.
pub const LIST_FORMAT: &str = "qingkong-list/1";
const MOST_RECORDS: usize = 200_000;

/// An emergency reduction list (重污染天气应急减排清单), one edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// `qingkong-list/1`.
    pub format: String,
    /// Province or city.
    pub region: RegionCode,
    /// Edition, such as `2026`.
    pub edition: String,
    /// Day of adoption, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_on: Option<BeijingDay>,
    /// Document or files it was made from.
    pub source: String,
    /// 演示: at least one record is a demonstration.
    #[serde(default)]
    pub demonstration: bool,
    /// Enterprises.
    pub entries: Vec<Entry>,
    /// Dust and mobile sources.
    #[serde(default)]
    pub companions: Vec<Companion>,
}

impl List {
    /// Reads a list as JSON and checks it; refuses `P-101` and `P-207` with the path inside.
    pub fn read(text: &[u8]) -> Result<List, PlanError> {
        let list: List =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(text)).map_err(|error| {
                PlanError::Form { path: error.path().to_string(), reason: error.into_inner().to_string() }
            })?;
        list.checked()
    }

    /// The list, if nothing in it contradicts anything else; refuses `P-202` and `P-207`.
    pub fn checked(self) -> Result<List, PlanError> {
        let wrong = |path: String, reason: String| Err(PlanError::List { path, reason });
        if self.format != LIST_FORMAT {
            return wrong("format".into(), format!("{:?} is not {LIST_FORMAT:?}", self.format));
        }
        let records = self.entries.len() + self.companions.len();
        if records > MOST_RECORDS {
            return Err(PlanError::TooLarge { what: "records", found: records as u64, most: MOST_RECORDS as u64 });
        }
        let mut ids = HashSet::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let at = |what: &str| format!("entries[{place}].{what}");
            if entry.id.trim().is_empty() || !ids.insert(entry.id.as_str()) {
                return wrong(at("id"), format!("{:?} is empty or stands twice", entry.id));
            }
            if entry.demonstration && !self.demonstration {
                return wrong(at("demonstration"), "the list does not say that it holds demonstration records".into());
            }
            if let Some((what, reason)) = fault(entry, self.region) {
                return wrong(at(&what), reason);
            }
        }
        for (place, companion) in self.companions.iter().enumerate() {
            let at = |what: &str| format!("companions[{place}].{what}");
            if companion.id.trim().is_empty() || !ids.insert(companion.id.as_str()) {
                return wrong(at("id"), format!("{:?} is empty or stands twice", companion.id));
            }
            if let Some((what, reason)) = measures_fault(&companion.measures) {
                return wrong(at(&what), reason);
            }
        }
        Ok(self)
    }

    /// An entry by id; refuses `P-209`.
    pub fn entry(&self, id: &str) -> Result<&Entry, PlanError> {
        self.entries.iter().find(|entry| entry.id == id).ok_or_else(|| PlanError::NoSuchEntry(id.to_string()))
    }

    /// Daily emission by city, kg/day, of the entries whose baseline is known; those in long stop count nothing.
    pub fn daily_totals(&self) -> BTreeMap<RegionCode, Amounts<KilogramPerDay>> {
        let mut totals: BTreeMap<RegionCode, Amounts<KilogramPerDay>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| !entry.long_stopped) {
            let total = totals.entry(entry.city).or_default();
            for (precursor, daily) in entry.baseline().0.known() {
                let before = total.get(precursor).map_or(0.0, |sum| sum.0);
                total.set(precursor, KilogramPerDay(before + daily.0));
            }
        }
        totals
    }

    /// SHA-256 over the canonical JSON: what a signature names.
    ///
    /// Refuses `P-207` a number that canonical JSON cannot write.
    pub fn digest(&self) -> Result<String, PlanError> {
        let refused = |reason: String| PlanError::List { path: ".".into(), reason };
        let value = serde_json::to_value(self).map_err(|error| refused(error.to_string()))?;
        let text = event::canonical_value(&value).map_err(|error| refused(error.to_string()))?;
        Ok(event::Digest::Sha256.written_of(text.as_bytes()))
    }
}

/// The city that a region is or lies in; the four municipalities are their own cities, a province is none.
pub(super) fn city_of(region: RegionCode) -> Option<RegionCode> {
    let province = region.province();
    if ["110000", "120000", "310000", "500000"].contains(&province.to_string().as_str()) {
        return Some(province);
    }
    region.city()
}

fn fault(entry: &Entry, region: RegionCode) -> Option<(String, String)> {
    let wrong = |what: &str, reason: String| Some((what.to_string(), reason));
    if entry.name.trim().is_empty() {
        return wrong("name", "is empty".into());
    }
    if city_of(entry.city) != Some(entry.city) {
        return wrong("city", format!("{} is no city", entry.city));
    }
    if !region.contains(entry.city) {
        return wrong("city", format!("{} lies outside {region}", entry.city));
    }
    if entry.lon.is_some() != entry.lat.is_some() {
        return wrong("lon", "one of the two coordinates is missing".into());
    }
    if let (Some(lon), Some(lat)) = (entry.lon, entry.lat)
        && !((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
    {
        return wrong("lon", format!("{lon}, {lat} is no place"));
    }
    for precursor in Precursor::ALL {
        let amounts = [entry.annual.get(precursor).map(|a| a.0), entry.daily.get(precursor).map(|d| d.0)];
        for (what, amount) in ["annual", "daily"].iter().zip(amounts) {
            if amount.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
                return wrong(&format!("{what}.{precursor}"), "is no amount from 0 up".into());
            }
        }
    }
    if entry.operating_days.is_some_and(|days| days > 366) {
        return wrong("operating_days", "more days than a year has".into());
    }
    for (place, graded) in entry.grades.iter().enumerate() {
        if entry.grades[..place].iter().any(|before| before.scheme == graded.scheme) {
            return wrong(&format!("grades[{place}]"), format!("a second grade under {}", graded.scheme));
        }
    }
    let (baseline, _) = entry.baseline();
    for (place, measure) in entry.measures.iter().enumerate() {
        for (precursor, cut) in measure.stated_cut.known() {
            if baseline.get(precursor).is_some_and(|most| cut.0 > most.0 * (1.0 + 1e-9)) {
                let most = baseline.get(precursor).map_or(0.0, |most| most.0);
                return wrong(
                    &format!("measures[{place}].stated_cut.{precursor}"),
                    format!("{} kg/d is more than the {most} kg/d it emits", cut.0),
                );
            }
        }
    }
    measures_fault(&entry.measures)
}

fn measures_fault(measures: &[Measure]) -> Option<(String, String)> {
    measures.iter().enumerate().find_map(|(place, measure)| {
        if measures[..place].iter().any(|before| before.level == measure.level) {
            return Some((format!("measures[{place}].level"), format!("{} a second time", measure.level.code())));
        }
        let amounts = measure.stated_cut.known().map(|(_, cut)| cut.0).chain(measure.cost_wan_yuan);
        let mut amounts = amounts.filter(|amount| !amount.is_finite() || *amount < 0.0);
        amounts.next().map(|amount| (format!("measures[{place}]"), format!("{amount} is no number from 0 up")))
    })
}
