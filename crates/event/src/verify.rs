use crate::{Anchor, Digest, EventError, GENESIS, Hash, PublicKey, Record, link};
use serde::Serialize;
use std::fmt;
use units::{BeijingDay, Instant};

/// One record as the database holds it: the text, its hash, and the columns beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its place in the log, as the column says.
    pub seq: i64,
    /// The columns that queries use; they repeat the text.
    pub columns: Columns,
    /// The canonical text.
    pub text: String,
    /// The hash with the name of its function.
    pub hash: String,
}

/// What stands beside the text of a record, so that it can be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The kind of the thing.
    pub stream_kind: String,
    /// The id of the thing.
    pub stream_id: String,
    /// The version of the thing.
    pub version: i64,
    /// The name of the event.
    pub name: String,
    /// Who did it.
    pub account: String,
    /// The organisation of who did it.
    pub organisation: String,
    /// When, in microseconds UTC.
    pub at_micros: i64,
}

impl StoredRecord {
    /// The record itself. Refuses `E-102` a text that is none.
    pub fn record(&self) -> Result<Record, EventError> {
        Record::read(&self.text)
    }
}

impl Columns {
    /// What stands beside this record.
    pub fn of(record: &Record) -> Columns {
        Columns {
            stream_kind: record.stream_kind.clone(),
            stream_id: record.stream_id.clone(),
            version: i64::try_from(record.version).unwrap_or(i64::MAX),
            name: record.name.clone(),
            account: record.actor.account.to_string(),
            organisation: record.actor.organisation.to_string(),
            at_micros: micros(record.at),
        }
    }
}

fn micros(moment: Instant) -> i64 {
    moment.to_utc().timestamp_micros()
}

/// What a verification found (校验结论).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Records that were found in order, up to the fault if there is one.
    pub checked: u64,
    /// Anchors that were found in order.
    pub anchors: usize,
    /// The last record found in order.
    pub last_seq: i64,
    /// The first fault, if any.
    pub fault: Option<Fault>,
}

impl Verdict {
    /// Nothing is wrong.
    pub fn holds(&self) -> bool {
        self.fault.is_none()
    }
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Text, columns or hash of a record are not what was written.
    Altered {
        /// The record.
        seq: i64,
    },
    /// A record is not there, though later ones are.
    Missing {
        /// The record.
        seq: i64,
    },
    /// Another record stands in this place.
    Reordered {
        /// The place.
        seq: i64,
    },
    /// The tail is cut off.
    Truncated {
        /// The last record that is there.
        last_seq: i64,
        /// The last record that is known to have been there.
        anchored: i64,
    },
    /// The chain is sound in itself, but not the one that was signed: it was computed anew.
    Rewritten {
        /// The last record of the signed root.
        seq: i64,
        /// The day of the root.
        day: BeijingDay,
    },
    /// An anchor is not what was signed, or does not follow the one before.
    AnchorBroken {
        /// Its day.
        day: BeijingDay,
    },
    /// An anchor is signed by a key that is not among the trusted ones.
    ForeignKey {
        /// Its day.
        day: BeijingDay,
        /// The key it names.
        key_id: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Altered { seq } => write!(f, "E-201 record {seq} was altered: text, columns and hash disagree"),
            Fault::Missing { seq } => write!(f, "E-202 record {seq} is missing, later ones are there"),
            Fault::Reordered { seq } => write!(f, "E-203 another record stands in the place of record {seq}"),
            Fault::Truncated { last_seq, anchored } => {
                write!(
                    f,
                    "E-204 the log ends at record {last_seq}, but record {anchored} is known: the tail is cut off"
                )
            }
            Fault::Rewritten { seq, day } => {
                write!(f, "E-205 up to record {seq} the chain is not the one that was signed for {day}: computed anew")
            }
            Fault::AnchorBroken { day } => {
                write!(f, "E-206 the anchor of {day} is not what was signed, or does not follow the one before")
            }
            Fault::ForeignKey { day, key_id } => {
                write!(f, "E-207 the anchor of {day} is signed by key {key_id}, which is not trusted here")
            }
        }
    }
}

