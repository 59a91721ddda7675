use super::case::{Author, Told};
use crate::Season;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use units::AqiLevel;

/// What cases are grouped by (分组).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Days ahead.
    Lead,
    /// City.
    City,
    /// Observed level; a case without an observed AQI belongs to none.
    Level,
    /// Season of the target day; winter, warm half-year and the whole year overlap.
    Season,
    /// Month of the target day.
    Month,
    /// Person; model runs and conclusions belong to none.
    Forecaster,
    /// Model; bids and conclusions belong to none.
    Model,
    /// Conclusion; bids and model runs belong to none.
    Conclusion,
}

/// The value of one grouping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Key {
    /// Lead day or level.
    Number(u8),
    /// Season.
    Season(Season),
    /// City, month or author.
    Text(String),
}

impl By {
    /// All eight.
    pub const ALL: [By; 8] =
        [By::Lead, By::City, By::Level, By::Season, By::Month, By::Forecaster, By::Model, By::Conclusion];

    /// The word in files and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            By::Lead => "lead",
            By::City => "city",
            By::Level => "level",
            By::Season => "season",
            By::Month => "month",
            By::Forecaster => "forecaster",
            By::Model => "model",
            By::Conclusion => "conclusion",
        }
    }

    /// The groups a case belongs to: none, one, or several that overlap.
    fn keys(self, case: &impl Told) -> Vec<Key> {
        let occasion = case.occasion();
        let author = |named: bool| if named { vec![Key::Text(occasion.author.id().to_string())] } else { vec![] };
        match self {
            By::Lead => vec![Key::Number(occasion.lead_day)],
            By::City => vec![Key::Text(occasion.city.clone())],
            By::Level => occasion.observed_level.map(AqiLevel::number).map(Key::Number).into_iter().collect(),
            By::Season => {
                Season::ALL.into_iter().filter(|season| season.holds(occasion.date)).map(Key::Season).collect()
            }
            By::Month => vec![Key::Text(month(occasion.date))],
            By::Forecaster => author(matches!(occasion.author, Author::Forecaster(_))),
            By::Model => author(matches!(occasion.author, Author::Model(_))),
            By::Conclusion => author(matches!(occasion.author, Author::Conclusion(_))),
        }
    }
}

/// The month of a day, `YYYY-MM`.
pub(crate) fn month(day: units::BeijingDay) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || By::ALL.map(By::code).join(", ");
        By::ALL.into_iter().find(|by| by.code() == text).ok_or_else(|| format!("unknown; known are {}", known()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Number(number) => number.fmt(f),
            Key::Season(season) => f.write_str(season.code()),
            Key::Text(text) => f.write_str(text),
        }
    }
}

/// Cases by the combination of their keys, in order; by nothing, all are one group.
pub fn groups<'a, C: Told>(cases: impl IntoIterator<Item = &'a C>, by: &[By]) -> BTreeMap<Vec<Key>, Vec<&'a C>> {
    let mut groups: BTreeMap<Vec<Key>, Vec<&'a C>> = BTreeMap::new();
    for case in cases {
        let mut keys: Vec<Vec<Key>> = vec![vec![]];
        for by in by {
            let next = by.keys(case);
            keys = keys.into_iter().flat_map(|key| next.iter().map(move |last| extended(&key, last))).collect();
        }
        keys.into_iter().for_each(|key| groups.entry(key).or_default().push(case));
    }
    groups
}

fn extended(key: &[Key], last: &Key) -> Vec<Key> {
    key.iter().chain([last]).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    fn keys(by: &[By]) -> Vec<(String, usize)> {
        let cases = [example::case(0, 1, 50.0), example::case(1, 2, 80.0), example::case(200, 2, 80.0)];
        let name = |key: Vec<Key>| key.iter().map(Key::to_string).collect::<Vec<_>>().join("/");
        groups(&cases, by).into_iter().map(|(key, cases)| (name(key), cases.len())).collect()
    }

    #[test]
    fn by_nothing_is_one_group_of_all() {
        assert_eq!(keys(&[]), [(String::new(), 3)]);
    }

    #[test]
    fn leads_and_overlapping_seasons_are_combined() {
        let found = keys(&[By::Lead, By::Season]);
        let expected = [("1/winter", 1), ("1/year", 1), ("2/winter", 1), ("2/warm", 1), ("2/year", 2)];
        assert_eq!(found, expected.map(|(key, n)| (key.to_string(), n)));
    }

    #[test]
    fn a_model_run_is_no_forecaster() {
        assert!(keys(&[By::Forecaster]).is_empty());
        assert_eq!(keys(&[By::Model, By::City]), [("m/320100".to_string(), 3)]);
    }

    #[test]
    fn months_are_of_the_target_day() {
        // Issues of 2018-01-30 and the day after, and 200 days later.
        let cases = [example::case(29, 1, 50.0), example::case(30, 1, 50.0), example::case(30, 2, 50.0)];
        let found: Vec<String> = groups(&cases, &[By::Month]).into_keys().map(|key| key[0].to_string()).collect();
        assert_eq!(found, ["2018-01", "2018-02"]);
    }

    #[test]
    fn an_unknown_grouping_is_told_the_known_ones() {
        assert!("region".parse::<By>().unwrap_err().contains("lead, city, level"));
        assert!(By::ALL.into_iter().all(|by| by.code().parse() == Ok(by)));
    }
}
