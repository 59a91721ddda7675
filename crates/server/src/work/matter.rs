use super::handler::Task;
use super::program::{Origin, act, unreadable};
use crate::{AppState, ServerError};
use ledger::{Matter, timer_command};

/// A timer of a matter fires.
pub(super) async fn due(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, command) = timer_command(&task.kind, &task.payload).ok_or_else(|| unreadable(&task))?;
    let gone = || ServerError::Broken(format!("a timer of the matter {id}, which does not exist"));
    let (matter, _) = state.store().load::<Matter>(id.as_str()).await?.ok_or_else(gone)?;
    act::<Matter>(&state, Origin::Timer, id.as_str(), &matter.owner, command, &task.effect_key).await
}
