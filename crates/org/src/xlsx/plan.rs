use super::check::{Tree, account, organisation};
use super::layout::{ACCOUNTS, Cells, ID, LOGIN, ORGANISATIONS, STATE, Sheet, Sheets};
use crate::{OrgError, Organisation};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use units::OrgId;

/// One account as it stands in the workbook.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountRow {
    /// What is typed to log in; by it a row finds its account.
    pub login: String,
    /// Name.
    pub name: String,
    /// Where it belongs.
    pub organisation: OrgId,
    /// Phone number, may be empty.
    pub phone: String,
    /// Mail address, may be empty.
    pub mail: String,
    /// Whether it is open.
    pub active: bool,
}

/// What there is before the import.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'a> {
    /// All organisations, closed ones too.
    pub organisations: &'a [Organisation],
    /// All accounts, closed ones too.
    pub accounts: &'a [AccountRow],
}

/// What an import would do (导入预演). Nothing is done by making it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// Organisations; new ones in an order in which each parent comes before what lies under it.
    pub organisations: Changes<Organisation>,
    /// Accounts.
    pub accounts: Changes<AccountRow>,
    /// Cells that were refused; their rows are left out, and so is what depends on them.
    pub refused: Vec<CellFault>,
}

/// What becomes of things of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes<T> {
    /// New ones.
    pub create: Vec<T>,
    /// Changed ones.
    pub change: Vec<Change<T>>,
    /// Rows that say what is so already.
    pub unchanged: usize,
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Changes { create: Vec::new(), change: Vec::new(), unchanged: 0 }
    }
}

/// A thing before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// As it is.
    pub before: T,
    /// As it is to be.
    pub after: T,
}

/// A cell that was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CellFault {
    /// Name of the sheet.
    pub sheet: String,
    /// Number of the row, from 1.
    pub row: u32,
    /// Name of the column.
    pub column: String,
    /// Stable code.
    pub code: String,
    /// What is wrong, in Chinese.
    pub text: String,
    /// What is wrong, in English.
    pub text_en: String,
}

/// A row that was read: where it stands and what it says.
pub(super) struct Read<T> {
    pub cells: u32,
    pub before: Option<T>,
    pub after: T,
}

/// Says what an import would do, row by row.
pub fn plan_import(existing: Existing<'_>, sheets: &Sheets) -> ImportPlan {
    let mut plan = ImportPlan::default();
    let organisations = sheets.organisations.as_ref().map(|sheet| read_organisations(sheet, existing, &mut plan));
    let organisations = hold_together(organisations.unwrap_or_default(), existing, &mut plan.refused);
    let tree = Tree::of(existing.organisations, organisations.iter().map(|row| &row.after));
    let accounts = sheets.accounts.as_ref().map(|sheet| read_accounts(sheet, existing, &tree, &mut plan));
    let accounts = accounts.unwrap_or_default();
    let organisations = without_closing_full(organisations, existing, &accounts, &mut plan.refused);
    plan.accounts = changes(accounts);
    plan.organisations = changes(organisations);
    parents_first(&mut plan.organisations.create);
    plan.refused.sort();
    plan
}

fn read_organisations(sheet: &Sheet, existing: Existing<'_>, plan: &mut ImportPlan) -> Vec<Read<Organisation>> {
    let known: BTreeMap<&str, &Organisation> = existing.organisations.iter().map(|o| (o.id.as_str(), o)).collect();
    rows(sheet, ORGANISATIONS, ID, &mut plan.refused, |cells, id, faults| {
        let before = known.get(id).copied();
        organisation(sheet, cells, before, faults).map(|after| (before.cloned(), after))
    })
}

fn read_accounts(sheet: &Sheet, existing: Existing<'_>, tree: &Tree, plan: &mut ImportPlan) -> Vec<Read<AccountRow>> {
    let known: BTreeMap<&str, &AccountRow> = existing.accounts.iter().map(|a| (a.login.as_str(), a)).collect();
    rows(sheet, ACCOUNTS, LOGIN, &mut plan.refused, |cells, login, faults| {
        let before = known.get(login.to_ascii_lowercase().as_str()).copied();
        account(sheet, cells, before, tree, faults).map(|after| (before.cloned(), after))
    })
}

