//! Who is concerned by a room: looked up by right and scope, never sent by a client.

use crate::auth::now;
use crate::{AppState, ServerError};
use ::consult::{Material, Room, RoomKind, Step, permit};
use org::{Authority, Extent, GrantState, Item, Kinds, OrgKind, OrgPath, Reach, Right, Roles, Scope, Secrecy};
use std::collections::BTreeSet;
use store::{GrantFilter, OrganisationFilter};
use units::{AccountId, OrgId, RegionCode};

/// Rows read at a time.
const PART: u32 = 200;

/// Everything: for what the program looks up by itself.
pub(crate) fn everything() -> Scope {
    let reach = Reach { extent: Extent::All, kinds: Kinds::All, secrecy: Secrecy::Restricted };
    Scope { reaches: vec![reach] }
}

/// The accounts that may take a step in the rooms of a house, by their rights of today.
pub(super) async fn who_may(
    state: &AppState,
    step: Step,
    owner: &OrgId,
    path: &OrgPath,
) -> Result<Vec<AccountId>, ServerError> {
    let mut found = Vec::new();
    for account in holders(state, step.right()).await?.into_iter().map(|(account, _)| account).collect::<BTreeSet<_>>()
    {
        let Some(standing) = state.store().standing(&account).await? else { continue };
        let authority = Authority::of(&standing.known(None), now());
        let item = Item {
            owner_path: path,
            owner,
            assigned: &[],
            account: None,
            kind: RoomKind::Daily.as_str(),
            secrecy: Room::SECRECY,
        };
        if permit(step, &authority, &item).is_ok() {
            found.push(account);
        }
    }
    Ok(found)
}

/// The houses that hold consultations: those for which somebody has the right to chair.
pub(super) async fn houses(state: &AppState) -> Result<Vec<OrgId>, ServerError> {
    let holders = holders(state, Right::ConsultChair).await?;
    Ok(holders.into_iter().map(|(_, house)| house).collect::<BTreeSet<_>>().into_iter().collect())
}

/// The open city bureaus of the cities a room is about: whom the signed conclusion is given to.
pub(super) async fn bureaus(state: &AppState, material: &Material) -> Result<Vec<OrgId>, ServerError> {
    let cities: BTreeSet<RegionCode> = material.cities.iter().map(|city| city.city).collect();
    let filter =
        OrganisationFilter { kind: Some(OrgKind::CityBureau), active: Some(true), ..OrganisationFilter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = state.store().organisations(&everything(), &filter, PART, after.as_deref()).await?;
        let bureaus = page.items.into_iter().map(|row| row.organisation);
        found.extend(
            bureaus.filter(|bureau| bureau.region.is_some_and(|code| cities.contains(&code))).map(|one| one.id),
        );
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Accounts with an approved grant of a role that has the right, and for which house.
pub(crate) async fn holders(state: &AppState, right: Right) -> Result<Vec<(AccountId, OrgId)>, ServerError> {
    let mut found = Vec::new();
    for role in Roles::bundled().all().iter().filter(|role| role.rights.contains(&right)) {
        let filter =
            GrantFilter { role: Some(role.id.clone()), state: Some(GrantState::Approved), ..GrantFilter::default() };
        let mut after = None;
        loop {
            let page = state.store().grants(&everything(), &filter, PART, after.as_deref()).await?;
            found.extend(page.items.into_iter().map(|row| (row.state.account, row.state.organisation)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(found)
}
