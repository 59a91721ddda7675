//! Matters as those see them who send, do and check the work.

use crate::house::{Answer, House, Visitor, fresh_key};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// A matter of Xuzhou for its steel works.
pub async fn order(xuzhou: &Visitor<'_>, title: &str) -> Value {
    let body = json!({ "title": title, "text": "限产 30%", "assigned": ["demo-xz-steel"], "due": "2018-01-20" });
    let answer = xuzhou.post("/api/v1/matters", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

fn id(matter: &Value) -> &str {
    matter["id"].as_str().unwrap()
}

/// Takes a step on the version told last.
async fn take(visitor: &Visitor<'_>, matter: &Value, step: &str, body: Value) -> Answer {
    let path = format!("/api/v1/matters/{}/{step}", id(matter));
    visitor.post_on(&path, matter["version"].as_u64().unwrap(), body).await
}

async fn taken(visitor: &Visitor<'_>, matter: &Value, step: &str, body: Value) -> Value {
    let answer = take(visitor, matter, step, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.text());
    assert_eq!(answer.header("etag"), format!("\"{}\"", answer.json()["version"]));
    answer.json()
}

fn action<'a>(matter: &'a Value, step: &str) -> &'a Value {
    matter["actions"].as_array().unwrap().iter().find(|action| action["id"] == step).unwrap()
}

