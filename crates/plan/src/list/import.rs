//! A city's workbook to a list (清单导入): all of it or nothing, with a report by row and column.

use super::cell::{self, CellFault};
use super::entry::{Companion, CompanionKind, Entry, Graded};
use super::head::{self, Field, Head, Unread};
use super::phrase;
use super::row::{self, Row};
use super::scheme::Scheme;
use super::value::{LIST_FORMAT, List, city_of};
use super::workbook::{self, Page, letters};
use crate::PlanError;
use observe::regions;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use units::RegionCode;

/// What an import has to be told, because no workbook says it.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Name of the file, for the source of each record.
    pub file: String,
    /// Province or city of the list; a city is taken for rows that name none.
    pub region: RegionCode,
    /// Edition of the list, such as `2026`.
    pub edition: String,
    /// Scheme of a grade column that names none, such as `grading-2020`.
    pub scheme: String,
}

/// What an import found; `list` is only there when nothing was refused.
#[derive(Debug)]
pub struct Imported {
    /// The list.
    pub list: Option<List>,
    /// What was read, skipped and refused.
    pub report: ImportReport,
    pages: Vec<Page>,
}

/// The report of an import (导入报告).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportReport {
    /// One a sheet.
    pub sheets: Vec<SheetReport>,
    /// Refusals and hints, by sheet, row and column.
    pub faults: Vec<CellFault>,
}

/// What was made of one sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SheetReport {
    /// Its name.
    pub sheet: String,
    /// Whether it was taken for a list.
    pub taken: bool,
    /// Rows that became records.
    pub records: usize,
    /// Rows between and below that are no records: sections, sums, notes.
    pub skipped: Vec<u32>,
    /// Letters and heads of the columns that were not read, with the reason.
    pub unread: Vec<String>,
}

impl ImportReport {
    /// Whether anything was refused.
    pub fn refused(&self) -> bool {
        self.faults.iter().any(|fault| fault.refuses)
    }
}

/// Reads a workbook as cities publish it.
///
/// Refuses `P-201` to `P-203` what is no such workbook and `P-206` an unknown scheme. Cells that cannot be taken are in the
/// report, and then there is no list: nothing is half imported.
pub fn import_xlsx(bytes: &[u8], options: &ImportOptions) -> Result<Imported, PlanError> {
    Scheme::bundled(&options.scheme)?;
    let industries = Scheme::bundled("grading-2020")?;
    let pages = workbook::pages(bytes)?;
    let mut reading =
        Reading { options, industries, faults: vec![], entries: vec![], companions: vec![], seen: HashMap::new() };
    let mut sheets = vec![];
    for page in &pages {
        sheets.push(match head::find(page) {
            Some(head) => reading.sheet(page, &head),
            None => SheetReport { sheet: page.name.clone(), ..SheetReport::default() },
        });
    }
    if !sheets.iter().any(|sheet| sheet.taken) {
        let sheets = pages.iter().map(|page| page.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(PlanError::NoList { sheets });
    }
    let Reading { mut faults, entries, companions, .. } = reading;
    faults.sort_by(|a, b| {
        (&a.sheet, a.row, a.column.len(), &a.column).cmp(&(&b.sheet, b.row, b.column.len(), &b.column))
    });
    let report = ImportReport { sheets, faults };
    let list = List {
        format: LIST_FORMAT.to_string(),
        region: options.region,
        edition: options.edition.clone(),
        adopted_on: None,
        source: options.file.clone(),
        demonstration: false,
        entries,
        companions,
    };
    let list = if report.refused() { None } else { Some(list.checked()?) };
    Ok(Imported { list, report, pages })
}

impl Imported {
    /// The workbook that was sent in, refused cells in red and hints in yellow, each with its reason as a note; refuses `P-204`.
    pub fn marked_copy(&self) -> Result<Vec<u8>, PlanError> {
        super::marked::write(&self.pages, &self.report.faults)
    }
}

struct Reading<'a> {
    options: &'a ImportOptions,
    industries: Scheme,
    faults: Vec<CellFault>,
    entries: Vec<Entry>,
    companions: Vec<Companion>,
    /// Records by id without ordinal.
    seen: HashMap<String, usize>,
}

