//! What an attacker tries, one test a way.

use crate::house::{Answer, House, Keys, fresh_key, people, refused, said};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::DEMO_PASSWORD;
use std::cell::RefCell;
use std::io::Write;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use units::Instant;

fn json_post(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/json")
}

async fn with_token(house: &House, value: &str) -> Answer {
    let request = Request::get("/api/v1/standards").header(header::AUTHORIZATION, value);
    house.send_bare(request, Body::empty()).await
}

#[tokio::test]
async fn forged_tokens_and_cookies_open_nothing() {
    let house = people().await;
    for value in [
        "Bearer ",
        "Bearer qk_",
        &format!("Bearer qk_{}", "A".repeat(43)),
        "Basic bGVhZGVyOngK",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "bearer x",
        "Bearer ' OR '1'='1",
    ] {
        assert_eq!(said(&with_token(&house, value).await), refused("A-301", 401), "{value}");
    }
    for session in ["", "x", "' OR 1=1 --", &"A".repeat(43), &"A".repeat(6000)] {
        let keys = Keys { session: session.to_string(), csrf: String::new() };
        assert_eq!(said(&house.with_keys(keys).get("/api/v1/session").await), refused("A-301", 401));
    }
    // The id that the store keeps is no cookie: who reads the database cannot log in by it.
    let nanjing = house.visitor("nanjing").await;
    let id = nanjing.json("/api/v1/sessions").await["items"][0]["id"].as_str().unwrap().to_string();
    let keys = Keys { session: id, csrf: nanjing.keys.csrf.clone() };
    assert_eq!(said(&house.with_keys(keys).get("/api/v1/session").await), refused("A-301", 401));
}