#[tokio::test]
async fn an_order_is_acknowledged_done_and_approved_by_somebody_else() {
    let house = House::of_people(|_| ()).await;
    let (xuzhou, enterprise) = (house.visitor("xuzhou").await, house.visitor("enterprise").await);
    let sent = order(&xuzhou, "铜山钢铁限产").await;
    assert_eq!((&sent["state"], &sent["owner"]["id"]), (&json!("open"), &json!("320300")));

    let mine = enterprise.json("/api/v1/matters?assigned=me").await;
    assert_eq!((mine["total"].as_u64(), &mine["items"][0]["id"]), (Some(1), &sent["id"]));
    let seen = enterprise.json(&format!("/api/v1/matters/{}", id(&sent))).await;
    assert_eq!(action(&seen, "acknowledge")["allowed"], true);
    let approve = action(&seen, "approve");
    assert!(approve["allowed"] == false && !approve["why"].as_str().unwrap().is_empty(), "{approve}");

    let arrived = taken(&enterprise, &seen, "acknowledge", json!({})).await;
    assert_eq!((&arrived["state"], &arrived["assigned"][0]["acknowledged"]), (&json!("acknowledged"), &json!(true)));
    let done = taken(&enterprise, &arrived, "submit", json!({ "text": "已按要求限产" })).await;
    assert_eq!(done["state"], "submitted");
    assert_eq!(take(&enterprise, &done, "approve", json!({})).await.status, StatusCode::FORBIDDEN);
    let closed = taken(&xuzhou, &done, "approve", json!({ "text": "属实", "reason": "现场核查" })).await;
    assert_eq!(closed["state"], "closed");

    let names: Vec<&str> = closed["history"].as_array().unwrap().iter().map(|h| h["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["created", "acknowledged", "submitted", "approved"]);
    let last = &closed["history"][3];
    assert_eq!(
        (&last["account"]["id"], &last["reason"], &last["text"]),
        (&json!("xuzhou"), &json!("现场核查"), &json!("属实"))
    );
}

#[tokio::test]
async fn a_command_sent_again_counts_once_and_its_key_is_good_for_nothing_else() {
    let house = House::of_people(|_| ()).await;
    let xuzhou = house.visitor("xuzhou").await;
    let key = fresh_key();
    let send = async |title: &str| {
        let body = json!({ "title": title, "assigned": ["demo-xz-steel"] });
        xuzhou.call(Method::POST, "/api/v1/matters", Some(body), &[("idempotency-key", &key)]).await
    };
    let (one, again) = (send("甲").await, send("甲").await);
    assert_eq!((one.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.text());
    assert_eq!((&one.json()["id"], &one.json()["code"]), (&again.json()["id"], &again.json()["code"]));
    assert_eq!(xuzhou.json("/api/v1/matters/count").await["total"], 1);
    let other = send("乙").await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "E-422"));
}

#[tokio::test]
async fn a_step_needs_a_key_and_the_version_it_was_decided_on() {
    let house = House::of_people(|_| ()).await;
    let xuzhou = house.visitor("xuzhou").await;
    let sent = order(&xuzhou, "限产").await;
    let path = format!("/api/v1/matters/{}/comment", id(&sent));
    let body = || Some(json!({ "text": "请抓紧" }));
    let bare = xuzhou.call(Method::POST, &path, body(), &[]).await;
    assert_eq!((bare.status, bare.code().as_str()), (StatusCode::BAD_REQUEST, "A-311"));
    let blind = xuzhou.call(Method::POST, &path, body(), &[("idempotency-key", &fresh_key())]).await;
    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    taken(&xuzhou, &sent, "comment", json!({ "text": "请抓紧" })).await;
    let stale = take(&xuzhou, &sent, "comment", json!({ "text": "再次提醒" })).await;
    assert_eq!((stale.status, stale.code().as_str()), (StatusCode::PRECONDITION_FAILED, "E-409"));
    let nonsense = take(&xuzhou, &sent, "explode", json!({})).await;
    assert_eq!(nonsense.status, StatusCode::NOT_FOUND);
    let foreign_field = take(&xuzhou, &sent, "comment", json!({ "text": "x", "state": "closed" })).await;
    assert_eq!(foreign_field.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn pages_count_and_export_tell_the_same() {
    let house = House::of_people(|_| ()).await;
    let xuzhou = house.visitor("xuzhou").await;
    for n in 0..7 {
        order(&xuzhou, &format!("任务 {n}")).await;
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = xuzhou.json(&format!("/api/v1/matters?sort=created&limit=3{cursor}")).await;
        assert_eq!(page["total"], 7);
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_string()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={}", next.replace('~', "%7E"));
    }
    found.sort();
    assert_eq!(found, (0..7).map(|n| format!("任务 {n}")).collect::<Vec<_>>());
    let csv = xuzhou.get("/api/v1/matters?format=csv&limit=2").await;
    assert_eq!(csv.text().lines().count(), 1 + 7, "an export has all pages");
    assert_eq!(xuzhou.json("/api/v1/matters/count?q=%E4%BB%BB%E5%8A%A1%203").await["total"], 1);
    assert_eq!(xuzhou.json("/api/v1/matters?state=closed").await["total"], 0);
    let strange = xuzhou.get("/api/v1/matters?cursor=x").await;
    assert_eq!((strange.status, strange.code().as_str()), (StatusCode::BAD_REQUEST, "T-205"));
    assert_eq!(xuzhou.get("/api/v1/matters?limit=0").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_people_write_is_no_statement_and_no_formula() {
    let house = House::of_people(|_| ()).await;
    let xuzhou = house.visitor("xuzhou").await;
    order(&xuzhou, "=HYPERLINK(\"http://evil.example\",\"点我\")").await;
    for text in ["'", "%25", "_", "' OR '1'='1", "x'); DROP TABLE matter; --", "\\"] {
        let text = text.replace(' ', "%20").replace(';', "%3B");
        for name in ["q", "state", "kind", "owner", "assigned", "responsible", "cursor"] {
            let answer = xuzhou.get(&format!("/api/v1/matters?{name}={text}")).await;
            assert!(
                answer.status.is_success() || answer.status == StatusCode::BAD_REQUEST,
                "{name}: {}",
                answer.text()
            );
            if answer.status.is_success() {
                assert_eq!(answer.json()["total"], 0, "{name}={text}");
            }
        }
        assert_eq!(xuzhou.json(&format!("/api/v1/matters/suggest?q={text}")).await["total"], 0, "{text}");
    }
    let csv = xuzhou.get("/api/v1/matters?format=csv").await.text();
    assert!(csv.contains("'=HYPERLINK") && !csv.contains(",=HYPERLINK") && !csv.contains(",\"=HYPERLINK"), "{csv}");
    let sheet = xuzhou.get("/api/v1/matters?format=xlsx").await;
    assert!(sheet.status.is_success() && sheet.bytes.starts_with(b"PK"));
    assert!(sheet.header("content-disposition").starts_with("attachment; filename=\"matters"));
}

#[tokio::test]
async fn nobody_orders_whom_he_does_not_see_or_for_whom_he_does_not_speak() {
    let house = House::of_people(|_| ()).await;
    let (nanjing, enterprise) = (house.visitor("nanjing").await, house.visitor("enterprise").await);
    let refused = async |body: Value| {
        let answer = nanjing.post("/api/v1/matters", body).await;
        (answer.status, answer.json()["detail"].as_str().unwrap().to_string())
    };
    for (foreign, nowhere) in [
        (json!({ "title": "x", "assigned": ["320300"] }), json!({ "title": "x", "assigned": ["nowhere"] })),
        (json!({ "title": "x", "owner": "320300" }), json!({ "title": "x", "owner": "nowhere" })),
        (json!({ "title": "x", "responsible": "xuzhou" }), json!({ "title": "x", "responsible": "nowhere" })),
    ] {
        let ((status, text), (unknown_status, unknown)) = (refused(foreign).await, refused(nowhere).await);
        assert_eq!((status, unknown_status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(text.replace("320300", "nowhere").replace("xuzhou", "nowhere"), unknown);
    }
    let own = enterprise.post("/api/v1/matters", json!({ "title": "x" })).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::FORBIDDEN, "A-306"));
}

#[tokio::test]
async fn an_answer_with_a_version_is_always_told_anew() {
    let house = House::of_people(|_| ()).await;
    let xuzhou = house.visitor("xuzhou").await;
    let path = format!("/api/v1/matters/{}", id(&order(&xuzhou, "核查错峰生产").await));
    let first = xuzhou.get(&path).await;
    let again = xuzhou.call(Method::GET, &path, None, &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((again.status, again.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(again.json(), first.json());
}
