//! A step as answers offer it: of a matter, a consultation, a warning.

use org::Action;
use serde::Serialize;
use utoipa::ToSchema;

/// A step that is offered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionLine {
    /// The last word of its address, for example `POST /api/v1/matters/{id}/{action}`.
    id: &'static str,
    label: &'static str,
    label_en: &'static str,
    allowed: bool,
    /// Why not; empty when it is allowed.
    why: &'static str,
    why_en: &'static str,
}

impl From<Action> for ActionLine {
    fn from(action: Action) -> ActionLine {
        let Action { id, label, label_en, allowed, why, why_en } = action;
        ActionLine { id, label, label_en, allowed, why, why_en }
    }
}
