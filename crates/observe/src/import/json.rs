//! What the JSON layouts share.

use super::input::Input;
use crate::ObserveError;

/// How reading a streamed JSON document ended: the receiver's own `failure` speaks first, then what broke the
/// document, with its place.
pub(super) fn concluded(
    input: &Input<'_>,
    layout: &'static str,
    failure: Option<ObserveError>,
    outcome: Result<(), serde_json::Error>,
) -> Result<(), ObserveError> {
    match (failure, outcome) {
        (Some(failure), _) => Err(failure),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) if error.is_io() => Err(input.fault(error.line() as u64, error.into())),
        (None, Err(error)) => Err(ObserveError::Damaged {
            file: input.name.clone(),
            layout,
            at: format!("line {} column {}", error.line(), error.column()),
            what: error.to_string(),
        }),
    }
}
