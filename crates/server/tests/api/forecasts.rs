//! Products, episodes, analogs, changes, verification and scorecards, over fourteen months of made-up weather.

use crate::guidance::arrives;
use crate::house::{CITIES, House, evening};
use crate::run::{weather, year};
use axum::http::StatusCode;
use serde_json::Value;
use server::{ask_backfill, ensure_run, work_due};

/// A house with the run of the evening and the daily runs of the thirty days before it.
async fn house() -> House {
    let house = year(weather).await;
    ensure_run(&house.state, evening(), &mut |_| {}).await.unwrap();
    ask_backfill(&house.state).await.unwrap();
    assert_eq!(work_due(&house.state).await.unwrap(), 1, "one job for all thirty");
    ask_backfill(&house.state).await.unwrap();
    assert_eq!(work_due(&house.state).await.unwrap(), 0, "nothing is missing any more");
    house
}

#[tokio::test]
async fn the_forecast_pages_tell_what_the_runs_say_and_how_good_they_were() {
    let house = house().await;
    products(&house).await;
    another_hour(&house).await;
    episodes_analogs_and_changes(&house).await;
    verification(&house).await;
    scorecards_and_models(&house).await;
    rights(&house).await;
}

async fn products(house: &House) {
    let told = house.json("/api/v1/forecasts").await;
    assert_eq!((told["issue_time"].as_str(), list(&told["days"]).len()), (Some("2018-01-13T20:00:00+08:00"), 7));
    assert_eq!((list(&told["issues"]).len(), told["issues"][30].as_str()), (31, Some("2017-12-14T20:00:00+08:00")));
    let codes: Vec<&str> = list(&told["cities"]).iter().map(|city| city["code"].as_str().unwrap()).collect();
    assert_eq!(codes, CITIES);
    for day in list(&told["cities"]).iter().flat_map(|city| list(&city["days"])) {
        let rising =
            |of: &Value, names: &[&str]| names.iter().map(|name| number(&of[*name])).is_sorted_by(|a, b| a <= b);
        assert!(rising(&day["aqi"], &["q05", "q25", "q50", "q75", "q95"]), "{day}");
        assert!(rising(&day["aqi"], &["lo", "q50", "hi"]), "{day}");
        assert!(rising(day, &["p_aqi300", "p_aqi200", "p_aqi150", "p_aqi100"]), "{day}");
        assert_eq!(day["pollutants"].as_object().unwrap().len(), 6);
        assert!(rising(&day["pollutants"]["O3_8h"], &["q05", "q25", "q50", "q75", "q95"]), "{day}");
        assert!(list(&day["levels"]).len() <= 2 && day["level"].is_u64());
    }
    let event = &told["cities"][0]["event48"];
    assert!((0.0..=1.0).contains(&number(&event["calibrated"])), "{event}");
    let csv = house.get("/api/v1/forecasts?format=csv").await.text();
    assert_eq!(csv.lines().count(), 1 + 13 * 7);
    assert!(csv.lines().next().unwrap().contains("CO mean (mg/m³)"));
    let xlsx = house.get("/api/v1/forecasts?format=xlsx").await;
    assert!(xlsx.bytes.starts_with(b"PK"));
}

/// The daily run stays the one shown; a run of another hour is made when it is asked for.
async fn another_hour(house: &House) {
    let address = "/api/v1/forecasts?issue=2018-01-13T08:00:00%2B08:00";
    let pending = house.get(address).await;
    assert_eq!(
        (pending.status, pending.json()["issue_time"].as_str()),
        (StatusCode::ACCEPTED, Some("2018-01-13T08:00:00+08:00"))
    );
    ensure_run(&house.state, evening() - 12, &mut |_| {}).await.unwrap();
    let told = house.json(address).await;
    assert_eq!((told["days"][0].as_str(), list(&told["issues"]).len()), (Some("2018-01-14"), 32));
    let model = told["model"]["id"].as_str().unwrap();
    assert!(model.contains("/08/"), "{model} is of another hour");
    assert_eq!(house.json("/api/v1/forecasts").await["issue_time"], "2018-01-13T20:00:00+08:00");
    let ahead = house.get("/api/v1/forecasts?issue=2018-01-13T21:00:00%2B08:00").await;
    assert_eq!((ahead.status, ahead.code().as_str()), (StatusCode::BAD_REQUEST, "A-101"));
    let changes = house.json("/api/v1/forecasts/changes?issue=2018-01-13T08:00:00%2B08:00").await;
    assert_eq!(changes["previous_issue"], "2018-01-12T20:00:00+08:00");
}

