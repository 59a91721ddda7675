//! The event stream over a real connection, and a stop that does not wait for it.

use crate::house::House;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

async fn read_until(stream: &mut TcpStream, word: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(word) {
        let read = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("the server went silent").unwrap();
        assert!(read > 0, "the stream ended before {word:?}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

#[tokio::test]
async fn pages_hear_of_the_clock_and_a_stop_ends_their_streams() {
    let house = House::plain().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { stopped.await.unwrap_or(()) };
    let server = tokio::spawn(server::serve(listener, house.state.clone(), shutdown));

    let mut page = TcpStream::connect(address).await.unwrap();
    page.write_all(
        format!("GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n", house.cookies()).as_bytes(),
    )
    .await
    .unwrap();
    let head = read_until(&mut page, "\r\n\r\n").await;
    assert!(head.contains("200 OK") && head.contains("text/event-stream"), "{head}");

    house.put_clock(r#"{"as_of":"2018-01-14T20:00:00+08:00"}"#).await;
    let heard = read_until(&mut page, "2018-01-14T20:00:00+08:00").await;
    assert!(heard.contains("event: clock"), "{heard}");

    stop.send(()).unwrap();
    let ended = timeout(PATIENCE, server).await.expect("an open stream must not hold up the stop");
    ended.unwrap().unwrap();
}
