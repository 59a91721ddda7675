//! "Why can X see Y": the reasons behind a right, grant by grant.

use crate::auth::{Person, now};
use crate::extract::Query;
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::ledger::Matter;
use axum::Json;
use axum::extract::State;
use org::{Authority, Extent, Item, OrgPath, Reason, Right, Secrecy};
use serde::{Deserialize, Serialize};
use units::{AccountId, OrgId};
use utoipa::{IntoParams, ToSchema};

/// What is asked: may this account use this right, on this matter or organisation or at all.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    account: String,
    /// For example `matter.read`.
    right: String,
    matter: Option<String>,
    organisation: Option<String>,
}

/// The answer, with one reason for each grant.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explanation {
    account: Named,
    right: String,
    allowed: bool,
    /// Empty when the account has no grant at all.
    reasons: Vec<ReasonLine>,
}

/// Why one grant gives it, or does not.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReasonLine {
    grant: String,
    /// The delegation that lends it.
    delegation: Option<String>,
    role: String,
    /// How far it reaches, in words of the tree, for example `subtree /js/320100/`.
    extent: Vec<String>,
    organisation: Named,
    #[schema(value_type = String, format = Date)]
    from: units::BeijingDay,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<units::BeijingDay>,
    holds: bool,
    why: String,
    why_en: String,
}

/// What the question is about.
struct Thing {
    path: OrgPath,
    owner: OrgId,
    assigned: Vec<OrgId>,
    account: Option<AccountId>,
    kind: String,
    secrecy: Secrecy,
}

/// Why an account may, or may not, use a right on a matter, on an organisation, or at all.
///
/// Account, matter and organisation must lie in the scope of `explain.read`.
#[utoipa::path(get, path = "/api/v1/explain", tag = "people", params(Question),
    responses((status = 200, body = Explanation), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn explain(
    State(state): State<AppState>,
    person: Person,
    Query(question): Query<Question>,
) -> Result<Json<Explanation>, ServerError> {
    person.need(Right::ExplainRead)?;
    let right: Right =
        question.right.parse().map_err(|error: org::OrgError| ServerError::BadQuery(error.to_string()))?;
    let unknown = || ServerError::NotFound(format!("/api/v1/accounts/{}", question.account));
    let row = state.store().account(&person.scope(Right::ExplainRead), &question.account).await?.ok_or_else(unknown)?;
    let standing = state.store().standing(&row.account.id).await?.ok_or_else(unknown)?;
    let authority = Authority::of(&standing.known(None), now());
    let reasons = match thing(&state, &person, &question).await? {
        Some(thing) => authority.explain(right, &thing.item()),
        None => authority.explain_right(right),
    };
    let names = Names::of(reasons.iter().map(|reason| &reason.organisation), [&row.account.id]).read(&state).await?;
    Ok(Json(Explanation {
        account: names.account(&row.account.id),
        right: right.to_string(),
        allowed: reasons.iter().any(|reason| reason.holds),
        reasons: reasons.into_iter().map(|reason| line(reason, &names)).collect(),
    }))
}

async fn thing(state: &AppState, person: &Person, question: &Question) -> Result<Option<Thing>, ServerError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (given(&question.matter), given(&question.organisation)) {
        (Some(id), None) => matter(state, person, &id).await.map(Some),
        (None, Some(id)) => organisation(state, person, &id).await.map(Some),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ServerError::BadQuery("ask about a matter or an organisation, not both".into())),
    }
}

async fn matter(state: &AppState, person: &Person, id: &str) -> Result<Thing, ServerError> {
    let unknown = || ServerError::NotFound(format!("/api/v1/matters/{id}"));
    let row = state.store().matter(&person.scope(Right::ExplainRead), id).await?.ok_or_else(unknown)?;
    let (matter, _) = state.store().load::<Matter>(id).await?.ok_or_else(unknown)?;
    Ok(Thing {
        path: row.owner_path,
        account: Some(matter.account().clone()),
        owner: matter.owner,
        assigned: matter.assigned,
        kind: matter.kind,
        secrecy: matter.secrecy,
    })
}

async fn organisation(state: &AppState, person: &Person, id: &str) -> Result<Thing, ServerError> {
    let unknown = || ServerError::NotFound(format!("/api/v1/organisations/{id}"));
    let row = state.store().organisation(&person.scope(Right::ExplainRead), id).await?.ok_or_else(unknown)?;
    Ok(Thing {
        path: row.path,
        owner: row.organisation.id,
        assigned: Vec::new(),
        account: None,
        kind: "organisation".into(),
        secrecy: Secrecy::Open,
    })
}

impl Thing {
    fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.owner,
            assigned: &self.assigned,
            account: self.account.as_ref(),
            kind: &self.kind,
            secrecy: self.secrecy,
        }
    }
}

fn line(reason: Reason, names: &Names) -> ReasonLine {
    ReasonLine {
        grant: reason.basis.grant,
        delegation: reason.basis.delegation,
        role: reason.role,
        extent: reason.extent.iter().map(words).collect(),
        organisation: names.organisation(&reason.organisation),
        from: reason.from,
        to: reason.to,
        holds: reason.holds,
        why: reason.why,
        why_en: reason.why_en,
    }
}

fn words(extent: &Extent) -> String {
    match extent {
        Extent::All => "all".to_string(),
        Extent::Subtree(path) => format!("subtree {path}"),
        Extent::Organisation(id) => format!("organisation {id}"),
        Extent::Assigned(id) => format!("assigned {id}"),
        Extent::Own(id) => format!("own {id}"),
    }
}
