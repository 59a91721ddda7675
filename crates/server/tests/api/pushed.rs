//! What open pages are told of matters: only what their lists would show, whichever process wrote it.

use crate::house::House;
use crate::matters::order;
use axum::http::StatusCode;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// Reads on until a word has come.
pub async fn read_until(stream: &mut TcpStream, word: &str) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !text.contains(word) {
        let read = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("the server went silent").unwrap();
        assert!(read > 0, "the stream ended before {word:?}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

/// A page of somebody, on a server of its own over the same database.
pub async fn page(house: &House, login: &str) -> TcpStream {
    let state = house.reopened(house.options()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::serve(listener, state, std::future::pending()));
    let keys = house.visitor(login).await.keys;
    let mut page = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nCookie: qk_session={}; qk_csrf={}\r\n\r\n",
        keys.session, keys.csrf
    );
    page.write_all(request.as_bytes()).await.unwrap();
    let head = read_until(&mut page, "\r\n\r\n").await;
    assert!(head.contains("200 OK"), "{head}");
    page
}

#[tokio::test]
async fn a_page_hears_of_its_own_matters_from_another_process_and_of_no_others() {
    let house = House::of_people(|_| ()).await;
    let mut page = page(&house, "nanjing").await;
    let foreign = order(&house.visitor("xuzhou").await, "徐州机密").await["id"].as_str().unwrap().to_string();
    let own = house.visitor("nanjing").await.post("/api/v1/matters", json!({ "title": "南京任务" })).await;
    assert_eq!(own.status, StatusCode::CREATED, "{}", own.text());
    let heard = read_until(&mut page, own.json()["id"].as_str().unwrap()).await;
    assert!(heard.contains("event: matter") && heard.contains("created"), "{heard}");
    assert!(!heard.contains(&foreign) && !heard.contains("徐州"), "{heard}");
}

#[tokio::test]
async fn a_page_goes_silent_when_its_session_has_ended() {
    let house = House::of_people(|_| ()).await;
    let mut page = page(&house, "nanjing").await;
    let account = "nanjing".parse().unwrap();
    let now = "2099-01-01T00:00:00+08:00".parse().unwrap();
    house.store().await.end_sessions(&account, None, now).await.unwrap();
    order(&house.visitor("xuzhou").await, "x").await;
    let rest = read_until(&mut page, "0\r\n\r\n").await;
    assert!(!rest.contains("event: matter"), "{rest}");
}
