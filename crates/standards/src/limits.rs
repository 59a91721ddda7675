use crate::StandardsError;
use crate::document::{Document, File, embed, in_force, load_family};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use toml::Spanned;
use units::{BeijingDay, Concentration, MassUnit, Pollutant};

static LIMITS: LazyLock<Vec<Limits>> = LazyLock::new(|| {
    let files = [embed!("gb3095-2012.toml"), embed!("gb3095-2026-transitional.toml"), embed!("gb3095-2026-final.toml")];
    load_family(&files, Limits::load)
});

/// One set of ambient air quality limits (浓度限值, GB 3095).
#[derive(Debug)]
pub struct Limits {
    document: Document,
    basic: BTreeMap<(Pollutant, Period), Classes>,
    other: BTreeMap<(OtherPollutant, Period), Classes>,
}

/// The averaging time of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Annual mean (年平均).
    Year,
    /// Quarterly mean (季平均).
    Quarter,
    /// Daily mean (24 小时平均).
    Day,
    /// Daily maximum 8 h mean (日最大 8 小时平均).
    #[serde(rename = "max_8h")]
    Max8h,
    /// Hourly mean (1 小时平均).
    Hour,
}

/// A pollutant with a limit that is no part of the index (其他项目).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OtherPollutant {
    /// Total suspended particles 总悬浮颗粒物.
    #[serde(rename = "TSP")]
    Tsp,
    /// Nitrogen oxides as NO2 氮氧化物.
    #[serde(rename = "NOx")]
    Nox,
    /// Lead 铅.
    Pb,
    /// Benzo[a]pyrene 苯并[a]芘.
    BaP,
}

/// Class I and class II limit.
type Classes = [Concentration; 2];

impl Limits {
    /// All sets, oldest first.
    pub fn all() -> &'static [Limits] {
        &LIMITS
    }

    /// The set in force on `day`; days before 2016 get the 2012 set.
    ///
    /// ```
    /// use standards::{Limits, Period};
    /// use units::{Concentration, Pollutant};
    /// let limit = |day: &str| Limits::in_force(day.parse().unwrap()).class2(Pollutant::Pm25, Period::Year);
    /// assert_eq!(limit("2025-07-01"), Some(Concentration::micrograms(35)));
    /// assert_eq!(limit("2026-07-01"), Some(Concentration::micrograms(30)));
    /// assert_eq!(limit("2031-01-01"), Some(Concentration::micrograms(25)));
    /// ```
    pub fn in_force(day: BeijingDay) -> &'static Limits {
        in_force(&LIMITS, |limits| &limits.document, day)
    }

    /// The file's id: `gb3095-2026-transitional`.
    pub fn id(&self) -> &str {
        &self.document.id
    }

    /// Title, dates, source and confidence.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The class I limit (一级), nature reserves and the like.
    pub fn class1(&self, pollutant: Pollutant, period: Period) -> Option<Concentration> {
        self.basic.get(&(pollutant, period)).map(|classes| classes[0])
    }

    /// The class II limit (二级), everywhere else.
    pub fn class2(&self, pollutant: Pollutant, period: Period) -> Option<Concentration> {
        self.basic.get(&(pollutant, period)).map(|classes| classes[1])
    }

    /// Class I and class II limit of a pollutant outside the index.
    pub fn other(&self, pollutant: OtherPollutant, period: Period) -> Option<[Concentration; 2]> {
        self.other.get(&(pollutant, period)).copied()
    }

    /// The class II limit a percentile of daily values is held against: the daily limit, 8 h for ozone.
    pub fn daily_class2(&self, pollutant: Pollutant) -> Concentration {
        let period = if pollutant == Pollutant::O3 { Period::Max8h } else { Period::Day };
        self.class2(pollutant, period).expect("the loader refuses a set without daily limits")
    }

    fn load(file: &File) -> Result<Self, StandardsError> {
        let (document, body): (Document, Body) = file.read()?;
        let span = body.basic.span();
        let basic = read_table(file, body.basic.into_inner(), |pollutant: &Pollutant| pollutant.unit())?;
        let other = read_table(file, body.other.into_inner(), |_| MassUnit::Microgram)?;
        for pollutant in Pollutant::ALL {
            let period = if pollutant == Pollutant::O3 { Period::Max8h } else { Period::Day };
            if !basic.contains_key(&(pollutant, period)) {
                return Err(file.refuse(span, format!("{pollutant} has no daily limit")));
            }
        }
        Ok(Limits { document, basic, other })
    }
}

