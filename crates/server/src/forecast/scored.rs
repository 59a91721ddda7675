//! Scores as the verification answer tells them.

use super::event_scores::{Event, index_event};
use super::models::Bounded;
use super::named::{Said, names};
use super::pairs::Pairs;
use super::verification::Verification;
use crate::figure::Figure;
use crate::table::{Cell, Table};
use ::forecast::Season;
use ::forecast::verification::{By, Case, Compared, Estimate, IndexScore, Item, Key, ValueScore, verify};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{AqiLevel, Pollutant};
use utoipa::ToSchema;

/// The scores of one group. In the unit of the answer unless a share or a skill; `null` is a measure over no case.
#[derive(Serialize, ToSchema)]
pub(super) struct Group {
    key: String,
    name: String,
    name_en: String,
    /// City days that were scored.
    cases: usize,
    /// From the five quantiles.
    crps: Option<Figure>,
    crps_climatology: Option<Figure>,
    crps_persistence: Option<Figure>,
    /// Of the CRPS against climatology.
    skill: Option<Bounded>,
    /// Of the median.
    mae: Option<Figure>,
    mae_climatology: Option<Figure>,
    mae_persistence: Option<Figure>,
    rmse: Option<Figure>,
    bias: Option<Figure>,
    nmb: Option<Figure>,
    nme: Option<Figure>,
    r: Option<Figure>,
    coverage50: Option<Figure>,
    coverage90: Option<Figure>,
    width90: Option<Figure>,
    /// Shares below, between and above the five quantiles; .05 .20 .25 .25 .20 .05 is perfect.
    pit: Option<Vec<Option<Figure>>>,
    aqi: Option<Index>,
    /// AQI above 150 and above 200.
    events: Vec<Event>,
}

/// The published index. Shares; widths, bias and interval score in index points.
#[derive(Serialize, ToSchema)]
pub(super) struct Index {
    cases: usize,
    range_hit: Option<Figure>,
    /// The same with its 95 % bounds.
    range_hit_bounds: Bounded,
    level_hit: Option<Figure>,
    level_hit_single: Option<Figure>,
    level_hit_cross: Option<Figure>,
    half_level_hit: Option<Figure>,
    primary_hit: Option<Figure>,
    over: Option<Figure>,
    under: Option<Figure>,
    bias: Option<Figure>,
    width: Option<Figure>,
    /// Smaller is better; a wide range pays its width.
    interval_score: Option<Figure>,
    /// The same with its 95 % bounds.
    interval_score_bounds: Bounded,
    /// Of the interval score against climatology on the same city days.
    interval_skill: Option<Bounded>,
    range_hit_climatology: Option<Figure>,
    range_hit_persistence: Option<Figure>,
}

/// What is known of one group: the item's scores, the index's, its events'.
type Scored = (Option<Compared<ValueScore>>, Option<Index>, Vec<Event>);

/// Scores of one item with those of the index beside them, by group.
pub(super) fn groups(pairs: &Pairs, by: By, item: Item, seed: u64) -> Vec<Group> {
    let cases: Vec<Case> = pairs.values.iter().filter(|case| case.item == item).cloned().collect();
    let mut scores: BTreeMap<Key, Scored> = BTreeMap::new();
    for score in verify(&cases, &[], &[by], seed) {
        if let [key] = score.key.as_slice() {
            scores.entry(key.clone()).or_default().0 = score.value;
        }
    }
    for score in verify(&[], &pairs.indices, &[by], seed) {
        if let [key] = score.key.as_slice() {
            let entry = scores.entry(key.clone()).or_default();
            entry.1 = score.index.as_ref().map(index);
            entry.2 = score.events.iter().map(|event| index_event(&event.forecast)).collect();
        }
    }
    let decimals = if item == Item::Pollutant(Pollutant::Co) { 3 } else { 2 };
    scores
        .into_iter()
        .map(|(key, (value, aqi, events))| group(by, &key, &pairs.names, value, aqi, events, decimals))
        .collect()
}

fn group(
    by: By,
    key: &Key,
    names: &BTreeMap<String, Said>,
    value: Option<Compared<ValueScore>>,
    aqi: Option<Index>,
    events: Vec<Event>,
    decimals: i32,
) -> Group {
    let (name, name_en) = name(by, key, names);
    let amount = |value: f64| Figure::rounded(value, decimals);
    let of = |get: &dyn Fn(&ValueScore) -> Option<f64>| value.as_ref().and_then(|all| get(&all.forecast));
    let climatology = value.as_ref().and_then(|all| all.climatology.as_ref());
    let persistence = value.as_ref().and_then(|all| all.persistence.as_ref());
    let sized = |get: &dyn Fn(&ValueScore) -> f64| of(&|score| Some(get(score))).and_then(amount);
    let shared = |get: &dyn Fn(&ValueScore) -> Option<f64>| of(get).and_then(share);
    Group {
        key: key.to_string(),
        name,
        name_en,
        // People say a range of the index and no distribution: their cases are those of the index.
        cases: value.as_ref().map(|all| all.forecast.cases).or(aqi.as_ref().map(|all| all.cases)).unwrap_or(0),
        crps: sized(&|score| score.crps.value),
        crps_climatology: climatology.and_then(|against| amount(against.reference.crps.value)),
        crps_persistence: persistence.and_then(|against| amount(against.reference.crps.value)),
        skill: climatology.and_then(|against| against.skill).map(Bounded::from),
        mae: sized(&|score| score.mae.value),
        mae_climatology: climatology.and_then(|against| amount(against.reference.mae.value)),
        mae_persistence: persistence.and_then(|against| amount(against.reference.mae.value)),
        rmse: sized(&|score| score.rmse),
        bias: sized(&|score| score.bias.value),
        nmb: shared(&|score| score.nmb),
        nme: shared(&|score| score.nme),
        r: shared(&|score| score.r),
        coverage50: shared(&|score| Some(score.coverage50)),
        coverage90: shared(&|score| Some(score.coverage90)),
        width90: sized(&|score| score.width90),
        pit: value.as_ref().map(|all| all.forecast.pit.iter().copied().map(share).collect()),
        aqi,
        events,
    }
}

