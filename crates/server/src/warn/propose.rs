//! A new warning.

use super::basis::{basis, plan_of};
use super::one::told;
use super::people::{warned_elsewhere, who_may};
use super::view::{PromptBody, TermsBody, WarningDetail};
use crate::auth::{Key, Person, Version};
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use ::warn::{Found, Prompt, Proposing, Step, Terms, WarnError, Warning, WarningCommand, permit_new};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event::Aggregate;
use ledger::LedgerError;
use org::{Item, OrgPath, Right, acting_organisation};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Order;
use units::{Instant, OrgId, WarningId};
use utoipa::ToSchema;

/// The signs of numbers for people: no letter that is taken for a digit.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS_IN_CODE: usize = 5;

/// A warning to be proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWarning {
    /// Whether it is an exercise: nothing of it leaves the house.
    exercise: bool,
    terms: TermsBody,
    /// Why, where it departs from the rule.
    #[serde(default)]
    reason: String,
    /// The prompt from above that it follows.
    #[serde(default)]
    prompt: Option<PromptBody>,
    /// The plan that an exercise rehearses; the newest when left out.
    #[serde(default)]
    plan: Option<String>,
    /// Whose it is; the own organisation when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    owner: Option<OrgId>,
}

/// Proposes a warning on the run shown and the plan, both frozen with it.
#[utoipa::path(post, operation_id = "propose_warning", path = "/api/v1/warnings", tag = "warn",
    request_body = NewWarning, params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = WarningDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn propose(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewWarning>,
) -> Result<(StatusCode, Version, Json<WarningDetail>), ServerError> {
    person.need(Right::WarningAssess)?;
    let id = made::id_of(Warning::KIND, &person, &key);
    let id: WarningId = id.parse().map_err(|_| ServerError::Broken(format!("not an id: {id}")))?;
    let owner = new.owner.clone().unwrap_or_else(|| acting_organisation(person.actor()).clone());
    let path = permitted(&state, &person, &owner).await?;
    if state.options().demo && !new.exercise {
        return Err(ServerError::Refused(WarnError::OnlyExercise.to_string()));
    }
    if new.plan.is_some() && !new.exercise {
        return Err(ServerError::BadBody(
            "plan is named for an exercise only; a real warning goes by the one in force".into(),
        ));
    }
    let plan = plan_of(&state, new.exercise, new.plan.as_deref()).await?;
    let found = Found {
        basis: Some(Box::new(basis(&state, &plan).await?)),
        warned_elsewhere: warned_elsewhere(&state, new.exercise, None).await?,
        tell: who_may(&state, Step::Assess, &owner, &path).await?,
        told: Vec::new(),
    };
    let with = Proposing { id: id.clone(), code: code(&id, state.shown()), owner, exercise: new.exercise };
    let (terms, prompt) = (Terms::from(new.terms), new.prompt.map(Prompt::from));
    let command = WarningCommand::Propose { with, terms, reason: new.reason, prompt, found };
    let order = person.order::<Warning>(&state, id.as_str(), command);
    state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    let (version, body) = told(&state, &person, id.as_str()).await?;
    Ok((StatusCode::CREATED, version, body))
}

/// Whether the person may propose for its own organisation; the words why not.
pub(super) async fn may_propose(state: &AppState, person: &Person) -> Result<bool, ServerError> {
    if !person.may(Right::WarningAssess) {
        return Ok(false);
    }
    Ok(permitted(state, person, acting_organisation(person.actor())).await.is_ok())
}

/// A house out of scope is refused in the words for one that does not exist.
async fn permitted(state: &AppState, person: &Person, owner: &OrgId) -> Result<OrgPath, ServerError> {
    let unknown = || ServerError::Refused(LedgerError::UnknownOrganisation(owner.clone()).to_string());
    let place = state.store().org_place(owner).await?.filter(|place| place.active).ok_or_else(unknown)?;
    let (kind, secrecy) = ("warning", Warning::SECRECY);
    let item = Item { owner_path: &place.path, owner, assigned: &[], account: Some(person.account()), kind, secrecy };
    let own = owner == acting_organisation(person.actor());
    permit_new(person.authority(), &item)
        .map_err(|refusal| if own { ServerError::Forbidden(refusal.to_string()) } else { unknown() })?;
    Ok(place.path)
}

/// `YJ-20180114-7K3M2`: the day, and signs that follow from the id.
fn code(id: &WarningId, from: Instant) -> String {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let signs = digest[..SIGNS_IN_CODE].iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    let day = (from.last_ended_hour() + 1).day().to_string().replace('-', "");
    format!("YJ-{day}-{}", signs.collect::<String>())
}
