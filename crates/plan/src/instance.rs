//! The plan instance `qingkong-plan/1` as it stands in a file, and as it is computed with.

use crate::{Chosen, PlanError};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most options of an instance; more are refused by number.
pub const MOST_OPTIONS: usize = 2_000_000;
/// Most entries of any other list of the file.
pub(crate) const MOST_ENTRIES: usize = 200_000_000;
/// Most precursors.
pub(crate) const MOST_PRECURSORS: usize = 64;
/// Most receptors and, together with them, different legal minima: the prices of all are found in one dense system.
pub const MOST_CONDITIONS: usize = 2_000;
/// Largest amount, so that no product or sum of amounts leaves the numbers there are.
const LARGEST: f64 = 1e15;
/// The name of the format.
pub const FORMAT: &str = "qingkong-plan/1";
/// A need counts as met from this share below it.
pub const TOLERANCE: f64 = 1e-9;

/// A plan instance (减排方案算例) as written in a file.
///
/// Cuts in kg/day, response in µg/m³ per kg/day, need in µg/m³, cost in 10⁴ CNY per day.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct InstanceFile {
    /// `qingkong-plan/1`.
    pub format: String,
    /// Names of the precursors, in the order of every `cut`.
    pub precursors: Vec<String>,
    /// Share of scenarios in which each receptor has to be met, 0 to 1.
    pub confidence: f64,
    /// Number of scenarios, at least 1.
    pub scenarios: usize,
    /// City, day and pollutant that have to be brought down.
    pub receptors: Vec<Receptor>,
    /// Enterprises.
    pub sources: Vec<Source>,
    /// What each source can be ordered to do.
    #[serde(deserialize_with = "crate::read::options")]
    pub options: Vec<Measure>,
    /// Response of receptors to cuts of sources; entries for the same place add up.
    pub response_coo: ResponseList,
    /// `[scenario][receptor]`, scales every response; 1 when absent.
    #[serde(default)]
    pub response_factor: Option<Vec<Vec<f64>>>,
    /// `[scenario][source]`, share of the ordered cut that is delivered; 1 when absent.
    #[serde(default)]
    pub sure: Option<Vec<Vec<f64>>>,
    /// `[scenario][receptor]`, µg/m³ to be taken off.
    pub need: Vec<Vec<f64>>,
    /// Least cuts by city and precursor, at face value.
    #[serde(default)]
    pub legal_min: Vec<LegalMinimum>,
    /// Options that may not be ordered.
    #[serde(default)]
    pub forbidden: Vec<usize>,
}

/// A receptor (受体): one pollutant of one city on one day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Receptor {
    /// City.
    pub city: String,
    /// Day, `YYYY-MM-DD`.
    pub day: String,
    /// Pollutant.
    pub pollutant: String,
}

/// A source (污染源). Grade and safeguard of the file have already decided which options there are.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// City that a legal minimum counts it to.
    pub city: String,
}

/// An option (可选措施): one thing that one source can be ordered to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Measure {
    /// Its id.
    pub id: String,
    /// Index of its source.
    pub source: usize,
    /// 10⁴ CNY per day, not negative.
    pub cost: f64,
    /// kg/day by precursor, not negative.
    pub cut: Vec<f64>,
}

/// Response in coordinate form: four lists of one length.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct ResponseList {
    /// Receptor of each entry.
    pub receptor: Vec<u32>,
    /// Source of each entry.
    pub source: Vec<u32>,
    /// Precursor of each entry.
    pub precursor: Vec<u16>,
    /// µg/m³ per kg/day; may be negative (less NOx can mean more ozone).
    pub value: Vec<f64>,
}

/// A legal minimum (法定最低减排量) of a city, counted at face value.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct LegalMinimum {
    /// City.
    pub city: String,
    /// Precursor.
    pub precursor: String,
    /// kg/day.
    pub cut: f64,
}

