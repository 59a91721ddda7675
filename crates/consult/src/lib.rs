//! Consultations (会商): rooms with their material, bids that stay hidden until one's own is in, the conclusion and its
//! sign-off by a second person, the official forecast with its corrections, and how often to meet.
//!
//! Pure: a command and what is known come in, events and what is to follow come out. Data, model numbers and weights
//! are values that the caller gives; times come in as `now`. Nothing here issues a warning or computes a forecast.

mod action;
mod bid;
mod call;
mod command;
mod conclusion;
mod decide;
mod effects;
mod error;
mod guest;
mod material;
mod prefill;
mod publication;
mod room;
mod rule;
mod sight;
mod step;
mod tempo;
mod tempo_log;
mod text;

pub use action::{actions, insider, permit, permit_new};
pub use bid::{Bid, BidCommand, BidEvent, Entered, Participant, RoomStanding};
pub use call::{Confidence, DayCall, LAST_LEAD, LEAST_LEADS};
pub use command::{Opening, RoomCommand, RoomEvent};
pub use conclusion::{ConcludedDay, Conclusion, Considered, Official, PastBids, Prefilled};
pub use effects::{REMIND, SUPERSEDE, timer_room};
pub use error::ConsultError;
pub use guest::{GuestLink, MOST_GUEST_DAYS};
pub use material::{CityMaterial, Material, MemberMaterial, MemberState, ModelDay, RunMaterial, RunState};
pub use prefill::{Weighted, prefill};
pub use publication::{Publication, publication};
pub use room::{Room, RoomKind, RoomState, Words};
pub use rule::{TempoRule, TempoStep, Thresholds};
pub use sight::{BidSight, Viewer, bid_sight};
pub use step::Step;
pub use tempo::{EpisodeProbabilities, Peak, TempoPlan, TempoStanding, tempo};
pub use tempo_log::{TEMPO, Tempo, TempoCommand, TempoEvent, tempo_owner};

#[cfg(test)]
mod tests;
