//! Warnings from their proposal to their summary, by the people who may, and what nobody may.

use crate::house::{Answer, House, Visitor, evening, hour, options, refused, said};
use crate::run::{weather, year};
use axum::http::StatusCode;
use serde_json::{Value, json};
use server::{Options, ensure_run, work_due};
use std::path::Path;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use units::{Instant, Pollutant};

/// A house with the run of the evening, made once for all tests.
pub async fn with_run() -> House {
    static MADE: OnceCell<TempDir> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let house = year(weather).await;
        ensure_run(&house.state, evening(), &mut |_| {}).await.unwrap();
        let store = house.store().await;
        let House { folder, state, .. } = house;
        drop(state);
        store.close().await;
        folder
    });
    let from = made.await.path().to_path_buf();
    House::copied(|to: &Path| {
        for entry in std::fs::read_dir(&from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    })
    .await
}

/// The same on data that are none of a demonstration.
async fn in_earnest() -> House {
    let mut house = with_run().await;
    house.state = house.reopened(Options { demo: false, ..options(evening(), &house.folder) }).await;
    house
}

fn terms(level: &str, cities: &[&str]) -> Value {
    let (start, end) = ("2018-01-15T20:00:00+08:00", "2018-01-18T20:00:00+08:00");
    json!({ "level": level, "cause": "pm25", "cities": cities, "start": start, "end": end })
}

fn new(exercise: bool, cities: &[&str]) -> Value {
    json!({ "exercise": exercise, "terms": terms("orange", cities), "reason": "静稳天气", "prompt": null })
}

fn path(warning: &Value, rest: &str) -> String {
    format!("/api/v1/warnings/{}{rest}", warning["id"].as_str().unwrap())
}

