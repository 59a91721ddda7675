//! What every address answers, over a small made-up record.

use crate::house::{House, evening};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn the_situation_spans_seven_days_around_the_hour_shown() {
    let house = House::plain().await;
    let told = house.json("/api/v1/situation").await;
    assert_eq!((told["hours"].as_array().unwrap().len(), told["as_of_index"].as_u64()), (169, Some(48)));
    assert_eq!(told["hours"][48], "2018-01-13T20:00:00+08:00");
    assert_eq!(told["stamp"]["standard"], "HJ 633-2012");
    let nanjing = &told["areas"][0];
    assert_eq!((nanjing["code"].as_str(), nanjing["in_province"].as_bool()), (Some("320100"), Some(true)));
    // PM2.5 of 40 is IAQI 57 (35 -> 50, 75 -> 100), rounded up.
    assert_eq!((nanjing["aqi"][48].as_u64(), nanjing["primary"][48].as_str()), (Some(57), Some("PM2_5")));
    assert_eq!(nanjing["values"]["PM2_5"][48], 40);
    let levels = nanjing["levels"].as_str().unwrap();
    assert_eq!((levels.len(), &levels[..49], &levels[49..50]), (169, "2".repeat(49).as_str(), "-"));
    assert_eq!(told["kpi"]["worst"]["code"], "321300");
    assert_eq!(told["kpi"]["completeness_24h"], serde_json::json!({"arrived": 1872, "due": 1872}));
    assert_eq!(told["kpi"]["month_to_date"]["to"], "2018-01-12");
    assert_eq!(told["kpi"]["pm25_mean_now"], 46);
    // Mean of the indices of 40 to 52: 57, 58, 59, 60, 62, ... rounded up.
    assert_eq!(told["province"]["aqi"][48], 65);
    assert_eq!((told["rank"][0]["code"].as_str(), told["rank"].as_array().unwrap().len()), (Some("320100"), 13));
}

