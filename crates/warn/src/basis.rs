use crate::plan::Response;
use crate::{Cause, Plan};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Instant, RegionCode, Share, WarningLevel};

/// What a decision rests on (研判依据), frozen as it stood when the draft was written: the forecast run, the plan and
/// what both say of each city. A later run or a later edition of the plan changes nothing here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The forecast run.
    pub run: RunBasis,
    /// The plan.
    pub plan: PlanBasis,
    /// The newest observed hour.
    pub data_time: Option<BeijingHour>,
    /// The edition of the index, for example `HJ 633-2026`.
    pub standard: String,
    /// Whether the data are for demonstration; a warning on such data can only be an exercise.
    pub demonstration: bool,
    /// One entry a city.
    pub cities: Vec<CityBasis>,
}

/// The forecast run (预报产品) a decision rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunBasis {
    /// Its id in the store.
    pub id: String,
    /// Digest of its members, for example `sha256:…`.
    pub digest: String,
    /// Issue time (起报时间).
    pub issue: BeijingHour,
    /// Number of members.
    pub members: u32,
    /// The model's id.
    pub model: String,
}

/// The plan (预案) a decision rests on, with the settings that the gates check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanBasis {
    /// Identifier.
    pub id: String,
    /// Version of the file.
    pub version: String,
    /// Digest of the file's text.
    pub digest: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// First day of effect.
    pub effective_from: BeijingDay,
    /// Last day of effect, when there is one.
    pub effective_until: Option<BeijingDay>,
    /// Share of members from which a level is proposed.
    pub act_at: f64,
    /// A warning is issued so long before its start, hours.
    pub lead_hours: u32,
    /// A forecast older than this carries no decision, hours.
    pub max_forecast_age_hours: u32,
    /// Hours the air must stay below the thresholds after a lift.
    pub lift_below_hours: u32,
    /// What each cause leads to.
    pub responses: Vec<CauseResponse>,
    /// Areas that act together, of which the warned cities are part.
    pub linkage: Vec<Linkage>,
}

impl PlanBasis {
    /// A plan as it is frozen.
    pub fn of(plan: &Plan) -> PlanBasis {
        PlanBasis {
            id: plan.id.clone(),
            version: plan.version.clone(),
            digest: plan.digest.clone(),
            title: plan.title.clone(),
            title_en: plan.title_en.clone(),
            effective_from: plan.effective_from,
            effective_until: plan.effective_until,
            act_at: plan.act_at,
            lead_hours: plan.lead_hours,
            max_forecast_age_hours: plan.max_forecast_age_hours,
            lift_below_hours: plan.lift_below_hours,
            responses: plan.causes.clone(),
            linkage: plan.linkage.clone(),
        }
    }
}

/// What one cause of pollution leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseResponse {
    /// The cause.
    pub cause: Cause,
    /// What it leads to.
    pub response: Response,
}

/// An area whose cities act together on a prompt from above (区域联动).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    /// Identifier.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Cities or provinces that belong to it.
    pub regions: Vec<RegionCode>,
    /// Who prompts at which level.
    pub prompts: Vec<Prompter>,
}

/// Who prompts an area at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompter {
    /// The level.
    pub level: WarningLevel,
    /// The body that prompts.
    pub from: String,
}

/// What run and plan say of one city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityBasis {
    /// GB/T 2260.
    pub city: RegionCode,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The level the plan proposes.
    pub level: Option<WarningLevel>,
    /// Start of the episode.
    pub start: Option<Instant>,
    /// Its end.
    pub end: Option<Instant>,
    /// The rule that fired, in Chinese.
    pub rule: String,
    /// The same in English.
    pub rule_en: String,
    /// Share of members that meet yellow or higher.
    pub yellow: Share,
    /// Orange or higher.
    pub orange: Share,
    /// Red.
    pub red: Share,
    /// Already heavily polluted and without clear improvement: the warning is issued at once (已达重污染).
    pub late: bool,
    /// Probability that the condition of the lowest level is met again within the lift span; `None` when not computed.
    pub again: Option<Share>,
    /// The course of the 24-hour index.
    pub course: Vec<CoursePoint>,
}

impl CityBasis {
    /// Share of members that meet a level or a higher one.
    pub const fn probability(&self, level: WarningLevel) -> Share {
        match level {
            WarningLevel::Yellow => self.yellow,
            WarningLevel::Orange => self.orange,
            WarningLevel::Red => self.red,
        }
    }
}

/// The AQI of the 24 hours that end with an hour, over the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePoint {
    /// The last of the 24 hours.
    pub hour: BeijingHour,
    /// 10 % of the members are below; `None` where the 24 hours are not known well enough.
    pub q10: Option<u16>,
    /// Median.
    pub q50: Option<u16>,
    /// 90 % are below.
    pub q90: Option<u16>,
}

impl Basis {
    /// One city.
    pub fn city(&self, code: RegionCode) -> Option<&CityBasis> {
        self.cities.iter().find(|city| city.city == code)
    }

    /// What a cause leads to; the full response when the plan does not name it.
    pub fn response(&self, cause: Cause) -> Response {
        let named = self.plan.responses.iter().find(|one| one.cause == cause);
        named.map_or(Response::Full, |one| one.response)
    }

    /// Age of the forecast, whole hours; negative before its issue.
    pub fn age_hours(&self, now: Instant) -> i64 {
        now.last_ended_hour() - self.run.issue
    }
}
