//! The shapes in which warnings are told.

use super::proposal::Shares;
use super::words::{CauseWord, ChangeWord, GateWord, LevelWord, StateWord};
use crate::action::ActionLine;
use crate::figure::Figure;
use crate::people::Names;
use crate::sight;
use crate::stamp::Stamp;
use ::warn::{Basis, Cause, Change, CityBasis, CoursePoint, Draft, Issued, Passed, PlanBasis, Prompt, Terms};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Instant, RegionCode, Share, WarningLevel};
use utoipa::ToSchema;

/// A city by code and by what people call it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CityName {
    /// GB/T 2260.
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// What a warning says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermsBody {
    /// `yellow`, `orange` or `red`.
    #[schema(value_type = LevelWord)]
    pub level: WarningLevel,
    /// `pm25`, `ozone`, `dust`, `wildfire_smoke`, `blown_dust` or `cross_border`.
    #[serde(default)]
    #[schema(value_type = CauseWord)]
    pub cause: Cause,
    #[schema(value_type = Vec<String>)]
    pub cities: Vec<RegionCode>,
    #[schema(value_type = String, format = DateTime)]
    pub start: Instant,
    #[schema(value_type = String, format = DateTime)]
    pub end: Instant,
}

/// A prompt from above.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromptBody {
    /// Which area of the plan.
    pub linkage: String,
    #[schema(value_type = LevelWord)]
    pub level: WarningLevel,
    /// Who prompts.
    pub from: String,
    /// Its document number.
    pub document: String,
    #[schema(value_type = String, format = DateTime)]
    pub received: Instant,
}

/// A gate that was passed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PassedView {
    pub by: String,
    pub by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    pub opinion: String,
}

/// What a decision rests on, as it was frozen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BasisView {
    run: RunView,
    plan: PlanView,
    #[schema(value_type = Option<String>, format = DateTime)]
    data_time: Option<BeijingHour>,
    standard: String,
    demonstration: bool,
    /// Age of the forecast at the moment shown, hours.
    age_hours: i64,
    /// Whether it is young enough for a decision.
    fresh: bool,
    cities: Vec<CityBasisView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunView {
    id: String,
    digest: String,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    members: u32,
    model: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanView {
    id: String,
    version: String,
    digest: String,
    title: String,
    title_en: String,
    act_at: f64,
    lead_hours: u32,
    max_forecast_age_hours: u32,
    lift_below_hours: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CityBasisView {
    city: CityName,
    #[schema(value_type = Option<LevelWord>)]
    level: Option<WarningLevel>,
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Instant>,
    rule: String,
    rule_en: String,
    probability: Shares,
    /// Already heavily polluted and without clear improvement.
    late: bool,
    /// Share of members that are above the lowest threshold again within the lift span.
    again: Option<Figure>,
    course: Vec<CoursePointView>,
    /// What people signed for the city, day by day; empty where nothing was signed before the draft. The members decide
    /// the probabilities.
    official: Vec<OfficialDay>,
}

/// One day of the official forecast.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OfficialDay {
    #[schema(value_type = String, format = Date)]
    pub date: BeijingDay,
    pub lo: u16,
    pub hi: u16,
}

/// The 24-hour index that ends with an hour, over the members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoursePointView {
    #[schema(value_type = String, format = DateTime)]
    hour: BeijingHour,
    q10: Option<u16>,
    q50: Option<u16>,
    q90: Option<u16>,
}

/// What is on its way through the gates, or what was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftView {
    number: u32,
    /// `issue`, `raise`, `lower`, `extend`, `lift` or `withdraw`.
    #[schema(value_type = ChangeWord)]
    change: Change,
    change_label: &'static str,
    change_label_en: &'static str,
    terms: TermsBody,
    city_names: Vec<CityName>,
    reason: String,
    prompt: Option<PromptBody>,
    by: String,
    by_name: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    assessed: Option<PassedView>,
    signed: Option<PassedView>,
    /// `assessment`, `sign_off` or `issue`.
    #[schema(value_type = GateWord)]
    gate: &'static str,
    /// What a sign-off names.
    digest: String,
    late: bool,
    /// What plan and prompt ask for at least.
    #[schema(value_type = Option<LevelWord>)]
    least_level: Option<WarningLevel>,
    /// What whoever passes it on should know.
    notes: Vec<String>,
    notes_en: Vec<String>,
}

/// One document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuedView {
    /// From 1.
    number: usize,
    document: String,
    draft: DraftView,
    digest: String,
    by: String,
    by_name: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Organisations it was given to.
    told: Vec<CityName>,
}

