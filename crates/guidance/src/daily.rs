//! The consensus of forecast tables (`forecast.csv`): members in, the same columns out.

mod rows;
mod truth;

pub use rows::{COLUMNS, Row, read_rows};
pub use truth::DayTruth;

use crate::GuidanceError;
use crate::consensus::{Case, Rule, Settings, learn};
use std::collections::{BTreeMap, BTreeSet};
use units::{Aqi, BeijingDay, BeijingHour};

/// Name of the consensus in the column `model`.
pub const MODEL: &str = "consensus";
/// Issues from which weights are learned anew: every week of issue days.
const RELEARN_DAYS: i32 = 7;
/// Scores older than this say little about a model of today.
const RECENT_DAYS: i32 = 180;
/// Equal rows that make two members copies of each other.
const FEWEST_ROWS: usize = 20;
/// Half a unit in the last place of a table.
const ROUNDING: f64 = 0.051;

/// One member: a model's forecast table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name for reports.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// What a consensus came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Consensus {
    /// The consensus, in order of issue, city, lead and pollutant.
    pub rows: Vec<Row>,
    /// Members used, in the order of the weights.
    pub members: Vec<String>,
    /// Members left out, and why; members that lack rows.
    pub notes: Vec<String>,
    /// Pollutant, lead and rule of the last issue.
    pub rules: Vec<(String, u8, Rule)>,
}

type Target<'r> = (BeijingDay, &'r str, u8, &'r str);

/// Makes the consensus of every issue day from what was over before that day, and at most 180 days old.
///
/// With `learn_until` nothing of that day or later is learned, whatever the issue. Refuses `J-114` when no member has
/// a row, `J-115` when two members share a name.
pub fn consensus(
    tables: Vec<Table>,
    truth: &mut DayTruth<'_>,
    learn_until: Option<BeijingDay>,
    settings: Settings,
) -> Result<Consensus, GuidanceError> {
    let mut notes = vec![];
    let tables = distinct(tables, &mut notes)?;
    let indexed: Vec<BTreeMap<Target<'_>, &Row>> =
        tables.iter().map(|table| table.rows.iter().map(|row| (target(row), row)).collect()).collect();
    let all: BTreeSet<Target<'_>> = indexed.iter().flat_map(|member| member.keys().copied()).collect();
    for (table, member) in tables.iter().zip(&indexed).filter(|(_, member)| member.len() < all.len()) {
        notes.push(format!("J-213 {}: {} of {} rows; the others stand in", table.name, member.len(), all.len()));
    }
    let cities: BTreeMap<&str, usize> =
        all.iter().map(|target| target.1).collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
    let mut groups: BTreeMap<(&str, u8), Vec<Target<'_>>> = BTreeMap::new();
    all.iter().for_each(|target| groups.entry((target.3, target.2)).or_default().push(*target));
    let (mut rows, mut rules) = (vec![], vec![]);
    for ((pollutant, lead), targets) in groups {
        let settings = Settings { logs: pollutant != "AQI", ..settings };
        let case = |target: &Target<'_>| Case {
            issue: beginning(target.0),
            over: beginning(target.0 + i32::from(lead) + 1),
            place: cities[target.1],
            said: indexed.iter().map(|member| member.get(target).map(|row| row.quantiles)).collect(),
            seen: f64::NAN,
        };
        let cases: Vec<Case> = targets
            .iter()
            .map(|target| Case { seen: truth.value(target.1, target.0 + i32::from(lead), pollutant), ..case(target) })
            .collect();
        let mut learned: Option<(i32, Rule)> = None;
        for (target, case) in targets.iter().zip(&cases) {
            let week = target.0.index().div_euclid(RELEARN_DAYS);
            let rule = match &learned {
                Some((known, rule)) if *known == week => rule,
                _ => {
                    let until = learn_until.map_or(case.issue, |day| beginning(day).min(case.issue));
                    let since = case.issue - 24 * i64::from(RECENT_DAYS);
                    let from = cases.partition_point(|case| case.issue < since);
                    &learned.insert((week, learn(&cases[from..], tables.len(), until, settings))).1
                }
            };
            let said: Vec<Option<&Row>> = indexed.iter().map(|member| member.get(target).copied()).collect();
            rows.extend(pooled(&said, rule, case, settings));
        }
        rules.extend(learned.map(|(_, rule)| (pollutant.to_string(), lead, rule)));
    }
    rows.sort_by(|a, b| target(a).cmp(&target(b)));
    Ok(Consensus { rows, members: tables.into_iter().map(|table| table.name).collect(), notes, rules })
}

