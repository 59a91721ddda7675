//! What the plans say of the run shown: proposals, never warnings.

use super::basis::{plan_of, province};
use super::list::standing_now;
use super::runs::last_checks;
use super::view::TermsBody;
use super::words::LevelWord;
use crate::auth::Person;
use crate::extract::Query;
use crate::figure::Figure;
use crate::forecast::{Found, Pending, issue_shown, observed_before, pending, run_shown};
use crate::problem::Problem;
use crate::sight::{Sight, city};
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, Issued, ServerError};
use ::standards::AqiEdition;
use ::warn::{Cause, Check, CityCheck, Plan, RegionCheck, Rule, check, plan_in_force, sayings, steady};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::Right;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use units::{BeijingDay, BeijingHour, Instant, RegionCode, WarningLevel};
use utoipa::{IntoParams, ToSchema};

/// Runs by which a proposal is steadied: so many days back nothing of today was in sight.
const STEADIED: usize = 5;

/// What a plan proposes for each city, from the run shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct Proposal {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    plan: PlanName,
    members: usize,
    /// Share of members from which a level is proposed.
    act_at: f64,
    /// What the reader should know of the policy and of the members.
    notes: Vec<String>,
    notes_en: Vec<String>,
    /// Ready to be proposed, one for each level, the highest first.
    terms: Vec<TermsBody>,
    cities: Vec<CityProposal>,
    region: RegionProposal,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PlanName {
    id: String,
    title: String,
    title_en: String,
    #[schema(value_type = String, format = Date)]
    effective_from: BeijingDay,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CityProposal {
    /// GB/T 2260.
    city: String,
    name: String,
    /// `none`, `yellow`, `orange` or `red`.
    level: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Instant>,
    /// The rule that fired, in words.
    rule: Option<String>,
    rule_en: Option<String>,
    probability: Shares,
    start_quantiles: Option<Times>,
    /// What would have to change.
    unless: Option<String>,
    unless_en: Option<String>,
    /// The level with the runs before in mind: taken up at `act_at`, kept down to `keep_at`.
    #[schema(value_type = Option<LevelWord>)]
    steady: Option<WarningLevel>,
    /// The level of a warning in force that the person sees; of an exercise only while nothing else is in force.
    #[schema(value_type = Option<LevelWord>)]
    warned: Option<WarningLevel>,
}

/// Share of members that meet a level or a higher one, 0 to 1.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Shares {
    pub(super) yellow: Option<Figure>,
    pub(super) orange: Option<Figure>,
    pub(super) red: Option<Figure>,
}

/// Quantiles of a moment over the members.
#[derive(Serialize, ToSchema)]
pub(crate) struct Times {
    #[schema(value_type = String, format = DateTime)]
    q10: Instant,
    #[schema(value_type = String, format = DateTime)]
    q25: Instant,
    #[schema(value_type = String, format = DateTime)]
    q50: Instant,
    #[schema(value_type = String, format = DateTime)]
    q75: Instant,
    #[schema(value_type = String, format = DateTime)]
    q90: Instant,
}

/// All cities together.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegionProposal {
    /// The highest level of any city.
    level: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Instant>,
    /// Cities proposed for a level or a higher one.
    yellow: Vec<String>,
    orange: Vec<String>,
    red: Vec<String>,
    /// Share of members in which at least one city meets a level or a higher one.
    probability: Shares,
}

