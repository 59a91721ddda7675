//! A forecast run from training to the page, over fourteen months of made-up weather.

use crate::house::{House, evening, options};
use server::{Progress, ensure_run};
use units::{BeijingHour, Pollutant};

/// Slow waves that pass over the cities one after the other, a daily wave, and noise that repeats exactly.
pub fn weather(place: usize, pollutant: Pollutant, at: BeijingHour) -> Option<i64> {
    let hour = at.index() - 3 * place as i64;
    let wave = |period: f64| (hour as f64 / period * std::f64::consts::TAU).sin();
    let noise = (hour / 7 + 31 * pollutant.index() as i64).wrapping_mul(2_654_435_761).rem_euclid(1000) as f64 / 1000.0;
    let level = 60.0 + 25.0 * wave(24.0 * 9.3) + 15.0 * wave(24.0 * 23.7) + 8.0 * wave(24.0) + 20.0 * noise;
    Some((level * if pollutant == Pollutant::Pm25 { 1.0 } else { 0.8 }) as i64 + 5)
}

pub async fn year(value: impl Fn(usize, Pollutant, BeijingHour) -> Option<i64>) -> House {
    House::with(evening() - 400 * 24, evening() + 48, evening(), value).await
}

#[tokio::test]
async fn a_run_is_made_once_shown_everywhere_and_read_back_after_a_restart() {
    let house = year(weather).await;
    let mut steps = Vec::new();
    let issued = ensure_run(&house.state, evening(), &mut |step| steps.push(step)).await.unwrap();
    assert!(matches!(steps[..], [Progress::Loading, Progress::Training { .. }, Progress::Issuing]), "{steps:?}");
    assert_eq!(issued.run.trained_until.day(), "2018-01-01".parse().unwrap(), "nothing of the month of the issue");

    let status = house.json("/api/v1/status").await;
    assert_eq!(
        (status["run"]["state"].as_str(), status["run"]["model"].as_str()),
        (Some("ready"), Some(issued.run.model_id.as_str()))
    );
    let told = house.json("/api/v1/cities/320300/forecast").await;
    assert_eq!((told["hours"].as_array().unwrap().len(), told["days"].as_array().unwrap().len()), (172, 7));
    assert_eq!((told["members"].as_u64(), told["sample"].as_array().unwrap().len()), (Some(20), 20));
    assert_eq!(told["observed"]["hours"].as_array().unwrap().last().unwrap(), "2018-01-13T20:00:00+08:00");
    let band = |name: &str| told["aqi24"][name][30].as_u64().unwrap();
    assert!(band("q05") <= band("q50") && band("q50") <= band("q95"));
    let situation = house.json("/api/v1/situation").await;
    assert!(situation["areas"][2]["aqi"][60].is_u64() && situation["areas"][2]["q25"][60].is_number());
    assert_eq!(situation["areas"][2]["values"]["O3"][60], serde_json::Value::Null, "only PM2.5 is forecast");
    assert!(situation["kpi"]["p_heavy_72h"]["p"].is_number());
    let plant = house.visitor("enterprise").await;
    let seen = plant.json("/api/v1/situation").await;
    assert!(seen["areas"][2]["aqi"][48].is_u64(), "what is observed it sees");
    assert!(seen["areas"][2]["aqi"].as_array().unwrap()[49..].iter().all(serde_json::Value::is_null));
    assert!(seen["areas"][2]["q25"].as_array().unwrap().iter().all(serde_json::Value::is_null));
    assert_eq!(plant.get("/api/v1/situation/rank?at=2018-01-15T08:00:00%2B08:00").await.code(), "A-306");
    let proposal = house.json("/api/v1/warnings/proposal?plan=national-2024").await;
    assert_eq!(
        (proposal["cities"].as_array().unwrap().len(), proposal["cities"][2]["name"].as_str()),
        (13, Some("徐州"))
    );
    assert!(house.get("/api/v1/cities/320300/forecast?format=csv").await.text().contains("2018-01-14"));
    let rank = house.json("/api/v1/situation/rank?at=2018-01-15T08:00:00%2B08:00").await;
    assert!(rank["rows"][0]["aqi"].is_u64());

    let later = house.reopened(options(evening(), &house.folder)).await;
    let again = ensure_run(&later, evening(), &mut |step| panic!("{step:?} on a stored run")).await.unwrap();
    assert_eq!(again.run, issued.run);
    let mut next = Vec::new();
    ensure_run(&later, evening() + 24, &mut |step| next.push(step)).await.unwrap();
    assert_eq!(next, [Progress::Issuing], "the month's model is used again");
}

#[tokio::test]
async fn a_run_does_not_know_what_came_after_its_issue() {
    let house = year(weather).await;
    let other = |place, pollutant, at| if at >= evening() { Some(700) } else { weather(place, pollutant, at) };
    let other = year(other).await;
    let mut runs = Vec::new();
    for house in [&house, &other] {
        runs.push(ensure_run(&house.state, evening(), &mut |_| {}).await.unwrap());
    }
    assert_eq!(runs[0].run, runs[1].run);
    house.put_clock(r#"{"as_of":"2018-01-14T10:00:00+08:00"}"#).await;
    let told = house.json("/api/v1/cities/320300/forecast").await;
    assert_eq!(told["issue_time"], "2018-01-13T20:00:00+08:00");
    assert_eq!(told["observed"]["hours"].as_array().unwrap().last().unwrap(), "2018-01-14T10:00:00+08:00");
}
