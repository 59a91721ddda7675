//! One row of a list under its head: texts, numbers, place, amounts and measures, each with the fault it deserves.

use super::amounts::{Amounts, Precursor};
use super::cell::{self, CellFault};
use super::entry::{Entry, Measure};
use super::head::{Field, Head};
use super::phrase::{self, Action};
use super::workbook::{Page, Place, letters};
use observe::regions;
use std::collections::BTreeMap;
use units::{KilogramPerDay, RegionCode, TonnePerYear, WarningLevel};

/// One row under its head.
pub(super) struct Row<'a> {
    pub page: &'a Page,
    pub head: &'a Head,
    pub row: u32,
    pub faults: Vec<CellFault>,
}

impl<'a> Row<'a> {
    pub fn at(&self, field: &Field) -> Option<Place> {
        Some((self.row, self.head.column(field)?))
    }

    pub fn text(&self, field: &Field) -> &'a str {
        let text = self.at(field).map_or("", |at| self.page.text(at));
        if cell::is_nothing(text) { "" } else { text }
    }

    pub fn owned(&self, field: &Field) -> String {
        self.text(field).to_string()
    }

    pub fn fault(&mut self, column: u32, code: &'static str, refuses: bool, text: impl ToString) {
        self.faults.push(CellFault {
            sheet: self.page.name.clone(),
            row: self.row + 1,
            column: letters(column),
            head: self.head.columns.get(&column).map_or(String::new(), |(head, _)| head.clone()),
            code,
            refuses,
            said: self.page.text((self.row, column)).to_string(),
            text: text.to_string(),
        });
    }

    pub fn fault_at(&mut self, field: &Field, code: &'static str, refuses: bool, text: impl ToString) {
        let column = self.head.column(field).or(self.head.column(&Field::Name)).unwrap_or_default();
        self.fault(column, code, refuses, text);
    }

    /// A number; one that is merged over several rows counts for the first of them only.
    pub fn number(&mut self, field: &Field) -> Option<f64> {
        let at = self.at(field)?;
        let number = match cell::number(self.page.text(at)) {
            Ok(number) => number?,
            Err((code, text)) => {
                self.fault(at.1, code, true, text);
                return None;
            }
        };
        if self.page.anchor(&at).0 != self.row {
            self.fault(
                at.1,
                "P-314",
                false,
                "数值由多行合并，只计入首行 · merged over several rows: counted once, at the first",
            );
            return None;
        }
        Some(number)
    }

    pub fn whole(&mut self, field: &Field, most: f64) -> Option<f64> {
        let number = self.number(field)?;
        if number > most || number.fract() != 0.0 {
            self.fault_at(
                field,
                "P-304",
                true,
                format_args!("应为 0 至 {most} 的整数 · not a whole number up to {most}"),
            );
            return None;
        }
        Some(number)
    }
}

pub(super) fn county(row: &mut Row, city: RegionCode) -> (Option<RegionCode>, String) {
    let name = row.owned(&Field::County);
    let known: Vec<_> = regions::counties_of(city).collect();
    let found = known.iter().find(|county| county.full_name == name || county.name == name).map(|county| county.code);
    if found.is_none() && !name.is_empty() && !known.is_empty() {
        row.fault_at(
            &Field::County,
            "P-302",
            false,
            "不是县级行政区（如开发区），按文字保留 · no county; kept as text",
        );
    }
    (found, name)
}

pub(super) fn place(row: &mut Row, entry: &mut Entry) {
    let mut read = |field: Field| match row.at(&field).map(|at| cell::degrees(row.page.text(at))) {
        Some(Err((code, text))) => {
            row.fault_at(&field, code, true, text);
            None
        }
        Some(Ok(degrees)) => degrees,
        None => None,
    };
    let found = (read(Field::Lon), read(Field::Lat));
    match found {
        (Some(lon), Some(lat)) if (73.0..=136.0).contains(&lon) && (3.0..=54.0).contains(&lat) => {
            (entry.lon, entry.lat) = (Some(lon), Some(lat));
        }
        (None, None) => {}
        (Some(lon), Some(lat)) if (73.0..=136.0).contains(&lat) && (3.0..=54.0).contains(&lon) => {
            row.fault_at(&Field::Lon, "P-306", true, "经纬度写反 · longitude and latitude are exchanged");
        }
        _ => row.fault_at(&Field::Lon, "P-306", true, "坐标不完整或不在国内 · incomplete, or no place in China"),
    }
}

pub(super) fn amounts(row: &mut Row, entry: &mut Entry) {
    let columns: Vec<Field> = row.head.columns.values().filter_map(|(_, found)| found.clone().ok()).collect();
    for field in columns {
        match field {
            Field::Annual(precursor, factor) => {
                if let Some(amount) = row.number(&field) {
                    entry.annual.set(precursor, TonnePerYear(amount * factor));
                }
            }
            Field::Daily(precursor, factor) => {
                if let Some(amount) = row.number(&field) {
                    entry.daily.set(precursor, KilogramPerDay(amount * factor));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn measures(row: &mut Row) -> Vec<Measure> {
    let mut found: Vec<Measure> = vec![];
    for level in WarningLevel::ALL {
        let field = Field::Measure(level);
        let text = row.text(&field);
        let written = row.at(&field).map_or("", |at| row.page.text(at));
        if written.is_empty() {
            continue;
        }
        let clauses = match phrase::parse(written) {
            Ok(clauses) => clauses,
            Err(fault) => {
                row.fault_at(&field, "P-309", true, fault);
                continue;
            }
        };
        if clauses.iter().all(|clause| clause.action == Action::Other) {
            row.fault_at(
                &field,
                "P-308",
                false,
                "措施文字未能解析，按原文保留，没有可计算的减排量 · not understood; kept as text, no cut derived",
            );
        }
        let mut stated_cut = Amounts::default();
        let columns: Vec<Field> = row.head.columns.values().filter_map(|(_, found)| found.clone().ok()).collect();
        for field in &columns {
            if let Field::Cut(at, precursor, factor) = *field
                && at == level
                && let Some(amount) = row.number(field)
            {
                stated_cut.set(precursor, KilogramPerDay(amount * factor));
            }
        }
        let measure = Measure {
            level,
            text: if text.is_empty() { written } else { text }.to_string(),
            clauses,
            stated_cut,
            indicator: row.owned(&Field::Indicator(level)),
            cost_wan_yuan: row.number(&Field::Cost(level)),
        };
        let weaker = found.iter().any(|low| low.share() > measure.share() && measure.share().is_some());
        if weaker {
            row.fault_at(&field, "P-312", false, "比低一级的措施弱 · weaker than at a lower level");
        }
        found.push(measure);
    }
    found
}

/// A cut above what is emitted is refused where the cell is.
pub(super) fn cuts_fit(row: &mut Row, entry: &Entry) {
    let (baseline, _) = entry.baseline();
    let daily: BTreeMap<Precursor, f64> = baseline.known().map(|(precursor, daily)| (precursor, daily.0)).collect();
    let columns: Vec<Field> = row.head.columns.values().filter_map(|(_, found)| found.clone().ok()).collect();
    for field in columns {
        if let Field::Cut(level, precursor, _) = field {
            let stated = entry.measure(level).and_then(|measure| measure.stated_cut.get(precursor));
            if let (Some(cut), Some(&most)) = (stated, daily.get(&precursor))
                && cut.0 > most * (1.0 + 1e-9)
            {
                row.fault_at(
                    &field,
                    "P-313",
                    true,
                    format_args!("减排量大于日排放量 {most:.1} kg/d · more than it emits"),
                );
            }
        }
    }
}