#[tokio::test]
async fn a_city_tells_hours_days_limits_and_completeness() {
    let house = House::plain().await;
    let told =
        house.json("/api/v1/cities/320300?from=2018-01-11T20:00:00%2B08:00&to=2018-01-13T19:00:00%2B08:00").await;
    assert_eq!(told["hours"].as_array().unwrap().len(), 48);
    assert_eq!(told["values"]["PM2_5"][0], 42);
    assert_eq!((told["limits"]["PM2_5"].as_i64(), told["limits_standard"].as_str()), (Some(75), Some("GB 3095-2012")));
    let days: Vec<&str> = told["days"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect();
    assert_eq!(days, ["2018-01-11", "2018-01-12"], "the 13th is not over");
    assert_eq!(
        (told["days"][0]["aqi"].as_u64(), told["days"][0]["valid_hours"]["PM2_5"].as_u64()),
        (Some(59), Some(24))
    );
    assert_eq!(told["completeness"]["O3"], 1);
}

#[tokio::test]
async fn every_list_answers_in_its_contracted_shape() {
    let house = House::plain().await;
    let status = house.json("/api/v1/status").await;
    assert_eq!(status["clock"]["mode"], "replay");
    assert_eq!((status["data"]["age_minutes"].as_i64(), status["demo"].as_bool()), (Some(0), Some(true)));
    let cities = house.json("/api/v1/cities").await;
    assert_eq!(
        (cities["rows"].as_array().unwrap().len(), cities["rows"][0]["latest"]["category"].as_str()),
        (13, Some("良"))
    );
    let sites = house.json("/api/v1/sites").await;
    assert_eq!((sites["rows"].as_array().unwrap().len(), &sites["nearest_hour"]), (0, &Value::Null));
    let quality = house.json("/api/v1/quality").await;
    assert_eq!(quality["matrix"].as_array().unwrap().len(), 78);
    assert_eq!(
        (quality["feeds"][0]["state"].as_str(), quality["feeds"][0]["series"].as_u64()),
        (Some("fresh"), Some(78))
    );
    assert_eq!(quality["outages"].as_array().unwrap().len(), 0);
    let imports = house.json("/api/v1/imports").await;
    assert_eq!(imports["rows"][0]["refusals"][0]["line"], 7);
    let standards = house.json("/api/v1/standards?day=2026-06-01").await;
    assert_eq!(keys(&standards), ["aqi", "categories", "day", "evaluation", "limits"]);
    let plans = house.json("/api/v1/plans").await;
    assert_eq!(plans["rows"].as_array().unwrap().len(), 3);
    assert_eq!(house.json("/healthz").await, serde_json::json!({"status": "ok"}));
    for name in ["jiangsu", "neighbours"] {
        assert_eq!(house.json(&format!("/api/v1/geo/{name}")).await["type"], "Topology");
    }
}

#[tokio::test]
async fn a_department_puts_its_own_boundaries_in_place() {
    let house = House::plain().await;
    std::fs::create_dir(house.folder.path().join("geo")).unwrap();
    std::fs::write(house.folder.path().join("geo/jiangsu.topo.json"), r#"{"type":"Topology","own":true}"#).unwrap();
    assert_eq!(house.json("/api/v1/geo/jiangsu").await["own"], true);
    assert!(house.json("/api/v1/geo/neighbours").await.get("own").is_none());
}

#[tokio::test]
async fn lists_leave_as_csv_and_as_spreadsheets_marked_as_demonstration() {
    let house = House::plain().await;
    for path in ["situation/rank", "cities", "cities/320300", "sites", "quality", "imports"] {
        let csv = house.get(&format!("/api/v1/{path}?format=csv")).await;
        assert!(csv.header(header::CONTENT_TYPE).starts_with("text/csv"), "{path}");
        assert!(csv.header(header::CONTENT_DISPOSITION).contains("-demo.csv"), "{path}");
        assert!(csv.text().lines().next().unwrap().ends_with("data_time,source,standard,review_state,demo"), "{path}");
        let sheet = house.get(&format!("/api/v1/{path}?format=xlsx")).await;
        assert!(
            sheet.bytes.starts_with(b"PK") && sheet.header(header::CONTENT_DISPOSITION).contains(".xlsx"),
            "{path}"
        );
    }
    let rank =
        house.send(Request::get("/api/v1/situation/rank").header(header::ACCEPT, "text/csv"), Body::empty()).await;
    let lines: Vec<String> = rank.text().lines().map(String::from).collect();
    assert_eq!(
        (lines.len(), lines[1].starts_with("1,320100,南京,57,2,良,PM2_5,40,2018-01-13T20:00:00+08:00,")),
        (14, true),
        "{}",
        lines[1]
    );
}

#[tokio::test]
async fn without_enough_history_the_run_fails_and_says_why() {
    let house = House::plain().await;
    let refused = server::ensure_run(&house.state, evening(), &mut |_| {}).await.unwrap_err();
    assert!(refused.to_string().starts_with("F-102"), "{refused}");
    let status = house.json("/api/v1/status").await;
    assert_eq!(status["run"]["state"], "failed");
    assert!(status["run"]["detail"].as_str().unwrap().contains("too little history"));
    let forecast = house.get("/api/v1/cities/320300/forecast").await;
    assert_eq!((forecast.status.as_u16(), forecast.json()["code"].as_str()), (404, Some("F-404")));
}

/// The number 777 stands in the record from one hour after the moment shown.
#[tokio::test]
async fn an_empty_house_answers_without_figures() {
    let house = House::with(evening(), evening(), evening(), |_, _, _| None).await;
    let told = house.json("/api/v1/situation").await;
    assert_eq!((&told["stamp"]["data_time"], &told["kpi"]["worst"]), (&Value::Null, &Value::Null));
    assert_eq!(told["areas"].as_array().unwrap().len(), 13);
    assert_eq!(house.json("/api/v1/status").await["clock"]["min"], Value::Null);
    assert_eq!(house.json("/api/v1/quality").await["feeds"].as_array().unwrap().len(), 0);
}
