use serde::{Deserialize, Serialize};

/// An emission or cut per day (排放速率), kg/d.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KilogramPerDay(pub f64);

/// An emission per year (年排放量), t/a.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TonnePerYear(pub f64);

impl TonnePerYear {
    /// Spread evenly over the days of a year of `days` days.
    ///
    /// ```
    /// assert_eq!(units::TonnePerYear(365.0).per_day(365).0, 1000.0);
    /// ```
    pub fn per_day(self, days: u16) -> KilogramPerDay {
        KilogramPerDay(self.0 * 1000.0 / f64::from(days))
    }
}
