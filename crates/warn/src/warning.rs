use crate::{Draft, Terms};
use event::{Digest, EventError, canonical_value};
use org::Secrecy;
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant, OrgId, WarningId};

/// A heavy-pollution warning (重污染天气预警): from the proposal over what was issued to the summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// Identifier.
    pub id: WarningId,
    /// Number that people write, for example YJ-20180114-7K3M2.
    pub code: String,
    /// Whose it is.
    pub owner: OrgId,
    /// Whether it is an exercise (演练): nothing of it ever leaves the house.
    pub exercise: bool,
    /// Where it stands.
    pub state: WarningState,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: Instant,
    /// Number of drafts written so far.
    pub drafts: u32,
    /// What is on its way through the gates.
    pub draft: Option<Draft>,
    /// What was issued, oldest first.
    pub issued: Vec<Issued>,
    /// The summary, once it is written.
    pub summary: Option<Summary>,
}

/// Where a warning stands (预警状态). What is on its way stands in `draft`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningState {
    /// 拟发布: nothing was issued yet.
    #[default]
    Proposed,
    /// 生效.
    InForce,
    /// 已解除.
    Lifted,
    /// 已撤回: the issue was a mistake.
    Withdrawn,
    /// 未启动: the proposal led to nothing.
    Dropped,
    /// 已总结.
    Summarised,
}

impl WarningState {
    /// All, in the order of a warning's life.
    pub const ALL: [WarningState; 6] = [
        WarningState::Proposed,
        WarningState::InForce,
        WarningState::Lifted,
        WarningState::Withdrawn,
        WarningState::Dropped,
        WarningState::Summarised,
    ];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            WarningState::Proposed => "proposed",
            WarningState::InForce => "in_force",
            WarningState::Lifted => "lifted",
            WarningState::Withdrawn => "withdrawn",
            WarningState::Dropped => "dropped",
            WarningState::Summarised => "summarised",
        }
    }

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            WarningState::Proposed => "拟发布",
            WarningState::InForce => "生效",
            WarningState::Lifted => "已解除",
            WarningState::Withdrawn => "已撤回",
            WarningState::Dropped => "未启动",
            WarningState::Summarised => "已总结",
        }
    }
}

/// One document of a warning (预警文件), as it was issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// Document number (文号).
    pub document: String,
    /// What was signed.
    pub draft: Draft,
    /// Digest of what was signed and by whom: see [`Draft::digest`].
    pub digest: String,
    /// Who issued it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// The summary after the end (总结评估).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

/// Something that went out or came back (送达台账): the shape of one line; the store keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The document number it is about.
    pub document: String,
    /// The way it went, for example `cap`, `sms`, `paper`.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// When it went out.
    pub sent: Instant,
    /// When its receipt came back.
    pub receipt: Option<Instant>,
}

impl Draft {
    /// Digest of the frozen text (签署摘要): terms, reason, basis, and who assessed and signed it when. What is signed
    /// names the digest it saw, so that nobody signs what was changed meanwhile.
    ///
    /// Refuses `E-101` a number that canonical JSON cannot write.
    pub fn digest(&self) -> Result<String, EventError> {
        let value = serde_json::to_value(self).expect("a draft has only text keys and finite numbers");
        Ok(Digest::Sha256.written_of(canonical_value(&value)?.as_bytes()))
    }
}

impl Warning {
    /// How widely a warning that was not issued yet may be known.
    pub const SECRECY: Secrecy = Secrecy::Internal;

    /// What holds now.
    pub fn terms(&self) -> Option<&Terms> {
        if self.state != WarningState::InForce {
            return None;
        }
        self.issued.last().map(|issued| &issued.draft.terms)
    }

    /// Whether something holds now.
    pub fn in_force(&self) -> bool {
        self.state == WarningState::InForce
    }
}

impl Default for Warning {
    fn default() -> Self {
        let none = "none";
        Warning {
            id: none.parse().expect("a legal id; replaced by the first event"),
            code: String::new(),
            owner: none.parse().expect("a legal id; replaced by the first event"),
            exercise: false,
            state: WarningState::Proposed,
            proposed_by: none.parse().expect("a legal id; replaced by the first event"),
            proposed_at: units::BeijingHour::from_index(0).end(),
            drafts: 0,
            draft: None,
            issued: Vec::new(),
            summary: None,
        }
    }
}
