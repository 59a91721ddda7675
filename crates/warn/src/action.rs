use crate::{Step, WarnError, Warning, WarningState};
use org::{Action, Authority, Item, Right};

/// Whether an account belongs to the house a warning is worked on in; whoever was only told of it sees what was issued.
pub fn insider(authority: &Authority, item: &Item<'_>) -> bool {
    authority.scope(Right::WarningRead).owned().sees(item)
}

/// Whether an account may take a step on a warning; refuses `W-305`.
pub fn permit(step: Step, authority: &Authority, item: &Item<'_>) -> Result<(), WarnError> {
    let sees = step.rights().iter().any(|right| authority.scope(*right).owned().sees(item));
    if sees { Ok(()) } else { Err(WarnError::NotPermitted(step.as_str())) }
}

/// Whether an account may propose a warning for a house; refuses `W-305`.
pub fn permit_new(authority: &Authority, item: &Item<'_>) -> Result<(), WarnError> {
    let sees = authority.scope(Right::WarningAssess).owned().sees(item);
    if sees { Ok(()) } else { Err(WarnError::NotPermitted("propose")) }
}

/// The steps with what one account may do. What the state forbids is said before what the account may not.
pub fn actions(warning: &Warning, authority: &Authority, item: &Item<'_>) -> Vec<Action> {
    let action = |step: Step| Action::offered(step.as_str(), step.label(), obstacle(step, warning, authority, item));
    Step::ALL.into_iter().map(action).collect()
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
