//! Nothing that lies after the hour shown leaks.

use crate::house::{House, evening};
use serde_json::Value;
use units::Pollutant;

#[tokio::test]
async fn nothing_observed_after_the_hour_shown_is_told_by_any_answer() {
    let value = |_, pollutant, at| match pollutant {
        Pollutant::Pm25 if at > evening() => Some(777),
        _ => Some(20),
    };
    let house = House::with(evening() - 240, evening() + 48, evening(), value).await;
    let ahead = "2018-01-15T08:00:00%2B08:00";
    let paths = [
        "situation".to_string(),
        "situation/rank".into(),
        format!("situation/rank?at={ahead}"),
        "cities".into(),
        "cities/320300".into(),
        format!("cities/320300?to={ahead}"),
        format!("cities/320300?to={ahead}&format=csv"),
        format!("quality?to={ahead}"),
        format!("sites?at={ahead}"),
        "status".into(),
    ];
    for path in &paths {
        let answer = house.get(&format!("/api/v1/{path}")).await;
        assert!(!tells(&answer.text()), "{path}: {}", answer.text());
        assert!(
            !answer.text().contains("\"latest_hour\":\"2018-01-14")
                && !answer.text().contains("\"latest_hour\":\"2018-01-15")
        );
    }
    let rank = house.json(&format!("/api/v1/situation/rank?at={ahead}")).await;
    assert_eq!((rank["rows"].as_array().unwrap().len(), &rank["rows"][0]["aqi"]), (13, &Value::Null));
    house.put_clock(r#"{"as_of":"2018-01-15T20:00:00+08:00"}"#).await;
    for path in ["situation", "situation/rank", "cities/320300", &format!("cities/320300?to={ahead}&format=csv")] {
        assert!(tells(&house.get(&format!("/api/v1/{path}")).await.text()), "once it is past, {path} tells it");
    }
}

fn tells(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').any(|word| word == "777")
}
