//! A single warning, as far as the person sees it, and what the person may do.

use super::basis::basis;
use super::changes::changes;
use super::levels::levels;
use super::subject::Subject;
use super::view::{
    BasisView, CityName, DraftView, IssuedView, OfficialDay, SummaryView, TermsBody, WarningDetail, WarningHistoryRow,
    state_en,
};
use crate::action::ActionLine;
use crate::auth::{Person, Version};
use crate::consult::everything;
use crate::extract::Path;
use crate::people::{Names, Unnamed};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::warn::{Basis, Draft, Step, Warning, WarningEvent, actions};
use axum::Json;
use axum::extract::State;
use event::{Aggregate, Record};
use store::EventFilter;
use units::{AccountId, Instant, RegionCode};

/// Records of a warning's history read.
const HISTORY: u32 = 1000;

/// One warning. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/warnings/{id}", tag = "warn", params(("id" = String, Path)),
    responses((status = 200, body = WarningDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn warning(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<WarningDetail>), ServerError> {
    told(&state, &person, &id).await
}

/// The warning as it is now, for whoever has just changed it too.
pub(super) async fn told(
    state: &AppState,
    person: &Person,
    id: &str,
) -> Result<(Version, Json<WarningDetail>), ServerError> {
    let subject = Subject::seen(state, person, id).await?;
    let (warning, now) = (&subject.warning, state.shown());
    let records = records(state, id).await?;
    let names = names(&subject, &records).read(state).await?;
    let draft = warning.draft.as_ref().filter(|_| subject.insider);
    let nothing = || ServerError::Broken(format!("the warning {id} rests on nothing: its log has no draft"));
    let shown = shown(warning, draft, &records).ok_or_else(nothing)?;
    let frozen = &shown.basis;
    let official = official(state, shown).await?;
    let offered = if subject.insider {
        actions(warning, person.authority(), &subject.item()).into_iter().map(ActionLine::from).collect()
    } else {
        Vec::new()
    };
    let drafts = subject.insider && warning.in_force() && subject.permit(person, Step::Draft).is_ok();
    let changes = match warning.terms().filter(|_| drafts) {
        Some(terms) => changes(state, warning, terms).await?,
        None => Vec::new(),
    };
    let organisations: Vec<CityName> = subject.told.iter().map(|org| organisation(&names.organisation(org))).collect();
    let issued = warning.issued.iter().enumerate();
    let owner = names.organisation(&warning.owner);
    let body = WarningDetail {
        stamp: stamp(frozen, state.options().demo),
        id: warning.id.to_string(),
        code: warning.code.clone(),
        version: subject.version,
        owner: owner.id,
        owner_name: owner.name,
        state: warning.state.as_str(),
        state_label: warning.state.name(),
        state_label_en: state_en(warning.state.as_str()),
        exercise: warning.exercise,
        demonstration: frozen.demonstration,
        terms: warning.terms().map(TermsBody::from),
        draft: draft.map(|draft| DraftView::of(draft, &names, now)),
        issued: issued.map(|(place, one)| IssuedView::of(place, one, &organisations, &names, now)).collect(),
        basis: BasisView::of(frozen, &official, now),
        summary: warning.summary.as_ref().map(|summary| {
            let by = names.account(&summary.by);
            SummaryView { text: summary.text.clone(), by: by.id, by_name: by.name, at: summary.at }
        }),
        actions: offered,
        changes,
        history: records.iter().filter(|one| subject.insider || one.public()).map(|one| one.row(&names)).collect(),
        levels: levels(state, frozen).await?,
    };
    Ok((Version(subject.version), Json(body)))
}

/// What the figures of a warning rest on.
fn stamp(basis: &Basis, demo: bool) -> Stamp {
    Stamp {
        data_time: basis.data_time,
        review_state: "record",
        ..Stamp::forecast(basis.run.issue, &basis.standard, demo)
    }
}

/// Of the draft, else of the last document, else of the proposal that led to nothing.
fn shown<'a>(warning: &'a Warning, draft: Option<&'a Draft>, records: &'a [Happened]) -> Option<&'a Draft> {
    let issued = warning.issued.last().map(|issued| &issued.draft);
    let given_up = records.iter().rev().find_map(|one| match &one.event {
        WarningEvent::Drafted { draft } => Some(&**draft),
        WarningEvent::Proposed { warning } => warning.draft.as_ref(),
        _ => None,
    });
    draft.or(issued).or(given_up)
}

/// The official forecast of the run's day as it stood when the draft was written: every signed version is kept, so that
/// a later correction changes nothing here.
async fn official(state: &AppState, draft: &Draft) -> Result<Vec<(RegionCode, OfficialDay)>, ServerError> {
    let day = draft.basis.run.issue.day();
    let signed = state.store().official_forecasts(&everything(), day).await?;
    let before = signed.into_iter().filter(|row| row.signed_at <= draft.at).max_by_key(|row| row.signed_at);
    let calls = before.map(|row| row.official.conclusion.days).unwrap_or_default();
    let one = |call: ::consult::DayCall| {
        let (date, lo, hi) = (day + i32::from(call.lead), call.lo.get(), call.hi.get());
        (call.city, OfficialDay { date, lo, hi })
    };
    Ok(calls.into_iter().map(|day| one(day.call)).collect())
}