/// Checks records one after another against each other and against signed roots, and stops at the first fault.
pub struct Checker<'a> {
    anchors: &'a [Anchor],
    /// Anchors whose record has been reached.
    reached: usize,
    hash: Hash,
    last_seq: i64,
    fault: Option<Fault>,
}

impl<'a> Checker<'a> {
    /// Begins with the anchors: each must follow the one before and be signed by a trusted key.
    pub fn new(anchors: &'a [Anchor], trusted: &[PublicKey]) -> Checker<'a> {
        let fault = (0..anchors.len()).find_map(|at| anchor_fault(anchors, at, trusted));
        Checker { anchors, reached: 0, hash: GENESIS, last_seq: 0, fault }
    }

    /// Takes the next record, in order of `seq`. False once there is a fault: more records change nothing.
    pub fn push(&mut self, stored: &StoredRecord) -> bool {
        if self.fault.is_none() {
            self.fault = self.next(stored).err();
        }
        self.fault.is_none()
    }

    fn next(&mut self, stored: &StoredRecord) -> Result<(), Fault> {
        let seq = self.last_seq + 1;
        if stored.seq != seq {
            return Err(if stored.seq > seq { Fault::Missing { seq } } else { Fault::Reordered { seq: stored.seq } });
        }
        let altered = Fault::Altered { seq };
        let Ok(record) = stored.record() else { return Err(altered) };
        if record.seq != seq {
            return Err(Fault::Reordered { seq });
        }
        let Ok((digest, hash)) = Digest::read(&stored.hash) else { return Err(altered) };
        if Columns::of(&record) != stored.columns || link(digest, &self.hash, &stored.text) != hash {
            return Err(altered);
        }
        (self.hash, self.last_seq) = (hash, seq);
        self.meet_anchor(&stored.hash)
    }

    fn meet_anchor(&mut self, hash: &str) -> Result<(), Fault> {
        match self.anchors.get(self.reached) {
            Some(anchor) if anchor.last_seq == self.last_seq => {
                self.reached += 1;
                let same = anchor.hash == hash;
                if same { Ok(()) } else { Err(Fault::Rewritten { seq: anchor.last_seq, day: anchor.day }) }
            }
            _ => Ok(()),
        }
    }

    /// Ends: `known` is the last record that the database itself says it has, if it says so.
    pub fn finish(self, known: Option<i64>) -> Verdict {
        let anchored = self.anchors.last().map(|anchor| anchor.last_seq);
        let known = known.into_iter().chain(anchored).max().unwrap_or_default();
        let cut = (known > self.last_seq).then_some(Fault::Truncated { last_seq: self.last_seq, anchored: known });
        Verdict {
            checked: self.last_seq.unsigned_abs(),
            anchors: self.reached,
            last_seq: self.last_seq,
            fault: self.fault.or(cut),
        }
    }

    /// The hash of the last record that was in order.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }
}

fn anchor_fault(anchors: &[Anchor], at: usize, trusted: &[PublicKey]) -> Option<Fault> {
    let (anchor, day) = (&anchors[at], anchors[at].day);
    let Some(key) = trusted.iter().find(|key| key.id() == anchor.key_id) else {
        return Some(Fault::ForeignKey { day, key_id: anchor.key_id.clone() });
    };
    let before = at.checked_sub(1).map(|before| &anchors[before]);
    (!anchor.signed_by(key) || !anchor.follows(before)).then_some(Fault::AnchorBroken { day })
}

/// Checks a whole log that fits into memory; see [`Checker`].
pub fn verify<'r>(
    records: impl IntoIterator<Item = &'r StoredRecord>,
    anchors: &[Anchor],
    trusted: &[PublicKey],
) -> Verdict {
    let mut checker = Checker::new(anchors, trusted);
    for record in records {
        if !checker.push(record) {
            break;
        }
    }
    checker.finish(None)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
