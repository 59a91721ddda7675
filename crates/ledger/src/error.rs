use org::OrgError;
use units::{BeijingDay, OrgId};

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
    /// A file that is not what its format says.
    #[error("L-301 {at}: {reason}; nothing was computed")]
    BadFile {
        /// Path into the file, for example `tasks[3].duration`.
        at: String,
        /// What is wrong, with line and column where the reader knows them.
        reason: String,
    },
    /// More rows than are read.
    #[error("L-302 {at}: {found} rows; at most {most} are read; nothing was computed")]
    TooManyRows {
        /// Path into the file.
        at: &'static str,
        /// Rows found.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// An id that is not the first of its name.
    #[error("L-303 {at}: the id {id:?} stands in the file already; nothing was computed")]
    RepeatedId {
        /// Path into the file.
        at: String,
        /// The id.
        id: String,
    },
    /// A reference to something that the file does not hold.
    #[error("L-304 {at}: the file holds no {what} {id:?}; nothing was computed")]
    UnknownReference {
        /// Path into the file.
        at: String,
        /// Of what kind: task, project, city.
        what: &'static str,
        /// The name.
        id: String,
    },
    /// A value outside what is allowed.
    #[error("L-305 {at}: {value} is not {expected}; nothing was computed")]
    BadValue {
        /// Path into the file.
        at: String,
        /// The value as written.
        value: String,
        /// What would be.
        expected: &'static str,
    },
    /// Tasks that wait for each other.
    #[error("L-311 the links form a cycle: {}; no date was computed", .0.join(" -> "))]
    Cycle(Vec<String>),
    /// A deadline before the start.
    #[error("L-312 deadline: {deadline} lies before the start {start}; no date was computed")]
    DeadlineBeforeStart {
        /// The deadline.
        deadline: BeijingDay,
        /// The start.
        start: BeijingDay,
    },
    /// What is said to have been done contradicts itself.
    #[error("L-313 {at}: {why}; no date was computed")]
    Progress {
        /// Path into the file.
        at: String,
        /// The contradiction.
        why: &'static str,
    },
    /// A calendar in the file that contradicts itself.
    #[error("L-314 calendar.{at}: {why}; no date was computed")]
    BadCalendar {
        /// Path into the calendar.
        at: String,
        /// The contradiction.
        why: &'static str,
    },
    /// A day for which it is not known whether people work.
    #[error(
        "L-315 {at}: {day} lies outside the working calendar, which is known from {first} to {last}; add the notice of that year, or give a calendar in the file; no date was computed"
    )]
    OutsideCalendar {
        /// Path into the file, or the task.
        at: String,
        /// The day, or how far beyond.
        day: String,
        /// First day known.
        first: BeijingDay,
        /// Last day known.
        last: BeijingDay,
    },
    /// Exclusions that are too entangled to be searched exactly.
    #[error("L-321 projects: more than {most} exclusions overlap; nothing was selected")]
    Entangled {
        /// The limit.
        most: usize,
    },
}
