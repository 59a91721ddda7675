use crate::CalendarError;
use serde::{Deserialize, Deserializer};
use units::BeijingDay;

/// One calendar file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub year: i32,
    #[serde(deserialize_with = "day")]
    pub checked_on: BeijingDay,
    pub confidence: String,
    pub notices: Vec<Notice>,
    pub festivals: Vec<Festival>,
}

/// The document that set the days (国务院办公厅通知).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Document number, for example `国办发明电〔2017〕12号`.
    pub document: String,
    /// Title.
    pub title: String,
    /// Day it was issued.
    #[serde(deserialize_with = "day")]
    pub issued: BeijingDay,
    /// Where the text can be read.
    pub url: String,
}

/// One holiday with the workdays that make up for it (放假调休).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Festival {
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Number of the notice that set it.
    pub notice: String,
    /// First day off.
    #[serde(deserialize_with = "day")]
    pub from: BeijingDay,
    /// Last day off.
    #[serde(deserialize_with = "day")]
    pub to: BeijingDay,
    /// Saturdays and Sundays on which people work in its stead.
    #[serde(deserialize_with = "days")]
    pub work: Vec<BeijingDay>,
}

impl Document {
    pub(crate) fn read(text: &str) -> Result<Self, CalendarError> {
        toml::from_str(text).map_err(|error| CalendarError::NotACalendar(error.to_string()))
    }
}

impl Festival {
    /// Every day off, in order.
    pub fn days_off(&self) -> impl Iterator<Item = BeijingDay> {
        let from = self.from;
        (0..=self.to - from).map(move |n| from + n)
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BeijingDay, D::Error> {
    toml::value::Datetime::deserialize(deserializer)?.to_string().parse().map_err(serde::de::Error::custom)
}

fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<BeijingDay>, D::Error> {
    let written = Vec::<toml::value::Datetime>::deserialize(deserializer)?;
    written.iter().map(|day| day.to_string().parse().map_err(serde::de::Error::custom)).collect()
}
