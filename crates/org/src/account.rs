use crate::error::text;
use crate::{OrgError, Place, Right};
use chrono::TimeDelta;
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant, OrgId};

const MOST_NAME: usize = 50;
/// Wrong passwords in a row after which an account is locked.
const FAILURES_TO_LOCK: u32 = 5;
const FIRST_LOCK_MINUTES: i64 = 15;
const LONGEST_LOCK_MINUTES: i64 = 24 * 60;

/// An account (账号). Secrets and personal data are kept elsewhere; here stand only references to personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// What is typed to log in; lower case.
    pub login: String,
    /// The person's or post's name.
    pub name: String,
    /// Where it belongs.
    pub organisation: OrgId,
    /// Reference to the phone number.
    pub phone: Option<String>,
    /// Reference to the mail address.
    pub mail: Option<String>,
    /// Whether it is open.
    pub active: bool,
    /// Whether nothing but changing the password is possible.
    pub must_change_password: bool,
    /// Whether a second factor is set up.
    pub totp: bool,
    /// Wrong passwords in a row.
    pub failures: u32,
    /// Locks in a row.
    pub lockouts: u32,
    /// Until when it is locked.
    pub locked_until: Option<Instant>,
    /// The last login.
    pub last_login: Option<Instant>,
}

/// What can be asked of an account, and what the login reports of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum AccountCommand {
    /// Open it.
    Open {
        /// Identifier.
        id: AccountId,
        /// What is typed to log in.
        login: String,
        /// Name.
        name: String,
        /// Where it belongs.
        organisation: OrgId,
        /// Reference to the phone number.
        #[serde(default)]
        phone: Option<String>,
        /// Reference to the mail address.
        #[serde(default)]
        mail: Option<String>,
        /// Whether the first password has to be changed.
        must_change_password: bool,
        /// The organisation as found.
        #[serde(skip)]
        place: Option<Place>,
        /// Whether the login is in use.
        #[serde(skip)]
        login_taken: bool,
    },
    /// Change what is given; `None` leaves as it is, an empty reference takes away.
    Update {
        /// Name.
        #[serde(default)]
        name: Option<String>,
        /// Where it belongs.
        #[serde(default)]
        organisation: Option<OrgId>,
        /// Reference to the phone number.
        #[serde(default)]
        phone: Option<String>,
        /// Reference to the mail address.
        #[serde(default)]
        mail: Option<String>,
        /// The new organisation as found.
        #[serde(skip)]
        place: Option<Place>,
    },
    /// Close it: it holds nothing any more.
    Close,
    /// Open it again.
    Reopen,
    /// The owner changed the password.
    PasswordChanged,
    /// An administrator set a one-time password.
    PasswordReset,
    /// The right password was given.
    LoginSucceeded,
    /// A wrong password was given.
    LoginFailed,
    /// Unlock it before its time.
    Unlock,
    /// A second factor was set up.
    TotpSet,
    /// The second factor was taken away.
    TotpCleared,
    /// A session was ended by somebody.
    SessionRevoked {
        /// Public name of the session, never the cookie.
        session: String,
    },
    /// The owner made a token for a program.
    TokenMade {
        /// Public name of the token, never its secret.
        token: String,
        /// What the owner calls it.
        name: String,
        /// What it may use.
        rights: Vec<Right>,
        /// When it ends.
        expires_at: Instant,
    },
    /// The owner took a token back.
    TokenTakenBack {
        /// Public name of the token.
        token: String,
    },
}

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AccountEvent {
    /// It was opened.
    Opened {
        /// As it is from now on.
        account: Account,
    },
    /// It was changed.
    Updated {
        /// As it is from now on.
        name: String,
        /// As it is from now on.
        organisation: OrgId,
        /// As it is from now on.
        phone: Option<String>,
        /// As it is from now on.
        mail: Option<String>,
    },
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// The owner changed the password.
    PasswordChanged,
    /// An administrator set a one-time password.
    PasswordReset,
    /// Somebody logged in.
    LoginSucceeded {
        /// When.
        at: Instant,
    },
    /// A wrong password was given.
    LoginFailed {
        /// Wrong ones in a row.
        failures: u32,
        /// Set when this one locked the account.
        locked_until: Option<Instant>,
    },
    /// It was unlocked.
    Unlocked,
    /// A second factor was set up.
    TotpSet,
    /// The second factor was taken away.
    TotpCleared,
    /// A session was ended by somebody.
    SessionRevoked {
        /// Public name of the session.
        session: String,
    },
    /// The owner made a token for a program.
    TokenMade {
        /// Public name of the token.
        token: String,
        /// What the owner calls it.
        name: String,
        /// What it may use.
        rights: Vec<Right>,
        /// When it ends.
        expires_at: Instant,
    },
    /// The owner took a token back.
    TokenTakenBack {
        /// Public name of the token.
        token: String,
    },
}