async fn episodes_analogs_and_changes(house: &House) {
    let told = house.json("/api/v1/episodes?definition=pm25-75").await;
    assert_eq!((told["definition"]["bound"].as_u64(), list(&told["forecast"]).len()), (Some(75), 14));
    let seen = list(&told["observed"]);
    assert!(seen.iter().any(|one| one["scope"] == "city"), "the waves are above 75 for days");
    assert!(seen.iter().all(|one| one["onset"].as_str() < Some("2018-01-13") && number(&one["peak_value"]) > 75.0));
    assert!(list(&told["forecast"]).iter().all(|one| (0.0..=1.0).contains(&number(&one["probability"]))));
    assert_eq!(house.get("/api/v1/episodes?definition=x").await.code(), "A-101");

    let told = house.json("/api/v1/analogs?count=3").await;
    let items = list(&told["items"]);
    assert!((1..=3).contains(&items.len()), "the winter before is short");
    for item in items {
        assert!(item["date"].as_str() <= Some("2018-01-03"), "{} is too near", item["date"]);
        assert_eq!((list(&item["days_after"]).len(), list(&item["after"]["320100"]).len()), (7, 7));
        assert!(item["text"].as_str().unwrap().contains("无记录") && list(&item["notes"]).is_empty());
    }
    assert_eq!(told["mean_after"].as_object().unwrap().len(), 13);
    assert_eq!(house.get("/api/v1/analogs?count=0").await.code(), "A-101");

    let told = house.json("/api/v1/forecasts/changes").await;
    assert_eq!(told["previous_issue"], "2018-01-12T20:00:00+08:00");
    assert!(told["text"].as_str().unwrap().contains("1 月 12 日 20 时"));
    for change in list(&told["changes"]) {
        assert!(change["from"] != change["to"] && change["name"].is_string(), "{change}");
    }
    assert!(list(&told["guidance"]).is_empty(), "no model ever sent anything");
    arrives(house, "cmaq", 12, 13).await;
    arrives(house, "camx", 30, 13).await;
    let told = house.json("/api/v1/forecasts/changes").await;
    let news = |place: usize| {
        let one = &told["guidance"][place];
        (one["model"].as_str(), one["state"].as_str(), one["new"].as_bool())
    };
    assert_eq!(
        [news(0), news(1)],
        [(Some("camx"), Some("late"), Some(false)), (Some("cmaq"), Some("present"), Some(true))]
    );
}

