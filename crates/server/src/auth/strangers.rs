use crate::auth::now;
use event::{Actor, Aggregate};
use org::{Account, AccountCommand};
use std::collections::HashMap;
use std::sync::Mutex;
use units::Instant;

/// Logins remembered that no account has.
const NAMES: usize = 10_000;

/// Wrong tries of logins that no account has.
///
/// They are locked by the very rule that locks accounts, so that a lock does not tell which logins exist.
#[derive(Default)]
pub(crate) struct Strangers(Mutex<HashMap<String, Account>>);

impl Strangers {
    /// Until when this login is locked.
    pub(crate) fn locked(&self, login: &str) -> Option<Instant> {
        self.0.lock().expect("no one panics while holding the strangers").get(login)?.locked_at(now())
    }

    /// Counts a wrong try.
    pub(crate) fn failed(&self, login: &str) {
        let mut known = self.0.lock().expect("no one panics while holding the strangers");
        if known.len() >= NAMES {
            known.clear();
        }
        let nobody = Account { active: true, ..Account::default() };
        let mut account = known.remove(login).unwrap_or(nobody);
        let by = Actor {
            account: account.id.clone(),
            organisation: account.organisation.clone(),
            on_behalf_of: None,
            origin: String::new(),
        };
        if let Ok(decision) = Account::decide(&account, 1, AccountCommand::LoginFailed, &by, now()) {
            account = decision.events.iter().fold(account, Account::apply);
        }
        known.insert(login.to_string(), account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_nobody_has_is_locked_like_any_other() {
        let strangers = Strangers::default();
        for _ in 0..4 {
            strangers.failed("nobody");
        }
        assert_eq!(strangers.locked("nobody"), None);
        strangers.failed("nobody");
        let until = strangers.locked("nobody").unwrap();
        assert!(until > now() && strangers.locked("other").is_none());
        strangers.failed("nobody");
        assert_eq!(strangers.locked("nobody"), Some(until), "tries while locked do not count");
    }
}
