//! What is done at the server's console: the first administrators, and the demonstration's people.

use super::now;
use super::one_time::one_time_password;
use super::password::hash_password;
use crate::ServerError;
use event::{Actor, Aggregate};
use org::{
    Account, AccountCommand, Demonstration, Extent, Grant, GrantCommand, GrantState, Kinds, OrgKind, Organisation,
    OrganisationCommand, Place, Reach, RoleClass, Roles, Scope, Secrecy,
};
use store::{AccountFilter, AccountRow, Order, Projected, Store};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// The password of every account of the demonstration; no other account can have been given it there.
pub const DEMO_PASSWORD: &str = "Qingkong-demo-2018";
/// Who did what was done at the console.
const CONSOLE: &str = "console";
/// Accounts listed at the console.
const MOST: u32 = 10_000;

/// Somebody to be let in at the console.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// What is typed to log in.
    pub login: String,
    /// The person's or post's name.
    pub name: String,
    /// A role of `data/roles`.
    pub role: String,
    /// The organisation, which is founded as the department when there is none at all yet.
    pub organisation: OrgId,
    /// The password, when it is chosen; else one is made, to be changed at the first login.
    pub password: Option<String>,
}

/// Brings the demonstration's tree, accounts and grants in; what is there already is left as it is.
pub async fn install_demonstration(store: &Store) -> Result<(), ServerError> {
    let people = Demonstration::jiangsu()?;
    for organisation in &people.organisations {
        found(store, organisation).await?;
    }
    for organisation in people.organisations.iter().filter(|organisation| !organisation.areas.is_empty()) {
        give_areas(store, organisation).await?;
    }
    for account in &people.accounts {
        open(store, &account.id, account.id.as_str(), &account.name, &account.organisation, false).await?;
        if store.credential(&account.id).await?.is_none() {
            let hash = aside(|| hash_password(DEMO_PASSWORD)).await?;
            store.set_password(&account.id, &hash, now()).await?;
        }
    }
    for grant in &people.grants {
        let by = grant.requested_by.as_ref();
        give(store, &grant.id, &grant.account, &grant.role, &grant.organisation, by).await?;
        if let Some(second) = &grant.approved_by {
            approve(store, &grant.id, second).await?;
        }
    }
    Ok(())
}

/// Opens an account with a role, in force at once; returns the password when one was made.
///
/// Refuses `G-302` for a login in use, `G-305` for a weak password, `G-401` for a role that does not exist.
pub async fn install_account(store: &Store, newcomer: &Newcomer) -> Result<Option<String>, ServerError> {
    Roles::bundled().get(&newcomer.role)?;
    if let Some(password) = &newcomer.password {
        org::password::check(password, &newcomer.login)?;
    }
    let login = newcomer.login.to_ascii_lowercase();
    let id: AccountId = login.parse().map_err(|_| org::OrgError::NotALogin(login.clone()))?;
    if store.account_by_login(&login).await?.is_some() || store.load::<Account>(&login).await?.is_some() {
        return Err(org::OrgError::LoginTaken(login).into());
    }
    let everything = everything();
    if store.count_organisations(&everything, &Default::default()).await? == 0 {
        found(store, &department(&newcomer.organisation)).await?;
    }
    open(store, &id, &login, &newcomer.name, &newcomer.organisation, newcomer.password.is_none()).await?;
    let made = set_password(store, &id, newcomer.password.clone()).await?;
    give(store, &store::new_id(now()), &id, &newcomer.role, &newcomer.organisation, None).await?;
    Ok(made)
}

/// Gives an account a new password, to be changed at the next login, takes its one-time codes away, and ends its
/// sessions; returns the password.
pub async fn reset_password(store: &Store, login: &str) -> Result<String, ServerError> {
    let row = by_login(store, login).await?;
    let id = row.account.id;
    command::<Account>(store, id.as_str(), AccountCommand::PasswordReset, None).await?;
    if row.account.totp {
        store.clear_totp(&id).await?;
        command::<Account>(store, id.as_str(), AccountCommand::TotpCleared, None).await?;
    }
    store.end_sessions(&id, None, now()).await?;
    let made = set_password(store, &id, None).await?;
    made.ok_or_else(|| ServerError::Broken("no password was made".into()))
}

/// Unlocks an account.
pub async fn unlock(store: &Store, login: &str) -> Result<(), ServerError> {
    let row = by_login(store, login).await?;
    command::<Account>(store, row.account.id.as_str(), AccountCommand::Unlock, None).await
}

/// All accounts, in order of login.
pub async fn all_accounts(store: &Store) -> Result<Vec<AccountRow>, ServerError> {
    Ok(store.accounts(&everything(), &AccountFilter::default(), MOST, None).await?.items)
}

async fn by_login(store: &Store, login: &str) -> Result<AccountRow, ServerError> {
    let row = store.account_by_login(&login.to_ascii_lowercase()).await?;
    row.ok_or_else(|| org::OrgError::NotFound("account").into())
}

/// A password of one's own choice, or one of 80 random bits in groups that can be read out.
async fn set_password(store: &Store, id: &AccountId, chosen: Option<String>) -> Result<Option<String>, ServerError> {
    let made = chosen.is_none().then(one_time_password);
    let password = chosen.or_else(|| made.clone()).unwrap_or_default();
    let hash = aside(move || hash_password(&password)).await?;
    store.set_password(id, &hash, now()).await?;
    Ok(made)
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServerError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ServerError::Broken(error.to_string()))
}

