use super::origin::Caller;
use super::{cookie, now, secret};
use crate::{AppState, ServerError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use event::{Actor, Aggregate};
use org::{Account, Authority, Right, Scope};
use std::sync::Arc;
use store::{Order, Session, Standing, Token};
use units::{AccountId, Instant, OrgId};

/// Uses are noted once in so many seconds: a page with twenty requests is one use.
const NOTED_EVERY_SECONDS: i64 = 60;

/// Who is asking, and what they may (来访者). Cheap to clone; the same for the whole of a request.
///
/// As an extractor it refuses `A-301` when nobody is logged in.
#[derive(Clone)]
pub(crate) struct Person(Arc<Who>);

struct Who {
    standing: Standing,
    authority: Authority,
    actor: Actor,
    proof: Proof,
    address: String,
}

/// By what somebody is known.
enum Proof {
    Session(Session),
    Token(Token),
}

/// What an account has to do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// Set a password of its own.
    Password,
    /// Set up one-time codes.
    Totp,
}

impl SetUp {
    /// The word that the page acts on.
    pub(crate) fn word(self) -> &'static str {
        match self {
            SetUp::Password => "password",
            SetUp::Totp => "totp_set_up",
        }
    }
}

impl Person {
    /// Finds out by token or cookie who is asking; refuses `A-301`.
    pub(crate) async fn of(state: &AppState, headers: &HeaderMap, caller: &Caller) -> Result<Person, ServerError> {
        let bearer = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or(""));
        if let Some(text) = bearer {
            let secret = text.strip_prefix("Bearer ").ok_or(ServerError::NotLoggedIn)?;
            return Person::of_token(state, secret.trim(), &caller.address).await;
        }
        let value = cookie::of(headers, cookie::SESSION).ok_or(ServerError::NotLoggedIn)?;
        let session = state.store().session(&secret::digest(value)).await?;
        Person::of_session(state, session.ok_or(ServerError::NotLoggedIn)?, &caller.address).await
    }

    /// The person of a session; refuses `A-301` when it has ended or the account is closed.
    pub(crate) async fn of_session(state: &AppState, session: Session, address: &str) -> Result<Person, ServerError> {
        if !session.alive(now()) {
            return Err(ServerError::NotLoggedIn);
        }
        let account = session.account.clone();
        Person::known(state, &account, Proof::Session(session), address).await
    }

    async fn of_token(state: &AppState, value: &str, address: &str) -> Result<Person, ServerError> {
        let token = state.store().token(&secret::digest(value)).await?;
        let token = token.filter(|token| token.alive(now())).ok_or(ServerError::NotLoggedIn)?;
        let account = token.account.clone();
        Person::known(state, &account, Proof::Token(token), address).await
    }

    async fn known(state: &AppState, account: &AccountId, proof: Proof, address: &str) -> Result<Person, ServerError> {
        let standing = state.store().standing(account).await?.filter(|standing| standing.account.account.active);
        let standing = standing.ok_or(ServerError::NotLoggedIn)?;
        let (acting, origin) = match &proof {
            Proof::Session(session) => (session.acting.as_deref(), format!("web {address}")),
            Proof::Token(token) => (None, format!("token {}", token.id)),
        };
        // The wall clock: who may set the clock shown must not bring lapsed grants back by it.
        let authority = Authority::of(&standing.known(acting), now());
        let actor = Actor {
            account: standing.account.account.id.clone(),
            organisation: standing.account.account.organisation.clone(),
            on_behalf_of: authority.acting().map(|acting| acting.organisation.clone()),
            origin,
        };
        Ok(Person(Arc::new(Who { standing, authority, actor, proof, address: address.to_string() })))
    }

    /// The same person as things are now; refuses `A-301` when session or token has ended since.
    pub(crate) async fn again(&self, state: &AppState) -> Result<Person, ServerError> {
        match &self.0.proof {
            Proof::Session(session) => {
                let session = state.store().session(&session.id).await?.ok_or(ServerError::NotLoggedIn)?;
                Person::of_session(state, session, &self.0.address).await
            }
            Proof::Token(token) => {
                let token = state.store().token(&token.hash).await?.filter(|token| token.alive(now()));
                let token = token.ok_or(ServerError::NotLoggedIn)?;
                Person::known(state, self.account(), Proof::Token(token), &self.0.address).await
            }
        }
    }

    /// The account.
    pub(crate) fn account(&self) -> &AccountId {
        &self.stored().id
    }

    /// The organisation it belongs to.
    pub(crate) fn organisation(&self) -> &OrgId {
        &self.stored().organisation
    }

    /// The account as stored.
    pub(crate) fn stored(&self) -> &Account {
        &self.0.standing.account.account
    }

    /// Everything stored of the account, its grants and delegations.
    pub(crate) fn standing(&self) -> &Standing {
        &self.0.standing
    }

    /// All its rights, without regard to what a token may use; for explanations.
    pub(crate) fn authority(&self) -> &Authority {
        &self.0.authority
    }

    /// Who an event says did it.
    pub(crate) fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// The session; refuses `A-310` for a token.
    pub(crate) fn session(&self) -> Result<&Session, ServerError> {
        match &self.0.proof {
            Proof::Session(session) => Ok(session),
            Proof::Token(_) => Err(ServerError::SessionNeeded),
        }
    }

    /// Whether it has a right, and its token may use it.
    pub(crate) fn may(&self, right: Right) -> bool {
        let lent = match &self.0.proof {
            Proof::Session(_) => true,
            Proof::Token(token) => token.rights.iter().any(|text| text == right.as_str()),
        };
        lent && self.0.authority.may(right)
    }

    /// Refuses `A-306` without the right.
    pub(crate) fn need(&self, right: Right) -> Result<(), ServerError> {
        if self.may(right) { Ok(()) } else { Err(ServerError::NotAllowed(right)) }
    }

    /// What it sees with a right; without the right that is nothing.
    pub(crate) fn scope(&self, right: Right) -> Scope {
        if self.may(right) { self.0.authority.scope(right) } else { Scope::default() }
    }

    /// The rights it can use.
    pub(crate) fn rights(&self) -> Vec<Right> {
        Right::ALL.iter().copied().filter(|right| self.may(*right)).collect()
    }

    /// A command of the work: decided at the moment the screen shows. Add key, version and reason:
    /// `Order { key: Some(key.as_str()), expected: Some(version.0), ..person.order(&state, id, command) }`.
    pub(crate) fn order<'a, A: Aggregate>(
        &'a self,
        state: &AppState,
        id: &'a str,
        command: A::Command,
    ) -> Order<'a, A> {
        Order { shown: state.shown(), ..self.order_now(id, command) }
    }

    /// A command on accounts, grants, delegations and sessions: decided by the wall clock, whatever the screen shows.
    pub(crate) fn order_now<'a, A: Aggregate>(&'a self, id: &'a str, command: A::Command) -> Order<'a, A> {
        let now = now();
        Order { id, expected: None, command, by: self.actor(), at: now, shown: now, key: None, reason: None }
    }

    /// What must be done before anything else.
    pub(crate) fn set_up(&self, demo: bool) -> Option<SetUp> {
        let account = self.stored();
        if account.must_change_password {
            return Some(SetUp::Password);
        }
        (self.0.authority.is_administrator() && !account.totp && !demo).then_some(SetUp::Totp)
    }

    /// Notes the use, and puts the idle end of a session off.
    pub(crate) async fn note_use(&self, state: &AppState) -> Result<(), ServerError> {
        let now = now();
        let due = |last: Option<Instant>| last.is_none_or(|last| seconds(now, last) >= NOTED_EVERY_SECONDS);
        match &self.0.proof {
            Proof::Session(session) if due(Some(session.last_seen_at)) => {
                let idle = i64::from(state.options().login.idle_minutes) * 60;
                Ok(state.store().touch_session(&session.id, now, super::later(now, idle)).await?)
            }
            Proof::Token(token) if due(token.last_used_at) => Ok(state.store().touch_token(&token.hash, now).await?),
            _ => Ok(()),
        }
    }
}

fn seconds(later: Instant, earlier: Instant) -> i64 {
    (later.to_utc() - earlier.to_utc()).num_seconds()
}

/// Who passed the gate; anything else is nobody.
impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServerError> {
        parts.extensions.get::<Person>().cloned().ok_or(ServerError::NotLoggedIn)
    }
}
