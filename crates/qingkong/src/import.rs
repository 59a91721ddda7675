use crate::failure::Failure;
use crate::place::Place;
use crate::quality;
use crate::steps::{Step, Steps};
use observe::{ImportReport, ObserveError, Record, SinkError};
use serde::Serialize;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::time::Instant;
use store::{Counts, ImportFile, ImportId, Row, Site, SiteKind, Store};
use tokio::sync::mpsc;

/// Rows handed over at a time, and batches that may wait: bounds memory whatever the size of the file.
const BATCH: usize = 8192;
const WAITING: usize = 8;

/// `qingkong import observations`.
#[derive(clap::Args)]
pub struct Args {
    /// Files in any known layout, plain or gzip; recognised by content.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Refuse a file that is recognised as another layout than this.
    #[arg(long)]
    format: Option<String>,
    /// Read and report, store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Report as JSON, one object a file.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Where the bytes of an import come from.
#[derive(Clone)]
pub enum Source {
    /// A file on disk.
    Path(PathBuf),
    /// A file inside the program.
    Bundled(&'static str, &'static [u8]),
}

/// What came of one file.
#[derive(Serialize)]
pub struct Outcome {
    /// The file's name.
    pub file: String,
    /// What was read, kept and refused.
    #[serde(flatten)]
    pub report: ImportReport,
    /// What changed in the store; `None` on a dry run.
    pub stored: Option<Counts>,
    /// Values newly put in doubt by the review that follows.
    pub put_in_doubt: u64,
    /// The earlier import of the same bytes, when there is one: then nothing was stored again.
    pub repeat_of: Option<ImportId>,
}

/// Imports each file in its own transaction; stops at the first that is refused as a whole, earlier ones stay.
///
/// Good rows are kept even when others of the file are refused; the command then still fails, so that a script
/// does not take the file for clean.
pub async fn run(args: Args) -> Result<(), Failure> {
    let store = if args.dry_run { None } else { Some(args.place.open().await?) };
    let mut steps = Steps::new(args.files.len());
    let mut unclean = Vec::new();
    for path in &args.files {
        let source = Source::Path(path.clone());
        let step = steps.begin(&source.name(), Some(source.length()?));
        let survey = survey(&source, args.format.as_deref()).await?;
        let outcome = match &store {
            Some(store) => keep(store, &source, survey, &step).await?,
            None => Outcome { file: source.name(), report: survey, stored: None, put_in_doubt: 0, repeat_of: None },
        };
        step.done(&outcome.summary());
        print(&outcome, args.json)?;
        unclean.extend(outcome.complaint());
    }
    if unclean.is_empty() { Ok(()) } else { Err(Failure::refused(unclean.join("\n"))) }
}

/// Reads a file and stores what it holds, all or nothing.
pub async fn load(store: &Store, source: &Source, step: &Step) -> Result<Outcome, Failure> {
    let survey = survey(source, None).await?;
    keep(store, source, survey, step).await
}

impl Source {
    /// The name for people and the journal.
    pub fn name(&self) -> String {
        match self {
            Source::Path(path) => path.display().to_string(),
            Source::Bundled(name, _) => (*name).to_string(),
        }
    }

    /// Bytes to read. Refuses `O-101` a file that is not there.
    pub fn length(&self) -> Result<u64, Failure> {
        match self {
            Source::Path(path) => std::fs::metadata(path)
                .map(|found| found.len())
                .map_err(|source| ObserveError::Io { file: self.name(), source }.into()),
            Source::Bundled(_, bytes) => Ok(bytes.len() as u64),
        }
    }

    fn open(&self) -> Result<Box<dyn Read + Send>, ObserveError> {
        match self {
            Source::Path(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(source) => Err(ObserveError::Io { file: self.name(), source }),
            },
            Source::Bundled(_, bytes) => Ok(Box::new(Cursor::new(*bytes))),
        }
    }

