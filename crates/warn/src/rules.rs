//! What a draft must satisfy before it enters the gates, and texts as they are kept.

use crate::{Basis, Change, Departure, Found, Prompt, Terms, WarnError, Warning};
use std::collections::BTreeSet;
use units::{Instant, RegionCode};

/// Cities a warning can name.
const MOST_CITIES: usize = 60;
/// Days a warning can last. An episode longer than this is extended.
const MOST_DAYS: u32 = 15;
const MOST_PROMPT: usize = 200;

/// What was asked for.
pub(crate) struct Asked {
    pub change: Change,
    pub terms: Terms,
    pub reason: String,
    pub prompt: Option<Prompt>,
}

/// Refuses what cannot be decided upon: `W-203` to `W-215`, `W-409`.
pub(crate) fn check_draft(warning: &Warning, asked: &Asked, found: &Found, now: Instant) -> Result<(), WarnError> {
    let Asked { change, terms, .. } = asked;
    check_terms(terms)?;
    check_change(warning, *change, terms)?;
    let basis = found.basis.as_deref().ok_or(WarnError::NoBasis)?;
    if basis.demonstration && !warning.exercise {
        return Err(WarnError::OnlyExercise);
    }
    // An exercise may rehearse a plan on the past, when it was not in force.
    let today = now.last_ended_hour().day();
    let in_force = basis.plan.effective_from <= today && basis.plan.effective_until.is_none_or(|last| today <= last);
    if !warning.exercise && !in_force {
        return Err(WarnError::PlanNotInForce(basis.plan.id.clone()));
    }
    check_elsewhere(terms, *change, found)?;
    check_fresh(basis, now)?;
    if let Some(code) = terms.cities.iter().find(|code| basis.city(**code).is_none()) {
        return Err(WarnError::NoForecast(*code));
    }
    check_prompt(basis, asked)?;
    check_departures(basis, asked, now)
}

fn check_terms(terms: &Terms) -> Result<(), WarnError> {
    let unique: BTreeSet<RegionCode> = terms.cities.iter().copied().collect();
    if terms.cities.is_empty() || terms.cities.len() > MOST_CITIES || unique.len() != terms.cities.len() {
        return Err(WarnError::BadCities(MOST_CITIES));
    }
    let seconds = terms.end.to_utc().signed_duration_since(terms.start.to_utc()).num_seconds();
    if seconds <= 0 || seconds > i64::from(MOST_DAYS) * 86_400 {
        return Err(WarnError::BadTimes(MOST_DAYS));
    }
    Ok(())
}

/// Whether a change is what its name says, against what holds now.
fn check_change(warning: &Warning, change: Change, terms: &Terms) -> Result<(), WarnError> {
    let set = |terms: &Terms| terms.cities.iter().copied().collect::<BTreeSet<RegionCode>>();
    let fits = match (change, warning.terms()) {
        (Change::Issue, now) => now.is_none(),
        (_, None) => false,
        (Change::Raise, Some(now)) => terms.level > now.level && set(terms).is_superset(&set(now)),
        (Change::Lower, Some(now)) => {
            let fewer = set(terms).is_subset(&set(now)) && set(terms) != set(now);
            terms.level < now.level || (terms.level == now.level && fewer)
        }
        (Change::Extend, Some(now)) => {
            let more = set(terms).is_superset(&set(now)) && terms.end >= now.end;
            terms.level == now.level && more && (terms.end > now.end || set(terms) != set(now))
        }
        (Change::Lift | Change::Withdraw, Some(now)) => terms.level == now.level && set(terms) == set(now),
    };
    if fits { Ok(()) } else { Err(WarnError::NotThatChange(change.as_str())) }
}

/// Refuses `W-212` when another warning holds one of the cities.
pub(crate) fn check_elsewhere(terms: &Terms, change: Change, found: &Found) -> Result<(), WarnError> {
    if change.ends() {
        return Ok(());
    }
    let taken = terms.cities.iter().find(|code| found.warned_elsewhere.contains(code));
    taken.map_or(Ok(()), |code| Err(WarnError::WarnedElsewhere(*code)))
}