/// A plan instance that was checked, in the shape that is computed with.
///
/// Made by [`Instance::new`] or [`crate::read`].
#[derive(Clone, Debug)]
pub struct Instance {
    pub(crate) precursors: usize,
    pub(crate) confidence: f64,
    pub(crate) scenarios: usize,
    pub(crate) receptors: Vec<Receptor>,
    pub(crate) sources: usize,
    /// City of each source, by number.
    pub(crate) city: Vec<u32>,
    pub(crate) cities: usize,
    /// Source of each option, its cost, and its cuts (`option * precursors + precursor`).
    pub(crate) source: Vec<u32>,
    pub(crate) cost: Vec<f64>,
    pub(crate) cut: Vec<f64>,
    pub(crate) forbidden: Vec<bool>,
    /// Response by column `source * precursors + precursor`.
    pub(crate) response: Columns,
    /// `receptor * scenarios + scenario`.
    pub(crate) factor: Vec<f64>,
    /// `source * scenarios + scenario`; empty means 1 everywhere.
    pub(crate) sure: Vec<f64>,
    /// `receptor * scenarios + scenario`.
    pub(crate) need: Vec<f64>,
    pub(crate) legal: Vec<LegalRow>,
}

/// A legal minimum and what it is about: `city * precursors + precursor`, the city by number.
#[derive(Clone, Debug)]
pub(crate) struct LegalRow {
    pub said: LegalMinimum,
    pub about: usize,
}

/// Sparse columns: the entries of column `c` are `start[c]..start[c + 1]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    pub start: Vec<usize>,
    pub row: Vec<u32>,
    pub value: Vec<f64>,
}

impl Columns {
    pub fn entries(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.start[column]..self.start[column + 1];
        self.row[range.clone()].iter().zip(&self.value[range]).map(|(&row, &value)| (row as usize, value))
    }
}

fn wrong(path: String, reason: impl std::fmt::Display) -> PlanError {
    PlanError::Value { path, reason: reason.to_string() }
}

impl Instance {
    /// Checks a file's content and brings it into shape.
    ///
    /// Refuses `P-102` with the path inside the file: numbers that are none, negative cuts and costs, shares outside 0 to 1,
    /// indices out of range, unknown cities and precursors, lengths that do not match, too many options.
    pub fn new(file: InstanceFile) -> Result<Instance, PlanError> {
        let (scenarios, receptors, sources) = (file.scenarios, file.receptors.len(), file.sources.len());
        heads(&file)?;
        let need = matrix("need", &file.need, scenarios, receptors, |_| None)?;
        let factor = match &file.response_factor {
            Some(table) => {
                matrix("response_factor", table, scenarios, receptors, |value| (value < 0.0).then_some("is negative"))?
            }
            None => vec![1.0; receptors * scenarios],
        };
        let sure = match &file.sure {
            Some(table) => matrix("sure", table, scenarios, sources, |value| {
                (!(0.0..=1.0).contains(&value)).then_some("is no share between 0 and 1")
            })?,
            None => vec![],
        };
        let (source, cost, cut) = measures(&file)?;
        let mut forbidden = vec![false; source.len()];
        for (place, &option) in file.forbidden.iter().enumerate() {
            *forbidden.get_mut(option).ok_or_else(|| {
                wrong(format!("forbidden[{place}]"), format_args!("option {option} of {}", source.len()))
            })? = true;
        }
        let (city, cities, legal) = legal(&file)?;
        Ok(Instance {
            precursors: file.precursors.len(),
            confidence: file.confidence,
            scenarios,
            response: response(file.response_coo, receptors, sources, file.precursors.len())?,
            receptors: file.receptors,
            sources,
            city,
            cities,
            source,
            cost,
            cut,
            forbidden,
            factor,
            sure,
            need,
            legal,
        })
    }

