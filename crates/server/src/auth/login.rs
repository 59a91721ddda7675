use super::origin::Caller;
use super::{now, totp};
use crate::{AppState, ServerError};
use event::Actor;
use org::{Account, AccountCommand};
use store::{Credential, Order};

/// What somebody gave to log in.
pub(super) struct Attempt<'a> {
    pub login: &'a str,
    pub password: &'a str,
    pub code: Option<&'a str>,
}

/// The account that these prove to be one's own.
///
/// Refuses `A-305` after too many tries, `A-304` while locked, `A-303` when a code is needed, else `A-302`, with the
/// same work and the same words whatever was wrong.
pub(super) async fn attempt(state: &AppState, given: &Attempt<'_>, caller: &Caller) -> Result<Account, ServerError> {
    let login = given.login.trim().to_ascii_lowercase();
    let house = state.gatehouse();
    house.take_try(&caller.address, &login)?;
    let account = state.store().account_by_login(&login).await?.map(|row| row.account);
    let account = account.filter(|account| account.active);
    let locked = match &account {
        Some(account) => account.locked_at(now()),
        None => house.strangers.locked(&login),
    };
    if let Some(until) = locked {
        return Err(ServerError::Locked(until));
    }
    let credential = match &account {
        Some(account) => state.store().credential(&account.id).await?,
        None => None,
    };
    let stored = credential.as_ref().map(|credential| credential.password.clone());
    let right = house.passwords.check(given.password.to_string(), stored).await?;
    match (account, credential) {
        (Some(account), Some(credential)) if right => second(state, account, &credential, given.code, caller).await,
        (Some(account), _) => Err(failed(state, &account, caller).await?),
        (None, _) => {
            house.strangers.failed(&login);
            tracing::warn!(?login, address = %caller.address, "a login that no account has was refused");
            Err(ServerError::WrongLogin)
        }
    }
}

/// The password was right; the code, where there is one, has to be too, and not used before.
async fn second(
    state: &AppState,
    account: Account,
    credential: &Credential,
    code: Option<&str>,
    caller: &Caller,
) -> Result<Account, ServerError> {
    if let Some(secret) = &credential.totp_secret {
        let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or(ServerError::CodeNeeded)?;
        let step = totp::step_of(secret, code, now().to_utc().timestamp());
        let fresh = match step {
            Some(step) => state.store().use_totp_step(&account.id, step).await?,
            None => false,
        };
        if !fresh {
            return Err(failed(state, &account, caller).await?);
        }
    }
    succeeded(state, &account, caller).await?;
    Ok(account)
}

/// Records that the owner came in, and forgets the tries before.
pub(super) async fn succeeded(state: &AppState, account: &Account, caller: &Caller) -> Result<(), ServerError> {
    record(state, account, AccountCommand::LoginSucceeded, caller).await?;
    state.gatehouse().forgive(&account.login);
    Ok(())
}

async fn failed(state: &AppState, account: &Account, caller: &Caller) -> Result<ServerError, ServerError> {
    record(state, account, AccountCommand::LoginFailed, caller).await?;
    tracing::warn!(account = %account.id, address = %caller.address, "a login was refused");
    Ok(ServerError::WrongLogin)
}

async fn record(
    state: &AppState,
    account: &Account,
    command: AccountCommand,
    caller: &Caller,
) -> Result<(), ServerError> {
    let by = Actor {
        account: account.id.clone(),
        organisation: account.organisation.clone(),
        on_behalf_of: None,
        origin: format!("web {}", caller.address),
    };
    let at = now();
    let order: Order<'_, Account> =
        Order { id: account.id.as_str(), expected: None, command, by: &by, at, shown: at, key: None, reason: None };
    state.store().execute(order).await?;
    Ok(())
}