async fn propose(house: &House, exercise: bool, cities: &[&str]) -> Value {
    let answer = house.visitor("air").await.post("/api/v1/warnings", new(exercise, cities)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn take(visitor: &Visitor<'_>, warning: &Value, step: &str, body: Value) -> Answer {
    let now = visitor.json(&path(warning, "")).await;
    visitor.post_on(&path(warning, &format!("/{step}")), now["version"].as_u64().unwrap(), body).await
}

async fn taken(visitor: &Visitor<'_>, warning: &Value, step: &str, body: Value) -> Value {
    let answer = take(visitor, warning, step, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.text());
    answer.json()
}

/// Through all gates: assessed by the duty officer, signed by the leader, issued by the air division.
async fn pass(house: &House, warning: &Value, document: &str) -> Value {
    let (duty, leader, air) = (house.visitor("duty").await, house.visitor("leader").await, house.visitor("air").await);
    let draft = duty.json(&path(warning, "")).await["draft"].clone();
    taken(&duty, warning, "assess", json!({ "draft": draft["number"], "opinion": "同意" })).await;
    let digest = leader.json(&path(warning, "")).await["draft"]["digest"].clone();
    taken(&leader, warning, "sign", json!({ "digest": digest })).await;
    taken(&air, warning, "issue", json!({ "document": document })).await
}

/// Drafts a change with the terms that are offered for it.
async fn change(house: &House, warning: &Value, change: &str) -> Answer {
    let air = house.visitor("air").await;
    let now = air.json(&path(warning, "")).await;
    let offered = now["changes"].as_array().unwrap().iter().find(|one| one["change"] == change).unwrap();
    assert_eq!(offered["allowed"], true, "{offered}");
    let body = json!({ "change": change, "terms": offered["terms"], "reason": "按最新起报" });
    air.post_on(&path(warning, "/draft"), now["version"].as_u64().unwrap(), body).await
}

async fn notices(house: &House, login: &str, template: &str) -> Vec<Value> {
    let clock = || Instant::from_utc(chrono::Utc::now());
    server::send_notices(&house.state, &clock).await.unwrap();
    let list = house.visitor(login).await.json("/api/v1/notices").await;
    list["items"].as_array().unwrap().iter().filter(|notice| notice["template"] == template).cloned().collect()
}

#[tokio::test]
async fn an_exercise_passes_all_gates_and_nothing_of_it_leaves_the_house() {
    let house = with_run().await;
    let (air, leader, nanjing) =
        (house.visitor("air").await, house.visitor("leader").await, house.visitor("nanjing").await);
    let warning = propose(&house, true, &["320100", "320300"]).await;
    assert_eq!((&warning["state"], &warning["draft"]["gate"]), (&json!("proposed"), &json!("assessment")));
    assert_eq!((&warning["demonstration"], &warning["basis"]["fresh"]), (&json!(true), &json!(true)));
    assert_eq!(warning["basis"]["cities"].as_array().unwrap().len(), 13);
    assert_eq!(warning["basis"]["cities"][0]["official"], json!([]), "nothing was signed");
    assert!(warning["basis"]["run"]["digest"].as_str().unwrap().starts_with("sha256:"));
    assert_eq!(notices(&house, "duty", "warning-drafted").await.len(), 1);

    let waiting = async |login: &str| {
        house.visitor(login).await.json("/api/v1/warnings/in-force").await["waiting"].as_u64().unwrap()
    };
    assert_eq!((waiting("duty").await, waiting("leader").await, waiting("nanjing").await), (1, 0, 0));
    assert_eq!(leader.json("/api/v1/warnings?mine=true").await["total"], 0);
    let draft = leader.get(&path(&warning, "/document?format=json")).await;
    assert!(draft.text().contains("送审稿") && draft.text().contains("演练"), "{}", draft.text());

    let issued = pass(&house, &warning, "苏环预警演练〔2018〕1号").await;
    assert_eq!((&issued["state"], &issued["issued"][0]["told"]), (&json!("in_force"), &json!([])));
    let banner = air.json("/api/v1/warnings/in-force").await;
    assert_eq!((&banner["rows"][0]["exercise"], &banner["rows"][0]["level"]), (&json!(true), &json!("orange")));
    let told = notices(&house, "leader", "warning-rehearsed").await;
    assert!(told.len() == 1 && told[0]["title"].as_str().unwrap().starts_with("【演练】"), "{told:?}");

    work_due(&house.state).await.unwrap();
    assert_eq!(air.json(&path(&warning, "/deliveries")).await["rows"], json!([]));
    assert!(notices(&house, "nanjing", "warning-issued").await.is_empty());
    assert_eq!(nanjing.get(&path(&warning, "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(nanjing.json("/api/v1/warnings").await["total"], 0);
    let receipt = json!({ "document": "苏环预警演练〔2018〕1号", "channel": "paper", "recipient": "南京市政府" });
    assert_eq!(said(&air.post(&path(&warning, "/receipt"), receipt).await), refused("W-311", 422));
    assert!(!air.get("/api/v1/warnings/feed").await.text().contains("<entry>"));
    assert_eq!(said(&house.visitor("sysadmin").await.get("/api/v1/warnings/feed").await), refused("A-306", 403));
    let cap = air.get(&path(&warning, "/cap?number=1")).await;
    assert_eq!(cap.header("content-type"), "application/cap+xml");
    assert!(cap.text().contains("<status>Exercise</status>") && cap.text().contains("<polygon>"), "{}", cap.text());
    assert_eq!(said(&air.get(&path(&warning, "/cap?number=2")).await), refused("W-501", 404));

    let outlook = air.json(&path(&warning, "/counterfactual")).await;
    assert_eq!(outlook["cities"].as_array().unwrap().len(), 2, "{outlook}");
    assert_eq!(said(&air.get(&path(&warning, "/review")).await), refused("W-301", 422));
    assert_eq!(change(&house, &warning, "lift").await.status, StatusCode::OK);
    let lifted = pass(&house, &warning, "苏环预警演练〔2018〕2号").await;
    assert_eq!((&lifted["state"], &lifted["terms"]), (&json!("lifted"), &Value::Null));
    let review = air.json(&path(&warning, "/review")).await;
    assert_eq!(review["rows"].as_array().unwrap().len(), 2, "{review}");
    let over = taken(&air, &warning, "summarise", json!({ "text": "演练结束" })).await;
    assert_eq!((&over["state"], over["issued"].as_array().unwrap().len()), (&json!("summarised"), 2));
    let events: Vec<&str> =
        over["history"].as_array().unwrap().iter().map(|row| row["event"].as_str().unwrap()).collect();
    let gates = ["assessed", "signed", "issued"];
    assert_eq!(events, [&["proposed"], &gates[..], &["drafted"], &gates[..], &["summarised"]].concat());
    assert_eq!(house.store().await.check_rebuild().await.unwrap().difference, None);
}

#[tokio::test]
async fn a_city_hears_of_a_warning_when_it_is_issued_and_its_receipt_comes_back() {
    let house = in_earnest().await;
    let (air, nanjing) = (house.visitor("air").await, house.visitor("nanjing").await);
    let warning = propose(&house, false, &["320100"]).await;
    assert_eq!(warning["basis"]["plan"]["id"], "national-2018", "the plan of the day shown");
    assert_eq!(nanjing.get(&path(&warning, "")).await.status, StatusCode::NOT_FOUND);
    pass(&house, &warning, "苏环预警〔2018〕1号").await;
    work_due(&house.state).await.unwrap();

    let seen = nanjing.json(&path(&warning, "")).await;
    assert_eq!((&seen["state"], &seen["actions"], &seen["changes"]), (&json!("in_force"), &json!([]), &json!([])));
    assert_eq!(seen["history"].as_array().unwrap().len(), 1, "what was issued and nothing else: {}", seen["history"]);
    assert_eq!(house.visitor("xuzhou").await.get(&path(&warning, "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(notices(&house, "nanjing", "warning-issued").await.len(), 1);
    let lines = air.json(&path(&warning, "/deliveries")).await;
    let channels: Vec<&str> =
        lines["rows"].as_array().unwrap().iter().map(|row| row["channel"].as_str().unwrap()).collect();
    assert!(channels.contains(&"notice") && channels.contains(&"feed"), "{lines}");
    let own = async || {
        let rows = nanjing.json(&path(&warning, "/deliveries")).await["rows"].clone();
        assert_eq!(rows.as_array().unwrap().len(), 1, "its own line and no other: {rows}");
        rows[0].clone()
    };
    assert_eq!((&own().await["recipient"], &own().await["receipt"]), (&json!("320100"), &Value::Null));
    nanjing.post("/api/v1/notices/read-all", json!({})).await;
    assert!(own().await["receipt"].is_string(), "who reads the notice has it");
    let paper = json!({ "document": "苏环预警〔2018〕1号", "channel": "paper", "recipient": "南京市政府" });
    assert_eq!(said(&nanjing.post(&path(&warning, "/receipt"), paper.clone()).await), refused("A-306", 403));
    let entered = air.post(&path(&warning, "/receipt"), paper).await.json();
    assert_eq!(entered["rows"].as_array().unwrap().len(), 3, "{entered}");

    // A draft of a change is the house's own business until it is issued.
    assert_eq!(change(&house, &warning, "extend").await.status, StatusCode::OK);
    let seen = nanjing.json(&path(&warning, "")).await;
    assert_eq!((&seen["draft"], &seen["terms"]["end"]), (&Value::Null, &json!("2018-01-18T20:00:00+08:00")));
    let row = nanjing.json("/api/v1/warnings").await["rows"][0].clone();
    assert_eq!((&row["change"], &row["gate"], &row["your_turn"]), (&Value::Null, &Value::Null, &json!(false)));
    assert_eq!(said(&nanjing.get(&path(&warning, "/document")).await), refused("A-101", 400));
    assert_eq!(nanjing.get(&path(&warning, "/document?number=1")).await.status, StatusCode::OK);
    pass(&house, &warning, "苏环预警〔2018〕2号").await;
    let feed = air.get("/api/v1/warnings/feed").await;
    assert_eq!((feed.header("content-type"), feed.text().matches("<entry>").count()), ("application/atom+xml", 2));
    let cap = air.get(&path(&warning, "/cap?number=2")).await.text();
    assert!(cap.contains("<msgType>Update</msgType>") && cap.contains("<references>"), "{cap}");
}

#[tokio::test]
async fn what_may_not_be_is_refused_and_changes_nothing() {
    let house = with_run().await;
    let (air, duty, leader) = (house.visitor("air").await, house.visitor("duty").await, house.visitor("leader").await);
    assert_eq!(said(&air.post("/api/v1/warnings", new(false, &["320100"])).await), refused("W-209", 422));
    let list = air.json("/api/v1/warnings").await;
    assert_eq!((&list["can_propose"], &list["why_not"]), (&json!(true), &json!("演示数据上只能进行演练")));
    assert_eq!(said(&leader.post("/api/v1/warnings", new(true, &["320100"])).await), refused("A-306", 403));
    assert_eq!(said(&air.post("/api/v1/warnings", new(true, &["110000"])).await), refused("W-206", 422));
    let mut unknown = new(true, &["320100"]);
    unknown["plan"] = json!("none");
    assert_eq!(said(&air.post("/api/v1/warnings", unknown).await), refused("A-205", 404));
    let mut silent = new(true, &["320100"]);
    silent["reason"] = json!("");
    assert_eq!(said(&air.post("/api/v1/warnings", silent).await), refused("W-211", 422));

    let warning = propose(&house, true, &["320100"]).await;
    assert_eq!(air.json("/api/v1/warnings").await["total"], 1, "what was refused left nothing");
    let elsewhere = air.post("/api/v1/warnings", new(true, &["320100"])).await;
    assert_eq!(elsewhere.status, StatusCode::CREATED, "two proposals may lie side by side");
    // Two decide at once: the second learns of the first.
    let assess = json!({ "draft": 1, "opinion": "同意" });
    let bare = duty.post(&path(&warning, "/assess"), assess.clone()).await;
    assert_eq!(said(&bare), refused("A-312", 428));
    assert_eq!(duty.post_on(&path(&warning, "/assess"), 1, assess.clone()).await.status, StatusCode::OK);
    assert_eq!(said(&air.post_on(&path(&warning, "/assess"), 1, assess.clone()).await), refused("E-409", 412));
    assert_eq!(said(&air.post_on(&path(&warning, "/assess"), 2, assess).await), refused("W-301", 422));
    // A signature names what it saw.
    assert_eq!(said(&take(&leader, &warning, "sign", json!({ "digest": "sha256:00" })).await), refused("W-303", 422));
    assert_eq!(said(&take(&leader, &warning, "sign", json!({})).await), refused("A-102", 422));
    assert_eq!(said(&take(&duty, &warning, "sign", json!({ "digest": "x" })).await), refused("A-306", 403));
    assert_eq!(said(&take(&duty, &warning, "dance", json!({})).await), refused("A-104", 404));
    let digest = leader.json(&path(&warning, "")).await["draft"]["digest"].clone();
    taken(&leader, &warning, "sign", json!({ "digest": digest })).await;
    taken(&air, &warning, "issue", json!({ "document": "演练1号" })).await;
    let other = elsewhere.json();
    taken(&duty, &other, "assess", json!({ "draft": 1, "opinion": "同意" })).await;
    let digest = leader.json(&path(&other, "")).await["draft"]["digest"].clone();
    taken(&leader, &other, "sign", json!({ "digest": digest })).await;
    assert_eq!(said(&take(&air, &other, "issue", json!({ "document": "演练1号" })).await), refused("W-304", 422));
    assert_eq!(said(&take(&air, &other, "issue", json!({ "document": "演练2号" })).await), refused("W-212", 422));
    taken(&leader, &other, "drop", json!({ "text": "已有预警" })).await;

    assert_eq!(change(&house, &warning, "lift").await.status, StatusCode::OK);
    pass(&house, &warning, "演练3号").await;
    let again = json!({ "change": "lift", "terms": terms("orange", &["320100"]), "reason": "x" });
    assert_eq!(said(&take(&air, &warning, "draft", again).await), refused("W-409", 422));
    assert_eq!(house.store().await.check_rebuild().await.unwrap().difference, None);
}

#[tokio::test]
async fn nobody_signs_what_he_assessed_and_nobody_on_an_old_forecast() {
    let house = with_run().await;
    let (sysadmin, secadmin) = (house.visitor("sysadmin").await, house.visitor("secadmin").await);
    let grant = json!({ "account": "leader", "role": "air-division", "organisation": "js", "from": "2018-01-01" });
    let grant = sysadmin.post("/api/v1/grants", grant).await;
    assert_eq!(grant.status, StatusCode::CREATED, "{}", grant.text());
    let at = format!("/api/v1/grants/{}/approve", grant.json()["id"].as_str().unwrap());
    let approved = secadmin.post_on(&at, 1, json!({})).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text());

    let (leader, duty) = (house.visitor("leader").await, house.visitor("duty").await);
    let warning = propose(&house, true, &["320100"]).await;
    let assessed = taken(&leader, &warning, "assess", json!({ "draft": 1, "opinion": "同意" })).await;
    let sign = json!({ "digest": assessed["draft"]["digest"] });
    assert_eq!(said(&take(&leader, &warning, "sign", sign).await), refused("W-302", 422));
    let offered = assessed["actions"].as_array().unwrap().iter().find(|one| one["id"] == "sign").unwrap();
    assert_eq!((&offered["allowed"], &offered["why"]), (&json!(false), &json!("研判人不能审签自己研判的预警")));
    assert_eq!(leader.json("/api/v1/warnings?mine=true").await["total"], 0, "it is not his turn");

    // The forecast behind it grows old while the draft waits.
    let second = propose(&house, true, &["320300"]).await;
    let set = house.put_clock(r#"{"as_of":"2018-01-15T20:00:00+08:00"}"#).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    let late = take(&duty, &second, "assess", json!({ "draft": 1, "opinion": "同意" })).await;
    assert_eq!(said(&late), refused("W-207", 422));
    let kept = duty.json(&path(&second, "")).await;
    assert_eq!((&kept["draft"]["gate"], &kept["basis"]["fresh"]), (&json!("assessment"), &json!(false)));
    assert!(kept["draft"]["notes"][0].as_str().unwrap().contains("重新拟稿"), "{}", kept["draft"]["notes"]);
    // Whose turn it is was told again meanwhile.
    assert!(hour("2018-01-15T20:00:00+08:00") > evening());
}

#[tokio::test]
async fn a_draft_that_waits_and_an_end_that_is_near_are_brought_to_mind() {
    let house = in_earnest().await;
    let warning = propose(&house, false, &["320300"]).await;
    work_due(&house.state).await.unwrap();
    assert!(notices(&house, "duty", "warning-waiting").await.is_empty(), "not yet");
    house.put_clock(r#"{"as_of":"2018-01-13T21:00:00+08:00"}"#).await;
    work_due(&house.state).await.unwrap();
    assert_eq!(notices(&house, "duty", "warning-waiting").await.len(), 1);
    assert!(notices(&house, "leader", "warning-waiting").await.is_empty(), "it is not his turn");
    pass(&house, &warning, "1号").await;
    house.put_clock(r#"{"as_of":"2018-01-15T20:00:00+08:00"}"#).await;
    work_due(&house.state).await.unwrap();
    assert!(notices(&house, "duty", "warning-ending").await.is_empty(), "twelve hours before the end");
}

#[tokio::test]
async fn pollution_that_is_there_already_is_told_once() {
    let heavy = |place, pollutant, _| Some(if pollutant == Pollutant::Pm25 && place == 2 { 400 } else { 20 });
    let mut house = House::with(evening() - 72, evening(), evening(), heavy).await;
    house.state = house.reopened(Options { demo: false, ..options(evening(), &house.folder) }).await;
    for key in ["first", "second"] {
        let at = Instant::from_utc(chrono::Utc::now());
        house.store().await.enqueue(key, "warn.late", &json!({}), at, at).await.unwrap();
        work_due(&house.state).await.unwrap();
    }
    let told = notices(&house, "duty", "warning-late").await;
    assert!(told.len() == 1 && told[0]["title"].as_str().unwrap().ends_with("徐州"), "{told:?}");
    assert!(notices(&house, "leader", "warning-late").await.is_empty(), "he does not propose");
}

#[tokio::test]
async fn a_warning_is_never_kept_by_a_client_and_the_banner_is_tagged() {
    let house = with_run().await;
    let warning = propose(&house, true, &["320100"]).await;
    let air = house.visitor("air").await;
    let one = air.get(&path(&warning, "")).await;
    assert_eq!((one.header("etag"), one.header("cache-control")), ("\"1\"", "no-store"));
    let banner = air.get("/api/v1/warnings/in-force").await;
    let tag = banner.header("etag").to_string();
    let again =
        air.call(axum::http::Method::GET, "/api/v1/warnings/in-force", None, &[("if-none-match", tag.as_str())]).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    let csv = air.get("/api/v1/warnings?format=csv").await.text();
    assert!(csv.lines().count() == 2 && csv.contains("演练") && csv.contains("南京"), "{csv}");
    let strip = air.json("/api/v1/warnings/proposals?city=320300").await;
    assert_eq!((strip["runs"].as_array().unwrap().len(), &strip["changes"]), (1, &json!(0)));
    assert_eq!(said(&air.get("/api/v1/warnings/proposals?city=320300&runs=0").await), refused("A-101", 400));
    let proposal = air.json("/api/v1/warnings/proposal").await;
    assert_eq!((&proposal["act_at"], proposal["notes"].as_array().unwrap().is_empty()), (&json!(0.5), false));
    assert!(proposal["cities"][0]["steady"].is_null() && proposal["terms"].is_array(), "{proposal}");
}
