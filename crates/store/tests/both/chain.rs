use crate::harness::{Place, moment};
use crate::tally::{Command, actor, add, give, open};
use event::{Algorithm, Digest, Fault, Signer, Verdict};
use store::{AnchorFolder, Order, Store};
use units::Instant;

both![
    tampering_behind_the_store_is_named,
    a_cut_off_tail_is_named_by_the_head_and_by_the_anchor,
    a_chain_computed_anew_is_named_by_the_anchor,
    either_digest_also_one_after_the_other,
    either_signature_and_a_change_of_key,
    days_are_anchored_when_they_are_over,
    what_does_not_hold_is_not_signed,
];

async fn unlock(place: &Place) {
    let triggers: &[&str] = if place.address.starts_with("sqlite") {
        &["DROP TRIGGER event_no_change", "DROP TRIGGER event_no_delete"]
    } else {
        &["DROP TRIGGER event_no_change ON event"]
    };
    for sql in triggers {
        place.execute(sql).await;
    }
}

async fn filled(place: &Place) -> Store {
    let store = open(place).await;
    for n in 0..6 {
        add(&store, &format!("t{n}"), 1).await.unwrap();
    }
    unlock(place).await;
    store
}

async fn fault(store: &Store) -> Option<Fault> {
    store.verify(&[], &[]).await.unwrap().fault
}

fn folder() -> (tempfile::TempDir, AnchorFolder) {
    let place = tempfile::tempdir().unwrap();
    let folder = AnchorFolder::in_data(place.path());
    (place, folder)
}

fn signer(folder: &AnchorFolder, algorithm: Algorithm) -> Signer {
    folder.signer(algorithm, || Ok([algorithm as u8 + 1; 32])).unwrap()
}

async fn tampering_behind_the_store_is_named(place: Place) {
    let store = filled(&place).await;
    assert_eq!(fault(&store).await, None);
    let swap = "UPDATE event SET seq = CASE seq WHEN 102 THEN 4 ELSE 2 END WHERE seq IN (102, 104)";
    let cases: [(&[&str], &[&str], Fault); 5] = [
        (
            &["UPDATE event SET record = replace(record, '试', '改') WHERE seq = 3"],
            &["UPDATE event SET record = replace(record, '改', '试') WHERE seq = 3"],
            Fault::Altered { seq: 3 },
        ),
        (
            &["UPDATE event SET account = 'leader' WHERE seq = 4"],
            &["UPDATE event SET account = 'air' WHERE seq = 4"],
            Fault::Altered { seq: 4 },
        ),
        (
            &["UPDATE event SET hash = 'x' || hash WHERE seq = 1"],
            &["UPDATE event SET hash = substr(hash, 2) WHERE seq = 1"],
            Fault::Altered { seq: 1 },
        ),
        (
            &["UPDATE event SET seq = seq + 100 WHERE seq IN (2, 4)", swap],
            &["UPDATE event SET seq = seq + 100 WHERE seq IN (2, 4)", swap],
            Fault::Reordered { seq: 2 },
        ),
        (&["DELETE FROM event WHERE seq = 5"], &[], Fault::Missing { seq: 5 }),
    ];
    for (attack, repair, expected) in cases {
        for sql in attack {
            place.execute(sql).await;
        }
        assert_eq!(fault(&store).await, Some(expected), "{attack:?}");
        for sql in repair {
            place.execute(sql).await;
        }
        assert!(repair.is_empty() || fault(&store).await.is_none(), "{repair:?}");
    }
}

async fn a_cut_off_tail_is_named_by_the_head_and_by_the_anchor(place: Place) {
    let store = filled(&place).await;
    let (_keep, folder) = folder();
    store.export_anchors(&folder, &signer(&folder, Algorithm::Ed25519), moment(), true).await.unwrap();
    place.execute("DELETE FROM event WHERE seq > 4").await;
    assert_eq!(fault(&store).await, Some(Fault::Truncated { last_seq: 4, anchored: 6 }));
    // With the head set back as well, only the anchor knows.
    place.execute("UPDATE event_head SET last_seq = 4, hash = (SELECT hash FROM event WHERE seq = 4)").await;
    assert_eq!(fault(&store).await, None);
    let verdict = store.verify_folder(&folder).await.unwrap();
    assert_eq!(verdict.fault, Some(Fault::Truncated { last_seq: 4, anchored: 6 }));
}

/// The operator removes the last two records and puts others in their place, chained as they should be.
async fn a_chain_computed_anew_is_named_by_the_anchor(place: Place) {
    let store = filled(&place).await;
    let (_keep, folder) = folder();
    store.export_anchors(&folder, &signer(&folder, Algorithm::Ed25519), moment(), true).await.unwrap();
    place.execute("DELETE FROM event WHERE seq > 4").await;
    place.execute("DELETE FROM stream WHERE id IN ('t4', 't5')").await;
    place.execute("UPDATE event_head SET last_seq = 4, hash = (SELECT hash FROM event WHERE seq = 4)").await;
    for id in ["t4", "t5", "t6"] {
        add(&store, id, 2).await.unwrap();
    }
    assert_eq!(fault(&store).await, None);
    let day = "2018-01-13".parse().unwrap();
    assert_eq!(store.verify_folder(&folder).await.unwrap().fault, Some(Fault::Rewritten { seq: 6, day }));
}

