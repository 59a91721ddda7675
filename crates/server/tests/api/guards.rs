//! Refusals, the clock, caching and the headers that guard the pages.

use crate::house::{Answer, House, evening, options};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use server::{ClockMode, Options};

#[tokio::test]
async fn refusals_are_problems_with_a_code_and_two_titles() {
    let house = House::plain().await;
    let cases = [
        ("/api/v1/situation/rank?at=yesterday", 400, "A-101"),
        ("/api/v1/cities?format=pdf", 400, "A-101"),
        ("/api/v1/nothing", 404, "A-104"),
        ("/api/v1/geo/mars", 404, "A-104"),
        ("/assets/none.js", 404, "A-104"),
        ("/missing.png", 404, "A-104"),
        ("/api/v1/cities/320300?from=2018-01-13T10:00:00%2B08:00&to=2018-01-12T10:00:00%2B08:00", 422, "A-203"),
        ("/api/v1/cities/320300?from=2016-01-01T00:00:00%2B08:00", 422, "A-203"),
        ("/api/v1/situation/rank?at=2018-02-13T20:00:00%2B08:00", 422, "A-203"),
        ("/api/v1/cities/999999", 404, "A-204"),
        ("/api/v1/cities/abc/forecast", 404, "A-204"),
        ("/api/v1/warnings/proposal?plan=none", 404, "A-205"),
        ("/api/v1/standards?day=2018-02-30", 400, "A-101"),
    ];
    for (path, status, code) in cases {
        let answer = house.get(path).await;
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json", "{path}");
        let problem = answer.json();
        assert_eq!((answer.status.as_u16(), problem["code"].as_str()), (status, Some(code)), "{path}");
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_ascii() && problem["title_en"].as_str().unwrap().is_ascii());
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty() && !detail.starts_with(code)));
    }
}

#[tokio::test]
async fn a_change_must_be_json_from_a_known_host() {
    let house = House::plain().await;
    let put = || Request::put("/api/v1/clock");
    let json = |builder: axum::http::request::Builder| builder.header(header::CONTENT_TYPE, "application/json");
    let good = r#"{"as_of":"2018-01-12T20:00:00+08:00"}"#;
    let cases = [
        (house.send(put(), Body::from(good)).await, 415, "A-103"),
        (house.send(put().header(header::CONTENT_TYPE, "text/plain"), Body::from(good)).await, 415, "A-103"),
        (house.send(json(put()), Body::from("{")).await, 422, "A-102"),
        (house.send(json(put()), Body::from(r#"{"as_of":"2018-01-12T20:30:00+08:00"}"#)).await, 422, "A-102"),
        (house.send(json(put()), Body::from(" ".repeat(70_000) + good)).await, 413, "A-106"),
        (house.send(json(put()).header(header::HOST, "evil.example"), Body::from(good)).await, 421, "A-108"),
        (house.send(Request::post("/api/v1/clock"), Body::empty()).await, 405, "A-105"),
        (house.send(Request::post("/map"), Body::empty()).await, 405, "A-105"),
    ];
    for (answer, status, code) in cases {
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (status, Some(code)));
    }
    assert_eq!(house.state.as_of(), evening(), "nothing was changed");
    let known = json(put()).header(header::HOST, "air.example.gov.cn:8080");
    assert_eq!(house.send(known, Body::from(good)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_clock_is_set_within_the_data_told_to_all_and_kept() {
    let house = House::plain().await;
    let beyond = house.put_clock(r#"{"as_of":"2018-03-01T20:00:00+08:00"}"#).await;
    assert_eq!((beyond.status.as_u16(), beyond.json()["code"].as_str()), (422, Some("A-201")));
    assert_eq!(beyond.json()["kept"], "clock");
    let answer = house.put_clock(r#"{"as_of":"2018-01-14T20:00:00+08:00"}"#).await;
    assert_eq!((answer.status, answer.json()["as_of"].as_str()), (StatusCode::OK, Some("2018-01-14T20:00:00+08:00")));
    let later = house.reopened(options(evening(), &house.folder)).await;
    assert_eq!(later.as_of(), evening() + 24, "a restart goes on where it was left");
    let live = house.reopened(Options { clock: ClockMode::Live, ..Options::default() }).await;
    let house = House { state: live, ..house };
    let refused = house.put_clock(r#"{"as_of":"2018-01-14T20:00:00+08:00"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (409, Some("A-202")));
    assert_eq!(house.json("/api/v1/status").await["clock"]["mode"], "live");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let house = House::plain().await;
    for path in ["/api/v1/situation", "/api/v1/geo/jiangsu", "/api/v1/standards", "/"] {
        let first = house.get(path).await;
        let tag = first.header(header::ETAG).to_string();
        assert!(!tag.is_empty(), "{path}");
        let again = house.send(Request::get(path).header(header::IF_NONE_MATCH, &tag), Body::empty()).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        let policy = |answer: &Answer| answer.header(header::CONTENT_SECURITY_POLICY).to_string();
        assert_eq!(policy(&again), policy(&first), "{path}: a browser takes over the headers of a 304");
        let other = house.send(Request::get(path).header(header::IF_NONE_MATCH, "\"other\""), Body::empty()).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn pages_carry_the_policy_and_every_answer_the_guards() {
    let house = House::plain().await;
    for path in ["/", "/map", "/cities/320300"] {
        let page = house.get(path).await;
        assert_eq!((page.status, page.header(header::CACHE_CONTROL)), (StatusCode::OK, "no-cache"), "{path}");
        assert!(page.header(header::CONTENT_TYPE).starts_with("text/html"));
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    for path in ["/", "/api/v1/status", "/api/v1/nothing"] {
        let answer = house.get(path).await;
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    let zipped =
        house.send(Request::get("/api/v1/situation").header(header::ACCEPT_ENCODING, "gzip"), Body::empty()).await;
    assert_eq!(zipped.header(header::CONTENT_ENCODING), "gzip");
}
