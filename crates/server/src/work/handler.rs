use super::{chores, matter};
use crate::{AppState, ServerError, consult, forecast, warn};
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use store::{Job, Timer};

/// One piece of work, as its handler sees it.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Which handler.
    pub(crate) kind: String,
    /// What it is told.
    pub(crate) payload: Value,
    /// The idempotency key for its effect: work that is done twice has one effect.
    pub(crate) effect_key: String,
}

type Work = Pin<Box<dyn Future<Output = Result<(), ServerError>> + Send>>;
type Handler = fn(AppState, Task) -> Work;

/// Who does which kind of work. A new kind is one line here; an effect must bear a repetition.
const HANDLERS: [(&str, Handler); 15] = [
    (::ledger::REMIND, |state, task| Box::pin(matter::due(state, task))),
    (::ledger::OVERDUE, |state, task| Box::pin(matter::due(state, task))),
    (::consult::REMIND, |state, task| Box::pin(consult::reminder_due(state, task))),
    (::consult::TEMPO, |state, task| Box::pin(consult::tempo_due(state, task))),
    (::consult::SUPERSEDE, |state, task| Box::pin(consult::supersede(state, task))),
    (consult::LOOK, |state, task| Box::pin(consult::look(state, task))),
    (::warn::REMIND, |state, task| Box::pin(warn::remind(state, task))),
    (::warn::GATE, |state, task| Box::pin(warn::gate(state, task))),
    (::warn::DELIVER, |state, task| Box::pin(warn::deliver(state, task))),
    (warn::TRIAL, |state, task| Box::pin(warn::run_trial(state, task))),
    (warn::LATE, |state, task| Box::pin(warn::late(state, task))),
    (chores::ANCHOR, |state, _| Box::pin(chores::anchor(state))),
    (chores::TIDY, |state, _| Box::pin(chores::tidy(state))),
    (forecast::ISSUE, |state, task| Box::pin(forecast::issue(state, task.payload))),
    (forecast::BACKFILL, |state, task| Box::pin(forecast::backfill(state, task.payload))),
];

/// Does it. What breaks down, hangs or is not known is an error, and is tried again by whoever called.
///
/// In a task of its own, so that a fault in a handler ends the piece of work and not the worker.
pub(super) async fn handle(state: &AppState, task: Task, within: Duration) -> Result<(), ServerError> {
    let known = HANDLERS.iter().find(|(kind, _)| *kind == task.kind);
    let Some((_, handler)) = known else {
        return Err(ServerError::Broken(format!("nobody here does work of the kind {:?}", task.kind)));
    };
    let mut doing = tokio::spawn(handler(state.clone(), task));
    match tokio::time::timeout(within, &mut doing).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(fault)) => Err(ServerError::Broken(format!("the handler met a fault in the program: {fault}"))),
        Err(_) => {
            doing.abort();
            Err(ServerError::Broken(format!("not done within {} s", within.as_secs())))
        }
    }
}

impl From<&Timer> for Task {
    fn from(timer: &Timer) -> Task {
        Task { kind: timer.action.clone(), payload: timer.payload.clone(), effect_key: timer.effect_key() }
    }
}

impl From<&Job> for Task {
    fn from(job: &Job) -> Task {
        Task { kind: job.kind.clone(), payload: job.payload.clone(), effect_key: format!("job:{}", job.key) }
    }
}