async fn either_digest_also_one_after_the_other(place: Place) {
    let store = open(&place).await;
    for (digest, id) in [(Digest::Sm3, "t1"), (Digest::Sha256, "t2"), (Digest::Sm3, "t3")] {
        store.use_digest(digest).await.unwrap();
        add(&store, id, 1).await.unwrap();
        assert!(store.chain_state().await.unwrap().last_hash.starts_with(digest.code()));
    }
    assert_eq!(store.verify(&[], &[]).await.unwrap(), Verdict { checked: 3, anchors: 0, last_seq: 3, fault: None });
    unlock(&place).await;
    place.execute("UPDATE event SET record = replace(record, '试', '改') WHERE seq = 3").await;
    assert_eq!(fault(&store).await, Some(Fault::Altered { seq: 3 }));
}

async fn either_signature_and_a_change_of_key(place: Place) {
    let store = open(&place).await;
    let (_keep, folder) = folder();
    for (algorithm, id) in [(Algorithm::Ed25519, "t1"), (Algorithm::Sm2, "t2")] {
        add(&store, id, 1).await.unwrap();
        let signer = signer(&folder, algorithm);
        let new = store.export_anchors(&folder, &signer, moment(), true).await.unwrap();
        assert_eq!((new.len(), new[0].algorithm), (1, algorithm));
    }
    assert_eq!(folder.trusted().unwrap().len(), 2);
    let verdict = store.verify_folder(&folder).await.unwrap();
    assert_eq!((verdict.anchors, verdict.fault), (2, None));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(folder.secret_file(Algorithm::Sm2)).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }
    // A stranger signs the same root with a key of his own.
    let stranger = Signer::from_secret(Algorithm::Ed25519, &[99; 32]).unwrap();
    let forged = store.anchor(&[], &[], &stranger, moment(), true).await.unwrap();
    let verdict = store.verify(&forged, &folder.trusted().unwrap()).await.unwrap();
    assert!(matches!(verdict.fault, Some(Fault::ForeignKey { .. })), "{verdict:?}");
}

async fn days_are_anchored_when_they_are_over(place: Place) {
    let store = open(&place).await;
    let (_keep, folder) = folder();
    let moments = ["2018-01-10T23:59:59.999999+08:00", "2018-01-11T00:00:00+08:00", "2018-01-13T08:00:00+08:00"];
    for (n, at) in (0..).zip(moments) {
        let (by, at): (_, Instant) = (actor("air"), at.parse().unwrap());
        let (id, command) = (format!("t{n}"), Command::Open);
        let order = Order { id: &id, expected: None, command, by: &by, at, shown: at, key: None, reason: None };
        store.execute::<crate::tally::Tally>(order).await.unwrap();
    }
    let signer = signer(&folder, Algorithm::Ed25519);
    let new = store.export_anchors(&folder, &signer, moment(), false).await.unwrap();
    let roots: Vec<(String, i64, u64)> = new.iter().map(|a| (a.day.to_string(), a.last_seq, a.count)).collect();
    assert_eq!(roots, [("2018-01-10".into(), 1, 1), ("2018-01-11".into(), 2, 1)]);
    assert_eq!(store.export_anchors(&folder, &signer, moment(), false).await.unwrap(), []);
    let next_day: Instant = "2018-01-14T00:00:00+08:00".parse().unwrap();
    assert_eq!(store.export_anchors(&folder, &signer, next_day, false).await.unwrap().len(), 1);
    assert_eq!(folder.read().unwrap().len(), 3);
    let verdict = store.verify_folder(&folder).await.unwrap();
    assert_eq!((verdict.anchors, verdict.fault), (3, None));
}

async fn what_does_not_hold_is_not_signed(place: Place) {
    let store = filled(&place).await;
    let (_keep, folder) = folder();
    place.execute("UPDATE event SET account = 'leader' WHERE seq = 4").await;
    let signer = signer(&folder, Algorithm::Ed25519);
    let error = store.export_anchors(&folder, &signer, moment(), true).await.unwrap_err().to_string();
    assert!(error.starts_with("T-301") && error.contains("record 4"), "{error}");
    assert_eq!(folder.read().unwrap(), []);
}

#[test]
fn a_damaged_key_file_is_named_and_left_alone() {
    let (_keep, folder) = folder();
    signer(&folder, Algorithm::Ed25519);
    let secret = folder.secret_file(Algorithm::Ed25519);
    let first = std::fs::read_to_string(&secret).unwrap();
    assert_eq!(std::fs::read_to_string(&folder.public).unwrap().lines().count(), 1);
    signer(&folder, Algorithm::Ed25519);
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), first, "made once");
    std::fs::write(&secret, "ed25519 12").unwrap();
    let error = folder.signer(Algorithm::Ed25519, || Ok([1; 32])).unwrap_err().to_string();
    assert!(error.starts_with("T-304") && error.contains(&secret.display().to_string()), "{error}");
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "ed25519 12");
}

#[tokio::test]
async fn the_state_of_an_empty_chain_is_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { address: format!("sqlite:{}", folder.path().join("qingkong.db").display()) };
    let store = open(&place).await;
    let empty = store.chain_state().await.unwrap();
    assert_eq!((empty.last_seq, store.verify(&[], &[]).await.unwrap().checked), (0, 0));
    give(&store, "t1", Command::Open, None, None).await.unwrap();
    assert_ne!(store.chain_state().await.unwrap(), empty);
}
