//! What a draft rests on: the run shown and a plan, frozen with what both say of each city.

use crate::forecast::{Found, issue_shown, observed_before, off_the_reactor, run_shown};
use crate::sight::own_cities;
use crate::{AppState, Issued, ServerError};
use ::standards::AqiEdition;
use ::warn::{
    Basis, CityNow, Indexed, NO_INDEX, Plan, PlanBasis, RunBasis, check_indexed, freeze, known_plans, plan_in_force,
};
use event::Digest;
use forecast::History;
use std::sync::Arc;
use units::{BeijingHour, Instant, RegionCode};

/// Hours back in which the last observed 24-hour index of a city is looked for.
const LOOKED_BACK_HOURS: usize = 3;

/// The province whose department this is.
pub(super) fn province() -> RegionCode {
    "320000".parse().expect("a legal code")
}

/// Every plan that decides or has decided: bundled and of the house.
pub(super) async fn plans(state: &AppState) -> Result<Vec<Plan>, ServerError> {
    let records: Vec<_> = state.store().plan_records().await?.into_iter().map(|(record, _)| record).collect();
    Ok(known_plans(&records)?)
}

/// The plan that the house goes by (现行预案) out of all of them: the one in force on the day shown. Demonstration data
/// are past data rehearsed under the rules of today, so there it is today's. Refuses `W-104`, `W-105`.
pub(super) fn in_use<'a>(state: &AppState, plans: &'a [Plan]) -> Result<&'a Plan, ServerError> {
    let day = if state.options().demo { state.today() } else { state.as_of().day() };
    Ok(plan_in_force(plans, province(), day)?)
}

/// The plan of a warning: the one in use, or for an exercise one that is named. Refuses `A-205`, `W-104`, `W-105`.
pub(super) async fn plan_of(state: &AppState, exercise: bool, named: Option<&str>) -> Result<Plan, ServerError> {
    let plans = plans(state).await?;
    match named.filter(|_| exercise) {
        Some(id) => {
            let known = || plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>().join(", ");
            let unknown = || ServerError::UnknownPlan(id.chars().take(40).collect(), known());
            plans.iter().find(|plan| plan.id == id).cloned().ok_or_else(unknown)
        }
        None => in_use(state, &plans).cloned(),
    }
}

/// The run shown; refuses `F-404` while there is none, so that nothing is decided on nothing.
pub(super) async fn run(state: &AppState) -> Result<Arc<Issued>, ServerError> {
    match run_shown(state, state.as_of()).await? {
        Found::Ready(issued) => Ok(issued),
        Found::Pending => {
            let issue = issue_shown(state.as_of());
            Err(ServerError::NoRun(format!("the run of {issue} is being made: try again when it is ready")))
        }
        Found::Failed(reason) => Err(ServerError::NoRun(reason)),
    }
}

/// The 24-hour indices of the run shown and its issue time.
pub(super) async fn indexed(state: &AppState) -> Result<(BeijingHour, Indexed), ServerError> {
    let issued = run(state).await?;
    let before = observed_before(state, issued.run.issue).await?;
    Ok((
        issued.run.issue,
        off_the_reactor(move || Indexed::from_courses(&issued.run.trajectories, Some(&before))).await??,
    ))
}

/// What run and plan say, as it stands at the moment shown.
pub(super) async fn basis(state: &AppState, plan: &Plan) -> Result<Basis, ServerError> {
    let issued = run(state).await?;
    let issue = issued.run.issue;
    let digest = match state.store().run(issue).await? {
        Some(row) => Digest::Sha256.written_of(&row.body),
        None => Digest::Sha256.written_of(&issued.run.to_bytes()),
    };
    let (before, seen) = (observed_before(state, issue).await?, observed_before(state, state.as_of() + 1).await?);
    let (plan, now, as_of, demo) = (plan.clone(), state.shown(), state.as_of(), state.options().demo);
    off_the_reactor(move || frozen(&plan, &issued, digest, &before, &seen, (now, as_of), demo)).await?
}

fn frozen(
    plan: &Plan,
    issued: &Issued,
    digest: String,
    before: &History,
    seen: &History,
    (now, as_of): (Instant, BeijingHour),
    demonstration: bool,
) -> Result<Basis, ServerError> {
    let run = &issued.run;
    let indexed = Indexed::from_courses(&run.trajectories, Some(before))?;
    let check = check_indexed(plan, &indexed);
    let observed = Indexed::of_observed(seen, None)?;
    let regions = own_cities();
    let city = |code: &String| {
        let region = regions.iter().find(|region| region.code.to_string() == *code)?;
        Some(CityNow {
            city: code.clone(),
            code: region.code,
            name: region.name.clone(),
            name_en: region.name_en.clone(),
            observed: last_index(&observed, code).map(|(aqi, _)| aqi),
        })
    };
    let cities: Vec<CityNow> = run.trajectories.cities.iter().filter_map(city).collect();
    let data_time = cities.iter().filter_map(|city| last_index(&observed, &city.city)).map(|(_, hour)| hour).max();
    Ok(Basis {
        run: RunBasis {
            id: format!("{}@{}", run.issue, run.model_id),
            digest,
            issue: run.issue,
            members: u32::try_from(run.trajectories.members).unwrap_or(u32::MAX),
            model: run.model_id.clone(),
        },
        plan: PlanBasis::of(plan),
        data_time,
        standard: AqiEdition::in_force(run.issue.day()).id().to_string(),
        demonstration,
        cities: freeze(plan, &indexed, &check, &cities, data_time.unwrap_or(as_of), now),
    })
}

/// The newest observed 24-hour index within the last hours.
fn last_index(observed: &Indexed, city: &str) -> Option<(u16, BeijingHour)> {
    let place = observed.cities.iter().position(|known| known == city)?;
    let course = observed.course(0, place);
    let newest = (course.len().saturating_sub(LOOKED_BACK_HOURS)..course.len()).rev();
    let known = newest.into_iter().find(|column| course[*column] != NO_INDEX)?;
    Some((u16::try_from(course[known]).ok()?, observed.first_hour + i64::try_from(known).ok()?))
}

/// Cities whose observed 24-hour index is above the plan's bound of late detection, by the data seen now.
pub(super) async fn heavy_now(state: &AppState, plan: &Plan) -> Result<Vec<RegionCode>, ServerError> {
    let observed = Indexed::of_observed(&observed_before(state, state.as_of() + 1).await?, None)?;
    let heavy = |code: &&String| last_index(&observed, code).is_some_and(|(aqi, _)| aqi > plan.late.aqi_gt);
    Ok(observed.cities.iter().filter(heavy).filter_map(|code| code.parse().ok()).collect())
}
