//! Timers, jobs, and the workers that do them.

use crate::evidence::{history, matter};
use crate::house::{House, evening, options, people, said};
use axum::http::Method;
use ledger::Matter;
use serde_json::{Value, json};
use server::{ClockMode, Options, Workers, work_due};
use std::time::Duration;
use store::{Claim, EventFilter, MOST_ATTEMPTS, WorkState};
use units::Instant;

fn now() -> Instant {
    Instant::from_utc(std::time::SystemTime::now().into())
}

async fn clock(house: &House, as_of: &str) {
    let answer = house.put_clock(&json!({ "as_of": as_of }).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// What timers did, oldest first.
async fn fired(house: &House) -> Vec<String> {
    let filter = EventFilter { account: Some("system".parse().unwrap()), limit: 100, ..EventFilter::default() };
    let mut records = house.store().await.events(&filter).await.unwrap();
    records.sort_by_key(|stored| stored.seq);
    let line = |record: event::Record| format!("{} {}", record.stream_id, record.name);
    records.iter().map(|stored| line(stored.record().unwrap())).collect()
}

#[tokio::test]
async fn the_replay_clock_drives_timers_forward_in_order_and_never_back() {
    let house = people().await;
    matter(&house, "late", Some("2018-01-18")).await;
    matter(&house, "soon", Some("2018-01-16")).await;
    assert_eq!(work_due(&house.state).await.unwrap(), 0);

    clock(&house, "2018-01-15T08:00:00+08:00").await;
    assert_eq!(work_due(&house.state).await.unwrap(), 0);
    clock(&house, "2018-01-15T09:00:00+08:00").await;
    assert_eq!(work_due(&house.state).await.unwrap(), 1);
    assert_eq!(fired(&house).await, ["soon reminded"]);

    clock(&house, "2018-01-25T20:00:00+08:00").await;
    assert_eq!(work_due(&house.state).await.unwrap(), 3);
    let all = ["soon reminded", "soon became_overdue", "late reminded", "late became_overdue"];
    assert_eq!(fired(&house).await, all);

    for as_of in ["2018-01-13T20:00:00+08:00", "2018-01-26T20:00:00+08:00"] {
        clock(&house, as_of).await;
        assert_eq!(work_due(&house.state).await.unwrap(), 0, "{as_of}");
    }
    assert_eq!(fired(&house).await, all);
    let (late, _) = house.store().await.load::<Matter>("late").await.unwrap().unwrap();
    assert!(late.overdue);
    assert!(house.store().await.outbox(100).await.unwrap().len() >= 4, "people are to be told of each");
}

#[tokio::test]
async fn two_processes_share_the_timers_and_each_has_one_effect() {
    let house = people().await;
    for number in 0..30 {
        matter(&house, &format!("m{number}"), Some("2018-01-16")).await;
    }
    let later = Options { clock: ClockMode::Replay(evening() + 24 * 9), ..options(evening(), &house.folder) };
    let (one, two) = (house.reopened(later.clone()).await, house.reopened(later).await);
    let (one, two) = tokio::join!(work_due(&one), work_due(&two));
    assert_eq!(one.unwrap() + two.unwrap(), 60);
    let fired = fired(&house).await;
    assert_eq!(fired.len(), 60);
    // Within one process timers fire in the order in which they are due; two processes may overtake each other.
    let mut happened = history(&house, "m7").await;
    happened.sort_by_key(|name| name.to_string());
    assert_eq!(happened, ["became_overdue", "created", "reminded"]);
}

#[tokio::test]
async fn a_timer_that_a_killed_process_had_taken_fires_once_when_its_lease_ends() {
    let house = people().await;
    matter(&house, "m1", Some("2018-01-16")).await;
    clock(&house, "2018-01-15T09:00:00+08:00").await;
    let store = house.store().await;
    let shown = "2018-01-15T09:00:00+08:00".parse().unwrap();
    // Taken by a process that has given the command and was killed before it could say so.
    let claim = Claim { worker: "killed", at: now(), lease_seconds: 1, limit: 10 };
    let taken = store.due_timers(&claim, shown).await.unwrap();
    assert_eq!((taken.len(), work_due(&house.state).await.unwrap()), (1, 0));
    let (id, command) = ledger::timer_command(&taken[0].action, &taken[0].payload).unwrap();
    let by = event::Actor {
        account: "system".parse().unwrap(),
        organisation: "320300".parse().unwrap(),
        on_behalf_of: None,
        origin: "timer".into(),
    };
    let key = taken[0].effect_key();
    let order = store::Order::<Matter> {
        id: id.as_str(),
        expected: None,
        command,
        by: &by,
        at: now(),
        shown,
        key: Some(&key),
        reason: None,
    };
    store.execute(order).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(work_due(&house.state).await.unwrap(), 1);
    assert_eq!(history(&house, "m1").await, ["created", "reminded"]);
    assert_eq!(store.timers(Some(WorkState::Done), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn work_that_nobody_can_do_is_seen_and_tried_again_by_an_administrator() {
    let house = people().await;
    let store = house.store().await;
    assert!(store.enqueue("k1", "nonsense", &json!({}), now(), now()).await.unwrap());
    assert_eq!(work_due(&house.state).await.unwrap(), 1);
    let sysadmin = house.visitor("sysadmin").await;
    let list = sysadmin.json("/api/v1/jobs?state=pending").await;
    assert_eq!((list["total"].as_u64(), list["items"][0]["attempts"].as_u64()), (Some(1), Some(1)));
    let said_of_it = list["items"][0]["last_error"].as_str().unwrap();
    assert!(said_of_it.starts_with("A-501") && said_of_it.contains("nonsense"), "{said_of_it}");
    let path = format!("/api/v1/jobs/{}/retry", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(sysadmin.post(&path, json!({})).await.json(), json!({"retried": false}), "it is not dead");

    for hours in 1..MOST_ATTEMPTS {
        let at = Instant::from_utc(now().to_utc() + chrono::TimeDelta::hours(2 * i64::from(hours)));
        let claim = Claim { worker: "test", at, lease_seconds: 1, limit: 1 };
        let job = store.claim_jobs(&claim).await.unwrap().pop().unwrap();
        assert!(store.fail_job(&job, "A-501 still nobody", at).await.unwrap());
    }
    let dead = sysadmin.json("/api/v1/jobs?state=dead").await;
    assert_eq!((dead["total"].as_u64(), dead["counts"]["dead"].as_u64()), (Some(1), Some(1)));
    assert_eq!(sysadmin.post(&path, json!({})).await.json(), json!({"retried": true}));
    assert_eq!(sysadmin.json("/api/v1/jobs").await["items"][0]["state"], "pending");
    let csv = sysadmin.get("/api/v1/jobs?format=csv").await;
    assert!(csv.text().contains("nonsense"), "{}", csv.text());
}

#[tokio::test]
async fn jobs_and_timers_are_for_administrators() {
    let house = people().await;
    matter(&house, "m1", Some("2018-01-16")).await;
    for login in ["nanjing", "leader", "auditor", "secadmin"] {
        let visitor = house.visitor(login).await;
        for path in ["/api/v1/jobs", "/api/v1/timers"] {
            assert_eq!(said(&visitor.get(path).await), (403, "A-306".into()), "{login} {path}");
        }
        let retry = visitor.call(Method::POST, "/api/v1/jobs/x/retry", None, &[("idempotency-key", "k")]).await;
        assert_eq!(said(&retry), (403, "A-306".into()), "{login}");
    }
    let timers = house.visitor("sysadmin").await.json("/api/v1/timers?state=pending").await;
    let due: Vec<&Value> = timers["items"].as_array().unwrap().iter().map(|timer| &timer["due"]).collect();
    assert_eq!(due, ["2018-01-15T09:00:00+08:00", "2018-01-17T00:00:00+08:00"]);
    assert_eq!(timers["shown"], "2018-01-13T20:00:00+08:00");
}

#[tokio::test]
async fn workers_do_the_chores_of_the_day_and_stop_when_told() {
    let house = people().await;
    let workers = Workers::start(&house.state);
    let sysadmin = house.visitor("sysadmin").await;
    let mut done = Vec::new();
    for _ in 0..100 {
        let jobs = sysadmin.json("/api/v1/jobs?state=done").await;
        done = jobs["items"].as_array().unwrap().iter().map(|job| job["kind"].as_str().unwrap().to_string()).collect();
        if done.len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    done.sort();
    assert_eq!(done, ["audit.anchor", "consult.look", "tidy"]);
    tokio::time::timeout(Duration::from_secs(5), workers.stop()).await.expect("idle workers stop at once");
    assert_eq!(work_due(&house.state).await.unwrap(), 0, "the chores of a day are asked for once");
}

#[tokio::test]
async fn the_calendar_names_its_notices_and_guesses_no_year() {
    let house = people().await;
    let works = house.visitor("enterprise").await;
    let year = works.json("/api/v1/calendar").await;
    assert_eq!(year["year"], 2018, "the year shown");
    let days = year["days"].as_array().unwrap();
    let of = |day: &str| days.iter().find(|special| special["day"] == day).unwrap();
    assert_eq!((&of("2018-02-16")["kind"], &of("2018-02-24")["kind"]), (&"holiday".into(), &"make-up-workday".into()));
    assert_eq!(of("2018-02-24")["notice"], "国办发明电〔2017〕12号");
    assert_eq!(said(&works.get("/api/v1/calendar?year=2030").await), (422, "K-101".into()));
}
