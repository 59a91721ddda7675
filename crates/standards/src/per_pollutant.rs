use serde::Deserialize;
use units::Pollutant;

/// One value for each of the six pollutants; a missing one is refused by name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PerPollutant<T = u32> {
    #[serde(rename = "SO2")]
    so2: T,
    #[serde(rename = "NO2")]
    no2: T,
    #[serde(rename = "CO")]
    co: T,
    #[serde(rename = "O3")]
    o3: T,
    #[serde(rename = "PM10")]
    pm10: T,
    #[serde(rename = "PM2_5")]
    pm25: T,
}

impl<T: Copy> PerPollutant<T> {
    pub fn get(&self, pollutant: Pollutant) -> T {
        match pollutant {
            Pollutant::So2 => self.so2,
            Pollutant::No2 => self.no2,
            Pollutant::Co => self.co,
            Pollutant::O3 => self.o3,
            Pollutant::Pm10 => self.pm10,
            Pollutant::Pm25 => self.pm25,
        }
    }
}
