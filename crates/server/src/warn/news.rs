//! Who hears of what happens to a warning.

use super::subject::Subject;
use crate::auth::Person;
use crate::{AppState, ServerError};
use org::Right;

/// What those hear of who were given the documents.
const OUTSIDE: &str = "issued";

/// Whether a person hears that this happened to a warning: a draft is nobody's business outside the house.
pub(crate) async fn hears(state: &AppState, person: &Person, warning: &str, name: &str) -> Result<bool, ServerError> {
    if !person.may(Right::WarningRead) {
        return Ok(false);
    }
    match Subject::seen(state, person, warning).await {
        Ok(subject) => Ok(subject.insider || name == OUTSIDE),
        Err(ServerError::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
