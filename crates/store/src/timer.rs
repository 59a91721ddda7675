use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, Writer, commit, on};
use crate::work::{Claim, MOST_ATTEMPTS, WorkState, next_attempt};
use serde::Serialize;
use serde_json::Value;
use units::Instant;

/// Something that is due at a moment (定时器).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timer {
    /// Its name.
    pub key: String,
    /// When, by the clock that the screen shows.
    pub due: Instant,
    /// Which handler.
    pub action: String,
    /// What the handler is told.
    pub payload: Value,
    /// Where it stands.
    pub state: WorkState,
    /// How often it was tried, this attempt included.
    pub attempts: u32,
    /// Who works on it.
    pub claimed_by: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

impl Timer {
    /// The idempotency key for its effect: two firings of the same timer make one event.
    pub fn effect_key(&self) -> String {
        format!("timer:{}:{}", self.key, moment_number(self.due))
    }
}

type Row = (String, i64, String, String, i16, i32, Option<String>, Option<String>);
const COLUMNS: &str = "key, due, action, payload, state, attempts, claimed_by, last_error";

impl Store {
    /// Takes timers that are due by `shown`, the clock that the screen shows, first due first.
    ///
    /// Each is the worker's alone until its lease ends. A timer that was taken too often without an end, because
    /// its work kills the worker, is dead instead.
    pub async fn due_timers(&self, claim: &Claim<'_>, shown: Instant) -> Result<Vec<Timer>, StoreError> {
        let mut writer = self.writer().await?;
        let (at, due) = (moment_number(claim.at), moment_number(shown));
        let bury = "UPDATE timer SET state = 2, claimed_by = NULL, claimed_until = NULL, \
             last_error = coalesce(last_error, 'the worker ended without a word') \
             WHERE state = 0 AND claimed_until <= $1 AND attempts >= $2";
        on!(&mut writer, c => sqlx::query(bury).bind(at).bind(MOST_ATTEMPTS as i32).execute(c).await.map(drop))?;
        let free = "SELECT key FROM timer WHERE state = 0 AND due <= $1 AND run_after <= $2 \
             AND (claimed_until IS NULL OR claimed_until <= $2) ORDER BY due, key LIMIT $3";
        let sql = format!(
            "UPDATE timer SET claimed_by = $4, claimed_until = $5, attempts = attempts + 1 \
             WHERE key IN ({free} {}) RETURNING {COLUMNS}",
            writer.pick("", "FOR UPDATE SKIP LOCKED")
        );
        let rows: Vec<Row> = on!(&mut writer, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(due).bind(at)
            .bind(i64::from(claim.limit)).bind(claim.worker).bind(claim.until()).fetch_all(c).await)?;
        commit(writer).await?;
        let mut timers: Vec<Timer> = rows.into_iter().map(Timer::try_from).collect::<Result<_, _>>()?;
        timers.sort_by(|a, b| (a.due, &a.key).cmp(&(b.due, &b.key)));
        Ok(timers)
    }

    /// The effect of a taken timer has been committed. False when the lease had passed to another, or the timer was
    /// set anew in the meantime.
    pub async fn timer_done(&self, timer: &Timer) -> Result<bool, StoreError> {
        let sql = "UPDATE timer SET state = 1, claimed_by = NULL, claimed_until = NULL, last_error = NULL \
             WHERE key = $1 AND due = $2 AND claimed_by = $3 AND attempts = $4 AND state = 0";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(&timer.key).bind(moment_number(timer.due))
            .bind(timer.claimed_by.as_deref()).bind(timer.attempts as i32).execute(c).await
            .map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(done)
    }

    /// A taken timer failed: it is tried again after a pause that grows, and is dead after [`MOST_ATTEMPTS`].
    pub async fn timer_failed(&self, timer: &Timer, error: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "UPDATE timer SET state = $5, run_after = $6, last_error = $7, claimed_by = NULL, \
             claimed_until = NULL WHERE key = $1 AND due = $2 AND claimed_by = $3 AND attempts = $4 AND state = 0";
        let dead = timer.attempts >= MOST_ATTEMPTS;
        let state = if dead { WorkState::Dead } else { WorkState::Pending };
        let mut writer = self.writer().await?;
        let failed = on!(&mut writer, c => sqlx::query(sql).bind(&timer.key).bind(moment_number(timer.due))
            .bind(timer.claimed_by.as_deref()).bind(timer.attempts as i32).bind(state.number())
            .bind(moment_number(next_attempt(at, timer.attempts))).bind(crate::code::text(error))
            .execute(c).await.map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(failed)
    }

    /// Tries a dead timer again. False when it is not dead.
    pub async fn retry_timer(&self, key: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "UPDATE timer SET state = 0, attempts = 0, run_after = $2 WHERE key = $1 AND state = 2";
        let mut writer = self.writer().await?;
        let again = on!(&mut writer, c => sqlx::query(sql).bind(key).bind(moment_number(at)).execute(c).await
            .map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(again)
    }

    /// Timers of a state, or all, those due first first.
    pub async fn timers(&self, state: Option<WorkState>, limit: u32) -> Result<Vec<Timer>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM timer WHERE $1 < 0 OR state = $1 ORDER BY due, key LIMIT $2");
        let state = state.map_or(-1, WorkState::number);
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = on!(&mut reader, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(state)
            .bind(i64::from(limit)).fetch_all(c).await)?;
        rows.into_iter().map(Timer::try_from).collect()
    }

    /// The moment the next waiting timer is due, by the clock that the screen shows.
    pub async fn next_timer(&self) -> Result<Option<Instant>, StoreError> {
        let sql = "SELECT min(due) FROM timer WHERE state = 0";
        let mut reader = self.reader().await?;
        let due: Option<i64> = on!(&mut reader, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
        due.map(moment_of).transpose()
    }
}

/// Sets a timer; what was set under the same key before is forgotten, also when somebody works on it.
pub(crate) async fn set(
    writer: &mut Writer,
    key: &str,
    due: Instant,
    action: &str,
    payload: &Value,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO timer (key, due, action, payload, state, attempts, run_after) \
         VALUES ($1, $2, $3, $4, 0, 0, 0) ON CONFLICT (key) DO UPDATE SET due = excluded.due, \
         action = excluded.action, payload = excluded.payload, state = 0, attempts = 0, run_after = 0, \
         claimed_by = NULL, claimed_until = NULL, last_error = NULL";
    on!(writer, c => sqlx::query(sql).bind(key).bind(moment_number(due)).bind(action).bind(payload.to_string())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Cancels a waiting timer; none under this key is fine.
pub(crate) async fn cancel(writer: &mut Writer, key: &str) -> Result<(), StoreError> {
    let sql = "UPDATE timer SET state = 3, claimed_by = NULL, claimed_until = NULL WHERE key = $1 AND state IN (0, 2)";
    on!(writer, c => sqlx::query(sql).bind(key).execute(c).await.map(drop))?;
    Ok(())
}

impl TryFrom<Row> for Timer {
    type Error = StoreError;
    fn try_from((key, due, action, payload, state, attempts, claimed_by, last_error): Row) -> Result<Self, StoreError> {
        Ok(Timer {
            due: moment_of(due)?,
            payload: serde_json::from_str(&payload).map_err(|_| StoreError::unreadable("a payload", &payload))?,
            state: WorkState::of(state).ok_or_else(|| StoreError::unreadable("a state of a timer", state))?,
            attempts: attempts.unsigned_abs(),
            key,
            action,
            claimed_by,
            last_error,
        })
    }
}
