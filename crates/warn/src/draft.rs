use crate::Basis;
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant, RegionCode, WarningLevel};

/// A step of a warning on its way through the gates (拟稿): what is to be issued, on which basis, and who has passed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Version within the warning, from 1; an amended draft is a new version.
    pub number: u32,
    /// What it does.
    pub change: Change,
    /// What is to hold.
    pub terms: Terms,
    /// Why, in the words of whoever wrote it; may be empty where nothing departs from the rule.
    pub reason: String,
    /// The prompt from above that it follows.
    pub prompt: Option<Prompt>,
    /// What it rests on.
    pub basis: Basis,
    /// Who wrote it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// The assessment, once it is done.
    pub assessed: Option<Passed>,
    /// The sign-off, once it is given.
    pub signed: Option<Passed>,
}

/// A gate that was passed (研判, 审签).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// What was said.
    pub opinion: String,
}

/// Which gate a draft waits at (环节).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// 待研判.
    Assessment,
    /// 待审签.
    SignOff,
    /// 待发布.
    Issue,
}

impl Gate {
    /// All, in their order.
    pub const ALL: [Gate; 3] = [Gate::Assessment, Gate::SignOff, Gate::Issue];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Gate::Assessment => "assessment",
            Gate::SignOff => "sign_off",
            Gate::Issue => "issue",
        }
    }

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Assessment => "待研判",
            Gate::SignOff => "待审签",
            Gate::Issue => "待发布",
        }
    }
}

/// What a step does (预警动作).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 发布.
    Issue,
    /// 升级: a higher level.
    Raise,
    /// 降级: a lower level, or fewer cities.
    Lower,
    /// 延长: a later end, or more cities at the same level.
    Extend,
    /// 解除.
    Lift,
    /// 撤回: what was issued was a mistake.
    Withdraw,
}

impl Change {
    /// All, in the order they are shown.
    pub const ALL: [Change; 6] =
        [Change::Issue, Change::Raise, Change::Lower, Change::Extend, Change::Lift, Change::Withdraw];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::Issue => "issue",
            Change::Raise => "raise",
            Change::Lower => "lower",
            Change::Extend => "extend",
            Change::Lift => "lift",
            Change::Withdraw => "withdraw",
        }
    }

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            Change::Issue => "发布",
            Change::Raise => "升级",
            Change::Lower => "降级",
            Change::Extend => "延长",
            Change::Lift => "解除",
            Change::Withdraw => "撤回",
        }
    }

    /// Whether nothing of the warning holds afterwards.
    pub const fn ends(self) -> bool {
        matches!(self, Change::Lift | Change::Withdraw)
    }
}

/// What a warning says (预警内容).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Level.
    pub level: WarningLevel,
    /// What the pollution comes from.
    #[serde(default)]
    pub cause: Cause,
    /// Cities warned.
    pub cities: Vec<RegionCode>,
    /// When the response begins.
    pub start: Instant,
    /// When it is expected to end; of a lift, when it ends.
    pub end: Instant,
}

/// What the pollution comes from (污染成因), which decides how far the response goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 细颗粒物.
    #[default]
    Pm25,
    /// 臭氧.
    Ozone,
    /// 沙尘.
    Dust,
    /// 山火.
    WildfireSmoke,
    /// 局地扬尘.
    BlownDust,
    /// 境外传输.
    CrossBorder,
}

impl Cause {
    /// All.
    pub const ALL: [Cause; 6] =
        [Cause::Pm25, Cause::Ozone, Cause::Dust, Cause::WildfireSmoke, Cause::BlownDust, Cause::CrossBorder];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::Pm25 => "pm25",
            Cause::Ozone => "ozone",
            Cause::Dust => "dust",
            Cause::WildfireSmoke => "wildfire_smoke",
            Cause::BlownDust => "blown_dust",
            Cause::CrossBorder => "cross_border",
        }
    }

    /// Chinese and English name.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Cause::Pm25 => ("细颗粒物", "PM2.5"),
            Cause::Ozone => ("臭氧", "ozone"),
            Cause::Dust => ("沙尘", "sand and dust"),
            Cause::WildfireSmoke => ("山火烟气", "wildfire smoke"),
            Cause::BlownDust => ("局地扬尘", "local blown dust"),
            Cause::CrossBorder => ("境外传输", "cross-border transport"),
        }
    }
}

/// A prompt from above to act together (区域预警提示).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// Which area of the plan's linkage it is for.
    pub linkage: String,
    /// The level it asks for.
    pub level: WarningLevel,
    /// Who prompts.
    pub from: String,
    /// Its document number.
    pub document: String,
    /// When it came.
    pub received: Instant,
}

impl Draft {
    /// Which gate it waits at.
    pub const fn gate(&self) -> Gate {
        match (&self.assessed, &self.signed) {
            (None, _) => Gate::Assessment,
            (Some(_), None) => Gate::SignOff,
            (Some(_), Some(_)) => Gate::Issue,
        }
    }

    /// The level asked for at least: the highest that the plan proposes for one of the cities, or the prompt's.
    pub fn least_level(&self) -> Option<WarningLevel> {
        let proposed = self.terms.cities.iter().filter_map(|code| self.basis.city(*code)?.level).max();
        proposed.max(self.prompt.as_ref().map(|prompt| prompt.level))
    }

    /// Whether a city is already heavily polluted without clear improvement, so that it is issued at once.
    pub fn late(&self) -> bool {
        self.terms.cities.iter().filter_map(|code| self.basis.city(*code)).any(|city| city.late)
    }
}
