//! The event log as the auditor sees it.

use crate::house::House;
use crate::matters::order;
use axum::http::StatusCode;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_log_tells_who_did_what_from_where_and_is_read_page_by_page() {
    let house = House::of_people(|_| ()).await;
    let auditor = house.visitor("auditor").await;
    let id = order(&house.visitor("xuzhou").await, "限产").await["id"].as_str().unwrap().to_string();
    let found = auditor.json(&format!("/api/v1/audit?kind=matter&id={id}")).await;
    let record = &found["items"][0];
    assert_eq!(
        (found["total"].as_u64(), &record["name"], &record["command"]),
        (Some(1), &json!("created"), &json!("create"))
    );
    assert_eq!((&record["account"]["id"], &record["origin"]), (&json!("xuzhou"), &json!("web 127.0.0.1")));
    assert_eq!(record["shown"], "2018-01-13T20:00:00+08:00", "the replay clock");
    assert_ne!(record["at"], record["shown"], "and the wall clock");

    let (mut seqs, mut cursor, mut total) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = auditor.json(&format!("/api/v1/audit?limit=37{cursor}")).await;
        total = total.max(page["total"].as_u64().unwrap());
        seqs.extend(page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seqs.len() as u64, total, "no record twice, none left out");
    assert_eq!(seqs.last(), auditor.json("/api/v1/audit/state").await["last_seq"].as_i64().as_ref());
}

#[tokio::test]
async fn the_log_is_narrowed_by_person_time_event_and_text() {
    let house = House::of_people(|_| ()).await;
    let auditor = house.visitor("auditor").await;
    order(&house.visitor("xuzhou").await, "独一无二的标题").await;
    let total = async |query: &str| auditor.json(&format!("/api/v1/audit?{query}")).await["total"].as_u64().unwrap();
    assert_eq!(total("account=xuzhou&name=created").await, 1);
    assert_eq!(total("account=nanjing&name=created").await, 0);
    assert_eq!(total("q=%E7%8B%AC%E4%B8%80%E6%97%A0%E4%BA%8C").await, 1);
    assert_eq!(total("to=2001-01-01").await, 0);
    assert!(total("from=2001-01-01").await > 10);
    assert_eq!(total("name=' OR '1'='1".replace(' ', "%20").as_str()).await, 0);
    for query in ["from=yesterday", "cursor=x"] {
        assert_eq!(auditor.get(&format!("/api/v1/audit?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let csv = auditor.get("/api/v1/audit?format=csv&kind=matter").await.text();
    assert!(csv.lines().count() == 2 && csv.contains("独一无二的标题"), "{csv}");
}

#[tokio::test]
async fn the_chain_is_checked_and_its_root_signed_outside_the_database() {
    let house = House::of_people(|_| ()).await;
    let auditor = house.visitor("auditor").await;
    assert!(auditor.json("/api/v1/audit/state").await["verified"].is_null(), "nothing is said before it was checked");
    let signed = auditor.post("/api/v1/audit/anchor", json!({})).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
    let state = signed.json();
    assert_eq!(
        (&state["verified"]["ok"], &state["last_anchor"]["last_seq"]),
        (&json!(true), &state["last_seq"]),
        "{state}"
    );
    assert!(house.folder.path().join("anchors/anchors.jsonl").is_file());
    let checked = auditor.post("/api/v1/audit/verify", json!({})).await.json();
    assert_eq!(checked["verified"]["checked"], checked["last_seq"]);
}

#[tokio::test]
async fn the_log_is_not_for_those_it_is_about() {
    let house = House::of_people(|_| ()).await;
    for login in ["leader", "nanjing", "sysadmin", "secadmin"] {
        let visitor = house.visitor(login).await;
        for path in ["/api/v1/audit", "/api/v1/audit?format=csv", "/api/v1/audit/state"] {
            assert_eq!(visitor.get(path).await.code(), "A-306", "{login} {path}");
        }
    }
}
