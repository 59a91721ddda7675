//! Plans of the house: drafted, tried on a past winter, approved by another person, ended.

use crate::house::{House, Visitor, refused, said};
use crate::warn::with_run;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::work_due;

const BUNDLED: &str = include_str!("../../../../data/plans/jiangsu-2025.toml");

/// A new edition under a new id.
fn edition(id: &str, from: &str) -> String {
    let text = BUNDLED.replace("id = \"jiangsu-2025\"", &format!("id = \"{id}\""));
    text.replace("effective_from = 2025-05-16", &format!("effective_from = {from}"))
}

async fn step(visitor: &Visitor<'_>, id: &str, step: &str, body: Value) -> crate::house::Answer {
    let version = visitor.json(&format!("/api/v1/plans/{id}")).await["etag_version"].as_u64().unwrap();
    visitor.post_on(&format!("/api/v1/plans/{id}/{step}"), version, body).await
}

#[tokio::test]
async fn a_plan_is_checked_before_anything_is_kept() {
    let house = House::of_people(|_| ()).await;
    let (air, leader) = (house.visitor("air").await, house.visitor("leader").await);
    let text = edition("jiangsu-2027", "2027-01-01").replace("lead_hours = 48", "lead_hours = 160");
    let checked = air.post("/api/v1/plans/check", json!({ "text": text })).await.json();
    assert_eq!(
        (&checked["against"], &checked["faults"][0]["where"]),
        (&json!("national-2018"), &json!("lead_beyond_forecast"))
    );
    assert!(checked["diff"].as_array().unwrap().iter().any(|one| one["where"] == "lead_hours"), "{}", checked["diff"]);
    let unreadable = air.post("/api/v1/plans/check", json!({ "text": "id = 1" })).await;
    assert_eq!(said(&unreadable), refused("W-101", 422));
    assert_eq!(said(&air.post("/api/v1/plans", json!({ "text": BUNDLED })).await), refused("W-320", 422));
    assert_eq!(said(&leader.post("/api/v1/plans", json!({ "text": text })).await), refused("A-306", 403));
    let bundled = air.json("/api/v1/plans/jiangsu-2025").await;
    assert_eq!(
        (&bundled["state"], &bundled["bundled"], &bundled["in_force"]),
        (&json!("bundled"), &json!(true), &json!(false))
    );
    assert!(bundled["ratios"].as_array().unwrap().len() == 12 && !bundled["configured"].as_array().unwrap().is_empty());
    assert_eq!(said(&air.get("/api/v1/plans/none").await), refused("A-104", 404));
    assert_eq!(air.json("/api/v1/plans").await["rows"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_draft_is_tried_approved_by_another_and_in_force_once_the_old_one_has_ended() {
    let house = with_run().await;
    let (air, leader) = (house.visitor("air").await, house.visitor("leader").await);
    let text = edition("jiangsu-2018", "2018-01-01");
    let made = air.post("/api/v1/plans", json!({ "text": text })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.json()["state"], "draft");
    assert_eq!(said(&step(&leader, "jiangsu-2018", "approve", json!({})).await), refused("W-323", 422));
    assert_eq!(air.json("/api/v1/plans/jiangsu-2018/trial").await["state"], "none");
    let begun = air.post("/api/v1/plans/jiangsu-2018/trial", json!({ "winter": 2017 })).await;
    assert_eq!((begun.status, &begun.json()["state"]), (StatusCode::ACCEPTED, &json!("running")));
    work_due(&house.state).await.unwrap();
    let trial = air.json("/api/v1/plans/jiangsu-2018/trial").await;
    assert_eq!((&trial["state"], &trial["against_plan"]), (&json!("done"), &json!("national-2018")), "{trial}");
    assert_eq!((trial["rows"].as_array().unwrap().len(), trial["against"].as_array().unwrap().len()), (13, 13));

    assert_eq!(said(&step(&air, "jiangsu-2018", "approve", json!({})).await), refused("A-306", 403));
    // The bundled edition of the province begins in 2025 and has no end: both would be in force from then on.
    assert_eq!(said(&step(&leader, "jiangsu-2018", "approve", json!({})).await), refused("W-327", 422));
    let shorter = text.replace("checked_on", "effective_until = 2025-05-15\nchecked_on");
    let path = "/api/v1/plans/jiangsu-2018";
    let headers = [("idempotency-key", "rewrite-1"), ("if-match", "\"2\"")];
    let rewritten = air.call(Method::PUT, path, Some(json!({ "text": shorter })), &headers).await;
    assert_eq!((rewritten.status, &rewritten.json()["tried"]), (StatusCode::OK, &json!(false)), "{}", rewritten.text());
    assert_eq!(said(&step(&leader, "jiangsu-2018", "approve", json!({})).await), refused("W-323", 422));
    air.post("/api/v1/plans/jiangsu-2018/trial", json!({ "winter": 2017 })).await;
    work_due(&house.state).await.unwrap();
    let approved = step(&leader, "jiangsu-2018", "approve", json!({})).await;
    assert_eq!((approved.status, &approved.json()["in_force"]), (StatusCode::OK, &json!(true)), "{}", approved.text());
    let rows = air.json("/api/v1/plans").await["rows"].clone();
    let in_force: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["in_force"] == true).collect();
    assert_eq!((in_force.len(), &in_force[0]["id"]), (1, &json!("jiangsu-2018")));
    assert_eq!(
        said(&step(&leader, "jiangsu-2018", "end", json!({ "last": "2018-01-01" })).await),
        refused("W-325", 422)
    );
    let ended = step(&leader, "jiangsu-2018", "end", json!({ "last": "2018-02-01" })).await.json();
    assert_eq!((&ended["state"], &ended["effective_until"]), (&json!("ended"), &json!("2018-02-01")));
    assert_eq!(house.store().await.check_rebuild().await.unwrap().difference, None);
}
