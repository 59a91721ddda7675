use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, Writer, commit, on};
use crate::personal::new_id;
use event::{Recipient, Urgency};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use units::Instant;

/// What people are to be told (待发通知), before it is known by which way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutboxRow {
    /// Its id, in the order of time.
    pub id: String,
    /// What makes it one and the same notice.
    pub key: String,
    /// Who.
    pub to: Recipient,
    /// The id of the template.
    pub template: String,
    /// The values of its placeholders.
    pub values: Value,
    /// At once or in the digest.
    pub urgency: Urgency,
    /// When it was written.
    pub created: Instant,
}

type Row = (String, String, String, String, String, String, i64);

impl Store {
    /// Notices that have not been expanded to deliveries yet, oldest first. Does not take them: mark them in the
    /// transaction that writes the deliveries, with [`mark_expanded`].
    pub async fn outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = "SELECT id, key, recipient, template, content, urgency, created FROM outbox \
             WHERE expanded IS NULL ORDER BY id LIMIT $1";
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = on!(&mut reader, c => sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(c).await)?;
        rows.into_iter().map(OutboxRow::try_from).collect()
    }

    /// Writes a notice outside a command. False when one with this key is there already.
    pub async fn notify(
        &self,
        key: &str,
        to: &Recipient,
        template: &str,
        values: &Value,
        urgency: Urgency,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let new = add(&mut writer, New { key, to, template, values, urgency, at }).await?;
        commit(writer).await?;
        Ok(new)
    }
}

/// Marks a notice as expanded; false when another worker was quicker, whose deliveries then stand.
pub(crate) async fn mark_expanded(writer: &mut Writer, id: &str, at: Instant) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET expanded = $2 WHERE id = $1 AND expanded IS NULL";
    Ok(on!(writer, c => sqlx::query(sql).bind(id).bind(moment_number(at)).execute(c).await
        .map(|done| done.rows_affected() == 1))?)
}

/// A notice on its way in.
pub(crate) struct New<'a> {
    pub key: &'a str,
    pub to: &'a Recipient,
    pub template: &'a str,
    pub values: &'a Value,
    pub urgency: Urgency,
    pub at: Instant,
}

/// Writes a notice; false when one with this key is there.
pub(crate) async fn add(writer: &mut Writer, new: New<'_>) -> Result<bool, StoreError> {
    let sql = "INSERT INTO outbox (id, key, recipient, template, content, urgency, created) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO NOTHING";
    let [to, urgency] = [json(new.to)?, json(&new.urgency)?];
    Ok(on!(writer, c => sqlx::query(sql).bind(new_id(new.at)).bind(new.key).bind(to).bind(new.template)
        .bind(new.values.to_string()).bind(urgency).bind(moment_number(new.at)).execute(c).await
        .map(|done| done.rows_affected() == 1))?)
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::not_json)
}

fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::unreadable(what, text))
}

impl TryFrom<Row> for OutboxRow {
    type Error = StoreError;
    fn try_from((id, key, to, template, values, urgency, created): Row) -> Result<Self, StoreError> {
        Ok(OutboxRow {
            to: read("a recipient", &to)?,
            values: read("the values of a notice", &values)?,
            urgency: read("an urgency", &urgency)?,
            created: moment_of(created)?,
            id,
            key,
            template,
        })
    }
}
