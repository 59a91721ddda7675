//! The list of warnings and the banner of those in force.

use super::propose::may_propose;
use super::view::{CityName, change_en, state_en};
use super::words::{CauseWord, ChangeWord, GateWord, LevelWord, StateWord};
use crate::auth::Person;
use crate::extract::Query;
use crate::list::{Paging, read, words};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::warn::{Change, Gate, Step, Warning, WarningState, insider, permit};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::{Item, Right, Scope};
use serde::{Deserialize, Serialize};
use store::{WaitingFor, WarningFilter};
use units::{Instant, RegionCode, WarningLevel};
use utoipa::{IntoParams, ToSchema};

/// Warnings in force that are read; a province has far fewer at once.
const AT_ONCE: u32 = 50;

/// Which warnings a list is about; what is left out does not narrow it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedWarnings {
    /// States with commas between them.
    state: Option<String>,
    /// A city of it, GB/T 2260.
    city: Option<String>,
    /// Exercises, or all but exercises.
    exercise: Option<bool>,
    /// Those that wait for the person who asks.
    mine: Option<bool>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// A warning in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WarningRow {
    id: String,
    code: String,
    #[schema(value_type = StateWord)]
    state: String,
    state_label: &'static str,
    state_label_en: &'static str,
    exercise: bool,
    demonstration: bool,
    #[schema(value_type = LevelWord)]
    level: WarningLevel,
    #[schema(value_type = CauseWord)]
    cause: &'static str,
    cities: Vec<CityName>,
    #[schema(value_type = String, format = DateTime)]
    start: Instant,
    #[schema(value_type = String, format = DateTime)]
    end: Instant,
    /// Of the draft under way.
    #[schema(value_type = Option<ChangeWord>)]
    change: Option<String>,
    change_label: Option<&'static str>,
    change_label_en: Option<&'static str>,
    #[schema(value_type = Option<GateWord>)]
    gate: Option<String>,
    gate_label: Option<&'static str>,
    gate_label_en: Option<&'static str>,
    document: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<Instant>,
    late: bool,
    version: u64,
    your_turn: bool,
}

/// One page of warnings, and whether a new one can be proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WarningList {
    rows: Vec<WarningRow>,
    next: Option<String>,
    total: u64,
    can_propose: bool,
    /// Why not, or what a proposal is limited to; empty otherwise.
    why_not: String,
    why_not_en: String,
    stamp: Stamp,
}

/// What is in force now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WarningBanner {
    /// Exercises only while nothing else is in force.
    rows: Vec<BannerRow>,
    /// Drafts at a gate that the person can pass.
    waiting: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BannerRow {
    id: String,
    code: String,
    #[schema(value_type = LevelWord)]
    level: WarningLevel,
    exercise: bool,
    demonstration: bool,
    cities: Vec<CityName>,
    #[schema(value_type = String, format = DateTime)]
    start: Instant,
    #[schema(value_type = String, format = DateTime)]
    end: Instant,
    document: String,
}

