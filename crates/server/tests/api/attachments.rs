//! Files as evidence: what is taken in, what is refused, who sees it, and that nothing is ever replaced.

use crate::evidence::{execute, files, history, matter, photo, upload};
use crate::house::{Answer, House, Keys, fresh_key, said};
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use futures_util::stream;
use http_body_util::BodyExt;
use ledger::MatterCommand;
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use tower::ServiceExt;

async fn house() -> House {
    let house = House::of_people(|options| options.attachments.most_bytes = 100_000).await;
    matter(&house, "m1", None).await;
    house
}

async fn refused(house: &House, name: &str, body: impl Into<Body>) -> (u16, String) {
    let xuzhou = house.visitor("xuzhou").await;
    let answer = upload(&xuzhou, house, ("m1", name), &fresh_key(), body).await;
    assert_eq!(files(house), Vec::<String>::new(), "{name}: nothing is kept of what was refused");
    (answer.status.as_u16(), answer.code())
}

fn expected(status: u16, code: &str) -> (u16, String) {
    (status, code.to_string())
}

#[tokio::test]
async fn a_photo_is_kept_as_it_is_and_tells_when_and_where() {
    let house = house().await;
    let works = house.visitor("enterprise").await;
    let answer = upload(&works, &house, ("m1", "现场 1.jpg"), "k1", photo()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let told = answer.json();
    assert_eq!(
        (told["kind"].as_str(), told["bytes"].as_u64(), told["name"].as_str()),
        (Some("jpeg"), Some(192), Some("现场 1.jpg"))
    );
    assert_eq!(told["taken_at"], "2018-01-15T09:30:05+08:00");
    assert_eq!(told["position"], json!({"lon": 117.285, "lat": 34.205083}));
    assert_eq!((told["added_by"]["id"].as_str(), answer.header("etag")), (Some("enterprise"), "\"1\""));

    let digest = told["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap().to_string();
    let place = house.folder.path().join("attachments").join(&digest[..2]).join(&digest[2..]);
    assert_eq!(files(&house), [place.display().to_string()]);
    assert_eq!(history(&house, "m1").await, ["created", "evidence_attached"]);

    let xuzhou = house.visitor("xuzhou").await;
    let list = xuzhou.json("/api/v1/attachments?matter=m1").await;
    assert_eq!((list["total"].as_u64(), &list["items"][0]), (Some(1), &told));
    let content = xuzhou.get(&format!("/api/v1/attachments/{}", told["id"].as_str().unwrap())).await;
    assert_eq!(content.bytes, photo());
    assert_eq!(content.header("content-type"), "image/jpeg");
    assert_eq!(content.header("x-content-type-options"), "nosniff");
    assert_eq!(content.header("content-security-policy"), "default-src 'none'; sandbox");
    let disposition = "attachment; filename=\"__ 1.jpg\"; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%201.jpg";
    assert_eq!(content.header("content-disposition"), disposition);
}

#[tokio::test]
async fn what_could_run_and_what_lies_about_itself_is_refused_and_leaves_nothing() {
    let house = house().await;
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    assert_eq!(refused(&house, "plan.svg", svg).await, expected(415, "A-425"));
    assert_eq!(refused(&house, "photo.png", svg).await, expected(415, "A-425"));
    assert_eq!(refused(&house, "page.html", "<!doctype html><script>alert(1)</script>").await, expected(415, "A-425"));
    assert_eq!(refused(&house, "notes.txt", "text <ScRiPt src=//evil>").await, expected(415, "A-425"));
    assert_eq!(refused(&house, "a.js", "alert(1)").await, expected(415, "A-424"));
    assert_eq!(refused(&house, "photo.jpg", "MZ\u{90}\0").await, expected(415, "A-424"));
    assert_eq!(refused(&house, "report.pdf", photo()).await, expected(415, "A-426"));
    assert_eq!(refused(&house, "photo.jpg.exe", photo()).await, expected(415, "A-424"));
    assert_eq!(refused(&house, "a.bin", vec![1, 2, 3, 0]).await, expected(415, "A-423"));
    assert_eq!(refused(&house, "a.zip", "PK\u{3}\u{4} cut off").await, expected(422, "A-428"));
    assert_eq!(refused(&house, "a.txt", "").await, expected(422, "A-421"));
    assert_eq!(refused(&house, "a.txt", vec![b'a'; 100_001]).await, expected(413, "A-422"));
    assert_eq!(history(&house, "m1").await, ["created"]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let house = house().await;
    let pieces = [Ok(Bytes::from_static(b"half of it")), Err(io::Error::other("connection reset"))];
    assert_eq!(refused(&house, "a.txt", Body::from_stream(stream::iter(pieces))).await, expected(422, "A-102"));

    let begins = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"half"))]);
    let never_ends = Body::from_stream(futures_util::StreamExt::chain(begins, stream::pending()));
    let xuzhou = house.visitor("xuzhou").await;
    let coming = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", never_ends);
    let gone = tokio::time::timeout(std::time::Duration::from_millis(500), async {
        tokio::pin!(coming);
        loop {
            tokio::select! {
                answer = &mut coming => panic!("answered before the end: {}", answer.text()),
                () = tokio::time::sleep(std::time::Duration::from_millis(10)) => {
                    if !files(&house).is_empty() { break }
                }
            }
        }
    });
    gone.await.expect("the first half arrives");
    assert_eq!(files(&house), Vec::<String>::new(), "the sender has gone");
}

