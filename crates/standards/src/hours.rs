use crate::StandardsError;
use crate::day::DayHours;
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Concentration, Pollutant, SiteCode};

const LONGEST_PERIOD_DAYS: i32 = 36_525;

/// Hourly means of some sites over a period of whole days, the input of an evaluation.
///
/// Fed value by value, in any order: from a file, from an importer, from the store.
#[derive(Clone, Debug)]
pub struct Hours {
    from: BeijingDay,
    days: usize,
    places: BTreeMap<SiteCode, usize>,
    sites: Vec<Site>,
}

#[derive(Clone, Debug)]
struct Site {
    city: Option<SiteCode>,
    series: [Vec<Option<Concentration>>; 6],
}

/// What became of a value offered to [`Hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is in.
    New,
    /// The same value was there already.
    Repeated,
    /// Its hour lies outside the period.
    OutsidePeriod,
}

impl Hours {
    /// An empty record of the days `from` to `to`, both included. Refuses `S-203`, `S-204`.
    pub fn new(from: BeijingDay, to: BeijingDay) -> Result<Self, StandardsError> {
        if to < from {
            return Err(StandardsError::EmptyPeriod { from, to });
        }
        if to - from >= LONGEST_PERIOD_DAYS {
            return Err(StandardsError::PeriodTooLong { from, to });
        }
        Ok(Hours { from, days: (to - from) as usize + 1, places: BTreeMap::new(), sites: Vec::new() })
    }

    /// First day.
    pub fn from(&self) -> BeijingDay {
        self.from
    }

    /// Last day.
    pub fn to(&self) -> BeijingDay {
        self.from + (self.days as i32 - 1)
    }

    /// Number of days.
    pub fn days(&self) -> usize {
        self.days
    }

    /// Whether no value lies in the period.
    pub fn is_empty(&self) -> bool {
        self.sites.iter().all(|site| site.series.iter().all(|series| series.iter().all(Option::is_none)))
    }

    /// The place of a site, new or known; pass it to [`Hours::insert_at`] when many values follow.
    pub fn site(&mut self, site: &SiteCode) -> usize {
        if let Some(place) = self.places.get(site) {
            return *place;
        }
        let place = self.sites.len();
        self.places.insert(site.clone(), place);
        self.sites.push(Site { city: None, series: std::array::from_fn(|_| vec![None; self.days * 24]) });
        place
    }

    /// Says which city a site is a point of.
    pub fn set_city(&mut self, place: usize, city: &SiteCode) {
        if self.sites[place].city.as_ref() != Some(city) {
            self.sites[place].city = Some(city.clone());
        }
    }

    /// Takes one value. Refuses `S-201` below zero and `S-202` against a different value for the same hour.
    pub fn insert(
        &mut self,
        site: &SiteCode,
        pollutant: Pollutant,
        hour: BeijingHour,
        value: Concentration,
    ) -> Result<Inserted, StandardsError> {
        let place = self.site(site);
        self.insert_at(place, pollutant, hour, value)
    }

    /// As [`Hours::insert`], for a place that [`Hours::site`] gave.
    pub fn insert_at(
        &mut self,
        place: usize,
        pollutant: Pollutant,
        hour: BeijingHour,
        value: Concentration,
    ) -> Result<Inserted, StandardsError> {
        if value < Concentration::ZERO {
            return Err(StandardsError::Negative { site: self.code(place), pollutant, hour });
        }
        let offset = hour.index() - (i64::from(self.from.index()) * 24 + 1);
        let Some(cell) =
            usize::try_from(offset).ok().and_then(|n| self.sites[place].series[pollutant.index()].get_mut(n))
        else {
            return Ok(Inserted::OutsidePeriod);
        };
        match *cell {
            None => {
                *cell = Some(value);
                Ok(Inserted::New)
            }
            Some(first) if first == value => Ok(Inserted::Repeated),
            Some(first) => {
                Err(StandardsError::Conflict { site: self.code(place), pollutant, hour, first, second: value })
            }
        }
    }

