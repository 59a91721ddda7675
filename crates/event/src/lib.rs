//! Commands, events, the hash chain, signed anchors and their verification.
//!
//! Whatever a person, a timer or another system changes is a command: `decide` answers with events or a refusal,
//! `apply` turns events into the present state. Events are stored once, as records in canonical JSON, each hashed
//! over the one before. What a chain cannot show by itself (a tail cut off, a chain computed anew) is shown by
//! signed daily roots kept outside the database. Nothing here reads a clock, a file or a source of chance.

mod aggregate;
mod anchor;
mod detached;
mod digest;
mod error;
mod kit;
mod micros;
mod record;
mod signing;
mod verify;

pub use aggregate::{Actor, Aggregate, Decision, Effect, Recipient, Urgency};
pub use anchor::{Anchor, AnchorBody, read_anchors, write_anchors};
pub use detached::Detached;
pub use digest::{Digest, GENESIS, Hash, link};
pub use error::EventError;
pub use kit::{Given, Outcome, When, given};
pub use record::{Record, canonical, canonical_value, changed, name_of};
pub use signing::{Algorithm, PublicKey, Signer};
pub use verify::{Checker, Columns, Fault, StoredRecord, Verdict, verify};