async fn verification(house: &House) {
    let told = house.json("/api/v1/verification").await;
    assert_eq!((told["from"].as_str(), told["to"].as_str()), (Some("2017-12-14"), Some("2018-01-12")), "what is over");
    let groups = list(&told["groups"]);
    assert_eq!(
        groups.iter().map(|group| group["key"].as_str().unwrap()).collect::<Vec<_>>(),
        ["1", "2", "3", "4", "5", "6", "7"]
    );
    // The runs of 14 December to 11 January speak of a first day that is over.
    assert_eq!((groups[0]["cases"].as_u64(), groups[6]["cases"].as_u64()), (Some(29 * 13), Some(23 * 13)));
    for group in groups {
        let pit: f64 = list(&group["pit"]).iter().map(number).sum();
        assert!((pit - 1.0).abs() < 0.01, "{group}");
        assert!(number(&group["crps"]) > 0.0 && group["crps_climatology"].is_number());
        assert!(number(&group["coverage50"]) <= number(&group["coverage90"]));
        assert_eq!((group["aqi"]["cases"].as_u64(), list(&group["events"]).len()), (group["cases"].as_u64(), 2));
        let hits = ["range_hit", "over", "under"].map(|name| number(&group["aqi"][name]));
        assert!((hits.iter().sum::<f64>() - 1.0).abs() < 0.01, "within, below or above: {hits:?}");
    }
    assert!(told["joint"]["energy"].is_number() && told["joint"]["complete_runs"].as_u64() == Some(23));
    let watches = list(&told["coverage"]);
    assert_eq!(
        (watches.len(), watches[0]["days"].as_u64(), watches[6]["until"].as_str()),
        (7, Some(29), Some("2018-01-12"))
    );
    assert!(watches.iter().all(|watch| number(&watch["nominal"]) == 0.9 && watch["state"] != "short"), "{watches:?}");
    let joint = &told["joint"];
    assert_eq!(joint["event48"]["cases"], joint["event48_calibrated"]["cases"], "the same pairs of days");
    let one = house.json("/api/v1/verification?by=city&pollutant=CO&lead=2&from=2018-01-01").await;
    assert_eq!((one["unit"].as_str(), list(&one["groups"]).len()), (Some("mg/m³"), 13));
    assert_eq!((one["groups"][0]["name"].as_str(), one["groups"][0]["cases"].as_u64()), (Some("南京"), Some(12)));
    let bids = house.json("/api/v1/verification?of=bids").await;
    assert_eq!((bids["state"].as_str(), list(&bids["groups"]).len()), (Some("none yet"), 0));
    assert!(list(&bids["coverage"]).is_empty(), "people give no interval");
    assert_eq!(house.get("/api/v1/verification?by=week").await.code(), "A-101");
    assert_eq!(house.get("/api/v1/verification?from=2018-01-13").await.code(), "A-203");
    assert!(house.get("/api/v1/verification?format=csv").await.text().starts_with("group,name,cases,crps"));
}

async fn scorecards_and_models(house: &House) {
    let told = house.json("/api/v1/scorecards?month=2018-01").await;
    let rows = list(&told["rows"]);
    assert_eq!((rows.len(), rows[0]["city"].as_str(), rows[0]["kind"].as_str()), (14, None, Some("model")));
    assert_eq!(rows[0]["rank"].as_u64(), Some(1), "alone");
    assert_eq!(house.get("/api/v1/scorecards?month=2018-02").await.code(), "A-101");

    let told = house.json("/api/v1/forecasts/models").await;
    let labels: Vec<u64> = list(&told["items"]).iter().map(|model| number(&model["issue_label"]) as u64).collect();
    assert_eq!(labels.len(), 3, "of December and January, and of eight in the morning");
    let used: Vec<&Value> = list(&told["items"]).iter().filter(|model| model["in_use"] == true).collect();
    assert_eq!((used.len(), used[0]["trained_until"].as_str()), (1, Some("2018-01-01T01:00:00+08:00")));
    assert!(list(&used[0]["scores"]).iter().all(|score| score["crps"].is_number()));
    for tried in list(&used[0]["pair_calibration"]) {
        let better = number(&tried["brier_calibrated"]) <= number(&tried["brier"]);
        assert!(tried["used"] == false || better, "{tried}");
    }
    assert_eq!(house.json("/api/v1/forecasts/models").await, told, "kept as it was told");
    let leads = list(&told["recent"]["leads"]);
    assert_eq!((leads.len(), leads[0]["model"]["cases"].as_u64()), (7, Some(29 * 13)));
    assert!(leads.iter().all(|lead| lead["persistence"]["mae_aqi"].is_number()));
}

async fn rights(house: &House) {
    let plant = house.visitor("enterprise").await;
    for path in
        ["forecasts", "forecasts/models", "forecasts/changes", "episodes", "analogs", "verification", "scorecards"]
    {
        assert_eq!(plant.get(&format!("/api/v1/{path}")).await.code(), "A-306", "{path}");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
