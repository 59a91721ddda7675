use super::channels::written;
use crate::auth::{Person, now};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use notify::{Language, Message, Settings, Verdict, template};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::new_id;
use utoipa::ToSchema;

/// Where a trial message goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    /// A mail address or a phone, for a channel that reaches one person.
    to: Option<String>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialResult {
    /// `sent`, `too_fast`, `later` or `refused`.
    outcome: &'static str,
    /// What the receiver or this program said.
    said: String,
}

/// Sends a trial message at once, past the queue.
#[utoipa::path(post, path = "/api/v1/channels/{id}/test", tag = "notify", request_body = Trial,
    params(("id" = String, Path)),
    responses((status = 200, body = TrialResult), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn test(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Body(trial): Body<Trial>,
) -> Result<Json<TrialResult>, ServerError> {
    let row = written(&state, &person, &id).await?;
    let Some(settings) = row.channel.settings else { return Err(notify::NotifyError::Closed.into()) };
    // The trial spends a token too: it must not be the message that gets the channel blocked.
    if !state.store().spend_token(&id, settings.kind(), now()).await? {
        let said = "the channel's limit is used up for now; try again in a minute".into();
        return Ok(Json(TrialResult { outcome: "too_fast", said }));
    }
    let message = message(&state, &person, &settings, &row.channel.name, trial.to.clone())?;
    let secrets = state.store().channel_secrets(&id).await?;
    let verdict = state.post_office().send(&settings, &secrets, &message, trial.to.as_deref(), now()).await;
    let (outcome, said) = match verdict {
        Verdict::Sent(said) => ("sent", said),
        Verdict::TooFast { said, .. } => ("too_fast", said),
        Verdict::Later(said) => ("later", said),
        Verdict::Refused(said) => ("refused", said),
    };
    Ok(Json(TrialResult { outcome, said }))
}

fn message(
    state: &AppState,
    person: &Person,
    settings: &Settings,
    channel: &str,
    phone: Option<String>,
) -> Result<Message, ServerError> {
    let values = json!({"channel": channel, "by": person.stored().name});
    let language: Language = settings.language();
    let note = template("channel-test")?.render(language, &values)?;
    let (id, root) = (new_id(now()), state.post_office().root().to_string());
    Ok(Message { id, templates: vec!["channel-test".into()], note, root, phone, created_at: now() })
}
