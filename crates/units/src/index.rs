use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a number is not an index, a level or a share.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IndexError {
    /// An index above 500.
    #[error("U-201 index {0} is above 500")]
    AboveRange(u32),
    /// A share outside 0 to 1.
    #[error("U-202 share {0} is not between 0 and 1")]
    NotAShare(f64),
}

/// Individual index (空气质量分指数, IAQI) of one pollutant, 0 to 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Iaqi(u16);

/// Air quality index (空气质量指数, AQI): the largest individual index, 0 to 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Aqi(u16);

macro_rules! index_type {
    ($name:ident) => {
        impl $name {
            /// Refuses `U-201` above 500.
            pub fn new(value: u16) -> Result<Self, IndexError> {
                if value <= 500 { Ok(Self(value)) } else { Err(IndexError::AboveRange(value.into())) }
            }

            /// The number.
            pub const fn get(self) -> u16 {
                self.0
            }
        }

        impl TryFrom<u16> for $name {
            type Error = IndexError;
            fn try_from(value: u16) -> Result<Self, IndexError> {
                Self::new(value)
            }
        }

        impl From<$name> for u16 {
            fn from(value: $name) -> u16 {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
index_type!(Iaqi);
index_type!(Aqi);

impl From<Iaqi> for Aqi {
    fn from(value: Iaqi) -> Aqi {
        Aqi(value.0)
    }
}

/// Level of the air quality index (级别), one to six.
///
/// Source: HJ 633, table 2, identical in the 2012 and 2026 editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum AqiLevel {
    /// 优, AQI 0 to 50.
    Good = 1,
    /// 良, 51 to 100.
    Moderate,
    /// 轻度污染, 101 to 150.
    LightlyPolluted,
    /// 中度污染, 151 to 200.
    ModeratelyPolluted,
    /// 重度污染, 201 to 300.
    HeavilyPolluted,
    /// 严重污染, above 300.
    SeverelyPolluted,
}

impl AqiLevel {
    /// All six, ascending.
    pub const ALL: [AqiLevel; 6] = [
        AqiLevel::Good,
        AqiLevel::Moderate,
        AqiLevel::LightlyPolluted,
        AqiLevel::ModeratelyPolluted,
        AqiLevel::HeavilyPolluted,
        AqiLevel::SeverelyPolluted,
    ];

    /// The level an index falls in.
    ///
    /// ```
    /// use units::{Aqi, AqiLevel};
    /// assert_eq!(AqiLevel::of(Aqi::new(100).unwrap()), AqiLevel::Moderate);
    /// assert_eq!(AqiLevel::of(Aqi::new(101).unwrap()), AqiLevel::LightlyPolluted);
    /// ```
    pub fn of(aqi: Aqi) -> Self {
        match aqi.get() {
            0..=50 => AqiLevel::Good,
            51..=100 => AqiLevel::Moderate,
            101..=150 => AqiLevel::LightlyPolluted,
            151..=200 => AqiLevel::ModeratelyPolluted,
            201..=300 => AqiLevel::HeavilyPolluted,
            _ => AqiLevel::SeverelyPolluted,
        }
    }

    /// One to six.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The Chinese category name (类别).
    pub const fn category(self) -> &'static str {
        match self {
            AqiLevel::Good => "优",
            AqiLevel::Moderate => "良",
            AqiLevel::LightlyPolluted => "轻度污染",
            AqiLevel::ModeratelyPolluted => "中度污染",
            AqiLevel::HeavilyPolluted => "重度污染",
            AqiLevel::SeverelyPolluted => "严重污染",
        }
    }
}

impl TryFrom<u8> for AqiLevel {
    type Error = String;
    fn try_from(value: u8) -> Result<Self, String> {
        AqiLevel::ALL.get(usize::from(value).wrapping_sub(1)).copied().ok_or_else(|| format!("no AQI level {value}"))
    }
}

impl From<AqiLevel> for u8 {
    fn from(value: AqiLevel) -> u8 {
        value.number()
    }
}

/// Level of a heavy-pollution warning (预警级别). There is no blue level since 2018.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WarningLevel {
    /// 黄色, response III.
    Yellow,
    /// 橙色, response II.
    Orange,
    /// 红色, response I.
    Red,
}

impl WarningLevel {
    /// All three, ascending.
    pub const ALL: [WarningLevel; 3] = [WarningLevel::Yellow, WarningLevel::Orange, WarningLevel::Red];

    /// `yellow`, `orange` or `red`.
    pub const fn code(self) -> &'static str {
        match self {
            WarningLevel::Yellow => "yellow",
            WarningLevel::Orange => "orange",
            WarningLevel::Red => "red",
        }
    }

    /// 黄色, 橙色 or 红色.
    pub const fn name(self) -> &'static str {
        match self {
            WarningLevel::Yellow => "黄色",
            WarningLevel::Orange => "橙色",
            WarningLevel::Red => "红色",
        }
    }
}

/// A share between 0 and 1, JSON a plain number.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

impl Share {
    /// Refuses `U-202` outside 0 to 1 and when not a number.
    pub fn new(value: f64) -> Result<Self, IndexError> {
        if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(IndexError::NotAShare(value)) }
    }

    /// The number, 0 to 1.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The same as a percentage.
    pub fn percent(self) -> Percent {
        Percent(self.0 * 100.0)
    }
}

impl TryFrom<f64> for Share {
    type Error = IndexError;
    fn try_from(value: f64) -> Result<Self, IndexError> {
        Self::new(value)
    }
}

impl From<Share> for f64 {
    fn from(value: Share) -> f64 {
        value.0
    }
}

/// A percentage, 0 to 100 for shares; changes may lie outside.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(pub f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_change_just_above_their_upper_bound() {
        let levels: Vec<u8> = [0, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500]
            .iter()
            .map(|aqi| AqiLevel::of(Aqi::new(*aqi).unwrap()).number())
            .collect();
        assert_eq!(levels, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    }

    #[test]
    fn an_index_above_500_and_a_share_of_nothing_are_refused() {
        assert_eq!(Aqi::new(501), Err(IndexError::AboveRange(501)));
        assert!(Share::new(f64::NAN).is_err() && Share::new(1.01).is_err() && Share::new(1.0).is_ok());
    }
}
