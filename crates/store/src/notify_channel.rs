use crate::StoreError;
use crate::code::text;
use crate::database::{Reader, Store, Writer, commit, on};
use crate::event_log::Projected;
use crate::organisation::{state_of, version_of};
use crate::scope::Subject;
use crate::scope_statement::{Statement, act, run};
use notify::{Channel, ChannelEvent, ChannelState, Secrets};
use org::Scope;
use units::Instant;

/// A configured channel (渠道) with its version; without its secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelRow {
    /// Its id.
    pub id: String,
    /// The channel.
    pub channel: ChannelState,
    /// Its version.
    pub version: u64,
}

/// Channels as things of their organisations, with the table called `c` and the organisation `o`.
pub(crate) const CHANNEL: Subject =
    Subject { path: "o.path", owner: "c.organisation", account: None, kind: "'channel'", secrecy: "0", assigned: None };

const SELECT: &str = "SELECT c.id, s.version, s.state FROM channel c JOIN organisation o ON o.id = c.organisation \
     JOIN stream s ON s.kind = 'channel' AND s.id = c.id WHERE NOT c.closed AND ";

impl Store {
    /// The channels in scope that were not closed, by name.
    pub async fn channels(&self, scope: &Scope) -> Result<Vec<ChannelRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        CHANNEL.seen(&mut statement, scope);
        statement.push(" ORDER BY c.name, c.id");
        rows(&mut self.reader().await?, statement).await
    }

    /// One channel; `None` when it does not exist, was closed or lies outside the scope, which must look the same.
    pub async fn channel(&self, scope: &Scope, id: &str) -> Result<Option<ChannelRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("c.id = ").bind(id).push(" AND ");
        CHANNEL.seen(&mut statement, scope);
        Ok(rows(&mut self.reader().await?, statement).await?.pop())
    }

    /// Keeps secrets of a channel; the other ones stay as they are.
    pub async fn set_channel_secrets(&self, channel: &str, secrets: &Secrets) -> Result<(), StoreError> {
        let sql = "INSERT INTO channel_secret (channel, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (channel, name) DO UPDATE SET value = excluded.value";
        let mut writer = self.writer().await?;
        for (name, value) in secrets {
            on!(&mut writer, c => sqlx::query(sql).bind(text(channel)).bind(text(name)).bind(text(value))
                .execute(c).await.map(drop))?;
        }
        commit(writer).await
    }

    /// The secrets of a channel, for sending and nothing else.
    pub async fn channel_secrets(&self, channel: &str) -> Result<Secrets, StoreError> {
        let sql = "SELECT name, value FROM channel_secret WHERE channel = $1";
        let mut reader = self.reader().await?;
        let rows: Vec<(String, String)> =
            on!(&mut reader, c => sqlx::query_as(sql).bind(text(channel)).fetch_all(c).await)?;
        Ok(rows.into_iter().collect())
    }

    /// Forgets the secrets of a channel that was closed; returns how many there were.
    pub async fn forget_channel_secrets(&self, channel: &str) -> Result<u64, StoreError> {
        let mut statement = Statement::new("DELETE FROM channel_secret WHERE channel = ");
        statement.bind(channel);
        let mut writer = self.writer().await?;
        let gone = act!(&mut writer, statement)?;
        commit(writer).await?;
        Ok(gone)
    }
}

async fn rows(reader: &mut Reader, statement: Statement) -> Result<Vec<ChannelRow>, StoreError> {
    let rows: Vec<(String, i64, String)> = run!(reader, query_as, statement, fetch_all)?;
    let row = |(id, version, state): (String, i64, String)| {
        Ok(ChannelRow { id, channel: state_of("a channel", &state)?, version: version_of(version)? })
    };
    rows.into_iter().map(row).collect()
}

impl Projected for Channel {
    const TABLES: &'static [&'static str] = &["channel"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &ChannelEvent,
        _before: &ChannelState,
        after: &ChannelState,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        if matches!(event, ChannelEvent::SecretSet { .. }) {
            return Ok(());
        }
        let (Some(organisation), Some(settings)) = (&after.organisation, &after.settings) else { return Ok(()) };
        let how = serde_json::to_string(settings).map_err(StoreError::not_json)?;
        let mut statement =
            Statement::new("INSERT INTO channel (id, name, kind, organisation, settings, active, closed) VALUES (");
        statement.bind_list([id, &after.name, settings.kind().text(), organisation.as_str(), &how]);
        statement.push(", ").bind(after.active).push(", ").bind(after.closed);
        statement.push(
            ") ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, \
             active = excluded.active, closed = excluded.closed",
        );
        act!(writer, statement).map(drop)
    }
}
