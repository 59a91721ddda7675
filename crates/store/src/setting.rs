use crate::StoreError;
use crate::code::text;
use crate::database::{Store, commit, on};

impl Store {
    /// A setting of this installation, for example `demo`; `None` when it was never set.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM setting WHERE key = $1";
        let mut reader = self.reader().await?;
        Ok(on!(&mut reader, c => sqlx::query_scalar(sql).bind(text(key)).fetch_optional(c).await)?)
    }

    /// Sets a setting, replacing its value.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(key)).bind(text(value)).execute(c).await.map(drop))?;
        commit(writer).await
    }
}
