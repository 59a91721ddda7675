use crate::StoreError;
use crate::bulk::{self, Span};
use crate::catalogue::{self, Site};
use crate::code::{Cell, count, hour_number};
use crate::database::{Both, Store, Writer, commit};
use crate::hours::Row;
use crate::journal::{self, ImportFile, ImportId, ImportReport};
use crate::merge::{Entry, Merge, merge};
use serde::Serialize;
use std::collections::HashMap;
use units::{Pollutant, SiteCode};

/// Values gathered before they are sorted and written: large enough that a file ordered by hour still reaches
/// each series in long runs, small enough (6 MB) not to count.
const BATCH: usize = 1 << 18;

/// One file on its way into the store (导入).
///
/// A single transaction: dropped, failed or killed before [`Import::finish`] it leaves nothing behind, not
/// even a line in the journal. While it lives no other import can write; reading goes on.
#[derive(Debug)]
pub struct Import {
    writer: Writer,
    id: i32,
    file: ImportFile,
    repeat_of: Option<ImportId>,
    /// Ids of the source's series by site, one slot a pollutant.
    by_site: HashMap<SiteCode, [Option<i32>; 6]>,
    series: Vec<Extent>,
    /// Positions in `series` by id.
    positions: HashMap<i32, usize>,
    batch: Vec<Entry>,
    counts: Counts,
    /// Set while a step is under way; stays set if it failed or was abandoned.
    broken: bool,
}

/// What an import changed, in values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Hours not held before.
    pub new: u64,
    /// Hours whose value was replaced; the old value is kept in the history.
    pub changed: u64,
    /// Hours already held with this value, or holes over a value received before.
    pub unchanged: u64,
}

/// How far a series reaches, kept current during the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub id: i32,
    pub reach: Option<(i32, i32)>,
    pub hours: i64,
    pub touched: bool,
}

impl Store {
    /// Begins the import of one file; waits while another import is under way.
    pub async fn import(&self, file: ImportFile) -> Result<Import, StoreError> {
        let mut writer = self.writer().await?;
        lock_imports(&mut writer).await?;
        let repeat_of = journal::earlier(&mut writer, &file.sha256).await?;
        let id = journal::begin(&mut writer, &file, repeat_of).await?;
        let mut import = Import {
            writer,
            id,
            file,
            repeat_of,
            by_site: HashMap::new(),
            series: Vec::new(),
            positions: HashMap::new(),
            batch: Vec::new(),
            counts: Counts::default(),
            broken: false,
        };
        for (site, pollutant, extent) in catalogue::extents(&mut import.writer, &import.file.source).await? {
            import.remember(site, pollutant, extent);
        }
        Ok(import)
    }
}

/// Comparing with what is held and then writing must not interleave with another import. SQLite's write lock
/// sees to that; on PostgreSQL the imports take one advisory lock ("qkimport" in ASCII) until they end.
async fn lock_imports(writer: &mut Writer) -> Result<(), StoreError> {
    if let Both::Postgres(connection) = writer {
        let lock = i64::from_be_bytes(*b"qkimport");
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(lock).execute(&mut **connection).await?;
    }
    Ok(())
}

impl Import {
    /// The number of this import in the journal, once finished.
    pub fn id(&self) -> ImportId {
        ImportId(self.id)
    }

    /// The earlier import of a file with the same content: nothing in this one can be new.
    pub fn repeat_of(&self) -> Option<ImportId> {
        self.repeat_of
    }

    /// Takes values in any order. Refuses `T-202` an hour outside the calendar.
    pub async fn observations(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.start_step()?;
        for row in rows {
            let entry = self.entry(row).await?;
            self.batch.push(entry);
            if self.batch.len() >= BATCH {
                self.flush().await?;
            }
        }
        self.broken = false;
        Ok(())
    }

    /// Takes sites; what a source leaves out does not erase what is known.
    pub async fn sites(&mut self, sites: &[Site]) -> Result<(), StoreError> {
        self.start_step()?;
        for site in sites {
            catalogue::put_site(&mut self.writer, site).await?;
        }
        self.broken = false;
        Ok(())
    }

    /// Writes what is left and the journal, and commits. When this returns, the file is durably stored.
    pub async fn finish(mut self, report: &ImportReport) -> Result<Counts, StoreError> {
        self.start_step()?;
        self.flush().await?;
        for extent in self.series.iter().filter(|extent| extent.touched) {
            catalogue::save_extent(&mut self.writer, extent).await?;
        }
        journal::finish(&mut self.writer, self.id, report, self.counts).await?;
        commit(self.writer).await?;
        Ok(self.counts)
    }

    /// A failed or abandoned step may have written half a batch; then the import can only be dropped.
    fn start_step(&mut self) -> Result<(), StoreError> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(StoreError::ImportBroken { file: self.file.file.clone() });
        }
        Ok(())
    }

    async fn entry(&mut self, row: &Row) -> Result<Entry, StoreError> {
        let hour = hour_number(row.hour)?;
        let series = match self.by_site.get(&row.site).and_then(|slots| slots[row.pollutant.index()]) {
            Some(id) => id,
            None => {
                let id = catalogue::add_series(&mut self.writer, &row.site, row.pollutant, &self.file.source).await?;
                self.remember(row.site.clone(), row.pollutant, Extent { id, reach: None, hours: 0, touched: true });
                id
            }
        };
        Ok(Entry { series, hour, cell: Cell::from(row.reading) })
    }

    fn remember(&mut self, site: SiteCode, pollutant: Pollutant, extent: Extent) {
        self.by_site.entry(site).or_default()[pollutant.index()] = Some(extent.id);
        self.positions.insert(extent.id, self.series.len());
        self.series.push(extent);
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        // Stable: two values for one hour stay in file order.
        self.batch.sort_by_key(Entry::key);
        let overlaps: Vec<Span> =
            spans(&self.batch).filter(|span| self.series[self.positions[&span.series]].meets(span)).collect();
        let held = if overlaps.is_empty() { Vec::new() } else { bulk::held(&mut self.writer, &overlaps).await? };
        let merge = merge(&self.batch, &held, self.id);
        bulk::keep(&mut self.writer, &merge.superseded, self.id).await?;
        bulk::put(&mut self.writer, &merge.put, self.id).await?;
        self.account(&merge);
        self.batch.clear();
        Ok(())
    }

    fn account(&mut self, merge: &Merge) {
        for span in spans(&merge.put) {
            self.series[self.positions[&span.series]].stretch(&span);
        }
        for (series, hours) in &merge.added {
            self.series[self.positions[series]].hours += count(*hours);
        }
        self.counts.new += merge.new_hours();
        self.counts.changed += merge.changed;
        self.counts.unchanged += merge.unchanged;
    }
}

/// The range each series takes in a batch in key order.
fn spans(batch: &[Entry]) -> impl Iterator<Item = Span> {
    batch.chunk_by(|a, b| a.series == b.series).map(|one| Span {
        series: one[0].series,
        first: one[0].hour,
        last: one[one.len() - 1].hour,
    })
}

impl Extent {
    /// Whether the span reaches into what the series holds; outside, nothing needs comparing.
    fn meets(&self, span: &Span) -> bool {
        self.reach.is_some_and(|(first, last)| span.first <= last && first <= span.last)
    }

    fn stretch(&mut self, span: &Span) {
        let (first, last) = self.reach.unwrap_or((span.first, span.last));
        self.reach = Some((first.min(span.first), last.max(span.last)));
        self.touched = true;
    }
}
