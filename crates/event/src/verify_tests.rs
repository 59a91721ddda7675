use super::*;
use crate::record::tests::record;
use crate::{Algorithm, Signer, canonical, read_anchors, write_anchors};
use proptest::prelude::*;

fn log(digest: Digest, length: i64) -> Vec<StoredRecord> {
    let mut hash = GENESIS;
    let mut records = Vec::new();
    for seq in 1..=length {
        let record = record(seq);
        let text = canonical(&record).unwrap();
        hash = link(digest, &hash, &text);
        records.push(StoredRecord { seq, columns: Columns::of(&record), text, hash: digest.write(&hash) });
    }
    records
}

fn signer(algorithm: Algorithm) -> Signer {
    Signer::from_secret(algorithm, &[7; 32]).unwrap()
}

fn day(number: i32) -> BeijingDay {
    BeijingDay::from_index(17_500 + number)
}

/// Roots at the given records, one a day.
fn anchors(signer: &Signer, records: &[StoredRecord], ends: &[i64]) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (number, end) in (0..).zip(ends) {
        let root = Digest::read(&records[*end as usize - 1].hash).unwrap();
        let at = record(1).at;
        anchors.push(Anchor::sign(signer, day(number), *end, root, anchors.last(), at).unwrap());
    }
    anchors
}

fn fault(records: &[StoredRecord], anchors: &[Anchor]) -> Option<Fault> {
    verify(records, anchors, &[signer(Algorithm::Ed25519).public_key(), signer(Algorithm::Sm2).public_key()]).fault
}

/// The chain computed anew from a record on, as an operator with the database alone could do.
fn recomputed(mut records: Vec<StoredRecord>, from: usize) -> Vec<StoredRecord> {
    let mut hash = from.checked_sub(1).map_or(GENESIS, |before| Digest::read(&records[before].hash).unwrap().1);
    for record in &mut records[from..] {
        hash = link(Digest::Sha256, &hash, &record.text);
        record.hash = Digest::Sha256.write(&hash);
    }
    records
}

#[test]
fn a_sound_log_holds_with_either_digest_and_either_signature() {
    for digest in [Digest::Sha256, Digest::Sm3] {
        for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
            let records = log(digest, 6);
            let anchors = anchors(&signer(algorithm), &records, &[2, 6]);
            let verdict = verify(&records, &anchors, &[signer(algorithm).public_key()]);
            assert_eq!(verdict, Verdict { checked: 6, anchors: 2, last_seq: 6, fault: None });
        }
    }
    assert!(verify(&[], &[], &[]).holds());
}

#[test]
fn an_altered_text_hash_or_column_is_named() {
    let change: [fn(&mut StoredRecord); 6] = [
        |record| record.text = record.text.replace("现场检查", "现场核查"),
        |record| record.text.push(' '),
        |record| record.hash = log(Digest::Sha256, 1)[0].hash.clone(),
        |record| record.hash = "none".into(),
        |record| record.columns.account = "leader".into(),
        |record| record.columns.at_micros += 1,
    ];
    for change in change {
        let mut records = log(Digest::Sha256, 5);
        change(&mut records[2]);
        assert_eq!(fault(&records, &[]), Some(Fault::Altered { seq: 3 }));
    }
}

#[test]
fn a_removed_record_is_named() {
    let mut records = log(Digest::Sha256, 5);
    records.remove(2);
    assert_eq!(fault(&records, &[]), Some(Fault::Missing { seq: 3 }));
    assert_eq!(fault(&log(Digest::Sha256, 5)[1..], &[]), Some(Fault::Missing { seq: 1 }));
    // Renumbered, so that no gap shows.
    for (seq, record) in (1..).zip(&mut records) {
        record.seq = seq;
    }
    assert_eq!(fault(&records, &[]), Some(Fault::Reordered { seq: 3 }));
}

#[test]
fn swapped_records_are_named() {
    let mut records = log(Digest::Sha256, 5);
    records.swap(1, 3);
    assert_eq!(fault(&records, &[]), Some(Fault::Missing { seq: 2 }));
    (records[1].seq, records[3].seq) = (2, 4);
    assert_eq!(fault(&records, &[]), Some(Fault::Reordered { seq: 2 }));
}

