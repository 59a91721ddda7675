//! People's forecasts beside what was observed, and what they weigh in the next consultation.

use crate::consult::{bid, days, path, room};
use crate::house::{House, evening};
use crate::run::weather;
use serde_json::{Value, json};

/// A house whose forecasters met on 7 January and whose day is 13 January now.
async fn house() -> House {
    let house = House::with(evening() - 150 * 24, evening() + 48, evening(), weather).await;
    house.put_clock(r#"{"as_of":"2018-01-07T20:00:00+08:00"}"#).await;
    let opened = room(&house, "daily").await;
    // The one always says nearly everything, the other a range of thirty points; the third only when a day has begun.
    for (who, lo, hi) in [("forecaster", 51, 300), ("forecaster2", 66, 116)] {
        let answer = bid(&house.visitor(who).await, &opened, 0, lo, hi).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
    house.put_clock(r#"{"as_of":"2018-01-08T08:00:00+08:00"}"#).await;
    bid(&house.visitor("forecaster3").await, &opened, 0, 66, 116).await;
    bid(&house.visitor("forecaster2").await, &opened, 1, 400, 450).await;
    take(&house, "chair", &opened, "conclude", json!({ "days": reasoned(days(66, 116)), "text": "静稳" })).await;
    take(&house, "duty", &opened, "sign", json!({})).await;
    house.put_clock(r#"{"as_of":"2018-01-13T20:00:00+08:00"}"#).await;
    house
}

fn reasoned(mut days: Value) -> Value {
    days.as_array_mut().expect("a list of days").iter_mut().for_each(|day| day["reason"] = json!("综合"));
    days
}

async fn take(house: &House, who: &str, room: &Value, step: &str, body: Value) -> Value {
    let visitor = house.visitor(who).await;
    let now = visitor.json(&path(room, "")).await;
    let answer =
        visitor.post_on(&path(room, &format!("/{step}")), now["version"].as_u64().expect("a version"), body).await;
    assert!(answer.status.is_success(), "{step}: {}", answer.text());
    answer.json()
}

fn by_key<'a>(told: &'a Value, key: &str) -> &'a Value {
    let groups = told["groups"].as_array().expect("a list of groups");
    groups.iter().find(|group| group["key"] == key).unwrap_or_else(|| panic!("no {key} in {groups:?}"))
}

#[tokio::test]
async fn bids_and_conclusions_are_scored_and_the_sharper_hit_weighs_more() {
    let house = house().await;
    let of_bids = "/api/v1/verification?of=bids&by=forecaster&pollutant=AQI";
    let told = house.visitor("chair").await.json(of_bids).await;
    assert_eq!((&told["state"], &told["source"]), (&json!("scored"), &json!("bids")));
    let (wide, sharp, late) = (by_key(&told, "forecaster"), by_key(&told, "forecaster2"), by_key(&told, "forecaster3"));
    assert_eq!((&wide["aqi"]["cases"], &wide["aqi"]["width"]), (&json!(39), &json!(249)));
    assert!(wide["name"] != "forecaster" && wide["name"] == wide["name_en"], "by the name: {}", wide["name"]);
    // Days two and three by the revised bid; the first day had begun, and the first version stays what it was.
    assert_eq!((&sharp["aqi"]["cases"], &late["aqi"]["cases"]), (&json!(39), &json!(26)), "the first day had begun");
    assert!(late["aqi"]["width"] == json!(50) && sharp["aqi"]["width"] == json!(50));
    assert!(late["aqi"]["interval_score"].as_f64() < wide["aqi"]["interval_score"].as_f64(), "width costs");
    let bounds = &wide["aqi"]["range_hit_bounds"];
    assert!(bounds["low"].as_f64() <= bounds["value"].as_f64() && bounds["weeks"] == 1, "{bounds}");
    assert!(wide["aqi"]["interval_skill"]["value"].is_number() && wide["crps"].is_null(), "missing is missing");

    let of_house = "/api/v1/verification?of=conclusions&by=conclusion&pollutant=AQI";
    let told = house.json(of_house).await;
    assert_eq!(by_key(&told, "js-jemc")["aqi"]["cases"], 26, "signed when the first day had begun");
    let told = house.visitor("chair").await.json("/api/v1/scorecards?month=2018-01").await;
    let over_all = |kind: &str, id: &str| {
        let rows = told["rows"].as_array().unwrap();
        rows.iter().find(|row| row["kind"] == kind && row["id"] == id && row["city"].is_null()).cloned()
    };
    let card = over_all("forecaster", "forecaster").unwrap();
    assert_eq!((&card["cases"], &card["width"]), (&json!(39), &json!(249)));
    assert!(card["range_hit_bounds"]["high"].is_number() && card["interval_score_bounds"]["low"].is_number());
    assert_eq!(over_all("conclusion", "js-jemc").unwrap()["cases"], 26);

    let next = room(&house, "daily").await;
    for who in ["forecaster", "forecaster2", "forecaster3"] {
        bid(&house.visitor(who).await, &next, 0, 80, 110).await;
    }
    let seen = house.visitor("chair").await.json(&path(&next, "")).await;
    let weights: Vec<(f64, u64)> = seen["room"]["weights"].as_array().unwrap().iter().map(weight).collect();
    assert_eq!(weights.iter().map(|(_, cases)| *cases).collect::<Vec<_>>(), [39, 39, 26]);
    assert!((weights.iter().map(|(weight, _)| weight).sum::<f64>() - 1.0).abs() < 1e-3, "{weights:?}");
    assert!(weights[2].0 > weights[0].0, "{weights:?}");
    take(&house, "chair", &next, "conclude", json!({ "days": days(80, 110) })).await;
    let kept = house.visitor("duty").await.json(&path(&next, "")).await;
    let kept: Vec<(f64, u64)> = kept["room"]["pending"]["considered"].as_array().unwrap().iter().map(weight).collect();
    assert_eq!(kept, weights, "as they were shown");
    let sheet = house.visitor("duty").await.get(&path(&next, "/document?format=json")).await.text();
    assert!(sheet.contains("意见权重") && sheet.contains("计 39 个城市日"), "{sheet}");
}

fn weight(line: &Value) -> (f64, u64) {
    (line["weight"].as_f64().expect("a weight"), line["past"]["cases"].as_u64().expect("a count"))
}

#[tokio::test]
async fn nobody_is_told_of_bids_from_outside_or_of_an_open_room() {
    let house = house().await;
    let bureau = house.visitor("nanjing").await;
    let of = |source: &str| format!("/api/v1/verification?of={source}&by=lead&pollutant=AQI");
    assert_eq!(bureau.json(&of("bids")).await["state"], "none yet");
    assert_eq!(bureau.json(&of("conclusions")).await["state"], "scored", "the signed conclusion was given to it");
    let rows = bureau.json("/api/v1/scorecards?month=2018-01").await;
    assert!(rows["rows"].as_array().unwrap().iter().all(|row| row["kind"] != "forecaster"));
    assert_eq!(house.visitor("enterprise").await.get(&of("bids")).await.code(), "A-306");

    house.put_clock(r#"{"as_of":"2018-01-09T20:00:00+08:00"}"#).await;
    let open = room(&house, "urgent").await;
    bid(&house.visitor("forecaster").await, &open, 0, 61, 91).await;
    house.put_clock(r#"{"as_of":"2018-01-13T20:00:00+08:00"}"#).await;
    let told = house.visitor("chair").await.json(&of("bids")).await;
    assert_eq!(by_key(&told, "1")["aqi"]["cases"], 26, "two bids of the closed room alone");
}
