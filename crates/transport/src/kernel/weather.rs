//! Hours of wind, stability and mixing height: the rose of a day (风玫瑰), hour by hour, or of a climate, by shares.

use super::settings::Stability;
use crate::TransportError;
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, RegionCode};

/// One hour, or one of equally many cases of a rose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour {
    /// Where the wind comes from, degrees from north.
    pub from_degrees: f64,
    /// Ten metres above ground.
    pub speed_ms: f64,
    /// Stability.
    pub stability: Stability,
    /// Depth of the mixing layer, metres.
    pub mixing_height_m: f64,
}

/// Hours by day, for the whole province or for single cities.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    hours: BTreeMap<(Option<RegionCode>, BeijingDay), Vec<Hour>>,
    always: Option<Vec<Hour>>,
}

/// Columns of a table of weather; `city` may be missing or empty: the hour then holds for every city without its own.
pub const COLUMNS: [&str; 6] = ["time", "city", "from_degrees", "speed_ms", "stability", "mixing_height_m"];

/// Fewest hours that make a day.
const FEWEST_HOURS: usize = 20;
const MOST_HOURS: usize = 24 * 400 * 14;

impl Weather {
    /// The same hours whatever the day: a climate's rose. Refuses `X-302` when there are none.
    pub fn always(hours: Vec<Hour>) -> Result<Weather, TransportError> {
        hours.iter().try_for_each(|hour| checked(hour).map_err(TransportError::Weather))?;
        if hours.is_empty() {
            return Err(TransportError::Weather("a rose without a single hour".into()));
        }
        Ok(Weather { hours: BTreeMap::new(), always: Some(hours) })
    }

    /// Every direction alike, four speeds, neutral and stable by turns (无气象资料时的均匀风玫瑰): for use where no weather is known.
    pub fn unknown() -> Weather {
        let case = |n: usize| {
            let (stability, mixing_height_m) = [(Stability::D, 600.0), (Stability::E, 300.0)][n / 16 % 2];
            let speed_ms = [1.5, 2.5, 3.5, 5.0][n / 32];
            Hour { from_degrees: 22.5 * (n % 16) as f64, speed_ms, stability, mixing_height_m }
        };
        Weather { hours: BTreeMap::new(), always: Some((0..128).map(case).collect()) }
    }