    fn read(&self, sink: &mut dyn FnMut(Record) -> Result<(), SinkError>) -> Result<ImportReport, ObserveError> {
        observe::import::detect_and_read(&self.name(), self.open()?, sink)
    }
}

impl Outcome {
    /// What was refused, with its first place; `None` when nothing was.
    fn complaint(&self) -> Option<String> {
        let first = self.report.refusals.first()?;
        let column = first.column.as_deref().map(|column| format!(", column {column}")).unwrap_or_default();
        Some(format!(
            "{}: {} rows or cells refused, first at line {}{column}: {}; the {} other values were kept",
            self.file, self.report.refused, first.line, first.reason, self.report.kept
        ))
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        let report = &self.report;
        let read = format!("{}: {} rows, {} values", report.format, report.rows_read, report.kept);
        let doubts = format!("{} missing, {} flagged, {} refused", report.missing, report.flagged, report.refused);
        let stored = match (self.repeat_of, self.stored) {
            (Some(_), _) => "same bytes as before, nothing stored again".to_string(),
            (None, Some(counts)) => {
                let doubt = self.put_in_doubt;
                let Counts { new, changed, unchanged } = counts;
                format!("{new} new, {changed} changed, {unchanged} unchanged, {doubt} put in doubt")
            }
            (None, None) => "dry run, nothing stored".to_string(),
        };
        format!("{read}; {doubts}; {stored}")
    }
}

/// First reading: what the file is and whether it is whole. Nothing is stored from a file that fails here.
async fn survey(source: &Source, expected: Option<&str>) -> Result<ImportReport, Failure> {
    let file = source.clone();
    let report = tokio::task::spawn_blocking(move || file.read(&mut |_| Ok(()))).await??;
    match expected {
        Some(format) if format != report.format => Err(Failure::refused(format_args!(
            "{}: recognised as {:?}, not as {format:?}; nothing was stored",
            source.name(),
            report.format
        ))),
        _ => Ok(report),
    }
}

/// Says in the store that a file's values still await their review, so that a program killed between the two
/// does not take the file for done.
fn review_mark(sha256: &str) -> String {
    format!("review-due:{sha256}")
}

const DUE: &str = "yes";
const DONE: &str = "no";

async fn keep(store: &Store, source: &Source, report: ImportReport, step: &Step) -> Result<Outcome, Failure> {
    let mark = review_mark(&report.sha256);
    let repeat_of = store.imported(&report.sha256).await?;
    if repeat_of.is_some() && store.setting(&mark).await?.as_deref() != Some(DUE) {
        return Ok(Outcome { file: source.name(), report, stored: None, put_in_doubt: 0, repeat_of });
    }
    store.set_setting(&mark, DUE).await?;
    let (counts, span) = transfer(store, source, &report, step).await?;
    let put_in_doubt = quality::review(store, &span).await?;
    store.set_setting(&mark, DONE).await?;
    Ok(Outcome { file: source.name(), report, stored: Some(counts), put_in_doubt, repeat_of: None })
}

/// Second reading: all values in one transaction.
async fn transfer(
    store: &Store,
    source: &Source,
    report: &ImportReport,
    step: &Step,
) -> Result<(Counts, quality::Span), Failure> {
    let began = Instant::now();
    let file = ImportFile {
        file: source.name(),
        sha256: report.sha256.clone(),
        format: report.format.to_string(),
        source: report.source.clone(),
        at: units::Instant::from_utc(chrono::Utc::now()),
    };
    let mut import = store.import(file).await?;
    let (sender, mut batches) = mpsc::channel::<Batch>(WAITING);
    let source = source.clone();
    let (length, due) = (source.length()?, (report.kept + report.missing).max(1));
    let reader = tokio::task::spawn_blocking(move || hand_over(&source, &sender));
    let (mut span, mut done) = (quality::Span::default(), 0u64);
    while let Some(batch) = batches.recv().await {
        span.extend(&batch.rows);
        import.observations(&batch.rows).await?;
        import.sites(&batch.sites).await?;
        done += batch.rows.len() as u64;
        step.at(length * done.min(due) / due);
    }
    reader.await??;
    Ok((import.finish(&journal(report, began)).await?, span))
}

#[derive(Default)]
struct Batch {
    rows: Vec<Row>,
    sites: Vec<Site>,
}

/// Reads on a thread of its own: fills batches and waits when the store is slower.
fn hand_over(source: &Source, sender: &mpsc::Sender<Batch>) -> Result<(), ObserveError> {
    let mut batch = Batch::default();
    source.read(&mut |record| {
        match record {
            Record::Hour(hour) => batch.rows.push(Row {
                site: hour.site,
                pollutant: hour.pollutant,
                hour: hour.hour,
                reading: hour.reading,
            }),
            Record::Site(site) => batch.sites.push(Site {
                code: site.code,
                name: site.name,
                city: site.city,
                lon: Some(site.lon),
                lat: Some(site.lat),
                kind: SiteKind::Station,
            }),
            // A daily value as published is no hourly series; the report counts it, the store has no place for it.
            Record::Day(_) => {}
        }
        if batch.rows.len() + batch.sites.len() < BATCH {
            return Ok(());
        }
        // The receiver is gone only when the store has failed; its own error is the one to report.
        sender.blocking_send(std::mem::take(&mut batch)).map_err(|_| SinkError::from("the store stopped taking values"))
    })?;
    if sender.blocking_send(batch).is_err() {
        return Err(ObserveError::Sink { file: source.name(), source: "the store stopped taking values".into() });
    }
    Ok(())
}

fn journal(report: &ImportReport, began: Instant) -> store::ImportReport {
    store::ImportReport {
        rows_read: report.rows_read,
        kept: report.kept,
        missing: report.missing,
        duplicates: report.duplicates,
        flagged: report.flagged,
        refused: report.refused,
        refusals: report.refusals.iter().map(refusal).collect(),
        notes: report.notes.clone(),
        duration_ms: began.elapsed().as_millis() as u64,
    }
}

fn refusal(refusal: &observe::Refusal) -> store::Refusal {
    store::Refusal {
        line: refusal.line,
        column: refusal.column.clone(),
        reason: refusal.reason.clone(),
        text: refusal.text.clone(),
    }
}

fn print(outcome: &Outcome, json: bool) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string(outcome)?);
        return Ok(());
    }
    println!("{}: {}", outcome.file, outcome.summary());
    for note in &outcome.report.notes {
        println!("  note  {note}");
    }
    for refusal in outcome.report.refusals.iter().take(20) {
        let column = refusal.column.as_deref().map(|column| format!(", column {column}")).unwrap_or_default();
        println!("  refused  line {}{column}: {}  {:?}", refusal.line, refusal.reason, refusal.text);
    }
    if outcome.report.refused > 20 {
        println!("  refused  … and {} more", outcome.report.refused - 20);
    }
    Ok(())
}