    fn code(&self, place: usize) -> SiteCode {
        let found = self.places.iter().find(|(_, other)| **other == place);
        found.map(|(code, _)| code.clone()).expect("every place was given out for a code")
    }

    /// The sites in order of their codes.
    pub fn sites(&self) -> impl Iterator<Item = (&SiteCode, usize)> {
        self.places.iter().map(|(code, place)| (code, *place))
    }

    /// The cities that sites were said to belong to, in order, with their sites' places.
    pub fn cities(&self) -> BTreeMap<&SiteCode, Vec<usize>> {
        let mut cities: BTreeMap<&SiteCode, Vec<usize>> = BTreeMap::new();
        for (_, place) in self.sites() {
            if let Some(city) = &self.sites[place].city {
                cities.entry(city).or_default().push(place);
            }
        }
        cities
    }

    /// The hours of the `day`-th day of the period at a site, in the order of [`Pollutant::ALL`].
    pub fn day(&self, place: usize, day: usize) -> [&DayHours; 6] {
        let series = &self.sites[place].series;
        std::array::from_fn(|pollutant| {
            series[pollutant][day * 24..][..24].try_into().expect("a slice of 24 is an array of 24")
        })
    }

    /// One value of the `hour`-th hour of the period.
    pub fn value(&self, place: usize, pollutant: Pollutant, hour: usize) -> Option<Concentration> {
        self.sites[place].series[pollutant.index()].get(hour).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        Hours::new("2018-01-13".parse().unwrap(), "2018-01-14".parse().unwrap()).unwrap()
    }

    fn offer(hours: &mut Hours, hour: &str, value: i64) -> Result<Inserted, StandardsError> {
        let site = "320100".parse().unwrap();
        hours.insert(&site, Pollutant::Pm25, hour.parse().unwrap(), Concentration::micrograms(value))
    }

    #[test]
    fn a_day_runs_from_label_one_to_label_twentyfour() {
        let mut hours = hours();
        assert_eq!(offer(&mut hours, "2018-01-13T00:00:00+08:00", 1), Ok(Inserted::OutsidePeriod));
        assert_eq!(offer(&mut hours, "2018-01-13T01:00:00+08:00", 2), Ok(Inserted::New));
        assert_eq!(offer(&mut hours, "2018-01-15T00:00:00+08:00", 3), Ok(Inserted::New));
        assert_eq!(offer(&mut hours, "2018-01-15T01:00:00+08:00", 4), Ok(Inserted::OutsidePeriod));
        let pm25 = Pollutant::Pm25.index();
        assert_eq!(hours.day(0, 0)[pm25][0], Some(Concentration::micrograms(2)));
        assert_eq!(hours.day(0, 1)[pm25][23], Some(Concentration::micrograms(3)));
    }

    #[test]
    fn a_repeated_value_is_harmless_and_another_is_refused() {
        let mut hours = hours();
        let noon = "2018-01-13T12:00:00+08:00";
        offer(&mut hours, noon, 50).unwrap();
        assert_eq!(offer(&mut hours, noon, 50), Ok(Inserted::Repeated));
        assert!(offer(&mut hours, noon, 51).unwrap_err().to_string().starts_with("S-202"));
        assert!(offer(&mut hours, noon, -1).unwrap_err().to_string().starts_with("S-201"));
    }

    #[test]
    fn a_period_must_have_days_and_an_end_in_sight() {
        let period =
            |from: &str, to: &str| Hours::new(from.parse().unwrap(), to.parse().unwrap()).map(|hours| hours.days());
        assert_eq!(period("2018-01-01", "2018-01-01"), Ok(1));
        assert!(period("2018-01-02", "2018-01-01").unwrap_err().to_string().starts_with("S-203"));
        assert!(period("1900-01-01", "2200-01-01").unwrap_err().to_string().starts_with("S-204"));
    }
}
