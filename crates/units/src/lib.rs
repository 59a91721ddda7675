//! Quantities, pollutants, region codes, ids, Beijing time and readings.
//!
//! The words every other crate speaks. Nothing here knows a standard, a database or a clock.

mod concentration;
mod emission;
mod id;
mod index;
mod pollutant;
mod reading;
mod region;
mod rounding;
mod time;

pub use concentration::{Concentration, ConcentrationError, MassUnit};
pub use emission::{KilogramPerDay, TonnePerYear};
pub use id::{AccountId, ConsultationId, IdError, MatterId, OrgId, WarningId};
pub use index::{Aqi, AqiLevel, Iaqi, IndexError, Percent, Share, WarningLevel};
pub use pollutant::{Pollutant, UnknownPollutant};
pub use reading::{Flag, Missing, Reading};
pub use region::{CodeError, RegionCode, RegionLevel, SiteCode};
pub use rounding::{ceil_div, round_half_even};
pub use rust_decimal::Decimal;
pub use time::{BeijingDay, BeijingHour, Instant, TimeError};
