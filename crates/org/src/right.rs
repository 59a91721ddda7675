use crate::OrgError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! rights {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// One thing that may be done (权限). Roles list them by their stable text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Right {
            $($(#[doc = $doc])* $name,)*
        }

        impl Right {
            /// All rights.
            pub const ALL: &'static [Right] = &[$(Right::$name),*];

            /// Stable text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Right::$name => $text,)*
                }
            }
        }
    };
}

rights! {
    /// See observations, map, ranking, evaluation.
    AirRead = "air.read",
    /// Set the replay clock.
    ClockSet = "clock.set",
    /// See forecasts.
    ForecastRead = "forecast.read",
    /// See consultations.
    ConsultRead = "consult.read",
    /// Enter bids and remarks in consultations.
    ConsultBid = "consult.bid",
    /// Open, conclude, correct, cancel consultations, invite guests.
    ConsultChair = "consult.chair",
    /// Sign conclusions.
    ConsultSign = "consult.sign",
    /// See warnings and what the plans propose.
    WarningRead = "warning.read",
    /// Propose, assess and change warnings, issue what was signed, write the summary.
    WarningAssess = "warning.assess",
    /// Sign warnings, or send them back.
    WarningSign = "warning.sign",
    /// See standards and plans in force.
    StandardsRead = "standards.read",
    /// See flags, imports and data quality.
    QualityRead = "quality.read",
    /// See matters.
    MatterRead = "matter.read",
    /// Create matters.
    MatterCreate = "matter.create",
    /// Work on matters: acknowledge, comment, submit.
    MatterWrite = "matter.write",
    /// Assign matters, set their due day.
    MatterAssign = "matter.assign",
    /// Approve, return or cancel matters.
    MatterApprove = "matter.approve",
    /// Add attachments.
    AttachmentAdd = "attachment.add",
    /// See organisations.
    OrgRead = "org.read",
    /// Found, rename, move, close organisations.
    OrgWrite = "org.write",
    /// See accounts.
    AccountRead = "account.read",
    /// Open, change, close accounts.
    AccountWrite = "account.write",
    /// See grants and delegations.
    GrantRead = "grant.read",
    /// Propose grants.
    GrantPropose = "grant.propose",
    /// Approve, reject or end grants.
    GrantApprove = "grant.approve",
    /// Make and end delegations.
    DelegationWrite = "delegation.write",
    /// See others' sessions.
    SessionRead = "session.read",
    /// Revoke others' sessions.
    SessionRevoke = "session.revoke",
    /// Have API tokens of one's own.
    TokenOwn = "token.own",
    /// Read the event log.
    AuditRead = "audit.read",
    /// Export the event log and its anchors.
    AuditExport = "audit.export",
    /// See jobs and timers.
    JobRead = "job.read",
    /// Run jobs again.
    JobWrite = "job.write",
    /// See notification channels and deliveries.
    ChannelRead = "channel.read",
    /// Change notification channels.
    ChannelWrite = "channel.write",
    /// Ask why an account may see something.
    ExplainRead = "explain.read",
}

impl Right {
    /// Whether it is about matters, to which the kinds of a grant apply.
    pub fn is_about_matters(self) -> bool {
        use Right::*;
        matches!(self, MatterRead | MatterCreate | MatterWrite | MatterAssign | MatterApprove | AttachmentAdd)
    }
}

impl FromStr for Right {
    type Err = OrgError;
    fn from_str(text: &str) -> Result<Self, OrgError> {
        let known = Right::ALL.iter().copied().find(|right| right.as_str() == text);
        known.ok_or_else(|| OrgError::UnknownRight(text.chars().take(64).collect()))
    }
}

impl TryFrom<String> for Right {
    type Error = OrgError;
    fn try_from(text: String) -> Result<Self, OrgError> {
        text.parse()
    }
}

impl From<Right> for String {
    fn from(right: Right) -> String {
        right.as_str().to_string()
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_its_own_text_and_is_read_back() {
        for right in Right::ALL {
            assert_eq!(right.as_str().parse::<Right>().unwrap(), *right);
        }
        assert!("matter.everything".parse::<Right>().unwrap_err().to_string().starts_with("G-103"));
    }
}