#[tokio::test]
async fn names_with_tricks_are_made_plain() {
    let house = house().await;
    let xuzhou = house.visitor("xuzhou").await;
    for (given, kept) in [
        ("../../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\Windows\\x.txt", "x.txt"),
        ("invoice\u{202e}fdp.txt", "invoicefdp.txt"),
        ("a\r\nSet-Cookie: evil=1.txt", "aSet-Cookie_ evil=1.txt"),
        ("no ending", "no ending.txt"),
        ("..", "attachment.txt"),
    ] {
        let answer = upload(&xuzhou, &house, ("m1", given), &fresh_key(), "text").await;
        assert_eq!((answer.status.as_u16(), answer.json()["name"].as_str()), (201, Some(kept)), "{given:?}");
        let content = xuzhou.get(&format!("/api/v1/attachments/{}", answer.json()["id"].as_str().unwrap())).await;
        assert_eq!((content.header("set-cookie"), content.text().as_str()), ("", "text"), "{given:?}");
    }
    let long = upload(&xuzhou, &house, ("m1", &format!("{}.txt", "长".repeat(500))), "k", "text").await;
    assert!(long.json()["name"].as_str().unwrap().ends_with("长.txt"));
    assert_eq!(files(&house).len(), 1, "one content");
}

#[tokio::test]
async fn the_same_content_is_stored_once_and_listed_twice_and_a_repeated_command_counts_once() {
    let house = house().await;
    let xuzhou = house.visitor("xuzhou").await;
    let first = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "same").await.json();
    let again = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "same").await.json();
    assert_eq!(first, again);
    let other = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "another body").await;
    assert_eq!(said(&other), expected(422, "E-422"));
    let second = upload(&xuzhou, &house, ("m1", "b.txt"), "k2", "same").await.json();
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["digest"], second["digest"]);
    let list = xuzhou.json("/api/v1/attachments?matter=m1").await;
    let names: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    assert_eq!(history(&house, "m1").await, ["created", "evidence_attached"]);
}

