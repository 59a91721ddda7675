//! The import journal.

use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use store::{ImportRow, Refusal};
use units::Instant;
use utoipa::ToSchema;

/// Refused rows told of each import.
const REFUSALS_TOLD: usize = 20;

/// Files imported, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Imports {
    rows: Vec<ImportLine>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ImportLine {
    id: serde_json::Value,
    file: String,
    sha256: String,
    /// The layout it was recognised as.
    format: String,
    rows_read: u64,
    /// Values handed on.
    kept: u64,
    flagged: u64,
    refused: u64,
    new: u64,
    changed: u64,
    /// Values already held; all of them when a file is imported again.
    unchanged: u64,
    /// When it began, wall clock.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    duration_ms: u64,
    /// Traps met and how they were handled.
    notes: Vec<String>,
    /// The first refused rows.
    refusals: Vec<RefusedRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedRow {
    line: u64,
    column: Option<String>,
    reason: String,
    text: String,
}

/// What was imported, what was refused and why.
#[utoipa::path(get, path = "/api/v1/imports", tag = "observe",
    params(("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Imports), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn imports(State(state): State<AppState>, shape: Shape) -> Result<Response, ServerError> {
    let mut rows = Vec::new();
    for import in state.store().imports().await? {
        let refusals = if import.refused > 0 { state.store().refusals(import.id).await? } else { Vec::new() };
        rows.push(line(import, refusals)?);
    }
    let standard = AqiEdition::in_force(state.as_of().day()).id();
    let stamp = Stamp::observed(None, standard, state.options().demo);
    answer(shape, Imports { rows }, |imports| table(imports, stamp))
}

fn line(import: ImportRow, refusals: Vec<Refusal>) -> Result<ImportLine, ServerError> {
    let told = refusals.into_iter().take(REFUSALS_TOLD);
    Ok(ImportLine {
        id: serde_json::to_value(import.id).map_err(|e| ServerError::Broken(e.to_string()))?,
        file: import.file,
        sha256: import.sha256,
        format: import.format,
        rows_read: import.rows_read,
        kept: import.kept,
        flagged: import.flagged,
        refused: import.refused,
        new: import.counts.new,
        changed: import.counts.changed,
        unchanged: import.counts.unchanged,
        at: import.at,
        duration_ms: import.duration_ms,
        notes: import.notes,
        refusals: told
            .map(|Refusal { line, column, reason, text }| RefusedRow { line, column, reason, text })
            .collect(),
    })
}

fn table(imports: &Imports, stamp: Stamp) -> Table {
    let columns = [
        "at",
        "file",
        "format",
        "rows_read",
        "kept",
        "flagged",
        "refused",
        "new",
        "changed",
        "unchanged",
        "duration_ms",
        "sha256",
    ];
    let row = |line: &ImportLine| -> Vec<Cell> {
        let numbers = [
            line.rows_read,
            line.kept,
            line.flagged,
            line.refused,
            line.new,
            line.changed,
            line.unchanged,
            line.duration_ms,
        ];
        let head: [Cell; 3] = [line.at.to_string().into(), line.file.clone().into(), line.format.clone().into()];
        head.into_iter().chain(numbers.map(Cell::from)).chain([line.sha256.clone().into()]).collect()
    };
    Table {
        title: "数据导入记录".into(),
        file: "imports".into(),
        stamp,
        columns: columns.map(String::from).to_vec(),
        rows: imports.rows.iter().map(row).collect(),
    }
}