#[test]
fn a_cut_off_tail_shows_against_the_last_root() {
    let records = log(Digest::Sha256, 6);
    let anchors = anchors(&signer(Algorithm::Ed25519), &records, &[2, 5]);
    assert_eq!(fault(&records[..5], &anchors), None);
    assert_eq!(fault(&records[..4], &[]), None, "a chain alone does not know its end");
    assert_eq!(fault(&records[..4], &anchors), Some(Fault::Truncated { last_seq: 4, anchored: 5 }));
    assert_eq!(fault(&[], &anchors), Some(Fault::Truncated { last_seq: 0, anchored: 5 }));
    let mut checker = Checker::new(&[], &[]);
    records[..4].iter().for_each(|record| assert!(checker.push(record)));
    assert_eq!(checker.finish(Some(6)).fault, Some(Fault::Truncated { last_seq: 4, anchored: 6 }));
}

#[test]
fn a_chain_computed_anew_shows_against_the_signed_root() {
    let sound = log(Digest::Sha256, 6);
    let anchors = anchors(&signer(Algorithm::Ed25519), &sound, &[2, 5]);
    let mut forged = sound;
    forged[3].text = forged[3].text.replace("现场检查", "现场核查");
    let forged = recomputed(forged, 3);
    assert_eq!(fault(&forged, &[]), None, "the chain alone is sound");
    assert_eq!(fault(&forged, &anchors), Some(Fault::Rewritten { seq: 5, day: day(1) }));
}

#[test]
fn a_forged_anchor_is_named() {
    let records = log(Digest::Sha256, 6);
    let sound = anchors(&signer(Algorithm::Ed25519), &records, &[2, 4, 6]);
    let mut moved = sound.clone();
    moved[1].body.last_seq = 3;
    assert_eq!(fault(&records, &moved), Some(Fault::AnchorBroken { day: day(1) }));
    let mut signature = sound.clone();
    signature[2].signature = sound[1].signature.clone();
    assert_eq!(fault(&records, &signature), Some(Fault::AnchorBroken { day: day(2) }));
    let removed = [sound[0].clone(), sound[2].clone()];
    assert_eq!(fault(&records, &removed), Some(Fault::AnchorBroken { day: day(2) }));
    let stranger = Signer::from_secret(Algorithm::Ed25519, &[9; 32]).unwrap();
    let foreign = anchors(&stranger, &records, &[2]);
    let key_id = stranger.public_key().id();
    assert_eq!(fault(&records, &foreign), Some(Fault::ForeignKey { day: day(0), key_id }));
    // Named after a trusted key, but signed by another.
    let mut posing = foreign;
    posing[0].body.key_id = signer(Algorithm::Ed25519).public_key().id();
    assert_eq!(fault(&records, &posing), Some(Fault::AnchorBroken { day: day(0) }));
}

#[test]
fn anchors_come_back_from_their_lines_and_a_bad_line_is_named() {
    let records = log(Digest::Sm3, 6);
    let sound = anchors(&signer(Algorithm::Sm2), &records, &[2, 6]);
    let text = write_anchors(&sound).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert_eq!(read_anchors(&text).unwrap(), sound);
    let torn = &text[..text.len() - 10];
    assert!(read_anchors(torn).unwrap_err().to_string().starts_with("E-106 line 2"));
}

proptest! {
    /// Whatever single thing is done to the rows, it is found, at the first row it touches or before the end.
    #[test]
    fn no_single_change_goes_unseen(length in 2i64..20, at in 0usize..20, what in 0u8..5, byte in 0usize..400) {
        let at = at % length as usize;
        let sound = log(Digest::Sha256, length);
        let anchors = anchors(&signer(Algorithm::Ed25519), &sound, &[length]);
        let mut records = sound.clone();
        match what {
            0 => drop(records.remove(at)),
            1 => records.truncate(at),
            2 => records.swap(at, (at + 1) % length as usize),
            3 => records[at].columns.version += 1,
            _ => {
                let place = (0..=byte % records[at].text.len()).rev().find(|n| records[at].text.is_char_boundary(*n));
                records[at].text.insert(place.unwrap(), ' ');
            }
        }
        prop_assert!(fault(&records, &anchors).is_some());
        prop_assert!(fault(&sound, &anchors).is_none());
    }
}
