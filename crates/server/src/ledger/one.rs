//! A single matter: its facts, its history, and what the person may do with it.

use super::subject::Subject;
use crate::action::ActionLine;
use crate::attachment::AttachmentView;
use crate::auth::{Person, Version};
use crate::extract::Path;
use crate::people::{Named, Names, Unnamed};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::ledger::Matter;
use axum::Json;
use axum::extract::State;
use event::{Aggregate, Record};
use org::{Right, Secrecy};
use serde::Serialize;
use serde_json::Value;
use store::{AttachmentRow, EventFilter};
use units::{AccountId, BeijingDay, Instant};
use utoipa::ToSchema;

/// Records of a history told; more than the limits of comments and evidence together would make.
const HISTORY: u32 = 2000;

/// A matter (事项) with everything that belongs to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatterDetail {
    id: String,
    code: String,
    kind: String,
    title: String,
    /// What is to be done.
    text: String,
    /// `open`, `acknowledged`, `submitted`, `closed`, `cancelled`.
    state: &'static str,
    owner: Named,
    /// Who has to do it, and whether it has arrived there.
    assigned: Vec<AssignedTo>,
    responsible: Option<Named>,
    created_by: Named,
    submitted_by: Option<Named>,
    /// `open`, `internal`, `restricted`.
    #[schema(value_type = String)]
    secrecy: Secrecy,
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<BeijingDay>,
    /// Whether the due day passed before it was done.
    overdue: bool,
    /// How often it was returned.
    returns: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    version: u64,
    /// Its files, oldest first, withdrawn ones included; each at `/api/v1/attachments/{id}`.
    attachments: Vec<AttachmentView>,
    /// What the person may do now, and why not.
    actions: Vec<ActionLine>,
    /// What happened, oldest first.
    history: Vec<HistoryLine>,
}

/// An organisation that has to do it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AssignedTo {
    id: String,
    name: String,
    acknowledged: bool,
}

/// One thing that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct HistoryLine {
    seq: i64,
    version: u64,
    /// For example `assigned`.
    name: String,
    /// By the wall clock.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// By the clock that the screen showed.
    #[schema(value_type = String, format = DateTime)]
    shown: Instant,
    account: Named,
    organisation: Named,
    /// For which organisation, when that is another one.
    on_behalf_of: Option<Named>,
    reason: Option<String>,
    /// What was said with it: the opinion, the comment, what was done.
    text: Option<String>,
    /// The fields that changed, as they were.
    #[schema(value_type = Object)]
    before: Value,
    /// The same fields afterwards.
    #[schema(value_type = Object)]
    after: Value,
}

/// One matter. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/matters/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = MatterDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn matter(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<MatterDetail>), ServerError> {
    told(&state, &person, &id).await
}

/// The matter as it is now, for whoever has just changed it too.
pub(super) async fn told(
    state: &AppState,
    person: &Person,
    id: &str,
) -> Result<(Version, Json<MatterDetail>), ServerError> {
    let subject = Subject::seen(state, person, id).await?;
    let history = history(state, id).await?;
    let names = names(&subject.matter, &history).read(state).await?;
    let standing = subject.standing(person);
    let actions = ::ledger::actions(&subject.matter, person.authority(), &subject.item(), &standing);
    let actions = actions.into_iter().map(ActionLine::from).collect();
    let attachments = state.store().attachments(&person.scope(Right::MatterRead), id).await?;
    let version = subject.version;
    Ok((Version(version), Json(detail(subject, &names, actions, attachments, &history))))
}

async fn history(state: &AppState, id: &str) -> Result<Vec<Record>, ServerError> {
    let filter = EventFilter {
        kind: Some(Matter::KIND.into()),
        id: Some(id.to_string()),
        limit: HISTORY,
        ..EventFilter::default()
    };
    let stored = state.store().events(&filter).await?;
    stored.iter().map(|one| one.record().map_err(|error| ServerError::Broken(error.to_string()))).collect()
}

fn names(matter: &Matter, history: &[Record]) -> Unnamed {
    let actors = || history.iter().map(|record| &record.actor);
    let organisations = matter.assigned.iter().chain([&matter.owner]);
    let organisations = organisations.chain(actors().map(|actor| &actor.organisation));
    let organisations = organisations.chain(actors().filter_map(|actor| actor.on_behalf_of.as_ref()));
    let accounts = matter.responsible.iter().chain(&matter.submitted_by).chain([&matter.created_by]);
    Names::of(organisations, accounts.chain(actors().map(|actor| &actor.account)))
}

fn detail(
    subject: Subject,
    names: &Names,
    actions: Vec<ActionLine>,
    attachments: Vec<AttachmentRow>,
    history: &[Record],
) -> MatterDetail {
    let matter = subject.matter;
    let account = |id: &AccountId| names.account(id);
    MatterDetail {
        id: matter.id.to_string(),
        code: matter.code,
        kind: matter.kind,
        title: matter.title,
        text: matter.text,
        state: matter.state.as_str(),
        owner: names.organisation(&matter.owner),
        assigned: matter
            .assigned
            .iter()
            .map(|id| AssignedTo::of(names.organisation(id), matter.acknowledged.contains(id)))
            .collect(),
        responsible: matter.responsible.as_ref().map(account),
        created_by: account(&matter.created_by),
        submitted_by: matter.submitted_by.as_ref().map(account),
        secrecy: matter.secrecy,
        due: matter.due,
        overdue: matter.overdue,
        returns: matter.returns,
        created_at: matter.created_at,
        version: subject.version,
        attachments: attachments.into_iter().map(|file| AttachmentView::of(file, names)).collect(),
        actions,
        history: history.iter().map(|record| line(record, names)).collect(),
    }
}

fn line(record: &Record, names: &Names) -> HistoryLine {
    let actor = &record.actor;
    HistoryLine {
        seq: record.seq,
        version: record.version,
        name: record.name.clone(),
        at: record.at,
        shown: record.shown,
        account: names.account(&actor.account),
        organisation: names.organisation(&actor.organisation),
        on_behalf_of: actor.on_behalf_of.as_ref().map(|id| names.organisation(id)),
        reason: record.reason.clone(),
        text: record.body.get("text").and_then(Value::as_str).map(str::to_string),
        before: record.before.clone(),
        after: record.after.clone(),
    }
}

impl AssignedTo {
    fn of(named: Named, acknowledged: bool) -> AssignedTo {
        AssignedTo { id: named.id, name: named.name, acknowledged }
    }
}