fn index(all: &Compared<IndexScore>) -> Index {
    let score = &all.forecast;
    let points = |estimate: Estimate| Figure::rounded(estimate.value, 1);
    Index {
        cases: score.cases,
        range_hit: share(score.range_hit.value),
        range_hit_bounds: score.range_hit.into(),
        level_hit: share(score.level_hit.value),
        level_hit_single: estimated(score.level_hit_single),
        level_hit_cross: estimated(score.level_hit_cross),
        half_level_hit: share(score.half_level_hit.value),
        primary_hit: estimated(score.primary_hit),
        over: share(score.over.value),
        under: share(score.under.value),
        bias: points(score.bias),
        width: points(score.width),
        interval_score: points(score.interval_score),
        interval_score_bounds: score.interval_score.into(),
        interval_skill: all.climatology.as_ref().and_then(|against| against.skill).map(Bounded::from),
        range_hit_climatology: all.climatology.as_ref().and_then(|other| share(other.reference.range_hit.value)),
        range_hit_persistence: all.persistence.as_ref().and_then(|other| share(other.reference.range_hit.value)),
    }
}

/// A share or a skill to three decimals.
pub(super) fn share(value: f64) -> Option<Figure> {
    Figure::rounded(value, 3)
}

/// The estimate alone.
pub(super) fn estimated(estimate: Option<Estimate>) -> Option<Figure> {
    estimate.and_then(|estimate| share(estimate.value))
}

fn name(by: By, key: &Key, people: &BTreeMap<String, Said>) -> (String, String) {
    match (by, key) {
        (By::Lead, Key::Number(lead)) => (format!("第 {lead} 天"), format!("Day {lead}")),
        (By::Level, Key::Number(number)) => {
            let level = AqiLevel::ALL.into_iter().find(|level| level.number() == *number);
            (level.map_or_else(String::new, |level| level.category().to_string()), format!("Level {number}"))
        }
        (By::City, Key::Text(code)) => {
            let words = names(Some(code));
            (words.text, words.text_en)
        }
        (By::Forecaster | By::Conclusion, Key::Text(id)) => {
            let said = people.get(id).cloned().unwrap_or_else(|| Said::new(id, id));
            (said.text, said.text_en)
        }
        (_, Key::Season(Season::Winter)) => ("冬半年（11—2 月）".into(), "November to February".into()),
        (_, Key::Season(Season::Warm)) => ("暖季（4—9 月）".into(), "April to September".into()),
        (_, Key::Season(Season::Year)) => ("全年".into(), "All months".into()),
        (_, key) => (key.to_string(), key.to_string()),
    }
}

/// The groups as a table.
pub(super) fn table(scores: &Verification) -> Table {
    let head = [
        "group",
        "name",
        "cases",
        "crps",
        "crps_climatology",
        "crps_persistence",
        "skill",
        "mae",
        "rmse",
        "bias",
        "nmb",
        "nme",
        "r",
        "coverage50",
        "coverage90",
        "width90",
        "range_hit",
        "level_hit",
        "primary_hit",
        "interval_score",
        "brier150",
        "brier_skill150",
        "brier200",
        "brier_skill200",
    ];
    let unit = if scores.unit.is_empty() { String::new() } else { format!("（{}）", scores.unit) };
    Table {
        title: format!("预报检验 {} {unit}{}—{}", scores.pollutant, scores.from, scores.to),
        file: format!("verification-{}-{}-{}", scores.pollutant, scores.from, scores.to),
        stamp: scores.stamp.clone(),
        columns: head.map(String::from).to_vec(),
        rows: scores.groups.iter().map(row).collect(),
    }
}

fn row(group: &Group) -> Vec<Cell> {
    let aqi = |get: fn(&Index) -> Option<Figure>| group.aqi.as_ref().and_then(get);
    let event = |bound: u16, get: fn(&Event) -> Option<Figure>| {
        group.events.iter().find(|event| event.bound == bound).and_then(get)
    };
    let figures = [
        group.crps,
        group.crps_climatology,
        group.crps_persistence,
        group.skill.as_ref().and_then(|skill| skill.value),
        group.mae,
        group.rmse,
        group.bias,
        group.nmb,
        group.nme,
        group.r,
        group.coverage50,
        group.coverage90,
        group.width90,
        aqi(|index| index.range_hit),
        aqi(|index| index.level_hit),
        aqi(|index| index.primary_hit),
        aqi(|index| index.interval_score),
        event(150, |event| event.brier),
        event(150, |event| event.brier_skill),
        event(200, |event| event.brier),
        event(200, |event| event.brier_skill),
    ];
    let head: [Cell; 3] = [group.key.clone().into(), group.name.clone().into(), group.cases.into()];
    head.into_iter().chain(figures.map(Cell::from)).collect()
}
