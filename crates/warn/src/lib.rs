//! Heavy-pollution warnings (重污染天气预警): plans as data, the rule engine that reads joint trajectories by them, and
//! the life of a warning through its gates.
//!
//! The engine proposes, people decide: assessment and sign-off are two persons, each on a frozen copy of the forecast
//! and the plan. Knows no clock, no file, no network and no database.

mod action;
mod basis;
mod bundled;
mod check;
mod command;
mod decide;
mod delivery;
mod draft;
mod effects;
mod engine;
mod error;
mod index;
mod outcome;
mod plan;
mod plan_record;
mod rules;
mod series;
mod step;
mod warning;
mod words;

pub use action::{Action, actions, insider, owned, permit, permit_new};
pub use basis::{Basis, CauseResponse, CityBasis, CoursePoint, Linkage, PlanBasis, Prompter, RunBasis};
pub use bundled::plan_in_force;
pub use check::{check, check_indexed};
pub use command::{Found, Proposing, WarningCommand, WarningEvent};
pub use delivery::{BY_HAND, Deliveries, DeliveryCommand, DeliveryEvent};
pub use draft::{Cause, Change, Draft, Gate, Passed, Prompt, Terms};
pub use effects::{DELIVER, GATE, REMIND, timer_warning};
pub use error::{Departure, WarnError};
pub use outcome::{Check, CityCheck, Probability, Quantiles, RegionCheck, level_or_none};
pub use plan::{Condition, Late, LevelRule, Plan, Policy, Reduction, Response, Rule, Source, Window};
pub use plan_record::{
    PlanCommand, PlanEvent, PlanRecord, PlanRecordState, Trial, TrialRow, TrialSide, known_plans,
};
pub use series::{Indexed, NO_INDEX};
pub use step::Step;
pub use warning::{Delivery, Issued, Summary, Warning, WarningState};

#[cfg(test)]
mod tests;
