use crate::StoreError;
use crate::code::moment_number;
use crate::database::{Store, Writer, commit, on};
use crate::event_log::Order;
use event::{Actor, Aggregate, Digest, canonical_value, name_of};
use serde_json::json;
use units::Instant;

/// What was asked, in short: the name of the command, and the digest by which a repetition is known.
pub(crate) struct Asked {
    pub name: String,
    digest: String,
}

/// What came earlier under the same key.
pub(crate) enum Earlier {
    None,
    Same(String),
    Other,
}

impl Asked {
    pub fn of<A: Aggregate>(order: &Order<'_, A>) -> Result<Asked, StoreError> {
        let command = serde_json::to_value(&order.command).map_err(StoreError::not_json)?;
        let name = name_of(&command, "command");
        // The program names a new thing, so whoever repeats a command that makes one brings another id.
        let id = order.id.to_string();
        let id = if order.expected == Some(0) { None } else { Some(id) };
        let whole = canonical_value(&json!({"kind": A::KIND, "id": id, "command": command}))?;
        let digest = Digest::Sha256.written_of(whole.as_bytes());
        Ok(Asked { name, digest })
    }

    pub async fn earlier(&self, writer: &mut Writer, by: &Actor, key: Option<&str>) -> Result<Earlier, StoreError> {
        let Some(key) = key else { return Ok(Earlier::None) };
        let sql = "SELECT digest, outcome FROM command WHERE account = $1 AND key = $2";
        let found: Option<(String, String)> = on!(writer, c => sqlx::query_as(sql)
            .bind(by.account.as_str()).bind(key).fetch_optional(c).await)?;
        Ok(match found {
            None => Earlier::None,
            Some((digest, outcome)) if digest == self.digest => Earlier::Same(outcome),
            Some(_) => Earlier::Other,
        })
    }

    pub async fn keep(
        &self,
        writer: &mut Writer,
        by: &Actor,
        key: &str,
        outcome: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO command (account, key, digest, outcome, at) VALUES ($1, $2, $3, $4, $5)";
        on!(writer, c => sqlx::query(sql).bind(by.account.as_str()).bind(key).bind(self.digest.as_str())
            .bind(outcome).bind(moment_number(at)).execute(c).await.map(drop))?;
        Ok(())
    }
}

impl Store {
    /// Forgets idempotency keys of commands before a moment; returns how many. Their events stay.
    pub async fn forget_commands(&self, before: Instant) -> Result<u64, StoreError> {
        let mut writer = self.writer().await?;
        let sql = "DELETE FROM command WHERE at < $1";
        let gone = on!(&mut writer, c => sqlx::query(sql).bind(moment_number(before)).execute(c).await
            .map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(gone)
    }
}
