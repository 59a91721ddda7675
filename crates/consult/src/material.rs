use crate::ConsultError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{Aqi, BeijingDay, BeijingHour, Pollutant, RegionCode, Share};

/// Cities a room can be about.
const MOST_CITIES: usize = 60;

/// What a room is based on (会商材料), as it stood when the room was opened. Kept in its first event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// The issue time of the forecast run (起报时间).
    pub issue: BeijingHour,
    /// The newest observed hour.
    pub data_time: Option<BeijingHour>,
    /// The edition of the index, for example `HJ 633-2012`.
    pub standard: String,
    /// The run.
    pub run: RunMaterial,
    /// Cities the room is about: how fresh their data is, and what the run says of them.
    pub cities: Vec<CityMaterial>,
    /// Guidance of other models: what is there, late or missing.
    pub members: Vec<MemberMaterial>,
}

/// The forecast run (预报产品).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunMaterial {
    /// Where it stands.
    pub state: RunState,
    /// The model's id.
    pub model: Option<String>,
    /// The model has seen nothing of this day or later.
    pub trained_until: Option<BeijingDay>,
    /// Number of members.
    pub members: u32,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// There.
    Ready,
    /// Being made.
    Pending,
    /// It could not be made.
    Failed,
}

impl RunState {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            RunState::Ready => "ready",
            RunState::Pending => "pending",
            RunState::Failed => "failed",
        }
    }
}

/// One city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityMaterial {
    /// GB/T 2260.
    pub city: RegionCode,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The newest observed hour.
    pub last_hour: Option<BeijingHour>,
    /// Whether that is new enough to begin with.
    pub fresh: bool,
    /// What the run says, by lead.
    pub days: Vec<ModelDay>,
}

/// What the run says of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelDay {
    /// 1 to 7.
    pub lead: u8,
    /// Lower end of the range.
    pub lo: Aqi,
    /// Upper end of the range.
    pub hi: Aqi,
    /// Primary pollutants.
    pub primary: Vec<Pollutant>,
    /// Probability of an index above 150.
    pub above150: Option<Share>,
    /// Probability of an index above 200.
    pub above200: Option<Share>,
}

/// Guidance of one other model.
///
/// Late, missing and partial guidance is said; it keeps no room from beginning ([`Material::ready`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberMaterial {
    /// Its name.
    pub id: String,
    /// Whether it has come.
    pub state: MemberState,
    /// The issue time of its newest run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<BeijingHour>,
    /// What it covers and lacks, in Chinese; empty when there is nothing to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note_en: String,
}

impl MemberMaterial {
    /// A member of which there is nothing more to say.
    pub fn plain(id: &str, state: MemberState) -> MemberMaterial {
        MemberMaterial { id: id.to_string(), state, issued: None, note: String::new(), note_en: String::new() }
    }
}

/// Whether guidance has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// 到位.
    Present,
    /// 残缺: some cities, days or pollutants are missing, or in doubt.
    Partial,
    /// 迟到: an older one stands in.
    Late,
    /// 缺席.
    Missing,
}

impl MemberState {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            MemberState::Present => "present",
            MemberState::Partial => "partial",
            MemberState::Late => "late",
            MemberState::Missing => "missing",
        }
    }
}

impl Material {
    /// What a room has to which nothing has happened.
    pub(crate) fn nothing(issue: BeijingHour) -> Material {
        let run = RunMaterial { state: RunState::Pending, model: None, trained_until: None, members: 0 };
        let (cities, members) = (Vec::new(), Vec::new());
        Material { issue, data_time: None, standard: String::new(), run, cities, members }
    }

    /// Whether everything is there (资料就绪): the run, and every city's data.
    pub fn ready(&self) -> bool {
        self.run.state == RunState::Ready && self.cities.iter().all(|city| city.fresh)
    }

    /// One city.
    pub fn city(&self, code: RegionCode) -> Option<&CityMaterial> {
        self.cities.iter().find(|city| city.city == code)
    }

    /// The calendar day that a lead means.
    pub fn date(&self, lead: u8) -> BeijingDay {
        self.issue.day() + i32::from(lead)
    }

    /// Refuses `C-113`, `C-111` and `C-108`.
    pub(crate) fn check(&self) -> Result<(), ConsultError> {
        let codes: BTreeSet<RegionCode> = self.cities.iter().map(|city| city.city).collect();
        match self.cities.len() {
            0 => Err(ConsultError::NoCities),
            many if many > MOST_CITIES => Err(ConsultError::TooMany { what: "cities", most: MOST_CITIES }),
            many if many != codes.len() => Err(ConsultError::Twice { city: self.cities[0].city, lead: 0 }),
            _ => Ok(()),
        }
    }
}
