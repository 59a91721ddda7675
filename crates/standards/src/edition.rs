use crate::document::{Document, File, embed, in_force, load_family};
use crate::per_pollutant::PerPollutant;
use crate::{Column, StandardsError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use toml::Spanned;
use units::{BeijingDay, Concentration, Iaqi, Pollutant, ceil_div};

static EDITIONS: LazyLock<Vec<AqiEdition>> =
    LazyLock::new(|| load_family(&[embed!("hj633-2012.toml"), embed!("hj633-2026.toml")], AqiEdition::load));

/// One edition of the air quality index rules (环境空气质量指数技术规定, HJ 633).
#[derive(Debug)]
pub struct AqiEdition {
    document: Document,
    levels: Vec<u16>,
    breakpoints: [Vec<Concentration>; 10],
    beyond: [Beyond; 10],
    decimals: Option<[u32; 6]>,
    pub(crate) day: Vec<Column>,
    pub(crate) hour: Vec<Column>,
    hour_particles: ParticleBasis,
    incomplete: IncompleteRule,
    pub(crate) primary_above: u16,
    pub(crate) range: (u16, u16),
}

/// What an hourly report takes for PM10 and PM2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParticleBasis {
    /// The mean of the 24 hours that end with this one (2012).
    #[serde(rename = "running-24h")]
    Running24h,
    /// The mean of this hour, read on the 24 h column (2026).
    Hour,
}

/// What becomes of the index when a pollutant is missing (缺测).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "rule", content = "threshold")]
pub enum IncompleteRule {
    /// The missing item is NA, the index is the largest of the others (2012).
    ItemOnly,
    /// The index of the others is published only above this value (2026).
    PublishAbove(u16),
}

/// What stands above the last breakpoint of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Beyond {
    /// A fixed index.
    Index(Iaqi),
    /// None of its own: the pollutant's index follows from another column.
    Follow(Column),
}

/// What one concentration gives on one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Indexed {
    Index(Iaqi),
    Follow(Column),
    Negative,
}

