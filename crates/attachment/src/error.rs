use crate::Kind;

/// Why a file is not taken in, or a step of its history is refused. Nothing of the file is kept in any case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    /// No bytes.
    #[error("A-421 the file is empty")]
    Empty,
    /// More bytes than are taken.
    #[error("A-422 the file is larger than {limit} bytes; nothing was kept. Split it, or send a smaller copy")]
    TooLarge {
        /// Most bytes taken.
        limit: u64,
    },
    /// The content is none of the kinds that are taken.
    #[error("A-423 {name}: not a kind of file that is taken ({found}); taken are {taken}")]
    NotTaken {
        /// Name of the file.
        name: String,
        /// What was found.
        found: String,
        /// Kinds that are taken.
        taken: String,
    },
    /// A program or script.
    #[error("A-424 {name}: a program or script ({found}) is never taken as evidence")]
    Program {
        /// Name of the file.
        name: String,
        /// What was found.
        found: String,
    },
    /// Something that a browser would run.
    #[error("A-425 {name}: {found} can hold scripts; send a picture (JPEG, PNG) or a PDF instead")]
    Markup {
        /// Name of the file.
        name: String,
        /// What was found.
        found: String,
    },
    /// Name and content disagree.
    #[error("A-426 {name}: the content is {kind}, which the name does not say; expected .{expected}")]
    OtherName {
        /// Name of the file.
        name: String,
        /// What the content is.
        kind: Kind,
        /// Name endings that fit.
        expected: String,
    },
    /// An office document with macros.
    #[error("A-427 {name}: a document with macros; save it without them and send it again")]
    Macros {
        /// Name of the file.
        name: String,
    },
    /// A damaged, encrypted or overfull package.
    #[error("A-428 {name}: the package cannot be looked into ({reason})")]
    Package {
        /// Name of the file.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be read while it is looked at.
    #[error("A-429 the file cannot be read: {0}")]
    Unreadable(String),
    /// An entry of this id exists.
    #[error("A-430 this entry exists; evidence is added, never replaced. Add another entry")]
    Exists,
    /// No such entry.
    #[error("A-431 there is no such entry")]
    Unknown,
    /// Withdrawn before.
    #[error("A-432 the entry was withdrawn before: {0}")]
    Withdrawn(String),
    /// No reason for withdrawing.
    #[error("A-433 say why it is withdrawn, in 1 to {0} characters")]
    NoReason(usize),
}

impl AttachmentError {
    pub(crate) fn unreadable(error: std::io::Error) -> Self {
        AttachmentError::Unreadable(error.to_string())
    }
}
