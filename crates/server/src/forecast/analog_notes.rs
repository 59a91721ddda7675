//! What was done on similar past days (当时的应对), as far as this system knows: the conclusions that were signed then.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::consult::{DayCall, Official};
use ::forecast::analog::{Analog, Note};
use org::Right;
use store::{AboutRun, IssuedWithin};
use units::{BeijingDay, BeijingHour};

/// Letters of an opinion that a note repeats.
const LONGEST: usize = 80;

/// Adds to each analog what was recorded from the first to the last of its days, in the person's scope.
pub(super) async fn add_notes(
    state: &AppState,
    person: &Person,
    issue: BeijingHour,
    analogs: &mut [Analog],
) -> Result<(), ServerError> {
    let scope = person.scope(Right::ConsultRead);
    for analog in analogs {
        let first = analog.days_before.first().copied().unwrap_or(analog.date);
        let last = analog.days_after.last().copied().unwrap_or(analog.date);
        let within = IssuedWithin { owner: None, days: (first, last) };
        let signed = state.store().conclusions_signed(&scope, within).await?;
        let known = signed.iter().filter(|one| one.said.signed_at <= issue.end());
        analog.notes = known.map(note).collect();
    }
    Ok(())
}

fn note(signed: &AboutRun<Official>) -> Note {
    let (issue, conclusion) = (signed.issue.day(), &signed.said.conclusion);
    let highest = conclusion.days.iter().map(|day| &day.call).max_by_key(|call| (call.hi, call.lo));
    let said = highest.map_or_else(String::new, |call| highest_words(call, issue));
    let opinion: String = conclusion.text.chars().take(LONGEST).collect();
    let parts: Vec<String> = [said, opinion.replace('\n', " ")].into_iter().filter(|part| !part.is_empty()).collect();
    Note { time: signed.said.signed_at, text: parts.join("，"), source: format!("正式预报 {}", signed.code) }
}

fn highest_words(call: &DayCall, issue: BeijingDay) -> String {
    let city = super::named::names(Some(&call.city.to_string())).text;
    let day = issue + i32::from(call.lead);
    format!("预报最高为{city} {day} AQI {}～{}", call.lo, call.hi)
}
