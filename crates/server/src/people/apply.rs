//! What an import plan asks for, as commands: each row by itself, so that one that is refused leaves the others.

use super::account_changes::{AccountChange, keep_personal};
use super::sheets::Tally;
use crate::auth::{Person, now};
use crate::{AppState, ServerError};
use org::xlsx::{ACCOUNTS, AccountRow, CellFault, Change, ImportPlan, ORGANISATIONS};
use org::{Account, AccountCommand, Organisation, OrganisationCommand, Place};
use std::mem::take;
use units::{AccountId, OrgId};

const WHY: &str = "导入工作簿";

/// Does the plan; what the rules refuse meanwhile is added to its refused cells.
pub(super) async fn apply(
    state: &AppState,
    person: &Person,
    plan: &mut ImportPlan,
) -> Result<(Tally, Tally), ServerError> {
    let (mut founded, mut changed) = (0, 0);
    for new in take(&mut plan.organisations.create) {
        let (id, done) = (new.id.to_string(), found(state, person, new).await);
        founded += counted(done, ORGANISATIONS, &id, &mut plan.refused)?;
    }
    // Accounts stand between: an organisation that is closed must have lost its people before.
    let closing: Vec<Change<Organisation>>;
    (closing, plan.organisations.change) = take(&mut plan.organisations.change).into_iter().partition(closes);
    for change in take(&mut plan.organisations.change) {
        let (id, done) = (change.after.id.to_string(), alter(state, person, change).await);
        changed += counted(done, ORGANISATIONS, &id, &mut plan.refused)?;
    }
    let accounts = apply_accounts(state, person, plan).await?;
    for change in closing.into_iter().rev() {
        let (id, done) = (change.after.id.to_string(), alter(state, person, change).await);
        changed += counted(done, ORGANISATIONS, &id, &mut plan.refused)?;
    }
    Ok((Tally::done(founded, changed, plan.organisations.unchanged), accounts))
}

async fn apply_accounts(state: &AppState, person: &Person, plan: &mut ImportPlan) -> Result<Tally, ServerError> {
    let (mut opened, mut changed) = (0, 0);
    for new in take(&mut plan.accounts.create) {
        let (login, done) = (new.login.clone(), open(state, person, new).await);
        opened += counted(done, ACCOUNTS, &login, &mut plan.refused)?;
    }
    for change in take(&mut plan.accounts.change) {
        let (login, done) = (change.after.login.clone(), alter_account(state, person, change).await);
        changed += counted(done, ACCOUNTS, &login, &mut plan.refused)?;
    }
    Ok(Tally::done(opened, changed, plan.accounts.unchanged))
}

/// A refusal by the rules is told like that of a cell; anything else ends the import.
fn counted(
    done: Result<(), ServerError>,
    sheet: &str,
    key: &str,
    refused: &mut Vec<CellFault>,
) -> Result<usize, ServerError> {
    match done {
        Ok(()) => Ok(1),
        Err(ServerError::Refused(text) | ServerError::Stale(text)) => {
            let (code, words) = text.split_once(' ').unwrap_or(("G-510", &text));
            refused.push(CellFault {
                sheet: sheet.to_string(),
                row: 0,
                column: key.to_string(),
                code: code.to_string(),
                text: format!("{key} 未导入：{words}"),
                text_en: format!("{key} was not imported: {words}"),
            });
            Ok(0)
        }
        Err(other) => Err(other),
    }
}

fn closes(change: &Change<Organisation>) -> bool {
    change.before.active && !change.after.active
}

async fn found(state: &AppState, person: &Person, new: Organisation) -> Result<(), ServerError> {
    let under = match &new.parent {
        Some(parent) => state.store().org_place(parent).await?,
        None => None,
    };
    let id = new.id.clone();
    let command = OrganisationCommand::Found {
        found: places(state, &new.areas).await?,
        under,
        id: new.id,
        name: new.name,
        name_en: new.name_en,
        kind: new.kind,
        parent: new.parent,
        region: new.region,
        areas: new.areas,
    };
    organisation(state, person, &id, command).await
}

