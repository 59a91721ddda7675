use super::*;
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use store::{Order, Projected, StoreError, Writer};
use tempfile::TempDir;

/// A kind of thing that is just written down.
struct Page;

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Written {
    Written { text: String },
}

#[derive(Debug, thiserror::Error)]
#[error("X-101 never")]
struct Never;

impl Aggregate for Page {
    const KIND: &'static str = "page";
    type State = String;
    type Command = String;
    type Event = Written;
    type Refusal = Never;

    fn decide(_: &String, _: u64, text: String, _: &Actor, _: Instant) -> Result<Decision<Written>, Never> {
        Ok(Decision::one(Written::Written { text }))
    }

    fn apply(_: String, Written::Written { text }: &Written) -> String {
        text.clone()
    }
}

impl Projected for Page {
    const TABLES: &'static [&'static str] = &[];

    async fn project(
        _: &mut Writer,
        _: &str,
        _: &Written,
        _: &String,
        _: &String,
        _: u64,
        _: Instant,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

async fn write(place: &Place, text: &str) {
    let store = place.open().await.unwrap();
    let by = Actor {
        account: "duty".parse().unwrap(),
        organisation: "js".parse().unwrap(),
        on_behalf_of: None,
        origin: "cli".into(),
    };
    let at = "2018-01-13T20:00:00+08:00".parse().unwrap();
    let command = text.to_string();
    let order = Order { id: "p1", expected: None, command, by: &by, at, shown: at, key: None, reason: None };
    store.execute::<Page>(order).await.unwrap();
    store.close().await;
}

fn place() -> (TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data_dir: folder.path().to_path_buf(), database: None };
    (folder, place)
}

async fn verified(place: &Place, anchors: Option<&Path>) -> Result<(), String> {
    let anchors = Anchors { anchors: anchors.map(Path::to_path_buf), keys: None };
    verify(VerifyArgs { place: place.clone(), anchors, json: true }).await.map_err(|failure| failure.to_string())
}

async fn anchored(place: &Place, algorithm: Signature) {
    anchor(AnchorArgs { place: place.clone(), output: None, algorithm, now: true }).await.unwrap();
}

/// Changes the file of the database itself, past every trigger.
fn replace_in_file(place: &Place, old: &str, new: &str) {
    assert_eq!(old.len(), new.len());
    let file = place.data_dir.join("qingkong.db");
    let mut bytes = fs::read(&file).unwrap();
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old.as_bytes())).collect();
    assert!(!places.is_empty(), "{old} is not in the file");
    places.iter().for_each(|at| bytes[*at..at + new.len()].copy_from_slice(new.as_bytes()));
    fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn a_sound_log_holds_before_and_after_signing() {
    let (_keep, place) = place();
    assert_eq!(verified(&place, None).await, Ok(()));
    for algorithm in [Signature::Ed25519, Signature::Sm2] {
        write(&place, "first").await;
        anchored(&place, algorithm).await;
        assert_eq!(verified(&place, None).await, Ok(()));
    }
    assert_eq!(fs::read_to_string(place.data_dir.join("anchors/anchors.jsonl")).unwrap().lines().count(), 2);
}

#[tokio::test]
async fn a_changed_file_is_named_by_its_first_record() {
    let (_keep, place) = place();
    for text in ["first", "second-as-written", "third"] {
        write(&place, text).await;
    }
    replace_in_file(&place, "second-as-written", "second-as-altered");
    assert!(verified(&place, None).await.unwrap_err().starts_with("E-201 record 2 "));
}

#[tokio::test]
async fn an_older_copy_is_named_as_cut_off() {
    let (_keep, place) = place();
    write(&place, "first").await;
    let file = place.data_dir.join("qingkong.db");
    let older = fs::read(&file).unwrap();
    write(&place, "second").await;
    anchored(&place, Signature::Ed25519).await;
    fs::write(&file, older).unwrap();
    let error = verified(&place, None).await.unwrap_err();
    assert!(error.starts_with("E-204 the log ends at record 1, but record 2 is known"), "{error}");
}

#[tokio::test]
async fn a_changed_anchor_is_named_and_a_file_that_is_not_there_is_refused() {
    let (_keep, place) = place();
    write(&place, "first").await;
    anchored(&place, Signature::Ed25519).await;
    let file = place.data_dir.join("anchors/anchors.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"day\":\"2018-01-13\"", "\"day\":\"2018-01-12\"")).unwrap();
    assert!(verified(&place, Some(&file)).await.unwrap_err().starts_with("E-206 the anchor of 2018-01-12"));
    assert!(verified(&place, Some(Path::new("/nowhere.jsonl"))).await.unwrap_err().starts_with("/nowhere.jsonl"));
}

/// Another program needs nothing but the lines: the hash of each covers the hash before and the text as it is.
#[tokio::test]
async fn an_export_can_be_checked_without_this_program() {
    let (keep, place) = place();
    for text in ["first", "second", "third"] {
        write(&place, text).await;
    }
    let output = keep.path().join("records.jsonl");
    export(ExportArgs { place: place.clone(), after: 0, output: Some(output.clone()) }).await.unwrap();
    let mut hash = event::GENESIS;
    let lines = fs::read_to_string(output).unwrap();
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        hash = event::link(event::Digest::Sha256, &hash, line["record"].as_str().unwrap());
        assert_eq!(line["hash"], event::Digest::Sha256.write(&hash));
    }
    assert_eq!(lines.lines().count(), 3);
}
