use crate::StoreError;
use crate::code::{moment_number, moment_of, text};
use crate::database::{Store, Writer, commit, on};
use crate::personal::new_id;
use crate::work::{Claim, MOST_ATTEMPTS, WorkState, next_attempt};
use serde::Serialize;
use serde_json::Value;
use units::Instant;

/// Work for the background (后台任务), done at least once: its effect must bear a repetition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What makes it one and the same job.
    pub key: String,
    /// Which handler.
    pub kind: String,
    /// What the handler is told.
    pub payload: Value,
    /// Where it stands.
    pub state: WorkState,
    /// How often it was tried, this attempt included.
    pub attempts: u32,
    /// When it was asked for.
    pub created: Instant,
    /// Not before this moment, by the wall clock.
    pub run_after: Instant,
    /// Who works on it.
    pub claimed_by: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

type Row = (String, String, String, String, i16, i32, i64, i64, Option<String>, Option<String>);
const COLUMNS: &str = "id, key, kind, payload, state, attempts, created, run_after, claimed_by, last_error";

impl Store {
    /// Asks for a job outside a command. False when one with this key is there already, in whatever state.
    pub async fn enqueue(
        &self,
        key: &str,
        kind: &str,
        payload: &Value,
        run_after: Instant,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let new = add(&mut writer, key, kind, payload, run_after, at).await?;
        commit(writer).await?;
        Ok(new)
    }

    /// Takes jobs whose turn it is, longest waiting first; see [`Store::due_timers`] about leases.
    pub async fn claim_jobs(&self, claim: &Claim<'_>) -> Result<Vec<Job>, StoreError> {
        let mut writer = self.writer().await?;
        let at = moment_number(claim.at);
        let bury = "UPDATE job SET state = 2, claimed_by = NULL, claimed_until = NULL, \
             last_error = coalesce(last_error, 'the worker ended without a word') \
             WHERE state = 0 AND claimed_until <= $1 AND attempts >= $2";
        on!(&mut writer, c => sqlx::query(bury).bind(at).bind(MOST_ATTEMPTS as i32).execute(c).await.map(drop))?;
        let free = "SELECT id FROM job WHERE state = 0 AND run_after <= $1 \
             AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY run_after, id LIMIT $2";
        let sql = format!(
            "UPDATE job SET claimed_by = $3, claimed_until = $4, attempts = attempts + 1 \
             WHERE id IN ({free} {}) RETURNING {COLUMNS}",
            writer.pick("", "FOR UPDATE SKIP LOCKED")
        );
        let rows: Vec<Row> = on!(&mut writer, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(at)
            .bind(i64::from(claim.limit)).bind(claim.worker).bind(claim.until()).fetch_all(c).await)?;
        commit(writer).await?;
        let mut jobs: Vec<Job> = rows.into_iter().map(Job::try_from).collect::<Result<_, _>>()?;
        jobs.sort_by(|a, b| (a.run_after, &a.id).cmp(&(b.run_after, &b.id)));
        Ok(jobs)
    }

    /// A taken job is done. False when the lease had passed to another.
    pub async fn finish_job(&self, job: &Job) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 1, claimed_by = NULL, claimed_until = NULL, last_error = NULL \
             WHERE id = $1 AND claimed_by = $2 AND attempts = $3 AND state = 0";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(&job.id).bind(job.claimed_by.as_deref())
            .bind(job.attempts as i32).execute(c).await.map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(done)
    }

    /// A taken job failed: it is tried again after a pause that grows, and is dead after [`MOST_ATTEMPTS`].
    pub async fn fail_job(&self, job: &Job, error: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = $4, run_after = $5, last_error = $6, claimed_by = NULL, \
             claimed_until = NULL WHERE id = $1 AND claimed_by = $2 AND attempts = $3 AND state = 0";
        let state = if job.attempts >= MOST_ATTEMPTS { WorkState::Dead } else { WorkState::Pending };
        let mut writer = self.writer().await?;
        let failed = on!(&mut writer, c => sqlx::query(sql).bind(&job.id).bind(job.claimed_by.as_deref())
            .bind(job.attempts as i32).bind(state.number()).bind(moment_number(next_attempt(at, job.attempts)))
            .bind(text(error)).execute(c).await.map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(failed)
    }

    /// Tries a dead job again. False when it is not dead.
    pub async fn retry_job(&self, id: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 0, attempts = 0, run_after = $2 WHERE id = $1 AND state = 2";
        let mut writer = self.writer().await?;
        let again = on!(&mut writer, c => sqlx::query(sql).bind(id).bind(moment_number(at)).execute(c).await
            .map(|done| done.rows_affected() == 1))?;
        commit(writer).await?;
        Ok(again)
    }

    /// Jobs of a state, or all, the newest first.
    pub async fn jobs(&self, state: Option<WorkState>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM job WHERE $1 < 0 OR state = $1 ORDER BY created DESC, id DESC LIMIT $2");
        let state = state.map_or(-1, WorkState::number);
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = on!(&mut reader, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(state)
            .bind(i64::from(limit)).fetch_all(c).await)?;
        rows.into_iter().map(Job::try_from).collect()
    }
}

/// Adds a job; false when one with this key is there.
pub(crate) async fn add(
    writer: &mut Writer,
    key: &str,
    kind: &str,
    payload: &Value,
    run_after: Instant,
    at: Instant,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO job (id, key, kind, payload, state, attempts, created, run_after) \
         VALUES ($1, $2, $3, $4, 0, 0, $5, $6) ON CONFLICT (key) DO NOTHING";
    let new = on!(writer, c => sqlx::query(sql).bind(new_id(at)).bind(key).bind(kind).bind(payload.to_string())
        .bind(moment_number(at)).bind(moment_number(run_after)).execute(c).await
        .map(|done| done.rows_affected() == 1))?;
    Ok(new)
}

impl TryFrom<Row> for Job {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (id, key, kind, payload, state, attempts, created, run_after, claimed_by, last_error) = row;
        Ok(Job {
            payload: serde_json::from_str(&payload).map_err(|_| StoreError::unreadable("a payload", &payload))?,
            state: WorkState::of(state).ok_or_else(|| StoreError::unreadable("a state of a job", state))?,
            attempts: attempts.unsigned_abs(),
            created: moment_of(created)?,
            run_after: moment_of(run_after)?,
            id,
            key,
            kind,
            claimed_by,
            last_error,
        })
    }
}
