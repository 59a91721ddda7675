use crate::ServerError;
use crate::auth::secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and a core for some hundredths of a second: a rush of logins waits in line instead of
/// taking all memory.
const AT_ONCE: usize = 4;

/// Makes and checks password hashes (argon2id) away from the threads that answer requests.
pub(crate) struct Passwords {
    places: Semaphore,
    /// The hash of a password nobody knows, so that an unknown login costs the same work as a known one.
    nobody: String,
}

/// The argon2id text of a password, with a salt of its own and the parameters RFC 9106 and OWASP recommend.
pub fn hash_password(password: &str) -> String {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).expect("the default parameters suit any password");
    hash.to_string()
}

impl Passwords {
    pub(crate) fn new() -> Passwords {
        Passwords { places: Semaphore::new(AT_ONCE), nobody: hash_password(&secret::unguessable()) }
    }

    /// The text to be stored for a new password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ServerError> {
        self.aside(move || hash_password(&password)).await
    }

    /// Whether this is the password; without a stored one the answer is no, after the same work.
    pub(crate) async fn check(&self, password: String, stored: Option<String>) -> Result<bool, ServerError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        self.aside(move || verify(&password, &stored) && known).await
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServerError> {
        let _place = self.places.acquire().await.expect("the line is never closed");
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| ServerError::Broken(format!("a password could not be checked: {error}")))
    }
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_taken() {
        let passwords = Passwords::new();
        let stored = passwords.hash("晴空-2018-Blue".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.check("晴空-2018-Blue".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.check("晴空-2018-blue".into(), Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_login_is_never_let_in_and_a_broken_hash_neither() {
        let passwords = Passwords::new();
        assert!(!passwords.check(String::new(), None).await.unwrap());
        assert!(!passwords.check("x".into(), Some("$argon2id$rubbish".into())).await.unwrap());
    }

    #[test]
    fn the_same_password_is_stored_differently_each_time() {
        assert_ne!(hash_password("Qingkong-demo-2018"), hash_password("Qingkong-demo-2018"));
    }
}
