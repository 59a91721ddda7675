use crate::source::Receptor;
use modelfile::Fault;

/// Why a file of responses was not read, or two were not joined (源—受体数据拒绝原因). Nothing of a refused file is used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TransportError {
    /// No bytes, or a damaged gzip stream.
    #[error("X-101 the file is empty, or its gzip stream is damaged or too large")]
    Empty,
    /// Bytes of no known layout.
    #[error("X-102 no known layout of contributions or responses; the file begins {beginning:?}")]
    UnknownLayout {
        /// The first printable characters.
        beginning: String,
    },
    /// A file that contradicts its own layout, or lacks a part of it.
    #[error("X-103 {layout}: {fault}")]
    File {
        /// The layout recognised.
        layout: &'static str,
        /// What is wrong, and where.
        fault: Fault,
    },
    /// A file of the family that holds no contribution to anything.
    #[error("X-104 {layout}: nothing in it is a contribution by source; found {found}")]
    NoContribution {
        /// The layout recognised.
        layout: &'static str,
        /// The first names that are there.
        found: String,
    },
    /// A tag that the table of tags does not explain.
    #[error("X-105 {layout}: the tag {tag:?} of {variable} is not in the table of tags")]
    UnknownTag {
        /// The layout.
        layout: &'static str,
        /// The tag.
        tag: String,
        /// The variable or record.
        variable: String,
    },
    /// A unit that is not the one the layout promises, and can't be converted.
    #[error("X-106 {what} is in {unit:?}; read here is {need}")]
    Unit {
        /// Variable or column.
        what: String,
        /// As written.
        unit: String,
        /// What would be read.
        need: &'static str,
    },
    /// None of the cities lies on the grid, or none was asked for.
    #[error("X-107 {layout}: none of the {asked} cities lies on the grid")]
    NoCity {
        /// The layout.
        layout: &'static str,
        /// Cities asked for.
        asked: usize,
    },
    /// A city that is not one of those asked for.
    #[error("X-108 {at}: the city {city:?} is not known here")]
    UnknownCity {
        /// Line and column, or variable.
        at: String,
        /// As written.
        city: String,
    },
    /// NaN or infinite where a number is due.
    #[error("X-109 {at}: the value is not a finite number")]
    NotFinite {
        /// Line, variable, receptor.
        at: String,
    },
    /// Less than zero where that can't be.
    #[error("X-110 {at}: {value} is negative, which it can't be")]
    Negative {
        /// Line, variable, receptor.
        at: String,
        /// The value.
        value: f64,
    },
    /// The same receptor, source and precursor twice.
    #[error("X-111 {at}: a second value for the same receptor, source and precursor")]
    Twice {
        /// Line, or what it is of.
        at: String,
    },
    /// A cell of a table that says nothing that could be meant.
    #[error("X-112 line {line}, column {column}: {text:?} {why}")]
    Cell {
        /// Line of the file, the header is 1.
        line: u64,
        /// Column.
        column: String,
        /// As written.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A required column.
    #[error("X-113 the column {0:?} is missing")]
    Column(&'static str),
    /// More than any matrix here has.
    #[error("X-114 {count} {what}, more than {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many, as far as counted.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// No Beijing day is covered by 24 hours.
    #[error("X-115 {layout}: no Beijing day is whole; {found}")]
    NoDay {
        /// The layout.
        layout: &'static str,
        /// Hours found.
        found: String,
    },
    /// Something a file can't say and the request does not.
    #[error("X-116 {layout}: the file does not say {what}; it must be given")]
    NotGiven {
        /// The layout.
        layout: &'static str,
        /// What.
        what: &'static str,
    },
    /// An emission of nothing that contributes something.
    #[error("X-117 {at}: it contributes {value} ug/m3 but its base emission is not given or zero")]
    NoEmission {
        /// Source and precursor.
        at: String,
        /// The contribution.
        value: f64,
    },
    /// A cut of more than there is.
    #[error("X-118 {at}: a cut of {cut} kg/d of an emission of {base} kg/d")]
    MoreThanAll {
        /// Source and precursor.
        at: String,
        /// kg/d.
        cut: f64,
        /// kg/d.
        base: f64,
    },
    /// Two files of different models.
    #[error("X-201 {first:?} and {second:?} are different models: their rows are not joined")]
    OtherModel {
        /// Of the first.
        first: String,
        /// Of the second.
        second: String,
    },
    /// Two files of different runs.
    #[error("X-202 the runs are of {first} and {second}: their rows are not joined")]
    OtherRun {
        /// Of the first.
        first: String,
        /// Of the second.
        second: String,
    },
    /// Two files on different grids.
    #[error("X-203 the grids are {first:?} and {second:?}: their rows are not joined")]
    OtherGrid {
        /// Of the first.
        first: String,
        /// Of the second.
        second: String,
    },
    /// Two files with different receptors.
    #[error("X-204 {receptor} is a receptor of one file and not of the other: their rows are not joined")]
    OtherReceptors {
        /// The first that only one has.
        receptor: Receptor,
    },
    /// An indicative matrix with one of a model, or responses of another kind.
    #[error("X-205 one file is {first}, the other {second}: their rows are not joined")]
    OtherStatus {
        /// Status and basis of the first.
        first: String,
        /// Of the second.
        second: String,
    },
    /// A file of kernel settings that can't be right.
    #[error("X-301 {file}: {what}")]
    Settings {
        /// The file.
        file: String,
        /// What, and where.
        what: String,
    },
    /// Weather the kernel can't use.
    #[error("X-302 {0}")]
    Weather(String),
}

impl TransportError {
    pub(crate) fn file(layout: &'static str) -> impl Fn(Fault) -> TransportError + Copy {
        move |fault| TransportError::File { layout, fault }
    }
}

/// What was noticed and did not stop the work (提示). The code is stable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A cut beyond the share up to which responses are trusted: the nonlinearity guard (非线性提醒).
    Beyond {
        /// Source and precursor.
        at: String,
        /// Cut over emission, per mille.
        cut_permille: u32,
        /// Trusted up to, per mille.
        trusted_permille: u32,
    },
    /// A cut of a source or precursor that the matrix does not have; its effect is not known, not zero.
    NotInMatrix(String),
    /// A cut whose emission is not given, so that the guard can't judge it.
    NoBase(String),
    /// A day of which only some hours are there; left out.
    PartDay(String),
    /// A city outside the grid; left out.
    Outside(String),
    /// What was assumed to read the file as responses.
    Assumed(String),
    /// A column of a table that means nothing here.
    Ignored(String),
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |permille: &u32| f64::from(*permille) / 10.0;
        match self {
            Note::Beyond { at, cut_permille, trusted_permille } => write!(
                f,
                "X-401 {at}: a cut of {} % of the emission; the response is trusted up to {} %",
                share(cut_permille),
                share(trusted_permille)
            ),
            Note::NotInMatrix(at) => {
                write!(f, "X-402 {at}: not in the matrix; its effect is not known and not counted")
            }
            Note::NoBase(at) => {
                write!(f, "X-403 {at}: the emission is not given; whether the cut is in range is not known")
            }
            Note::PartDay(what) => write!(f, "X-404 {what}"),
            Note::Outside(what) => write!(f, "X-405 {what}: outside the grid; left out"),
            Note::Assumed(what) => write!(f, "X-406 {what}"),
            Note::Ignored(what) => write!(f, "X-407 {what} means nothing here and was ignored"),
        }
    }
}
