use crate::VerifyError;
use crate::rules::{Source, day, read};
use serde::Deserialize;
use std::sync::LazyLock;
use units::BeijingDay;

/// What is believed before anything was verified (确定性先验), as data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Identifier.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// First day.
    #[serde(deserialize_with = "day")]
    pub effective_from: BeijingDay,
    /// When it was last looked at.
    #[serde(deserialize_with = "day")]
    pub checked_on: BeijingDay,
    /// How sure it is.
    pub confidence: String,
    /// Where it comes from.
    pub source: Source,
    /// Mean share delivered.
    pub mean: f64,
    /// How many enterprises that opinion is worth.
    pub enterprises: f64,
    /// How alike enterprises of one industry are, in lines.
    pub alike_lines: f64,
    /// Spread of its logarithm.
    pub alike_spread: f64,
    /// How much an enterprise differs from order to order, 0 to 1.
    pub unsteady: f64,
    /// How many lines that opinion is worth.
    pub unsteady_lines: f64,
}

static BUNDLED: LazyLock<Prior> = LazyLock::new(|| {
    Prior::parse("certainty-2026.toml", include_str!("../../../../data/verify/certainty-2026.toml"))
        .expect("the file is part of the program and a test reads it")
});

impl Prior {
    /// The one that comes with the program.
    pub fn bundled() -> &'static Prior {
        &BUNDLED
    }

    /// Reads one; refuses `V-101`.
    pub fn parse(file: &str, text: &str) -> Result<Prior, VerifyError> {
        let prior: Prior = read(file, text)?;
        let inside = |value: f64| value > 0.0 && value < 1.0;
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let checks = [
            ("mean", inside(prior.mean)),
            ("enterprises", positive(prior.enterprises)),
            ("alike_lines", positive(prior.alike_lines)),
            ("alike_spread", positive(prior.alike_spread)),
            ("unsteady", inside(prior.unsteady)),
            ("unsteady_lines", positive(prior.unsteady_lines)),
        ];
        match checks.iter().find(|(_, good)| !good) {
            Some((name, _)) => Err(VerifyError::data(file, format!("{name} is out of its range"))),
            None => Ok(prior),
        }
    }
}
