use crate::{ConsultError, Room, RoomState, Step};
use org::{Action, Authority, Item, Right};

/// Whether an account sees a room from inside: as one of the house that holds it, or of one above. Who only was given
/// the signed conclusion sees that and nothing else of the room.
pub fn insider(authority: &Authority, item: &Item<'_>) -> bool {
    authority.scope(Right::ConsultRead).owned().sees(item)
}

/// Whether an account may take a step in a room; refuses `C-203`.
pub fn permit(step: Step, authority: &Authority, item: &Item<'_>) -> Result<(), ConsultError> {
    let sees = authority.scope(step.right()).owned().sees(item);
    if sees { Ok(()) } else { Err(ConsultError::NotPermitted(step.as_str())) }
}

/// Whether an account may open a room for a house; refuses `C-203`.
pub fn permit_new(authority: &Authority, item: &Item<'_>) -> Result<(), ConsultError> {
    let sees = authority.scope(Right::ConsultChair).owned().sees(item);
    if sees { Ok(()) } else { Err(ConsultError::NotPermitted("open")) }
}

/// The steps with what one account may do. What the state forbids is said before what the account may not.
pub fn actions(room: &Room, authority: &Authority, item: &Item<'_>) -> Vec<Action> {
    let action = |step: Step| Action::offered(step.as_str(), step.label(), obstacle(step, room, authority, item));
    Step::ALL.into_iter().map(action).collect()
}

fn obstacle(step: Step, room: &Room, authority: &Authority, item: &Item<'_>) -> Option<(&'static str, &'static str)> {
    if !step.fits(room) {
        return Some(match (step, room.state) {
            (Step::Bid, RoomState::Concluded | RoomState::Signed) => {
                ("已形成结论，不再接收会商意见", "it is concluded: no bids are taken any more")
            }
            _ => ("当前状态不能进行此操作", "not possible in the present state"),
        });
    }
    if permit(step, authority, item).is_err() {
        return Some(("您没有在此会商中进行此操作的权限", "you may not do this in this consultation"));
    }
    let own = room.pending.as_ref().is_some_and(|pending| pending.by == *authority.account());
    (step == Step::Sign && own).then_some(("结论起草人不能签发自己的结论", "who wrote the conclusion cannot sign it"))
}