fn organisation(named: &crate::people::Named) -> CityName {
    CityName { code: named.id.clone(), name: named.name.clone(), name_en: named.name.clone() }
}

/// One event of a warning with who and when.
pub(super) struct Happened {
    event: WarningEvent,
    by: AccountId,
    at: Instant,
    version: u64,
}

impl Happened {
    /// Whether those hear of it who were only given the documents.
    fn public(&self) -> bool {
        matches!(self.event, WarningEvent::Issued { .. })
    }

    /// The organisations that a document was given to; `None` of any other event.
    pub(super) fn told(&self) -> Option<Vec<units::OrgId>> {
        match &self.event {
            WarningEvent::Issued { told, .. } => Some(told.clone()),
            _ => None,
        }
    }

    /// The key of the notice that told an organisation of a document; `None` of any other event.
    pub(super) fn notice_key(&self, warning: &units::WarningId, number: &str, org: &str) -> Option<String> {
        match &self.event {
            WarningEvent::Issued { document, .. } if document == number => {
                Some(format!("warning:{warning}:{}:organisation:{org}", self.version))
            }
            _ => None,
        }
    }

    fn row(&self, names: &Names) -> WarningHistoryRow {
        let by = names.account(&self.by);
        let (event, label, label_en, text) = self.words();
        WarningHistoryRow { at: self.at, by: by.id, by_name: by.name, event, label, label_en, text }
    }

    fn words(&self) -> (&'static str, &'static str, &'static str, String) {
        let terms = |draft: &Draft| format!("{}{}", draft.change.name(), draft.terms.level.name());
        match &self.event {
            WarningEvent::Proposed { warning } => {
                let text = warning.draft.as_ref().map(terms).unwrap_or_default();
                ("proposed", "提出", "Proposed", text)
            }
            WarningEvent::Drafted { draft } => ("drafted", "拟稿", "Drafted", terms(draft)),
            WarningEvent::Assessed { opinion, .. } => ("assessed", "研判", "Assessed", opinion.clone()),
            WarningEvent::Signed { opinion, .. } => ("signed", "审签", "Signed", opinion.clone()),
            WarningEvent::Issued { document, .. } => ("issued", "发布", "Issued", document.clone()),
            WarningEvent::Dropped { text } => ("dropped", "退回", "Sent back", text.clone()),
            WarningEvent::Summarised { summary } => ("summarised", "总结", "Summarised", summary.text.clone()),
            WarningEvent::Reminded {} => ("reminded", "到期提醒", "Reminded of the end", String::new()),
            WarningEvent::GateReminded {} => ("gate_reminded", "催办", "Reminded of the draft", String::new()),
        }
    }
}

/// The events of a warning, oldest first.
pub(super) async fn records(state: &AppState, id: &str) -> Result<Vec<Happened>, ServerError> {
    let filter = EventFilter {
        kind: Some(Warning::KIND.into()),
        id: Some(id.to_string()),
        limit: HISTORY,
        ..EventFilter::default()
    };
    let broken = |error: String| ServerError::Broken(error);
    let read = |record: Record| {
        let event = serde_json::from_value(record.body).map_err(|error| broken(error.to_string()))?;
        Ok(Happened { event, by: record.actor.account, at: record.shown, version: record.version })
    };
    let stored = state.store().events(&filter).await?;
    stored.iter().map(|one| read(one.record().map_err(|error| broken(error.to_string()))?)).collect()
}

fn names(subject: &Subject, records: &[Happened]) -> Unnamed {
    let warning = &subject.warning;
    let drafts = || warning.draft.iter().chain(warning.issued.iter().map(|issued| &issued.draft));
    let passed = drafts().flat_map(|draft| draft.assessed.iter().chain(&draft.signed)).map(|passed| &passed.by);
    let accounts: Vec<&AccountId> = drafts()
        .map(|draft| &draft.by)
        .chain(passed)
        .chain(warning.issued.iter().map(|issued| &issued.by))
        .chain(records.iter().map(|one| &one.by))
        .chain(warning.summary.iter().map(|summary| &summary.by))
        .collect();
    Names::of(subject.told.iter().chain([&warning.owner]), accounts)
}

/// The names of everybody in a warning, for its documents.
pub(super) async fn named(state: &AppState, subject: &Subject) -> Result<Names, ServerError> {
    names(subject, &[]).read(state).await
}

/// What rests on the newest run, for a change that is drafted now.
pub(super) async fn basis_of(state: &AppState, warning: &Warning) -> Result<Basis, ServerError> {
    let last = warning.draft.as_ref().or(warning.issued.last().map(|issued| &issued.draft));
    let named = last.map(|draft| draft.basis.plan.id.clone());
    let plan = super::basis::plan_of(state, warning.exercise, named.as_deref()).await?;
    basis(state, &plan).await
}
