//! The words of a consultation in the API's description, from the lists that the domain keeps.

use ::consult::{Confidence, RoomKind, RoomState};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// `daily`, `urgent`, `joint`.
pub(super) fn kind() -> Object {
    one_of(RoomKind::ALL.map(RoomKind::as_str))
}

/// `open`, `concluded`, `signed`, `superseded`, `cancelled`.
pub(super) fn state() -> Object {
    one_of(RoomState::ALL.map(RoomState::as_str))
}

/// `low`, `medium`, `high`.
pub(super) fn confidence() -> Object {
    one_of(Confidence::ALL.map(Confidence::as_str))
}

/// A text out of a list.
pub(crate) fn one_of<const N: usize>(words: [&'static str; N]) -> Object {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words)).build()
}
