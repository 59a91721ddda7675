//! The list held against an inventory (清单与排放清单衔接): what the list covers of what is emitted, gaps by name.

use super::amounts::{Amounts, Precursor};
use super::entry::Entry;
use super::inventory::{InventoryTotal, Sector};
use super::value::List;
use observe::regions;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use units::{RegionCode, TonnePerYear};

/// List against inventory, for one province and year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reconciliation {
    /// Region of the list.
    pub region: RegionCode,
    /// Inventories that speak of the region.
    pub inventories: Vec<String>,
    /// Year of the inventory.
    pub year: u16,
    /// Edition of the list.
    pub edition: String,
    /// 演示.
    pub demonstration: bool,
    /// By sector and precursor.
    pub sectors: Vec<SectorGap>,
    /// The list's own totals by city; inventories have no totals by city.
    pub cities: Vec<CityTotal>,
    /// What has to be known beside the figures.
    pub notes: Vec<String>,
}

/// One sector and precursor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectorGap {
    /// Sector.
    pub sector: Sector,
    /// Precursor.
    pub precursor: Precursor,
    /// Sum of the list, t/a; absent when no entry of the sector says one.
    pub list: Option<TonnePerYear>,
    /// Total of the inventory, t/a; absent when it has no such sector.
    pub inventory: Option<TonnePerYear>,
    /// List over inventory.
    pub ratio: Option<f64>,
    /// What the figures mean.
    pub remark: &'static str,
}

/// One city of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CityTotal {
    /// City.
    pub city: RegionCode,
    /// Its name.
    pub name: String,
    /// Entries.
    pub entries: usize,
    /// Entries without any annual or daily emission.
    pub without_emission: usize,
    /// t/a.
    pub total: Amounts<TonnePerYear>,
}

impl Entry {
    /// Annual emission, t/a: stated, else the daily one over its operating days, else over 365.
    pub fn annual_total(&self) -> Amounts<TonnePerYear> {
        let days = f64::from(self.operating_days.filter(|days| *days > 0).unwrap_or(365));
        let mut annual = self.daily.map(|daily| TonnePerYear(daily.0 * days / 1000.0));
        self.annual.known().for_each(|(precursor, stated)| annual.set(precursor, stated));
        annual
    }

    /// The inventory's sector it belongs to.
    pub fn sector(&self) -> Sector {
        let power = ["发电", "热电", "火电", "电力", "供热", "热力"].iter().any(|word| self.industry.contains(word));
        if power || self.industry_code.starts_with("44") { Sector::Power } else { Sector::Industry }
    }
}

/// Holds a list against inventory totals of its province in a year.
///
/// Without shares by city an inventory cannot be compared by city; cities get the list's own totals, and the notes say so.
pub fn reconcile(list: &List, totals: &[InventoryTotal], year: u16) -> Reconciliation {
    let province = list.region.province();
    let here: Vec<&InventoryTotal> =
        totals.iter().filter(|total| total.region == Some(province) && total.year == year).collect();
    let mut inventory: BTreeMap<(Sector, Precursor), f64> = BTreeMap::new();
    for total in &here {
        if let Some(precursor) = total.precursor {
            *inventory.entry((total.sector, precursor)).or_default() += total.total.0;
        }
    }
    let mut listed: BTreeMap<(Sector, Precursor), f64> = BTreeMap::new();
    for entry in list.entries.iter().filter(|entry| !entry.long_stopped) {
        for (precursor, total) in entry.annual_total().known() {
            *listed.entry((entry.sector(), precursor)).or_default() += total.0;
        }
    }
    let keys: BTreeSet<_> = inventory.keys().chain(listed.keys()).copied().collect();
    let sectors =
        keys.into_iter().map(|key| gap(key, listed.get(&key).copied(), inventory.get(&key).copied())).collect();
    let names: BTreeSet<String> = here.iter().map(|total| total.inventory.clone()).collect();
    Reconciliation {
        region: list.region,
        notes: notes(list, totals, &here, year),
        inventories: names.into_iter().collect(),
        year,
        edition: list.edition.clone(),
        demonstration: list.demonstration,
        sectors,
        cities: cities(list),
    }
}

fn gap((sector, precursor): (Sector, Precursor), list: Option<f64>, inventory: Option<f64>) -> SectorGap {
    let ratio = list.zip(inventory).and_then(|(list, inventory)| (inventory > 0.0).then(|| list / inventory));
    let remark = match (list, inventory, ratio) {
        (None, Some(_), _) if matches!(sector, Sector::Power | Sector::Industry) => {
            "清单缺口：该行业没有排放量 · the list has none"
        }
        (None, Some(_), _) if sector == Sector::Solvent => "清单计在工业内 · the list counts it with industry",
        (None, Some(_), _) => "不属于企业清单 · not a sector of enterprises",
        (Some(_), None, _) => "排放清单未单列该行业 · the inventory does not part it",
        (_, _, Some(ratio)) if ratio > 1.2 => {
            "清单大于排放清单，核对年份与口径 · list above inventory: check year and basis"
        }
        (_, _, Some(ratio)) if ratio < 0.5 => "清单不足一半，核对是否漏列 · less than half: check what is missing",
        _ => "",
    };
    SectorGap { sector, precursor, list: list.map(TonnePerYear), inventory: inventory.map(TonnePerYear), ratio, remark }
}

