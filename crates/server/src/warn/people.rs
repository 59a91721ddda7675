//! Who is concerned by a warning: looked up by right and scope, never sent by a client.

use crate::auth::now;
use crate::consult::{everything, holders};
use crate::{AppState, ServerError};
use ::warn::{Step, Warning, permit};
use org::{Authority, Item, OrgKind, OrgPath};
use std::collections::BTreeSet;
use store::{OrganisationFilter, WarningFilter};
use units::{AccountId, OrgId, RegionCode};

/// Rows read at a time.
const PART: u32 = 200;

/// The accounts that may take a step on the warnings of a house, by their rights of today.
pub(super) async fn who_may(
    state: &AppState,
    step: Step,
    owner: &OrgId,
    path: &OrgPath,
) -> Result<Vec<AccountId>, ServerError> {
    let mut found = BTreeSet::new();
    for right in step.rights() {
        found.extend(holders(state, *right).await?.into_iter().map(|(account, _)| account));
    }
    let mut may = Vec::new();
    for account in found {
        let Some(standing) = state.store().standing(&account).await? else { continue };
        let authority = Authority::of(&standing.known(None), now());
        let (kind, secrecy) = ("warning", Warning::SECRECY);
        let item = Item { owner_path: path, owner, assigned: &[], account: None, kind, secrecy };
        if permit(step, &authority, &item).is_ok() {
            may.push(account);
        }
    }
    Ok(may)
}

/// The open city bureaus of these cities: whom a document is given to.
pub(super) async fn bureaus(state: &AppState, cities: &[RegionCode]) -> Result<Vec<OrgId>, ServerError> {
    let filter =
        OrganisationFilter { kind: Some(OrgKind::CityBureau), active: Some(true), ..OrganisationFilter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = state.store().organisations(&everything(), &filter, PART, after.as_deref()).await?;
        let bureaus = page.items.into_iter().map(|row| row.organisation);
        let warned = |code: RegionCode| cities.contains(&code);
        found.extend(bureaus.filter(|bureau| bureau.region.is_some_and(warned)).map(|bureau| bureau.id));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Cities that other warnings of the same kind hold now.
pub(super) async fn warned_elsewhere(
    state: &AppState,
    exercise: bool,
    but: Option<&Warning>,
) -> Result<Vec<RegionCode>, ServerError> {
    let filter =
        WarningFilter { states: vec!["in_force".into()], exercise: Some(exercise), ..WarningFilter::default() };
    let rows = state.store().warnings(&everything(), &filter, PART, None).await?.items;
    let others = rows.into_iter().filter(|row| but.is_none_or(|own| own.id != row.id));
    Ok(others.flat_map(|row| row.terms.cities).collect())
}