fn target(row: &Row) -> Target<'_> {
    (row.issue, &row.city, row.lead_day, &row.pollutant)
}

/// The hour with which a day begins: of the issue day itself nothing is known, whatever its hour of issue.
fn beginning(day: BeijingDay) -> BeijingHour {
    BeijingHour::from_index(i64::from(day.index()) * 24)
}

/// Leaves out tables without rows and copies; refuses names that are not unique.
fn distinct(tables: Vec<Table>, notes: &mut Vec<String>) -> Result<Vec<Table>, GuidanceError> {
    let mut kept: Vec<Table> = vec![];
    for table in tables {
        if table.rows.is_empty() {
            notes.push(format!("J-213 {}: no row that can be read; left out", table.name));
        } else if let Some(same) = kept.iter().find(|first| is_copy(first, &table)) {
            notes.push(format!("J-208 {}: the same values as {} up to rounding; left out", table.name, same.name));
        } else if kept.iter().any(|first| first.name == table.name) {
            let issue = table.rows[0].issue.to_string();
            return Err(GuidanceError::SameName { model: table.name, issue });
        } else {
            kept.push(table);
        }
    }
    if kept.is_empty() { Err(GuidanceError::NoMember { why: notes.join("; ") }) } else { Ok(kept) }
}

fn is_copy(first: &Table, second: &Table) -> bool {
    let known: BTreeMap<Target<'_>, &Row> = first.rows.iter().map(|row| (target(row), row)).collect();
    let pairs = second.rows.iter().filter_map(|row| Some((row, *known.get(&target(row))?)));
    let near = |(a, b): (&Row, &Row)| a.quantiles.iter().zip(b.quantiles).all(|(a, b)| (a - b).abs() <= ROUNDING);
    let (both, same) = pairs.fold((0, 0), |(both, same), pair| (both + 1, same + usize::from(near(pair))));
    both >= FEWEST_ROWS && same * 100 >= both * 98
}

/// The row of the consensus: quantiles by the rule, the other columns by the same weights.
fn pooled(said: &[Option<&Row>], rule: &Rule, case: &Case, settings: Settings) -> Option<Row> {
    let quantiles = rule.apply(case.place, &case.said)?;
    let there: Vec<(&Row, f64)> =
        said.iter().zip(&rule.weights).filter_map(|(row, weight)| Some(((*row)?, *weight))).collect();
    let total: f64 = there.iter().map(|(_, weight)| weight).sum();
    let count = there.len() as f64;
    let share = |weight: f64| if total > 0.0 { weight / total } else { 1.0 / count };
    let mean_of = |of: &dyn Fn(&Row) -> f64| there.iter().map(|(row, weight)| share(*weight) * of(row)).sum::<f64>();
    // The mean moves with the median: what was learned about one holds for the other.
    let (mean, median) = (mean_of(&|row| row.mean), mean_of(&|row| row.quantiles[2]));
    let mean = if settings.logs && median > 0.0 { mean * quantiles[2] / median } else { mean + quantiles[2] - median };
    let first = there.first()?.0;
    let is_index = first.pollutant == "AQI";
    let centre = Aqi::new(quantiles[2].round().clamp(0.0, 500.0) as u16).ok();
    let probability = |of: fn(&Row) -> Option<f64>| {
        let known = there.iter().filter_map(|(row, weight)| Some((of(row)?, share(*weight))));
        let (sum, shares) = known.fold((0.0, 0.0), |(sum, shares), (p, share)| (sum + p * share, shares + share));
        (shares > 0.0).then(|| sum / shares)
    };
    Some(Row {
        mean,
        quantiles,
        range: centre.filter(|_| is_index).map(|centre| forecast::RangeRule::bundled().range(centre)),
        primary: vote(&there, share),
        p_aqi150: probability(|row| row.p_aqi150),
        p_aqi200: probability(|row| row.p_aqi200),
        model: MODEL.to_string(),
        ..first.clone()
    })
}

/// The primary pollutant with the most weight; of equals the first by name.
fn vote(there: &[(&Row, f64)], share: impl Fn(f64) -> f64) -> String {
    let mut votes: BTreeMap<&str, f64> = BTreeMap::new();
    for (row, weight) in there.iter().filter(|(row, _)| !row.primary.is_empty()) {
        *votes.entry(&row.primary).or_default() += share(*weight);
    }
    let most = votes.iter().rev().max_by(|a, b| a.1.total_cmp(b.1));
    most.map_or_else(String::new, |(name, _)| name.to_string())
}

#[cfg(test)]
mod tests;