impl AqiEdition {
    /// All editions, oldest first.
    pub fn all() -> &'static [AqiEdition] {
        &EDITIONS
    }

    /// The edition in force on `day`. Days before 2016 get the 2012 edition, which pilot cities used by then.
    pub fn in_force(day: BeijingDay) -> &'static AqiEdition {
        in_force(&EDITIONS, |edition| &edition.document, day)
    }

    /// By `2012`, `HJ 633-2012` or `hj633-2012`, and so on; `None` for any other text.
    pub fn by_id(text: &str) -> Option<&'static AqiEdition> {
        let wanted = text.trim();
        EDITIONS.iter().find(|edition| {
            let year = edition.id().rsplit('-').next();
            edition.id().eq_ignore_ascii_case(wanted) || edition.document.id == wanted || year == Some(wanted)
        })
    }

    /// The number it is cited by: `HJ 633-2012`.
    pub fn id(&self) -> &str {
        &self.document.source.document
    }

    /// Title, dates, source and confidence.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The breakpoint table: each column with its (concentration, index) pairs, ascending.
    pub fn columns(&self) -> impl Iterator<Item = (Column, Vec<(Concentration, u16)>)> {
        Column::ALL.into_iter().map(|column| {
            let points = &self.breakpoints[column.index()];
            (column, points.iter().copied().zip(self.levels.iter().copied()).collect())
        })
    }

    /// The items of a daily report, in order.
    pub fn day_columns(&self) -> &[Column] {
        &self.day
    }

    /// The items of an hourly report, in order.
    pub fn hour_columns(&self) -> &[Column] {
        &self.hour
    }

    /// What an hourly report takes for particles.
    pub fn hour_particles(&self) -> ParticleBasis {
        self.hour_particles
    }

    /// What becomes of the index when a pollutant is missing.
    pub fn incomplete_rule(&self) -> IncompleteRule {
        self.incomplete
    }

    /// The individual index (IAQI, 空气质量分指数) of a concentration on a column, rounded up.
    ///
    /// `None` for a negative value, and where the edition lets another column decide above the last
    /// breakpoint. The 2026 edition rounds the concentration first (GB/T 8170).
    ///
    /// ```
    /// use standards::{AqiEdition, Column};
    /// use units::{Concentration, Iaqi, MassUnit};
    /// let edition = AqiEdition::by_id("2026").unwrap();
    /// let co = Concentration::parse("2.2", MassUnit::Milligram).unwrap();
    /// assert_eq!(edition.iaqi(Column::CoDay, co).map(Iaqi::get), Some(55)); // binary floating point says 56
    /// ```
    pub fn iaqi(&self, column: Column, value: Concentration) -> Option<Iaqi> {
        match self.index(column, value) {
            Indexed::Index(index) => Some(index),
            Indexed::Follow(_) | Indexed::Negative => None,
        }
    }

    pub(crate) fn index(&self, column: Column, value: Concentration) -> Indexed {
        if value < Concentration::ZERO {
            return Indexed::Negative;
        }
        let value = self.rounded(column.pollutant(), value);
        let points = &self.breakpoints[column.index()];
        match points.iter().position(|point| value <= *point) {
            Some(upper) => Indexed::Index(self.interpolate(points, upper.max(1), value)),
            None => match self.beyond[column.index()] {
                Beyond::Index(index) => Indexed::Index(index),
                Beyond::Follow(other) => Indexed::Follow(other),
            },
        }
    }

    fn rounded(&self, pollutant: Pollutant, value: Concentration) -> Concentration {
        match self.decimals {
            Some(decimals) => value.round_for_report(pollutant.unit(), decimals[pollutant.index()]),
            None => value,
        }
    }

    /// Linear between two neighbouring breakpoints. Index steps are whole, so rounding up the part above
    /// the lower level rounds up the sum.
    fn interpolate(&self, points: &[Concentration], upper: usize, value: Concentration) -> Iaqi {
        let (low, high) = (points[upper - 1].picograms(), points[upper].picograms());
        let (from, to) = (self.levels[upper - 1], self.levels[upper]);
        let above = i128::from(to - from) * i128::from(value.picograms() - low);
        let index = from + ceil_div(above, i128::from(high - low)) as u16;
        Iaqi::new(index).expect("the loader refuses levels above 500")
    }

    fn load(file: &File) -> Result<Self, StandardsError> {
        let (document, body): (Document, Body) = file.read()?;
        let levels = body.index.levels.as_ref().clone();
        if levels.first() != Some(&0) || levels.last() != Some(&500) || !levels.is_sorted_by(|a, b| a < b) {
            return Err(file.refuse(body.index.levels.span(), "index levels must rise from 0 to 500"));
        }
        Ok(AqiEdition {
            document,
            breakpoints: read_breakpoints(file, &body.breakpoints, levels.len())?,
            levels,
            beyond: Column::ALL.map(|column| body.beyond.get(column)),
            decimals: body.rounding.map(|places| Pollutant::ALL.map(|pollutant| places.get(pollutant))),
            day: read_report(file, &body.report.day)?,
            hour: read_report(file, &body.report.hour)?,
            hour_particles: body.report.hour_particles,
            incomplete: body.incomplete.read(file)?,
            primary_above: body.index.primary_above,
            range: (body.index.range[0], body.index.range[1]),
        })
    }
}

