//! Editions and what Flag says.

use serde::Deserialize;

/// An edition of the protocol, or the dialect of surface-water stations (协议版本).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Edition {
    /// HJ/T 212-2005, in force 2006-02-01 to 2017-04-30.
    #[serde(rename = "2005")]
    Hjt2005,
    /// HJ 212-2017, in force 2017-05-01 to 2025-12-31.
    #[serde(rename = "2017")]
    Hj2017,
    /// HJ 212-2025, in force from 2026-01-01.
    #[serde(rename = "2025")]
    Hj2025,
    /// National surface-water stations (ST=21) used Flag 8 and 9 and heartbeats years before 2025's edition did.
    #[serde(rename = "surface-water")]
    SurfaceWater,
}

impl Edition {
    /// The word in files and answers: `2005`, `2017`, `2025`, `surface-water`.
    pub const fn word(self) -> &'static str {
        match self {
            Edition::Hjt2005 => "2005",
            Edition::Hj2017 => "2017",
            Edition::Hj2025 => "2025",
            Edition::SurfaceWater => "surface-water",
        }
    }

    /// The most bytes of content.
    pub const fn content_max(self) -> usize {
        match self {
            Edition::Hjt2005 => 960,
            _ => 950,
        }
    }
}

/// Flag (拆分包及应答标志): six bits of edition, one of packet numbers, one of a wish for an answer.
///
/// HJ 212-2025 swaps the letters of the two low bits and keeps their places. Without a Flag nothing is split and nobody
/// waits for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub Option<u8>);

impl Flag {
    /// The edition its bits name; `None` for bits no edition has, and 2005 without a Flag.
    pub const fn edition(self) -> Option<Edition> {
        match self.0 {
            None => Some(Edition::Hjt2005),
            Some(value) => match value >> 2 {
                0 => Some(Edition::Hjt2005),
                1 => Some(Edition::Hj2017),
                2 => Some(Edition::Hj2025),
                _ => None,
            },
        }
    }

    /// Whether packet numbers (PNUM, PNO) are announced.
    pub fn split(self) -> bool {
        self.0.is_some_and(|value| value & 2 == 2)
    }

    /// Whether an answer is waited for.
    pub fn wants_answer(self) -> bool {
        self.0.is_some_and(|value| value & 1 == 1)
    }

    /// The Flag of an answer: the edition kept, neither split nor to be answered.
    pub fn of_answer(self) -> Flag {
        Flag(self.0.map(|value| value & !3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_the_editions() {
        for (value, edition) in [(0, "2005"), (3, "2005"), (4, "2017"), (7, "2017"), (8, "2025"), (11, "2025")] {
            assert_eq!(Flag(Some(value)).edition().unwrap().word(), edition);
        }
        assert_eq!(Flag(Some(12)).edition(), None);
        assert_eq!(Flag(None).edition(), Some(Edition::Hjt2005));
        let told = |value| (Flag(Some(value)).split(), Flag(Some(value)).wants_answer());
        assert_eq!([4, 5, 6, 7].map(told), [(false, false), (false, true), (true, false), (true, true)]);
        assert_eq!(Flag(Some(11)).of_answer(), Flag(Some(8)));
        assert!(!Flag(None).wants_answer());
    }
}
