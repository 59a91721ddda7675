//! What each bid weighs in the prefilled conclusion.

use ::consult::{Entered, Weighted};

/// Every bid weighs the same as long as there are no scores of past bids to tell them apart.
pub(super) fn weighted(bids: Vec<Entered>) -> Vec<Weighted> {
    bids.into_iter().map(|bid| Weighted { bid, weight: 1.0 }).collect()
}