/// Refuses `W-207` a forecast that is older than the plan allows, or from the future.
pub(crate) fn check_fresh(basis: &Basis, now: Instant) -> Result<(), WarnError> {
    let (age, most) = (basis.age_hours(now), basis.plan.max_forecast_age_hours);
    if (0..=i64::from(most)).contains(&age) {
        return Ok(());
    }
    Err(WarnError::ForecastAge { issue: basis.run.issue, age, most })
}

fn check_prompt(basis: &Basis, asked: &Asked) -> Result<(), WarnError> {
    let Some(prompt) = &asked.prompt else { return Ok(()) };
    line("prompt", &prompt.document, MOST_PROMPT)?;
    let unknown = || WarnError::UnknownPrompt(prompt.linkage.chars().take(MOST_PROMPT).collect());
    let area = basis.plan.linkage.iter().find(|area| area.id == prompt.linkage).ok_or_else(unknown)?;
    let known = area.prompts.iter().any(|one| one.level == prompt.level && one.from == prompt.from);
    if known { Ok(()) } else { Err(unknown()) }
}

/// What departs from the rule needs a reason; with one it passes.
fn check_departures(basis: &Basis, asked: &Asked, now: Instant) -> Result<(), WarnError> {
    let Asked { change, terms, reason, prompt } = asked;
    if !reason.trim().is_empty() {
        return Ok(());
    }
    let missing = |departure| Err(WarnError::ReasonMissing(departure));
    let cities = || terms.cities.iter().filter_map(|code| basis.city(*code));
    match change {
        Change::Withdraw => return missing(Departure::Withdrawal),
        Change::Lift => {
            let likely = cities().any(|city| city.again.is_none_or(|again| again.get() >= basis.plan.act_at));
            return if likely { missing(Departure::LiftAgainLikely) } else { Ok(()) };
        }
        Change::Issue | Change::Raise | Change::Lower | Change::Extend => {}
    }
    let least = cities().filter_map(|city| city.level).max().max(prompt.as_ref().map(|prompt| prompt.level));
    match least {
        Some(least) if terms.level < least => return Err(WarnError::BelowLeast(least)),
        Some(least) if terms.level == least => {}
        Some(_) | None => return missing(Departure::AboveProposed),
    }
    if let Some(area) = prompt.as_ref().and_then(|prompt| basis.plan.linkage.iter().find(|a| a.id == prompt.linkage)) {
        let linked = |code: RegionCode| area.regions.iter().any(|region| region.contains(code));
        if basis.cities.iter().any(|city| linked(city.city) && !terms.cities.contains(&city.city)) {
            return missing(Departure::LinkedCityLeftOut);
        }
    }
    let lead = terms.start.to_utc().signed_duration_since(now.to_utc()).num_minutes();
    let short = *change == Change::Issue && lead < i64::from(basis.plan.lead_hours) * 60;
    if short && !cities().any(|city| city.late) { missing(Departure::ShortLead) } else { Ok(()) }
}

/// One line; refuses `W-203`.
pub(crate) fn line(what: &'static str, text: &str, most: usize) -> Result<String, WarnError> {
    checked(what, text, most, char::is_control)
}

/// Several lines; refuses `W-203`.
pub(crate) fn lines(what: &'static str, text: &str, most: usize) -> Result<String, WarnError> {
    checked(what, text, most, |c| c.is_control() && c != '\n' && c != '\t')
}

/// Several lines that may be left out.
pub(crate) fn optional_lines(what: &'static str, text: &str, most: usize) -> Result<String, WarnError> {
    if text.trim().is_empty() { Ok(String::new()) } else { lines(what, text, most) }
}

fn checked(what: &'static str, text: &str, most: usize, bad: impl Fn(char) -> bool) -> Result<String, WarnError> {
    let text = text.trim().replace("\r\n", "\n");
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(bad);
    if good { Ok(text) } else { Err(WarnError::BadText { what, most }) }
}
