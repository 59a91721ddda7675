use serde::Serialize;

/// A step as it is offered to one person on one thing: a matter, a consultation, a warning (可进行的操作).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Stable text, as in the API's path.
    pub id: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// English label.
    pub label_en: &'static str,
    /// Whether it can be taken.
    pub allowed: bool,
    /// Why not, in Chinese; empty when it can.
    pub why: &'static str,
    /// Why not, in English.
    pub why_en: &'static str,
}

impl Action {
    /// A step that can be taken unless there is an obstacle; label and obstacle in Chinese and in English.
    pub fn offered(
        id: &'static str,
        (label, label_en): (&'static str, &'static str),
        obstacle: Option<(&'static str, &'static str)>,
    ) -> Action {
        let (why, why_en) = obstacle.unwrap_or_default();
        Action { id, label, label_en, allowed: why.is_empty(), why, why_en }
    }
}
