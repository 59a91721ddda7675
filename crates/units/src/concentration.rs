use crate::{Pollutant, round_half_even};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A mass concentration in air (质量浓度), exact.
///
/// Held as an integer count of picograms per cubic metre, so that 2.2 mg/m³ of CO is exactly 2.2 and
/// sums of a year of hours cannot drift. Built from and shown in a named [`MassUnit`]; there is no way
/// to get a bare number in without saying its unit. Negative values are representable, because an
/// analyser reports them; whether they are valid is a quality question, not a type question.
///
/// ```
/// use units::{Concentration, MassUnit};
/// let co = Concentration::parse("2.2", MassUnit::Milligram).unwrap();
/// assert_eq!(co, Concentration::parse("2200", MassUnit::Microgram).unwrap());
/// assert_eq!(co.to_decimal(MassUnit::Milligram).to_string(), "2.2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Concentration {
    picograms: i64,
}

/// The unit a concentration is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MassUnit {
    /// µg/m³, the reporting unit of all regulated pollutants but CO.
    #[serde(rename = "ug/m3")]
    Microgram,
    /// mg/m³, the reporting unit of CO.
    #[serde(rename = "mg/m3")]
    Milligram,
}

/// Why a text or number is not a concentration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConcentrationError {
    /// The text is not a decimal number.
    #[error("U-101 not a number: {0:?}")]
    NotANumber(String),
    /// The number does not fit (more than about 9 g/m³).
    #[error("U-102 number too large for a concentration: {0}")]
    TooLarge(String),
}

impl MassUnit {
    /// Picograms in one of this unit.
    pub const fn picograms(self) -> i64 {
        match self {
            MassUnit::Microgram => 1_000_000,
            MassUnit::Milligram => 1_000_000_000,
        }
    }

    /// The unit as published formats write it: `ug/m3` or `mg/m3`.
    pub const fn code(self) -> &'static str {
        match self {
            MassUnit::Microgram => "ug/m3",
            MassUnit::Milligram => "mg/m3",
        }
    }

    /// The unit as people read it: `µg/m³` or `mg/m³`.
    pub const fn label(self) -> &'static str {
        match self {
            MassUnit::Microgram => "µg/m³",
            MassUnit::Milligram => "mg/m³",
        }
    }
}

impl Concentration {
    /// Zero.
    pub const ZERO: Concentration = Concentration { picograms: 0 };

    /// From the stored integer, picograms per cubic metre.
    pub const fn from_picograms(picograms: i64) -> Self {
        Self { picograms }
    }

    /// The stored integer, picograms per cubic metre.
    pub const fn picograms(self) -> i64 {
        self.picograms
    }

    /// From a whole number of µg/m³.
    pub const fn micrograms(value: i64) -> Self {
        Self { picograms: value * 1_000_000 }
    }

    /// From an exact decimal in `unit`; decimals finer than a picogram are rounded half to even.
    pub fn from_decimal(value: Decimal, unit: MassUnit) -> Result<Self, ConcentrationError> {
        value
            .checked_mul(Decimal::from(unit.picograms()))
            .and_then(|scaled| scaled.round().to_i64())
            .map(Self::from_picograms)
            .ok_or_else(|| ConcentrationError::TooLarge(value.to_string()))
    }

    /// From text such as `35`, `0.8`, `1.5e2`, in `unit`. Refuses `U-101`, `U-102`.
    pub fn parse(text: &str, unit: MassUnit) -> Result<Self, ConcentrationError> {
        let text = text.trim();
        let plain = Decimal::from_str_exact(text).or_else(|_| text.parse::<Decimal>());
        let value = plain.or_else(|_| Decimal::from_scientific(text)).map_err(|_| {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            if digits.parse::<f64>().is_ok_and(f64::is_finite) && digits.starts_with(|c: char| c.is_ascii_digit()) {
                ConcentrationError::TooLarge(text.to_string())
            } else {
                ConcentrationError::NotANumber(text.to_string())
            }
        })?;
        Self::from_decimal(value, unit)
    }

    /// From a binary float in `unit`; `None` when not finite or too large. For model output only.
    pub fn from_f64(value: f64, unit: MassUnit) -> Option<Self> {
        let scaled = value * unit.picograms() as f64;
        (scaled.is_finite() && scaled.abs() < 9.0e18).then(|| Self::from_picograms(scaled.round() as i64))
    }

