//! The changes of what holds, each with terms filled in from the newest check.

use super::one::basis_of;
use super::view::{ChangeAction, TermsBody, change_en};
use crate::{AppState, ServerError};
use ::warn::{Change, Gate, Terms, Warning, prefill};

const OFFERED: [Change; 5] = [Change::Raise, Change::Lower, Change::Extend, Change::Lift, Change::Withdraw];

/// What can be made of a warning in force by somebody who may draft; without a run every change says so.
pub(super) async fn changes(
    state: &AppState,
    warning: &Warning,
    terms: &Terms,
) -> Result<Vec<ChangeAction>, ServerError> {
    let signed = warning.draft.as_ref().is_some_and(|draft| draft.gate() == Gate::Issue);
    let basis = match basis_of(state, warning).await {
        Ok(basis) => Some(basis),
        Err(ServerError::NoRun(_)) => None,
        Err(error) => return Err(error),
    };
    let offer = |change: Change| {
        let filled = match &basis {
            _ if signed => Err(("已有审签的拟稿待发布", "a signed draft waits for its issue")),
            None => Err(("当前时刻没有可用预报", "there is no forecast for this moment")),
            Some(basis) => prefill(change, terms, basis, state.shown()),
        };
        let (why, why_en) = filled.as_ref().err().copied().unwrap_or_default();
        ChangeAction {
            change,
            label: change.name(),
            label_en: change_en(change),
            allowed: filled.is_ok(),
            why: why.to_string(),
            why_en: why_en.to_string(),
            terms: filled.ok().as_ref().map(TermsBody::from),
        }
    };
    Ok(OFFERED.map(offer).into())
}
