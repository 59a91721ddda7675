use modelfile::Fault;

/// Why a file of guidance was not read, or a consensus not made.
///
/// Nothing of a refused file is used; the run goes on with the other members.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuidanceError {
    /// No bytes.
    #[error("J-101 the file is empty")]
    Empty,
    /// Compressed bytes that break off, or unpack to more than the limit.
    #[error("J-102 the gzip stream is damaged or unpacks to more than {limit} bytes")]
    Gzip {
        /// Most bytes a file may unpack to.
        limit: u64,
    },
    /// A container that is known but not read here; says how to get one that is.
    #[error("J-103 {what} is not read here; {way_out}")]
    Container {
        /// The container, for example netCDF-4/HDF5.
        what: &'static str,
        /// The command that makes a readable file of it.
        way_out: &'static str,
    },
    /// Bytes of no known layout.
    #[error("J-104 no known guidance layout; the file begins {beginning:?}")]
    UnknownLayout {
        /// The first printable characters.
        beginning: String,
    },
    /// A file that contradicts its own layout.
    #[error("J-105 damaged {layout}: {what}")]
    Damaged {
        /// The layout recognised.
        layout: &'static str,
        /// What is wrong, and where.
        what: String,
    },
    /// A required column, variable or attribute.
    #[error("J-106 {layout}: {what} is missing")]
    Missing {
        /// The layout recognised.
        layout: &'static str,
        /// What is not there.
        what: String,
    },
    /// A file without any of the six pollutants.
    #[error("J-107 {layout}: no variable is one of the six pollutants; found {found}")]
    NoPollutant {
        /// The layout recognised.
        layout: &'static str,
        /// The first names that are there.
        found: String,
    },
    /// A unit that is none of a concentration, or needs something that the file does not have.
    #[error("J-108 {variable} is in {unit:?}, which is no unit of a concentration of {pollutant} here: {why}")]
    Unit {
        /// Variable or column.
        variable: String,
        /// The unit as written.
        unit: String,
        /// The pollutant it would be.
        pollutant: &'static str,
        /// Why it can't be converted.
        why: &'static str,
    },
    /// A grid whose projection the file does not say, or that is not computed here.
    #[error("J-109 {layout}: {what}")]
    Grid {
        /// The layout recognised.
        layout: &'static str,
        /// What is not known about the grid.
        what: String,
    },
    /// None of the places asked for lies on the grid.
    #[error("J-110 {layout}: none of the {asked} places lies on the grid, or no places were given")]
    NoPlace {
        /// The layout recognised.
        layout: &'static str,
        /// Places asked for.
        asked: usize,
    },
    /// A file that does not say when it was issued.
    #[error("J-111 {layout}: the file does not say its issue time; it must be given")]
    NoIssue {
        /// The layout recognised.
        layout: &'static str,
    },
    /// A time that is no time, or not on the hour.
    #[error("J-112 {layout}: {text:?} is not a whole hour or a day, {at}")]
    Time {
        /// The layout recognised.
        layout: &'static str,
        /// The text or number.
        text: String,
        /// Line, row or step.
        at: String,
    },
    /// More values than any city guidance has.
    #[error("J-113 {layout}: more than {limit} {what}")]
    TooMany {
        /// The layout recognised.
        layout: &'static str,
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Nothing left to make a consensus of.
    #[error("J-114 no member is left for a consensus: {why}")]
    NoMember {
        /// What became of the members.
        why: String,
    },
    /// Two members under one name with different values for the same issue.
    #[error("J-115 two members are named {model:?} for the issue of {issue}")]
    SameName {
        /// The name.
        model: String,
        /// The issue day.
        issue: String,
    },
    /// Stored bytes that are no member of this form.
    #[error("J-116 stored guidance is not readable: {why}")]
    NotReadable {
        /// What the bytes lack.
        why: String,
    },
}

impl GuidanceError {
    /// A fault of the container, in a layout.
    pub(crate) fn of(layout: &'static str, fault: Fault) -> GuidanceError {
        match fault {
            Fault::Damaged(what) => GuidanceError::Damaged { layout, what },
            Fault::Missing(what) => GuidanceError::Missing { layout, what },
            Fault::Other(found) => GuidanceError::NoPollutant { layout, found },
            Fault::Grid(what) => GuidanceError::Grid { layout, what },
            Fault::Time { text, at } => GuidanceError::Time { layout, text, at },
            Fault::TooMany { what, limit } => GuidanceError::TooMany { layout, what, limit },
        }
    }
}
