//! What changed between two editions of a list (清单版本差异).

use super::amounts::Precursor;
use super::entry::Entry;
use super::value::List;
use crate::PlanError;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use units::{KilogramPerDay, RegionCode};

/// The differences of two lists.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListDiff {
    /// Edition and digest of the older one.
    pub before: (String, String),
    /// Edition and digest of the newer one.
    pub after: (String, String),
    /// Ids and names that are new.
    pub added: Vec<(String, String)>,
    /// Ids and names that are gone.
    pub removed: Vec<(String, String)>,
    /// Records that stand in both and differ.
    pub changed: Vec<ChangedRecord>,
    /// Daily totals that differ.
    pub totals: Vec<ChangedTotal>,
}

/// A record that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedRecord {
    /// Its id.
    pub id: String,
    /// Its name, as in the newer list.
    pub name: String,
    /// Its fields.
    pub fields: Vec<ChangedField>,
}

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedField {
    /// Its path, such as `measures.red.text`.
    pub field: String,
    /// What stood there; `null` for nothing.
    pub before: Value,
    /// What stands there.
    pub after: Value,
}

/// A daily total of a city that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedTotal {
    /// City.
    pub city: RegionCode,
    /// Precursor.
    pub precursor: Precursor,
    /// kg/day; absent when nothing was known.
    pub before: Option<KilogramPerDay>,
    /// kg/day.
    pub after: Option<KilogramPerDay>,
}

impl ListDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares two lists, record by id. Where a record comes from (file and row) does not count. Refuses `P-207`.
pub fn diff(before: &List, after: &List) -> Result<ListDiff, PlanError> {
    let (old, new) = (records(before)?, records(after)?);
    let only = |these: &Records, those: &Records| -> Vec<(String, String)> {
        let missing = these.iter().filter(|(id, _)| !those.contains_key(*id));
        missing.map(|(id, (name, _))| (id.clone(), name.clone())).collect()
    };
    let changed = new.iter().filter_map(|(id, (name, fields))| {
        let fields = changes(&old.get(id)?.1, fields);
        (!fields.is_empty()).then(|| ChangedRecord { id: id.clone(), name: name.clone(), fields })
    });
    Ok(ListDiff {
        before: (before.edition.clone(), before.digest()?),
        after: (after.edition.clone(), after.digest()?),
        added: only(&new, &old),
        removed: only(&old, &new),
        changed: changed.collect(),
        totals: totals(before, after),
    })
}

/// Name and fields by id.
type Records = BTreeMap<String, (String, BTreeMap<String, Value>)>;

fn records(list: &List) -> Result<Records, PlanError> {
    let refused = |error: serde_json::Error| PlanError::List { path: ".".into(), reason: error.to_string() };
    let entries = list
        .entries
        .iter()
        .map(|entry: &Entry| Ok((entry.id.clone(), entry.name.clone(), serde_json::to_value(entry)?)));
    let companions =
        list.companions.iter().map(|own| Ok((own.id.clone(), own.name.clone(), serde_json::to_value(own)?)));
    let mut records = Records::new();
    for record in entries.chain(companions) {
        let (id, name, value): (String, String, Value) = record.map_err(refused)?;
        let mut fields = BTreeMap::new();
        flatten("", &value, &mut fields);
        fields.retain(|field, _| field != "source" && field != "id");
        records.insert(id, (name, fields));
    }
    Ok(records)
}

/// Leaves by path. Measures are named by their level and grades by their scheme, so that an order of lines is no change.
fn flatten(path: &str, value: &Value, fields: &mut BTreeMap<String, Value>) {
    let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| flatten(&below(key), value, fields)),
        Value::Array(items) if !items.is_empty() => items.iter().enumerate().for_each(|(place, item)| {
            let named = item.get("level").or_else(|| item.get("scheme")).and_then(Value::as_str);
            flatten(&below(&named.map_or(place.to_string(), str::to_string)), item, fields);
        }),
        leaf => {
            fields.insert(path.to_string(), leaf.clone());
        }
    }
}

fn changes(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<ChangedField> {
    // The clauses follow from the text: one change is told once.
    let told =
        |field: &&String| !(field.contains(".clauses") || field.ends_with(".level") || field.ends_with(".scheme"));
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).filter(told).collect();
    let value = |side: &BTreeMap<String, Value>, field: &str| side.get(field).cloned().unwrap_or(Value::Null);
    let all = fields.into_iter().map(|field| ChangedField {
        field: field.clone(),
        before: value(before, field),
        after: value(after, field),
    });
    all.filter(|change| change.before != change.after).collect()
}

fn totals(before: &List, after: &List) -> Vec<ChangedTotal> {
    let (old, new) = (before.daily_totals(), after.daily_totals());
    let cities: BTreeSet<RegionCode> = old.keys().chain(new.keys()).copied().collect();
    let all = cities.into_iter().flat_map(|city| {
        let of = |side: &BTreeMap<RegionCode, super::Amounts<KilogramPerDay>>, p| {
            side.get(&city).and_then(|total| total.get(p))
        };
        let row = |precursor| ChangedTotal { city, precursor, before: of(&old, precursor), after: of(&new, precursor) };
        Precursor::ALL.map(row)
    });
    all.filter(|total| total.before != total.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::testing::{entry, list, measure};
    use units::WarningLevel::{Orange, Red};

    #[test]
    fn added_removed_and_changed_records_and_what_it_does_to_the_totals() {
        let mut old = list(vec![entry("gone"), entry("stays")]);
        old.entries[1].measures = vec![measure(Orange, "限产20%"), measure(Red, "停产")];
        let mut new = list(vec![entry("stays"), entry("new")]);
        new.entries[0].measures = vec![measure(Red, "停产"), measure(Orange, "限产30%")];
        new.entries[0].source = "another row".into();
        new.entries[1].daily.so2 = Some(KilogramPerDay(40.0));
        let found = diff(&old, &new).unwrap();
        assert_eq!((found.added[0].0.as_str(), found.removed[0].0.as_str()), ("new", "gone"));
        let fields: Vec<&str> = found.changed[0].fields.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["measures.orange.cost_wan_yuan", "measures.orange.text"]);
        let total = &found.totals[0];
        assert_eq!((total.before, total.after), (Some(KilogramPerDay(200.0)), Some(KilogramPerDay(140.0))));
        assert_ne!(found.before.1, found.after.1);
    }

    #[test]
    fn a_list_does_not_differ_from_itself_and_its_digest_stands() {
        let list = list(vec![entry("a")]);
        let found = diff(&list, &list).unwrap();
        assert!(found.is_empty() && found.totals.is_empty());
        let text = serde_json::to_vec_pretty(&list).unwrap();
        assert_eq!(List::read(&text).unwrap().digest().unwrap(), list.digest().unwrap());
    }
}