#[derive(Deserialize)]
struct Body {
    index: IndexSection,
    breakpoints: Spanned<BTreeMap<Column, Spanned<Vec<u32>>>>,
    beyond: BeyondSection,
    rounding: Option<PerPollutant>,
    report: ReportSection,
    incomplete: IncompleteSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexSection {
    levels: Spanned<Vec<u16>>,
    range: [u16; 2],
    primary_above: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeyondSection {
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    otherwise: Beyond,
    #[serde(rename = "SO2_1h")]
    so2_1h: Beyond,
    #[serde(rename = "O3_8h")]
    o3_8h: Beyond,
}

impl BeyondSection {
    fn get(&self, column: Column) -> Beyond {
        match column {
            Column::So2Hour => self.so2_1h,
            Column::O3EightHours => self.o3_8h,
            _ => self.otherwise,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportSection {
    day: Spanned<Vec<Column>>,
    hour: Spanned<Vec<Column>>,
    hour_particles: ParticleBasis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IncompleteSection {
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    rule: Spanned<String>,
    threshold: Option<u16>,
}

impl IncompleteSection {
    fn read(&self, file: &File) -> Result<IncompleteRule, StandardsError> {
        match (self.rule.as_ref().as_str(), self.threshold) {
            ("item-only", None) => Ok(IncompleteRule::ItemOnly),
            ("publish-above", Some(threshold)) => Ok(IncompleteRule::PublishAbove(threshold)),
            (rule, _) => Err(file.refuse(self.rule.span(), format!("unknown rule or threshold missing: {rule:?}"))),
        }
    }
}

fn read_breakpoints(
    file: &File,
    table: &Spanned<BTreeMap<Column, Spanned<Vec<u32>>>>,
    levels: usize,
) -> Result<[Vec<Concentration>; 10], StandardsError> {
    let mut columns: [Vec<Concentration>; 10] = Default::default();
    for column in Column::ALL {
        let Some(row) = table.as_ref().get(&column) else {
            return Err(file.refuse(table.span(), format!("no breakpoints for {column}")));
        };
        let points = row.as_ref();
        if points.len() < 2 || points.len() > levels || points[0] != 0 || !points.is_sorted_by(|a, b| a < b) {
            return Err(file.refuse(row.span(), format!("{column}: 2 to {levels} breakpoints must rise from 0")));
        }
        let unit = column.pollutant().unit().picograms();
        columns[column.index()] =
            points.iter().map(|point| Concentration::from_picograms(i64::from(*point) * unit)).collect();
    }
    Ok(columns)
}

fn read_report(file: &File, items: &Spanned<Vec<Column>>) -> Result<Vec<Column>, StandardsError> {
    let columns = items.as_ref();
    match Pollutant::ALL.iter().find(|wanted| !columns.iter().any(|column| column.pollutant() == **wanted)) {
        Some(absent) => Err(file.refuse(items.span(), format!("the report has no item for {absent}"))),
        None => Ok(columns.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/standards/hj633-2026.toml");

    fn load(from: &str, to: &str) -> String {
        assert!(TEXT.contains(from), "{from}");
        let text: &'static str = TEXT.replacen(from, to, 1).leak();
        AqiEdition::load(&File { name: "hj633-2026.toml", text }).unwrap_err().to_string()
    }

    fn line_of(part: &str) -> usize {
        TEXT.lines().position(|line| line.contains(part)).unwrap() + 1
    }

    #[test]
    fn a_broken_table_is_refused_with_file_and_line() {
        let falling = load("[0, 40, 80, 180", "[0, 80, 40, 180");
        assert!(
            falling.starts_with(&format!("S-101 hj633-2026.toml line {}: NO2_24h", line_of("NO2_24h"))),
            "{falling}"
        );
        assert!(load("CO_1h = [0, 5, 10, 35, 60, 90, 120, 150]\n", "").contains("no breakpoints for CO_1h"));
        assert!(load("levels = [0, 50,", "levels = [0, 50, 50,").contains("rise from 0 to 500"));
        assert!(load("{ index = 300 }", "{ index = 501 }").contains("U-201"));
        assert!(load("\"CO_24h\", ", "").contains("no item for CO"));
        assert!(load("threshold = 100\n", "").contains("threshold missing"));
        assert!(load("CO = 1\n", "").contains("CO"));
    }

    #[test]
    fn the_edition_follows_the_day() {
        let ids = ["2013-01-12", "2026-02-28", "2026-03-01", "2031-01-01"]
            .map(|day| AqiEdition::in_force(day.parse().unwrap()).id());
        assert_eq!(ids, ["HJ 633-2012", "HJ 633-2012", "HJ 633-2026", "HJ 633-2026"]);
    }

    #[test]
    fn editions_are_found_by_every_name_they_go_by() {
        for name in ["2026", "HJ 633-2026", "hj 633-2026", "hj633-2026"] {
            assert_eq!(AqiEdition::by_id(name).map(AqiEdition::id), Some("HJ 633-2026"), "{name}");
        }
        assert!(AqiEdition::by_id("2016").is_none() && AqiEdition::by_id("").is_none());
    }

    #[test]
    fn editions_follow_each_other_without_gap() {
        let [old, new] = AqiEdition::all() else { panic!("two editions") };
        assert_eq!(old.document().effective_to.map(|day| day + 1), Some(new.document().effective_from));
    }
}