fn cities(list: &List) -> Vec<CityTotal> {
    let mut cities: BTreeMap<RegionCode, CityTotal> = BTreeMap::new();
    for entry in &list.entries {
        let name = regions::by_code(entry.city).map_or(String::new(), |region| region.name.clone());
        let new = || CityTotal { city: entry.city, name, entries: 0, without_emission: 0, total: Amounts::default() };
        let city = cities.entry(entry.city).or_insert_with(new);
        let annual = entry.annual_total();
        city.entries += 1;
        city.without_emission += usize::from(annual.is_empty());
        for (precursor, total) in annual.known().filter(|_| !entry.long_stopped) {
            let before = city.total.get(precursor).map_or(0.0, |sum| sum.0);
            city.total.set(precursor, TonnePerYear(before + total.0));
        }
    }
    cities.into_values().collect()
}

fn notes(list: &List, totals: &[InventoryTotal], here: &[&InventoryTotal], year: u16) -> Vec<String> {
    let mut notes = vec![
        "排放清单没有分市数据，只在省级比较 · no inventory by city is at hand: compared for the province only"
            .to_string(),
    ];
    let province = list.region.province();
    let all = regions::cities_of(province).count();
    let listed: BTreeSet<RegionCode> = list.entries.iter().map(|entry| entry.city).collect();
    if listed.len() < all {
        notes.push(format!(
            "清单只有 {} / {all} 个市，比值偏低 · {} of {all} cities are on the list",
            listed.len(),
            listed.len()
        ));
    }
    if here.is_empty() {
        notes.push(format!("没有 {province} {year} 年的排放清单 · no inventory of {province} for {year}"));
    }
    if totals.iter().any(|total| total.region.is_none()) {
        notes.push("全国总量不与省清单比较 · national totals are not compared with a province".to_string());
    }
    if here.iter().any(|total| total.precursor == Some(Precursor::Nox)) {
        notes.push("氮氧化物以 NO2 计 · NOx as NO2".to_string());
    }
    if here.iter().any(|total| total.precursor == Some(Precursor::Pm)) {
        notes.push("颗粒物与排放清单的 PM10 比较 · PM is compared with the inventory's PM10".to_string());
    }
    if here.iter().any(|total| total.sector == Sector::Combustion) {
        notes.push("VOCs 的燃烧源未分行业 · combustion is not parted by sector for VOCs".to_string());
    }
    let spread = list.entries.iter().filter(|entry| entry.annual.is_empty() && !entry.daily.is_empty()).count();
    if spread > 0 {
        notes.push(format!(
            "{spread} 条由日排放推算年排放 · annual emission of {spread} entries derived from the daily one"
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::testing::{entry, list};

    fn total(region: Option<&str>, sector: Sector, tonnes: f64) -> InventoryTotal {
        InventoryTotal {
            inventory: "REAS v3.2".into(),
            region: region.map(|code| code.parse().unwrap()),
            sector,
            said: String::new(),
            pollutant: "SO2".into(),
            precursor: Some(Precursor::So2),
            year: 2015,
            total: TonnePerYear(tonnes),
        }
    }

    #[test]
    fn gaps_are_named_and_nothing_is_compared_that_is_not_alike() {
        let mut entries = vec![entry("a"), entry("b"), entry("c")];
        entries[1].industry = "火力发电".into();
        entries[2].long_stopped = true;
        let totals = [
            total(Some("320000"), Sector::Industry, 73.0),
            total(Some("320000"), Sector::Transport, 10.0),
            total(None, Sector::Industry, 9999.0),
            total(Some("330000"), Sector::Industry, 9999.0),
        ];
        let found = reconcile(&list(entries), &totals, 2015);
        let by = |sector| found.sectors.iter().find(|gap| gap.sector == sector).unwrap();
        // 100 kg a day over 365 days are 36.5 t.
        assert_eq!(by(Sector::Industry).ratio, Some(0.5));
        assert_eq!((by(Sector::Transport).list, by(Sector::Transport).ratio), (None, None));
        assert_eq!(by(Sector::Power).inventory, None);
        assert_eq!((found.cities[0].entries, found.cities[0].total.so2), (3, Some(TonnePerYear(73.0))));
        for expected in ["1 / 13", "全国总量", "3 条由日排放"] {
            assert!(found.notes.iter().any(|note| note.contains(expected)), "{expected}: {:?}", found.notes);
        }
        assert!(reconcile(&list(vec![]), &totals, 2014).notes.iter().any(|note| note.contains("没有 320000 2014")));
    }
}