impl Reading<'_> {
    fn sheet(&mut self, page: &Page, head: &Head) -> SheetReport {
        let mut report = SheetReport { sheet: page.name.clone(), taken: true, ..SheetReport::default() };
        for (column, (text, found)) in &head.columns {
            let reason = match found {
                Ok(_) => continue,
                Err(Unread::Unknown) => "未识别 · not recognised",
                Err(Unread::NoUnit) => "未注明单位，未读入 · names no unit, not read",
            };
            report.unread.push(format!("{} {text}: {reason}", letters(*column)));
        }
        let twice = head.columns.iter().filter_map(|(column, (_, found))| Some((column, found.as_ref().ok()?)));
        for (column, field) in twice {
            if head.column(field) != Some(*column) {
                report
                    .unread
                    .push(format!("{} {field:?}: 重复列，取第一列 · a second column of this kind", letters(*column)));
            }
        }
        let (rows, width) = page.size();
        let mut whole = HashSet::new();
        for row in head.rows.1 + 1..rows {
            let texts: BTreeSet<&str> =
                (0..width).map(|column| page.text((row, column))).filter(|text| !text.is_empty()).collect();
            let mut found = Row { page, head, row, faults: vec![] };
            let name = found.owned(&Field::Name);
            if texts.is_empty() {
                continue;
            }
            let of_name = found.at(&Field::Name).is_some_and(|at| *page.anchor(&at) == at);
            if is_note(&texts, &name, of_name) {
                report.skipped.push(row + 1);
                continue;
            }
            for column in (0..width).filter(|column| page.formulas.contains(&(row, *column))) {
                found.fault(column, "P-311", false, "公式，按其缓存结果读入 · a formula; its stored result was read");
            }
            if name.is_empty() {
                found.fault_at(&Field::Name, "P-301", true, "缺少名称 · no name");
            } else if !whole.insert(without_serial(&found)) {
                found.fault_at(&Field::Name, "P-310", true, "与前面某行完全相同 · the same as a row before");
            } else {
                match head.kind {
                    None => self.entry(&mut found, name),
                    Some(kind) => self.companion(&mut found, name, kind),
                }
                report.records += 1;
            }
            self.faults.append(&mut found.faults);
        }
        report
    }

    fn entry(&mut self, row: &mut Row, name: String) {
        let Some(city) = self.city(row) else { return };
        let (county, county_name) = row::county(row, city);
        let mut entry = Entry::new(String::new(), name, city, self.source(row));
        (entry.county, entry.county_name) = (county, county_name);
        entry.credit_code = phrase::narrow(row.text(&Field::CreditCode)).to_uppercase();
        entry.permit = phrase::narrow(row.text(&Field::Permit)).to_uppercase();
        entry.key_industry = self.industries.industry(row.text(&Field::Industry));
        for (field, text) in [
            (Field::Address, &mut entry.address),
            (Field::Contact, &mut entry.contact),
            (Field::Phone, &mut entry.phone),
            (Field::Industry, &mut entry.industry),
            (Field::IndustryCode, &mut entry.industry_code),
            (Field::Line, &mut entry.line),
            (Field::Product, &mut entry.product),
            (Field::Fuel, &mut entry.fuel),
            (Field::Treatment, &mut entry.treatment),
            (Field::Remarks, &mut entry.remarks),
        ] {
            *text = row.owned(&field);
        }
        entry.operating_days = row.whole(&Field::OperatingDays, 366.0).map(|days| days as u16);
        entry.vehicles_per_day = row.whole(&Field::Vehicles, 1e6).map(|vehicles| vehicles as u32);
        entry.small_emitter = cell::yes(row.text(&Field::Small));
        entry.measures = row::measures(row);
        row::place(row, &mut entry);
        row::amounts(row, &mut entry);
        self.grades(row, &mut entry);
        if cell::yes(row.text(&Field::Safeguard)) {
            entry.safeguard = row.owned(&Field::Safeguard);
        }
        if !entry.credit_code.is_empty()
            && let Some(fault) = cell::credit_code_fault(&entry.credit_code)
        {
            row.fault_at(&Field::CreditCode, "P-307", false, fault);
        }
        row::cuts_fit(row, &entry);
        entry.id = self.id(city, &entry.credit_code, &entry.name, &entry.line);
        self.entries.push(entry);
    }

    fn companion(&mut self, row: &mut Row, name: String, kind: CompanionKind) {
        let Some(city) = self.city(row) else { return };
        let county_name = row.owned(&Field::County);
        let size_of = match row.at(&Field::Size) {
            Some((_, column)) => row.head.columns[&column].0.clone(),
            None => String::new(),
        };
        let size = row.number(&Field::Size);
        let prefix = if kind == CompanionKind::Dust { "扬尘" } else { "移动" };
        let id = self.id(city, "", &format!("{prefix}:{name}"), "");
        self.companions.push(Companion {
            id,
            kind,
            name,
            city,
            county_name,
            address: row.owned(&Field::Address),
            size,
            size_of,
            measures: row::measures(row),
            source: self.source(row),
            demonstration: false,
        });
    }

    fn source(&self, row: &Row) -> String {
        format!("{} / {} / {}", self.options.file, row.page.name, row.row + 1)
    }

    /// Credit code or city and name, with the line; the same in the next edition. Unnamed lines are numbered.
    fn id(&mut self, city: RegionCode, credit_code: &str, name: &str, line: &str) -> String {
        let whole = if credit_code.is_empty() { format!("{city}-{name}") } else { credit_code.to_string() };
        let id = if line.is_empty() { whole } else { format!("{whole}#{line}") };
        let count = self.seen.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}~{count}") }
    }

    fn city(&self, row: &mut Row) -> Option<RegionCode> {
        let text = row.text(&Field::City);
        let region = self.options.region;
        if text.is_empty() {
            if let Some(city) = city_of(region) {
                return Some(city);
            }
            row.fault_at(
                &Field::City,
                "P-302",
                true,
                "未写明设区市 · the row names no city, and the list is a province's",
            );
            return None;
        }
        let found = regions::by_name(text).and_then(|found| city_of(found.code));
        if found.is_none_or(|city| !region.contains(city)) {
            row.fault_at(&Field::City, "P-302", true, format_args!("不是 {region} 的设区市 · no city of {region}"));
        }
        found
    }

    fn grades(&self, row: &mut Row, entry: &mut Entry) {
        for scheme in [None, Some("grading-2020"), Some("grading-2026")] {
            let field = Field::Grade(scheme);
            let text = row.text(&field);
            if text.is_empty() {
                continue;
            }
            let Ok(found) = cell::grade(text) else {
                row.fault_at(&field, "P-303", true, "不是绩效等级 · no grade");
                continue;
            };
            entry.long_stopped |= found.long_stopped;
            entry.small_emitter |= found.small;
            if found.safeguard {
                entry.safeguard = text.to_string();
            }
            let scheme = scheme.unwrap_or(&self.options.scheme);
            if let Some(grade) = found.grade {
                if entry.grade(scheme).is_some() {
                    row.fault_at(
                        &field,
                        "P-303",
                        true,
                        format_args!("{scheme} 的第二个等级 · a second grade under {scheme}"),
                    );
                    continue;
                }
                let (local, scheme) = (found.local, scheme.to_string());
                entry.grades.push(Graded { scheme, grade, local, decided_on: None, evidence: String::new() });
            }
        }
    }
}

/// The row without its serial number: two rows that differ in nothing else are one written twice.
fn without_serial(row: &Row) -> Vec<(u32, String)> {
    let serial = row.head.column(&Field::Serial);
    let columns = row.head.columns.keys().filter(|column| Some(**column) != serial);
    columns.map(|column| (*column, row.page.text((row.row, *column)).to_string())).collect()
}

/// Sections, sums, notes and heads that are repeated on each page.
fn is_note(texts: &BTreeSet<&str>, name: &str, of_name: bool) -> bool {
    let section = name.chars().next().is_some_and(|first| "一二三四五六七八九十（(".contains(first))
        && name.contains(['、', '）', ')']);
    let words = ["合计", "总计", "小计", "注:", "注：", "填表", "备注：", "备注:", "说明：", "审核人"];
    texts.len() == 1 && (name.is_empty() || !of_name || section)
        || head::field(name) == Ok(Field::Name)
        || texts.iter().any(|text| words.iter().any(|word| text.starts_with(word)))
}