type Table<P> = BTreeMap<P, BTreeMap<Period, Spanned<[Number; 2]>>>;

#[derive(Deserialize)]
struct Body {
    basic: Spanned<Table<Pollutant>>,
    other: Spanned<Table<OtherPollutant>>,
}

/// A whole number, or text for a decimal, so that no limit passes through binary floating point.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(u32),
    Text(String),
}

impl Number {
    fn read(&self) -> Option<Decimal> {
        match self {
            Number::Whole(value) => Some((*value).into()),
            Number::Text(text) => Decimal::from_str_exact(text).ok(),
        }
    }
}

fn read_table<P: Copy + Ord>(
    file: &File,
    table: Table<P>,
    unit: impl Fn(&P) -> MassUnit,
) -> Result<BTreeMap<(P, Period), Classes>, StandardsError> {
    let mut limits = BTreeMap::new();
    for (pollutant, periods) in table {
        for (period, classes) in periods {
            let value = |number: &Number| {
                number.read().and_then(|value| Concentration::from_decimal(value, unit(&pollutant)).ok())
            };
            let [first, second] = classes.as_ref();
            match (value(first), value(second)) {
                (Some(first), Some(second)) if Concentration::ZERO < first && first <= second => {
                    limits.insert((pollutant, period), [first, second]);
                }
                _ => {
                    return Err(
                        file.refuse(classes.span(), "a limit must be above zero and class I not above class II")
                    );
                }
            }
        }
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(day: &str) -> &'static Limits {
        Limits::in_force(day.parse().unwrap())
    }

    #[test]
    fn limits_change_with_the_day_they_begin() {
        let particles = |day| {
            let limits = limits(day);
            [Pollutant::Pm10, Pollutant::Pm25].map(|p| limits.class2(p, Period::Day).unwrap())
        };
        let ug = |pair: [i64; 2]| pair.map(Concentration::micrograms);
        assert_eq!(particles("2026-02-28"), ug([150, 75]));
        assert_eq!(particles("2026-03-01"), ug([120, 60]));
        assert_eq!(particles("2030-12-31"), ug([120, 60]));
        assert_eq!(particles("2031-01-01"), ug([100, 50]));
    }

    #[test]
    fn carbon_monoxide_is_in_milligrams_and_lead_in_fractions() {
        let set = limits("2018-01-01");
        assert_eq!(set.class2(Pollutant::Co, Period::Day), Some(Concentration::micrograms(4000)));
        assert_eq!(set.other(OtherPollutant::BaP, Period::Day), Some([Concentration::from_picograms(2500); 2]));
        assert_eq!(set.class1(Pollutant::Co, Period::Year), None);
    }

    #[test]
    fn the_final_nitrogen_oxide_limits_wait_for_2031() {
        let annual = |day| limits(day).other(OtherPollutant::Nox, Period::Year).unwrap()[1];
        assert_eq!(annual("2026-03-01"), Concentration::micrograms(50));
        assert_eq!(annual("2031-01-01"), Concentration::micrograms(40));
    }

    #[test]
    fn sets_follow_each_other_without_gap_and_never_loosen() {
        for pair in Limits::all().windows(2) {
            assert_eq!(pair[0].document.effective_to.map(|day| day + 1), Some(pair[1].document.effective_from));
            for (key, new) in &pair[1].basic {
                assert!(new[1] <= pair[0].basic[key][1], "{key:?}");
            }
        }
    }

    #[test]
    fn a_class_two_limit_below_class_one_is_refused_at_its_line() {
        let text: &'static str =
            include_str!("../../../data/standards/gb3095-2012.toml").replace("day = [35, 75]", "day = [75, 35]").leak();
        let error = Limits::load(&File { name: "gb3095-2012.toml", text }).unwrap_err().to_string();
        let line = text.lines().position(|line| line.contains("[75, 35]")).unwrap() + 1;
        assert!(error.starts_with(&format!("S-101 gb3095-2012.toml line {line}:")), "{error}");
    }
}
