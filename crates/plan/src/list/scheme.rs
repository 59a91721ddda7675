//! Grading schemes as data (绩效分级方案): what a grade has to do at a level, and what may not be ordered from it.

use super::entry::{Entry, Grade};
use crate::PlanError;
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Share, WarningLevel};

/// The schemes that come with the program, oldest first.
const BUNDLED: [(&str, &str); 2] = [
    ("grading-2020", include_str!("../../../../data/plan/grading-2020.toml")),
    ("grading-2026", include_str!("../../../../data/plan/grading-2026.toml")),
];

/// A grading scheme (绩效分级方案). Which of its parts are configuration and not law stands in `configured`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Its id.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Document and clause.
    pub source: Source,
    /// First day.
    pub effective_from: toml::value::Datetime,
    /// Day on which the file was last held against its sources.
    pub checked_on: toml::value::Datetime,
    /// How sure each part is.
    pub confidence: String,
    /// Keys that are configuration.
    pub configured: Vec<String>,
    /// The grade of an enterprise that has none.
    pub ungraded: Grade,
    /// Shares of the load offered between the list's measures.
    pub steps: Vec<Share>,
    /// Cost of a kilogram cut where the list gives none, yuan.
    pub yuan_per_kilogram: f64,
    rules: Vec<GradeRules>,
    safeguard: Safeguard,
    small_emitter: SmallEmitter,
    clauses: BTreeMap<Barrier, String>,
    #[serde(default)]
    industries: Vec<Industry>,
}

/// Where a scheme was read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Document number.
    pub document: String,
    /// Clause.
    pub clause: String,
    /// Address, when there is one.
    #[serde(default)]
    pub url: String,
}

/// How a grade stands at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// 自主减排.
    #[serde(rename = "self")]
    SelfDirected,
    /// Light measures.
    Light,
    /// What its industry's section says.
    Industry,
    /// Stronger measures.
    Stronger,
    /// Stopped before others.
    StopFirst,
    /// The strongest measures.
    Strongest,
}

/// What a grade does at a level, as shares of the load.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Direction.
    pub stance: Stance,
    /// It has to do this much.
    pub least: Share,
    /// More may not be ordered from it.
    pub most: Share,
}

/// Why a measure is not offered (不可选的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    /// Its grade decides by itself.
    SelfDirected,
    /// Less than the grade has to do.
    BelowGrade,
    /// More than may be ordered from the grade.
    AboveGrade,
    /// Less than its own sheet says for the level.
    BelowListed,
    /// A stop that its own sheet keeps for a higher level.
    BlanketStop,
    /// Needs of people.
    Safeguard,
    /// Too small to be stopped.
    SmallEmitter,
    /// Does not run.
    LongStopped,
    /// What it cuts is not known: not a rule of law, a gap of the list.
    CutUnknown,
}