/// Reads the rows of a sheet; a row whose key stands above already is refused.
fn rows<T>(
    sheet: &Sheet,
    name: &str,
    key: &str,
    refused: &mut Vec<CellFault>,
    mut one: impl FnMut(&Cells, &str, &mut Faults<'_>) -> Option<(Option<T>, T)>,
) -> Vec<Read<T>> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut read = Vec::with_capacity(sheet.rows.len());
    for cells in &sheet.rows {
        let mut faults = Faults { sheet: name, row: cells.row, found: refused };
        for place in &cells.formulas {
            let column = sheet.header.get(*place).map_or("", String::as_str);
            faults.add(column, "G-511", "单元格是公式，请填写值", "the cell holds a formula; enter the value");
        }
        let text = sheet.text(cells, key).unwrap_or("");
        if let Some(first) = seen.insert(text.to_ascii_lowercase(), cells.row) {
            let (zh, en) = (format!("与第 {first} 行重复"), format!("the same as in row {first}"));
            faults.add(key, "G-512", &zh, &en);
            continue;
        }
        if let (Some((before, after)), true) = (one(cells, text, &mut faults), cells.formulas.is_empty()) {
            read.push(Read { cells: cells.row, before, after });
        }
    }
    read
}

/// Where faults of one row are written down.
pub(super) struct Faults<'a> {
    pub sheet: &'a str,
    pub row: u32,
    pub found: &'a mut Vec<CellFault>,
}

impl Faults<'_> {
    pub fn add(&mut self, column: &str, code: &str, text: &str, text_en: &str) {
        self.found.push(CellFault {
            sheet: self.sheet.to_string(),
            row: self.row,
            column: column.to_string(),
            code: code.to_string(),
            text: text.to_string(),
            text_en: text_en.to_string(),
        });
    }

    /// The value, or its refusal written down.
    pub fn keep<T>(&mut self, column: &str, zh: &str, value: Result<T, OrgError>) -> Option<T> {
        value
            .map_err(|refusal| {
                let text = refusal.to_string();
                let (code, en) = text.split_once(' ').unwrap_or(("G-510", &text));
                self.add(column, code, zh, en);
            })
            .ok()
    }
}

/// Takes rows out until those that are left make a tree with what there is: a refused parent takes its new children
/// with it.
fn hold_together(
    mut rows: Vec<Read<Organisation>>,
    existing: Existing<'_>,
    refused: &mut Vec<CellFault>,
) -> Vec<Read<Organisation>> {
    loop {
        let tree = Tree::of(existing.organisations, rows.iter().map(|row| &row.after));
        let before = rows.len();
        rows.retain(|row| {
            let mut faults = Faults { sheet: ORGANISATIONS, row: row.cells, found: refused };
            tree.holds(&row.after, row.before.as_ref(), &mut faults)
        });
        if rows.len() == before {
            return rows;
        }
    }
}

/// An organisation is closed only when nothing open is left in it after the import.
fn without_closing_full(
    mut rows: Vec<Read<Organisation>>,
    existing: Existing<'_>,
    accounts: &[Read<AccountRow>],
    refused: &mut Vec<CellFault>,
) -> Vec<Read<Organisation>> {
    let mut people: BTreeMap<&str, &AccountRow> = existing.accounts.iter().map(|a| (a.login.as_str(), a)).collect();
    people.extend(accounts.iter().map(|row| (row.after.login.as_str(), &row.after)));
    let staffed: BTreeSet<&OrgId> = people.values().filter(|a| a.active).map(|a| &a.organisation).collect();
    loop {
        let tree = Tree::of(existing.organisations, rows.iter().map(|row| &row.after));
        let before = rows.len();
        rows.retain(|row| {
            let closes = !row.after.active && row.before.as_ref().is_some_and(|before| before.active);
            let full = staffed.contains(&row.after.id) || tree.has_open_children(&row.after.id);
            if closes && full {
                let mut faults = Faults { sheet: ORGANISATIONS, row: row.cells, found: refused };
                let (zh, en) = ("还有在用的下级单位或账号", "still holds open organisations or accounts");
                faults.add(STATE, "G-209", zh, en);
            }
            !(closes && full)
        });
        if rows.len() == before {
            return rows;
        }
    }
}

fn changes<T: PartialEq>(rows: Vec<Read<T>>) -> Changes<T> {
    let mut changes = Changes::default();
    for Read { before, after, .. } in rows {
        match before {
            None => changes.create.push(after),
            Some(before) if before == after => changes.unchanged += 1,
            Some(before) => changes.change.push(Change { before, after }),
        }
    }
    changes
}

fn parents_first(create: &mut [Organisation]) {
    let parents: BTreeMap<OrgId, Option<OrgId>> = create.iter().map(|o| (o.id.clone(), o.parent.clone())).collect();
    let depth = |id: &OrgId| {
        std::iter::successors(parents.get(id), |parent| parents.get(parent.as_ref()?)).take(parents.len()).count()
    };
    create.sort_by_cached_key(|organisation| depth(&organisation.id));
}
