//! Made-up cases for the tests of this folder.

use super::case::{Author, Case, IndexCase, IndexSaid, Item, Occasion, References, Said};
use units::{Aqi, AqiLevel, BeijingDay, Pollutant};

/// An occasion `day` days after 2018-01-01.
pub fn occasion(day: i32, lead_day: u8, level: Option<AqiLevel>) -> Occasion {
    let issue: BeijingDay = "2018-01-01".parse().unwrap();
    Occasion {
        issue: issue + day,
        lead_day,
        date: issue + day + i32::from(lead_day),
        city: "320100".into(),
        author: Author::Model("m".into()),
        observed_level: level,
    }
}

/// A forecast of 10, 30, 50, 70, 100 with a mean of 52.
pub fn case(day: i32, lead_day: u8, seen: f64) -> Case {
    Case {
        occasion: occasion(day, lead_day, None),
        item: Item::Pollutant(Pollutant::Pm25),
        said: Said { mean: 52.0, quantiles: [10.0, 30.0, 50.0, 70.0, 100.0], members: vec![] },
        seen,
        references: References {
            climatology: Some(Said { mean: 50.0, quantiles: [50.0; 5], members: vec![] }),
            persistence: None,
        },
    }
}

/// A range, a primary pollutant and the probability of an AQI above 150, beside an observed AQI led by PM2.5.
pub fn index(day: i32, range: (u16, u16), primary: &[Pollutant], p_aqi150: f64, seen: u16) -> IndexCase {
    let seen = Aqi::new(seen).unwrap();
    IndexCase {
        occasion: occasion(day, 1, Some(AqiLevel::of(seen))),
        said: IndexSaid {
            range,
            levels: vec![],
            primary: Some(primary.to_vec()),
            p_aqi150: Some(p_aqi150),
            p_aqi200: None,
        },
        seen,
        primary: if seen.get() > 50 { vec![Pollutant::Pm25] } else { vec![] },
        references: References::default(),
    }
}
