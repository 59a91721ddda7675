//! Forecasts of people beside what was observed: bids of forecasters and conclusions of consultations.

use super::pairs::{Pairs, Target};
use super::verification::Source;
use crate::{AppState, ServerError};

/// The pairs of what people said of the target days.
///
/// The records of consultations are not kept by this server yet, so that there is nothing to be scored: the answers
/// then say `none yet`.
pub(super) async fn of_people(_: &AppState, _: Source, _: Target) -> Result<Pairs, ServerError> {
    Ok(Pairs::default())
}
