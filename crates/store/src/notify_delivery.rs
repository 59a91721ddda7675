//! Deliveries: taken one at a time as the limits of their channels allow, and what came of them.

use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, Writer, commit, on};
use crate::organisation::state_of;
use crate::scope_statement::{Statement, act, run};
use crate::work::Claim;
use notify::{ChannelKind, Gate, Secrets, Settings, Verdict, next_attempt};
use serde_json::Value;
use std::time::Duration;
use units::Instant;

/// A delivery (投递) in the hands of one worker, with all it needs to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id; the same at every attempt.
    pub id: String,
    /// How often it was tried, this attempt included.
    pub attempts: u32,
    /// The channel's id.
    pub channel: String,
    /// How the channel is reached.
    pub settings: Settings,
    /// The channel's secrets.
    pub secrets: Secrets,
    /// The person's mail address or phone, for a channel that reaches one person.
    pub address: Option<String>,
    /// What is to be said, oldest first: template and values.
    pub parts: Vec<(String, Value)>,
    /// When it was made.
    pub created: Instant,
}

const DUE: &str = "SELECT d.id, d.channel, d.kind, d.account, d.attempts, d.created, c.settings FROM delivery d \
     JOIN channel c ON c.id = d.channel LEFT JOIN channel_gate g ON g.channel = d.channel WHERE d.state = 0 \
     AND d.run_after <= $1 AND (d.claimed_until IS NULL OR d.claimed_until <= $1) AND c.active \
     AND coalesce(g.open_at, 0) <= $1 ORDER BY d.digest, d.run_after, d.id LIMIT 1";
type Due = (String, String, String, Option<String>, i32, i64, String);

/// After so many attempts that all ended without a word, another one is not made.
const MOST_ATTEMPTS: u32 = 9;

impl Store {
    /// Takes the delivery whose turn it is and a token of its channel's bucket; `None` when nothing can go now.
    ///
    /// It is the worker's alone until the lease ends; if the worker dies, another takes it again: at least once.
    pub async fn claim_delivery(&self, claim: &Claim<'_>) -> Result<Option<Outgoing>, StoreError> {
        loop {
            // A look costs no lock, and most looks find nothing.
            let at = moment_number(claim.at);
            let mut reader = self.reader().await?;
            let waiting: Option<Due> = on!(&mut reader, c => sqlx::query_as(DUE).bind(at).fetch_optional(c).await)?;
            drop(reader);
            if waiting.is_none() {
                return Ok(None);
            }
            let mut writer = self.writer().await?;
            let sql = writer.pick(DUE.to_string(), format!("{DUE} FOR UPDATE OF d SKIP LOCKED"));
            let due: Option<Due> = on!(&mut writer, c => sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(at).fetch_optional(c).await)?;
            let Some(due) = due else { return Ok(None) };
            let taken = take(&mut writer, due, claim).await?;
            commit(writer).await?;
            if taken.is_some() {
                return Ok(taken);
            }
        }
    }

    /// Writes down what came of an attempt; false when the lease had ended and another worker has it.
    pub async fn finish_delivery(
        &self,
        outgoing: &Outgoing,
        worker: &str,
        verdict: &Verdict,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let mut statement = Statement::new("UPDATE delivery SET claimed_by = NULL, claimed_until = NULL, ");
        match verdict {
            Verdict::Sent(receipt) => {
                statement.push("state = 1, last_error = NULL, sent_at = ").bind(moment_number(at));
                statement.push(", receipt = ").bind(receipt);
            }
            Verdict::Refused(said) => {
                statement.push("state = 2, last_error = ").bind(said);
            }
            Verdict::Later(said) => match next_attempt(outgoing.attempts, at) {
                Some(next) => {
                    statement.push("run_after = ").bind(moment_number(next)).push(", last_error = ").bind(said);
                }
                None => {
                    statement.push("state = 2, last_error = ").bind(said);
                }
            },
            // The message is not to blame: the attempt does not count.
            Verdict::TooFast { said, wait } => {
                let until = shut(&mut writer, outgoing, *wait, at).await?;
                statement.push("attempts = attempts - 1, run_after = ").bind(moment_number(until));
                statement.push(", last_error = ").bind(said);
            }
        }
        statement.push(" WHERE id = ").bind(&outgoing.id).push(" AND state = 0 AND claimed_by = ").bind(worker);
        let done = act!(&mut writer, statement)? == 1;
        commit(writer).await?;
        Ok(done)
    }

    /// Takes a token of a channel's bucket for a message beside the queue; false when there is none just now.
    pub async fn spend_token(&self, channel: &str, kind: ChannelKind, at: Instant) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let gate = gate(&mut writer, channel).await?;
        let Ok(spent) = gate.take(&kind.limits(), at) else { return Ok(false) };
        let open_at = spent.take(&kind.limits(), at).err().unwrap_or(at);
        save_gate(&mut writer, channel, &spent, open_at).await?;
        commit(writer).await?;
        Ok(true)
    }

    /// Buries what waits for a channel that was closed; returns how many.
    pub async fn bury_closed(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM delivery d JOIN channel c ON c.id = d.channel WHERE d.state = 0 AND c.closed";
        let mut reader = self.reader().await?;
        let waiting: i64 = on!(&mut reader, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
        drop(reader);
        if waiting == 0 {
            return Ok(0);
        }
        let mut statement = Statement::new("UPDATE delivery SET state = 2, last_error = ");
        statement.bind(notify::NotifyError::Closed.to_string());
        statement.push(" WHERE state = 0 AND channel IN (SELECT id FROM channel WHERE closed)");
        let mut writer = self.writer().await?;
        let buried = act!(&mut writer, statement)?;
        commit(writer).await?;
        Ok(buried)
    }
}