    /// The same instance that asks for another confidence, 0 to 1.
    pub fn with_confidence(&self, confidence: f64) -> Result<Instance, PlanError> {
        share("confidence", confidence)?;
        Ok(Instance { confidence, ..self.clone() })
    }

    /// The same instance in which these options may not be ordered either, such as those above a limit for their sector.
    ///
    /// Refuses `P-103` an option that the instance does not have.
    pub fn without(&self, options: &[usize]) -> Result<Instance, PlanError> {
        Chosen::new(options.to_vec()).fits(self)?;
        let mut instance = self.clone();
        options.iter().for_each(|&option| instance.forbidden[option] = true);
        Ok(instance)
    }

    /// The deterministic instance (确定性算例): one scenario of the mean need, factor and certainty, which has to be met.
    pub fn of_means(&self) -> Instance {
        let means = |table: &[f64]| -> Vec<f64> {
            table.chunks(self.scenarios).map(|values| values.iter().sum::<f64>() / self.scenarios as f64).collect()
        };
        let (factor, sure, need) = (means(&self.factor), means(&self.sure), means(&self.need));
        Instance { confidence: 1.0, scenarios: 1, factor, sure, need, ..self.clone() }
    }

    /// Refuses `P-104` scenarios that are not fresh ones of this instance: another instance, or the same scenarios again.
    pub(crate) fn admits_fresh(&self, fresh: &Instance) -> Result<(), PlanError> {
        let same = [
            ("receptors", self.receptors == fresh.receptors),
            ("precursors", self.precursors == fresh.precursors),
            ("sources", self.sources == fresh.sources),
            ("options", self.source == fresh.source && self.cut == fresh.cut),
            ("responses", self.response == fresh.response),
        ];
        if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
            return Err(PlanError::NotFresh(format!("their {what} differ from those of the instance")));
        }
        if (&self.need, &self.factor, &self.sure) == (&fresh.need, &fresh.factor, &fresh.sure) {
            return Err(PlanError::NotFresh("they are those that the plan was made with".into()));
        }
        Ok(())
    }

    /// Number of options.
    pub fn options(&self) -> usize {
        self.source.len()
    }

    /// Source of an option. Expects an option of the instance.
    pub fn source_of(&self, option: usize) -> usize {
        self.source[option] as usize
    }

    /// Number of sources.
    pub fn sources(&self) -> usize {
        self.sources
    }

    /// The legal minima, in the order of the file.
    pub fn legal_minima(&self) -> Vec<&LegalMinimum> {
        self.legal.iter().map(|row| &row.said).collect()
    }

    /// Share of scenarios in which each receptor has to be met.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// The receptors, in the order of every list by receptor.
    pub fn receptors(&self) -> &[Receptor] {
        &self.receptors
    }

    /// Fewest scenarios whose share reaches the confidence.
    pub(crate) fn required(&self) -> usize {
        (0..self.scenarios).find(|&met| met as f64 / self.scenarios as f64 >= self.confidence).unwrap_or(self.scenarios)
    }

    pub(crate) fn cuts(&self, option: usize) -> &[f64] {
        &self.cut[option * self.precursors..][..self.precursors]
    }
}

/// The least that counts as this need met.
pub(crate) fn threshold(need: f64) -> f64 {
    need - TOLERANCE * need.abs()
}

fn share(path: &str, value: f64) -> Result<(), PlanError> {
    let fits = (0.0..=1.0).contains(&value);
    fits.then_some(()).ok_or_else(|| wrong(path.to_string(), format_args!("{value} is no share between 0 and 1")))
}