async fn found(store: &Store, new: &Organisation) -> Result<(), ServerError> {
    if store.load::<Organisation>(new.id.as_str()).await?.is_some() {
        return Ok(());
    }
    let under = place(store, new.parent.as_ref()).await?;
    let command = OrganisationCommand::Found {
        id: new.id.clone(),
        name: new.name.clone(),
        name_en: new.name_en.clone(),
        kind: new.kind,
        parent: new.parent.clone(),
        region: new.region,
        areas: Vec::new(),
        under,
        found: Vec::new(),
    };
    self::command::<Organisation>(store, new.id.as_str(), command, None).await
}

/// Once all organisations are there, because an office may stand before its areas; what somebody has set is left.
async fn give_areas(store: &Store, office: &Organisation) -> Result<(), ServerError> {
    let stored = store.load::<Organisation>(office.id.as_str()).await?;
    if stored.is_none_or(|(stored, _)| !stored.areas.is_empty()) {
        return Ok(());
    }
    let known = store.org_places(&office.areas).await?;
    let found = office.areas.iter().filter_map(|id| known.get(id).cloned()).collect();
    let command = OrganisationCommand::SetAreas { areas: office.areas.clone(), found };
    self::command::<Organisation>(store, office.id.as_str(), command, None).await
}

async fn open(
    store: &Store,
    id: &AccountId,
    login: &str,
    name: &str,
    organisation: &OrgId,
    must_change_password: bool,
) -> Result<(), ServerError> {
    if store.load::<Account>(id.as_str()).await?.is_some() {
        return Ok(());
    }
    let command = AccountCommand::Open {
        id: id.clone(),
        login: login.to_string(),
        name: name.to_string(),
        organisation: organisation.clone(),
        phone: None,
        mail: None,
        must_change_password,
        place: place(store, Some(organisation)).await?,
        login_taken: store.account_by_login(login).await?.is_some(),
    };
    self::command::<Account>(store, id.as_str(), command, None).await
}

/// Proposed by somebody, or put in force by the console.
async fn give(
    store: &Store,
    id: &str,
    account: &AccountId,
    role: &str,
    organisation: &OrgId,
    by: Option<&AccountId>,
) -> Result<(), ServerError> {
    if store.load::<Grant>(id).await?.is_some() {
        return Ok(());
    }
    let (id, account, role, organisation) = (id.to_string(), account.clone(), role.to_string(), organisation.clone());
    let (place, held) = (place(store, Some(&organisation)).await?, held(store, &account, &id).await?);
    let (from, account_open) = (first_day(now()), true);
    let command = match by {
        None => GrantCommand::Install { id: id.clone(), account, role, organisation, from, place, account_open, held },
        Some(_) => GrantCommand::Propose {
            id: id.clone(),
            account,
            role,
            organisation,
            kinds: Kinds::All,
            from,
            to: None,
            place,
            account_open,
            held,
        },
    };
    self::command::<Grant>(store, &id, command, by).await
}

async fn approve(store: &Store, id: &str, second: &AccountId) -> Result<(), ServerError> {
    match store.load::<Grant>(id).await? {
        Some((grant, _)) if grant.state == GrantState::Proposed => {
            let held = held(store, &grant.account, id).await?;
            command::<Grant>(store, id, GrantCommand::Approve { held }, Some(second)).await
        }
        _ => Ok(()),
    }
}

/// The classes of the other roles that an account has or is to get.
async fn held(store: &Store, account: &AccountId, but: &str) -> Result<Vec<RoleClass>, ServerError> {
    let grants = store.grants_of(std::slice::from_ref(account)).await?;
    let counting = grants
        .iter()
        .filter(|grant| grant.id != but && matches!(grant.state, GrantState::Proposed | GrantState::Approved));
    Ok(counting.filter_map(|grant| Roles::bundled().get(&grant.role).ok()).map(|role| role.class).collect())
}

async fn command<A: Projected>(
    store: &Store,
    id: &str,
    command: A::Command,
    by: Option<&AccountId>,
) -> Result<(), ServerError>
where
    ServerError: From<store::ExecuteError<<A as Aggregate>::Refusal>>,
{
    let console: AccountId = CONSOLE.parse().expect("a plain word is a legal id");
    let organisation: OrgId = CONSOLE.parse().expect("a plain word is a legal id");
    let account = by.cloned().unwrap_or(console);
    let by = Actor { account, organisation, on_behalf_of: None, origin: "cli".into() };
    let at = now();
    let order: Order<'_, A> = Order { id, expected: None, command, by: &by, at, shown: at, key: None, reason: None };
    store.execute(order).await?;
    Ok(())
}

async fn place(store: &Store, id: Option<&OrgId>) -> Result<Option<Place>, ServerError> {
    match id {
        Some(id) => Ok(store.org_place(id).await?),
        None => Ok(None),
    }
}

fn department(id: &OrgId) -> Organisation {
    Organisation {
        id: id.clone(),
        name: "生态环境厅".into(),
        name_en: "Department of Ecology and Environment".into(),
        kind: OrgKind::Department,
        ..Organisation::default()
    }
}

fn first_day(now: Instant) -> BeijingDay {
    now.last_ended_hour().day()
}

fn everything() -> Scope {
    Scope { reaches: vec![Reach { extent: Extent::All, kinds: Kinds::All, secrecy: Secrecy::Restricted }] }
}
