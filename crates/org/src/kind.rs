use crate::OrgError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What an organisation is (单位类型).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// The province's department (省厅), the root.
    #[default]
    Department,
    /// An office of a department, bureau or unit (处室).
    Office,
    /// A commissioner office (专员办), which looks after areas.
    CommissionerOffice,
    /// A directly affiliated unit (直属单位).
    Affiliated,
    /// A city's bureau (设区市局).
    CityBureau,
    /// A county's bureau (县区局).
    CountyBureau,
    /// An enterprise (企业).
    Enterprise,
    /// A team for a time (临时工作组).
    Team,
}

impl OrgKind {
    /// All kinds.
    pub const ALL: [OrgKind; 8] = [
        OrgKind::Department,
        OrgKind::Office,
        OrgKind::CommissionerOffice,
        OrgKind::Affiliated,
        OrgKind::CityBureau,
        OrgKind::CountyBureau,
        OrgKind::Enterprise,
        OrgKind::Team,
    ];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            OrgKind::Department => "department",
            OrgKind::Office => "office",
            OrgKind::CommissionerOffice => "commissioner_office",
            OrgKind::Affiliated => "affiliated",
            OrgKind::CityBureau => "city_bureau",
            OrgKind::CountyBureau => "county_bureau",
            OrgKind::Enterprise => "enterprise",
            OrgKind::Team => "team",
        }
    }

    /// Chinese name, as in the workbook.
    pub const fn name(self) -> &'static str {
        match self {
            OrgKind::Department => "省厅",
            OrgKind::Office => "处室",
            OrgKind::CommissionerOffice => "专员办",
            OrgKind::Affiliated => "直属单位",
            OrgKind::CityBureau => "市局",
            OrgKind::CountyBureau => "县区局",
            OrgKind::Enterprise => "企业",
            OrgKind::Team => "工作组",
        }
    }

    /// Whether `child` may lie directly below.
    pub fn holds(self, child: OrgKind) -> bool {
        use OrgKind::*;
        let below: &[OrgKind] = match self {
            Department => &[Office, CommissionerOffice, Affiliated, CityBureau, Enterprise, Team],
            CityBureau => &[Office, Affiliated, CountyBureau, Enterprise, Team],
            CountyBureau => &[Office, Affiliated, Enterprise, Team],
            Affiliated => &[Office, Team],
            Office | CommissionerOffice | Enterprise => &[Team],
            Team => &[],
        };
        below.contains(&child)
    }
}

impl FromStr for OrgKind {
    type Err = OrgError;
    /// Reads the stable text or the Chinese name.
    fn from_str(text: &str) -> Result<Self, OrgError> {
        let known = OrgKind::ALL.into_iter().find(|kind| kind.as_str() == text || kind.name() == text);
        known.ok_or_else(|| OrgError::UnknownKind(text.chars().take(64).collect()))
    }
}

impl fmt::Display for OrgKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enterprise_holds_no_bureau_and_only_the_root_is_a_department() {
        assert!(!OrgKind::Enterprise.holds(OrgKind::CountyBureau) && OrgKind::CountyBureau.holds(OrgKind::Enterprise));
        assert!(OrgKind::ALL.iter().all(|kind| !kind.holds(OrgKind::Department)));
    }

    #[test]
    fn texts_are_those_of_json() {
        for kind in OrgKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.name().parse::<OrgKind>().unwrap(), kind);
        }
    }
}
