use org::OrgError;
use units::OrgId;

/// Why a command on a matter was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The matter does not exist.
    #[error("L-101 there is no such matter")]
    NotFound,
    /// The matter exists already.
    #[error("L-102 this matter exists already; it was not changed")]
    Exists,
    /// A kind that is not known.
    #[error("L-103 no kind of matter {0:?}; nothing was created")]
    UnknownKind(String),
    /// A text that is empty, too long, or has control characters.
    #[error("L-104 {what} must have 1 to {most} characters and no control characters; nothing was changed")]
    BadText {
        /// Which field.
        what: &'static str,
        /// Most characters.
        most: usize,
    },
    /// An organisation that does not exist or is closed.
    #[error("L-105 no open organisation {0}; nothing was changed")]
    UnknownOrganisation(OrgId),
    /// A due day that has passed.
    #[error("L-106 the due day lies before today; nothing was changed")]
    DueInThePast,
    /// A step that the state does not allow.
    #[error("L-201 the matter is {state}; {step} is not possible")]
    WrongState {
        /// Where the matter stands.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// A step of those it is assigned to, by somebody else.
    #[error("L-202 only those to whom the matter is assigned can do this")]
    NotAssigned,
    /// The organisation acknowledged before.
    #[error("L-203 {0} has acknowledged already")]
    Acknowledged(OrgId),
    /// A submission by one of those who must acknowledge first.
    #[error("L-204 acknowledge the matter first")]
    NotAcknowledged,
    /// A rule of two persons or of the verifier, or the words of `org` for it.
    #[error("L-205 {0}")]
    Separation(OrgError),
    /// A step that this account may not take on this matter.
    #[error("L-206 {0} is not among what this account may do with this matter")]
    NotPermitted(&'static str),
    /// A step for which it was not looked up where the people concerned belong.
    #[error("L-207 it is not known for which organisation this is done; nothing was changed")]
    StandingUnknown,
    /// A step that only a timer takes.
    #[error("L-208 only a timer can do this")]
    TimerOnly,
    /// More of something than a matter can have.
    #[error("L-209 a matter has at most {most} {what}; nothing was changed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// An attachment that is listed already: evidence is added, never replaced.
    #[error("L-210 this attachment belongs to the matter already")]
    AttachedAlready,
}
