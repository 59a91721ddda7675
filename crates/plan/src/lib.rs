//! The robust plan: the cheapest lawful set of reductions that meets the need in the demanded share of scenarios, given how
//! surely each is carried out, with a proven bound on how much cheaper any plan could be.
//!
//! Knows no clock, no file name and no database; the same instance, effort and seed give the same plan.

mod additions;
mod certainty;
mod check;
mod error;
mod explore;
mod instance;
pub mod list;
mod read;
mod solve;

pub use additions::Additions;
pub use certainty::{
    CertaintyPrice, FreshAttainment, FreshShare, clopper_pearson_lower, evaluate_fresh, price_of_certainty,
};
pub use check::{Checked, Chosen, check};
pub use error::PlanError;
pub use explore::{Carrier, carriers, solve_without};
pub use instance::{
    FORMAT, Instance, InstanceFile, LegalMinimum, MOST_CONDITIONS, MOST_OPTIONS, Measure, Receptor, ResponseList,
    Source, TOLERANCE,
};
pub use read::{read, read_additions, read_chosen};
pub use solve::{CostSplit, Effort, GapParts, Plan, Status, Unmet, UnmetLegal, WORK_PER_SECOND, solve};
