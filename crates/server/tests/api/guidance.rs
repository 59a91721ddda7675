//! Guidance of other models in the material of a room and in the update log.

use crate::consult::{path, room};
use crate::house::{CITIES, House, evening, people};
use ::guidance::Member;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::GuidanceRow;
use units::Pollutant;

/// Stores a run `age` hours before the evening, of so many cities, to the end of the third day.
pub async fn arrives(house: &House, model: &str, age: i64, cities: usize) {
    let hours: Vec<_> = (1..=76).map(|n| evening() + n).collect();
    let member = Member {
        model: model.to_string(),
        run: evening() - age,
        span_hours: 1,
        places: CITIES[..cities].iter().map(ToString::to_string).collect(),
        values: BTreeMap::from([(Pollutant::Pm25, vec![80.0; cities * hours.len()])]),
        hours,
        flags: vec![],
    };
    let row = GuidanceRow {
        model: member.model.clone(),
        run: member.run,
        arrived_at: evening().end(),
        file: "guidance.csv".into(),
        sha256: "00".into(),
        body: member.to_bytes(),
    };
    house.store().await.save_guidance(&row).await.unwrap();
}

/// Model and state, in order.
fn told(lines: &Value, name: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_string();
    lines.as_array().unwrap().iter().map(|line| (text(&line[name]), text(&line["state"]))).collect()
}

#[tokio::test]
async fn a_room_says_of_each_model_whether_it_is_there_and_what_it_lacks() {
    let house = people().await;
    arrives(&house, "cmaq", 12, 13).await;
    arrives(&house, "camx", 12, 11).await;
    arrives(&house, "naqpms", 24, 13).await;
    arrives(&house, "wrf-chem", 60, 13).await;
    arrives(&house, "cams", -1, 13).await;
    let opened = room(&house, "daily").await;
    let guidance = &opened["room"]["material"]["guidance"];
    let own = guidance[0]["state"].as_str().unwrap().to_string();
    let expected = [
        ("qingkong", own.as_str()),
        ("camx", "partial"),
        ("cmaq", "present"),
        ("naqpms", "late"),
        ("wrf-chem", "missing"),
    ];
    let expected: Vec<_> = expected.map(|(id, state)| (id.to_string(), state.to_string())).to_vec();
    assert_eq!(told(guidance, "id"), expected, "what is issued later is not known yet");
    let partial = guidance[1]["note"].as_str().unwrap();
    assert!(partial.contains("缺泰州、宿迁") && partial.contains("到第 3 日"), "{partial}");
    assert!(guidance[1]["note_en"].as_str().unwrap().contains("without Taizhou, Suqian"));
    assert_eq!(guidance[3]["issued"], json!("2018-01-12T20:00:00+08:00"));

    let chair = house.visitor("chair").await;
    let sheet = chair.get(&path(&opened, "/document?format=json")).await.text();
    assert!(sheet.contains("camx 残缺（") && sheet.contains("wrf-chem 缺席（"), "{sheet}");

    // What comes after the opening changes nothing of what the room rests on.
    arrives(&house, "camx", 10, 13).await;
    let later = chair.json(&path(&opened, "")).await;
    assert_eq!(told(&later["room"]["material"]["guidance"], "id")[1].1, "partial");
}

#[tokio::test]
async fn stored_bytes_that_cannot_be_read_are_missing_and_stop_nothing() {
    let house = people().await;
    let row = GuidanceRow {
        model: "cmaq".into(),
        run: evening() - 12,
        arrived_at: evening().end(),
        file: "x".into(),
        sha256: "00".into(),
        body: b"broken".to_vec(),
    };
    house.store().await.save_guidance(&row).await.unwrap();
    let opened = room(&house, "daily").await;
    let line = &opened["room"]["material"]["guidance"][1];
    assert_eq!(
        (&line["id"], &line["state"], &line["note"]),
        (&json!("cmaq"), &json!("missing"), &json!("资料无法读取"))
    );
}