#[tokio::test]
async fn an_expired_token_opens_nothing() {
    let house = people().await;
    let now = Instant::from_utc(chrono::Utc::now());
    let past = |seconds| Instant::from_utc(now.to_utc() - chrono::TimeDelta::seconds(seconds));
    for (expires, status) in [(past(-60), 200), (past(1), 401)] {
        let secret = format!("qk_{}{status}", "B".repeat(40));
        let token = store::Token {
            id: fresh_key(),
            hash: hex::encode(<sha2::Sha256 as sha2::Digest>::digest(secret.as_bytes())),
            account: "forecaster".parse().unwrap(),
            name: "alt".into(),
            rights: vec!["standards.read".into()],
            created_at: past(90),
            expires_at: expires,
            last_used_at: None,
            revoked_at: None,
        };
        house.store().await.add_token(&token).await.unwrap();
        assert_eq!(with_token(&house, &format!("Bearer {secret}")).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn a_session_id_planted_before_the_login_is_never_taken_over() {
    let house = people().await;
    let planted = "C".repeat(43);
    let body = || Body::from(json!({"login": "nanjing", "password": DEMO_PASSWORD}).to_string());
    let request = json_post("/api/v1/session").header(header::COOKIE, format!("qk_session={planted}"));
    let answer = house.send_bare(request, body()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_ne!(answer.keys().session, planted);
    let attacker = Keys { session: planted, csrf: String::new() };
    assert_eq!(said(&house.with_keys(attacker).get("/api/v1/session").await), refused("A-301", 401));
    // The attacker's own valid session, planted, is ended rather than handed over.
    let xuzhou = house.visitor("xuzhou").await;
    let request = json_post("/api/v1/session").header(header::COOKIE, format!("qk_session={}", xuzhou.keys.session));
    assert_ne!(house.send_bare(request, body()).await.keys().session, xuzhou.keys.session);
    assert_eq!(said(&xuzhou.get("/api/v1/session").await), refused("A-301", 401));
}

#[tokio::test]
async fn guessing_passwords_locks_known_and_unknown_logins_alike() {
    let house = people().await;
    let mut answers = Vec::new();
    for login in ["nanjing", "no-such-login"] {
        let mut codes = Vec::new();
        for guess in 0..6 {
            let answer = house.log_in(&json!({"login": login, "password": format!("Guess-number-{guess}")})).await;
            codes.push(said(&answer));
        }
        answers.push(codes);
    }
    assert_eq!(answers[0], answers[1], "nothing tells which login exists");
    assert_eq!(answers[0][4], refused("A-302", 401));
    assert_eq!(answers[0][5], refused("A-304", 423));
    let right = house.log_in(&json!({"login": "nanjing", "password": DEMO_PASSWORD})).await;
    assert_eq!(said(&right), refused("A-304", 423), "the right password does not tell either");
    assert_eq!(house.log_in(&json!({"login": "xuzhou", "password": DEMO_PASSWORD})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_address_cannot_try_many_logins_quickly() {
    let house = people().await;
    let attempt = |n: u32, address: [u8; 4]| {
        let request = json_post("/api/v1/session").extension(ConnectInfo(SocketAddr::from((address, 1))));
        let body = Body::from(json!({"login": format!("guess{n}"), "password": "x"}).to_string());
        house.send_bare(request, body)
    };
    let mut limited = None;
    for n in 0..120 {
        let answer = attempt(n, [203, 0, 113, 9]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            limited = Some(answer);
            break;
        }
        assert_eq!(said(&answer), refused("A-302", 401));
    }
    let limited = limited.expect("an end to it");
    assert_eq!(limited.code(), "A-305");
    assert!(limited.header(header::RETRY_AFTER).parse::<u64>().unwrap() >= 1);
    assert_eq!(said(&attempt(500, [203, 0, 113, 10]).await), refused("A-302", 401), "another address may still try");
}

#[tokio::test]
async fn a_change_without_the_sessions_own_value_is_refused() {
    let house = people().await;
    let forecaster = house.visitor("forecaster").await;
    let other = house.visitor("duty").await;
    let clock = json!({"as_of": "2018-01-12T20:00:00+08:00"});
    for csrf in [String::new(), "x".repeat(43), other.keys.csrf.clone()] {
        let keys = Keys { session: forecaster.keys.session.clone(), csrf };
        let answer = house.with_keys(keys).call(Method::PUT, "/api/v1/clock", Some(clock.clone()), &[]).await;
        assert_eq!(said(&answer), refused("A-307", 403));
    }
    let mut bare = Request::put("/api/v1/clock").header(header::CONTENT_TYPE, "application/json");
    bare = bare.header(header::COOKIE, format!("qk_session={}", forecaster.keys.session));
    assert_eq!(said(&house.send_bare(bare, Body::from(clock.to_string())).await), refused("A-307", 403));
    assert_eq!(house.state.as_of(), crate::house::evening());
}

#[tokio::test]
async fn a_change_from_another_sites_page_is_refused_even_at_the_login() {
    let house = people().await;
    let login = json!({"login": "nanjing", "password": DEMO_PASSWORD}).to_string();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let answer = house.send_bare(json_post("/api/v1/session").header(name, value), Body::from(login.clone())).await;
        assert_eq!(said(&answer), refused("A-307", 403), "{name}: {value}");
        let forecaster = house.visitor("forecaster").await;
        let clock = json!({"as_of": "2018-01-12T20:00:00+08:00"});
        let answer = forecaster.call(Method::PUT, "/api/v1/clock", Some(clock), &[(name, value)]).await;
        assert_eq!(said(&answer), refused("A-307", 403), "{name}: {value}");
    }
    // A form of another site can send this without asking the browser first.
    let form = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "text/plain");
    assert_eq!(said(&house.send_bare(form, Body::from(login)).await), refused("A-103", 415));
}

fn task(title: &str) -> Value {
    json!({"title": title, "text": "", "assigned": []})
}

#[tokio::test]
async fn a_change_decided_on_an_older_version_is_refused() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let made = chair.post("/api/v1/matters", task("会商")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let (id, version) = (made.json()["id"].as_str().unwrap().to_string(), made.json()["version"].as_u64().unwrap());
    assert_eq!(made.header(header::ETAG), format!("\"{version}\""));
    let path = format!("/api/v1/matters/{id}/comment");
    let first = chair.post_on(&path, version, json!({"text": "一"})).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let stale = chair.post_on(&path, version, json!({"text": "二"})).await;
    assert_eq!((said(&stale), stale.json()["kept"].as_str()), (refused("E-409", 412), Some("draft")));
    assert_eq!(said(&chair.post(&path, json!({"text": "三"})).await), refused("A-312", 428));
    assert_eq!(chair.json(&format!("/api/v1/matters/{id}")).await["version"], version + 1);
}

#[tokio::test]
async fn a_replayed_key_makes_one_thing_and_with_another_body_none() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let send = |body: Value| chair.call(Method::POST, "/api/v1/matters", Some(body), &[("idempotency-key", "once")]);
    let (first, again) = (send(task("会商")).await, send(task("会商")).await);
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.text());
    assert_eq!(first.json()["id"], again.json()["id"]);
    let other = send(task("另一件")).await;
    assert_eq!(said(&other), refused("E-422", 422));
    assert_eq!(chair.json("/api/v1/matters").await["total"], 1);
    let bare = chair.call(Method::POST, "/api/v1/matters", Some(task("无键")), &[]).await;
    assert_eq!(said(&bare), refused("A-311", 400));
}

#[tokio::test]
async fn ten_megabytes_of_json_are_refused_before_and_after_the_login() {
    let house = people().await;
    let large = format!("{{\"login\":\"{}\",\"password\":\"\"}}", "a".repeat(10_000_000));
    let answer = house.send_bare(json_post("/api/v1/session"), Body::from(large.clone())).await;
    assert_eq!(said(&answer), refused("A-106", 413));
    let mut request = json_post("/api/v1/matters").header("idempotency-key", fresh_key());
    house.visitor("chair").await.keys.put(request.headers_mut().unwrap());
    assert_eq!(said(&house.send_bare(request, Body::from(large)).await), refused("A-106", 413));
}

#[tokio::test]
async fn deeply_nested_json_is_a_problem_and_no_crash() {
    let house = people().await;
    for body in
        ["[".repeat(30_000), format!("{{\"login\":{}", "{\"a\":".repeat(9_000)), "[".repeat(127) + &"]".repeat(127)]
    {
        let answer = house.send_bare(json_post("/api/v1/session"), Body::from(body)).await;
        assert_eq!(said(&answer), refused("A-102", 422));
    }
    assert_eq!(house.visitor("nanjing").await.get("/api/v1/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn line_ends_in_names_and_values_split_no_header() {
    let house = people().await;
    let split = "%0d%0aX-Evil:%201%0d%0a%0d%0a%3Cscript%3E";
    for path in [
        format!("/api/v1/cities/{split}?format=csv"),
        format!("/api/v1/geo/{split}"),
        format!("/api/v1/cities?format={split}"),
        format!("/api/v1/oidc/callback?error={split}&state={split}"),
        format!("/{split}"),
    ] {
        let answer = house.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}");
        assert!(!answer.headers.contains_key("x-evil"), "{path}");
        for value in answer.headers.values() {
            assert!(!value.as_bytes().contains(&b'\n') && !value.as_bytes().contains(&b'\r'), "{path}: {value:?}");
        }
    }
}

#[tokio::test]
async fn a_request_split_on_the_wire_is_refused_or_stays_one_request() {
    let house = people().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving =
        tokio::spawn(server::serve(listener, house.state.clone(), async move { stopped.await.unwrap_or(()) }));
    for head in [
        format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nX-A: b\rX-Evil: 1\r\nConnection: close\r\n\r\n"),
        format!(
            "GET /healthz HTTP/1.1\r\nHost: {address}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /api/v1/session HTTP/1.1\r\n\r\n"
        ),
        format!("GET /healthz\r\nX-Evil: 1 HTTP/1.1\r\nHost: {address}\r\n\r\n"),
    ] {
        let mut wire = TcpStream::connect(address).await.unwrap();
        wire.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        wire.read_to_string(&mut text).await.unwrap();
        assert!(text.matches("HTTP/1.1 ").count() <= 1 && !text.to_lowercase().contains("x-evil"), "{head:?}: {text}");
    }
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

thread_local! {
    /// What is logged on this thread, which is this test's own.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nobody_writes_lines_of_his_own_into_the_log() {
    let house = people().await;
    // For all threads: a subscriber of one thread misses what another thread has met first without one.
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test sets one");
    let evil = "x\r\n2026-01-01T00:00:00Z  INFO forged line\u{1b}[2J\u{202e}";
    let request = json_post("/api/v1/session").header(header::USER_AGENT, "forged\tagent");
    house.send_bare(request, Body::from(json!({"login": evil, "password": "x"}).to_string())).await;
    house.get("/api/v1/cities/x%0d%0aforged%20path").await;
    let text = String::from_utf8(LOGGED.take()).unwrap();
    assert!(text.contains("a login that no account has was refused"), "{text}");
    assert!(!text.contains('\r') && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    assert!(text.lines().all(|line| !line.starts_with("2026-01-01T00:00:00Z")), "{text}");
    assert!(!text.contains(&house.keys.session), "no cookie in the log");
}

#[tokio::test]
async fn what_is_typed_into_a_filter_never_becomes_sql() {
    let house = people().await;
    let document: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    let typed = [
        "'",
        "%27%20OR%201=1%20--",
        "%27;%20DROP%20TABLE%20account;%20--",
        "%25",
        "_",
        "%5C",
        "%22",
        "%00",
        "%F0%9F%8C%AB",
    ];
    let mut asked = 0;
    for login in ["nanjing", "sysadmin", "secadmin", "auditor"] {
        let visitor = house.visitor(login).await;
        for (path, operations) in document["paths"].as_object().unwrap() {
            if path.ends_with("/events") || path.contains("/oidc/") {
                continue;
            }
            let parameters = operations["get"]["parameters"].as_array().cloned().unwrap_or_default();
            for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().unwrap();
                for text in typed {
                    let uri = format!("{}?{name}={text}", path.replace(['{', '}'], ""));
                    let answer = visitor.get(&uri).await;
                    assert!(answer.status.as_u16() < 500, "{login} {uri}: {}", answer.text());
                    let total =
                        serde_json::from_slice::<Value>(&answer.bytes).ok().and_then(|body| body["total"].as_u64());
                    if text.contains("OR") && name == "q" {
                        assert_eq!(total.unwrap_or(0), 0, "{login} {uri} found something");
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 200, "{asked}");
    assert_eq!(house.log_in(&json!({"login": "' OR 1=1 --", "password": DEMO_PASSWORD})).await.code(), "A-302");
    assert_eq!(
        house.visitor("nanjing").await.get("/api/v1/session").await.status,
        StatusCode::OK,
        "nothing was dropped"
    );
}
