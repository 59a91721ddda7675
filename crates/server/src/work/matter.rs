use super::handler::Task;
use crate::auth::now;
use crate::{AppState, ServerError};
use event::Actor;
use ledger::{Matter, timer_command};
use store::Order;

/// The account that an event names when no person acted.
const SYSTEM: &str = "system";

/// A timer of a matter fires: a command like any other, whose key makes two firings one event.
pub(super) async fn due(state: AppState, task: Task) -> Result<(), ServerError> {
    let unreadable =
        || ServerError::Broken(format!("a timer of the kind {} with a payload of another kind", task.kind));
    let (id, command) = timer_command(&task.kind, &task.payload).ok_or_else(unreadable)?;
    let matter = state.store().load::<Matter>(id.as_str()).await?;
    let (matter, _) =
        matter.ok_or_else(|| ServerError::Broken(format!("a timer of the matter {id}, which does not exist")))?;
    let by = Actor {
        account: SYSTEM.parse().expect("a plain word is an id"),
        organisation: matter.owner,
        on_behalf_of: None,
        origin: "timer".into(),
    };
    let key = Some(task.effect_key.as_str());
    let shown = state.shown();
    let order = Order { id: id.as_str(), expected: None, command, by: &by, at: now(), shown, key, reason: None };
    state.store().execute::<Matter>(order).await?;
    state.newsroom().written();
    Ok(())
}
