//! Files as evidence (附件): which are taken in, under which name, what a photo tells of itself, and their history.
//!
//! What a file is, is read from its content; the name it came with is a claim. Evidence is added and never
//! replaced: a file that was wrong is withdrawn with a reason and stays listed. Knows no folder, no clock and no
//! database; readers are handed in.

mod content;
mod error;
mod history;
mod kind;
mod name;
mod package;
mod photo;
mod text;

pub use content::recognise;
pub use error::AttachmentError;
pub use history::{Attachment, Command, Entry, Event, File};
pub use kind::Kind;
pub use name::clean;
pub use photo::{Photo, Position, photo};
