use crate::MassUnit;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A pollutant of the air quality index (污染物), in the column order of the published formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pollutant {
    /// Sulphur dioxide 二氧化硫.
    #[serde(rename = "SO2")]
    So2,
    /// Nitrogen dioxide 二氧化氮.
    #[serde(rename = "NO2")]
    No2,
    /// Carbon monoxide 一氧化碳.
    #[serde(rename = "CO")]
    Co,
    /// Ozone 臭氧.
    #[serde(rename = "O3")]
    O3,
    /// Inhalable particles 可吸入颗粒物.
    #[serde(rename = "PM10")]
    Pm10,
    /// Fine particles 细颗粒物.
    #[serde(rename = "PM2_5")]
    Pm25,
}

/// A text that names none of the six pollutants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("U-301 unknown pollutant {0:?}; known are SO2, NO2, CO, O3, PM10, PM2_5")]
pub struct UnknownPollutant(pub String);

impl Pollutant {
    /// All six, in format order.
    pub const ALL: [Pollutant; 6] =
        [Pollutant::So2, Pollutant::No2, Pollutant::Co, Pollutant::O3, Pollutant::Pm10, Pollutant::Pm25];

    /// The code used in files, tables and URLs, for example `PM2_5`.
    pub const fn code(self) -> &'static str {
        match self {
            Pollutant::So2 => "SO2",
            Pollutant::No2 => "NO2",
            Pollutant::Co => "CO",
            Pollutant::O3 => "O3",
            Pollutant::Pm10 => "PM10",
            Pollutant::Pm25 => "PM2_5",
        }
    }

    /// The reporting unit: mg/m³ for CO, µg/m³ for the others.
    pub const fn unit(self) -> MassUnit {
        match self {
            Pollutant::Co => MassUnit::Milligram,
            _ => MassUnit::Microgram,
        }
    }

    /// Decimal places of a reported concentration (HJ 633-2026, HJ 663-2026 table 3): one for CO, else none.
    pub const fn decimals(self) -> u32 {
        match self {
            Pollutant::Co => 1,
            _ => 0,
        }
    }

    /// Position in [`Pollutant::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Pollutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Pollutant {
    type Err = UnknownPollutant;

    /// Accepts the code and the spellings met in files: `PM2.5`, `PM25`, `pm2_5`, `O₃`.
    fn from_str(text: &str) -> Result<Self, UnknownPollutant> {
        match text.trim().to_ascii_uppercase().as_str() {
            "SO2" | "SO₂" => Ok(Pollutant::So2),
            "NO2" | "NO₂" => Ok(Pollutant::No2),
            "CO" => Ok(Pollutant::Co),
            "O3" | "O₃" => Ok(Pollutant::O3),
            "PM10" => Ok(Pollutant::Pm10),
            "PM2_5" | "PM2.5" | "PM25" | "PM₂.₅" => Ok(Pollutant::Pm25),
            _ => Err(UnknownPollutant(text.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_parse_are_inverse() {
        for pollutant in Pollutant::ALL {
            assert_eq!(pollutant.code().parse::<Pollutant>(), Ok(pollutant));
            assert_eq!(Pollutant::ALL[pollutant.index()], pollutant);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_name() {
        assert_eq!("PM1".parse::<Pollutant>(), Err(UnknownPollutant("PM1".into())));
    }
}
