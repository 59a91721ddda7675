/// Why a template, a channel or a message is refused. Each text begins with a code that is never reused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// No such template.
    #[error("N-101 no message template {0:?}; nothing was sent")]
    UnknownTemplate(String),
    /// A placeholder without a value.
    #[error("N-102 template {template:?} needs a value for {{{name}}}; nothing was sent")]
    MissingValue {
        /// The template.
        template: String,
        /// The placeholder.
        name: String,
    },
    /// A value no placeholder asks for.
    #[error("N-103 template {template:?} has no placeholder {{{name}}}; nothing was sent")]
    UnknownValue {
        /// The template.
        template: String,
        /// The value's name.
        name: String,
    },
    /// A template that cannot be read.
    #[error("N-104 template {id:?} cannot be used: {reason}")]
    BadTemplate {
        /// The template.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// A list or an object where one text or number is due.
    #[error("N-105 the value of {{{name}}} in template {template:?} is no text and no number; nothing was sent")]
    NotPlain {
        /// The template.
        template: String,
        /// The placeholder.
        name: String,
    },
    /// An address this program does not send to.
    #[error("N-201 cannot send to {target:?}: {reason}; the channel was left as it was")]
    BadTarget {
        /// The address, without its query.
        target: String,
        /// What is wrong.
        reason: String,
    },
    /// A host inside the house, on this machine or of the platform.
    #[error(
        "N-202 {host:?} is {why}; nothing was sent there. An intranet gateway has to be named in the server's \
         configuration file under notify.allow_private"
    )]
    ForbiddenTarget {
        /// The host as given.
        host: String,
        /// What kind of address it is.
        why: &'static str,
    },
    /// A setting that cannot be used.
    #[error("N-203 the setting {field} {reason}; the channel was left as it was")]
    BadSetting {
        /// The setting.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A channel without its key.
    #[error("N-204 the channel has no secret {0:?} yet; nothing was sent. Set it first")]
    MissingSecret(&'static str),
    /// A secret this kind of channel does not know.
    #[error("N-205 a channel of kind {kind} has no secret {name:?}; known are {known}")]
    UnknownSecret {
        /// The kind.
        kind: &'static str,
        /// The name given.
        name: String,
        /// The names it knows.
        known: String,
    },
    /// A recipient's address that would break the message's head.
    #[error("N-206 the recipient's {0} cannot be used as an address; nothing was sent")]
    BadRecipient(&'static str),
    /// A preference that cannot be used.
    #[error("N-207 {0:?} is no time of day (expected for example 22:00)")]
    BadTime(String),
    /// No such kind of channel.
    #[error("N-208 no kind of channel {0:?}")]
    UnknownKind(String),
    /// A channel that was opened before.
    #[error("N-301 the channel exists already; it was left as it is")]
    Exists,
    /// A channel that is not there, or was closed.
    #[error("N-302 the channel does not exist or was closed")]
    Closed,
    /// Another kind under the same channel.
    #[error("N-303 the kind of a channel cannot be changed; close it and open another")]
    OtherKind,
}
