use super::limit::Limit;
use super::password::Passwords;
use super::strangers::Strangers;
use crate::ServerError;
use std::time::{Duration, Instant};

/// What everybody who comes in passes (门房): the line for password checks and the limits on tries.
pub(crate) struct Gatehouse {
    pub passwords: Passwords,
    pub strangers: Strangers,
    by_address: Limit,
    by_login: Limit,
}

impl Gatehouse {
    pub(crate) fn new() -> Gatehouse {
        Gatehouse {
            passwords: Passwords::new(),
            strangers: Strangers::default(),
            // A whole office may come from one address at eight in the morning.
            by_address: Limit::new(60, Duration::from_secs(1)),
            by_login: Limit::new(10, Duration::from_secs(6)),
        }
    }

    /// Takes a try from the address and from the login; refuses `A-305`.
    pub(crate) fn take_try(&self, address: &str, login: &str) -> Result<(), ServerError> {
        let now = Instant::now();
        let taken = self.by_address.take(address, now).and_then(|()| self.by_login.take(login, now));
        taken.map_err(ServerError::TooManyTries)
    }

    /// Takes a try from the address alone; refuses `A-305`.
    pub(crate) fn take_address(&self, address: &str) -> Result<(), ServerError> {
        self.by_address.take(address, Instant::now()).map_err(ServerError::TooManyTries)
    }

    /// Gives the tries of a login back, after one that succeeded.
    pub(crate) fn forgive(&self, login: &str) {
        self.by_login.forgive(login);
    }
}
