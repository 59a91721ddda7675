//! What went out of a warning and what came back.

use super::one::records;
use super::subject::Subject;
use crate::auth::{Key, Person};
use crate::extract::{Body, Path};
use crate::people::Names;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::warn::{Deliveries, Delivery, DeliveryCommand, Step};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::Order;
use units::{Instant, OrgId};
use utoipa::ToSchema;

/// The way by which bureaus are told inside the platform.
pub(super) const NOTICE: &str = "notice";

/// One document to one recipient by one way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryRow {
    document: String,
    /// `notice`, `feed`, `paper`, `phone` or `fax`.
    channel: String,
    recipient: String,
    recipient_name: String,
    #[schema(value_type = String, format = DateTime)]
    sent: Instant,
    /// When the recipient was known to have it.
    #[schema(value_type = Option<String>, format = DateTime)]
    receipt: Option<Instant>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryList {
    rows: Vec<DeliveryRow>,
}

/// Who got a document on paper or by telephone, or acknowledged it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptBody {
    document: String,
    channel: String,
    recipient: String,
}

/// The ledger of deliveries; who was only told of a warning sees its own lines.
#[utoipa::path(get, operation_id = "warning_deliveries", path = "/api/v1/warnings/{id}/deliveries", tag = "warn",
    params(("id" = String, Path)),
    responses((status = 200, body = DeliveryList), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn deliveries(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<DeliveryList>, ServerError> {
    listed(&state, &person, &id).await
}

/// Enters a receipt: of any way by who may issue, of its own notice by the organisation that was told.
#[utoipa::path(post, operation_id = "warning_receipt", path = "/api/v1/warnings/{id}/receipt", tag = "warn",
    request_body = ReceiptBody, params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = DeliveryList), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn receipt(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    Body(body): Body<ReceiptBody>,
) -> Result<Json<DeliveryList>, ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    let own = body.channel == NOTICE && body.recipient == person.organisation().as_str();
    if !own || subject.insider {
        subject.permit(&person, Step::Issue)?;
    }
    let warning = &subject.warning;
    let documents = || warning.issued.iter().map(|issued| issued.document.clone()).collect();
    let ReceiptBody { document, channel, recipient } = body;
    let command = DeliveryCommand::Receive {
        warning: warning.id.clone(),
        document,
        channel,
        recipient,
        issued: if warning.exercise { Vec::new() } else { documents() },
    };
    let order = person.order::<Deliveries>(&state, &id, command);
    state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    listed(&state, &person, &id).await
}

async fn listed(state: &AppState, person: &Person, id: &str) -> Result<Json<DeliveryList>, ServerError> {
    let subject = Subject::seen(state, person, id).await?;
    let mut lines = state.store().warning_deliveries(&subject.warning.id).await?;
    if !subject.insider {
        lines.retain(|line| line.recipient == person.organisation().as_str());
    }
    // Reading the notice is the receipt of whoever did not acknowledge it by hand.
    let log = records(state, id).await?;
    for line in lines.iter_mut().filter(|line| line.channel == NOTICE && line.receipt.is_none()) {
        let key = log.iter().find_map(|one| one.notice_key(&subject.warning.id, &line.document, &line.recipient));
        if let Some(key) = key {
            line.receipt = state.store().notice_first_read(&key).await?;
        }
    }
    let organisation =
        |line: &Delivery| if line.channel == NOTICE { line.recipient.parse::<OrgId>().ok() } else { None };
    let organisations: Vec<OrgId> = lines.iter().filter_map(organisation).collect();
    let names = Names::of(&organisations, []).read(state).await?;
    let row = |line: Delivery| {
        let name = organisation(&line).map(|org| names.organisation(&org).name);
        let Delivery { document, channel, recipient, sent, receipt } = line;
        let recipient_name = name.unwrap_or_else(|| recipient.clone());
        DeliveryRow { document, channel, recipient, recipient_name, sent, receipt }
    };
    Ok(Json(DeliveryList { rows: lines.into_iter().map(row).collect() }))
}