impl Default for Account {
    fn default() -> Self {
        Account {
            id: "none".parse().expect("a legal id; replaced by the first event"),
            login: String::new(),
            name: String::new(),
            organisation: "none".parse().expect("a legal id; replaced by the first event"),
            phone: None,
            mail: None,
            active: false,
            must_change_password: false,
            totp: false,
            failures: 0,
            lockouts: 0,
            locked_until: None,
            last_login: None,
        }
    }
}

impl Aggregate for Account {
    const KIND: &'static str = "account";
    type State = Account;
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Refusal = OrgError;

    fn decide(
        state: &Account,
        version: u64,
        command: AccountCommand,
        _by: &Actor,
        now: Instant,
    ) -> Result<Decision<AccountEvent>, OrgError> {
        use AccountCommand::*;
        match (&command, version) {
            (Open { .. }, 0) => {}
            (Open { .. }, _) => return Err(OrgError::Exists("account")),
            (_, 0) => return Err(OrgError::NotFound("account")),
            // A session of a closed account can still be ended, and its personal data taken away.
            (Reopen | SessionRevoked { .. } | Update { .. }, _) => {}
            _ if !state.active => return Err(OrgError::ClosedAccount),
            _ => {}
        }
        let event = match command {
            Open { id, login, name, organisation, phone, mail, must_change_password, place, login_taken } => {
                let opened =
                    Account { id, login, name, organisation, phone, mail, must_change_password, ..state.clone() };
                Some(opened_account(opened, place.as_ref(), login_taken)?)
            }
            Update { name, organisation, phone, mail, place } => {
                state.updated(name, organisation, phone, mail, place.as_ref())?
            }
            Close => Some(AccountEvent::Closed),
            Reopen => (!state.active).then_some(AccountEvent::Reopened),
            PasswordChanged => Some(AccountEvent::PasswordChanged),
            PasswordReset => Some(AccountEvent::PasswordReset),
            LoginSucceeded => match state.locked_at(now) {
                Some(until) => return Err(OrgError::Locked { until }),
                None => Some(AccountEvent::LoginSucceeded { at: now }),
            },
            LoginFailed => state.failed(now),
            Unlock => (state.locked_until.is_some() || state.failures > 0).then_some(AccountEvent::Unlocked),
            TotpSet => Some(AccountEvent::TotpSet),
            TotpCleared => state.totp.then_some(AccountEvent::TotpCleared),
            SessionRevoked { session } => {
                Some(AccountEvent::SessionRevoked { session: text("session", &session, 128)? })
            }
            TokenMade { token, name, rights, expires_at } => {
                let (token, name) = (text("token", &token, 128)?, text("name", &name, MOST_NAME)?);
                Some(AccountEvent::TokenMade { token, name, rights, expires_at })
            }
            TokenTakenBack { token } => Some(AccountEvent::TokenTakenBack { token: text("token", &token, 128)? }),
        };
        Ok(Decision { events: event.into_iter().collect(), effects: Vec::new() })
    }

