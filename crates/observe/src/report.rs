use serde::Serialize;

/// Refusals that are listed one by one; further ones are counted.
pub const MAX_REFUSALS: usize = 1000;

/// What an import read, kept and refused (导入报告).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Layout recognised, for example `cnemc-city`.
    pub format: &'static str,
    /// Series the values belong to, for example `cnemc-city`.
    pub source: String,
    /// Data rows (features, elements) read, header not counted.
    pub rows_read: u64,
    /// Values handed on, flagged ones included.
    pub kept: u64,
    /// Of these, values outside the instrument's range, handed on as invalid.
    pub flagged: u64,
    /// Values the source marks as missing, handed on as missing.
    pub missing: u64,
    /// Sites handed on.
    pub sites: u64,
    /// Rows dropped because they repeat an earlier one exactly.
    pub duplicates: u64,
    /// Rows and cells refused.
    pub refused: u64,
    /// The first refusals, with their place and reason.
    pub refusals: Vec<Refusal>,
    /// Traps met and how they were handled, one sentence each, without repeats.
    pub notes: Vec<String>,
    /// SHA-256 of the bytes as received, in hexadecimal.
    pub sha256: String,
}

/// One row or cell that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Line in the file, counted from 1 with the header; element number in JSON, XML and Parquet.
    pub line: u64,
    /// Column by its name in the file, when one cell is at fault.
    pub column: Option<String>,
    /// Code and reason.
    pub reason: String,
    /// The offending text, shortened.
    pub text: String,
}
