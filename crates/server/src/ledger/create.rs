//! A new matter.

use super::concerned::{check_assigned, check_responsible, places, remind_on};
use super::one::{MatterDetail, told};
use crate::auth::{Key, Person, Version};
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use ::ledger::{LedgerError, Matter, MatterCommand, permit_new};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event::Aggregate;
use org::{Item, Right, Secrecy, acting_organisation};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Order;
use units::{AccountId, BeijingDay, MatterId, OrgId};
use utoipa::ToSchema;

/// The signs of numbers for people: no letter that is taken for a digit.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS_IN_CODE: usize = 7;

/// A matter to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMatter {
    /// Number for people; given by the program when left out.
    code: Option<String>,
    /// `task` when left out.
    kind: Option<String>,
    title: String,
    /// What is to be done.
    #[serde(default)]
    text: String,
    /// Whose it is; the own organisation when left out.
    #[schema(value_type = Option<String>)]
    owner: Option<OrgId>,
    /// Who has to do it.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    assigned: Vec<OrgId>,
    #[schema(value_type = Option<String>)]
    responsible: Option<AccountId>,
    /// `open`, `internal` or `restricted`; `internal` when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secrecy: Secrecy,
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<BeijingDay>,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// Creates a matter for an organisation in scope.
#[utoipa::path(post, path = "/api/v1/matters", tag = "ledger", request_body = NewMatter,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = MatterDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewMatter>,
) -> Result<(StatusCode, Version, Json<MatterDetail>), ServerError> {
    person.need(Right::MatterCreate)?;
    let id = made::id_of(Matter::KIND, &person, &key);
    let id: MatterId = id.parse().map_err(|_| ServerError::Broken(format!("not an id: {id}")))?;
    let reason = new.reason.clone();
    let command = new.command(&state, &person, id.clone()).await?;
    let order = person.order::<Matter>(&state, id.as_str(), command);
    state.execute(Order { key: Some(key.as_str()), reason: reason.as_deref(), ..order }).await?;
    let (version, body) = told(&state, &person, id.as_str()).await?;
    Ok((StatusCode::CREATED, version, body))
}

impl NewMatter {
    async fn command(self, state: &AppState, person: &Person, id: MatterId) -> Result<MatterCommand, ServerError> {
        let owner = self.owner.clone().unwrap_or_else(|| acting_organisation(person.actor()).clone());
        let kind = self.kind.clone().unwrap_or_else(|| "task".into());
        self.permitted(state, person, &owner, &kind).await?;
        check_assigned(state, person, &self.assigned).await?;
        if let Some(account) = &self.responsible {
            check_responsible(state, person, account, &owner, &self.assigned).await?;
        }
        let mut concerned = self.assigned.clone();
        concerned.push(owner.clone());
        Ok(MatterCommand::Create {
            code: self.code.unwrap_or(code(state, &id).await?),
            id,
            kind,
            title: self.title,
            text: self.text,
            owner,
            assigned: self.assigned,
            responsible: self.responsible,
            secrecy: self.secrecy,
            due: self.due,
            places: places(state, &concerned).await?,
            remind_on: self.due.and_then(remind_on),
        })
    }

    /// An owner out of scope is refused in the words for one that does not exist.
    async fn permitted(&self, state: &AppState, person: &Person, owner: &OrgId, kind: &str) -> Result<(), ServerError> {
        let unknown = || ServerError::Refused(LedgerError::UnknownOrganisation(owner.clone()).to_string());
        let place = state.store().org_place(owner).await?.ok_or_else(unknown)?;
        let account = self.responsible.as_ref().unwrap_or(person.account());
        let item = Item {
            owner_path: &place.path,
            owner,
            assigned: &self.assigned,
            account: Some(account),
            kind,
            secrecy: self.secrecy,
        };
        let own = owner == acting_organisation(person.actor());
        permit_new(person.authority(), &item)
            .map_err(|refusal| if own { ServerError::Forbidden(refusal.to_string()) } else { unknown() })
    }
}

/// `RW-2018-7K3M2Q9`: the year, and signs that follow from the id. A repeated command finds the number it was given.
async fn code(state: &AppState, id: &MatterId) -> Result<String, ServerError> {
    if let Some((matter, _)) = state.store().load::<Matter>(id.as_str()).await? {
        return Ok(matter.code);
    }
    let digest = Sha256::digest(id.as_str().as_bytes());
    let signs = digest[..SIGNS_IN_CODE].iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    Ok(format!("RW-{}-{}", state.as_of().day().year(), signs.collect::<String>()))
}