fn heads(file: &InstanceFile) -> Result<(), PlanError> {
    if file.format != FORMAT {
        return Err(wrong("format".into(), format_args!("{:?} is not {FORMAT:?}", file.format)));
    }
    share("confidence", file.confidence)?;
    if file.scenarios == 0 {
        return Err(wrong("scenarios".into(), "0; at least one is needed"));
    }
    let most = MOST_ENTRIES / file.scenarios;
    for (name, length) in [
        ("precursors", file.precursors.len().saturating_mul(file.options.len().max(file.sources.len()))),
        ("receptors", file.receptors.len()),
        ("sources", file.sources.len()),
    ] {
        if length > most {
            return Err(wrong(name.into(), format_args!("{length} in {} scenarios is too many", file.scenarios)));
        }
    }
    for (name, length, most) in
        [("precursors", file.precursors.len(), MOST_PRECURSORS), ("receptors", file.receptors.len(), MOST_CONDITIONS)]
    {
        if length > most {
            return Err(wrong(name.into(), format_args!("{length}; at most {most} are solved")));
        }
    }
    for (place, name) in file.precursors.iter().enumerate() {
        if file.precursors[..place].contains(name) {
            return Err(wrong(format!("precursors[{place}]"), format_args!("{name:?} a second time")));
        }
    }
    Ok(())
}

/// Checks `[scenarios][width]` and turns it to `width * scenarios + scenario`.
fn matrix(
    name: &str,
    table: &[Vec<f64>],
    scenarios: usize,
    width: usize,
    refuse: impl Fn(f64) -> Option<&'static str>,
) -> Result<Vec<f64>, PlanError> {
    if table.len() != scenarios {
        return Err(wrong(name.into(), format_args!("{} rows for {scenarios} scenarios", table.len())));
    }
    if let Some((row, found)) = table.iter().enumerate().find(|(_, row)| row.len() != width) {
        return Err(wrong(format!("{name}[{row}]"), format_args!("{} values, {width} expected", found.len())));
    }
    let mut turned = vec![0.0; width * scenarios];
    for (s, row) in table.iter().enumerate() {
        for (place, &value) in row.iter().enumerate() {
            let reason = if value.abs() <= LARGEST { refuse(value) } else { Some("is no amount") };
            if let Some(reason) = reason {
                return Err(wrong(format!("{name}[{s}][{place}]"), format_args!("{value} {reason}")));
            }
            turned[place * scenarios + s] = value;
        }
    }
    Ok(turned)
}

fn not_negative(path: impl Fn() -> String, value: f64) -> Result<f64, PlanError> {
    let fits = (0.0..=LARGEST).contains(&value);
    fits.then_some(value).ok_or_else(|| wrong(path(), format_args!("{value} is no amount from 0 to {LARGEST:e}")))
}

type Measures = (Vec<u32>, Vec<f64>, Vec<f64>);

fn measures(file: &InstanceFile) -> Result<Measures, PlanError> {
    let (count, width) = (file.options.len(), file.precursors.len());
    if count > MOST_OPTIONS {
        return Err(wrong("options".into(), format_args!("{count}; at most {MOST_OPTIONS} are solved")));
    }
    let (mut source, mut cost) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut cut = Vec::with_capacity(count * width);
    for (m, option) in file.options.iter().enumerate() {
        if option.source >= file.sources.len() {
            let reason = format_args!("source {} of {}", option.source, file.sources.len());
            return Err(wrong(format!("options[{m}].source"), reason));
        }
        if option.cut.len() != width {
            let reason = format_args!("{} values for {width} precursors", option.cut.len());
            return Err(wrong(format!("options[{m}].cut"), reason));
        }
        source.push(option.source as u32);
        cost.push(not_negative(|| format!("options[{m}].cost"), option.cost)?);
        for (p, &value) in option.cut.iter().enumerate() {
            cut.push(not_negative(|| format!("options[{m}].cut[{p}]"), value)?);
        }
    }
    Ok((source, cost, cut))
}

