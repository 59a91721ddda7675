use super::case::{IndexSaid, Item, References, Said};
use super::observed::{ObservedDay, observed_day, observed_until};
use crate::History;
use crate::range::RangeRule;
use units::{Aqi, BeijingDay, BeijingHour, Pollutant};

/// Days of the climatology.
const CLIMATOLOGY_DAYS: i32 = 30;
/// Days whose errors dress persistence.
const DRESSING_DAYS: i32 = 90;
/// Fewest values a distribution is made of.
const FEWEST: usize = 10;

/// Observed days and the two references of every issue (实况与参照).
///
/// Nothing a reference says of an issue day looks at or past the issue: its days end before the day of the issue, its
/// last hour is the one before the issue hour.
pub struct ReferenceBook {
    first: BeijingDay,
    days: usize,
    /// `[city * days + day]`.
    seen: Vec<ObservedDay>,
    /// The 24 hours before the issue of every day, laid out alike.
    last: Vec<ObservedDay>,
}

impl ReferenceBook {
    /// Works through a history for issues at the hour label `issue_label`, 1 to 24.
    pub fn new(history: &History, issue_label: u8) -> Self {
        let first = history.first_hour.day();
        let until = if history.hours == 0 { first } else { (history.end() - 1).day() + 1 };
        let days = usize::try_from(until - first).unwrap_or(0);
        let all = || (0..history.cities.len()).flat_map(|city| (0..days).map(move |day| (city, first + day as i32)));
        let issue = |day: BeijingDay| BeijingHour::from_index(i64::from(day.index()) * 24 + i64::from(issue_label));
        ReferenceBook {
            first,
            days,
            seen: all().map(|(city, day)| observed_day(history, city, day)).collect(),
            last: all().map(|(city, day)| observed_until(history, city, issue(day) - 1)).collect(),
        }
    }

    /// First and last day of the observations; `None` of none.
    pub fn span(&self) -> Option<(BeijingDay, BeijingDay)> {
        (self.days > 0).then(|| (self.first, self.first + self.days as i32 - 1))
    }

    /// What a city's day was; `None` outside the observations.
    pub fn seen(&self, city: usize, day: BeijingDay) -> Option<&ObservedDay> {
        self.seen.get(self.place(city, day)?)
    }

    /// What the references say of a value.
    pub fn value(&self, city: usize, issue: BeijingDay, lead: u8, item: Item) -> References<Said> {
        // Quantiles are all that is compared; a season's members would be many times the forecast itself.
        let said = |sample: Option<Vec<f64>>| Some(Said { members: vec![], ..Said::of_sample(sample?)? });
        References {
            climatology: said(self.climatology(city, issue, item)),
            persistence: said(self.persistence(city, issue, lead, item)),
        }
    }

    /// What the references say of the index of a day; the range is the range rule's around their median.
    pub fn index(&self, city: usize, issue: BeijingDay, lead: u8) -> References<IndexSaid> {
        let last = self.last(city, issue);
        References {
            climatology: self.climatology(city, issue, Item::Aqi).and_then(|sample| index_said(sample, None)),
            persistence: self
                .persistence(city, issue, lead, Item::Aqi)
                .and_then(|sample| index_said(sample, last.map(|last| last.primary.clone()))),
        }
    }

    /// Courses of PM2.5 over cities and `leads` days, µg/m³, `[city * leads + lead]`: every stretch of the 30
    /// days before the issue, and the last 24 hours carried on.
    pub fn courses(&self, cities: &[usize], issue: BeijingDay, leads: usize) -> References<Vec<Vec<f64>>> {
        let pm25 = |day: Option<&ObservedDay>| day.and_then(|day| day.value(Item::Pollutant(Pollutant::Pm25)));
        let past = |start: BeijingDay| -> Option<Vec<f64>> {
            let days = cities.iter().flat_map(|city| (0..leads).map(move |lead| (*city, start + lead as i32)));
            days.map(|(city, day)| pm25(self.seen(city, day))).collect()
        };
        let stretches: Vec<Vec<f64>> =
            (leads as i32..=CLIMATOLOGY_DAYS).rev().filter_map(|back| past(issue - back)).collect();
        let last: Option<Vec<f64>> = cities.iter().map(|city| pm25(self.last(*city, issue))).collect();
        let carried = |last: Vec<f64>| last.into_iter().flat_map(|day| std::iter::repeat_n(day, leads)).collect();
        References {
            climatology: (stretches.len() >= FEWEST).then_some(stretches),
            persistence: last.map(|last| vec![carried(last)]),
        }
    }

    /// The values of the days before the issue day.
    fn climatology(&self, city: usize, issue: BeijingDay, item: Item) -> Option<Vec<f64>> {
        let value = |back: i32| self.seen(city, issue - back)?.value(item);
        Some((1..=CLIMATOLOGY_DAYS).filter_map(value).collect::<Vec<_>>()).filter(|sample| sample.len() >= FEWEST)
    }

    /// The last 24 hours times the ratios by which later days differed from earlier last 24 hours, as far as those
    /// later days were over before the issue day.
    fn persistence(&self, city: usize, issue: BeijingDay, lead: u8, item: Item) -> Option<Vec<f64>> {
        let last = self.last(city, issue)?.value(item)?;
        let ratio = |back: i32| {
            let earlier = issue - back;
            let before = self.last(city, earlier)?.value(item).filter(|value| *value > 0.0)?;
            Some(self.seen(city, earlier + i32::from(lead))?.value(item)? / before)
        };
        let ratios = (i32::from(lead) + 1..=DRESSING_DAYS + i32::from(lead)).filter_map(ratio);
        let top = if item == Item::Aqi { 500.0 } else { f64::INFINITY };
        let sample: Vec<f64> = ratios.map(|ratio| (last * ratio).min(top)).collect();
        Some(sample).filter(|sample| sample.len() >= FEWEST)
    }

