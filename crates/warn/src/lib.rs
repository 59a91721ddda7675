//! Heavy-pollution warnings (重污染天气预警): plans as data, the rule engine that reads joint trajectories by them, and
//! the life of a warning through its gates.
//!
//! The engine proposes, people decide: assessment and sign-off are two persons, each on a frozen copy of the forecast
//! and the plan. Knows no clock, no file, no network and no database.

mod action;
mod atom;
mod basis;
mod bundled;
mod cap;
mod check;
mod command;
mod decide;
mod delivery;
mod diff;
mod draft;
mod effects;
mod engine;
mod error;
mod faults;
mod freeze;
mod index;
mod late;
mod lift;
mod notice;
mod outcome;
mod plan;
mod plan_record;
mod policy;
mod prefill;
mod review;
mod rules;
mod series;
mod step;
mod trial;
mod validate;
mod warning;
mod watch;
mod words;

pub use action::{actions, insider, permit, permit_new};
pub use atom::atom;
pub use basis::{Basis, CauseResponse, CityBasis, CoursePoint, Linkage, PlanBasis, Prompter, RunBasis};
pub use bundled::plan_in_force;
pub use cap::{Area, Sender, cap, identifier};
pub use check::{check, check_indexed};
pub use command::{Found, Proposing, WarningCommand, WarningEvent};
pub use delivery::{BY_HAND, Deliveries, DeliveryCommand, DeliveryEvent};
pub use diff::PlanChange;
pub use draft::{Cause, Change, Draft, Gate, Passed, Prompt, Terms};
pub use effects::{DELIVER, GATE, REMIND, timer_warning};
pub use error::{Departure, WarnError};
pub use faults::CourseFlag;
pub use freeze::{CityNow, freeze};
pub use late::late_detected;
pub use lift::{LiftOutlook, earliest_lift, if_lifted};
pub use notice::notice;
pub use outcome::{Check, CityCheck, Probability, Quantiles, RegionCheck, level_or_none};
pub use plan::{Condition, Late, LevelRule, Plan, Policy, Reduction, Response, Rule, Source, Window};
pub use plan_record::{
    FORECAST_HOURS, PlanCommand, PlanEvent, PlanRecord, PlanRecordState, Trial, TrialRow, TrialSide, known_plans,
};
pub use policy::{Saying, Steadiness, SteadySaying, sayings, steady};
pub use prefill::{NoTerms, prefill};
pub use review::{CityReview, EpisodeReview, ReviewSum, Standing, perfect, review, sum};
pub use series::{Indexed, NO_INDEX};
pub use step::Step;
pub use trial::{standings, trial_side};
pub use validate::PlanFault;
pub use warning::{Delivery, Issued, Summary, Warning, WarningState};
pub use watch::{Watch, WatchCommand, WatchEvent};

#[cfg(test)]
mod tests;
