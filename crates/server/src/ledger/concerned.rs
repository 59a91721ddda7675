//! Whom a matter may name: an organisation or an account out of scope is refused like one that does not exist.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::ledger::LedgerError;
use calendar::Calendar;
use org::{OrgError, Place, Right, acting_organisation};
use std::sync::LazyLock;
use units::{AccountId, BeijingDay, OrgId};

static CALENDAR: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::bundled().expect("the files are part of the program and a test reads each"));

/// The organisations, open or closed, as far as they exist.
pub(super) async fn places(state: &AppState, ids: &[OrgId]) -> Result<Vec<Place>, ServerError> {
    let found = state.store().org_places(ids).await?;
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// Refuses `L-105` whom the person does not see: an order cannot be sent there.
pub(super) async fn check_assigned(state: &AppState, person: &Person, ids: &[OrgId]) -> Result<(), ServerError> {
    let scope = person.scope(Right::OrgRead);
    for id in ids.iter().filter(|id| *id != acting_organisation(person.actor())) {
        if state.store().organisation(&scope, id.as_str()).await?.is_none() {
            return Err(ServerError::Refused(LedgerError::UnknownOrganisation(id.clone()).to_string()));
        }
    }
    Ok(())
}

/// Refuses `G-402` an account that is closed, unknown, or belongs neither to the owner, nor to those who have to do it,
/// nor to what the person sees.
pub(super) async fn check_responsible(
    state: &AppState,
    person: &Person,
    account: &AccountId,
    owner: &OrgId,
    assigned: &[OrgId],
) -> Result<(), ServerError> {
    let unknown = || ServerError::Refused(OrgError::UnknownAccount(account.clone()).to_string());
    let found = state.store().accounts_among(std::slice::from_ref(account)).await?.pop();
    let found = found.map(|row| row.account).filter(|found| found.active).ok_or_else(unknown)?;
    let at = &found.organisation;
    if at == owner || assigned.contains(at) {
        return Ok(());
    }
    let row = state.store().organisation(&person.scope(Right::OrgRead), at.as_str()).await?;
    row.map(drop).ok_or_else(unknown)
}

/// The workday before a day; none where the calendar of the year is not known, so that nobody is reminded on a day
/// that was guessed.
pub(super) fn remind_on(due: BeijingDay) -> Option<BeijingDay> {
    CALENDAR.add_workdays(due, -1).ok()
}