    fn apply(mut state: Account, event: &AccountEvent) -> Account {
        match event {
            AccountEvent::Opened { account } => return account.clone(),
            AccountEvent::Updated { name, organisation, phone, mail } => {
                state.name.clone_from(name);
                state.organisation.clone_from(organisation);
                state.phone.clone_from(phone);
                state.mail.clone_from(mail);
            }
            AccountEvent::Closed => state.active = false,
            AccountEvent::Reopened => state.active = true,
            AccountEvent::PasswordChanged => state.must_change_password = false,
            AccountEvent::PasswordReset => {
                state.must_change_password = true;
                state.unlock();
            }
            AccountEvent::LoginSucceeded { at } => {
                state.last_login = Some(*at);
                state.unlock();
            }
            AccountEvent::LoginFailed { failures, locked_until } => {
                state.failures = *failures;
                if locked_until.is_some() {
                    state.failures = 0;
                    state.lockouts = state.lockouts.saturating_add(1);
                    state.locked_until = *locked_until;
                }
            }
            AccountEvent::Unlocked => state.unlock(),
            AccountEvent::TotpSet => state.totp = true,
            AccountEvent::TotpCleared => state.totp = false,
            AccountEvent::SessionRevoked { .. }
            | AccountEvent::TokenMade { .. }
            | AccountEvent::TokenTakenBack { .. } => {}
        }
        state
    }
}

impl Account {
    /// Until when the account is locked, when it is at `now`.
    pub fn locked_at(&self, now: Instant) -> Option<Instant> {
        self.locked_until.filter(|until| *until > now)
    }

    fn unlock(&mut self) {
        (self.failures, self.lockouts, self.locked_until) = (0, 0, None);
    }

    /// While locked nothing is counted: else anybody could keep the owner out for ever.
    fn failed(&self, now: Instant) -> Option<AccountEvent> {
        if self.locked_at(now).is_some() {
            return None;
        }
        let failures = self.failures.saturating_add(1);
        let locked_until = (failures >= FAILURES_TO_LOCK).then(|| lock_end(now, self.lockouts));
        Some(AccountEvent::LoginFailed { failures, locked_until })
    }

    fn updated(
        &self,
        name: Option<String>,
        organisation: Option<OrgId>,
        phone: Option<String>,
        mail: Option<String>,
        place: Option<&Place>,
    ) -> Result<Option<AccountEvent>, OrgError> {
        if let Some(to) = organisation.as_ref().filter(|to| **to != self.organisation) {
            Place::open(to, place)?;
        }
        let reference = |new: Option<String>, old: &Option<String>| match new {
            None => old.clone(),
            Some(reference) => Some(reference).filter(|text| !text.is_empty()),
        };
        let (name, organisation, phone, mail) = (
            name.map_or(Ok(self.name.clone()), |name| text("name", &name, MOST_NAME))?,
            organisation.unwrap_or_else(|| self.organisation.clone()),
            reference(phone, &self.phone),
            reference(mail, &self.mail),
        );
        let same = (&name, &organisation, &phone, &mail) == (&self.name, &self.organisation, &self.phone, &self.mail);
        Ok((!same).then_some(AccountEvent::Updated { name, organisation, phone, mail }))
    }
}

fn opened_account(mut account: Account, place: Option<&Place>, taken: bool) -> Result<AccountEvent, OrgError> {
    account.login = login(&account.login)?;
    account.name = text("name", &account.name, MOST_NAME)?;
    Place::open(&account.organisation, place)?;
    if taken {
        return Err(OrgError::LoginTaken(account.login));
    }
    account.active = true;
    Ok(AccountEvent::Opened { account })
}

/// A login is compared without case, so it is kept in lower case.
pub(crate) fn login(text: &str) -> Result<String, OrgError> {
    let login = text.trim().to_ascii_lowercase();
    let letters = login.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let begins = login.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if letters && begins && (2..=64).contains(&login.len()) {
        Ok(login)
    } else {
        Err(OrgError::NotALogin(text.chars().take(64).collect()))
    }
}

/// 15 minutes, and twice as long each further time, up to a day.
fn lock_end(now: Instant, lockouts: u32) -> Instant {
    let minutes = (FIRST_LOCK_MINUTES << lockouts.min(10)).min(LONGEST_LOCK_MINUTES);
    Instant::from_utc(now.to_utc() + TimeDelta::minutes(minutes))
}
