/// What the receiver of records says when it can't take one, for example a full disk.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Why a whole file was not imported. The caller stores nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// No bytes, or nothing but white space.
    #[error("O-101 {file}: the file is empty; nothing was kept")]
    Empty {
        /// Name of the file.
        file: String,
    },
    /// The compressed stream ends early or is damaged.
    #[error("O-102 {file}: the gzip stream breaks off or is damaged after line {line}; nothing was kept")]
    Gzip {
        /// Name of the file.
        file: String,
        /// Last line that could be read.
        line: u64,
    },
    /// Bytes that are no text and no binary layout known here.
    #[error("O-103 {file}: binary data of an unknown kind; nothing was kept")]
    Binary {
        /// Name of the file.
        file: String,
    },
    /// Text whose layout is none of the known ones.
    #[error("O-104 {file}: no known layout; line 1 begins {first_line:?}; nothing was kept")]
    UnknownLayout {
        /// Name of the file.
        file: String,
        /// Beginning of the first line.
        first_line: String,
    },
    /// A column that the layout can't do without.
    #[error("O-105 {file}: line {line}: the layout {layout} needs a column {column:?}; nothing was kept")]
    MissingColumn {
        /// Name of the file.
        file: String,
        /// Line of the header.
        line: u64,
        /// The layout recognised.
        layout: &'static str,
        /// The column that is not there.
        column: String,
    },
    /// A line longer than any real one.
    #[error("O-106 {file}: line {line} is longer than {limit} bytes; nothing was kept")]
    LineTooLong {
        /// Name of the file.
        file: String,
        /// The line.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// A line with more fields than any real one.
    #[error("O-107 {file}: line {line} has more than {limit} fields; nothing was kept")]
    TooManyFields {
        /// Name of the file.
        file: String,
        /// The line.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// The file can't be opened or read.
    #[error("O-108 {file}: can't be read: {source}; nothing was kept")]
    Io {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// CO values that make sense only in another unit than the layout's.
    #[error(
        "O-109 {file}: CO is due in {unit}, but {doubtful} of {total} values make no sense in it; nothing was kept"
    )]
    UnitDoubtful {
        /// Name of the file.
        file: String,
        /// The unit the layout states.
        unit: &'static str,
        /// Values outside what air can hold in that unit.
        doubtful: u64,
        /// Values seen.
        total: u64,
    },
    /// A document (JSON, XML, binary XML, Parquet) that breaks its own grammar.
    #[error("O-110 {file}: damaged {layout} at {at}: {what}; nothing was kept")]
    Damaged {
        /// Name of the file.
        file: String,
        /// The layout recognised.
        layout: &'static str,
        /// Where: a line and column, or a byte offset.
        at: String,
        /// What is wrong there.
        what: String,
    },
    /// A column named twice.
    #[error("O-111 {file}: line {line}: two columns are named {column:?}; nothing was kept")]
    RepeatedColumn {
        /// Name of the file.
        file: String,
        /// Line of the header.
        line: u64,
        /// The name.
        column: String,
    },
    /// A document too large to be held in memory, where its layout leaves no other way.
    #[error("O-112 {file}: larger than {limit} bytes, which is the limit for {layout}; nothing was kept")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The layout recognised.
        layout: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// The receiver of records failed.
    #[error("O-113 {file}: storing failed: {source}; nothing was kept")]
    Sink {
        /// Name of the file.
        file: String,
        /// What the receiver said.
        source: SinkError,
    },
    /// A demonstration file can't be written.
    #[error("O-114 {file}: can't be written: {what}")]
    Write {
        /// Name of the file.
        file: String,
        /// What went wrong.
        what: String,
    },
}

/// Why one row or one cell was refused; the rest of the file goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum RowFault {
    /// A date the calendar doesn't have, or in another notation than the layout's.
    #[error("O-201 no such date")]
    Date,
    /// An hour outside 0 to 23.
    #[error("O-202 no such hour")]
    Hour,
    /// A cell that is neither a number nor a known missing mark.
    #[error("O-203 not a number")]
    Number,
    /// A number too large for a concentration.
    #[error("O-204 number too large")]
    TooLarge,
    /// Fewer or more fields than the header.
    #[error("O-205 another number of fields than the header")]
    FieldCount,
    /// Bytes that are neither UTF-8 nor GBK, or control characters.
    #[error("O-206 neither UTF-8 nor GBK text")]
    Encoding,
    /// A second row for the same site and hour with other values; the first one was kept.
    #[error("O-207 repeats a site and hour with other values; the first was kept")]
    Conflict,
    /// Sub-indices in place of concentrations.
    #[error("O-208 sub-indices, not concentrations; not stored")]
    SubIndex,
    /// Mixing ratios without the temperature and pressure that a conversion needs.
    #[error("O-209 mixing ratio (ppb, ppm) without a reference temperature and pressure; not stored")]
    MixingRatio,
    /// A site code that is empty, too long or has control characters.
    #[error("O-210 not a site code")]
    Site,
    /// Coordinates that lie nowhere on Earth.
    #[error("O-211 not a coordinate")]
    Coordinate,
    /// An opening quote without its end on the same line.
    #[error("O-212 unbalanced quote")]
    Quote,
    /// A position that is not where the city of that name lies.
    #[error("O-213 far from the city of this name")]
    Place,
}