/// The plans that come with the program.
#[derive(Serialize, ToSchema)]
pub(crate) struct Plans {
    rows: Vec<PlanRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PlanRow {
    #[serde(flatten)]
    name: PlanName,
    /// Whether it is the one in force on the day shown.
    in_force: bool,
    /// Whether it is a draft of the house, which decides nothing.
    draft: bool,
    /// Share of members from which a level is proposed.
    act_at: f64,
    confidence: String,
    levels: Vec<LevelText>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelText {
    pub(super) level: &'static str,
    pub(super) text: String,
    pub(super) text_en: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProposalQuery {
    /// The plan; when left out the newest, which is what an exercise on past data rehearses.
    plan: Option<String>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// What a plan proposes for the run shown. 202 while the run is being made.
#[utoipa::path(get, path = "/api/v1/warnings/proposal", tag = "warn", params(ProposalQuery),
    responses((status = 200, body = Proposal), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn proposal(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<ProposalQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let plan = plan_of(&state, true, query.plan.as_deref()).await?;
    let sight = Sight::now(&state);
    let issued = match run_shown(&state, sight.as_of()).await? {
        Found::Ready(issued) => issued,
        Found::Pending => return Ok(pending(issue_shown(sight.as_of()))),
        Found::Failed(reason) => return Err(ServerError::NoRun(reason)),
    };
    let checked = checked(&state, plan.clone(), issued.clone()).await?;
    let mut body = said(&plan, issued.run.issue, checked, state.options().demo);
    let (earlier, warned) = (last_checks(&state, &plan, STEADIED).await?, warned(&state, &person).await?);
    for city in &mut body.cities {
        let sayings = sayings(&earlier, &city.city);
        city.steady = steady(&plan, &sayings).rows.last().and_then(|row| row.level);
        city.warned = warned.iter().find(|(code, _)| code.to_string() == city.city).map(|(_, level)| *level);
    }
    answer(shape, body, table)
}

/// The cities of the warnings in force with their levels.
async fn warned(state: &AppState, person: &Person) -> Result<Vec<(RegionCode, WarningLevel)>, ServerError> {
    let rows = standing_now(state, &person.scope(Right::WarningRead)).await?;
    let level = |row: store::WarningRow| row.terms.cities.into_iter().map(move |code| (code, row.terms.level));
    Ok(rows.into_iter().flat_map(level).collect())
}

/// What the plan in force today on the wall clock says of a run.
pub async fn propose(state: &AppState, issued: &Arc<Issued>) -> Result<Check, ServerError> {
    checked(state, Plan::newest()?, issued.clone()).await
}

/// Some hundred thousand members, cities and hours are held against the rules, off the reactor.
async fn checked(state: &AppState, plan: Plan, issued: Arc<Issued>) -> Result<Check, ServerError> {
    let observed = observed_before(state, issued.run.issue).await?;
    let work = move || check(&plan, &issued.run.trajectories, Some(&observed));
    let checked = tokio::task::spawn_blocking(work).await;
    Ok(checked.map_err(|e| ServerError::Broken(format!("the check broke down: {e}")))??)
}

/// Plans with their levels in words.
#[utoipa::path(get, path = "/api/v1/plans", tag = "warn",
    responses((status = 200, body = Plans), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn plans(State(state): State<AppState>) -> Result<Json<Plans>, ServerError> {
    let plans = super::basis::plans(&state).await?;
    // Before the oldest edition none is in force, and none is shown as such.
    let in_force = plan_in_force(&plans, province(), state.as_of().day()).ok().map(|plan| plan.id.clone());
    let drafts = super::plans::drafts(&state).await?;
    let decided = plans.iter().map(|plan| plan_row(plan, Some(&plan.id) == in_force.as_ref()));
    Ok(Json(Plans {
        rows: decided.chain(drafts.iter().map(|plan| PlanRow { draft: true, ..plan_row(plan, false) })).collect(),
    }))
}

fn said(plan: &Plan, issue: BeijingHour, checked: Check, demo: bool) -> Proposal {
    Proposal {
        stamp: Stamp::forecast(issue, AqiEdition::in_force(issue.day()).id(), demo),
        issue_time: issue,
        plan: plan_name(plan),
        members: checked.members,
        act_at: plan.act_at,
        terms: terms(&checked),
        notes: notes(plan, &checked).into_iter().map(|(zh, _)| zh).collect(),
        notes_en: notes(plan, &checked).into_iter().map(|(_, en)| en).collect(),
        cities: checked.cities.into_iter().map(city_said).collect(),
        region: region_said(checked.region),
    }
}

/// What is ready to be proposed, one for each level that is the highest of some city.
fn terms(checked: &Check) -> Vec<TermsBody> {
    let at = |level: WarningLevel| {
        let of = || checked.cities.iter().filter(move |city| city.level == Some(level));
        let (start, end) = (of().filter_map(|city| city.start).min()?, of().filter_map(|city| city.end).max()?);
        let cities = of().filter_map(|city| city.city.parse().ok()).collect();
        Some(TermsBody { level, cause: Cause::Pm25, cities, start, end })
    };
    WarningLevel::ALL.into_iter().rev().filter_map(at).collect()
}

/// The policy in words, and what is wrong with members.
fn notes(plan: &Plan, checked: &Check) -> Vec<(String, String)> {
    let (act, keep) = (plan.act_at, plan.policy.keep_at.get());
    let policy = (
        format!("成员比例达到 {act} 建议启动，降到 {keep} 以下才撤下，避免逐次起报反复。"),
        format!("A level is taken up at {act} of the members and kept down to {keep}, so that runs do not flap."),
    );
    std::iter::once(policy).chain(checked.flags.iter().map(|flag| flag.words())).collect()
}

fn city_said(said: CityCheck) -> CityProposal {
    let q = said.start_quantiles;
    CityProposal {
        name: city(&said.city).map_or_else(|_| said.city.clone(), |region| region.name.clone()),
        city: said.city,
        level: word(said.level),
        start: said.start,
        end: said.end,
        rule: said.rule,
        rule_en: said.rule_en,
        probability: shares(&said.probability),
        start_quantiles: q.map(|q| Times { q10: q.q10, q25: q.q25, q50: q.q50, q75: q.q75, q90: q.q90 }),
        unless: said.unless,
        unless_en: said.unless_en,
        steady: None,
        warned: None,
    }
}

fn region_said(said: RegionCheck) -> RegionProposal {
    RegionProposal {
        level: word(said.level),
        start: said.start,
        end: said.end,
        yellow: said.yellow,
        orange: said.orange,
        red: said.red,
        probability: shares(&said.probability),
    }
}

pub(super) fn shares(probability: &::warn::Probability) -> Shares {
    let share = |level| Figure::rounded(probability.of(level), 3);
    Shares { yellow: share(WarningLevel::Yellow), orange: share(WarningLevel::Orange), red: share(WarningLevel::Red) }
}

fn word(level: Option<WarningLevel>) -> &'static str {
    level.map_or("none", WarningLevel::code)
}

fn plan_name(plan: &Plan) -> PlanName {
    PlanName {
        id: plan.id.clone(),
        title: plan.title.clone(),
        title_en: plan.title_en.clone(),
        effective_from: plan.effective_from,
    }
}

fn plan_row(plan: &Plan, in_force: bool) -> PlanRow {
    let level = |rule: &::warn::LevelRule| {
        let (text, text_en) = in_words(&rule.when);
        LevelText { level: rule.level.code(), text, text_en }
    };
    PlanRow {
        name: plan_name(plan),
        in_force,
        draft: false,
        act_at: plan.act_at,
        confidence: plan.confidence.clone(),
        levels: plan.levels.iter().map(level).collect(),
    }
}

/// A rule in Chinese and in English.
pub(super) fn in_words(rule: &Rule) -> (String, String) {
    let join = |parts: &[Rule], zh: &str, en: &str| {
        let (chinese, english): (Vec<String>, Vec<String>) = parts.iter().map(in_words).unzip();
        (chinese.join(zh), english.join(en))
    };
    match rule {
        Rule::Condition(condition) => {
            let (bound, hours) = (condition.aqi_gt, condition.hours);
            (format!("AQI>{bound} 持续 {hours} 小时"), format!("AQI > {bound} for {hours} h"))
        }
        Rule::AnyOf { any_of } => join(any_of, "，或 ", ", or "),
        Rule::AllOf { all_of } => join(all_of, "，且 ", ", and "),
    }
}

fn table(proposal: &Proposal) -> Table {
    let columns = [
        "issue_time",
        "plan",
        "code",
        "city",
        "level",
        "start",
        "end",
        "rule",
        "p_yellow",
        "p_orange",
        "p_red",
        "unless",
    ];
    let row = |city: &CityProposal| -> Vec<Cell> {
        vec![
            proposal.issue_time.to_string().into(),
            proposal.plan.id.clone().into(),
            city.city.clone().into(),
            city.name.clone().into(),
            city.level.into(),
            city.start.map(|time| time.to_string()).into(),
            city.end.map(|time| time.to_string()).into(),
            city.rule.clone().into(),
            city.probability.yellow.into(),
            city.probability.orange.into(),
            city.probability.red.into(),
            city.unless.clone().into(),
        ]
    };
    Table {
        title: format!("预警研判建议（{}）", proposal.plan.title),
        file: format!("warning-proposal-{}", &proposal.issue_time.to_string()[..10]),
        stamp: proposal.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: proposal.cities.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_the_plan_puts_it() {
        let plan = Plan::bundled("national-2024").unwrap();
        let row = plan_row(&plan, true);
        assert_eq!(row.levels.iter().map(|level| level.level).collect::<Vec<_>>(), ["yellow", "orange", "red"]);
        assert_eq!(row.levels[0].text, "AQI>200 持续 24 小时，或 AQI>150 持续 48 小时");
        assert_eq!(row.levels[0].text_en, "AQI > 200 for 24 h, or AQI > 150 for 48 h");
    }
}
