use crate::{Step, WarnError, Warning, WarningState};
use org::{Authority, Extent, Item, Right, Scope};
use serde::Serialize;

/// A step as it is offered to one person on one warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Stable text, as in the API's path.
    pub id: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// English label.
    pub label_en: &'static str,
    /// Whether it can be taken.
    pub allowed: bool,
    /// Why not, in Chinese; empty when it can.
    pub why: &'static str,
    /// Why not, in English.
    pub why_en: &'static str,
}

/// Whether an account belongs to the house a warning is worked on in; whoever was only told of it sees what was issued.
pub fn insider(authority: &Authority, item: &Item<'_>) -> bool {
    owned(&authority.scope(Right::WarningRead)).sees(item)
}

/// Whether an account may take a step on a warning; refuses `W-305`.
pub fn permit(step: Step, authority: &Authority, item: &Item<'_>) -> Result<(), WarnError> {
    let sees = step.rights().iter().any(|right| owned(&authority.scope(*right)).sees(item));
    if sees { Ok(()) } else { Err(WarnError::NotPermitted(step.as_str())) }
}

/// Whether an account may propose a warning for a house; refuses `W-305`.
pub fn permit_new(authority: &Authority, item: &Item<'_>) -> Result<(), WarnError> {
    let sees = owned(&authority.scope(Right::WarningAssess)).sees(item);
    if sees { Ok(()) } else { Err(WarnError::NotPermitted("propose")) }
}

/// The steps with what one account may do. What the state forbids is said before what the account may not.
pub fn actions(warning: &Warning, authority: &Authority, item: &Item<'_>) -> Vec<Action> {
    let action = |step: Step| {
        let (label, label_en) = step.label();
        let (why, why_en) = obstacle(step, warning, authority, item).unwrap_or_default();
        Action { id: step.as_str(), label, label_en, allowed: why.is_empty(), why, why_en }
    };
    Step::ALL.into_iter().map(action).collect()
}

/// A scope without what is seen only because it was given, or because the account proposed it.
pub fn owned(scope: &Scope) -> Scope {
    let owner = |extent: &Extent| !matches!(extent, Extent::Assigned(_) | Extent::Own(_));
    Scope { reaches: scope.reaches.iter().filter(|reach| owner(&reach.extent)).cloned().collect() }
}

fn obstacle(
    step: Step,
    warning: &Warning,
    authority: &Authority,
    item: &Item<'_>,
) -> Option<(&'static str, &'static str)> {
    if !step.fits(warning) {
        return Some(match warning.state {
            WarningState::Lifted => ("预警已解除", "the warning was lifted"),
            WarningState::Withdrawn => ("预警已撤回", "the warning was withdrawn"),
            _ => ("当前环节不能进行此操作", "not possible at the present gate"),
        });
    }
    if permit(step, authority, item).is_err() {
        return Some(("您没有在此预警中进行此操作的权限", "you may not do this with this warning"));
    }
    let assessor = warning.draft.as_ref().and_then(|draft| draft.assessed.as_ref()).map(|passed| &passed.by);
    let own = assessor.is_some_and(|by| by == authority.account());
    (step == Step::Sign && own).then_some(("研判人不能审签自己研判的预警", "who assessed it cannot sign it"))
}
