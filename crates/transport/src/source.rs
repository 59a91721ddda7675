//! Who emits what, and who is reached.

use modelfile::Place;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use units::{BeijingDay, KilogramPerDay, Pollutant, RegionCode};

/// What is emitted (前体物).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precursor {
    /// Sulphur dioxide, as SO₂.
    So2,
    /// Nitrogen oxides, as NO₂.
    Nox,
    /// Ammonia.
    Nh3,
    /// Volatile organic compounds.
    Voc,
    /// Primary fine particles 一次细颗粒物.
    Pm25,
    /// Primary particles between 2.5 and 10 µm 一次粗颗粒物.
    Pmc,
    /// Carbon monoxide.
    Co,
}

impl Precursor {
    /// All, in the order of their columns.
    pub const ALL: [Precursor; 7] = [
        Precursor::So2,
        Precursor::Nox,
        Precursor::Nh3,
        Precursor::Voc,
        Precursor::Pm25,
        Precursor::Pmc,
        Precursor::Co,
    ];

    /// The code in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Precursor::So2 => "SO2",
            Precursor::Nox => "NOx",
            Precursor::Nh3 => "NH3",
            Precursor::Voc => "VOC",
            Precursor::Pm25 => "PM2_5",
            Precursor::Pmc => "PMC",
            Precursor::Co => "CO",
        }
    }
}

impl fmt::Display for Precursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Precursor {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.trim().replace(['.', '_'], "").to_uppercase();
        let known = |precursor: &Precursor| precursor.code().replace('_', "").to_uppercase() == plain;
        let found = Precursor::ALL.into_iter().find(known);
        found.ok_or_else(|| "is none of SO2, NOx, NH3, VOC, PM2_5, PMC, CO".to_string())
    }
}

/// Whose emission it is (排放源): a region, a sector of it, or one stack. What is not told apart is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The region the source lies in.
    pub region: RegionCode,
    /// The sector, empty for all.
    pub sector: String,
    /// The id of the enterprise or stack, empty for the whole sector.
    pub stack: String,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.region)?;
        [&self.sector, &self.stack]
            .into_iter()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(f, "/{part}"))
    }
}

/// Whose concentration it is (受体): a city, a Beijing day, a pollutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receptor {
    /// The city.
    pub city: RegionCode,
    /// The day of the mean.
    pub day: BeijingDay,
    /// The pollutant.
    pub pollutant: Pollutant,
}

impl fmt::Display for Receptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.city, self.day, self.pollutant)
    }
}

/// A city as a receptor, degrees east and north, WGS-84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct City {
    /// Its code.
    pub code: RegionCode,
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
}

impl City {
    /// The same as a place on a grid.
    pub fn place(&self) -> Place {
        Place { name: self.code.to_string(), lon: self.lon, lat: self.lat }
    }
}

/// A share of a source's emission at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Share of the source, 0 to 1; the points of a source sum to one.
    pub share: f64,
}

/// Where a source emits, how high, and how much (排放源位置与基准排放).
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSite {
    /// The source.
    pub source: Source,
    /// One point of a stack, several of an area.
    pub points: Vec<Point>,
    /// Effective height, metres: stack and plume rise.
    pub height_m: f64,
    /// Base emission.
    pub base: BTreeMap<Precursor, KilogramPerDay>,
}

const EARTH_M: f64 = 6_371_000.0;

/// Metres and bearing in degrees (from north, clockwise) from one place to another, on the sphere.
pub(crate) fn way(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (lat1, lat2) = (from.1.to_radians(), to.1.to_radians());
    let dlon = (to.0 - from.0).to_radians();
    let chord = ((lat2 - lat1) / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    let bearing = (dlon.sin() * lat2.cos()).atan2(lat1.cos() * lat2.sin() - lat1.sin() * lat2.cos() * dlon.cos());
    (2.0 * EARTH_M * chord.clamp(0.0, 1.0).sqrt().asin(), bearing.to_degrees().rem_euclid(360.0))
}

/// Square metres of a cell of so many degrees about a latitude.
pub(crate) fn cell_area_m2(latitude: f64, dlon: f64, dlat: f64) -> f64 {
    let (north, south) = ((latitude + dlat.abs() / 2.0).to_radians(), (latitude - dlat.abs() / 2.0).to_radians());
    EARTH_M * EARTH_M * dlon.abs().to_radians() * (north.sin() - south.sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_north_is_111_km_and_due_north() {
        let (metres, bearing) = way((119.0, 32.0), (119.0, 33.0));
        assert!((metres - 111_195.0).abs() < 1.0 && bearing.abs() < 1e-9, "{metres} {bearing}");
        let (_, east) = way((119.0, 0.0), (120.0, 0.0));
        assert!((east - 90.0).abs() < 1e-9);
    }

    #[test]
    fn cells_of_one_degree_cover_the_sphere() {
        let all: f64 = (0..180).map(|row| 360.0 * cell_area_m2(row as f64 - 89.5, 1.0, 1.0)).sum();
        assert!((all / (4.0 * std::f64::consts::PI * EARTH_M * EARTH_M) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn precursors_are_read_as_written_and_others_named() {
        assert_eq!(Precursor::ALL.map(|p| p.code().parse()), Precursor::ALL.map(Ok));
        assert_eq!("PM2.5".parse(), Ok(Precursor::Pm25));
        assert!("O3".parse::<Precursor>().unwrap_err().contains("none of"));
    }
}
