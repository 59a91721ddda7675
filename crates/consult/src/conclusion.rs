use crate::{Confidence, DayCall, Participant, Publication};
use serde::{Deserialize, Serialize};
use units::{AccountId, Aqi, BeijingDay, Instant, Pollutant, RegionCode};

/// The conclusion of a consultation (会商结论), of which there may be several versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusion {
    /// Version, from 1.
    pub number: u32,
    /// By city and day.
    pub days: Vec<ConcludedDay>,
    /// The opinion as a whole.
    pub text: String,
    /// Why it was corrected; empty in the first version.
    pub correction: String,
    /// Who wrote it.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// The bids it was made from, and what each weighed.
    pub considered: Vec<Considered>,
    /// What is published, made from the numbers.
    pub publication: Publication,
}

/// One city and day of a conclusion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConcludedDay {
    /// What is concluded; its reason says why it departs from what was prefilled.
    pub call: DayCall,
    /// What the bids gave.
    pub prefilled: Option<Prefilled>,
}

/// What bids or, without any, the run give for one city and day (预填).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefilled {
    /// The city.
    pub city: RegionCode,
    /// The lead day.
    pub lead: u8,
    /// Lower end of the range.
    pub lo: Aqi,
    /// Upper end of the range.
    pub hi: Aqi,
    /// Primary pollutants.
    pub primary: Vec<Pollutant>,
    /// How surely.
    pub confidence: Confidence,
    /// From how many bids; 0 for the run alone.
    pub bids: u32,
}

/// A bid that was considered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    /// Whose.
    pub participant: Participant,
    /// Its version.
    pub number: u32,
    /// What it weighed.
    pub weight: f64,
    /// What the weight was made from; `None` in conclusions of a time when all bids weighed alike.
    #[serde(default)]
    pub past: Option<PastBids>,
}

/// How well the bids of a participant did before (以往意见评分), the ground of a weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastBids {
    /// First target day.
    pub from: BeijingDay,
    /// Last target day.
    pub to: BeijingDay,
    /// City days that were scored.
    pub cases: u32,
    /// Interval score of the bids over that of climatology on the same city days: 1 is as good, smaller is better.
    /// `None` without a case.
    pub loss: Option<f64>,
}

/// A signed conclusion: the official forecast (正式预报).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Official {
    /// What was signed.
    pub conclusion: Conclusion,
    /// Who signed.
    pub signed_by: AccountId,
    /// When.
    pub signed_at: Instant,
}

impl Prefilled {
    /// Whether a call says the same of the air.
    pub fn is(&self, call: &DayCall) -> bool {
        self.lo == call.lo && self.hi == call.hi && self.primary == call.primary
    }
}
