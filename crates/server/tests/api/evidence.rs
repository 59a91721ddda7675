//! What tests of matters and their files share.

use crate::house::{Answer, House, Visitor};
use axum::body::Body;
use axum::http::{Request, header};
use event::Actor;
use ledger::{Matter, MatterCommand};
use org::Secrecy;
use serde_json::Value;
use store::Order;
use units::{BeijingDay, Instant};

/// A photo of two hundred bytes: taken on 15 January 2018 at 09:30:05, at 34°12′18.3″ N, 117°17′6″ E.
pub const PHOTO: &str = "ffd8ffe100ba45786966000049492a000800000002006987040001000000260000002588040001000000380000000000\
    00000100039002001400 00006e00000000000000040001000200020000004e00000002000500030000008200000003000200020000004500\
    000004000500030000009a00000000000000323031383a30313a31352030393a33303a30350022000000010000000c000000010000002607\
    000064000000750000000100000011000000010000000600000001000000ffd9";

pub fn photo() -> Vec<u8> {
    hex::decode(PHOTO.replace(' ', "")).unwrap()
}

/// A matter of the bureau of Xuzhou, to be done by the demonstration's steel works, made by the air division.
pub async fn matter(house: &House, id: &str, due: Option<&str>) {
    let store = house.store().await;
    let day = |text: &str| text.parse::<BeijingDay>().unwrap();
    let (owner, assigned) = ("320300".parse().unwrap(), "demo-xz-steel".parse().unwrap());
    let found = store.org_places(&[owner, assigned]).await.unwrap();
    let places = ["320300", "demo-xz-steel"].iter().filter_map(|id| found.get(&id.parse().unwrap()).cloned());
    let command = MatterCommand::Create {
        id: id.parse().unwrap(),
        code: format!("RW-{id}"),
        kind: "task".into(),
        title: "核查烧结机停产情况".into(),
        text: String::new(),
        owner: "320300".parse().unwrap(),
        assigned: vec!["demo-xz-steel".parse().unwrap()],
        responsible: None,
        secrecy: Secrecy::Internal,
        due: due.map(day),
        places: places.collect(),
        remind_on: due.map(|due| day(due) - 1),
    };
    execute(house, id, command, "xuzhou").await;
}

/// A command behind the routes' back.
pub async fn execute(house: &House, id: &str, command: MatterCommand, account: &str) {
    let by = Actor {
        account: account.parse().unwrap(),
        organisation: "320300".parse().unwrap(),
        on_behalf_of: None,
        origin: "cli".into(),
    };
    let at: Instant = "2018-01-13T20:00:00+08:00".parse().unwrap();
    let order = Order { id, expected: None, command, by: &by, at, shown: at, key: None, reason: None };
    house.store().await.execute::<Matter>(order).await.unwrap();
}

/// Uploads under a key.
pub async fn upload(
    visitor: &Visitor<'_>,
    house: &House,
    to: (&str, &str),
    key: &str,
    body: impl Into<Body>,
) -> Answer {
    let name: String = to.1.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut request = Request::post(format!("/api/v1/attachments?matter={}&name={name}", to.0));
    visitor.keys.put(request.headers_mut().unwrap());
    let request = request.header(header::CONTENT_TYPE, "application/octet-stream").header("idempotency-key", key);
    house.send_bare(request, body.into()).await
}

/// All files below the folder of attachments, those that come in included.
pub fn files(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![house.folder.path().join("attachments")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path.display().to_string()) }
        }
    }
    found.sort();
    found
}

/// The names of the events of a matter, oldest first.
pub async fn history(house: &House, id: &str) -> Vec<Value> {
    let filter =
        store::EventFilter { kind: Some("matter".into()), id: Some(id.into()), limit: 100, ..Default::default() };
    let records = house.store().await.events(&filter).await.unwrap();
    let mut records: Vec<_> = records.iter().map(|stored| (stored.seq, stored.record().unwrap().name)).collect();
    records.sort();
    records.into_iter().map(|(_, name)| name.into()).collect()
}