/// Names, parent, areas and closing are commands of their own, in this order.
async fn alter(state: &AppState, person: &Person, change: Change<Organisation>) -> Result<(), ServerError> {
    let Change { before, after } = change;
    let id = after.id.clone();
    if (&before.name, &before.name_en) != (&after.name, &after.name_en) {
        let command = OrganisationCommand::Rename { name: after.name.clone(), name_en: after.name_en.clone() };
        organisation(state, person, &id, command).await?;
    }
    if let Some(parent) = after.parent.clone().filter(|parent| before.parent.as_ref() != Some(parent)) {
        let under = state.store().org_place(&parent).await?;
        organisation(state, person, &id, OrganisationCommand::Move { parent, under }).await?;
    }
    if before.areas != after.areas {
        let found = places(state, &after.areas).await?;
        organisation(state, person, &id, OrganisationCommand::SetAreas { areas: after.areas.clone(), found }).await?;
    }
    if before.active && !after.active {
        let (organisations, accounts) = state.store().held_by(&id).await?;
        organisation(state, person, &id, OrganisationCommand::Close { organisations, accounts }).await?;
    }
    Ok(())
}

async fn organisation(
    state: &AppState,
    person: &Person,
    id: &OrgId,
    command: OrganisationCommand,
) -> Result<(), ServerError> {
    let order = person.order_now::<Organisation>(id.as_str(), command);
    state.execute(store::Order { reason: Some(WHY), ..order }).await.map(drop)
}

async fn places(state: &AppState, ids: &[OrgId]) -> Result<Vec<Place>, ServerError> {
    let found = state.store().org_places(ids).await?;
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// An account that is opened by a list has no password: an administrator gives it a one-time one.
async fn open(state: &AppState, person: &Person, new: AccountRow) -> Result<(), ServerError> {
    let id: AccountId = new.login.parse().map_err(|_| {
        ServerError::Refused(org::OrgError::NotALogin(new.login.chars().take(64).collect()).to_string())
    })?;
    let command = AccountCommand::Open {
        id: id.clone(),
        login_taken: state.store().account_by_login(&new.login).await?.is_some(),
        place: state.store().org_place(&new.organisation).await?,
        login: new.login,
        name: new.name,
        organisation: new.organisation,
        phone: None,
        mail: None,
        must_change_password: true,
    };
    let order = person.order_now::<Account>(id.as_str(), command);
    let done = state.execute(store::Order { reason: Some(WHY), ..order }).await?;
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    keep_personal(state, person, &done.state, given(new.phone), given(new.mail)).await?;
    if !new.active {
        account(state, person, &id, AccountCommand::Close).await?;
    }
    Ok(())
}

async fn alter_account(state: &AppState, person: &Person, change: Change<AccountRow>) -> Result<(), ServerError> {
    let Change { before, after } = change;
    let unknown = || ServerError::Refused(org::OrgError::NotFound("account").to_string());
    let row = state.store().account_by_login(&before.login).await?.ok_or_else(unknown)?;
    let id = row.account.id.clone();
    if !before.active && after.active {
        account(state, person, &id, AccountCommand::Reopen).await?;
    }
    let differing = |old: String, new: String| Some(new).filter(|new| *new != old);
    let facts = AccountChange {
        name: differing(before.name, after.name),
        organisation: Some(after.organisation).filter(|new| *new != before.organisation),
        phone: differing(before.phone, after.phone),
        mail: differing(before.mail, after.mail),
        active: None,
        reason: None,
    };
    if facts.says_something() {
        let command = facts.command(state, person, &row.account).await?;
        account(state, person, &id, command).await?;
    }
    if before.active && !after.active {
        account(state, person, &id, AccountCommand::Close).await?;
        state.store().end_sessions(&id, None, now()).await?;
    }
    Ok(())
}

async fn account(
    state: &AppState,
    person: &Person,
    id: &AccountId,
    command: AccountCommand,
) -> Result<(), ServerError> {
    let order = person.order_now::<Account>(id.as_str(), command);
    state.execute(store::Order { reason: Some(WHY), ..order }).await.map(drop)
}
