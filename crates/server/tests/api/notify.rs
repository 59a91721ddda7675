use crate::house::{House, Visitor};
use crate::receivers::{Gateway, MailServer, Seen};
use axum::http::{Method, StatusCode};
use event::{Recipient, Urgency};
use notify::{SignDigest, webhook_signature};
use serde_json::{Value, json};
use std::time::Duration;
use units::Instant;

/// The demonstration's people, with a server that may reach the loopback address.
async fn house() -> House {
    House::of_people(|options| {
        options.notify.allow_private = vec!["127.0.0.0/8".into()];
        options.notify.public_url = "https://qk.example".into();
    })
    .await
}

async fn opened(admin: &Visitor<'_>, organisation: &str, settings: Value, secrets: Value) -> Value {
    let body = json!({"name": "渠道", "organisation": organisation, "settings": settings, "secrets": secrets});
    let answer = admin.post("/api/v1/channels", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

fn webhook(gateway: &Gateway) -> Value {
    json!({"kind": "webhook", "url": gateway.url()})
}

fn secret() -> Value {
    json!({"secret": "0123456789abcdef"})
}

fn mail(server: &MailServer) -> Value {
    let (host, port) = (server.address.ip().to_string(), server.address.port());
    json!({"kind": "email", "host": host, "port": port, "security": "plain", "from": "qk@example.cn"})
}

/// The organisation of an account of the demonstration.
async fn organisation(house: &House, login: &str) -> String {
    let me = house.visitor(login).await.json("/api/v1/session").await;
    me["organisation"]["id"].as_str().unwrap().to_string()
}

/// The department at the top of the tree, whose mail serves everybody below.
async fn department(house: &House) -> String {
    let me = house.visitor("sysadmin").await.json("/api/v1/session").await;
    me["organisation"]["path"].as_str().unwrap().split('/').nth(1).unwrap().to_string()
}

async fn tell(house: &House, key: &str, to: Recipient, urgency: Urgency) {
    let values = json!({"matter": "m1", "code": "RW-1", "title": key, "due": "2018-01-20"});
    house.store().await.notify(key, &to, "matter-assigned", &values, urgency, wall()).await.unwrap();
}

fn wall() -> Instant {
    Instant::from_utc(chrono::Utc::now())
}

/// One step of the sender, some seconds from now.
async fn step(house: &House, seconds: u64) -> usize {
    let clock = move || Instant::from_utc((chrono::Utc::now() + Duration::from_secs(seconds)).to_utc());
    server::send_notices(&house.state, &clock).await.unwrap()
}

async fn deliveries(admin: &Visitor<'_>, state: &str) -> Vec<Value> {
    admin.json(&format!("/api/v1/deliveries?state={state}")).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_time_and_body_and_its_receipt_is_kept() {
    let (house, gateway) = (house().await, Gateway::open(&["200 OK\r\n\r\ntaken"]).await);
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    opened(&admin, &nj, webhook(&gateway), secret()).await;
    tell(&house, "夜查", Recipient::Organisation(nj.parse().unwrap()), Urgency::Digest).await;
    assert_eq!(step(&house, 0).await, 1);
    assert_eq!(step(&house, 0).await, 0);
    let seen: Seen = gateway.seen().remove(0);
    let timestamp: i64 = seen.header("x-qingkong-timestamp").parse().unwrap();
    let signature = webhook_signature(SignDigest::Sha256, "0123456789abcdef", timestamp, &seen.body);
    assert_eq!(seen.header("x-qingkong-signature"), signature);
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    assert_eq!(body["link"], "https://qk.example/matters/m1");
    let done = deliveries(&admin, "done").await;
    assert_eq!((done[0]["receipt"].as_str(), done[0]["id"].as_str()), (Some("200 taken"), body["id"].as_str()));
}

#[tokio::test]
async fn a_gateway_that_fails_is_asked_again_under_the_same_id() {
    let house = house().await;
    let gateway = Gateway::open(&["503 Busy\r\n\r\nlater", "hang"]).await;
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    opened(&admin, &nj, webhook(&gateway), secret()).await;
    tell(&house, "a", Recipient::Organisation(nj.parse().unwrap()), Urgency::Immediate).await;
    assert_eq!(step(&house, 0).await, 1);
    assert_eq!(step(&house, 10).await, 0, "not before its time");
    assert_eq!(deliveries(&admin, "pending").await[0]["last_error"], "503 later");
    assert_eq!(step(&house, 20).await, 1);
    assert_eq!(step(&house, 100).await, 1);
    let ids: Vec<_> = gateway.seen().iter().map(|seen| seen.header("x-qingkong-delivery").to_string()).collect();
    assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(deliveries(&admin, "done").await[0]["attempts"], 3);
}

#[tokio::test]
async fn a_refusal_is_a_dead_letter_that_a_person_can_revive() {
    let house = house().await;
    let gateway = Gateway::open(&["302 Found\r\nlocation: http://127.0.0.1:9/\r\n\r\n"]).await;
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    opened(&admin, &nj, webhook(&gateway), secret()).await;
    tell(&house, "a", Recipient::Organisation(nj.parse().unwrap()), Urgency::Immediate).await;
    step(&house, 0).await;
    let dead = deliveries(&admin, "dead").await.remove(0);
    assert!(dead["last_error"].as_str().unwrap().contains("redirect"), "{dead}");
    let retry = format!("/api/v1/deliveries/{}/retry", dead["id"].as_str().unwrap());
    assert_eq!(house.visitor("nanjing").await.post(&retry, json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.post(&retry, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(step(&house, 1).await, 1);
    assert_eq!((gateway.seen().len(), deliveries(&admin, "done").await.len()), (2, 1));
    assert_eq!(admin.post(&retry, json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn too_fast_shuts_the_channel_for_as_long_as_it_was_told() {
    let house = house().await;
    let gateway = Gateway::open(&["429 Slow\r\nretry-after: 300\r\n\r\nslow"]).await;
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    opened(&admin, &nj, json!({"kind": "wecom", "url": gateway.url()}), json!({"key": "k1"})).await;
    tell(&house, "a", Recipient::Organisation(nj.parse().unwrap()), Urgency::Immediate).await;
    assert_eq!(step(&house, 0).await, 1);
    tell(&house, "b", Recipient::Organisation(nj.parse().unwrap()), Urgency::Immediate).await;
    assert_eq!(step(&house, 200).await, 0);
    assert_eq!(gateway.seen().len(), 1);
    assert_eq!(step(&house, 400).await, 2);
    assert!(gateway.seen()[2].line.starts_with("POST /in?key=k1 "), "{}", gateway.seen()[2].line);
}

#[tokio::test]
async fn a_robot_never_hears_more_than_its_burst_at_once() {
    let (house, gateway) = (house().await, Gateway::open(&[]).await);
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    opened(&admin, &nj, json!({"kind": "dingtalk", "url": gateway.url()}), json!({"access_token": "t"})).await;
    for n in 0..30 {
        tell(&house, &format!("m{n}"), Recipient::Organisation(nj.parse().unwrap()), Urgency::Immediate).await;
    }
    step(&house, 0).await;
    step(&house, 0).await;
    assert_eq!(gateway.seen().len(), 5);
}

#[tokio::test]
async fn a_mail_goes_to_the_person_and_to_nobody_else() {
    let (house, server) = (house().await, MailServer::open(&["451 greylisted", "250 ok"]).await);
    let (admin, js) = (house.visitor("sysadmin").await, department(&house).await);
    house.store().await.set_personal(&"nanjing".parse().unwrap(), "mail", "nj@example.cn", wall()).await.unwrap();
    opened(&admin, &js, mail(&server), json!({})).await;
    tell(&house, "a\r\nBcc: all@example.cn", Recipient::Account("nanjing".parse().unwrap()), Urgency::Immediate).await;
    assert_eq!(step(&house, 0).await, 1);
    assert!(server.mails().is_empty());
    assert_eq!(step(&house, 30).await, 1);
    let sent = server.mails().remove(0);
    assert_eq!(sent.to, ["RCPT TO:<nj@example.cn>"]);
    let head = sent.text.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
    let done = deliveries(&admin, "done").await.remove(0);
    assert!(done["receipt"].as_str().unwrap().contains("4711"), "{done}");
    assert!(head.contains(&format!("Message-ID: <{}@example.cn>", done["id"].as_str().unwrap())), "{head}");
}

#[tokio::test]
async fn a_mail_server_that_refuses_for_good_is_not_asked_again_and_tls_is_never_dropped() {
    let (house, server) = (house().await, MailServer::open(&["550 no such user"]).await);
    let (admin, js) = (house.visitor("sysadmin").await, organisation(&house, "sysadmin").await);
    let id = opened(&admin, &js, mail(&server), json!({})).await["id"].as_str().unwrap().to_string();
    let test = format!("/api/v1/channels/{id}/test");
    let answer = admin.post(&test, json!({"to": "x@example.cn"})).await.json();
    assert_eq!(answer["outcome"], "refused", "{answer}");
    let mut settings = mail(&server);
    settings["security"] = "starttls".into();
    let changed = admin
        .call(
            Method::PATCH,
            &format!("/api/v1/channels/{id}"),
            Some(json!({"settings": settings})),
            &[("if-match", "\"1\"")],
        )
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let answer = admin.post(&test, json!({"to": "x@example.cn"})).await.json();
    assert_ne!(answer["outcome"], "sent", "{answer}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_text_message_gateway_is_asked_in_its_own_words() {
    let (house, gateway) =
        (house().await, Gateway::open(&["200 OK\r\n\r\n{\"code\":7}", "200 OK\r\n\r\n{\"code\":0}"]).await);
    let (admin, js) = (house.visitor("sysadmin").await, organisation(&house, "sysadmin").await);
    let settings = json!({"kind": "sms", "method": "POST", "url": gateway.url(), "content_type": "application/json",
        "body": r#"{"to":"{phone}","text":"{text}","auth":"{token}"}"#, "success": {"pointer": "/code", "equals": "0"}});
    let id = opened(&admin, &js, settings, json!({"token": "t\"1"})).await["id"].as_str().unwrap().to_string();
    let test = format!("/api/v1/channels/{id}/test");
    for expected in ["refused", "sent"] {
        assert_eq!(admin.post(&test, json!({"to": "13800138000"})).await.json()["outcome"], expected);
    }
    let body: Value = serde_json::from_str(&gateway.seen()[1].body).unwrap();
    assert_eq!((body["to"].as_str(), body["auth"].as_str()), (Some("13800138000"), Some("t\"1")));
}

#[tokio::test]
async fn nothing_inside_the_house_can_be_named_or_reached() {
    let house = House::of_people(|_| {}).await;
    let gateway = Gateway::open(&[]).await;
    let (admin, js) = (house.visitor("sysadmin").await, organisation(&house, "sysadmin").await);
    for url in [
        gateway.url(),
        "http://169.254.169.254/".into(),
        "http://[::ffff:127.0.0.1]/".into(),
        "http://localhost/".into(),
    ] {
        let body =
            json!({"name": "x", "organisation": js, "settings": {"kind": "webhook", "url": url}, "secrets": secret()});
        let answer = admin.post("/api/v1/channels", body).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("N-202")),
            "{url}"
        );
    }
    let body = json!({"name": "x", "settings": {"kind": "email", "host": "127.0.0.1", "port": 25, "security": "plain", "from": "a@b.cn"}});
    assert_eq!(admin.post("/api/v1/channels", body).await.json()["code"], "N-202");
    assert!(gateway.seen().is_empty());
}

#[tokio::test]
async fn a_secret_is_written_and_never_read() {
    let (house, gateway) = (house().await, Gateway::open(&[]).await);
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    let made = opened(&admin, &nj, webhook(&gateway), json!({"secret": "VERY-SECRET-VALUE"})).await;
    assert_eq!(made["secrets"], json!([{"name": "secret", "needed": true, "set": true}]));
    let list = admin.get("/api/v1/channels").await.text();
    assert!(!list.contains("VERY-SECRET-VALUE"));
    let events = house.store().await.events(&store::EventFilter { limit: 1000, ..Default::default() }).await.unwrap();
    let log: String = events.iter().map(|stored| format!("{stored:?}")).collect();
    assert!(log.contains("secret_set") && !log.contains("VERY-SECRET-VALUE"));
}

#[tokio::test]
async fn channels_are_for_those_with_the_right_and_changes_need_the_version() {
    let (house, gateway) = (house().await, Gateway::open(&[]).await);
    let (admin, nj) = (house.visitor("sysadmin").await, organisation(&house, "nanjing").await);
    let id = opened(&admin, &nj, webhook(&gateway), secret()).await["id"].as_str().unwrap().to_string();
    let path = format!("/api/v1/channels/{id}");
    for login in ["nanjing", "enterprise", "auditor"] {
        let visitor = house.visitor(login).await;
        for path in ["/api/v1/channels", "/api/v1/deliveries", "/api/v1/templates"] {
            assert_eq!(visitor.get(path).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        let patched =
            visitor.call(Method::PATCH, &path, Some(json!({"active": false})), &[("if-match", "\"2\"")]).await;
        assert_eq!(patched.status, StatusCode::FORBIDDEN);
    }
    let patch = |version: &'static str| {
        let (admin, path) = (&admin, path.clone());
        async move {
            admin.call(Method::PATCH, &path, Some(json!({"active": false})), &[("if-match", version)]).await.status
        }
    };
    assert_eq!(admin.call(Method::PATCH, &path, Some(json!({})), &[]).await.status, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(patch("\"1\"").await, StatusCode::PRECONDITION_FAILED);
    assert_eq!(patch("\"2\"").await, StatusCode::OK);
    assert_eq!(admin.call(Method::DELETE, &path, None, &[("if-match", "\"3\"")]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.call(Method::DELETE, &path, None, &[("if-match", "\"4\"")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_notice_is_its_recipients_alone_and_says_it_in_both_languages() {
    let house = house().await;
    tell(&house, "{code} <b>", Recipient::Account("nanjing".parse().unwrap()), Urgency::Digest).await;
    step(&house, 0).await;
    let (nanjing, xuzhou) = (house.visitor("nanjing").await, house.visitor("xuzhou").await);
    let notices = nanjing.json("/api/v1/notices?unread=true").await;
    assert_eq!((notices["total"].as_u64(), notices["unread"].as_u64()), (Some(1), Some(1)));
    let notice = &notices["items"][0];
    assert_eq!(notice["title_en"], "Assigned: {code} <b>", "a value is never a template");
    assert_eq!(notice["link"], "/matters/m1");
    assert_eq!(xuzhou.json("/api/v1/notices").await["total"], 0);
    let read = format!("/api/v1/notices/{}/read", notice["id"].as_str().unwrap());
    let (foreign, unknown) =
        (xuzhou.post(&read, json!({})).await, xuzhou.post("/api/v1/notices/none/read", json!({})).await);
    assert_eq!(
        (foreign.status, foreign.json()["detail"].clone()),
        (StatusCode::NOT_FOUND, unknown.json()["detail"].clone())
    );
    assert_eq!(nanjing.post(&read, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(nanjing.json("/api/v1/notices").await["unread"], 0);
}

#[tokio::test]
async fn a_preview_is_strict_and_preferences_are_checked() {
    let house = house().await;
    let admin = house.visitor("sysadmin").await;
    let preview = async |body: Value| admin.post("/api/v1/templates/preview", body).await;
    assert_eq!(preview(json!({"id": "matter-assigned"})).await.status, StatusCode::OK);
    let code = async |body: Value| preview(body).await.json()["code"].as_str().unwrap_or("").to_string();
    assert_eq!(code(json!({"id": "none"})).await, "N-101");
    assert_eq!(code(json!({"id": "matter-assigned", "values": {"title": "x"}})).await, "N-102");
    let wanted = json!({"quiet_from": "23:00", "quiet_to": "06:30", "digest_at": "08:30", "channels": ["email"]});
    let put = async |body: Value| admin.call(Method::PUT, "/api/v1/session/notices", Some(body), &[]).await;
    assert_eq!(put(wanted.clone()).await.status, StatusCode::OK);
    assert_eq!(admin.json("/api/v1/session/notices").await, wanted);
    for (field, value) in [("quiet_from", json!("25:00")), ("channels", json!(["wecom"])), ("channels", json!(["fax"]))]
    {
        let mut bad = wanted.clone();
        bad[field] = value;
        assert_eq!(put(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
}
