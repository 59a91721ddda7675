use crate::StoreError;
use crate::code::{hour_bound, hour_number, hour_of, moment_number, moment_of, text};
use crate::database::{Store, commit, on};
use serde::Serialize;
use units::{BeijingHour, Instant};

/// A trained forecast model (模型).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRow {
    /// Its id.
    pub id: String,
    /// It has seen hours before this one only.
    pub trained_until: BeijingHour,
    /// When it was trained.
    pub created_at: Instant,
    /// The model, as its crate writes it.
    pub body: Vec<u8>,
}

/// A model without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelSummary {
    /// Its id.
    pub id: String,
    /// It has seen hours before this one only.
    pub trained_until: BeijingHour,
    /// When it was trained.
    pub created_at: Instant,
}

/// One issue of the forecast (起报).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Issue time (起报时间).
    pub issue: BeijingHour,
    /// The id of the model that made it.
    pub model: String,
    /// What the model had seen.
    pub trained_until: BeijingHour,
    /// Whether a person has looked at it.
    pub state: RunState,
    /// When it was made.
    pub created_at: Instant,
    /// The run, as its crate writes it.
    pub body: Vec<u8>,
}

/// A run without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// Issue time.
    pub issue: BeijingHour,
    /// The id of the model that made it.
    pub model: String,
    /// What the model had seen.
    pub trained_until: BeijingHour,
    /// Whether a person has looked at it.
    pub state: RunState,
    /// When it was made.
    pub created_at: Instant,
}

/// Review state of a run (审核状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// Made by the program, not looked at (自动).
    Automatic,
    /// Looked at and confirmed by a forecaster (已审核).
    Reviewed,
}

impl RunState {
    const ALL: [RunState; 2] = [RunState::Automatic, RunState::Reviewed];

    /// The code in tables and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            RunState::Automatic => "automatic",
            RunState::Reviewed => "reviewed",
        }
    }

    fn from_code(code: &str) -> Result<RunState, StoreError> {
        let known = RunState::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| StoreError::unreadable("a state of a run", code))
    }
}

type Summary = (i32, String, i32, String, i64);

impl Store {
    /// Saves a model; the same id again replaces it.
    pub async fn save_model(&self, model: &ModelRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO model (id, trained_until, created_at, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET trained_until = excluded.trained_until, \
             created_at = excluded.created_at, body = excluded.body";
        let (until, at) = (hour_number(model.trained_until)?, moment_number(model.created_at));
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(&model.id)).bind(until).bind(at)
            .bind(model.body.as_slice()).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// A model with its body.
    pub async fn model(&self, id: &str) -> Result<Option<ModelRow>, StoreError> {
        let sql = "SELECT trained_until, created_at, body FROM model WHERE id = $1";
        let mut reader = self.reader().await?;
        let row: Option<(i32, i64, Vec<u8>)> =
            on!(&mut reader, c => sqlx::query_as(sql).bind(text(id)).fetch_optional(c).await)?;
        row.map(|(until, at, body)| {
            Ok(ModelRow { id: id.to_string(), trained_until: hour_of(until), created_at: moment_of(at)?, body })
        })
        .transpose()
    }

    /// All models, the one trained furthest first.
    pub async fn models(&self) -> Result<Vec<ModelSummary>, StoreError> {
        let sql = "SELECT id, trained_until, created_at FROM model ORDER BY trained_until DESC, created_at DESC, id";
        let mut reader = self.reader().await?;
        let rows: Vec<(String, i32, i64)> = on!(&mut reader, c => sqlx::query_as(sql).fetch_all(c).await)?;
        let summary =
            |(id, until, at)| Ok(ModelSummary { id, trained_until: hour_of(until), created_at: moment_of(at)? });
        rows.into_iter().map(summary).collect()
    }

    /// Saves a run; the same issue time and model again replace it.
    pub async fn save_run(&self, run: &RunRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO run (issue, model, trained_until, state, created_at, body) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (issue, model) DO UPDATE SET \
             trained_until = excluded.trained_until, state = excluded.state, created_at = excluded.created_at, \
             body = excluded.body";
        let (issue, until) = (hour_number(run.issue)?, hour_number(run.trained_until)?);
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(issue).bind(text(&run.model)).bind(until).bind(run.state.code())
            .bind(moment_number(run.created_at)).bind(run.body.as_slice()).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// The run of an issue time that was made last.
    pub async fn run(&self, issue: BeijingHour) -> Result<Option<RunRow>, StoreError> {
        let sql = "SELECT issue, model, trained_until, state, created_at, body FROM run WHERE issue = $1 \
             ORDER BY created_at DESC, model DESC LIMIT 1";
        let mut reader = self.reader().await?;
        let row: Option<(i32, String, i32, String, i64, Vec<u8>)> =
            on!(&mut reader, c => sqlx::query_as(sql).bind(hour_bound(issue)).fetch_optional(c).await)?;
        row.map(|(issue, model, until, state, at, body)| {
            let RunSummary { issue, model, trained_until, state, created_at } =
                summary((issue, model, until, state, at))?;
            Ok(RunRow { issue, model, trained_until, state, created_at, body })
        })
        .transpose()
    }

    /// Forgets the runs issued before `before` at another hour than `label`, and says how many they were.
    pub async fn forget_runs_but(&self, label: u8, before: BeijingHour) -> Result<u64, StoreError> {
        // The number of an hour counts from a midnight, so that the remainder is its label; the label 24 leaves none.
        let sql = "DELETE FROM run WHERE issue < $1 AND issue % 24 <> $2";
        let mut writer = self.writer().await?;
        let gone = on!(&mut writer, c => sqlx::query(sql).bind(hour_bound(before)).bind(i32::from(label % 24))
            .execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(gone)
    }

    /// All runs, the latest issue first.
    pub async fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        let sql = "SELECT issue, model, trained_until, state, created_at FROM run \
             ORDER BY issue DESC, created_at DESC, model DESC";
        let mut reader = self.reader().await?;
        let rows: Vec<Summary> = on!(&mut reader, c => sqlx::query_as(sql).fetch_all(c).await)?;
        rows.into_iter().map(summary).collect()
    }
}

fn summary((issue, model, until, state, at): Summary) -> Result<RunSummary, StoreError> {
    Ok(RunSummary {
        issue: hour_of(issue),
        model,
        trained_until: hour_of(until),
        state: RunState::from_code(&state)?,
        created_at: moment_of(at)?,
    })
}
