use org::OrgError;
use units::{Instant, RegionCode};

/// Why a command on a consultation was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConsultError {
    /// The room does not exist.
    #[error("C-101 there is no such consultation")]
    NotFound,
    /// The room exists already.
    #[error("C-102 this consultation was opened already; it was not changed")]
    Exists,
    /// A text that is empty, too long, or has control characters.
    #[error("C-103 {what} must have 1 to {most} characters and no control characters; nothing was changed")]
    BadText {
        /// Which field.
        what: &'static str,
        /// Most characters.
        most: usize,
    },
    /// A range that ends before it begins.
    #[error("C-104 {city} day {lead}: the range {lo} to {hi} ends before it begins; nothing was entered")]
    BadRange {
        /// Which city.
        city: RegionCode,
        /// Which lead day.
        lead: u8,
        /// Lower end.
        lo: u16,
        /// Upper end.
        hi: u16,
    },
    /// A lead day that no consultation speaks of.
    #[error("C-105 lead days are 1 to 7, not {0}; nothing was entered")]
    BadLead(u8),
    /// Primary pollutants that do not go with the range.
    #[error("C-106 {city} day {lead}: name one to three primary pollutants above AQI 50, each once, and none up to 50")]
    BadPrimary {
        /// Which city.
        city: RegionCode,
        /// Which lead day.
        lead: u8,
    },
    /// A city that the room is not about.
    #[error("C-107 this consultation is not about {0}; nothing was entered")]
    UnknownCity(RegionCode),
    /// The same city and day twice.
    #[error("C-108 {city} day {lead} is there twice; nothing was entered")]
    Twice {
        /// Which city.
        city: RegionCode,
        /// Which lead day.
        lead: u8,
    },
    /// Nothing said of any city and day.
    #[error("C-109 say something of at least one city and day")]
    NoDays,
    /// A rule file that cannot be used.
    #[error("C-110 tempo rule {file}: {reason}")]
    RuleFile {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More of something than a room can have.
    #[error("C-111 a consultation has at most {most} {what}; nothing was changed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// A time that does not lie where it must.
    #[error("C-112 bids can be entered until a moment after the opening, at most seven days on; nothing was opened")]
    BadDeadline,
    /// A room without cities.
    #[error("C-113 a consultation is about at least one city; nothing was opened")]
    NoCities,
    /// A step that the state does not allow.
    #[error("C-201 a consultation that is {state} does not take {step}; nothing was changed")]
    WrongState {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// A rule of two persons, in the words of `org`.
    #[error("C-202 {0}")]
    Separation(OrgError),
    /// A step that this account may not take on this room.
    #[error("C-203 {0} is not among what this account may do with this consultation")]
    NotPermitted(&'static str),
    /// A conclusion that departs from the bids without saying why.
    #[error("C-204 {city} day {lead} departs from the median of the bids: say why; nothing was changed")]
    DepartsWithoutReason {
        /// Which city.
        city: RegionCode,
        /// Which lead day.
        lead: u8,
    },
    /// A conclusion that leaves a day out that must be forecast.
    #[error("C-205 {city} day {lead} is missing: a conclusion covers three days of every city; nothing was changed")]
    DayMissing {
        /// Which city.
        city: RegionCode,
        /// Which lead day.
        lead: u8,
    },
    /// A conclusion before the bids are in.
    #[error("C-206 bids are hidden until {0}: enter your own, wait for the others, or conclude after that")]
    BidsHidden(Instant),
    /// A correction that changes nothing.
    #[error("C-207 the correction says what the signed conclusion says; nothing was changed")]
    NothingCorrected,
    /// A step that only the program takes.
    #[error("C-208 only the program itself can do this")]
    ProgramOnly,
    /// A guest in a room that has none.
    #[error("C-209 guests are invited to joint consultations only")]
    NotJoint,
    /// A link that ends in the past or too far away.
    #[error("C-210 a guest's link ends within fourteen days and not in the past; nothing was made")]
    BadExpiry,
    /// A link that does not exist or was taken back.
    #[error("C-211 there is no such guest; nothing was changed")]
    NoGuest,
    /// A link that lets nobody in (any more).
    #[error("C-301 this link lets nobody in: it is wrong, has ended or was taken back; ask the chair for another")]
    LinkRefused,
}
