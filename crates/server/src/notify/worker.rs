use crate::auth::now;
use crate::events::News;
use crate::{AppState, ServerError};
use notify::{Message, Note, NotifyError, Verdict, digest, template};
use std::collections::HashSet;
use std::time::Duration;
use store::{Claim, NoticeRow, Outgoing, new_id};
use units::Instant;

/// Longer than any attempt takes; when it ends, the delivery is another worker's.
const LEASE_SECONDS: u32 = 90;
/// Attempts at the same time, so that one slow gateway does not hold up the others.
const AT_ONCE: usize = 4;
/// Attempts of one step and one line; the rest waits for the next step.
const A_STEP: usize = 25;
/// Notices turned into deliveries in one step.
const EXPANDED: u32 = 200;
const PAUSE: Duration = Duration::from_secs(1);
/// How far back notices are looked for: one that was long in being committed has an older id.
const LOOK_BACK_SECONDS: i64 = 30;
const TOLD_AT_ONCE: u32 = 1000;

/// Steps until the server closes.
pub(crate) async fn run(state: AppState) {
    let mut told = HashSet::new();
    while !state.post_office().closes_within(PAUSE).await {
        if let Err(error) = step(&state, &now).await {
            tracing::error!("notices could not be sent: {error}");
        }
        if let Err(error) = tell(&state, &mut told).await {
            tracing::error!("open pages could not be told of notices: {error}");
        }
    }
}

/// Turns waiting notices into deliveries and sends what may go now; returns how many attempts were made.
///
/// May be called by several workers and processes at once. A delivery whose worker died is sent again: at least once,
/// under the same id. It follows the wall clock: people are told in their own time, whatever moment is shown.
pub async fn step(state: &AppState, clock: &(dyn Fn() -> Instant + Sync)) -> Result<usize, ServerError> {
    state.store().expand_outbox(clock(), EXPANDED).await?;
    state.store().bury_closed().await?;
    let lines = (0..AT_ONCE).map(|_| send_some(state, clock));
    let counts = futures_util::future::join_all(lines).await;
    counts.into_iter().sum()
}

async fn send_some(state: &AppState, clock: &(dyn Fn() -> Instant + Sync)) -> Result<usize, ServerError> {
    let worker = state.post_office().worker();
    for count in 0..A_STEP {
        let claim = Claim { worker, at: clock(), lease_seconds: LEASE_SECONDS, limit: 1 };
        let Some(outgoing) = state.store().claim_delivery(&claim).await? else { return Ok(count) };
        let verdict = attempt(state, &outgoing, clock()).await;
        tracing::info!(delivery = %outgoing.id, channel = %outgoing.channel, attempt = outgoing.attempts,
            sent = matches!(verdict, Verdict::Sent(_)), "tried to deliver a notice");
        if !state.store().finish_delivery(&outgoing, worker, &verdict, clock()).await? {
            tracing::warn!(delivery = %outgoing.id, "an attempt took longer than its lease; it may be repeated");
        }
    }
    Ok(A_STEP)
}

async fn attempt(state: &AppState, outgoing: &Outgoing, now: Instant) -> Verdict {
    let office = state.post_office();
    match message(outgoing, office.root()) {
        Ok(message) => {
            let address = outgoing.address.as_deref();
            office.send(&outgoing.settings, &outgoing.secrets, &message, address, now).await
        }
        Err(refusal) => Verdict::Refused(refusal.to_string()),
    }
}

fn message(outgoing: &Outgoing, root: &str) -> Result<Message, NotifyError> {
    let language = outgoing.settings.language();
    let notes = outgoing.parts.iter().map(|(id, values)| template(id)?.render(language, values));
    let notes = notes.collect::<Result<Vec<Note>, NotifyError>>()?;
    let note = digest(language, &notes).ok_or_else(|| NotifyError::UnknownTemplate(String::new()))?;
    Ok(Message {
        id: outgoing.id.clone(),
        templates: outgoing.parts.iter().map(|(id, _)| id.clone()).collect(),
        note,
        root: root.to_string(),
        phone: outgoing.address.clone(),
        created_at: outgoing.created,
    })
}

/// Tells open pages of new entries in their people's lists, also of those that another process made.
async fn tell(state: &AppState, told: &mut HashSet<String>) -> Result<(), ServerError> {
    let since = new_id(Instant::from_utc(now().to_utc() - chrono::TimeDelta::seconds(LOOK_BACK_SECONDS)));
    let recent = state.store().notices_after(&since, TOLD_AT_ONCE).await?;
    for NoticeRow { id, account, .. } in recent {
        if told.insert(id.clone()) {
            state.newsroom().tell(News::Notice { id, to: account });
        }
    }
    told.retain(|id| *id > since);
    Ok(())
}
