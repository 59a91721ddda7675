//! How well people's bids did before (以往意见评分): the ground of their weights in a consultation.

use super::authors::{of_bid, scored};
use super::pairs::Target;
use crate::{AppState, ServerError};
use ::consult::PastBids;
use ::forecast::verification::{IndexCase, index_scores};
use org::Scope;
use std::collections::BTreeMap;
use store::IssuedWithin;
use units::{BeijingDay, OrgId};

/// Past bids of everybody who took part in the consultations of a house, over the target days from `from` to `to`,
/// by the author's name in scores. Whoever has none is not among them.
///
/// The loss is relative to climatology on the same city days, so that days that were hard for all weigh on nobody.
pub(crate) async fn past_bids(
    state: &AppState,
    owner: &OrgId,
    (from, to): (BeijingDay, BeijingDay),
    sight: &Scope,
) -> Result<BTreeMap<String, PastBids>, ServerError> {
    let target = Target { from, to, lead: None };
    let within = IssuedWithin { owner: Some(owner), days: target.issues() };
    let bids = state.store().bids_entered(sight, within).await?;
    let cases = scored(state, bids.into_iter().flat_map(of_bid).collect(), target).await?;
    let mut by_author: BTreeMap<&str, Vec<&IndexCase>> = BTreeMap::new();
    for case in &cases {
        by_author.entry(case.occasion.author.id()).or_default().push(case);
    }
    let seed = state.options().seed;
    let past = |(author, cases): (&str, Vec<&IndexCase>)| {
        let against = index_scores(&cases, seed)?.climatology?;
        let cases = u32::try_from(against.reference.cases).unwrap_or(u32::MAX);
        Some((author.to_string(), PastBids { from, to, cases, loss: against.skill.map(|skill| 1.0 - skill.value) }))
    };
    Ok(by_author.into_iter().filter_map(past).collect())
}
