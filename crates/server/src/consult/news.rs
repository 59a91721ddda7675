//! Who hears of what happens in a room.

use super::subject::Subject;
use crate::auth::Person;
use crate::{AppState, ServerError};
use ::consult::BidSight;
use org::Right;

/// What happens to a bid, as the log calls it.
const BID: &str = "bid_entered";
/// What those hear of who were given the signed conclusion.
const OUTSIDE: [&str; 2] = ["signed", "superseded"];
/// What changes nothing that a page shows, and would tell that bids are missing.
const SILENT: &str = "reminded";

/// Whether a person hears that this happened in a room: whoever does not see how many bids there are does not hear of
/// a new one either.
pub(crate) async fn hears(state: &AppState, person: &Person, room: &str, name: &str) -> Result<bool, ServerError> {
    if name == SILENT || !person.may(Right::ConsultRead) {
        return Ok(false);
    }
    let subject = match Subject::seen(state, person, room).await {
        Ok(subject) => subject,
        Err(ServerError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    match name {
        BID => Ok(subject.bids(state, person).await?.sight != BidSight::Own),
        _ => Ok(subject.insider || OUTSIDE.contains(&name)),
    }
}
