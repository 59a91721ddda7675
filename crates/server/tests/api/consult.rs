//! A room with three forecasters, a chair and a signer, from its opening to its correction.

use crate::house::{Answer, House, Visitor, fresh_key, people, refused, said};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use server::work_due;

/// Three days of all thirteen cities with one range.
pub fn days(lo: u16, hi: u16) -> Value {
    let call = |city: &str, lead: u8| json!({ "city": city, "lead": lead, "lo": lo, "hi": hi, "primary": ["PM2_5"] });
    let cities = crate::house::CITIES.iter().flat_map(|city| (1..=3).map(move |lead| call(city, lead)));
    Value::Array(cities.collect())
}

/// A room opened by the chair.
pub async fn room(house: &House, kind: &str) -> Value {
    let chair = house.visitor("chair").await;
    let answer = chair.post("/api/v1/consultations", json!({ "kind": kind, "reason": "静稳天气" })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

pub fn path(room: &Value, rest: &str) -> String {
    format!("/api/v1/consultations/{}{rest}", room["id"].as_str().unwrap())
}

pub async fn bid(visitor: &Visitor<'_>, room: &Value, number: u64, lo: u16, hi: u16) -> Answer {
    visitor.post_on(&path(room, "/bid"), number, json!({ "days": days(lo, hi) })).await
}

async fn take(visitor: &Visitor<'_>, room: &Value, step: &str, body: Value) -> Answer {
    let now = visitor.json(&path(room, "")).await;
    visitor.post_on(&path(room, &format!("/{step}")), now["version"].as_u64().unwrap(), body).await
}

async fn taken(visitor: &Visitor<'_>, room: &Value, step: &str, body: Value) -> Value {
    let answer = take(visitor, room, step, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.text());
    answer.json()
}

/// Everything this person is told of the room, as one text.
async fn everything(visitor: &Visitor<'_>, room: &Value) -> String {
    let mut told = String::new();
    for address in [
        path(room, ""),
        path(room, "/document?format=json"),
        path(room, "/document?format=docx"),
        "/api/v1/consultations".to_string(),
        "/api/v1/official-forecasts".to_string(),
    ] {
        told.push_str(&visitor.get(&address).await.text());
    }
    told
}

#[tokio::test]
async fn three_forecasters_a_chair_and_a_signer_make_the_official_forecast() {
    let house = people().await;
    let (one, two, three) =
        (house.visitor("forecaster").await, house.visitor("forecaster2").await, house.visitor("forecaster3").await);
    let (chair, duty) = (house.visitor("chair").await, house.visitor("duty").await);
    let opened = room(&house, "daily").await;
    assert_eq!((&opened["state"], &opened["owner"]["id"]), (&json!("open"), &json!("js-jemc")));
    let invited: Vec<&str> =
        opened["room"]["invited"].as_array().unwrap().iter().map(|named| named["id"].as_str().unwrap()).collect();
    assert_eq!(invited, ["chair", "forecaster", "forecaster2", "forecaster3"]);
    assert_eq!(opened["room"]["material"]["cities"].as_array().unwrap().len(), 13);

    for (who, lo, hi) in [(&one, 61, 91), (&two, 82, 112), (&three, 123, 153)] {
        let answer = bid(who, &opened, 0, lo, hi).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let remark = three.post(&path(&opened, "/remark"), json!({ "text": "北部有传输" })).await;
    assert_eq!(remark.json()["room"]["remarks"][0]["text"], "北部有传输");

    let seen = chair.json(&path(&opened, "")).await;
    let first = &seen["room"]["prefilled"][0];
    assert_eq!((&first["lo"], &first["hi"], &first["bids"]), (&json!(82), &json!(112), &json!(3)));
    let mut conclusion = days(82, 112);
    conclusion[0]["hi"] = json!(120);
    let unsaid = take(&chair, &opened, "conclude", json!({ "days": conclusion })).await;
    assert_eq!(said(&unsaid), refused("C-204", 422));
    conclusion[0]["reason"] = json!("夜间辐射逆温");
    let concluded = taken(&chair, &opened, "conclude", json!({ "days": conclusion, "text": "静稳" })).await;
    assert_eq!((&concluded["state"], concluded["official"].is_null()), (&json!("concluded"), true));
    let pending = &concluded["room"]["pending"];
    assert_eq!(pending["days"][0]["prefilled"]["hi"], 112);
    assert!(pending["publication"].as_str().unwrap().contains("南京 AQI 82～120，良至轻度污染"), "{pending}");

    assert_eq!(said(&bid(&one, &opened, 1, 60, 90).await), refused("C-201", 422));
    assert_eq!(said(&take(&one, &opened, "sign", json!({})).await), refused("A-306", 403));
    assert_eq!(said(&take(&chair, &opened, "sign", json!({})).await), refused("A-306", 403));
    let signed = taken(&duty, &opened, "sign", json!({})).await;
    assert_eq!((&signed["state"], &signed["official"]["signed_by"]["id"]), (&json!("signed"), &json!("duty")));

    let corrected = taken(&chair, &opened, "correct", json!({ "days": days(90, 130), "reason": "实况偏高" })).await;
    assert_eq!((&corrected["state"], &corrected["official"]["number"]), (&json!("concluded"), &json!(1)));
    taken(&duty, &opened, "sign", json!({})).await;
    let official = duty.json("/api/v1/official-forecasts?date=2018-01-13").await;
    let states: Vec<(u64, &str)> = official["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["number"].as_u64().unwrap(), item["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [(2, "official"), (1, "superseded")]);
    assert_eq!(official["items"][0]["correction"], "实况偏高");
    assert_eq!(official["items"][1]["days"][0]["hi"], 120, "what was official stays readable");
}

#[tokio::test]
async fn bids_are_hidden_in_every_answer_until_ones_own_is_in() {
    let house = people().await;
    let (one, two) = (house.visitor("forecaster").await, house.visitor("forecaster2").await);
    let (chair, duty) = (house.visitor("chair").await, house.visitor("duty").await);
    let opened = room(&house, "daily").await;
    let secret = json!({ "days": [{ "city": "320300", "lead": 1, "lo": 287, "hi": 299, "primary": ["PM2_5"], "reason": "独家判断" }] });
    assert_eq!(one.post_on(&path(&opened, "/bid"), 0, secret).await.status, StatusCode::OK);
    for visitor in [&two, &duty, &chair] {
        let told = everything(visitor, &opened).await;
        assert!(!told.contains("独家判断") && !told.contains("\"lo\":287") && !told.contains("287～299"), "{told}");
    }
    let seen = async |visitor: &Visitor<'_>| {
        let room = visitor.json(&path(&opened, "")).await;
        let list = visitor.json("/api/v1/consultations").await;
        assert_eq!(room["room"]["bid_count"], list["items"][0]["bid_count"]);
        (room["room"]["bid_count"].clone(), room["room"]["bids"].as_array().unwrap().len())
    };
    assert_eq!(seen(&two).await, (Value::Null, 0));
    assert_eq!(seen(&duty).await, (Value::Null, 0));
    assert_eq!(seen(&chair).await, (json!(1), 0), "the chair sees how many there are");
    assert_eq!(seen(&one).await, (json!(1), 1));
    let version = two.json(&path(&opened, "")).await["version"].clone();
    assert_eq!(version, opened["version"], "the version does not tell of bids");
    let early = take(&chair, &opened, "conclude", json!({ "days": days(80, 110) })).await;
    assert_eq!(said(&early), refused("C-206", 422));

    assert_eq!(bid(&two, &opened, 0, 80, 110).await.status, StatusCode::OK);
    assert!(everything(&two, &opened).await.contains("独家判断"));
    assert_eq!(seen(&two).await, (json!(2), 2));
    assert_eq!(seen(&chair).await, (json!(2), 0), "one forecaster is missing");
    bid(&house.visitor("forecaster3").await, &opened, 0, 80, 110).await;
    assert_eq!(seen(&chair).await, (json!(3), 3), "everybody else is in");
    assert_eq!(seen(&duty).await, (Value::Null, 0), "who never bids waits for the conclusion");
    taken(&chair, &opened, "conclude", json!({ "days": days(80, 110), "text": "x" })).await;
    assert_eq!(seen(&duty).await, (json!(3), 3));
}

#[tokio::test]
async fn a_city_sees_the_signed_conclusion_and_nothing_else() {
    let house = people().await;
    let (nanjing, chair, duty) =
        (house.visitor("nanjing").await, house.visitor("chair").await, house.visitor("duty").await);
    let opened = room(&house, "daily").await;
    let unknown = path(&json!({ "id": "00000000-0000-8000-8000-000000000000" }), "");
    let foreign = nanjing.get(&path(&opened, "")).await;
    assert_eq!(said(&foreign), said(&nanjing.get(&unknown).await));
    assert_eq!(nanjing.json("/api/v1/consultations").await["total"], 0);
    for step in ["bid", "remark", "conclude", "sign", "correct", "cancel"] {
        let answer = nanjing.post_on(&path(&opened, &format!("/{step}")), 1, json!({})).await;
        assert!(matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY), "{step}");
        assert!(!answer.text().contains("js-jemc"), "{step}");
    }
    bid(&chair, &opened, 0, 81, 111).await;
    chair.post(&path(&opened, "/remark"), json!({ "text": "内部讨论" })).await;
    taken(&chair, &opened, "conclude", json!({ "days": days(81, 111), "text": "静稳" })).await;
    assert_eq!(nanjing.json("/api/v1/consultations").await["total"], 0, "not before it is signed");
    taken(&duty, &opened, "sign", json!({})).await;

    let told = nanjing.json(&path(&opened, "")).await;
    assert_eq!((&told["inside"], &told["room"], &told["state"]), (&json!(false), &Value::Null, &json!("signed")));
    assert_eq!(told["official"]["days"][0]["call"]["lo"], 81);
    let all = everything(&nanjing, &opened).await;
    assert!(!all.contains("内部讨论") && !all.contains("bid_count\":1"), "{all}");
    assert_eq!(nanjing.json("/api/v1/official-forecasts").await["items"].as_array().unwrap().len(), 1);
    let correction = json!({ "days": days(201, 231), "reason": "更正待签" });
    taken(&chair, &opened, "correct", correction).await;
    let all = everything(&nanjing, &opened).await;
    assert!(
        !all.contains("更正待签") && !all.contains("\"hi\":231") && !all.contains("～231") && all.contains("signed"),
        "{all}"
    );
    let remark = nanjing.post(&path(&opened, "/remark"), json!({ "text": "x" })).await;
    assert_eq!(said(&remark), refused("A-306", 403));
    let enterprise = house.visitor("enterprise").await;
    assert_eq!(said(&enterprise.get("/api/v1/consultations").await), refused("A-306", 403));
    assert_eq!(said(&enterprise.get("/api/v1/official-forecasts").await), refused("A-306", 403));
}

#[tokio::test]
async fn a_repeated_command_counts_once_and_a_stale_one_not_at_all() {
    let house = people().await;
    let (one, chair) = (house.visitor("forecaster").await, house.visitor("chair").await);
    let key = fresh_key();
    let open = async || {
        let body = json!({ "reason": "静稳天气" });
        chair.call(Method::POST, "/api/v1/consultations", Some(body), &[("idempotency-key", &key)]).await
    };
    let (first, again) = (open().await, open().await);
    assert_eq!((first.status, first.json()["id"].clone()), (again.status, again.json()["id"].clone()));
    assert_eq!(chair.json("/api/v1/consultations").await["total"], 1);

    let opened = first.json();
    let (key, body) = (fresh_key(), json!({ "days": days(80, 110) }));
    for _ in 0..2 {
        let headers = [("idempotency-key", key.as_str()), ("if-match", "\"0\"")];
        let answer = one.call(Method::POST, &path(&opened, "/bid"), Some(body.clone()), &headers).await;
        assert_eq!((answer.status, &answer.json()["room"]["own_bid"]["number"]), (StatusCode::OK, &json!(1)));
    }
    assert_eq!(said(&bid(&one, &opened, 0, 90, 120).await), refused("E-409", 412));
    assert_eq!(bid(&one, &opened, 1, 90, 120).await.json()["room"]["own_bid"]["number"], 2);
    let bare = one.post(&path(&opened, "/bid"), body.clone()).await;
    assert_eq!(said(&bare), refused("A-312", 428));

    let remark = async |key: &str, text: &str| {
        let body = json!({ "text": text });
        one.call(Method::POST, &path(&opened, "/remark"), Some(body), &[("idempotency-key", key)]).await
    };
    remark("r1", "一").await;
    assert_eq!(remark("r1", "一").await.json()["room"]["remarks"].as_array().unwrap().len(), 1);
    assert_eq!(said(&remark("r1", "二").await), refused("E-422", 422));
    let stale = chair.post_on(&path(&opened, "/cancel"), 1, json!({ "text": "重复" })).await;
    assert_eq!(said(&stale), refused("E-409", 412));
    let nameless = chair.post(&path(&opened, "/cancel"), json!({ "text": "重复" })).await;
    assert_eq!(said(&nameless), refused("A-312", 428));
    let cancelled = taken(&chair, &opened, "cancel", json!({ "text": "重复" })).await;
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(said(&chair.post_on(&path(&opened, "/dance"), 1, json!({})).await), refused("A-104", 404));
}

#[tokio::test]
async fn a_room_of_the_same_day_signed_later_takes_the_place_of_the_earlier() {
    let house = people().await;
    let (chair, duty) = (house.visitor("chair").await, house.visitor("duty").await);
    let mut rooms = Vec::new();
    for (lo, hi) in [(81, 111), (91, 121)] {
        let opened = room(&house, "urgent").await;
        bid(&chair, &opened, 0, lo, hi).await;
        taken(&chair, &opened, "conclude", json!({ "days": days(lo, hi) })).await;
        taken(&duty, &opened, "sign", json!({})).await;
        work_due(&house.state).await.unwrap();
        rooms.push(opened);
    }
    let now = async |room: &Value| duty.json(&path(room, "")).await;
    let (first, second) = (now(&rooms[0]).await, now(&rooms[1]).await);
    assert_eq!((&first["state"], &second["state"]), (&json!("superseded"), &json!("signed")));
    assert_eq!((&first["superseded_by"], first["official"].is_object()), (&second["id"], true));
    let official = duty.json("/api/v1/official-forecasts").await;
    let count = official["items"].as_array().unwrap().iter().filter(|item| item["state"] == "official").count();
    assert_eq!(count, 1);
}
