//! What the program does by itself: commands like any other, whose key makes doing them twice one event.

use super::handler::Task;
use crate::auth::now;
use crate::{AppState, ServerError};
use event::Actor;
use store::{Order, Projected};
use units::OrgId;

/// The account that an event names when no person acted.
const SYSTEM: &str = "system";

/// What made the program act, as the event names it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// A timer that fired.
    Timer,
    /// A job.
    Job,
}

/// A command of the program itself, for an organisation.
pub(crate) async fn act<A: Projected>(
    state: &AppState,
    origin: Origin,
    id: &str,
    owner: &OrgId,
    command: A::Command,
    key: &str,
) -> Result<(), ServerError> {
    let by = Actor {
        account: SYSTEM.parse().expect("a plain word is an id"),
        organisation: owner.clone(),
        on_behalf_of: None,
        origin: origin.as_str().into(),
    };
    let (at, shown) = (now(), state.shown());
    let order = Order::<A> { id, expected: None, command, by: &by, at, shown, key: Some(key), reason: None };
    state.store().execute(order).await?;
    state.newsroom().written();
    Ok(())
}

/// Work whose payload is not that of its kind.
pub(crate) fn unreadable(task: &Task) -> ServerError {
    ServerError::Broken(format!("work of the kind {} with a payload of another kind", task.kind))
}

impl Origin {
    const fn as_str(self) -> &'static str {
        match self {
            Origin::Timer => "timer",
            Origin::Job => "job",
        }
    }
}
