use serde::Serialize;
use std::collections::BTreeMap;
use units::{BeijingDay, Decimal, SiteCode};

/// The evaluation of a period, as `qingkong evaluate` writes it.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Editions of the index, joined with `|` when the period straddles two.
    pub standard: String,
    /// First day.
    pub from: BeijingDay,
    /// Last day.
    pub to: BeijingDay,
    /// Edition of the evaluation rules, for example `HJ 663-2026`.
    pub rules: &'static str,
    /// Set of limits, for example `gb3095-2026-transitional`.
    pub limits: &'static str,
    /// Rule of the composite index and its weights.
    pub index_rule: String,
    /// Sand-dust convention of the main figures.
    pub dust_convention: &'static str,
    /// Sites, then cities, in the order of their codes.
    pub areas: Vec<AreaEvaluation>,
}

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AreaKind {
    /// A site of the input: a point, or a city that the input gives as one series.
    Site,
    /// A city made from its points.
    City,
}

impl AreaKind {
    /// `site` or `city`.
    pub const fn code(self) -> &'static str {
        match self {
            AreaKind::Site => "site",
            AreaKind::City => "city",
        }
    }
}

/// The evaluation of one area; `None` where validity fails.
#[derive(Clone, Debug, Serialize)]
pub struct AreaEvaluation {
    /// Site code or city.
    pub area: SiteCode,
    /// Site or city.
    pub kind: AreaKind,
    /// By pollutant code.
    pub pollutants: BTreeMap<&'static str, PollutantEvaluation>,
    /// Whether all six attain (达标).
    pub attained: Option<bool>,
    /// Counted days with a good index (优良天数).
    pub good_days: u32,
    /// Days that count (有效天数).
    pub valid_days: u32,
    /// Good days / counted days (优良天数比率), 0 to 1.
    pub good_ratio: Option<f64>,
    /// Counted days of heavy pollution and above (重度及以上).
    pub heavy_days: u32,
    /// Composite index (综合指数).
    pub composite_index: Option<f64>,
    /// Rank by composite index among areas of the kind, best first, equal ones together.
    pub rank: Option<u32>,
    /// The same figures under every sand-dust convention, by its id; only with dust days.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_dust_convention: BTreeMap<&'static str, DustFigures>,
    /// The exact composite index, for ranking.
    #[serde(skip)]
    pub composite: Option<Decimal>,
}

/// The evaluation of one pollutant; `None` where validity fails.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PollutantEvaluation {
    /// Mean of daily values, µg/m³, CO mg/m³.
    pub mean: Option<f64>,
    /// Percentile of daily values, in the same unit.
    pub percentile: Option<f64>,
    /// Days with a value.
    pub valid_days: u32,
    /// Whether there are enough of them.
    pub valid: bool,
    /// Whether mean (where there is an annual limit) and percentile are within their limits.
    pub attained: Option<bool>,
    /// The larger of the multiples by which mean and percentile exceed their limits; 0 when neither does.
    pub exceedance_multiple: Option<f64>,
}

/// What depends on the sand-dust convention.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DustFigures {
    /// Mean PM10, µg/m³.
    pub pm10_mean: Option<f64>,
    /// Mean PM2.5, µg/m³.
    pub pm25_mean: Option<f64>,
    /// Composite index.
    pub composite_index: Option<f64>,
    /// Good days.
    pub good_days: u32,
    /// Counted days.
    pub valid_days: u32,
    /// Good days / counted days.
    pub good_ratio: Option<f64>,
    /// Days of heavy pollution and above.
    pub heavy_days: u32,
}
