use serde::{Deserialize, Serialize};
use std::fmt;
use units::{BeijingHour, Pollutant};

/// What a reader of a run must know (提示): the run was made on what was good, and says what was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// The model has seen hours at or after the issue: this is no honest forecast.
    ModelKnowsLater {
        /// [`crate::Model::trained_until`].
        trained_until: BeijingHour,
    },
    /// The newest observation is older than the hour before the issue.
    Stale {
        /// Its hour.
        last: BeijingHour,
    },
    /// A pollutant the model cannot forecast for want of training hours.
    NotForecast {
        /// The pollutant.
        pollutant: Pollutant,
    },
    /// A pollutant that is missing from the run of one city for want of recent hours; its AQI goes without.
    Missing {
        /// The city.
        city: String,
        /// The pollutant.
        pollutant: Pollutant,
    },
    /// A city whose last 24 hours of a pollutant are one and the same value: a stuck series.
    Stuck {
        /// The city.
        city: String,
        /// The pollutant.
        pollutant: Pollutant,
    },
    /// A further predictor of the model that is missing at the issue: the run is the model's without any of them.
    WithoutExtra {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flag::ModelKnowsLater { trained_until } => {
                write!(f, "the model was trained until {trained_until}, after the issue: this is no honest forecast")
            }
            Flag::Stale { last } => write!(f, "the newest observation is of {last}"),
            Flag::NotForecast { pollutant } => write!(f, "{} is not forecast by this model", pollutant.code()),
            Flag::Missing { city, pollutant } => {
                write!(f, "{city}: {} is not forecast for want of recent hours", pollutant.code())
            }
            Flag::WithoutExtra { name } => {
                write!(f, "{name} is missing: the run is made without further predictors")
            }
            Flag::Stuck { city, pollutant } => {
                write!(f, "{city}: {} has stood still for 24 hours", pollutant.code())
            }
        }
    }
}
