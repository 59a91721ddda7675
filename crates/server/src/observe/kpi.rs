//! The figures above the map (关键指标).

use super::hourly::{HourIndex, level};
use super::month::MonthToDate;
use super::window::Window;
use crate::figure::Figure;
use ::observe::regions::Region;
use serde::Serialize;
use units::{AqiLevel, Concentration, MassUnit, Pollutant, ceil_div};
use utoipa::ToSchema;

/// Cities that must have an index for the province to have one: three quarters of 13.
const CITIES_NEEDED: usize = 10;
/// How the province's index is made.
pub(crate) const PROVINCE_BASIS: &str = "13 市 AQI 均值，进位取整（至少 10 市有值）";

/// Key figures at the moment shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Kpi {
    /// Cities of the province with an index above 200.
    pub heavy_cities_now: usize,
    pub worst: Option<Worst>,
    /// Mean of the cities' hourly PM2.5, µg/m³.
    pub pm25_mean_now: Option<Figure>,
    pub month_to_date: MonthToDate,
    /// The city most likely to see a 24 h mean with an index above 200 within 72 h.
    pub p_heavy_72h: Option<Likely>,
    pub completeness_24h: Completeness,
}

/// The city with the largest index.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Worst {
    code: String,
    name: String,
    aqi: u16,
    level: Option<u8>,
    primary: Option<String>,
}

/// A city and a probability, 0 to 1.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Likely {
    code: String,
    name: String,
    p: Figure,
}

/// Values of the last 24 hours.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Completeness {
    arrived: usize,
    due: usize,
}

/// Cities above 200.
pub(crate) fn heavy(now: &[HourIndex]) -> usize {
    now.iter().filter(|index| index.level >= Some(AqiLevel::HeavilyPolluted)).count()
}

/// The largest index; of equal ones the first by code.
pub(crate) fn worst(cities: &[&Region], now: &[HourIndex]) -> Option<Worst> {
    let with_index = cities.iter().zip(now).filter_map(|(city, index)| Some((city, index, index.aqi?)));
    let (city, index, aqi) = with_index.rev().max_by_key(|(_, _, aqi)| *aqi)?;
    Some(Worst {
        code: city.code.to_string(),
        name: city.name.clone(),
        aqi,
        level: level(Some(aqi)).map(|level| level.number()),
        primary: index.primary.clone(),
    })
}

/// The likeliest; `None` without a run.
pub(crate) fn likeliest(shares: &[(&Region, f64)]) -> Option<Likely> {
    let known = shares.iter().filter(|(_, share)| share.is_finite());
    let (city, share) = known.rev().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Likely { code: city.code.to_string(), name: city.name.clone(), p: Figure::rounded(*share, 2)? })
}

/// Mean of the indices there are, rounded up, when there are enough of them.
pub(crate) fn province(indices: &[Option<u16>]) -> Option<u16> {
    let known: Vec<i128> = indices.iter().flatten().map(|aqi| i128::from(*aqi)).collect();
    let mean = || ceil_div(known.iter().sum(), known.len() as i128) as u16;
    (known.len() >= CITIES_NEEDED).then(mean)
}

/// Mean PM2.5 of the window's cities in one hour.
pub(crate) fn pm25_mean(window: &Window, cities: usize, at: usize) -> Option<Figure> {
    let values: Vec<Concentration> = (0..cities).filter_map(|site| window.value(site, Pollutant::Pm25, at)).collect();
    let mean = (values.len() >= CITIES_NEEDED).then(|| Concentration::mean(values)).flatten()?;
    Figure::rounded(mean.to_f64(MassUnit::Microgram), 0)
}

/// Values that arrived in the 24 hours up to the one at `at`.
pub(crate) fn completeness(window: &Window, cities: usize, at: usize) -> Completeness {
    let hours = (at + 1).saturating_sub(24)..=at;
    let arrived =
        |site: usize, pollutant| hours.clone().filter(|at| window.value(site, pollutant, *at).is_some()).count();
    let of_city = |site: usize| Pollutant::ALL.iter().map(|pollutant| arrived(site, *pollutant)).sum::<usize>();
    Completeness { arrived: (0..cities).map(of_city).sum(), due: cities * Pollutant::ALL.len() * 24 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;
    use crate::sight::own_cities;

    #[test]
    fn the_province_needs_ten_cities_and_rounds_up() {
        let with = |n: usize| (0..13).map(|i| (i < n).then_some(if i == 0 { 101 } else { 100 })).collect::<Vec<_>>();
        assert_eq!((province(&with(10)), province(&with(9))), (Some(101), None));
    }

    #[test]
    fn the_worst_city_is_the_first_of_equals_and_missing_is_not_good() {
        let cities = own_cities();
        let now: Vec<HourIndex> = [None, Some(220), Some(220), Some(150)].map(HourIndex::of_particles).into();
        let worst = worst(&cities, &now).unwrap();
        assert_eq!((worst.code.as_str(), worst.aqi, worst.level), ("320200", 220, Some(5)));
        assert_eq!(heavy(&now), 2);
        assert_eq!(super::worst(&cities, &[HourIndex::of_particles(None)]), None);
    }

    #[test]
    fn what_has_not_arrived_is_counted_as_due() {
        let window = window_of(&[(Pollutant::Pm25, [vec![Some(5); 20], vec![None; 10]].concat())]);
        assert_eq!(completeness(&window, 1, 29), Completeness { arrived: 14, due: 144 });
        assert!(pm25_mean(&window, 1, 3).is_none(), "one city is no province");
    }

    #[test]
    fn the_likeliest_city_is_named_with_its_probability() {
        let cities = own_cities();
        let likely = likeliest(&[(cities[0], 0.1), (cities[1], f64::NAN), (cities[2], 0.823)]).unwrap();
        assert_eq!((likely.code.as_str(), likely.p.get()), ("320300", 0.82));
        assert!(likeliest(&[]).is_none());
    }
}
