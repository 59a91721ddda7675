//! What an administrator sees of deliveries, and a dead one's second life.

use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, Writer, commit};
use crate::matter_list::Page;
use crate::notify_channel::CHANNEL;
use crate::scope_statement::{Statement, act, run};
use crate::work::WorkState;
use notify::ChannelKind;
use org::Scope;
use units::Instant;

/// A delivery in a list; without what it says, which is the recipient's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id, in the order of time.
    pub id: String,
    /// The channel's id; empty for a notice that could not be made.
    pub channel: String,
    /// The channel's kind.
    pub kind: ChannelKind,
    /// Whom it reaches, when it is one person.
    pub account: Option<String>,
    /// Whether it is a digest.
    pub digest: bool,
    /// Where it stands.
    pub state: WorkState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub created: Instant,
    /// Not before this moment.
    pub run_after: Instant,
    /// When it was taken.
    pub sent_at: Option<Instant>,
    /// What the receiver said when it took it (回执).
    pub receipt: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// How many notices it carries.
    pub parts: u32,
}

#[derive(sqlx::FromRow)]
struct Read {
    id: String,
    channel: String,
    kind: String,
    account: Option<String>,
    digest: i64,
    state: i64,
    attempts: i64,
    created: i64,
    run_after: i64,
    sent_at: Option<i64>,
    receipt: Option<String>,
    last_error: Option<String>,
    parts: i64,
}

const SELECT: &str = "SELECT d.id, d.channel, d.kind, d.account, CAST(d.digest AS BIGINT) AS digest, \
     CAST(d.state AS BIGINT) AS state, CAST(d.attempts AS BIGINT) AS attempts, d.created, d.run_after, d.sent_at, \
     d.receipt, d.last_error, (SELECT count(*) FROM delivery_part p WHERE p.delivery = d.id) AS parts ";
/// A delivery is seen with its channel; one that could not be made belongs to whoever sees all channels.
const FROM: &str = "FROM delivery d LEFT JOIN channel c ON c.id = d.channel \
     LEFT JOIN organisation o ON o.id = c.organisation WHERE ";

impl Store {
    /// A page of the deliveries of channels in scope, the newest first; `after` is the `next` of the page before.
    pub async fn deliveries(
        &self,
        scope: &Scope,
        state: Option<WorkState>,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<DeliveryRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push(FROM);
        seen(&mut statement, scope, state);
        if let Some(mark) = after {
            statement.push(" AND d.id < ").bind(mark);
        }
        statement.push(" ORDER BY d.id DESC LIMIT ").bind(i64::from(limit) + 1);
        let rows: Vec<Read> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let items = rows.into_iter().map(DeliveryRow::try_from).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(items, limit, |row| row.id.clone()))
    }

    /// How many deliveries of channels in scope there are.
    pub async fn count_deliveries(&self, scope: &Scope, state: Option<WorkState>) -> Result<u64, StoreError> {
        let mut statement = Statement::new("SELECT count(*) ");
        statement.push(FROM);
        seen(&mut statement, scope, state);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Gives a dead delivery of a channel in scope another life; false when there is none.
    pub async fn retry_delivery(&self, scope: &Scope, id: &str, at: Instant) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let mut statement = Statement::new("SELECT d.kind ");
        statement.push(FROM).push("d.id = ").bind(id).push(" AND ");
        seen(&mut statement, scope, Some(WorkState::Dead));
        let kind: Option<String> = run!(&mut writer, query_scalar, statement, fetch_optional)?;
        let Some(kind) = kind else { return Ok(false) };
        if kind == ChannelKind::InApp.text() {
            make_again(&mut writer, id).await?;
        } else {
            let mut statement = Statement::new("UPDATE delivery SET state = 0, attempts = 0, run_after = ");
            statement.bind(moment_number(at)).push(" WHERE state = 2 AND id = ").bind(id);
            act!(&mut writer, statement)?;
        }
        commit(writer).await?;
        Ok(true)
    }
}

/// A notice that could not be made goes back to those that wait to be made.
async fn make_again(writer: &mut Writer, id: &str) -> Result<(), StoreError> {
    let mut again = Statement::new("UPDATE outbox SET expanded = NULL WHERE id IN ");
    again.push("(SELECT outbox FROM delivery_part WHERE delivery = ").bind(id).push(")");
    act!(writer, again)?;
    let mut parts = Statement::new("DELETE FROM delivery_part WHERE delivery = ");
    parts.bind(id);
    act!(writer, parts)?;
    let mut delivery = Statement::new("DELETE FROM delivery WHERE id = ");
    delivery.bind(id);
    act!(writer, delivery).map(drop)
}

fn seen(statement: &mut Statement, scope: &Scope, state: Option<WorkState>) {
    // A row without a channel has no path and no owner, so that only a reach over everything finds it.
    CHANNEL.seen(statement, scope);
    if let Some(state) = state {
        statement.push(" AND d.state = ").bind(i64::from(state.number()));
    }
}

impl TryFrom<Read> for DeliveryRow {
    type Error = StoreError;
    fn try_from(row: Read) -> Result<DeliveryRow, StoreError> {
        let state = i16::try_from(row.state).ok().and_then(WorkState::of);
        Ok(DeliveryRow {
            id: row.id,
            channel: row.channel,
            kind: row.kind.parse().map_err(|_| StoreError::unreadable("a kind of channel", &row.kind))?,
            account: row.account,
            digest: row.digest == 1,
            state: state.ok_or_else(|| StoreError::unreadable("the state of a delivery", row.state))?,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            created: moment_of(row.created)?,
            run_after: moment_of(row.run_after)?,
            sent_at: row.sent_at.map(moment_of).transpose()?,
            receipt: row.receipt,
            last_error: row.last_error,
            parts: u32::try_from(row.parts).unwrap_or_default(),
        })
    }
}