    fn last(&self, city: usize, issue: BeijingDay) -> Option<&ObservedDay> {
        self.last.get(self.place(city, issue)?)
    }

    fn place(&self, city: usize, day: BeijingDay) -> Option<usize> {
        let column = usize::try_from(day - self.first).ok().filter(|column| *column < self.days)?;
        Some(city * self.days + column)
    }
}

fn index_said(sample: Vec<f64>, primary: Option<Vec<Pollutant>>) -> Option<IndexSaid> {
    let above = |bound: f64| Some(sample.iter().filter(|value| **value > bound).count() as f64 / sample.len() as f64);
    let (p_aqi150, p_aqi200) = (above(150.0), above(200.0));
    let median = Said::of_sample(sample)?.quantiles[2].round().clamp(0.0, 500.0);
    let range = RangeRule::bundled().range(Aqi::new(median as u16).ok()?);
    Some(IndexSaid { range, levels: vec![], primary, p_aqi150, p_aqi200 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PM25: Item = Item::Pollutant(Pollutant::Pm25);

    fn start() -> BeijingDay {
        "2017-10-01".parse().unwrap()
    }

    /// A hundred days, each at the value `of` its number; other pollutants low.
    fn history(of: impl Fn(i32) -> f64) -> History {
        let mut history = History::empty(vec!["x".into()], BeijingHour::of_day(start(), 1).unwrap(), 2400);
        for n in 0..100 {
            for hour in (start() + n).hours() {
                Pollutant::ALL.into_iter().for_each(|pollutant| history.set(pollutant, 0, hour, 1.0));
                history.set(Pollutant::Pm25, 0, hour, of(n));
            }
        }
        history
    }

    #[test]
    fn a_steady_series_is_forecast_exactly_by_both() {
        let book = ReferenceBook::new(&history(|_| 60.0), 20);
        let found = book.value(0, start() + 60, 2, PM25);
        assert_eq!(found.climatology.unwrap().quantiles, [60.0; 5]);
        assert_eq!(found.persistence.unwrap().quantiles, [60.0; 5]);
    }

    #[test]
    fn persistence_is_dressed_with_its_own_past_errors() {
        // Days alternate between 50 and 100.
        let book = ReferenceBook::new(&history(|n| if n % 2 == 0 { 50.0 } else { 100.0 }), 1);
        // With an issue at 01:00 the last 24 hours are the day before, so lead 1 is two days later: the same value.
        let said = book.value(0, start() + 60, 1, PM25).persistence.unwrap();
        assert_eq!(said.quantiles, [100.0; 5]);
        let said = book.value(0, start() + 60, 2, PM25).persistence.unwrap();
        assert_eq!((said.quantiles[0], said.quantiles[4]), (50.0, 200.0));
    }

    #[test]
    fn nothing_at_or_after_the_issue_is_seen() {
        let issue = start() + 60;
        let of = |spoiled: i64| {
            let mut history = history(|n| 40.0 + f64::from(n * 7 % 13));
            let hour = BeijingHour::of_day(issue, 20).unwrap();
            for n in spoiled..24 * 30 {
                Pollutant::ALL.into_iter().for_each(|pollutant| history.set(pollutant, 0, hour + n, 900.0));
            }
            let book = ReferenceBook::new(&history, 20);
            (book.value(0, issue, 1, PM25), book.index(0, issue, 3), book.courses(&[0], issue, 5))
        };
        assert_eq!(of(0), of(24 * 30));
        assert_ne!(of(-1), of(0), "the last hour before the issue counts");
    }

    #[test]
    fn too_few_days_give_no_reference() {
        let book = ReferenceBook::new(&history(|_| 60.0), 20);
        let found = book.value(0, start() + 9, 1, PM25);
        assert_eq!((found.climatology, found.persistence), (None, None));
        assert!(book.value(0, start() + 10, 1, PM25).climatology.is_some());
        assert_eq!(book.value(0, start() + 500, 1, PM25), References::default());
    }

    #[test]
    fn probabilities_and_ranges_follow_from_the_sample() {
        let sample: Vec<f64> = (0..10).map(|n| 100.0 + 20.0 * f64::from(n)).collect();
        let said = index_said(sample, None).unwrap();
        assert_eq!((said.p_aqi150, said.p_aqi200), (Some(0.7), Some(0.4)));
        assert_eq!(said.range, (165, 215));
    }

    #[test]
    fn courses_keep_days_together() {
        let book = ReferenceBook::new(&history(f64::from), 20);
        let found = book.courses(&[0], start() + 60, 3);
        let members = found.climatology.unwrap();
        assert_eq!(
            (members.len(), members[0].as_slice(), members[27].as_slice()),
            (28, &[30.0, 31.0, 32.0][..], &[57.0, 58.0, 59.0][..])
        );
        let carried = &found.persistence.unwrap()[0];
        assert!(carried.iter().all(|day| *day == carried[0]) && (59.0..60.0).contains(&carried[0]));
    }
}
