//! What people do with a matter.

use super::concerned::{check_assigned, check_responsible, places, remind_on};
use super::one::{MatterDetail, told};
use super::subject::Subject;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::ledger::{Matter, MatterCommand, Step, permit};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::Order;
use units::{AccountId, BeijingDay, OrgId};
use utoipa::ToSchema;

/// What a step says; each step takes the fields that belong to it and refuses others.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StepBody {
    /// `comment`, `submit`, `approve`, `return`, `cancel`, `rename`: what is said.
    text: Option<String>,
    /// `rename`: one line.
    title: Option<String>,
    /// `assign`: who has to do it.
    #[schema(value_type = Option<Vec<String>>)]
    assigned: Option<Vec<OrgId>>,
    /// `assign`: the account that answers for it.
    #[schema(value_type = Option<String>)]
    responsible: Option<AccountId>,
    /// `reschedule`: the new last day; none when left out.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<BeijingDay>,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// Takes a step: `assign`, `acknowledge`, `comment`, `evidence`, `submit`, `approve`, `return`, `cancel`, `rename`,
/// `reschedule`. Which ones are possible stands in the matter's `actions`.
#[utoipa::path(post, path = "/api/v1/matters/{id}/{step}", tag = "ledger", request_body = StepBody,
    params(("id" = String, Path), ("step" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = MatterDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn step(
    State(state): State<AppState>,
    person: Person,
    Path((id, step)): Path<(String, String)>,
    key: Key,
    Version(version): Version,
    Body(body): Body<StepBody>,
) -> Result<(Version, Json<MatterDetail>), ServerError> {
    let known = Step::ALL.into_iter().find(|known| known.as_str() == step);
    let step = known.ok_or_else(|| ServerError::NotFound(format!("/api/v1/matters/{id}/{step}")))?;
    let subject = Subject::seen(&state, &person, &id).await?;
    person.need(step.right())?;
    permit(step, person.authority(), &subject.item()).map_err(|error| ServerError::Forbidden(error.to_string()))?;
    let reason = body.reason.clone();
    let command = body.command(step, &state, &person, &subject).await?;
    let order = person.order::<Matter>(&state, &id, command);
    let order = Order { expected: Some(version), key: Some(key.as_str()), reason: reason.as_deref(), ..order };
    state.execute(order).await?;
    told(&state, &person, &id).await
}

impl StepBody {
    async fn command(
        self,
        step: Step,
        state: &AppState,
        person: &Person,
        subject: &Subject,
    ) -> Result<MatterCommand, ServerError> {
        let standing = subject.standing(person);
        let said = self.text.clone().unwrap_or_default();
        Ok(match step {
            Step::Assign => self.assign(state, person, subject).await?,
            Step::Acknowledge => MatterCommand::Acknowledge { standing },
            Step::Comment => MatterCommand::Comment { text: said },
            Step::Evidence => {
                let way = format!(
                    "evidence is added by sending the file: POST /api/v1/attachments?matter={}",
                    subject.matter.id
                );
                return Err(ServerError::BadBody(way));
            }
            Step::Submit => MatterCommand::Submit { text: said, standing },
            Step::Approve => MatterCommand::Approve { text: said, standing },
            Step::Return => MatterCommand::Return { text: said, standing },
            Step::Cancel => MatterCommand::Cancel { text: said },
            Step::Rename => MatterCommand::Rename {
                title: self.title.unwrap_or_else(|| subject.matter.title.clone()),
                text: self.text.unwrap_or_else(|| subject.matter.text.clone()),
            },
            Step::Reschedule => MatterCommand::Reschedule { due: self.due, remind_on: self.due.and_then(remind_on) },
        })
    }

    async fn assign(self, state: &AppState, person: &Person, subject: &Subject) -> Result<MatterCommand, ServerError> {
        let assigned = self.assigned.ok_or_else(|| ServerError::BadBody("assign needs assigned".into()))?;
        let new: Vec<OrgId> = assigned.iter().filter(|id| !subject.matter.assigned.contains(id)).cloned().collect();
        check_assigned(state, person, &new).await?;
        if let Some(account) = self.responsible.iter().find(|id| subject.matter.responsible.as_ref() != Some(*id)) {
            check_responsible(state, person, account, &subject.matter.owner, &assigned).await?;
        }
        let places = places(state, &assigned).await?;
        Ok(MatterCommand::Assign { assigned, responsible: self.responsible, places })
    }
}