/// `None` when the channel has no token just now, or when it was tried too often: the search goes on.
async fn take(writer: &mut Writer, due: Due, claim: &Claim<'_>) -> Result<Option<Outgoing>, StoreError> {
    let (id, channel, kind, account, attempts, created, settings) = due;
    let attempts = u32::try_from(attempts).unwrap_or_default() + 1;
    if attempts > MOST_ATTEMPTS {
        let mut statement = Statement::new("UPDATE delivery SET state = 2, last_error = coalesce(last_error, ");
        statement.bind("the program ended during each attempt").push(") WHERE id = ").bind(&id);
        act!(writer, statement)?;
        return Ok(None);
    }
    let settings: Settings = state_of("the settings of a channel", &settings)?;
    let gate = gate(writer, &channel).await?;
    let limits = settings.kind().limits();
    let spent = match gate.take(&limits, claim.at) {
        Ok(spent) => spent,
        Err(open_at) => {
            save_gate(writer, &channel, &gate, open_at).await?;
            return Ok(None);
        }
    };
    let open_at = spent.take(&limits, claim.at).err().unwrap_or(claim.at);
    save_gate(writer, &channel, &spent, open_at).await?;
    let mut statement = Statement::new("UPDATE delivery SET attempts = attempts + 1, claimed_by = ");
    statement.bind(claim.worker).push(", claimed_until = ").bind(claim.until()).push(" WHERE id = ").bind(&id);
    act!(writer, statement)?;
    Ok(Some(Outgoing {
        parts: parts(writer, &id).await?,
        secrets: secrets(writer, &channel).await?,
        address: address(writer, &kind, account.as_deref()).await?,
        created: moment_of(created)?,
        id,
        attempts,
        channel,
        settings,
    }))
}

/// The gate of a channel, made if it is new, and nobody else's until the transaction ends.
async fn gate(writer: &mut Writer, channel: &str) -> Result<Gate, StoreError> {
    let mut statement = Statement::new("INSERT INTO channel_gate (channel, state, open_at) VALUES (");
    let new = serde_json::to_string(&Gate::default()).map_err(StoreError::not_json)?;
    statement
        .bind_list([channel, &new])
        .push(", 0) ON CONFLICT (channel) DO UPDATE SET open_at = channel_gate.open_at RETURNING state");
    let state: String = run!(writer, query_scalar, statement, fetch_one)?;
    state_of("the gate of a channel", &state)
}

async fn save_gate(writer: &mut Writer, channel: &str, gate: &Gate, open_at: Instant) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE channel_gate SET state = ");
    statement.bind(serde_json::to_string(gate).map_err(StoreError::not_json)?);
    statement.push(", open_at = ").bind(moment_number(open_at)).push(" WHERE channel = ").bind(channel);
    act!(writer, statement).map(drop)
}

/// Shuts a channel that was told to slow down.
async fn shut(
    writer: &mut Writer,
    outgoing: &Outgoing,
    wait_seconds: Option<u32>,
    at: Instant,
) -> Result<Instant, StoreError> {
    let usual = Duration::from_micros(outgoing.settings.kind().limits().block);
    // Nobody is asked to wait for more than a day, whatever a gateway says.
    let wait = wait_seconds.map_or(usual, |seconds| Duration::from_secs(u64::from(seconds).min(86_400)));
    let until = Instant::from_utc(at.to_utc() + wait);
    let gate = gate(writer, &outgoing.channel).await?.shut(until);
    save_gate(writer, &outgoing.channel, &gate, until).await?;
    Ok(until)
}

async fn parts(writer: &mut Writer, id: &str) -> Result<Vec<(String, Value)>, StoreError> {
    let mut statement = Statement::new(
        "SELECT x.template, x.content FROM delivery_part p JOIN outbox x ON x.id = p.outbox WHERE p.delivery = ",
    );
    statement.bind(id).push(" ORDER BY x.created, x.id");
    let rows: Vec<(String, String)> = run!(writer, query_as, statement, fetch_all)?;
    let part = |(template, values): (String, String)| Ok((template, state_of("the values of a notice", &values)?));
    rows.into_iter().map(part).collect()
}

async fn secrets(writer: &mut Writer, channel: &str) -> Result<Secrets, StoreError> {
    let mut statement = Statement::new("SELECT name, value FROM channel_secret WHERE channel = ");
    statement.bind(channel);
    let rows: Vec<(String, String)> = run!(writer, query_as, statement, fetch_all)?;
    Ok(rows.into_iter().collect())
}

/// Read at the last moment, so that an address that was changed or erased is not used any more.
async fn address(writer: &mut Writer, kind: &str, account: Option<&str>) -> Result<Option<String>, StoreError> {
    let Some(account) = account else { return Ok(None) };
    let what = if kind == "sms" { "phone" } else { "mail" };
    let mut statement = Statement::new("SELECT value FROM personal WHERE value IS NOT NULL AND account = ");
    statement.bind(account).push(" AND kind = ").bind(what).push(" ORDER BY id DESC LIMIT 1");
    Ok(run!(writer, query_scalar, statement, fetch_optional)?)
}
