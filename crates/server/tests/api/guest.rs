//! A guest with a link: what it opens, and that it opens nothing else.

use crate::consult::{days, path, room};
use crate::house::{Answer, House, Visitor, fresh_key, people, refused, said};
use ::consult::{GuestLink, Room, RoomCommand};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use event::Actor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::Order;
use units::Instant;

const ROOM: &str = "/api/v1/guest/consultation";

/// Sends with a link and nothing else.
async fn ask(house: &House, link: &str, method: Method, at: &str, body: Option<Value>, version: u64) -> Answer {
    let mut request = Request::builder().method(method).uri(at).header("x-guest-link", link);
    request = request.header("idempotency-key", fresh_key()).header(header::IF_MATCH, format!("\"{version}\""));
    let body = match body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    house.send_bare(request, body).await
}

async fn look(house: &House, link: &str) -> Answer {
    ask(house, link, Method::GET, ROOM, None, 0).await
}

/// The secret of a new link, and its id.
async fn invite(chair: &Visitor<'_>, room: &Value, hours: u32) -> (String, String) {
    let version = chair.json(&path(room, "")).await["version"].as_u64().unwrap();
    let body = json!({ "name": "李工", "organisation": "安徽省生态环境监测中心", "hours": hours });
    let answer = chair.post_on(&path(room, "/guests"), version, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let made = answer.json();
    let secret = made["link"].as_str().unwrap().strip_prefix("/guest#").unwrap().to_string();
    (secret, made["id"].as_str().unwrap().to_string())
}

#[tokio::test]
async fn a_guest_reads_the_material_bids_and_speaks_under_a_name() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let opened = room(&house, "joint").await;
    let (link, _) = invite(&chair, &opened, 24).await;
    let told = look(&house, &link).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    let told = told.json();
    assert_eq!(told["guest"], "李工（安徽省生态环境监测中心 来宾）");
    assert_eq!(told["material"]["cities"].as_array().unwrap().len(), 13);

    let body = json!({ "days": days(80, 110) });
    let entered = ask(&house, &link, Method::POST, &format!("{ROOM}/bid"), Some(body.clone()), 0).await;
    assert_eq!((entered.status, &entered.json()["own_bid"]["number"]), (StatusCode::OK, &json!(1)));
    let stale = ask(&house, &link, Method::POST, &format!("{ROOM}/bid"), Some(json!({"days": days(1, 2)})), 0).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text());
    let text = json!({ "text": "上游已明显抬升" });
    let spoken = ask(&house, &link, Method::POST, &format!("{ROOM}/remark"), Some(text), 0).await;
    assert_eq!(spoken.json()["remarks"][0]["text"], "上游已明显抬升");

    let forecaster = house.visitor("forecaster").await;
    let inner = json!({ "text": "内部意见" });
    forecaster.post(&path(&opened, "/remark"), inner).await;
    crate::consult::bid(&forecaster, &opened, 0, 201, 231).await;
    let seen = forecaster.json(&path(&opened, "")).await.to_string();
    assert!(seen.contains("李工（安徽省生态环境监测中心 来宾）"), "{seen}");
    let told = look(&house, &link).await.text();
    assert!(!told.contains("内部意见") && !told.contains("\"hi\":231") && !told.contains("forecaster"), "{told}");
}

#[tokio::test]
async fn a_link_that_is_wrong_ended_or_taken_back_opens_nothing() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let opened = room(&house, "joint").await;
    let (link, id) = invite(&chair, &opened, 24).await;
    let wrong: Vec<Answer> = vec![
        look(&house, "").await,
        look(&house, "nobody").await,
        look(&house, &link[1..]).await,
        look(&house, &"x".repeat(5000)).await,
    ];
    for answer in &wrong {
        assert_eq!(said(answer), refused("C-301", 401));
        assert_eq!(answer.text(), wrong[0].text(), "what is wrong with it is not told");
    }
    let version = chair.json(&path(&opened, "")).await["version"].as_u64().unwrap();
    let revoke = path(&opened, &format!("/guests/{id}/revoke"));
    let revoked = chair.post_on(&revoke, version, json!({})).await;
    assert_eq!(revoked.json()["room"]["guests"][0]["revoked"], true, "{}", revoked.text());
    assert_eq!(look(&house, &link).await.text(), wrong[0].text());

    for hours in [0, 24 * 14 + 1] {
        let body = json!({ "name": "李工", "organisation": "安徽", "hours": hours });
        let answer = chair.post_on(&path(&opened, "/guests"), version + 1, body).await;
        assert_eq!(said(&answer), refused("C-210", 422));
    }
    ended_link(&house, &opened, "a link of another year").await;
    assert_eq!(look(&house, "a link of another year").await.text(), wrong[0].text());
}

