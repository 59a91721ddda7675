//! Notifications (通知): templates with values, message shapes, limits, quiet hours and target rules.
//!
//! Everything here is a function of its arguments: what a message says, how each channel wants it, how fast and when
//! it may go, and where it may never go. Nothing here opens a connection, reads a clock or keeps a secret.

mod call;
mod channel;
mod digest;
mod error;
mod gate;
mod kind;
mod leg;
mod letter;
mod preference;
mod retry;
mod robot;
mod settings;
mod sign;
mod sms;
mod target;
mod template;
mod verdict;
mod webhook;

pub use call::{Call, Message, Method, call};
pub use channel::{Channel, ChannelCommand, ChannelEvent, ChannelState};
pub use digest::digest;
pub use error::NotifyError;
pub use gate::{Bucket, Gate, Limits};
pub use kind::ChannelKind;
pub use leg::{Leg, Person, Way, legs};
pub use letter::{Letter, letter};
pub use preference::{Preference, TimeOfDay};
pub use retry::next_attempt;
pub use settings::{MailSecurity, Secrets, Settings, Success};
pub use sign::{SignDigest, webhook_signature};
pub use target::{Allowed, forbidden};
pub use template::{Language, Note, Template, template, templates};
pub use verdict::{Reply, Verdict, judge};