fn response(list: ResponseList, receptors: usize, sources: usize, precursors: usize) -> Result<Columns, PlanError> {
    let count = list.value.len();
    for (name, length) in
        [("receptor", list.receptor.len()), ("source", list.source.len()), ("precursor", list.precursor.len())]
    {
        if length != count {
            return Err(wrong(format!("response_coo.{name}"), format_args!("{length} entries, value has {count}")));
        }
    }
    let column = |place: usize| list.source[place] as usize * precursors + usize::from(list.precursor[place]);
    let mut start = vec![0; sources * precursors + 1];
    for place in 0..count {
        for (name, index, most) in [
            ("receptor", list.receptor[place] as usize, receptors),
            ("source", list.source[place] as usize, sources),
            ("precursor", usize::from(list.precursor[place]), precursors),
        ] {
            if index >= most {
                return Err(wrong(format!("response_coo.{name}[{place}]"), format_args!("{index} of {most}")));
            }
        }
        let value = list.value[place];
        if value.is_nan() || value.abs() > LARGEST {
            return Err(wrong(format!("response_coo.value[{place}]"), format_args!("{value} is no response")));
        }
        start[column(place) + 1] += 1;
    }
    for c in 1..start.len() {
        start[c] += start[c - 1];
    }
    let mut next = start.clone();
    let (mut row, mut value) = (vec![0; count], vec![0.0; count]);
    for place in 0..count {
        let to = next[column(place)];
        next[column(place)] += 1;
        (row[to], value[to]) = (list.receptor[place], list.value[place]);
    }
    Ok(merged(&start, &row, &value))
}

/// Sorts the rows of each column and adds up what stands twice.
fn merged(start: &[usize], row: &[u32], value: &[f64]) -> Columns {
    let mut columns = Columns { start: vec![0], row: Vec::with_capacity(row.len()), value: vec![] };
    columns.value.reserve_exact(row.len());
    let mut order: Vec<usize> = vec![];
    for range in start.windows(2) {
        order.clear();
        order.extend(range[0]..range[1]);
        order.sort_by_key(|&place| row[place]);
        let first = columns.row.len();
        for &place in &order {
            if columns.row.len() > first && columns.row.last() == Some(&row[place]) {
                *columns.value.last_mut().expect("a row was pushed") += value[place];
            } else {
                columns.row.push(row[place]);
                columns.value.push(value[place]);
            }
        }
        columns.start.push(columns.row.len());
    }
    columns
}

/// The city of each source by number, how many there are, and the legal minima.
fn legal(file: &InstanceFile) -> Result<(Vec<u32>, usize, Vec<LegalRow>), PlanError> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut number = |city| {
        let next = numbers.len() as u32;
        *numbers.entry(city).or_insert(next)
    };
    for receptor in &file.receptors {
        number(receptor.city.as_str());
    }
    let city: Vec<u32> = file.sources.iter().map(|source| number(source.city.as_str())).collect();
    let row = |(place, said): (usize, &LegalMinimum)| -> Result<LegalRow, PlanError> {
        let precursor = file.precursors.iter().position(|name| *name == said.precursor).ok_or_else(|| {
            wrong(format!("legal_min[{place}].precursor"), format_args!("unknown precursor {:?}", said.precursor))
        })?;
        let city = numbers
            .get(said.city.as_str())
            .ok_or_else(|| wrong(format!("legal_min[{place}].city"), format_args!("unknown city {:?}", said.city)))?;
        not_negative(|| format!("legal_min[{place}].cut"), said.cut)?;
        Ok(LegalRow { said: said.clone(), about: *city as usize * file.precursors.len() + precursor })
    };
    let rows: Vec<LegalRow> = file.legal_min.iter().enumerate().map(row).collect::<Result<_, _>>()?;
    let mut about: Vec<usize> = rows.iter().map(|row| row.about).collect();
    about.sort_unstable();
    about.dedup();
    let conditions = about.len() + file.receptors.len();
    if conditions > MOST_CONDITIONS {
        let reason = format_args!("{conditions} with the receptors; at most {MOST_CONDITIONS} are solved");
        return Err(wrong("legal_min".into(), reason));
    }
    Ok((city, numbers.len(), rows))
}