#[tokio::test]
async fn who_does_not_see_the_matter_does_not_see_that_it_has_files() {
    let house = house().await;
    let (xuzhou, nanjing) = (house.visitor("xuzhou").await, house.visitor("nanjing").await);
    let added = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "secret").await.json();
    let id = added["id"].as_str().unwrap();
    let blank = |answer: Answer, id: &str| (answer.status.as_u16(), answer.text().replace(id, "ID"));
    for (path, unknown) in [
        (format!("/api/v1/attachments/{id}"), "/api/v1/attachments/none".to_string()),
        ("/api/v1/attachments?matter=m1".into(), "/api/v1/attachments?matter=none".into()),
    ] {
        let (seen, none) = (nanjing.get(&path).await, nanjing.get(&unknown).await);
        let known = if path.contains('?') { "m1" } else { id };
        assert_eq!(blank(seen, known), blank(none, "none"), "{path}");
    }
    let there = upload(&nanjing, &house, ("m1", "a.txt"), "k1", "x").await;
    let nowhere = upload(&nanjing, &house, ("none", "a.txt"), "k2", "x").await;
    assert_eq!(there.status, 404);
    assert_eq!(blank(there, "m1"), blank(nowhere, "none"));
    let withdraw = nanjing.post_on(&format!("/api/v1/attachments/{id}/withdraw"), 1, json!({"reason": "x"})).await;
    let unknown = nanjing.post_on("/api/v1/attachments/none/withdraw", 1, json!({"reason": "x"})).await;
    assert_eq!(blank(withdraw, id), blank(unknown, "none"));
    assert_eq!(
        said(&house.visitor("auditor").await.get(&format!("/api/v1/attachments/{id}")).await),
        expected(404, "A-104")
    );
}

#[tokio::test]
async fn evidence_is_withdrawn_with_a_reason_and_never_replaced_or_deleted() {
    let house = house().await;
    let (xuzhou, works) = (house.visitor("xuzhou").await, house.visitor("enterprise").await);
    let added = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "against the works").await.json();
    let path = format!("/api/v1/attachments/{}", added["id"].as_str().unwrap());
    let withdraw = format!("{path}/withdraw");
    let reason = json!({"reason": "拍错了工地"});
    assert_eq!(said(&works.post_on(&withdraw, 1, reason.clone()).await), expected(403, "A-306"));
    assert_eq!(said(&xuzhou.post(&withdraw, reason.clone()).await), expected(428, "A-312"));
    assert_eq!(said(&xuzhou.post_on(&withdraw, 7, reason.clone()).await), expected(412, "E-409"));
    assert_eq!(said(&xuzhou.post_on(&withdraw, 1, json!({"reason": " "})).await).1, "A-433");
    let told = xuzhou.post_on(&withdraw, 1, reason.clone()).await.json();
    assert_eq!((told["withdrawn"].as_str(), told["version"].as_u64()), (Some("拍错了工地"), Some(2)));
    assert_eq!(xuzhou.json("/api/v1/attachments?matter=m1").await["items"][0], told);
    assert_eq!(xuzhou.get(&path).await.text(), "against the works");
    for method in [Method::DELETE, Method::PUT, Method::PATCH] {
        assert_eq!(xuzhou.call(method.clone(), &path, None, &[]).await.status, 405, "{method}");
    }
}

#[tokio::test]
async fn a_matter_that_is_over_takes_no_evidence() {
    let house = house().await;
    execute(&house, "m1", MatterCommand::Cancel { text: "重复".into() }, "xuzhou").await;
    let (status, code) = refused(&house, "a.txt", "late").await;
    assert_eq!(status, 422);
    assert!(code.starts_with("L-"), "{code}");
}

/// The whole body, or that it broke off.
async fn whole(house: &House, keys: &Keys, path: &str) -> Result<Bytes, axum::Error> {
    let mut request = Request::get(path).header(header::HOST, "localhost").body(Body::empty()).unwrap();
    keys.put(request.headers_mut());
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40000))));
    let response = house.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body().collect().await.map(|body| body.to_bytes())
}

#[tokio::test]
async fn content_that_was_changed_on_the_disk_is_never_sent_as_if_it_were_whole() {
    let house = house().await;
    let xuzhou = house.visitor("xuzhou").await;
    let added = upload(&xuzhou, &house, ("m1", "a.txt"), "k1", "what was seen").await.json();
    let path = format!("/api/v1/attachments/{}", added["id"].as_str().unwrap());
    std::fs::write(&files(&house)[0], "what was else").unwrap();
    let sent = whole(&house, &xuzhou.keys, &path).await;
    assert!(sent.is_err(), "the same length, another content: {sent:?}");
    std::fs::write(&files(&house)[0], "shorter").unwrap();
    assert_eq!(said(&xuzhou.get(&path).await), expected(500, "A-501"));
    std::fs::remove_file(&files(&house)[0]).unwrap();
    assert_eq!(said(&xuzhou.get(&path).await), expected(500, "A-501"));
}