    /// As an exact decimal in `unit`, without trailing zeros.
    pub fn to_decimal(self, unit: MassUnit) -> Decimal {
        let decimals = if unit == MassUnit::Microgram { 6 } else { 9 };
        Decimal::from_i128_with_scale(i128::from(self.picograms), decimals).normalize()
    }

    /// As a binary float in `unit`, for statistics and charts, never for a comparison with a limit.
    pub fn to_f64(self, unit: MassUnit) -> f64 {
        self.picograms as f64 / unit.picograms() as f64
    }

    /// As a decimal in the reporting unit of `pollutant`.
    pub fn reported(self, pollutant: Pollutant) -> Decimal {
        self.to_decimal(pollutant.unit())
    }

    /// Rounds to `decimals` places of `unit`, halves to even (GB/T 8170). A named step, never implied.
    pub fn round_for_report(self, unit: MassUnit, decimals: u32) -> Self {
        let step = i128::from(unit.picograms()) / 10i128.pow(decimals);
        let rounded = round_half_even(i128::from(self.picograms), step.max(1)) * step.max(1);
        Self::from_picograms(rounded as i64)
    }

    /// Arithmetic mean, `None` of nothing. Rounded half to even at one picogram per cubic metre, five
    /// orders below any reporting step: a tie at a reporting step is exact in this representation.
    pub fn mean(values: impl IntoIterator<Item = Concentration>) -> Option<Concentration> {
        let (mut sum, mut count) = (0i128, 0i128);
        for value in values {
            sum += i128::from(value.picograms);
            count += 1;
        }
        (count > 0).then(|| Self::from_picograms(round_half_even(sum, count) as i64))
    }
}

impl fmt::Display for MassUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl Serialize for Concentration {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown {
            value: String,
            unit: MassUnit,
        }
        let unit = MassUnit::Microgram;
        Shown { value: self.to_decimal(unit).to_string(), unit }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Concentration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Shown {
            value: String,
            unit: MassUnit,
        }
        let shown = Shown::deserialize(deserializer)?;
        Self::parse(&shown.value, shown.unit).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn milligrams_and_micrograms_meet_exactly() {
        let a = Concentration::parse("0.1", MassUnit::Milligram).unwrap();
        assert_eq!(a, Concentration::micrograms(100));
    }

    #[test]
    fn text_that_is_no_number_is_named() {
        for text in ["", "-", "NaN", "12a", "—", "1,5"] {
            assert!(
                matches!(Concentration::parse(text, MassUnit::Microgram), Err(ConcentrationError::NotANumber(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_beyond_the_range_is_too_large_and_does_not_wrap() {
        assert!(Concentration::parse("1000000000", MassUnit::Microgram).is_ok());
        for text in ["1e30", "99999999999999999999999999999999", "1e300"] {
            assert!(
                matches!(Concentration::parse(text, MassUnit::Microgram), Err(ConcentrationError::TooLarge(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn rounding_for_report_goes_to_even() {
        let half = Concentration::parse("34.5", MassUnit::Microgram).unwrap();
        assert_eq!(half.round_for_report(MassUnit::Microgram, 0), Concentration::micrograms(34));
        let co = Concentration::parse("1.25", MassUnit::Milligram).unwrap();
        assert_eq!(co.round_for_report(MassUnit::Milligram, 1).to_decimal(MassUnit::Milligram).to_string(), "1.2");
    }

    #[test]
    fn json_names_value_and_unit() {
        let json = serde_json::to_string(&Concentration::micrograms(35)).unwrap();
        assert_eq!(json, r#"{"value":"35","unit":"ug/m3"}"#);
        assert_eq!(serde_json::from_str::<Concentration>(&json).unwrap(), Concentration::micrograms(35));
    }

    proptest! {
        #[test]
        fn decimal_text_round_trips(picograms in -10_000_000_000_000i64..10_000_000_000_000) {
            let value = Concentration::from_picograms(picograms);
            for unit in [MassUnit::Microgram, MassUnit::Milligram] {
                prop_assert_eq!(Concentration::parse(&value.to_decimal(unit).to_string(), unit).unwrap(), value);
            }
        }

        #[test]
        fn any_text_parses_or_is_refused_without_panic(text in "\\PC{0,40}") {
            let _ = Concentration::parse(&text, MassUnit::Microgram);
        }
    }
}
