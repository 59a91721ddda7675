//! The emergency reduction list (重污染天气应急减排清单): entries, measures, grades, and what can lawfully be ordered.
//!
//! Values in, values out: workbooks and tables come as bytes, responses and scenarios as plain matrices.

mod amounts;
mod cell;
mod demo;
mod diff;
mod entry;
mod head;
mod import;
mod inventory;
mod join;
mod lawful;
mod marked;
mod permits;
mod phrase;
mod plants;
mod profile;
mod reconcile;
mod row;
mod scheme;
mod sheet;
mod value;
mod workbook;

#[cfg(test)]
mod testing;

pub use amounts::{Amounts, Precursor};
pub use cell::CellFault;
pub use demo::demonstration;
pub use diff::{ChangedField, ChangedRecord, ChangedTotal, ListDiff, diff};
pub use entry::{BaselineBasis, Companion, CompanionKind, Entry, Grade, Graded, Measure};
pub use import::{ImportOptions, ImportReport, Imported, SheetReport, import_xlsx};
pub use inventory::{InventoryTotal, Sector, read_meic, read_reas};
pub use join::{Joined, Responses, Scenarios, instance, minima};
pub use lawful::{CostBasis, Excluded, Lawful, Offer, lawful};
pub use permits::read_key_sources;
pub use phrase::{Action, Clause, PhraseFault, parse};
pub use plants::{PowerPlant, WRI_ATTRIBUTION, read_power_plants};
pub use profile::{Layer, ProfileSource, Profiles};
pub use reconcile::{CityTotal, Reconciliation, SectorGap, reconcile};
pub use scheme::{Barrier, Duty, Scheme, Source, Stance};
pub use sheet::sheet;
pub use value::{LIST_FORMAT, List};
