//! Tree and accounts as a workbook (xlsx): out, in with a dry run, and the copy that marks what was refused.
//!
//! Two sheets, one row a thing. What a sheet leaves out stays as it is; a column that is not there is not changed.

mod check;
mod layout;
mod plan;
mod read;
mod write;

pub use layout::{ACCOUNTS, Cells, ORGANISATIONS, Sheet, Sheets};
pub use plan::{AccountRow, CellFault, Change, Changes, Existing, ImportPlan, plan_import};
pub use read::read;
pub use write::{marked_copy, write};

#[cfg(test)]
mod tests;
