//! The power fails, again and again, while matters are created and their timers fire.

use driver::{Browser, Server, qingkong, serve};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const ROUNDS: u64 = 5;
const PASSWORD: &str = "Qiege-dian-2018";
/// Each round begins four days after the one before, so that the timers of earlier rounds fire while it runs.
const BEGINS: [&str; ROUNDS as usize] = ["2018-01-14", "2018-01-18", "2018-01-22", "2018-01-26", "2018-01-30"];
/// Each has its reminder after the round begins: at nine on the workday before.
const DUE: [&str; ROUNDS as usize] = ["2018-01-16", "2018-01-20", "2018-01-24", "2018-01-30", "2018-02-01"];
const AT_LAST: &str = "2018-02-10";
/// Longer than the lease of a timer that a killed process had taken.
const PATIENCE: Duration = Duration::from_secs(40);

/// A place for data, with a connection past the program.
struct House<'a> {
    folder: &'a Path,
    /// PostgreSQL; else the file in the folder.
    database: Option<String>,
}

#[test]
fn no_kill_loses_or_repeats_anything_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    scenario(&House { folder: folder.path(), database: None });
}

#[test]
fn no_kill_loses_or_repeats_anything_on_postgres() {
    let server = std::env::var("QINGKONG_TEST_PG").expect(
        "QINGKONG_TEST_PG is not set: run `cargo xtask test`, which starts PostgreSQL, \
         or give the postgres:// address of a server where databases may be made",
    );
    let name = format!("qk_kill_{}", std::process::id());
    run(on_postgres(&server, &format!("CREATE DATABASE {name}")));
    let (base, _) = server.rsplit_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let house = House { folder: folder.path(), database: Some(format!("{base}/{name}")) };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scenario(&house)));
    run(on_postgres(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

fn scenario(house: &House<'_>) {
    let place = house.place();
    let add = format!("user add duty --role air-division --organisation js --password-stdin {place}");
    qingkong(&add).reading(PASSWORD).run().accepted();

    let mut chance = Chance::new();
    let (mut asked, mut acknowledged): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS as usize {
        let server = house.serve();
        let browser = Browser::log_in(&server.address, "duty", PASSWORD);
        // What the power cut left without an answer is sent again under its own key, before the clock moves on: a due day
        // that has passed would be refused.
        let unanswered: Vec<usize> = (0..asked.len()).filter(|number| !acknowledged.contains(number)).collect();
        for number in unanswered {
            assert!(
                create(&browser, &server.address, number, asked[number]),
                "key {number} is refused when sent again"
            );
            acknowledged.push(number);
        }
        set_clock(&browser, &server, BEGINS[round]);
        let (address, pause) = (server.address.clone(), Duration::from_millis(100 + chance.below(700)));
        let killer = thread::spawn(move || {
            thread::sleep(pause);
            server.kill();
        });
        loop {
            let number = asked.len();
            asked.push(DUE[round]);
            if !create(&browser, &address, number, DUE[round]) {
                break;
            }
            acknowledged.push(number);
        }
        killer.join().unwrap();
    }

    let server = house.serve();
    let browser = Browser::log_in(&server.address, "duty", PASSWORD);
    for number in (0..asked.len()).filter(|number| !acknowledged.contains(number)) {
        assert!(create(&browser, &server.address, number, asked[number]));
    }
    set_clock(&browser, &server, AT_LAST);
    house.wait_until_nothing_is_due();
    drop(server);

    let matters = asked.len() as i64;
    assert!(matters >= ROUNDS as i64, "each round creates something: {matters}");
    assert_eq!(house.number("SELECT count(*) FROM matter"), matters, "none lost, none twice");
    for name in ["created", "reminded", "became_overdue"] {
        let once = format!(
            "SELECT count(*) FROM (SELECT stream_id FROM event WHERE stream_kind = 'matter' AND name = '{name}' \
             GROUP BY stream_id HAVING count(*) = 1) AS once"
        );
        assert_eq!(house.number(&once), matters, "each matter is {name} once");
        let all = format!("SELECT count(*) FROM event WHERE stream_kind = 'matter' AND name = '{name}'");
        assert_eq!(house.number(&all), matters, "no matter is {name} twice");
    }
    assert_eq!(house.number("SELECT count(*) FROM timer WHERE state <> 1"), 0, "no timer is left or dead");
    qingkong(&format!("audit verify {place}")).run().accepted();
    qingkong(&format!("rebuild --check {place}")).run().accepted();
}

/// Whether the server acknowledged it; false when it was ended meanwhile. Any other answer fails the scenario.
fn create(browser: &Browser, address: &str, number: usize, due: &str) -> bool {
    let body = json!({"title": format!("核查第 {number} 家"), "owner": "js", "due": due}).to_string();
    let key = format!("kill-{number}");
    match browser.send(address, "POST", "/api/v1/matters", &body, &[("Idempotency-Key", &key)]) {
        Ok(answer) if answer.status == 201 => {
            assert_eq!(serde_json::from_str::<Value>(&answer.body).unwrap()["due"], due);
            true
        }
        Ok(answer) => panic!("matter {number}: {} {}", answer.status, answer.body),
        Err(_) => false,
    }
}

fn set_clock(browser: &Browser, server: &Server, day: &str) {
    let body = json!({"as_of": format!("{day}T20:00:00+08:00")}).to_string();
    let answer = browser.send(&server.address, "PUT", "/api/v1/clock", &body, &[]).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

impl House<'_> {
    fn place(&self) -> String {
        let database = self.database.as_ref().map_or(String::new(), |database| format!(" --database {database}"));
        format!("--data-dir {}{database}", self.folder.display())
    }

    fn serve(&self) -> Server {
        let place = self.place();
        let mut words: Vec<&str> = place.split(' ').collect();
        words.extend(["--as-of", "2018-01-13T20:00:00+08:00"]);
        serve(&words)
    }

    fn wait_until_nothing_is_due(&self) {
        let begun = Instant::now();
        while self.number("SELECT count(*) FROM timer WHERE state = 0") > 0 {
            assert!(begun.elapsed() < PATIENCE, "timers are left after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn number(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_string());
        run(async {
            match &self.database {
                Some(address) => {
                    let mut database = PgConnection::connect(address).await.unwrap();
                    sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap()
                }
                None => {
                    let file = SqliteConnectOptions::new().filename(self.folder.join("qingkong.db"));
                    let mut database = SqliteConnection::connect_with(&file).await.unwrap();
                    let number = sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap();
                    database.close().await.unwrap();
                    number
                }
            }
        })
    }
}

async fn on_postgres(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_string())).await.unwrap();
    connection.close().await.unwrap();
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Another moment for the kill in every run; the moments are printed, so that a failure tells them.
struct Chance(u64);

impl Chance {
    fn new() -> Chance {
        Chance(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (self.0 >> 33) % most;
        println!("chance: {number} of {most}");
        number
    }
}
