//! What the program does by itself: rooms by the rule, reminders, news, documents.

use crate::consult::{bid, days, path, room};
use crate::house::{House, evening, people};
use crate::pushed::{page, read_until};
use axum::http::StatusCode;
use serde_json::{Value, json};
use server::{Workers, work_due};
use std::time::Duration;
use units::Instant;

async fn notices(house: &House, login: &str, template: &str) -> usize {
    let clock = || Instant::from_utc(chrono::Utc::now());
    server::send_notices(&house.state, &clock).await.unwrap();
    let list = house.visitor(login).await.json("/api/v1/notices").await;
    list["items"].as_array().unwrap().iter().filter(|notice| notice["template"] == template).count()
}

#[tokio::test]
async fn the_rule_opens_rooms_at_its_hours_by_the_clock_that_is_shown_and_after_a_restart() {
    let house = House::plain().await;
    let workers = Workers::start(&house.state);
    let chair = house.visitor("chair").await;
    let mut tempo = Value::Null;
    for _ in 0..200 {
        tempo = chair.json("/api/v1/consultation-tempo").await;
        if tempo["look"].is_string() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    workers.stop().await;
    assert_eq!((&tempo["step"], &tempo["rule"]), (&json!("daily"), &json!("tempo-default")), "{tempo}");
    assert_eq!(tempo["look"], "2018-01-13T21:00:00+08:00");
    assert_eq!(chair.json("/api/v1/consultations").await["total"], 0, "nothing is due at eight in the evening");

    // The clock goes on by hand, the program is another one: the timer is still there.
    let set = house.put_clock(r#"{"as_of":"2018-01-14T15:00:00+08:00"}"#).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    let later = house.reopened(crate::house::options(evening() + 19, &house.folder)).await;
    work_due(&later).await.unwrap();
    let list = chair.json("/api/v1/consultations").await;
    assert_eq!(list["total"], 1, "{list}");
    let opened = &list["items"][0];
    assert_eq!((&opened["kind"], &opened["bids_until"]), (&json!("daily"), &json!("2018-01-14T16:30:00+08:00")));
    let inner = chair.json(&path(opened, "")).await;
    assert!(inner["room"]["opening"].as_str().unwrap().contains("规则 tempo-default"), "{inner}");
    work_due(&later).await.unwrap();
    assert_eq!(chair.json("/api/v1/consultations").await["total"], 1, "once");
    assert_eq!(notices(&house, "forecaster3", "consult-invited").await, 1);
}

#[tokio::test]
async fn whoever_has_no_bid_is_reminded_before_the_end_and_the_signer_told_of_the_conclusion() {
    let house = House::plain().await;
    let opened = room(&house, "daily").await;
    assert_eq!(opened["room"]["bids_until"], "2018-01-13T21:30:00+08:00");
    bid(&house.visitor("forecaster").await, &opened, 0, 80, 110).await;
    work_due(&house.state).await.unwrap();
    assert_eq!(notices(&house, "forecaster2", "consult-reminder").await, 0, "not yet");
    house.put_clock(r#"{"as_of":"2018-01-13T21:00:00+08:00"}"#).await;
    work_due(&house.state).await.unwrap();
    for (login, count) in [("forecaster", 0), ("forecaster2", 1), ("chair", 1), ("duty", 0)] {
        assert_eq!(notices(&house, login, "consult-reminder").await, count, "{login}");
    }
    let chair = house.visitor("chair").await;
    bid(&chair, &opened, 0, 81, 111).await;
    let now = chair.json(&path(&opened, "")).await;
    let body = json!({ "days": days(80, 110), "text": "静稳" });
    let mut conclusion = body.clone();
    for day in conclusion["days"].as_array_mut().unwrap() {
        day["reason"] = json!("取偏低");
    }
    let version = now["version"].as_u64().unwrap();
    let concluded = chair.post_on(&path(&opened, "/conclude"), version, conclusion).await;
    assert_eq!(concluded.status, StatusCode::OK, "{}", concluded.text());
    for (login, count) in [("duty", 1), ("leader", 1), ("chair", 0), ("forecaster", 0)] {
        assert_eq!(notices(&house, login, "consult-concluded").await, count, "{login}");
    }
}

#[tokio::test]
async fn pages_hear_of_rooms_they_see_and_of_bids_only_when_their_own_is_in() {
    let house = people().await;
    let (mut without, mut city, mut chair) =
        (page(&house, "forecaster2").await, page(&house, "nanjing").await, page(&house, "chair").await);
    let opened = room(&house, "daily").await;
    bid(&house.visitor("forecaster").await, &opened, 0, 80, 110).await;
    let remark = json!({ "text": "x" });
    house.visitor("forecaster").await.post(&path(&opened, "/remark"), remark).await;
    let heard = read_until(&mut without, "remarked").await;
    assert!(heard.contains("event: consultation") && heard.contains("opened"), "{heard}");
    assert!(!heard.contains("bid_entered"), "{heard}");
    assert!(read_until(&mut chair, "remarked").await.contains("bid_entered"), "the chair sees counts");

    // Something the city does hear of, after all that it does not.
    let own = house.visitor("nanjing").await.post("/api/v1/matters", json!({ "title": "南京任务" })).await;
    let heard = read_until(&mut city, own.json()["id"].as_str().unwrap()).await;
    assert!(!heard.contains("consultation"), "{heard}");
}

#[tokio::test]
async fn the_sheet_is_the_same_twice_says_what_it_rests_on_and_is_set_in_a_font_of_ones_own() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let opened = room(&house, "daily").await;
    bid(&chair, &opened, 0, 81, 111).await;
    let text = json!({ "text": "=HYPERLINK(\"http://x\") <b>{FIELD}</b>" });
    chair.post(&path(&opened, "/remark"), text).await;
    let get = async |format: &str| {
        let answer = chair.get(&path(&opened, &format!("/document?format={format}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer
    };
    let docx = get("docx").await;
    assert!(docx.header("content-disposition").ends_with(".docx\"") && docx.bytes.starts_with(b"PK"));
    assert_eq!(docx.bytes, get("docx").await.bytes);
    let json = get("json").await.json();
    let facts = json["facts"].to_string();
    for wanted in ["起报时间", "2018-01-13 20:00", "HJ 633-2012", "江苏省环境监测中心"] {
        assert!(facts.contains(wanted), "{wanted}: {facts}");
    }
    assert!(json["mark"].as_str().unwrap().starts_with("演示数据"));

    let fonts = house.folder.path().join("fonts");
    std::fs::create_dir(&fonts).unwrap();
    let letters = concat!(env!("CARGO_MANIFEST_DIR"), "/../document/tests/fonts/NotoSansSC-letters.otf");
    std::fs::copy(letters, fonts.join("letters.otf")).unwrap();
    let pdf = get("pdf").await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-") && pdf.bytes.len() > 5000);
    assert_eq!(pdf.bytes, get("pdf").await.bytes);
    let odd = chair.get(&path(&opened, "/document?format=exe")).await;
    assert_eq!(odd.code(), "A-101");
    let whole = docx.text();
    assert!(whole.contains("&lt;b&gt;{FIELD}") && !whole.contains("<b>"), "what people write stays letters");
}
