use crate::StoreError;
use crate::code::{moment_number, text};
use crate::database::{Store, commit, on};
use units::{AccountId, Instant};
use uuid::{NoContext, Timestamp, Uuid};

/// A new id (UUID, version 7): in the order of time, with chance in its tail.
pub fn new_id(at: Instant) -> String {
    let moment = at.to_utc();
    let seconds = u64::try_from(moment.timestamp()).unwrap_or_default();
    let timestamp = Timestamp::from_unix(NoContext, seconds, moment.timestamp_subsec_nanos());
    Uuid::new_v7(timestamp).to_string()
}

impl Store {
    /// Keeps a personal value (个人信息: a phone, an address) and returns the id that events may carry.
    pub async fn set_personal(
        &self,
        account: &AccountId,
        kind: &str,
        value: &str,
        at: Instant,
    ) -> Result<String, StoreError> {
        let id = new_id(at);
        let sql = "INSERT INTO personal (id, account, kind, value) VALUES ($1, $2, $3, $4)";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(&id).bind(account.as_str()).bind(kind).bind(text(value))
            .execute(c).await.map(drop))?;
        commit(writer).await?;
        Ok(id)
    }

    /// A personal value; `None` when it was erased or never was.
    pub async fn personal(&self, id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM personal WHERE id = $1";
        let mut reader = self.reader().await?;
        let value: Option<Option<String>> =
            on!(&mut reader, c => sqlx::query_scalar(sql).bind(id).fetch_optional(c).await)?;
        Ok(value.flatten())
    }

    /// Erases all personal values of an account; returns how many. Events and chain stay as they are.
    pub async fn erase_personal(&self, account: &AccountId, at: Instant) -> Result<u64, StoreError> {
        let sql = "UPDATE personal SET value = NULL, erased_at = $2 WHERE account = $1 AND value IS NOT NULL";
        let mut writer = self.writer().await?;
        let erased = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(moment_number(at))
            .execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(erased)
    }
}
