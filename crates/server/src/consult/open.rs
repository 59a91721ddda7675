//! A new room, by hand or by the rule.

use super::material::material;
use super::one::told;
use super::people::who_may;
use super::view::RoomDetail;
use crate::auth::{Key, Person, Version};
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use ::consult::{ConsultError, Opening, Room, RoomCommand, RoomKind, Step, TempoRule, Words, permit_new};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use event::Aggregate;
use ledger::LedgerError;
use org::{Item, Right, acting_organisation};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Order;
use units::{ConsultationId, Instant, OrgId};
use utoipa::ToSchema;

/// The signs of numbers for people: no letter that is taken for a digit.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS_IN_CODE: usize = 5;
const MOST_MINUTES: u32 = 7 * 24 * 60;

/// A room to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoom {
    /// `daily` when left out.
    #[serde(default)]
    #[schema(schema_with = super::words::kind, required = false)]
    kind: RoomKind,
    /// Whose it is; the own organisation when left out.
    #[schema(value_type = Option<String>)]
    owner: Option<OrgId>,
    /// Why; kept with the room.
    reason: String,
    /// Bids are waited for so long; what the rule says when left out.
    bid_minutes: Option<u32>,
}

/// Opens a room about the run shown, with the material as it stands.
#[utoipa::path(post, operation_id = "open_consultation", path = "/api/v1/consultations", tag = "consult",
    request_body = NewRoom, params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn open(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewRoom>,
) -> Result<(StatusCode, Version, Json<RoomDetail>), ServerError> {
    person.need(Right::ConsultChair)?;
    let id = made::id_of(Room::KIND, &person, &key);
    let id: ConsultationId = id.parse().map_err(|_| ServerError::Broken(format!("not an id: {id}")))?;
    let owner = new.owner.clone().unwrap_or_else(|| acting_organisation(person.actor()).clone());
    permitted(&state, &person, &owner, new.kind).await?;
    let minutes = new.bid_minutes.unwrap_or(TempoRule::bundled().bid_minutes);
    if minutes == 0 || minutes > MOST_MINUTES {
        return Err(ServerError::Refused(ConsultError::BadDeadline.to_string()));
    }
    let (zh, en) = (format!("人工发起：{}", new.reason), format!("opened by hand: {}", new.reason));
    let asked = Asked { kind: new.kind, owner, opening: Words { zh, en }, from: state.shown(), minutes };
    let command = command(&state, &id, asked).await?;
    let order = person.order::<Room>(&state, id.as_str(), command);
    state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    let (version, body) = told(&state, &person, id.as_str()).await?;
    Ok((StatusCode::CREATED, version, body))
}

/// What a room is opened with beside what is looked up.
pub(super) struct Asked {
    pub kind: RoomKind,
    pub owner: OrgId,
    pub opening: Words,
    /// Bids are waited for from then on.
    pub from: Instant,
    pub minutes: u32,
}

/// The command that opens a room, with material and invited as they are found now.
pub(super) async fn command(state: &AppState, id: &ConsultationId, asked: Asked) -> Result<RoomCommand, ServerError> {
    let Asked { kind, owner, opening, from, minutes } = asked;
    let unknown = || ServerError::Refused(LedgerError::UnknownOrganisation(owner.clone()).to_string());
    let place = state.store().org_place(&owner).await?.filter(|place| place.active).ok_or_else(unknown)?;
    let rule = TempoRule::bundled();
    let later = |minutes: i64| Instant::from_utc(from.to_utc() + TimeDelta::minutes(minutes));
    let invited = who_may(state, Step::Bid, &owner, &place.path).await?;
    let with = Opening {
        id: id.clone(),
        code: code(id, from),
        kind,
        owner,
        opening,
        material: material(state).await?,
        hide_bids: rule.hide_bids,
        bids_until: later(i64::from(minutes)),
        remind_at: later(i64::from(minutes) - i64::from(rule.remind_minutes)),
        invited,
    };
    Ok(RoomCommand::Open { with: Some(Box::new(with)), id: id.clone() })
}

/// A house out of scope is refused in the words for one that does not exist.
async fn permitted(state: &AppState, person: &Person, owner: &OrgId, kind: RoomKind) -> Result<(), ServerError> {
    let unknown = || ServerError::Refused(LedgerError::UnknownOrganisation(owner.clone()).to_string());
    let place = state.store().org_place(owner).await?.ok_or_else(unknown)?;
    let item = Item {
        owner_path: &place.path,
        owner,
        assigned: &[],
        account: Some(person.account()),
        kind: kind.as_str(),
        secrecy: Room::SECRECY,
    };
    let own = owner == acting_organisation(person.actor());
    permit_new(person.authority(), &item)
        .map_err(|refusal| if own { ServerError::Forbidden(refusal.to_string()) } else { unknown() })
}

/// `HS-20180114-7K3M2`: the day, and signs that follow from the id.
fn code(id: &ConsultationId, from: Instant) -> String {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let signs = digest[..SIGNS_IN_CODE].iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    let day = (from.last_ended_hour() + 1).day().to_string().replace('-', "");
    format!("HS-{day}-{}", signs.collect::<String>())
}
