use crate::{LineOutcome, OrderLine};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, OrgId, Share};

/// A closed order line, as far as certainty learns from it (已核验指令行).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClosedLine {
    /// Its id: a line whose verdict was opened again replaces itself.
    pub id: String,
    /// The enterprise.
    pub enterprise: OrgId,
    /// Its industry, by the list's name.
    pub industry: String,
    /// The measure, by the list's name.
    pub measure: String,
    /// First day.
    pub from: BeijingDay,
    /// Last day.
    pub to: BeijingDay,
    /// Share of the ordered cut that was delivered.
    pub delivered: Share,
    /// Share of its hours of which something could be said: what the line weighs.
    pub verified: Share,
}

impl ClosedLine {
    /// What a line teaches; `None` when nothing was measured, because no data is neither good nor bad.
    pub fn of(id: &str, line: &OrderLine, industry: &str, measure: &str, outcome: &LineOutcome) -> Option<ClosedLine> {
        Some(ClosedLine {
            id: id.to_string(),
            enterprise: line.enterprise.clone(),
            industry: industry.to_string(),
            measure: measure.to_string(),
            from: line.from.day(),
            to: line.to.day(),
            delivered: outcome.delivered?,
            verified: outcome.verified,
        })
    }
}
