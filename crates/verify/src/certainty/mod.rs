//! How surely an ordered cut is delivered (确定性): learned from every closed line, shrunk to the industry where there are few.
//!
//! For one industry and measure: line j of enterprise i delivered the share x of what was ordered, known with weight w (the
//! share of its hours of which something could be said). The enterprise's mean share is Beta(mκ, (1−m)κ) before its lines, m
//! the mean of the *other* enterprises of its industry, κ how alike they are; each line adds w·x and w·(1−x). Sums do not know
//! an order, and a line whose verdict was opened again simply replaces itself. Decision 0012.

mod beta;
mod group;
mod line;
mod prior;

pub use beta::Beta;
pub use group::{Certainty, Learned};
pub use line::ClosedLine;
pub use prior::Prior;

use crate::VerifyError;
use units::{BeijingDay, OrgId};

/// How certainty grew (确定性变化): after each day on which a line of the enterprise was closed. Lines of others count from
/// the day they end.
pub fn growth(
    lines: &[ClosedLine],
    enterprise: &OrgId,
    industry: &str,
    measure: &str,
    prior: &Prior,
) -> Result<Vec<(BeijingDay, Certainty)>, VerifyError> {
    let own = lines
        .iter()
        .filter(|line| line.enterprise == *enterprise && line.measure == measure && line.industry == industry);
    let mut days: Vec<BeijingDay> = own.map(|line| line.to).collect();
    days.sort_unstable();
    days.dedup();
    let until = |day: BeijingDay| {
        let learned = Learned::from_lines(lines.iter().filter(|line| line.to <= day).cloned(), prior)?;
        Ok((day, learned.of(enterprise, industry, measure)))
    };
    days.into_iter().map(until).collect()
}

#[cfg(test)]
mod tests;