/// A change as it is offered, with terms filled in from the newest check.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeAction {
    /// `raise`, `lower`, `extend`, `lift` or `withdraw`.
    #[schema(value_type = ChangeWord)]
    pub change: Change,
    pub label: &'static str,
    pub label_en: &'static str,
    pub allowed: bool,
    pub why: String,
    pub why_en: String,
    pub terms: Option<TermsBody>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarningHistoryRow {
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    pub by: String,
    pub by_name: String,
    /// For example `signed`.
    pub event: &'static str,
    pub label: &'static str,
    pub label_en: &'static str,
    /// What was said.
    pub text: String,
}

/// The summary after the end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryView {
    pub text: String,
    pub by: String,
    pub by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// A level of the plan in words with its least cuts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelTerms {
    #[schema(value_type = LevelWord)]
    pub level: &'static str,
    pub text: String,
    pub text_en: String,
    /// The AQI values that its conditions name, ascending.
    pub thresholds: Vec<u16>,
    pub ratios: Vec<Ratio>,
}

/// Least cut of the total local emissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ratio {
    /// `SO2`, `NOx`, `PM` or `VOCs`.
    pub pollutant: &'static str,
    pub percent: Option<Figure>,
}

/// One warning, as far as the person sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarningDetail {
    pub id: String,
    pub code: String,
    pub version: u64,
    pub owner: String,
    pub owner_name: String,
    /// `proposed`, `in_force`, `lifted`, `withdrawn`, `dropped` or `summarised`.
    #[schema(value_type = StateWord)]
    pub state: &'static str,
    pub state_label: &'static str,
    pub state_label_en: &'static str,
    pub exercise: bool,
    pub demonstration: bool,
    /// What holds now.
    pub terms: Option<TermsBody>,
    /// `null` for who was only told of what was issued.
    pub draft: Option<DraftView>,
    pub issued: Vec<IssuedView>,
    /// Of the draft, else of the last document.
    pub basis: BasisView,
    pub summary: Option<SummaryView>,
    pub actions: Vec<ActionLine>,
    /// Of what holds: raise, lower, extend, lift, withdraw.
    pub changes: Vec<ChangeAction>,
    pub history: Vec<WarningHistoryRow>,
    pub levels: Vec<LevelTerms>,
    pub stamp: Stamp,
}

impl CityName {
    pub(super) fn of(code: RegionCode) -> CityName {
        match sight::city(&code.to_string()) {
            Ok(region) => {
                CityName { code: code.to_string(), name: region.name.clone(), name_en: region.name_en.clone() }
            }
            Err(_) => CityName { code: code.to_string(), name: code.to_string(), name_en: code.to_string() },
        }
    }

    pub(super) fn all(codes: &[RegionCode]) -> Vec<CityName> {
        codes.iter().map(|code| CityName::of(*code)).collect()
    }
}

impl From<TermsBody> for Terms {
    fn from(body: TermsBody) -> Terms {
        let TermsBody { level, cause, cities, start, end } = body;
        Terms { level, cause, cities, start, end }
    }
}

impl From<&Terms> for TermsBody {
    fn from(terms: &Terms) -> TermsBody {
        let Terms { level, cause, cities, start, end } = terms.clone();
        TermsBody { level, cause, cities, start, end }
    }
}

impl From<PromptBody> for Prompt {
    fn from(body: PromptBody) -> Prompt {
        let PromptBody { linkage, level, from, document, received } = body;
        Prompt { linkage, level, from, document, received }
    }
}

impl From<&Prompt> for PromptBody {
    fn from(prompt: &Prompt) -> PromptBody {
        let Prompt { linkage, level, from, document, received } = prompt.clone();
        PromptBody { linkage, level, from, document, received }
    }
}

impl From<&PlanBasis> for PlanView {
    fn from(plan: &PlanBasis) -> PlanView {
        let plan = plan.clone();
        PlanView {
            id: plan.id,
            version: plan.version,
            digest: plan.digest,
            title: plan.title,
            title_en: plan.title_en,
            act_at: plan.act_at,
            lead_hours: plan.lead_hours,
            max_forecast_age_hours: plan.max_forecast_age_hours,
            lift_below_hours: plan.lift_below_hours,
        }
    }
}

impl BasisView {
    pub(super) fn of(basis: &Basis, official: &[(RegionCode, OfficialDay)], now: Instant) -> BasisView {
        let run = basis.run.clone();
        let age_hours = basis.age_hours(now);
        BasisView {
            run: RunView {
                id: run.id,
                digest: run.digest,
                issue_time: run.issue,
                members: run.members,
                model: run.model,
            },
            plan: PlanView::from(&basis.plan),
            data_time: basis.data_time,
            standard: basis.standard.clone(),
            demonstration: basis.demonstration,
            age_hours,
            fresh: (0..=i64::from(basis.plan.max_forecast_age_hours)).contains(&age_hours),
            cities: basis.cities.iter().map(|city| CityBasisView::of(city, official)).collect(),
        }
    }
}

