use crate::{LedgerError, Matter, Side, Standing, Step};
use org::{Action, Authority, Item, Right};
use units::OrgId;

/// Whether an account may take a step on a matter; refuses `L-206`. `item` is the matter as the predicate sees it.
pub fn permit(step: Step, authority: &Authority, item: &Item<'_>) -> Result<(), LedgerError> {
    let scope = authority.scope(step.right());
    let sees = match step.side() {
        Side::Owner => scope.owned().sees(item),
        Side::Assigned | Side::Both => scope.sees(item),
    };
    if sees { Ok(()) } else { Err(LedgerError::NotPermitted(step.as_str())) }
}

/// Whether an account may create a matter; refuses `L-206`. `item` is the matter as it would be.
pub fn permit_new(authority: &Authority, item: &Item<'_>) -> Result<(), LedgerError> {
    let sees = authority.scope(Right::MatterCreate).owned().sees(item);
    if sees { Ok(()) } else { Err(LedgerError::NotPermitted("create")) }
}

/// The steps with what one account may do. What the state forbids is said before what the account may not.
pub fn actions(matter: &Matter, authority: &Authority, item: &Item<'_>, standing: &Standing) -> Vec<Action> {
    let action =
        |step: Step| Action::offered(step.as_str(), step.label(), obstacle(step, matter, authority, item, standing));
    Step::ALL.into_iter().map(action).collect()
}

fn obstacle(
    step: Step,
    matter: &Matter,
    authority: &Authority,
    item: &Item<'_>,
    standing: &Standing,
) -> Option<(&'static str, &'static str)> {
    if !step.fits(matter.state) {
        return Some(("当前状态不能进行此操作", "not possible in the present state"));
    }
    if permit(step, authority, item).is_err() {
        return Some(("您没有对此事项进行此操作的权限", "you may not do this with this matter"));
    }
    let acting = authority.acting().map_or(authority.organisation(), |acting| &acting.organisation);
    match step {
        Step::Acknowledge | Step::Submit => own_part(step, matter, acting, standing),
        Step::Approve | Step::Return => match matter.second_person(authority.account(), standing) {
            Err(LedgerError::Separation(org::OrgError::SamePerson(_))) => {
                Some(("提交人不能审核自己提交的事项", "who submitted it cannot decide on it"))
            }
            Err(_) => Some(("被核验单位的人员不能审核", "nobody from where it was done can decide on it")),
            Ok(()) => None,
        },
        _ => None,
    }
}

fn own_part(step: Step, matter: &Matter, acting: &OrgId, standing: &Standing) -> Option<(&'static str, &'static str)> {
    let Ok(own) = matter.for_whom(acting, standing) else {
        return Some(("事项未交办给您所在的单位", "it is not assigned to your organisation"));
    };
    match (step, matter.acknowledged.contains(&own)) {
        (Step::Acknowledge, true) => Some(("本单位已签收", "your organisation has acknowledged already")),
        (Step::Submit, false) => Some(("请先签收", "acknowledge it first")),
        _ => None,
    }
}
