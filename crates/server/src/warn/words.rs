//! The words of a warning in the API's description, from the lists that the domain keeps.

use crate::consult::one_of;
use ::warn::{Cause, Change, Gate, WarningState};
use std::borrow::Cow;
use units::WarningLevel;
use utoipa::openapi::schema::Object;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident($schema:literal): $all:expr;)*) => {
        $($(#[doc = $doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words: Object = one_of($all);
                Schema::Object(words).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($schema)
            }
        })*
    };
}

words! {
    /// `yellow`, `orange`, `red`.
    LevelWord("WarningLevel"): WarningLevel::ALL.map(WarningLevel::code);
    /// `pm25`, `ozone`, `dust`, `wildfire_smoke`, `blown_dust`, `cross_border`.
    CauseWord("WarningCause"): Cause::ALL.map(Cause::as_str);
    /// `issue`, `raise`, `lower`, `extend`, `lift`, `withdraw`.
    ChangeWord("WarningChange"): Change::ALL.map(Change::as_str);
    /// `assessment`, `sign_off`, `issue`.
    GateWord("WarningGate"): Gate::ALL.map(Gate::as_str);
    /// `proposed`, `in_force`, `lifted`, `withdrawn`, `dropped`, `summarised`.
    StateWord("WarningState"): WarningState::ALL.map(WarningState::as_str);
}
