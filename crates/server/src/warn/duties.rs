//! What the program does by itself: reminds of an end and of a draft that waits, and notes what went out.

use super::basis::{heavy_now, plan_of};
use super::deliveries::NOTICE;
use super::one::records;
use super::people::{warned_elsewhere, who_may};
use super::view::CityName;
use crate::auth::now;
use crate::consult::holders;
use crate::work::{Origin, Task, act, unreadable};
use crate::{AppState, ServerError};
use ::warn::{
    Deliveries, Delivery, DeliveryCommand, Found, Gate, Step, WarnError, Warning, WarningCommand, Watch, WatchCommand,
    timer_warning,
};
use org::Right;
use serde_json::json;
use std::collections::BTreeSet;
use units::{AccountId, BeijingHour, WarningId};

/// The feed is there for everybody who may read it: one line says since when.
const FEED: &str = "feed";
/// The kind of the job that looks for cities which are polluted already.
pub(crate) const LATE: &str = "warn.late";
/// There is one watch.
const WATCH: &str = "watch";

/// The expected end is near: whoever may change the warning is told.
pub(crate) async fn remind(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, warning) = of_task(&state, &task).await?;
    let found = Found { tell: tell(&state, &warning, Step::Draft).await?, ..Found::default() };
    act::<Warning>(&state, Origin::Job, id.as_str(), &warning.owner, WarningCommand::Remind { found }, &task.effect_key)
        .await
}

/// A draft has waited long at its gate: whose turn it is, is told again.
pub(crate) async fn gate(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, warning) = of_task(&state, &task).await?;
    let step = match warning.draft.as_ref().map(|draft| draft.gate()) {
        None => return Ok(()),
        Some(Gate::Assessment) => Step::Assess,
        Some(Gate::SignOff) => Step::Sign,
        Some(Gate::Issue) => Step::Issue,
    };
    let found = Found { tell: tell(&state, &warning, step).await?, ..Found::default() };
    act::<Warning>(
        &state,
        Origin::Job,
        id.as_str(),
        &warning.owner,
        WarningCommand::RemindGate { found },
        &task.effect_key,
    )
    .await
}

/// A document was issued: its lines in the ledger of deliveries. The notices themselves went out with the issue.
pub(crate) async fn deliver(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, warning) = of_task(&state, &task).await?;
    let number = task.payload["number"].as_u64().and_then(|number| usize::try_from(number).ok());
    let number = number.and_then(|number| number.checked_sub(1)).ok_or_else(|| unreadable(&task))?;
    let (Some(issued), false) = (warning.issued.get(number), warning.exercise) else { return Err(unreadable(&task)) };
    let log = records(&state, id.as_str()).await?;
    let told = log.iter().filter_map(|one| one.told()).nth(number).unwrap_or_default();
    let line = |channel: &str, recipient: String| Delivery {
        document: issued.document.clone(),
        channel: channel.into(),
        recipient,
        sent: issued.at,
        receipt: None,
    };
    let mut lines: Vec<Delivery> = told.iter().map(|org| line(NOTICE, org.to_string())).collect();
    lines.push(line(FEED, "CAP / Atom".into()));
    let command = DeliveryCommand::Send { warning: id.clone(), lines };
    act::<Deliveries>(&state, Origin::Job, id.as_str(), &warning.owner, command, &task.effect_key).await
}

/// Asks for a look at the newest observations of an hour; asking again asks for nothing more.
pub(crate) async fn ask_late(state: &AppState, hour: BeijingHour) -> Result<(), ServerError> {
    state.store().enqueue(&format!("{LATE}:{hour}"), LATE, &json!({}), now(), now()).await?;
    Ok(())
}

/// Looks whether a city without a warning is heavily polluted already, and tells whoever may propose one.
pub(crate) async fn late(state: AppState, task: Task) -> Result<(), ServerError> {
    let plan = match plan_of(&state, false, None).await {
        Ok(plan) => plan,
        // Before the first plan nothing is late.
        Err(ServerError::Warn(WarnError::NoPlan { .. })) => return Ok(()),
        Err(error) => return Err(error),
    };
    let warned = warned_elsewhere(&state, false, None).await?;
    let heavy = heavy_now(&state, &plan).await?.into_iter().filter(|code| !warned.contains(code));
    let heavy = heavy.map(|code| (code, CityName::of(code).name)).collect();
    let found = holders(&state, Right::WarningAssess).await?;
    let Some(owner) = found.first().map(|(_, house)| house.clone()) else { return Ok(()) };
    let tell: BTreeSet<AccountId> = found.into_iter().map(|(account, _)| account).collect();
    let look = WatchCommand::Look { hour: state.as_of(), heavy, tell: tell.into_iter().collect() };
    act::<Watch>(&state, Origin::Job, WATCH, &owner, look, &task.effect_key).await
}

async fn tell(state: &AppState, warning: &Warning, step: Step) -> Result<Vec<AccountId>, ServerError> {
    let Some(place) = state.store().org_place(&warning.owner).await? else { return Ok(Vec::new()) };
    who_may(state, step, &warning.owner, &place.path).await
}

async fn of_task(state: &AppState, task: &Task) -> Result<(WarningId, Warning), ServerError> {
    let id = timer_warning(&task.payload).ok_or_else(|| unreadable(task))?;
    let gone = || ServerError::Broken(format!("work for the warning {id}, which does not exist"));
    let (warning, _) = state.store().load::<Warning>(id.as_str()).await?.ok_or_else(gone)?;
    Ok((id, warning))
}
