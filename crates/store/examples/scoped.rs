//! Measures how fast an account finds its own matters among those of a province.
//!
//! `cargo run --release -p qingkong-store --example scoped -- ADDRESS [MATTERS]`: fills an empty database with 10,000
//! organisations (a province, 13 cities, 100 counties, enterprises) and that many matters, then asks for first pages
//! and counts of several scopes again and again, each time for another city. The matters are inserted straight into
//! the table that lists read; as commands they would take hours, and the lists would not look different.

use org::{Extent, Kinds, OrgPath, Reach, Scope, Secrecy};
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};
use std::error::Error;
use std::time::{Duration, Instant as Clock};
use store::{MatterFilter, MatterOrder, Store};
use units::{BeijingDay, OrgId};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CITIES: usize = 13;
const COUNTIES: usize = 100;
const ENTERPRISES: usize = 9_886;
const BATCH: usize = 20_000;
const ROUNDS: usize = 104;
const FIRST_DAY: usize = 17_532;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("usage: scoped ADDRESS [MATTERS]")?;
    let matters: usize = arguments.next().as_deref().unwrap_or("1000000").parse()?;
    let store = Store::open(&address).await?;
    let clock = Clock::now();
    fill(&address, matters).await?;
    println!("{matters} matters inserted in {:.0} s", clock.elapsed().as_secs_f64());
    measure(&store).await?;
    store.close().await;
    Ok(())
}

async fn measure(store: &Store) -> Outcome<()> {
    let city = |n: usize| format!("/js/city{:02}/", n % CITIES);
    let all = MatterFilter::default();
    let open = MatterFilter { states: vec!["open".into(), "acknowledged".into()], ..MatterFilter::default() };
    let tasks = MatterFilter { kinds: vec!["task".into()], ..open.clone() };
    let soon = MatterFilter { due_before: Some(BeijingDay::from_index(FIRST_DAY as i32 + 30)), ..tasks.clone() };
    let text = MatterFilter { text: Some("-0004".into()), ..MatterFilter::default() };
    let county = |n: usize| format!("/js/city{:02}/county{:03}/", n % COUNTIES % CITIES, n % COUNTIES);
    println!("{:<34} {:>9} {:>9} {:>9} {:>9} {:>9}", "ms", "page p50", "page p95", "count p50", "count p95", "rows");
    for (what, filter) in [("open tasks", &tasks), ("tasks due in 30 days", &soon), ("open", &open), ("all", &all)] {
        row(store, &format!("city, {what}"), filter, MatterOrder::Due, |n| bureau(&city(n))).await?;
    }
    row(store, "city, all, newest first", &all, MatterOrder::Newest, |n| bureau(&city(n))).await?;
    row(store, "city, search in code and title", &text, MatterOrder::Due, |n| bureau(&city(n))).await?;
    row(store, "county, open tasks", &tasks, MatterOrder::Due, |n| bureau(&county(n))).await?;
    row(store, "province, open tasks", &tasks, MatterOrder::Due, |_| bureau("/js/")).await
}

/// What a bureau sees: everything below it and everything assigned to it, except what is restricted.
fn bureau(path: &str) -> Scope {
    let path: OrgPath = path.parse().expect("written above");
    let id: OrgId = path.ids().next_back().expect("a path has an id").parse().expect("written above");
    let reach = |extent| Reach { extent, kinds: Kinds::All, secrecy: Secrecy::Internal };
    Scope { reaches: vec![reach(Extent::Subtree(path)), reach(Extent::Assigned(id))] }
}

async fn row(
    store: &Store,
    what: &str,
    filter: &MatterFilter,
    order: MatterOrder,
    scope: impl Fn(usize) -> Scope,
) -> Outcome<()> {
    let (mut pages, mut counts, mut rows) = (Vec::new(), Vec::new(), 0);
    for n in 0..ROUNDS {
        let scope = scope(n);
        let clock = Clock::now();
        let page = store.matters(&scope, filter, order, 50, None).await?;
        pages.push(clock.elapsed());
        let clock = Clock::now();
        rows = store.count_matters(&scope, filter).await?;
        counts.push(clock.elapsed());
        assert!(page.items.len() as u64 == rows.min(50), "page and count disagree");
    }
    let [(page, page_95), (count, count_95)] = [pages, counts].map(middle_and_tail);
    println!("{what:<34} {page:>9.1} {page_95:>9.1} {count:>9.1} {count_95:>9.1} {rows:>9}");
    Ok(())
}

fn middle_and_tail(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |share: f64| times[(share * (times.len() - 1) as f64).round() as usize].as_secs_f64() * 1e3;
    (at(0.5), at(0.95))
}

