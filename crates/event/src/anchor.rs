use crate::{Algorithm, Digest, EventError, Hash, PublicKey, Signer, canonical_value, micros};
use serde::{Deserialize, Serialize};
use std::ops::Deref;
use units::{BeijingDay, Instant};

/// A signed root of the log (每日根): the last record of a day and its hash, which covers all before.
///
/// Kept as one line of JSON in a file outside the database; each anchor also covers the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// What is signed.
    #[serde(flatten)]
    pub body: AnchorBody,
    /// The signature over the canonical JSON of the body, hexadecimal.
    pub signature: String,
}

/// What an anchor says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorBody {
    /// The day whose records end here.
    pub day: BeijingDay,
    /// The last record covered.
    pub last_seq: i64,
    /// Records since the anchor before.
    pub count: u64,
    /// The hash of the last record.
    pub hash: String,
    /// The hash function of the chain.
    pub digest: Digest,
    /// The algorithm of the signature.
    pub algorithm: Algorithm,
    /// Which key signed.
    pub key_id: String,
    /// The hash of the anchor before, 64 zeros for the first.
    pub previous: String,
    /// When it was signed.
    #[serde(with = "micros")]
    pub at: Instant,
}

impl Deref for Anchor {
    type Target = AnchorBody;
    fn deref(&self) -> &AnchorBody {
        &self.body
    }
}

impl Anchor {
    /// Signs the root of a day: records up to `last_seq`, whose hash is `hash`, after the anchor `before`.
    pub fn sign(
        signer: &Signer,
        day: BeijingDay,
        last_seq: i64,
        (digest, hash): (Digest, Hash),
        before: Option<&Anchor>,
        at: Instant,
    ) -> Result<Anchor, EventError> {
        let covered = before.map_or(0, |before| before.last_seq);
        let body = AnchorBody {
            day,
            last_seq,
            count: last_seq.abs_diff(covered),
            hash: digest.write(&hash),
            digest,
            algorithm: signer.algorithm(),
            key_id: signer.public_key().id(),
            previous: previous(before)?,
            at: micros::truncated(at),
        };
        let signature = signer.sign(&text(&body)?);
        Ok(Anchor { body, signature })
    }

    /// Whether `key` signed this.
    pub fn signed_by(&self, key: &PublicKey) -> bool {
        key.algorithm() == self.algorithm && text(&self.body).is_ok_and(|text| key.signed(&text, &self.signature))
    }

    /// Whether this follows directly on `before`, reaching further and counting right.
    pub fn follows(&self, before: Option<&Anchor>) -> bool {
        let covered = before.map_or(0, |before| before.last_seq);
        self.last_seq > covered
            && self.count == self.last_seq.abs_diff(covered)
            && previous(before).is_ok_and(|previous| previous == self.previous)
    }

    fn line(&self) -> Result<String, EventError> {
        canonical_value(&serde_json::to_value(self).map_err(EventError::not_json)?)
    }
}

/// Reads the lines of an anchors file. Refuses `E-106` and names the line.
pub fn read_anchors(text: &str) -> Result<Vec<Anchor>, EventError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| EventError::NotAnAnchor { line: at + 1, reason: error.to_string() })
        })
        .collect()
}

/// Writes anchors, one line each.
pub fn write_anchors(anchors: &[Anchor]) -> Result<String, EventError> {
    anchors.iter().map(|anchor| Ok(anchor.line()? + "\n")).collect()
}

fn text(body: &AnchorBody) -> Result<String, EventError> {
    canonical_value(&serde_json::to_value(body).map_err(EventError::not_json)?)
}

/// The hash by which an anchor names the one before it.
fn previous(before: Option<&Anchor>) -> Result<String, EventError> {
    let Some(before) = before else { return Ok("0".repeat(64)) };
    let digest = before.digest;
    Ok(hex::encode(digest.of(&[before.line()?.as_bytes()])))
}
