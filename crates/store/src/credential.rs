use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, commit, on};
use units::{AccountId, Instant};

/// What an account proves itself with (凭据). Never part of an event, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The password's argon2id text.
    pub password: String,
    /// When the password was set.
    pub changed_at: Instant,
    /// The secret of one-time codes (TOTP) in force.
    pub totp_secret: Option<String>,
    /// A secret that has been shown and not yet confirmed.
    pub totp_pending: Option<String>,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("changed_at", &self.changed_at).finish_non_exhaustive()
    }
}

impl Store {
    /// The credential of an account; `None` when it has no password yet.
    pub async fn credential(&self, account: &AccountId) -> Result<Option<Credential>, StoreError> {
        let sql = "SELECT password, changed_at, totp_secret, totp_pending FROM credential WHERE account = $1";
        let mut reader = self.reader().await?;
        let row: Option<(String, i64, Option<String>, Option<String>)> =
            on!(&mut reader, c => sqlx::query_as(sql).bind(account.as_str()).fetch_optional(c).await)?;
        row.map(|(password, changed, totp_secret, totp_pending)| {
            Ok(Credential { password, changed_at: moment_of(changed)?, totp_secret, totp_pending })
        })
        .transpose()
    }

    /// Sets the password of an account; its one-time codes stay as they are.
    pub async fn set_password(&self, account: &AccountId, argon2: &str, at: Instant) -> Result<(), StoreError> {
        let sql = "INSERT INTO credential (account, password, changed_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(argon2).bind(moment_number(at))
            .execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Keeps a secret of one-time codes until its first code has been given; `false` without a password.
    pub async fn begin_totp(&self, account: &AccountId, secret: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE credential SET totp_pending = $2 WHERE account = $1";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(secret).execute(c).await
            .map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(done == 1)
    }

    /// Puts the pending secret in force, whose code of `step` has been given; `false` when it is no longer pending.
    pub async fn confirm_totp(&self, account: &AccountId, secret: &str, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE credential SET totp_secret = totp_pending, totp_pending = NULL, totp_step = $3 \
             WHERE account = $1 AND totp_pending = $2";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(secret).bind(step)
            .execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(done == 1)
    }

    /// Takes one-time codes away from an account.
    pub async fn clear_totp(&self, account: &AccountId) -> Result<(), StoreError> {
        let sql = "UPDATE credential SET totp_secret = NULL, totp_pending = NULL, totp_step = -1 WHERE account = $1";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Uses up the code of a time step; `false` when it, or a later one, has been used before.
    pub async fn use_totp_step(&self, account: &AccountId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE credential SET totp_step = $2 WHERE account = $1 AND totp_step < $2";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(step).execute(c).await
            .map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(done == 1)
    }
}
