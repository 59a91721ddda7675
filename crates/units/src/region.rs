use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not six digits with a province part between 11 and 82.
    #[error("U-401 not a region code (GB/T 2260, six digits): {0:?}")]
    NotARegion(String),
    /// Empty, longer than 64 bytes, or with control characters.
    #[error("U-402 not a site code: {0:?}")]
    NotASite(String),
}

/// A region code of GB/T 2260 (行政区划代码), six digits, for example 320100 for Nanjing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(u32);

/// How deep a region code reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegionLevel {
    /// Province, autonomous region or municipality: `xx0000`.
    Province,
    /// Prefecture-level city: `xxyy00`.
    City,
    /// County, district or county-level city.
    County,
}

impl RegionCode {
    /// Province, city or county, by the trailing zeros.
    pub const fn level(self) -> RegionLevel {
        if self.0.is_multiple_of(10_000) {
            RegionLevel::Province
        } else if self.0.is_multiple_of(100) {
            RegionLevel::City
        } else {
            RegionLevel::County
        }
    }

    /// The province this code lies in.
    pub const fn province(self) -> RegionCode {
        RegionCode(self.0 / 10_000 * 10_000)
    }

    /// The prefecture-level city this code lies in, `None` for a province.
    pub const fn city(self) -> Option<RegionCode> {
        match self.level() {
            RegionLevel::Province => None,
            _ => Some(RegionCode(self.0 / 100 * 100)),
        }
    }

    /// Whether `other` is this region or lies inside it.
    pub fn contains(self, other: RegionCode) -> bool {
        match self.level() {
            RegionLevel::Province => other.province() == self,
            RegionLevel::City => other.city() == Some(self),
            RegionLevel::County => other == self,
        }
    }
}

impl FromStr for RegionCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let refused = || CodeError::NotARegion(text.to_string());
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused());
        }
        let number: u32 = text.parse().map_err(|_| refused())?;
        if (11..=82).contains(&(number / 10_000)) { Ok(RegionCode(number)) } else { Err(refused()) }
    }
}

impl TryFrom<String> for RegionCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.to_string()
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// The code of a place that is measured (点位编码): a station such as `1148A`, or a region code when a
/// source reports a whole city.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteCode(String);

impl SiteCode {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The region, when the site is a whole region.
    pub fn region(&self) -> Option<RegionCode> {
        self.0.parse().ok()
    }
}

impl FromStr for SiteCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if text.is_empty() || text.len() > 64 || text.chars().any(char::is_control) {
            return Err(CodeError::NotASite(text.chars().take(64).collect()));
        }
        Ok(SiteCode(text.to_string()))
    }
}

impl TryFrom<String> for SiteCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<SiteCode> for String {
    fn from(code: SiteCode) -> String {
        code.0
    }
}

impl From<RegionCode> for SiteCode {
    fn from(code: RegionCode) -> SiteCode {
        SiteCode(code.to_string())
    }
}

impl fmt::Display for SiteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_knows_its_level_and_what_lies_inside() {
        let [jiangsu, nanjing, xuanwu]: [RegionCode; 3] = ["320000", "320100", "320102"].map(|c| c.parse().unwrap());
        assert_eq!(
            [jiangsu.level(), nanjing.level(), xuanwu.level()],
            [RegionLevel::Province, RegionLevel::City, RegionLevel::County]
        );
        assert!(jiangsu.contains(xuanwu) && nanjing.contains(xuanwu) && !xuanwu.contains(nanjing));
    }

    #[test]
    fn codes_from_outside_are_checked_at_the_door() {
        for text in ["", "3201", "32010a", "020100", "990000", "３２０１００"] {
            assert!(text.parse::<RegionCode>().is_err(), "{text}");
        }
        assert!("\u{7}".parse::<SiteCode>().is_err() && "1148A".parse::<SiteCode>().is_ok());
    }
}
