//! "If lifted at T": what the members of the newest run say after it (解除反事实).

use super::basis::{indexed, plan_of};
use super::proposal::{Shares, shares};
use super::subject::Subject;
use super::view::CityName;
use crate::auth::Person;
use crate::extract::{Path, Query};
use crate::figure::Figure;
use crate::list::read;
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::standards::AqiEdition;
use ::warn::{Indexed, NO_INDEX, Plan, if_lifted};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use units::{BeijingHour, Instant};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedLift {
    /// When it would be lifted; the moment shown when left out.
    at: Option<String>,
}

/// What would follow if the warning were lifted at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Counterfactual {
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    cities: Vec<CounterfactualCity>,
    text: String,
    text_en: String,
    stamp: Stamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CounterfactualCity {
    city: CityName,
    /// Share of members that meet a level again after the lift.
    again: Shares,
    /// Share of members above the lowest threshold within the lift span; `null` when the forecast ends before.
    above: Option<Figure>,
    /// Median hours that the index stays at or below the lowest threshold; those of the forecast when it stays so.
    below_hours: Option<Figure>,
    /// Whether the plan's rule allows the lift.
    allowed: bool,
}

/// What the newest run says after a lift at a moment, for the cities of the warning.
#[utoipa::path(get, operation_id = "warning_counterfactual", path = "/api/v1/warnings/{id}/counterfactual", tag = "warn",
    params(("id" = String, Path), AskedLift),
    responses((status = 200, body = Counterfactual), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn counterfactual(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<AskedLift>,
) -> Result<Json<Counterfactual>, ServerError> {
    let subject = Subject::inside(&state, &person, &id).await?;
    let warning = &subject.warning;
    let at = read::<Instant>("at", asked.at.as_deref())?.unwrap_or(state.shown());
    let last = warning.issued.last().map(|issued| &issued.draft).or(warning.draft.as_ref());
    let terms = last.map(|draft| draft.terms.clone());
    let plan = plan_of(&state, warning.exercise, last.map(|draft| draft.basis.plan.id.as_str())).await?;
    let (issue, indexed) = indexed(&state).await?;
    let outlooks = if_lifted(&plan, &indexed, at);
    let codes = terms.map(|terms| terms.cities).unwrap_or_default();
    let city = |code: &units::RegionCode| {
        let place = indexed.cities.iter().position(|city| *city == code.to_string())?;
        let outlook = outlooks.get(place)?;
        Some(CounterfactualCity {
            city: CityName::of(*code),
            again: shares(&outlook.probability),
            above: outlook.again.and_then(|share| Figure::rounded(share, 3)),
            below_hours: below_hours(&plan, &indexed, place, at.last_ended_hour()),
            allowed: outlook.again.is_some_and(|again| again < plan.act_at),
        })
    };
    let cities: Vec<CounterfactualCity> = codes.iter().filter_map(city).collect();
    let (text, text_en) = words(&plan, &cities);
    let stamp = Stamp::forecast(issue, AqiEdition::in_force(issue.day()).id(), state.options().demo);
    Ok(Json(Counterfactual { at, cities, text, text_en, stamp }))
}

fn words(plan: &Plan, cities: &[CounterfactualCity]) -> (String, String) {
    let hours = plan.lift_below_hours;
    let not: Vec<&CityName> = cities.iter().filter(|city| !city.allowed).map(|city| &city.city).collect();
    if cities.is_empty() {
        return ("预报中没有这些城市。".into(), "The forecast says nothing of these cities.".into());
    }
    if not.is_empty() {
        return (
            format!("各城市解除后 {hours} 小时内再超最低阈值的成员比例均低于 {}，符合解除条件。", plan.act_at),
            format!(
                "Fewer than {} of the members are above the lowest threshold again within {hours} h in every city: the rule allows the lift.",
                plan.act_at
            ),
        );
    }
    let zh: Vec<&str> = not.iter().map(|city| city.name.as_str()).collect();
    let en: Vec<&str> = not.iter().map(|city| city.name_en.as_str()).collect();
    (
        format!("{}解除后 {hours} 小时内可能再次超过最低阈值，不符合解除条件。", zh.join("、")),
        format!(
            "{} may be above the lowest threshold again within {hours} h: the rule does not allow the lift.",
            en.join(", ")
        ),
    )
}

/// Median over the members; `None` when no member reaches the moment.
fn below_hours(plan: &Plan, indexed: &Indexed, city: usize, at: BeijingHour) -> Option<Figure> {
    let bound = i16::try_from(*plan.levels.first()?.when.bounds().first()?).ok()?;
    let from = usize::try_from(at - indexed.first_hour).ok()?;
    let after = (0..indexed.members).filter_map(|member| indexed.course(member, city).get(from..));
    let known = after.filter(|course| course.iter().any(|index| *index != NO_INDEX));
    let mut hours: Vec<usize> =
        known.map(|course| course.iter().position(|index| *index > bound).unwrap_or(course.len())).collect();
    hours.sort_unstable();
    let median = hours.get(hours.len().checked_sub(1)? / 2)?;
    Figure::rounded(*median as f64, 0)
}
