use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A precursor of the reduction list (前体物), in the order of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precursor {
    /// Sulphur dioxide 二氧化硫.
    #[serde(rename = "SO2")]
    So2,
    /// Nitrogen oxides 氮氧化物.
    #[serde(rename = "NOx")]
    Nox,
    /// Particulate matter 颗粒物.
    #[serde(rename = "PM")]
    Pm,
    /// Volatile organic compounds 挥发性有机物.
    #[serde(rename = "VOCs")]
    Vocs,
}

impl Precursor {
    /// All four.
    pub const ALL: [Precursor; 4] = [Precursor::So2, Precursor::Nox, Precursor::Pm, Precursor::Vocs];

    /// `SO2`, `NOx`, `PM` or `VOCs`.
    pub const fn name(self) -> &'static str {
        match self {
            Precursor::So2 => "SO2",
            Precursor::Nox => "NOx",
            Precursor::Pm => "PM",
            Precursor::Vocs => "VOCs",
        }
    }
}

impl fmt::Display for Precursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Precursor {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Precursor::ALL.into_iter().find(|precursor| precursor.name() == text);
        found.ok_or_else(|| format!("{text:?} is none of SO2, NOx, PM, VOCs"))
    }
}

/// One amount per precursor, all in the unit of `T`; what is not known is absent, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Amounts<T> {
    /// Sulphur dioxide.
    #[serde(rename = "SO2", default, skip_serializing_if = "Option::is_none")]
    pub so2: Option<T>,
    /// Nitrogen oxides.
    #[serde(rename = "NOx", default, skip_serializing_if = "Option::is_none")]
    pub nox: Option<T>,
    /// Particulate matter.
    #[serde(rename = "PM", default, skip_serializing_if = "Option::is_none")]
    pub pm: Option<T>,
    /// Volatile organic compounds.
    #[serde(rename = "VOCs", default, skip_serializing_if = "Option::is_none")]
    pub vocs: Option<T>,
}

impl<T> Default for Amounts<T> {
    fn default() -> Self {
        Amounts { so2: None, nox: None, pm: None, vocs: None }
    }
}

impl<T: Copy> Amounts<T> {
    /// The amount of one precursor.
    pub fn get(&self, precursor: Precursor) -> Option<T> {
        match precursor {
            Precursor::So2 => self.so2,
            Precursor::Nox => self.nox,
            Precursor::Pm => self.pm,
            Precursor::Vocs => self.vocs,
        }
    }

    /// Sets the amount of one precursor.
    pub fn set(&mut self, precursor: Precursor, amount: T) {
        *match precursor {
            Precursor::So2 => &mut self.so2,
            Precursor::Nox => &mut self.nox,
            Precursor::Pm => &mut self.pm,
            Precursor::Vocs => &mut self.vocs,
        } = Some(amount);
    }

    /// What is known, in the order of [`Precursor::ALL`].
    pub fn known(&self) -> impl Iterator<Item = (Precursor, T)> + '_ {
        Precursor::ALL.into_iter().filter_map(|precursor| Some((precursor, self.get(precursor)?)))
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.known().next().is_none()
    }

    /// Each known amount turned into another.
    pub fn map<U: Copy>(&self, turn: impl Fn(T) -> U) -> Amounts<U> {
        let mut turned = Amounts::default();
        self.known().for_each(|(precursor, amount)| turned.set(precursor, turn(amount)));
        turned
    }
}