/// A link that was made and ended years ago.
async fn ended_link(house: &House, room: &Value, secret: &str) {
    let wall: Instant = "2020-01-01T08:00:00+08:00".parse().unwrap();
    let link = GuestLink {
        id: "ended".into(),
        name: "李工".into(),
        organisation: "安徽".into(),
        hash: hex::encode(Sha256::digest(secret.as_bytes())),
        expires: "2020-01-02T08:00:00+08:00".parse().unwrap(),
        invited_by: "chair".parse().unwrap(),
        revoked: false,
    };
    let command = RoomCommand::InviteGuest { guest: "ended".into(), link: Some(Box::new(link)), wall: Some(wall) };
    let by = Actor {
        account: "chair".parse().unwrap(),
        organisation: "js-jemc".parse().unwrap(),
        on_behalf_of: None,
        origin: "test".into(),
    };
    let id = room["id"].as_str().unwrap();
    let order = Order::<Room> { id, expected: None, command, by: &by, at: wall, shown: wall, key: None, reason: None };
    house.store().await.execute(order).await.unwrap();
}

#[tokio::test]
async fn a_link_opens_its_own_room_and_no_other_address() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let (first, second) = (room(&house, "joint").await, room(&house, "joint").await);
    let (link, _) = invite(&chair, &first, 24).await;
    assert_eq!(look(&house, &link).await.json()["code"], first["code"]);
    for at in [
        path(&second, ""),
        path(&first, ""),
        path(&first, "/document"),
        "/api/v1/consultations".into(),
        "/api/v1/official-forecasts".into(),
        "/api/v1/status".into(),
        "/api/v1/matters".into(),
        "/api/v1/events".into(),
    ] {
        assert_eq!(said(&ask(&house, &link, Method::GET, &at, None, 0).await), refused("A-301", 401), "{at}");
    }
    for rest in ["/bid", "/remark", "/conclude", "/sign", "/guests"] {
        let answer = ask(&house, &link, Method::POST, &path(&first, rest), Some(json!({})), 1).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{rest}");
    }
    let daily = room(&house, "daily").await;
    let body = json!({ "name": "李工", "organisation": "安徽", "hours": 2 });
    assert_eq!(said(&chair.post_on(&path(&daily, "/guests"), 1, body.clone()).await), refused("C-209", 422));
    let forecaster = house.visitor("forecaster").await;
    assert_eq!(said(&forecaster.post_on(&path(&first, "/guests"), 2, body).await), refused("A-306", 403));
}

#[tokio::test]
async fn the_secret_is_told_once_and_kept_nowhere() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let opened = room(&house, "joint").await;
    let key = fresh_key();
    let headers = [("idempotency-key", key.as_str()), ("if-match", "\"1\"")];
    let body = || Some(json!({ "name": "李工", "organisation": "安徽", "hours": 2 }));
    let made = chair.call(Method::POST, &path(&opened, "/guests"), body(), &headers).await.json();
    let again = chair.call(Method::POST, &path(&opened, "/guests"), body(), &headers).await.json();
    assert_eq!((&again["id"], &again["link"]), (&made["id"], &Value::Null));
    let secret = made["link"].as_str().unwrap().strip_prefix("/guest#").unwrap();
    let seen = chair.json(&path(&opened, "")).await;
    assert_eq!(seen["room"]["guests"].as_array().unwrap().len(), 1);
    let log = house.visitor("auditor").await.get("/api/v1/audit?limit=500").await.text();
    assert!(!log.contains(secret) && !seen.to_string().contains(secret));
}

#[tokio::test]
async fn who_guesses_links_is_made_to_wait() {
    let house = people().await;
    // Tries come back one a second: even a busy machine asks faster than that. One of the sixty went to the house's login.
    for n in 0..1000 {
        let answer = look(&house, &format!("guess-{n}")).await;
        if said(&answer) == refused("A-305", 429) {
            assert!(n >= 59 && !answer.header(header::RETRY_AFTER).is_empty(), "{n}");
            return;
        }
        assert_eq!(said(&answer), refused("C-301", 401));
    }
    panic!("nobody was made to wait");
}
