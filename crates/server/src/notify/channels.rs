use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::list::Listed;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use notify::{Channel, ChannelCommand, Secrets, Settings};
use org::{Item, Right, Secrecy};
use serde::{Deserialize, Serialize};
use store::{ChannelRow, Order, new_id};
use units::OrgId;
use utoipa::ToSchema;

/// A configured channel (渠道). Its secrets are named, never shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelLine {
    pub id: String,
    name: String,
    #[schema(value_type = Option<String>)]
    organisation: Option<OrgId>,
    /// Fields by `kind`: `email`, `sms`, `wecom`, `dingtalk`, `feishu`, `webhook`.
    #[schema(value_type = Object)]
    settings: Option<Settings>,
    active: bool,
    /// Every secret of its kind, and whether it is set.
    secrets: Vec<SecretLine>,
    pub version: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SecretLine {
    name: &'static str,
    needed: bool,
    set: bool,
}

/// A channel to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewChannel {
    name: String,
    /// Whose it is; the own organisation when left out.
    #[schema(value_type = Option<String>)]
    organisation: Option<OrgId>,
    #[schema(value_type = Object)]
    settings: Settings,
    /// Keys and passwords by name. Write-only.
    #[serde(default)]
    #[schema(value_type = Object)]
    secrets: Secrets,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// What is to be changed of a channel; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelChange {
    name: Option<String>,
    #[schema(value_type = Option<Object>)]
    settings: Option<Settings>,
    active: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Object)]
    secrets: Secrets,
    reason: Option<String>,
}

/// The channels in scope.
#[utoipa::path(get, path = "/api/v1/channels", tag = "notify",
    responses((status = 200, body = Listed<ChannelLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn channels(
    State(state): State<AppState>,
    person: Person,
) -> Result<Json<Listed<ChannelLine>>, ServerError> {
    person.need(Right::ChannelRead)?;
    let rows = state.store().channels(&person.scope(Right::ChannelRead)).await?;
    Ok(Json(Listed::whole(rows.into_iter().map(ChannelLine::from).collect())))
}

/// Opens a channel. Refuses `N-201` to `N-205`; a target inside the house is refused here and at every attempt.
#[utoipa::path(post, operation_id = "open_channel", path = "/api/v1/channels", tag = "notify", request_body = NewChannel,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ChannelLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn open(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewChannel>,
) -> Result<(StatusCode, Version, Json<ChannelLine>), ServerError> {
    person.need(Right::ChannelWrite)?;
    let organisation = new.organisation.unwrap_or_else(|| person.organisation().clone());
    may_own(&state, &person, &organisation).await?;
    checked(&state, &new.settings, &new.secrets)?;
    let id = new_id(crate::auth::now());
    let command = ChannelCommand::Open { name: new.name, organisation, settings: new.settings };
    let reason = new.reason.as_deref();
    let order =
        Order { key: Some(key.as_str()), expected: Some(0), reason, ..person.order_now::<Channel>(&id, command) };
    let made = state.execute(order).await?;
    // A repeated command comes here again, so that secrets lost between the two steps are set by its repetition.
    let secret_key = format!("{}:secrets", key.as_str());
    keep_secrets(&state, &person, &made.id, new.secrets, Some(&secret_key)).await?;
    let (version, line) = told(&state, &person, &made.id).await?;
    Ok((StatusCode::CREATED, version, line))
}

/// Changes a channel.
#[utoipa::path(patch, operation_id = "change_channel", path = "/api/v1/channels/{id}", tag = "notify", request_body = ChannelChange,
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = ChannelLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(state): State<AppState>,
    person: Person,
    version: Version,
    Path(id): Path<String>,
    Body(change): Body<ChannelChange>,
) -> Result<(Version, Json<ChannelLine>), ServerError> {
    let row = written(&state, &person, &id).await?;
    if let Some(settings) = change.settings.as_ref().or(row.channel.settings.as_ref()) {
        checked(&state, settings, &change.secrets)?;
    }
    let ChannelChange { name, settings, active, secrets, reason } = change;
    let command = ChannelCommand::Change { name, settings, active };
    let order = person.order_now::<Channel>(&id, command);
    state.execute(Order { expected: Some(version.0), reason: reason.as_deref(), ..order }).await?;
    keep_secrets(&state, &person, &id, secrets, None).await?;
    told(&state, &person, &id).await
}

/// Closes a channel for good and forgets its secrets. What waits for it becomes a dead delivery.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", tag = "notify",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn close(
    State(state): State<AppState>,
    person: Person,
    version: Version,
    Path(id): Path<String>,
) -> Result<StatusCode, ServerError> {
    written(&state, &person, &id).await?;
    let order = person.order_now::<Channel>(&id, ChannelCommand::Close);
    state.execute(Order { expected: Some(version.0), ..order }).await?;
    state.store().forget_channel_secrets(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A channel that this person may change; one out of scope looks like none.
pub(crate) async fn written(state: &AppState, person: &Person, id: &str) -> Result<ChannelRow, ServerError> {
    person.need(Right::ChannelWrite)?;
    let row = state.store().channel(&person.scope(Right::ChannelWrite), id).await?;
    row.ok_or_else(|| ServerError::NotFound("/api/v1/channels".into()))
}

fn checked(state: &AppState, settings: &Settings, secrets: &Secrets) -> Result<(), ServerError> {
    settings.check(state.post_office().allowed())?;
    Ok(settings.check_secrets(secrets)?)
}

/// A channel for an organisation out of scope would carry its messages to somebody else.
async fn may_own(state: &AppState, person: &Person, organisation: &OrgId) -> Result<(), ServerError> {
    let unknown = || ServerError::BadSetting(format!("no organisation {organisation} to open a channel for"));
    let place = state.store().org_place(organisation).await?.ok_or_else(unknown)?;
    let item = Item {
        owner_path: &place.path,
        owner: organisation,
        assigned: &[],
        account: None,
        kind: "channel",
        secrecy: Secrecy::Open,
    };
    if person.scope(Right::ChannelWrite).sees(&item) { Ok(()) } else { Err(unknown()) }
}

/// The event says which secrets were set, their own table keeps them.
async fn keep_secrets(
    state: &AppState,
    person: &Person,
    id: &str,
    secrets: Secrets,
    key: Option<&str>,
) -> Result<(), ServerError> {
    if secrets.is_empty() {
        return Ok(());
    }
    let names = secrets.keys().cloned().collect();
    let order = person.order_now::<Channel>(id, ChannelCommand::SetSecrets { names });
    state.execute(Order { key, ..order }).await?;
    Ok(state.store().set_channel_secrets(id, &secrets).await?)
}

async fn told(state: &AppState, person: &Person, id: &str) -> Result<(Version, Json<ChannelLine>), ServerError> {
    let row = state.store().channel(&person.scope(Right::ChannelWrite), id).await?;
    let row = row.ok_or_else(|| ServerError::NotFound("/api/v1/channels".into()))?;
    Ok((Version(row.version), Json(row.into())))
}

impl From<ChannelRow> for ChannelLine {
    fn from(row: ChannelRow) -> ChannelLine {
        let known = row.channel.settings.as_ref().map(Settings::secret_names).unwrap_or_default();
        let line = |(name, needed): &(&'static str, bool)| SecretLine {
            name,
            needed: *needed,
            set: row.channel.secrets.contains(*name),
        };
        let secrets = known.iter().map(line).collect();
        let (id, version) = (row.id, row.version);
        let notify::ChannelState { name, organisation, settings, active, .. } = row.channel;
        ChannelLine { id, name, organisation, settings, active, secrets, version }
    }
}