/// Warnings in scope, the newest first.
#[utoipa::path(get, path = "/api/v1/warnings", tag = "warn", params(AskedWarnings, Paging),
    responses((status = 200, body = WarningList), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn warnings(
    State(state): State<AppState>,
    person: Person,
    Query(asked): Query<AskedWarnings>,
    Query(paging): Query<Paging>,
    shape: Shape,
) -> Result<Response, ServerError> {
    person.need(Right::WarningRead)?;
    let scope = person.scope(Right::WarningRead);
    let filter = WarningFilter {
        states: words(asked.state.as_deref()),
        city: read::<RegionCode>("city", asked.city.as_deref())?,
        exercise: asked.exercise,
        waiting: asked.mine.unwrap_or(false).then(|| waiting_for(&person)),
        issued_since: None,
    };
    let page = state.store().warnings(&scope, &filter, paging.limit()?, paging.cursor()).await?;
    let total = state.store().count_warnings(&scope, &filter).await?;
    let can_propose = may_propose(&state, &person).await?;
    let demo = state.options().demo;
    let (why_not, why_not_en) = match (can_propose, demo) {
        (false, _) => ("您没有提出预警的权限", "you may not propose warnings"),
        (true, true) => ("演示数据上只能进行演练", "on demonstration data a warning can only be an exercise"),
        (true, false) => ("", ""),
    };
    let body = WarningList {
        rows: page.items.into_iter().map(|row| line(&person, row)).collect(),
        next: page.next,
        total,
        can_propose,
        why_not: why_not.into(),
        why_not_en: why_not_en.into(),
        stamp: Stamp::records(state.as_of(), demo),
    };
    answer(shape, body, table)
}

/// The warnings in force, for the banner of every page.
#[utoipa::path(get, operation_id = "warnings_in_force", path = "/api/v1/warnings/in-force", tag = "warn",
    responses((status = 200, body = WarningBanner), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn in_force(
    State(state): State<AppState>,
    person: Person,
) -> Result<Json<WarningBanner>, ServerError> {
    person.need(Right::WarningRead)?;
    let scope = person.scope(Right::WarningRead);
    let rows = standing_now(&state, &scope).await?;
    let waits = WarningFilter { waiting: Some(waiting_for(&person)), ..WarningFilter::default() };
    let waiting = state.store().count_warnings(&scope, &waits).await?;
    let row = |row: store::WarningRow| BannerRow {
        id: row.id.to_string(),
        code: row.code,
        level: row.terms.level,
        exercise: row.exercise,
        demonstration: row.demonstration,
        cities: CityName::all(&row.terms.cities),
        start: row.terms.start,
        end: row.terms.end,
        document: row.document,
    };
    Ok(Json(WarningBanner { rows: rows.into_iter().map(row).collect(), waiting }))
}

/// The warnings in force within a scope; exercises only while nothing else is.
pub(super) async fn standing_now(state: &AppState, scope: &Scope) -> Result<Vec<store::WarningRow>, ServerError> {
    let filter = WarningFilter { states: vec!["in_force".into()], ..WarningFilter::default() };
    let mut rows = state.store().warnings(scope, &filter, AT_ONCE, None).await?.items;
    if rows.iter().any(|row| !row.exercise) {
        rows.retain(|row| !row.exercise);
    }
    Ok(rows)
}

/// Where the person assesses, issues and signs.
fn waiting_for(person: &Person) -> WaitingFor {
    WaitingFor {
        account: person.account().clone(),
        assesses: person.scope(Right::WarningAssess).owned(),
        signs: person.scope(Right::WarningSign).owned(),
    }
}

fn line(person: &Person, row: store::WarningRow) -> WarningRow {
    let item = Item {
        owner_path: &row.owner_path,
        owner: &row.owner,
        assigned: &[],
        account: None,
        kind: "warning",
        secrecy: Warning::SECRECY,
    };
    // From outside a draft is not seen.
    let inside = insider(person.authority(), &item);
    let change = Change::ALL.into_iter().find(|known| known.as_str() == row.change).filter(|_| inside);
    let gates = [(Gate::Assessment, Step::Assess), (Gate::SignOff, Step::Sign), (Gate::Issue, Step::Issue)];
    let waits = gates.into_iter().find(|(gate, _)| gate.as_str() == row.gate).filter(|_| inside);
    let may = |step: Step| {
        let lent = step.rights().iter().any(|right| person.may(*right));
        lent && permit(step, person.authority(), &item).is_ok()
    };
    let own = row.assessed_by == person.account().as_str();
    let your_turn = waits.is_some_and(|(gate, step)| may(step) && !(gate == Gate::SignOff && own));
    let gate = waits.map(|(gate, _)| gate);
    WarningRow {
        id: row.id.to_string(),
        state_label: state_zh(&row.state),
        state_label_en: state_en(&row.state),
        state: row.state,
        code: row.code,
        exercise: row.exercise,
        demonstration: row.demonstration,
        level: row.terms.level,
        cause: row.terms.cause.as_str(),
        cities: CityName::all(&row.terms.cities),
        start: row.terms.start,
        end: row.terms.end,
        change: change.map(|change| change.as_str().to_string()),
        change_label: change.map(Change::name),
        change_label_en: change.map(change_en),
        gate: gate.map(|gate| gate.as_str().to_string()),
        gate_label: gate.map(Gate::name),
        gate_label_en: gate.map(gate_en),
        document: Some(row.document).filter(|document| !document.is_empty()),
        issued_at: row.issued_at,
        late: row.late,
        version: row.version,
        your_turn,
    }
}

fn gate_en(gate: Gate) -> &'static str {
    match gate {
        Gate::Assessment => "To be assessed",
        Gate::SignOff => "To be signed",
        Gate::Issue => "To be issued",
    }
}

fn state_zh(state: &str) -> &'static str {
    WarningState::ALL.into_iter().find(|known| known.as_str() == state).map_or("", |known| known.name())
}

fn table(list: &WarningList) -> Table {
    let columns =
        ["code", "state", "exercise", "level", "cause", "cities", "start", "end", "document", "issued_at", "late"];
    let row = |row: &WarningRow| -> Vec<Cell> {
        let cities: Vec<&str> = row.cities.iter().map(|city| city.name.as_str()).collect();
        vec![
            row.code.clone().into(),
            row.state_label.into(),
            if row.exercise { "演练" } else { "" }.into(),
            row.level.code().into(),
            row.cause.into(),
            cities.join("、").into(),
            row.start.to_string().into(),
            row.end.to_string().into(),
            row.document.clone().into(),
            row.issued_at.map(|at| at.to_string()).into(),
            if row.late { "是" } else { "" }.into(),
        ]
    };
    Table {
        title: "重污染天气预警".into(),
        file: "warnings".into(),
        stamp: list.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: list.rows.iter().map(row).collect(),
    }
}