impl CityBasisView {
    fn of(city: &CityBasis, official: &[(RegionCode, OfficialDay)]) -> CityBasisView {
        let own = official.iter().filter(|(code, _)| *code == city.city);
        let share = |share: Share| Figure::rounded(share.get(), 3);
        let (code, name, name_en) = (city.city.to_string(), city.name.clone(), city.name_en.clone());
        CityBasisView {
            city: CityName { code, name, name_en },
            level: city.level,
            start: city.start,
            end: city.end,
            rule: city.rule.clone(),
            rule_en: city.rule_en.clone(),
            probability: Shares { yellow: share(city.yellow), orange: share(city.orange), red: share(city.red) },
            late: city.late,
            again: city.again.and_then(share),
            course: city.course.iter().map(CoursePointView::from).collect(),
            official: own.map(|(_, day)| day.clone()).collect(),
        }
    }
}

impl From<&CoursePoint> for CoursePointView {
    fn from(point: &CoursePoint) -> CoursePointView {
        let CoursePoint { hour, q10, q50, q90 } = *point;
        CoursePointView { hour, q10, q50, q90 }
    }
}

impl PassedView {
    fn of(passed: &Passed, names: &Names) -> PassedView {
        let by = names.account(&passed.by);
        PassedView { by: by.id, by_name: by.name, at: passed.at, opinion: passed.opinion.clone() }
    }
}

impl DraftView {
    pub(super) fn of(draft: &Draft, names: &Names, now: Instant) -> DraftView {
        let by = names.account(&draft.by);
        let passed = |gate: &Option<Passed>| gate.as_ref().map(|passed| PassedView::of(passed, names));
        let (notes, notes_en) = notes(draft, now).into_iter().unzip();
        DraftView {
            number: draft.number,
            change: draft.change,
            change_label: draft.change.name(),
            change_label_en: change_en(draft.change),
            terms: TermsBody::from(&draft.terms),
            city_names: CityName::all(&draft.terms.cities),
            reason: draft.reason.clone(),
            prompt: draft.prompt.as_ref().map(PromptBody::from),
            by: by.id,
            by_name: by.name,
            at: draft.at,
            assessed: passed(&draft.assessed),
            signed: passed(&draft.signed),
            gate: draft.gate().as_str(),
            // A draft that was stored was written as canonical JSON before: it has a digest.
            digest: draft.digest().unwrap_or_default(),
            late: draft.late(),
            least_level: draft.least_level(),
            notes,
            notes_en,
        }
    }
}

impl IssuedView {
    pub(super) fn of(place: usize, issued: &Issued, told: &[CityName], names: &Names, now: Instant) -> IssuedView {
        let by = names.account(&issued.by);
        IssuedView {
            number: place + 1,
            document: issued.document.clone(),
            draft: DraftView::of(&issued.draft, names, now),
            digest: issued.digest.clone(),
            by: by.id,
            by_name: by.name,
            at: issued.at,
            told: told.to_vec(),
        }
    }
}

/// What stands out of a draft, in Chinese and English.
fn notes(draft: &Draft, now: Instant) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    if draft.late() {
        let text = "已达重污染且无明显改善，按预案应即时启动。";
        notes.push((text.into(), "Already heavily polluted without clear improvement: issue at once.".into()));
    }
    let (age, most) = (draft.basis.age_hours(now), draft.basis.plan.max_forecast_age_hours);
    if draft.signed.is_none() && age > i64::from(most) {
        notes.push((
            format!("所依据的预报已 {age} 小时，超过预案允许的 {most} 小时：请按最新起报重新拟稿。"),
            format!("The forecast behind it is {age} h old, more than the {most} h of the plan: draft it anew."),
        ));
    }
    if let Some(least) = draft.least_level().filter(|least| *least > draft.terms.level && !draft.change.ends()) {
        notes.push((
            format!("预案或提示要求至少{}，拟稿为{}。", least.name(), draft.terms.level.name()),
            format!("Plan or prompt ask for {} at least, the draft says {}.", least.code(), draft.terms.level.code()),
        ));
    }
    notes
}

pub(super) const fn change_en(change: Change) -> &'static str {
    match change {
        Change::Issue => "Issue",
        Change::Raise => "Raise",
        Change::Lower => "Lower",
        Change::Extend => "Extend",
        Change::Lift => "Lift",
        Change::Withdraw => "Withdraw",
    }
}

/// English word of a state.
pub(super) fn state_en(state: &str) -> &'static str {
    match state {
        "proposed" => "Proposed",
        "in_force" => "In force",
        "lifted" => "Lifted",
        "withdrawn" => "Withdrawn",
        "dropped" => "Not started",
        _ => "Summarised",
    }
}
