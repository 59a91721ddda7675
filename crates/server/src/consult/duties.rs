//! What the program does by itself: looks how often to meet, opens rooms, reminds, and puts a signed forecast in the
//! place of earlier ones.

use super::material::probabilities;
use super::open::{Asked, command};
use super::people::houses;
use crate::auth::now;
use crate::forecast::issue_shown;
use crate::work::{Origin, Task, act, unreadable};
use crate::{AppState, ServerError, ensure_run, made};
use ::consult::{
    EpisodeProbabilities, Participant, Room, RoomCommand, Tempo, TempoCommand, TempoPlan, TempoRule, tempo,
    tempo_owner, timer_room,
};
use event::Aggregate;
use org::{Extent, Kinds, Reach, Scope, Secrecy};
use serde_json::json;
use store::ConsultationFilter;
use units::{AccountId, ConsultationId, Instant, OrgId};

/// The kind of the job that looks how often to meet.
pub(crate) const LOOK: &str = "consult.look";
const PART: u32 = 200;

/// The timer of the tempo fires: a run may have to be made first, which takes longer than a timer may.
pub(crate) async fn tempo_due(state: AppState, task: Task) -> Result<(), ServerError> {
    let owner = tempo_owner(&task.payload).ok_or_else(|| unreadable(&task))?;
    let key = format!("{LOOK}:{}", task.effect_key);
    state.store().enqueue(&key, LOOK, &json!({ "owner": owner }), now(), now()).await?;
    Ok(())
}

/// Looks how often to meet: one house, or all of them when none is named.
pub(crate) async fn look(state: AppState, task: Task) -> Result<(), ServerError> {
    let named = tempo_owner(&task.payload);
    let houses = match named {
        Some(owner) => vec![owner],
        None => houses(&state).await?,
    };
    if houses.is_empty() {
        return Ok(());
    }
    let found = match ensure_run(&state, issue_shown(state.as_of()), &mut |_| {}).await {
        Ok(issued) => probabilities(&issued),
        Err(error) => {
            // Without a run the tempo stays what it is; the people still meet.
            tracing::info!(%error, "the tempo of consultations is looked at without a run");
            EpisodeProbabilities::default()
        }
    };
    for owner in houses {
        look_at(&state, &owner, &found, &task.effect_key).await?;
    }
    Ok(())
}

async fn look_at(
    state: &AppState,
    owner: &OrgId,
    probabilities: &EpisodeProbabilities,
    key: &str,
) -> Result<(), ServerError> {
    let rule = TempoRule::bundled();
    let before = state.store().load::<Tempo>(owner.as_str()).await?;
    let standing = before.as_ref().and_then(|(kept, _)| kept.standing.as_ref());
    let plan = tempo(rule, probabilities, state.shown(), standing);
    // The room first: a look that breaks off here is done again, and the room has an id that follows from its time.
    if let Some(due) = plan.due {
        open(state, owner, &plan, due, rule).await?;
    }
    let keep = TempoCommand::Keep {
        owner: owner.clone(),
        rule: rule.id.clone(),
        plan: Some(Box::new(plan)),
        probabilities: probabilities.clone(),
    };
    act::<Tempo>(state, Origin::Job, owner.as_str(), owner, keep, &format!("{key}:{owner}")).await
}

async fn open(
    state: &AppState,
    owner: &OrgId,
    plan: &TempoPlan,
    due: Instant,
    rule: &TempoRule,
) -> Result<(), ServerError> {
    let id = made::id_from(Room::KIND, owner.as_str(), &due.to_string());
    let id: ConsultationId = id.parse().map_err(|_| ServerError::Broken(format!("not an id: {id}")))?;
    if state.store().load::<Room>(id.as_str()).await?.is_some() {
        return Ok(());
    }
    let asked = Asked {
        kind: plan.kind,
        owner: owner.clone(),
        opening: plan.reason.clone(),
        from: state.shown(),
        minutes: rule.bid_minutes,
    };
    let command = command(state, &id, asked).await?;
    act::<Room>(state, Origin::Job, id.as_str(), owner, command, &format!("open:{id}")).await
}

/// Bids end soon: whoever was invited and has none is reminded.
pub(crate) async fn due(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, room) = of_task(&state, &task).await?;
    let entered = state.store().consultation_bids(&id).await?;
    let is_in = |account: &AccountId| {
        entered.iter().any(|bid| matches!(&bid.participant, Participant::Account(id) if id == account))
    };
    let missing = room.invited.iter().filter(|account| !is_in(account)).cloned().collect();
    act::<Room>(&state, Origin::Job, id.as_str(), &room.owner, RoomCommand::Remind { missing }, &task.effect_key).await
}

/// Of the rooms of one house and day the one signed last is the official forecast; the others are superseded by it.
/// Among those signed in the same moment it is the one this job is about.
pub(crate) async fn supersede(state: AppState, task: Task) -> Result<(), ServerError> {
    let (id, room) = of_task(&state, &task).await?;
    let filter = ConsultationFilter {
        states: vec!["signed".into(), "concluded".into()],
        owner: Some(room.owner.clone()),
        issue_day: Some(room.issue().day()),
        ..ConsultationFilter::default()
    };
    let all = Scope { reaches: vec![Reach { extent: Extent::All, kinds: Kinds::All, secrecy: Secrecy::Restricted }] };
    let mut signed = Vec::new();
    for row in state.store().consultations(&all, &filter, PART, None).await?.items {
        let Some((one, _)) = state.store().load::<Room>(row.id.as_str()).await? else { continue };
        let at = one.official.as_ref().filter(|_| one.is_official()).map(|official| official.signed_at);
        signed.extend(at.map(|at| (at, row.id == id, row.id)));
    }
    let Some((_, _, last)) = signed.iter().max().cloned() else { return Ok(()) };
    for (_, _, other) in signed.into_iter().filter(|(_, _, other)| *other != last) {
        let command = RoomCommand::Supersede { by: last.clone() };
        let key = format!("{}:{other}", task.effect_key);
        act::<Room>(&state, Origin::Job, other.as_str(), &room.owner, command, &key).await?;
    }
    Ok(())
}

async fn of_task(state: &AppState, task: &Task) -> Result<(ConsultationId, Room), ServerError> {
    let id = timer_room(&task.payload).ok_or_else(|| unreadable(task))?;
    let gone = || ServerError::Broken(format!("work for the consultation {id}, which does not exist"));
    let (room, _) = state.store().load::<Room>(id.as_str()).await?.ok_or_else(gone)?;
    Ok((id, room))
}
