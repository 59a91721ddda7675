/// Why a forecast was not made.
///
/// Too little history is a refusal that names what is there and what is needed; nothing is guessed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ForecastError {
    /// The arrays of a history do not have the length its cities and hours demand.
    #[error("F-101 history of {cities} cities and {hours} hours has a series of {found} values")]
    Shape {
        /// Cities of the history.
        cities: usize,
        /// Hours of the history.
        hours: usize,
        /// Length of the series that does not fit.
        found: usize,
    },
    /// Fewer usable issue days than a model needs.
    #[error("F-102 too little history to train: {found} usable issue days before {until}, {needed} are needed")]
    TooFewDays {
        /// Days that have predictors and all target days.
        found: usize,
        /// The smallest number a model is trained on.
        needed: usize,
        /// The training bound.
        until: String,
    },
    /// No city has enough hours of the last thirty days.
    #[error(
        "F-103 too few recent observations to issue at {at}: {found} of {cities} cities have {needed} hours of PM2.5 in the last 30 days and one of the last 24; half of the cities are needed"
    )]
    TooFewCities {
        /// The issue time.
        at: String,
        /// Cities with enough hours.
        found: usize,
        /// Cities of the model.
        cities: usize,
        /// Hours a city needs.
        needed: usize,
    },
    /// The model was trained for another hour of the day.
    #[error("F-104 the model issues at {expected:02}:00, not at {at}")]
    IssueHour {
        /// The hour label the model was trained for.
        expected: u8,
        /// The issue time asked for.
        at: String,
    },
    /// A run of no members.
    #[error("F-105 a run needs at least {needed} members, not {found}")]
    Members {
        /// The smallest ensemble.
        needed: usize,
        /// Members asked for.
        found: usize,
    },
    /// Bytes that are no model or run of this version.
    #[error("F-106 not a {kind} of this version of the program: {reason}")]
    NotReadable {
        /// `model` or `run`.
        kind: &'static str,
        /// What the bytes lack.
        reason: String,
    },
    /// A configuration file that cannot be used.
    #[error("F-107 range rule {file}: {reason}")]
    RangeRule {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing to score.
    #[error("F-108 no forecast day has an observation to be scored against")]
    NothingToScore,
    /// A training set whose predictors do not determine a model.
    #[error("F-109 the training data do not determine a model (singular system); are all series constant?")]
    Singular,
    /// A label that is no hour of the day.
    #[error("F-110 there is no issue hour {found}; labels run from 1 to 24")]
    NoHour {
        /// The label asked for.
        found: u8,
    },
    /// Each pollutant has enough issue days, but they hardly have days in common.
    #[error(
        "F-115 too little history to train: the pollutants share {found} issue days before {until}, {needed} are needed"
    )]
    TooFewCommonDays {
        /// Days on which every forecast pollutant has its hours.
        found: usize,
        /// The smallest number.
        needed: usize,
        /// The training bound.
        until: String,
    },
    /// The issue time lies in the future of the observations.
    #[error(
        "F-116 {at} lies in the future of the observations: the last hour with PM2.5 is {last}, an issue needs one of the 24 hours before it"
    )]
    AheadOfData {
        /// The issue time.
        at: String,
        /// The last hour with a value.
        last: String,
    },
    /// A file of episode definitions that cannot be used.
    #[error("F-141 episode definitions {file}: {reason}")]
    EpisodeDefinitions {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
}
