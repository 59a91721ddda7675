//! What is said of one city and day, as it is sent and told.

use ::consult::{Confidence, DayCall, Entered, Material, Prefilled};
use serde::{Deserialize, Serialize};
use units::{Aqi, BeijingDay, Instant, Pollutant, RegionCode};
use utoipa::ToSchema;

/// What is said of one city and day.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallBody {
    /// The city, GB/T 2260.
    #[schema(value_type = String)]
    city: RegionCode,
    /// Days after the day of the issue time, 1 to 7.
    lead: u8,
    /// Lower end of the AQI range, 0 to 500.
    #[schema(value_type = u16)]
    lo: Aqi,
    /// Upper end.
    #[schema(value_type = u16)]
    hi: Aqi,
    /// Primary pollutants, for example `PM2_5`; none up to AQI 50.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    primary: Vec<Pollutant>,
    #[serde(default)]
    #[schema(schema_with = super::words::confidence, required = false)]
    confidence: Confidence,
    /// Why; in a conclusion, why it departs from the bids.
    #[serde(default)]
    reason: String,
}

/// What is said of one city and day, with what follows from it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallView {
    city: String,
    name: String,
    lead: u8,
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    lo: u16,
    hi: u16,
    /// Levels that the range touches, 1 to 6.
    levels: Vec<u8>,
    primary: Vec<&'static str>,
    #[schema(schema_with = super::words::confidence)]
    confidence: &'static str,
    reason: String,
}

/// A bid (会商意见).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BidView {
    /// The account, or `guest`.
    account: Option<String>,
    /// What the participant is called.
    participant: String,
    /// Its version; earlier ones are kept in the event log.
    number: u32,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    days: Vec<CallView>,
}

/// What the bids give for one city and day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PrefilledView {
    city: String,
    lead: u8,
    lo: u16,
    hi: u16,
    primary: Vec<&'static str>,
    #[schema(schema_with = super::words::confidence)]
    confidence: &'static str,
    /// From how many bids; 0 for the run alone.
    bids: u32,
}

impl From<CallBody> for DayCall {
    fn from(body: CallBody) -> DayCall {
        let CallBody { city, lead, lo, hi, primary, confidence, reason } = body;
        DayCall { city, lead, lo, hi, primary, confidence, reason }
    }
}

impl CallView {
    pub(super) fn of(call: &DayCall, material: &Material) -> CallView {
        CallView {
            city: call.city.to_string(),
            name: material.city(call.city).map_or_else(|| call.city.to_string(), |city| city.name.clone()),
            lead: call.lead,
            date: material.date(call.lead),
            lo: call.lo.get(),
            hi: call.hi.get(),
            levels: call.levels().iter().map(|level| level.number()).collect(),
            primary: call.primary.iter().map(|one| one.code()).collect(),
            confidence: call.confidence.as_str(),
            reason: call.reason.clone(),
        }
    }
}

impl BidView {
    pub(super) fn of(bid: &Entered, name: String, material: &Material) -> BidView {
        BidView {
            account: match &bid.participant {
                ::consult::Participant::Account(id) => Some(id.to_string()),
                ::consult::Participant::Guest(_) => None,
            },
            participant: name,
            number: bid.number,
            at: bid.at,
            days: bid.days.iter().map(|call| CallView::of(call, material)).collect(),
        }
    }
}

impl From<&Prefilled> for PrefilledView {
    fn from(given: &Prefilled) -> PrefilledView {
        PrefilledView {
            city: given.city.to_string(),
            lead: given.lead,
            lo: given.lo.get(),
            hi: given.hi.get(),
            primary: given.primary.iter().map(|one| one.code()).collect(),
            confidence: given.confidence.as_str(),
            bids: given.bids,
        }
    }
}
