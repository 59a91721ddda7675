//! Power plants of the World Resources Institute's list (WRI 电厂数据, CC BY 4.0).

use crate::PlanError;
use observe::regions::{self, Region};
use serde::{Deserialize, Serialize};
use units::RegionCode;

/// The attribution that CC BY 4.0 asks for; it goes into the source of every record made from this table.
pub const WRI_ATTRIBUTION: &str = "WRI Global Power Plant Database, raw source file WRI/China.csv, CC BY 4.0";
const MOST_ROWS: usize = 100_000;

/// A power plant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerPlant {
    /// WRI's id.
    pub id: String,
    /// English name.
    pub name: String,
    /// Fuel, in WRI's words.
    pub fuel: String,
    /// MW.
    pub capacity_mw: f64,
    /// Owner; often empty.
    pub owner: String,
    /// WRI's words; empty is not told.
    pub status: String,
    /// Where, in words.
    pub location: String,
    /// Degrees east; the datum is not stated.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "Power Plant ID")]
    id: String,
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Fuel")]
    fuel: String,
    #[serde(rename = "Capacity (MW)")]
    capacity: String,
    #[serde(rename = "Owner")]
    owner: String,
    #[serde(rename = "Operational Status")]
    status: String,
    #[serde(rename = "Location")]
    location: String,
    #[serde(rename = "Latitude")]
    lat: String,
    #[serde(rename = "Longitude")]
    lon: String,
}

/// Reads the table; the second value are rows that were left out, with line and reason.
///
/// Refuses `P-208` a table without the needed columns or with more than 100,000 rows.
pub fn read_power_plants(file: &str, bytes: &[u8]) -> Result<(Vec<PowerPlant>, Vec<String>), PlanError> {
    let wrong = |place: String, reason: String| PlanError::Table { file: file.into(), place, reason };
    let (mut plants, mut left_out) = (vec![], vec![]);
    for (number, row) in csv::Reader::from_reader(bytes).deserialize::<Row>().enumerate() {
        let line = number + 2;
        if number == MOST_ROWS {
            return Err(wrong(format!("line {line}"), format!("more than {MOST_ROWS} rows")));
        }
        let row = row.map_err(|error| wrong(format!("line {line}"), error.to_string()))?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
        let (capacity, lon, lat) = (number(&row.capacity), number(&row.lon), number(&row.lat));
        let place = lon.zip(lat).filter(|(lon, lat)| (-180.0..=180.0).contains(lon) && (-90.0..=90.0).contains(lat));
        match (capacity.filter(|capacity| *capacity > 0.0), place) {
            (Some(capacity_mw), Some((lon, lat))) => plants.push(PowerPlant {
                id: row.id,
                name: row.name,
                fuel: row.fuel,
                capacity_mw,
                owner: row.owner,
                status: row.status,
                location: row.location,
                lon,
                lat,
            }),
            (None, _) => left_out.push(format!("line {line}: {} has no capacity", row.name)),
            (_, None) => left_out.push(format!("line {line}: {} has no place", row.name)),
        }
    }
    Ok((plants, left_out))
}

impl PowerPlant {
    /// The city its words name, else the city whose nearest county's label point is nearest: near a border that may be wrong.
    /// `None` outside the province.
    pub fn city_in(&self, province: RegionCode) -> Option<(RegionCode, &'static str)> {
        let words: Vec<&str> = self.location.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let english = regions::by_code(province).map(|region| region.name_en.as_str())?;
        if !words.contains(&english) {
            return None;
        }
        let named = |kind: &str| {
            let place = words.iter().position(|word| *word == kind)?;
            let name = words.get(place.checked_sub(1)?)?.replace('\'', "");
            let found = regions::by_name_near(&name, self.lon, self.lat)?.code;
            province.contains(found).then_some(found)
        };
        if let Some(city) = named("Prefecture").or_else(|| named("City")) {
            return Some((city, "所在市：原表文字"));
        }
        let counties = regions::cities_of(province).flat_map(|city| regions::counties_of(city.code));
        let nearest = counties.min_by(|a, b| self.distance(a).total_cmp(&self.distance(b)))?;
        Some((nearest.code.city()?, "所在市：按坐标最近的区县推定"))
    }

    /// Squared, in degrees of latitude; for ranking only.
    pub(super) fn distance(&self, region: &Region) -> f64 {
        let east = (region.lon - self.lon) * self.lat.to_radians().cos();
        east * east + (region.lat - self.lat).powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "Power Plant ID,Name,Fuel,Capacity (MW),Owner,Operational Status,Location,Latitude,Longitude,Other\n";

    #[test]
    fn rows_without_place_or_capacity_are_left_out_by_line() {
        let table = format!(
            "{HEAD}1,A,Coal,60,,,\"Xuzhou City  Jiangsu Province\",34.3,117.3,\n2,B,Coal,,,,x,34,117,\n3,C,Coal,5,,,x,,117,\n"
        );
        let (plants, left_out) = read_power_plants("f", table.as_bytes()).unwrap();
        assert_eq!((plants.len(), plants[0].capacity_mw), (1, 60.0));
        assert_eq!(left_out, ["line 3: B has no capacity", "line 4: C has no place"]);
        assert!(read_power_plants("f", b"a,b\n1,2\n").unwrap_err().to_string().starts_with("P-208 f, line 2"));
    }

    #[test]
    fn the_city_is_what_the_words_say_else_the_nearest() {
        let city = |location: &str, lon, lat| {
            let plant = PowerPlant {
                id: "1".into(),
                name: String::new(),
                fuel: "Coal".into(),
                capacity_mw: 1.0,
                owner: String::new(),
                status: String::new(),
                location: location.into(),
                lon,
                lat,
            };
            plant.city_in("320000".parse().unwrap()).map(|(city, _)| city.to_string())
        };
        assert_eq!(city("Yixing City  Wuxi Prefecture  Jiangsu Province", 119.8, 31.4).as_deref(), Some("320200"));
        assert_eq!(city("Taicang City  Suzhou Prefecture  Jiangsu Province", 121.1, 31.5).as_deref(), Some("320500"));
        assert_eq!(city("Jinling, Jiangsu, China", 118.8, 32.1).as_deref(), Some("320100"));
        assert_eq!(city("Wuhu Prefecture  Anhui Province", 118.3, 31.4), None);
    }
}