/// Straight into the tables. Numbers are drawn by a fixed rule, so that every run has the same matters.
async fn fill(address: &str, matters: usize) -> Outcome<()> {
    let postgres = address.starts_with("postgres");
    let list = if postgres { "json_array_elements(CAST($1 AS json)) AS m (value)" } else { "json_each($1) AS m" };
    let whole = |n: usize| format!("CAST(m.value ->> {n} AS BIGINT)");
    let texts = "m.value ->> 0, m.value ->> 1, m.value ->> 2, m.value ->> 3, m.value ->> 4, m.value ->> 5, \
         m.value ->> 6, m.value ->> 7";
    let matter = format!(
        "INSERT INTO matter (id, code, kind, title, search, owner, owner_path, state, created_by, account, due, secrecy, \
         created_at, changed_at, version) SELECT {texts}, m.value ->> 8, m.value ->> 8, {}, {}, {}, {}, 1 FROM {list}",
        whole(9),
        whole(10),
        whole(11),
        whole(11)
    );
    let assigned = format!(
        "INSERT INTO matter_assigned (org, id, owner, owner_path, account, kind, secrecy, state, due, created_at) \
         SELECT m.value ->> 0, m.value ->> 1, m.value ->> 2, m.value ->> 3, m.value ->> 4, m.value ->> 5, {}, \
         m.value ->> 7, {}, {} FROM {list}",
        whole(6),
        whole(8),
        whole(9)
    );
    let pool =
        if postgres { Pool::Postgres(PgPool::connect(address).await?) } else { Pool::Sqlite(sqlite(address).await?) };
    for first in (0..matters).step_by(BATCH) {
        let made: Vec<Made> = (first..matters.min(first + BATCH)).map(make).collect();
        pool.insert(&matter, serde_json::to_string(&made.iter().map(Made::matter).collect::<Vec<_>>())?).await?;
        let rows: Vec<_> = made.iter().flat_map(Made::assigned).collect();
        pool.insert(&assigned, serde_json::to_string(&rows)?).await?;
    }
    if postgres {
        pool.run("VACUUM ANALYZE").await?;
    }
    pool.close().await;
    Ok(())
}

async fn sqlite(address: &str) -> Outcome<SqlitePool> {
    Ok(SqlitePool::connect(&format!("sqlite:{}", address.trim_start_matches("sqlite:"))).await?)
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    async fn insert(&self, sql: &str, rows: String) -> Outcome<()> {
        let sql = AssertSqlSafe(sql.to_string());
        match self {
            Pool::Sqlite(pool) => sqlx::query(sql).bind(rows).execute(pool).await.map(drop)?,
            Pool::Postgres(pool) => sqlx::query(sql).bind(rows).execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    async fn run(&self, sql: &'static str) -> Outcome<()> {
        match self {
            Pool::Sqlite(pool) => pool.execute(sql).await.map(drop)?,
            Pool::Postgres(pool) => pool.execute(sql).await.map(drop)?,
        }
        Ok(())
    }

    async fn close(&self) {
        match self {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// A made-up matter.
struct Made {
    n: usize,
    owner: String,
    path: String,
    state: &'static str,
    kind: &'static str,
    due: usize,
    secrecy: usize,
    assigned: Vec<String>,
}

const STATES: [&str; 20] = [
    "open",
    "open",
    "open",
    "open",
    "open",
    "acknowledged",
    "acknowledged",
    "submitted",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "closed",
    "cancelled",
];
const KINDS: [&str; 4] = ["task", "rectification", "hazard", "project"];

fn make(n: usize) -> Made {
    let mut state = n as u64 ^ 0x9E37_79B9_7F4A_7C15;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let county = draw(COUNTIES);
    let (city, enterprise) = (county % CITIES, draw(ENTERPRISES / COUNTIES));
    // A tenth belongs to cities, three tenths to counties, the rest to enterprises.
    let (owner, path) = match draw(10) {
        0 => (format!("city{city:02}"), format!("/js/city{city:02}/")),
        1..=3 => (format!("county{county:03}"), format!("/js/city{city:02}/county{county:03}/")),
        _ => {
            let id = format!("ent{county:03}-{enterprise:02}");
            (id.clone(), format!("/js/city{city:02}/county{county:03}/{id}/"))
        }
    };
    // One matter in five is assigned across the tree: to a city and to a county.
    let across = draw(5) == 0;
    let assigned = [format!("city{:02}", draw(CITIES)), format!("county{:03}", draw(COUNTIES))];
    Made {
        n,
        owner,
        path,
        state: STATES[draw(STATES.len())],
        kind: KINDS[draw(KINDS.len())],
        due: FIRST_DAY + draw(900),
        secrecy: [0, 1, 1, 1, 2][draw(5)],
        assigned: if across { assigned.into() } else { Vec::new() },
    }
}

impl Made {
    fn id(&self) -> String {
        format!("m{:08}", self.n)
    }

    fn created(&self) -> u64 {
        1_514_736_000_000_000 + self.n as u64 * 10_000_000
    }

    fn matter(&self) -> serde_json::Value {
        let (code, title) = (format!("2018-{:07}", self.n), format!("事项 {}", self.n));
        let search = format!("{code}\n{title}");
        serde_json::json!([
            self.id(),
            code,
            self.kind,
            title,
            search,
            self.owner,
            self.path,
            self.state,
            format!("a-{}", self.owner),
            self.due,
            self.secrecy,
            self.created()
        ])
    }

    fn assigned(&self) -> impl Iterator<Item = serde_json::Value> {
        self.assigned.iter().map(|org| {
            serde_json::json!([
                org,
                self.id(),
                self.owner,
                self.path,
                format!("a-{}", self.owner),
                self.kind,
                self.secrecy,
                self.state,
                self.due,
                self.created()
            ])
        })
    }
}
