//! Durable commands per second, and whether a longer log makes them slower.
//!
//! `cargo run --release -p qingkong-store --example commands -- [COMMANDS] [postgres://…]`
//!
//! Each command is one whole `execute`: decide, one record, hash, state, idempotency key, commit to disk. The reference
//! is the least that any durable write costs: one row inserted and committed, one after the other, by the same driver.
//! On PostgreSQL give a server that really writes to disk (fsync on); name a database made for this.

use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant as Clock;
use store::{Order, Projected, Store, StoreError, Writer};
use units::Instant;

struct Counter;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Count {
    total: i64,
    note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
enum Command {
    Add { n: i64, note: String },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event {
    Added { n: i64, note: String },
}

#[derive(Debug, thiserror::Error)]
#[error("X-101 never")]
struct Never;

impl Aggregate for Counter {
    const KIND: &'static str = "counter";
    type State = Count;
    type Command = Command;
    type Event = Event;
    type Refusal = Never;

    fn decide(_: &Count, _: u64, command: Command, _: &Actor, _: Instant) -> Result<Decision<Event>, Never> {
        let Command::Add { n, note } = command;
        Ok(Decision::one(Event::Added { n, note }))
    }

    fn apply(count: Count, Event::Added { n, note }: &Event) -> Count {
        Count { total: count.total + n, note: note.clone() }
    }
}

impl Projected for Counter {
    const TABLES: &'static [&'static str] = &[];

    async fn project(
        _: &mut Writer,
        _: &str,
        _: &Event,
        _: &Count,
        _: &Count,
        _: u64,
        _: Instant,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let commands: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite:{}", folder.path().join("qingkong.db").display());
    measure("SQLite", &file, commands).await?;
    if let Some(address) = arguments.next() {
        measure("PostgreSQL", &address, commands).await?;
    }
    Ok(())
}

async fn measure(name: &str, address: &str, commands: usize) -> Result<(), Failed> {
    let store = Store::open(address).await?;
    let mut done = 0;
    for callers in [1, 8, 64] {
        let bare = bare(address, commands).await?;
        let rate = run(&store, callers, commands, &mut done).await?;
        let share = rate / bare;
        println!(
            "{name}: {callers:>2} callers, log of {done:>6}: {rate:>6.0} commands/s, {share:.2} of {bare:.0} bare commits/s"
        );
    }
    run(&store, 64, commands * 27, &mut done).await?;
    let rate = run(&store, 64, commands, &mut done).await?;
    println!("{name}: 64 callers, log of {done:>6}: {rate:>6.0} commands/s (ten times as long)");
    let start = Clock::now();
    let verdict = store.verify(&[], &[]).await?;
    let rate = verdict.checked as f64 / start.elapsed().as_secs_f64();
    println!("{name}: verify of {} records: {rate:.0} records/s, holds: {}", verdict.checked, verdict.holds());
    store.close().await;
    Ok(())
}

/// Single rows, each committed to disk before the next, per second.
async fn bare(address: &str, commits: usize) -> Result<f64, Failed> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare (text TEXT NOT NULL)";
    const ROW: &str = "INSERT INTO bare (text) VALUES ('现场检查，原料堆场已覆盖')";
    let start;
    if address.starts_with("postgres") {
        let mut connection = PgConnection::connect(address).await?;
        sqlx::query(TABLE).execute(&mut connection).await?;
        start = Clock::now();
        for _ in 0..commits {
            sqlx::query(ROW).execute(&mut connection).await?;
        }
    } else {
        let options = SqliteConnectOptions::new().filename(address.trim_start_matches("sqlite:"));
        let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query(TABLE).execute(&mut connection).await?;
        start = Clock::now();
        for _ in 0..commits {
            sqlx::query(ROW).execute(&mut connection).await?;
        }
    }
    Ok(commits as f64 / start.elapsed().as_secs_f64())
}

async fn run(store: &Store, callers: usize, commands: usize, done: &mut usize) -> Result<f64, Failed> {
    let next = Arc::new(AtomicUsize::new(*done));
    let end = *done + commands;
    let start = Clock::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let (store, next) = (store.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok::<(), Failed>(());
                }
                add(&store, number).await?;
            }
        });
    }
    for finished in tasks.join_all().await {
        finished?;
    }
    *done = end;
    Ok(commands as f64 / start.elapsed().as_secs_f64())
}

async fn add(store: &Store, number: usize) -> Result<(), Failed> {
    let by = Actor {
        account: "duty".parse()?,
        organisation: "js".parse()?,
        on_behalf_of: None,
        origin: "web 10.0.0.1".into(),
    };
    let (id, key) = (format!("c{}", number % 500), format!("k{number}"));
    let at: Instant = "2018-01-13T20:00:00+08:00".parse()?;
    let command = Command::Add { n: 1, note: format!("现场检查第 {number} 次，原料堆场已覆盖") };
    let order =
        Order::<Counter> { id: &id, expected: None, command, by: &by, at, shown: at, key: Some(&key), reason: None };
    store.execute(order).await?;
    Ok(())
}