impl Barrier {
    /// Those that rest on a clause.
    const LAWFUL: [Barrier; 8] = [
        Barrier::SelfDirected,
        Barrier::BelowGrade,
        Barrier::AboveGrade,
        Barrier::BelowListed,
        Barrier::BlanketStop,
        Barrier::Safeguard,
        Barrier::SmallEmitter,
        Barrier::LongStopped,
    ];
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct GradeRules {
    grades: Vec<Grade>,
    yellow: Option<Duty>,
    orange: Option<Duty>,
    red: Option<Duty>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Safeguard {
    yellow: Share,
    orange: Share,
    red: Share,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SmallEmitter {
    stop: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Industry {
    number: u8,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    /// What its shares are of, and where that was read.
    #[serde(default)]
    basis: String,
    #[serde(default)]
    rules: Vec<GradeRules>,
}

impl GradeRules {
    fn at(&self, level: WarningLevel) -> Option<Duty> {
        match level {
            WarningLevel::Yellow => self.yellow,
            WarningLevel::Orange => self.orange,
            WarningLevel::Red => self.red,
        }
    }
}

impl Scheme {
    /// A scheme that comes with the program; refuses `P-206`.
    pub fn bundled(id: &str) -> Result<Scheme, PlanError> {
        let known = || BUNDLED.map(|(id, _)| id).join(", ");
        let found = BUNDLED.iter().find(|(name, _)| *name == id);
        let (id, text) = found.ok_or_else(|| PlanError::UnknownScheme { id: id.to_string(), known: known() })?;
        Scheme::parse(id, text)
    }

    /// All that come with the program, oldest first.
    pub fn all() -> Result<Vec<Scheme>, PlanError> {
        BUNDLED.iter().map(|(id, text)| Scheme::parse(id, text)).collect()
    }

    /// Reads a scheme file; refuses `P-205` with the file and what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Scheme, PlanError> {
        let refused = |reason: String| PlanError::Data { file: file.to_string(), reason };
        let scheme: Scheme = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
        scheme.fault().map_or(Ok(scheme), |reason| Err(refused(reason)))
    }

    fn fault(&self) -> Option<String> {
        if let Some(barrier) = Barrier::LAWFUL.iter().find(|barrier| !self.clauses.contains_key(barrier)) {
            return Some(format!("clauses: {barrier:?} has none"));
        }
        if !(self.yuan_per_kilogram.is_finite() && self.yuan_per_kilogram > 0.0) {
            return Some("yuan_per_kilogram is no amount above 0".into());
        }
        let rising = self.steps.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || self.steps.iter().any(|step| step.get() <= 0.0 || step.get() >= 1.0) {
            return Some("steps must rise and lie between 0 and 1: a stop is only what a sheet orders".into());
        }
        for level in WarningLevel::ALL {
            if self.duty(None, self.ungraded, level).is_none() {
                return Some(format!("rules: none for the ungraded ({}) at {}", self.ungraded, level.code()));
            }
        }
        for (place, industry) in self.industries.iter().enumerate() {
            if usize::from(industry.number) != place + 1 {
                return Some(format!("industries[{place}]: number {}, {} expected", industry.number, place + 1));
            }
        }
        let own = self.industries.iter().flat_map(|industry| &industry.rules);
        let mut all = self.rules.iter().chain(own);
        all.find_map(|rules| {
            let mut before: Option<Duty> = None;
            WarningLevel::ALL.into_iter().filter_map(|level| rules.at(level)).find_map(|duty| {
                let falls = before.is_some_and(|low| duty.least < low.least || duty.most < low.most);
                before = Some(duty);
                (falls || duty.least > duty.most).then(|| {
                    format!("rules of {:?}: least is above most, or a higher level asks for less", rules.grades)
                })
            })
        })
    }

    /// What a grade does at a level; the section of its industry goes before the general rule. `None`: no rule for the grade.
    pub fn duty(&self, industry: Option<u8>, grade: Grade, level: WarningLevel) -> Option<Duty> {
        let own = self.industries.iter().filter(|own| Some(own.number) == industry).flat_map(|own| &own.rules);
        own.chain(&self.rules).filter(|rules| rules.grades.contains(&grade)).find_map(|rules| rules.at(level))
    }

    /// The grade an entry counts with: its own, or the one of the ungraded.
    pub fn grade_of(&self, entry: &Entry) -> Grade {
        entry.grade(&self.id).map_or(self.ungraded, |graded| graded.grade)
    }

    /// Most that may be asked of the safeguard class at a level.
    pub fn safeguard_most(&self, level: WarningLevel) -> Share {
        match level {
            WarningLevel::Yellow => self.safeguard.yellow,
            WarningLevel::Orange => self.safeguard.orange,
            WarningLevel::Red => self.safeguard.red,
        }
    }

    /// Whether a small emitter may be stopped.
    pub fn small_emitter_stops(&self) -> bool {
        self.small_emitter.stop
    }

    /// Document and clause on which an exclusion rests.
    pub fn clause(&self, barrier: Barrier) -> String {
        match self.clauses.get(&barrier) {
            Some(clause) => format!("{}：{clause}", self.source.document),
            None => "减排量无法由清单得出，需补充基线或减排量".to_string(),
        }
    }

    /// Number of the key industry that a name stands for: exact, or the longest name that it contains.
    pub fn industry(&self, name: &str) -> Option<u8> {
        let name = name.trim().trim_end_matches("行业");
        let names = |own: &Industry| std::iter::once(own.name.clone()).chain(own.aliases.clone()).collect::<Vec<_>>();
        let all = self.industries.iter().flat_map(|own| names(own).into_iter().map(|name| (own.number, name)));
        // 皮革、毛皮、羽毛及其制品和制鞋业 is a division of GB/T 4754, not the shoe industry.
        let division = name.contains("及其") || name.contains('和');
        let found = all.filter(|(_, own)| name == own || !division && name.contains(own.as_str()));
        found.max_by_key(|(number, own)| (own.chars().count(), u8::MAX - number)).map(|(number, _)| number)
    }

    /// Chinese name of a key industry.
    pub fn industry_name(&self, number: u8) -> Option<&str> {
        self.industries.iter().find(|own| own.number == number).map(|own| own.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_read_and_say_what_is_configuration() {
        for scheme in Scheme::all().unwrap() {
            assert!(scheme.configured.iter().any(|key| key == "rules"), "{}", scheme.id);
        }
        assert_eq!(Scheme::bundled("grading-2020").unwrap().industries.len(), 39);
    }

    #[test]
    fn the_figures_of_glass_stand_and_are_not_those_of_others() {
        let scheme = Scheme::bundled("grading-2020").unwrap();
        let least = |industry, grade, level| scheme.duty(industry, grade, level).map(|duty| duty.least.get());
        use WarningLevel::{Orange, Red, Yellow};
        for (grade, yellow, orange, red) in [
            (Grade::A, 0.0, 0.0, 0.0),
            (Grade::Leading, 0.0, 0.0, 0.0),
            (Grade::B, 0.0, 0.1, 0.1),
            (Grade::C, 0.0, 0.2, 0.2),
            (Grade::D, 0.3, 0.3, 0.3),
        ] {
            let found = [Yellow, Orange, Red].map(|level| least(Some(19), grade, level).unwrap());
            assert_eq!(found, [yellow, orange, red], "{grade}");
        }
        assert_eq!(least(Some(15), Grade::C, Red), Some(0.0));
        assert_eq!(least(Some(15), Grade::APlus, Red), None, "2020 knows no A+");
    }

    #[test]
    fn an_industry_is_found_by_the_longest_name_in_it() {
        let scheme = Scheme::bundled("grading-2020").unwrap();
        for (name, expected) in [
            ("水泥行业", Some(15)),
            ("玻璃", Some(19)),
            ("玻璃钢", Some(21)),
            ("平板玻璃制造", Some(19)),
            ("养殖", None),
            ("皮革、毛皮、羽毛及其制品和制鞋业", None),
        ] {
            assert_eq!(scheme.industry(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused_by_name() {
        let text = BUNDLED[1].1;
        for (from, to, expected) in [
            ("least = 0.0, most = 0.2", "least = 0.3, most = 0.2", "least is above most"),
            ("small_emitter = \"", "unknown_key = \"", "unknown"),
            ("ungraded = \"D\"", "ungraded = \"B-\"", "none for the ungraded (B-)"),
            ("0.5, 0.7]", "0.5, 1.0]", "steps must rise"),
            ("yuan_per_kilogram = 60.0", "yuan_per_kilogram = 0.0", "above 0"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let error = Scheme::parse("changed.toml", &changed).unwrap_err().to_string();
            assert!(error.starts_with("P-205 changed.toml") && error.contains(expected), "{error}");
        }
    }
}
