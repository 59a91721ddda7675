use crate::StoreError;
use crate::code::{hour_bound, hour_number, hour_of, moment_number, moment_of, text};
use crate::database::{Store, commit, on};
use units::{BeijingHour, Instant};

/// Output of another model, one run (指导预报).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuidanceRow {
    /// The model.
    pub model: String,
    /// Issue time of its run.
    pub run: BeijingHour,
    /// When it was stored.
    pub arrived_at: Instant,
    /// The file it came in.
    pub file: String,
    /// Digest of that file, hexadecimal.
    pub sha256: String,
    /// The member, as its crate writes it.
    pub body: Vec<u8>,
}

type Row = (String, i32, i64, String, String, Vec<u8>);

impl Store {
    /// Saves a run of guidance; the same model and run again replaces it. Says whether there was none before.
    pub async fn save_guidance(&self, row: &GuidanceRow) -> Result<bool, StoreError> {
        let known = "SELECT count(*) FROM guidance WHERE model = $1 AND run = $2";
        let sql = "INSERT INTO guidance (model, run, arrived_at, file, sha256, body) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (model, run) DO UPDATE SET arrived_at = excluded.arrived_at, file = excluded.file, \
             sha256 = excluded.sha256, body = excluded.body";
        let (run, at) = (hour_number(row.run)?, moment_number(row.arrived_at));
        let mut writer = self.writer().await?;
        let before: i64 = on!(&mut writer, c => sqlx::query_scalar(known).bind(text(&row.model)).bind(run)
            .fetch_one(c).await)?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(&row.model)).bind(run).bind(at).bind(text(&row.file))
            .bind(text(&row.sha256)).bind(row.body.as_slice()).execute(c).await.map(drop))?;
        commit(writer).await?;
        Ok(before == 0)
    }

    /// The newest run of every model of the hours from `first` to `last`, by model.
    pub async fn newest_guidance(&self, first: BeijingHour, last: BeijingHour) -> Result<Vec<GuidanceRow>, StoreError> {
        let sql = "SELECT model, run, arrived_at, file, sha256, body FROM guidance AS one WHERE run = \
             (SELECT max(run) FROM guidance AS other WHERE other.model = one.model AND other.run BETWEEN $1 AND $2) \
             ORDER BY model";
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = on!(&mut reader, c => sqlx::query_as(sql).bind(hour_bound(first)).bind(hour_bound(last))
            .fetch_all(c).await)?;
        let row = |(model, run, at, file, sha256, body)| {
            Ok(GuidanceRow { model, run: hour_of(run), arrived_at: moment_of(at)?, file, sha256, body })
        };
        rows.into_iter().map(row).collect()
    }
}