    /// Reads a table of hours (CSV). Refuses `X-112`, `X-113`, `X-114` naming line and column.
    pub fn read_csv(bytes: &[u8]) -> Result<Weather, TransportError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let cell = |line: u64, column: &str, text: &str, why: String| TransportError::Cell {
            line,
            column: column.to_string(),
            text: text.chars().take(64).collect(),
            why,
        };
        let header = reader.headers().map_err(|cause| cell(1, "header", "", cause.to_string()))?.clone();
        let place = COLUMNS.map(|column| header.iter().position(|name| name == column));
        if let Some(missing) = (0..6).find(|column| *column != 1 && place[*column].is_none()) {
            return Err(TransportError::Column(COLUMNS[missing]));
        }
        let mut hours: BTreeMap<(Option<RegionCode>, BeijingHour), Hour> = BTreeMap::new();
        for (number, record) in reader.records().enumerate() {
            let record = record.map_err(|cause| cell(number as u64 + 2, "whole row", "", cause.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let text = |column: usize| place[column].and_then(|at| record.get(at)).unwrap_or_default();
            let refuse = |column: usize, why: String| cell(line, COLUMNS[column], text(column), why);
            let number = |column: usize| text(column).parse::<f64>().map_err(|cause| refuse(column, cause.to_string()));
            let time: BeijingHour = text(0).parse().map_err(|cause: units::TimeError| refuse(0, cause.to_string()))?;
            let city = Some(text(1)).filter(|text| !text.is_empty());
            let city = city
                .map(str::parse::<RegionCode>)
                .transpose()
                .map_err(|cause: units::CodeError| refuse(1, cause.to_string()))?;
            let stability = text(4).parse::<Stability>().map_err(|cause: &str| refuse(4, cause.to_string()))?;
            let (from_degrees, speed_ms, mixing_height_m) = (number(2)?, number(3)?, number(5)?);
            let hour = Hour { from_degrees, speed_ms, stability, mixing_height_m };
            checked(&hour).map_err(|why| cell(line, "whole row", "", why))?;
            if hours.insert((city, time), hour).is_some() {
                return Err(TransportError::Twice { at: format!("line {line}: {time}") });
            }
            if hours.len() > MOST_HOURS {
                return Err(TransportError::TooMany { what: "hours", count: hours.len(), limit: MOST_HOURS });
            }
        }
        let mut weather = Weather::default();
        for ((city, time), hour) in hours {
            weather.hours.entry((city, time.day())).or_default().push(hour);
        }
        Ok(weather)
    }

    /// The hours of a day at a city. Refuses `X-302` when fewer than twenty are there.
    pub fn of(&self, city: RegionCode, day: BeijingDay) -> Result<&[Hour], TransportError> {
        let own = self.hours.get(&(Some(city), day)).or_else(|| self.hours.get(&(None, day)));
        match (own, &self.always) {
            (Some(hours), _) if hours.len() >= FEWEST_HOURS => Ok(hours),
            (Some(hours), _) => Err(TransportError::Weather(format!(
                "{day} has {} hours of weather for {city}, fewer than {FEWEST_HOURS}",
                hours.len()
            ))),
            (None, Some(hours)) => Ok(hours),
            (None, None) => Err(TransportError::Weather(format!("{day} has no weather for {city}"))),
        }
    }
}

fn checked(hour: &Hour) -> Result<(), String> {
    let inside = |name: &str, value: f64, low: f64, high: f64| {
        if value >= low && value <= high { Ok(()) } else { Err(format!("{name} is {value}, not {low} to {high}")) }
    };
    inside("from_degrees", hour.from_degrees, 0.0, 360.0)?;
    inside("speed_ms", hour.speed_ms, 0.0, 80.0)?;
    inside("mixing_height_m", hour.mixing_height_m, 10.0, 6000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[String]) -> Result<Weather, TransportError> {
        let head = "time,from_degrees,speed_ms,stability,mixing_height_m".to_string();
        Weather::read_csv([&[head], rows].concat().join("\n").as_bytes())
    }

    fn row(hour: u8) -> String {
        format!("2018-01-15T{hour:02}:00:00+08:00,45,3,D,500")
    }

    #[test]
    fn a_day_needs_twenty_hours() {
        let (city, day) = ("320100".parse().unwrap(), "2018-01-15".parse().unwrap());
        let hours = |count: u8| table(&(1..=count).map(row).collect::<Vec<_>>()).unwrap();
        assert_eq!(hours(20).of(city, day).unwrap().len(), 20);
        assert!(hours(19).of(city, day).unwrap_err().to_string().starts_with("X-302 2018-01-15 has 19 hours"));
        assert!(hours(20).of(city, "2018-01-16".parse().unwrap()).is_err());
        assert_eq!(Weather::unknown().of(city, day).unwrap().len(), 128);
    }

    #[test]
    fn what_no_weather_is_like_is_refused_with_its_line() {
        for (from, to, said) in [
            (",3,", ",-1,", "X-112 line 2, column whole row"),
            (",45,", ",400,", "X-112 line 2, column whole row"),
            (",D,", ",G,", "X-112 line 2, column stability"),
            (",500", ",NaN", "X-112 line 2, column whole row"),
            ("T01:00", "T01:30", "X-112 line 2, column time"),
        ] {
            let found = table(&[row(1).replace(from, to)]).unwrap_err().to_string();
            assert!(found.starts_with(said), "{to}: {found}");
        }
        assert!(table(&[row(1), row(1)]).unwrap_err().to_string().starts_with("X-111 line 3"));
        assert!(Weather::read_csv(b"time,speed_ms\n").unwrap_err().to_string().starts_with("X-113"));
    }
}
