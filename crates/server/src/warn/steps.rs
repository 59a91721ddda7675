//! What people do with a warning that exists.

use super::one::{basis_of, told};
use super::people::{bureaus, warned_elsewhere, who_may};
use super::subject::Subject;
use super::view::{PromptBody, TermsBody, WarningDetail};
use super::words::ChangeWord;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::warn::{Change, Found, Prompt, Step, Terms, WarnError, Warning, WarningCommand};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::Order;
use utoipa::ToSchema;

/// What a step says; each step takes the fields that belong to it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WarningStep {
    /// `draft`: what it does; what the waiting draft does when left out.
    #[schema(value_type = Option<ChangeWord>)]
    change: Option<Change>,
    /// `draft`: what is to hold.
    terms: Option<TermsBody>,
    /// `draft`: why, where it departs from the rule.
    reason: Option<String>,
    /// `draft`: the prompt from above that it follows.
    prompt: Option<PromptBody>,
    /// `assess`: the draft's number, as it was seen.
    draft: Option<u32>,
    /// `sign`: the draft's digest, as it was seen.
    digest: Option<String>,
    /// `assess`, `sign`: what is said.
    opinion: Option<String>,
    /// `issue`: document number.
    document: Option<String>,
    /// `drop`: why; `summarise`: the summary.
    text: Option<String>,
}

/// Takes a step: `draft`, `assess`, `sign`, `issue`, `drop`, `summarise`. Which ones are possible stands in the
/// warning's `actions`, the changes that can be drafted in its `changes`.
#[utoipa::path(post, operation_id = "warning_step", path = "/api/v1/warnings/{id}/{step}", tag = "warn",
    request_body = WarningStep,
    params(("id" = String, Path), ("step" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = WarningDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn step(
    State(state): State<AppState>,
    person: Person,
    Path((id, step)): Path<(String, String)>,
    key: Key,
    version: Result<Version, ServerError>,
    Body(body): Body<WarningStep>,
) -> Result<(Version, Json<WarningDetail>), ServerError> {
    let step = Step::ALL.into_iter().find(|known| known.as_str() == step);
    let step = step.ok_or_else(|| ServerError::NotFound(format!("/api/v1/warnings/{id}")))?;
    let subject = Subject::seen(&state, &person, &id).await?;
    subject.permit(&person, step)?;
    let expected = Some(version?.0);
    let command = body.command(step, &state, &subject).await?;
    let order = person.order::<Warning>(&state, &id, command);
    state.execute(Order { expected, key: Some(key.as_str()), ..order }).await?;
    told(&state, &person, &id).await
}

impl WarningStep {
    async fn command(self, step: Step, state: &AppState, subject: &Subject) -> Result<WarningCommand, ServerError> {
        let missing = |field: &str| ServerError::BadBody(format!("{field} is missing for this step"));
        let found = found(state, subject, step).await?;
        Ok(match step {
            Step::Draft => {
                let change = self.change.or(subject.warning.draft.as_ref().map(|draft| draft.change));
                WarningCommand::Draft {
                    change: change.ok_or_else(|| missing("change"))?,
                    terms: Terms::from(self.terms.ok_or_else(|| missing("terms"))?),
                    reason: self.reason.unwrap_or_default(),
                    prompt: self.prompt.map(Prompt::from),
                    found,
                }
            }
            Step::Assess => {
                let draft = self.draft.ok_or_else(|| missing("draft"))?;
                WarningCommand::Assess { draft, opinion: self.opinion.unwrap_or_default(), found }
            }
            Step::Sign => {
                let digest = self.digest.ok_or_else(|| missing("digest"))?;
                WarningCommand::Sign { digest, opinion: self.opinion.unwrap_or_default(), found }
            }
            Step::Issue => {
                let document = self.document.unwrap_or_default();
                let own = subject.warning.issued.iter().any(|issued| issued.document == document.trim());
                // One number for one document of the house, exercises included: people quote it alone.
                if !own && state.store().warning_document_used(document.trim()).await? {
                    return Err(ServerError::Refused(WarnError::DocumentUsed(document).to_string()));
                }
                WarningCommand::Issue { document, found }
            }
            Step::Drop => WarningCommand::Drop { text: self.text.unwrap_or_default() },
            Step::Summarise => WarningCommand::Summarise { text: self.text.unwrap_or_default() },
        })
    }
}

/// What is looked up for a step: whom it concerns next, and for a draft what it rests on.
async fn found(state: &AppState, subject: &Subject, step: Step) -> Result<Found, ServerError> {
    let warning = &subject.warning;
    let mut found = Found::default();
    let next = match step {
        Step::Draft => Some(Step::Assess),
        Step::Assess => Some(Step::Sign),
        Step::Sign => Some(Step::Issue),
        // Of an exercise the house alone hears that it was issued.
        Step::Issue if warning.exercise => Some(Step::Drop),
        Step::Issue | Step::Drop | Step::Summarise => None,
    };
    if let Some(next) = next {
        found.tell = who_may(state, next, &warning.owner, subject.path()).await?;
    }
    if step == Step::Draft {
        found.basis = Some(Box::new(basis_of(state, warning).await?));
    }
    if matches!(step, Step::Draft | Step::Issue) {
        found.warned_elsewhere = warned_elsewhere(state, warning.exercise, Some(warning)).await?;
    }
    if let (Step::Issue, Some(draft)) = (step, &warning.draft) {
        let mut cities = draft.terms.cities.clone();
        // A city that leaves the warning is told so too.
        cities.extend(warning.terms().into_iter().flat_map(|terms| terms.cities.iter().copied()));
        found.told = bureaus(state, &cities).await?;
    }
    Ok(found)
}
