/// Why an event, a chain or a key could not be used. Each text begins with a code that is never reused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// A whole number that canonical JSON cannot write.
    #[error(
        "E-101 the whole number {0} is beyond 2^53 and would lose digits in canonical JSON; \
         nothing was stored. Write it as text"
    )]
    NotExact(String),
    /// Not the text of a record.
    #[error("E-102 not a record of the log ({reason}); it was left as it is")]
    NotARecord {
        /// What is wrong with it.
        reason: String,
    },
    /// Not a hash with the name of its function.
    #[error("E-103 not a hash (expected sha256: or sm3: and 64 digits): {0:?}")]
    NotAHash(String),
    /// A value that has no JSON form.
    #[error("E-104 a value that JSON cannot hold ({reason}); nothing was stored")]
    NotJson {
        /// What the writer said.
        reason: String,
    },
    /// Not a key.
    #[error("E-105 not a key for {algorithm} ({reason}); no key was used or replaced")]
    NotAKey {
        /// The algorithm it should be for.
        algorithm: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A line of the anchors file that cannot be read.
    #[error("E-106 line {line} of the anchors is not an anchor ({reason}); the file was left as it is")]
    NotAnAnchor {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A stored event or state that this program does not understand.
    #[error(
        "E-107 record {seq} ({kind} {id}) holds something this program does not know ({reason}); \
         nothing was changed. Was it written by a newer program?"
    )]
    Unknown {
        /// Its place in the log.
        seq: i64,
        /// The kind of thing.
        kind: String,
        /// Its id.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// A text that is no signature of a file.
    #[error("E-108 not a signature of a file ({reason}); nothing was checked")]
    NotASignature {
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is not what was signed, or not by a trusted key.
    #[error("E-109 the signature does not hold: {reason}")]
    SignatureBroken {
        /// What does not hold.
        reason: String,
    },
}

impl EventError {
    pub(crate) fn not_json(error: impl std::fmt::Display) -> Self {
        EventError::NotJson { reason: error.to_string() }
    }
}
