use crate::database::{Store, on};
use crate::{StoreError, WorkState};
use serde::Serialize;

/// How much work stands where (任务概况).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WorkCounts {
    /// To be done.
    pub pending: u64,
    /// Done.
    pub done: u64,
    /// Tried too often.
    pub dead: u64,
    /// Not wanted any more.
    pub cancelled: u64,
}

impl WorkCounts {
    /// How much stands in a state, or at all.
    pub fn of(&self, state: Option<WorkState>) -> u64 {
        match state {
            Some(WorkState::Pending) => self.pending,
            Some(WorkState::Done) => self.done,
            Some(WorkState::Dead) => self.dead,
            Some(WorkState::Cancelled) => self.cancelled,
            None => self.pending + self.done + self.dead + self.cancelled,
        }
    }
}

impl Store {
    /// How many jobs stand where.
    pub async fn count_jobs(&self) -> Result<WorkCounts, StoreError> {
        self.count_work("SELECT state, count(*) FROM job GROUP BY state").await
    }

    /// How many timers stand where.
    pub async fn count_timers(&self) -> Result<WorkCounts, StoreError> {
        self.count_work("SELECT state, count(*) FROM timer GROUP BY state").await
    }

    async fn count_work(&self, sql: &'static str) -> Result<WorkCounts, StoreError> {
        let mut reader = self.reader().await?;
        let rows: Vec<(i16, i64)> = on!(&mut reader, c => sqlx::query_as(sql).fetch_all(c).await)?;
        let mut counts = WorkCounts::default();
        for (state, count) in rows {
            let count = count.unsigned_abs();
            match WorkState::of(state).ok_or_else(|| StoreError::unreadable("a state of work", state))? {
                WorkState::Pending => counts.pending = count,
                WorkState::Done => counts.done = count,
                WorkState::Dead => counts.dead = count,
                WorkState::Cancelled => counts.cancelled = count,
            }
        }
        Ok(counts)
    }
}
