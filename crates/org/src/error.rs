use crate::OrgPath;
use units::{AccountId, Instant, OrgId};

/// Why a command on people and organisations was refused, or a file of theirs not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrgError {
    /// Not `/id/id/`.
    #[error("G-101 not an organisation path (expected /id/id/): {0:?}")]
    NotAPath(String),
    /// A tree deeper than its paths may be.
    #[error("G-102 deeper than {most} levels below {under}; nothing was changed")]
    TooDeep {
        /// The organisation it should lie under.
        under: OrgId,
        /// Most levels.
        most: usize,
    },
    /// A text that is no right.
    #[error("G-103 no such right: {0:?}")]
    UnknownRight(String),
    /// A text that is no kind of organisation.
    #[error("G-104 no such kind of organisation: {0:?}")]
    UnknownKind(String),
    /// A role file that does not parse or contradicts itself.
    #[error("G-105 role {file}: {reason}")]
    RoleFile {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A file of organisations that does not parse or contradicts itself.
    #[error("G-106 organisations {file}: {reason}")]
    OrganisationFile {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The thing the command is for does not exist.
    #[error("G-201 there is no such {0}")]
    NotFound(&'static str),
    /// The thing the command makes exists already.
    #[error("G-202 this {0} exists already; it was not changed")]
    Exists(&'static str),
    /// A name that is empty, too long, or has control characters.
    #[error("G-203 {what} must have 1 to {most} characters and no control characters; nothing was changed")]
    BadText {
        /// Which field.
        what: &'static str,
        /// Most characters.
        most: usize,
    },
    /// An organisation that is named and does not exist.
    #[error("G-204 no organisation {0}; nothing was changed")]
    UnknownOrganisation(OrgId),
    /// An organisation that is named and closed.
    #[error("G-205 organisation {0} is closed; nothing was changed")]
    ClosedOrganisation(OrgId),
    /// A kind that cannot lie under another.
    #[error("G-206 {child} cannot lie under {parent}; nothing was changed")]
    WrongKind {
        /// The kind above, `none` at the root.
        parent: &'static str,
        /// The kind below.
        child: &'static str,
    },
    /// A move under itself or under something below it.
    #[error("G-207 {0} cannot be moved under itself; nothing was changed")]
    UnderItself(OrgId),
    /// Areas for what is no commissioner office.
    #[error("G-208 only a commissioner office has areas; nothing was changed")]
    NoAreasHere,
    /// Closing what still holds something.
    #[error(
        "G-209 still holds {organisations} open organisations and {accounts} open accounts; close or move them first"
    )]
    NotEmpty {
        /// Open organisations directly below.
        organisations: u64,
        /// Open accounts.
        accounts: u64,
    },
    /// A root that is moved.
    #[error("G-210 the root of the tree cannot be moved")]
    RootStays,
    /// A login name that is not one.
    #[error("G-301 a login has 2 to 64 of a-z A-Z 0-9 . _ - and begins with a letter or digit: {0:?}")]
    NotALogin(String),
    /// A login name in use.
    #[error("G-302 the login {0} is in use; nothing was changed")]
    LoginTaken(String),
    /// A closed account.
    #[error("G-303 the account is closed")]
    ClosedAccount,
    /// A locked account.
    #[error("G-304 the account is locked until {until} after too many wrong passwords")]
    Locked {
        /// When it opens by itself.
        until: Instant,
    },
    /// A password against the rules.
    #[error("G-305 the password {0}; the old one is kept")]
    WeakPassword(&'static str),
    /// A role that does not exist.
    #[error("G-401 no role {0:?}")]
    UnknownRole(String),
    /// An account that is named and does not exist or is closed.
    #[error("G-402 no open account {0}; nothing was changed")]
    UnknownAccount(AccountId),
    /// Days in the wrong order or in the past.
    #[error("G-403 the last day must not lie before the first day or before today; nothing was changed")]
    WrongDays,
    /// Roles of two of the three administrator classes with one account.
    #[error(
        "G-404 separation of duties: the account holds a role of class {held}, so it cannot have one of class {asked}"
    )]
    Separation {
        /// Class held.
        held: &'static str,
        /// Class asked for.
        asked: &'static str,
    },
    /// Two steps that need two persons.
    #[error("G-405 two persons: {0} took the step before, another has to take this one")]
    SamePerson(AccountId),
    /// A step that the state does not allow.
    #[error("G-406 the {thing} is {state}; this step is not possible any more")]
    WrongState {
        /// What.
        thing: &'static str,
        /// Its state.
        state: &'static str,
    },
    /// A role that cannot be delegated.
    #[error("G-407 the role {0} cannot be delegated: administrator roles are granted, never lent")]
    NotDelegable(String),
    /// A delegation to oneself, or one that the receiver arranges.
    #[error("G-408 nobody can delegate to himself or arrange a delegation to himself")]
    SelfDelegation,
    /// A grant put in force by one person, elsewhere than at the console.
    #[error("G-409 a grant without a second person is possible at the server's console only")]
    ConsoleOnly,
    /// A verifier who belongs to what is verified.
    #[error("G-410 the verifier belongs to the verified organisation {0}")]
    VerifierInside(OrgPath),
    /// Bytes that are no workbook.
    #[error("G-501 not an xlsx workbook: {0}; nothing was read")]
    NotAWorkbook(String),
    /// A workbook beyond the limits.
    #[error("G-502 the workbook has {found} {what}, at most {most} are read; nothing was read")]
    TooLarge {
        /// What is too many.
        what: &'static str,
        /// How many there are, or how many were counted before reading stopped.
        found: u64,
        /// The limit.
        most: u64,
    },
    /// A sheet or a column that is not there.
    #[error("G-503 the workbook has no {0}; nothing was read")]
    NoSuchPart(String),
    /// A workbook that could not be written.
    #[error("G-504 the workbook could not be written: {0}")]
    NotWritten(String),
}

impl From<workbook::Fault> for OrgError {
    fn from(fault: workbook::Fault) -> OrgError {
        match fault {
            workbook::Fault::NotAWorkbook(reason) => OrgError::NotAWorkbook(reason),
            workbook::Fault::TooLarge { what, found, most } => OrgError::TooLarge { what, found, most },
        }
    }
}

/// A text that people read: trimmed, 1 to `most` characters, no control characters.
pub(crate) fn text(what: &'static str, text: &str, most: usize) -> Result<String, OrgError> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    if good { Ok(text.to_string()) } else { Err(OrgError::BadText { what, most }) }
}
