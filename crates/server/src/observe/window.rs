//! Hourly values of some sites over consecutive hours, as a handler loaded them.

use std::collections::HashMap;
use store::DenseSeries;
use units::{BeijingHour, Concentration, Pollutant, SiteCode};

/// Usable values laid out `[site][pollutant][hour]`.
pub(crate) struct Window {
    first: BeijingHour,
    hours: usize,
    sites: Vec<SiteCode>,
    values: Vec<Option<Concentration>>,
}

impl Window {
    /// From `first` to `last` inclusive, with the columns that the store gave for these sites from `first` on;
    /// hours it did not give are missing.
    pub(crate) fn new(sites: Vec<SiteCode>, first: BeijingHour, last: BeijingHour, columns: &[DenseSeries]) -> Window {
        let hours = usize::try_from(last - first + 1).unwrap_or(0);
        let values = vec![None; sites.len() * Pollutant::ALL.len() * hours];
        let mut window = Window { first, hours, sites, values };
        let places: HashMap<SiteCode, usize> = window.sites.iter().cloned().zip(0..).collect();
        for column in columns {
            let Some(site) = places.get(&column.site) else { continue };
            let start = window.place(*site, column.pollutant, 0);
            let cells = &mut window.values[start..start + hours];
            cells.iter_mut().zip(&column.values).for_each(|(cell, value)| *cell = *value);
        }
        window
    }

    /// The sites, in the order they were asked for.
    pub(crate) fn sites(&self) -> &[SiteCode] {
        &self.sites
    }

    /// Number of hours.
    pub(crate) fn hours(&self) -> usize {
        self.hours
    }

    /// The hour at an offset.
    pub(crate) fn hour(&self, at: usize) -> BeijingHour {
        self.first + at as i64
    }

    /// The offset of an hour, if it lies inside.
    pub(crate) fn offset(&self, hour: BeijingHour) -> Option<usize> {
        usize::try_from(hour - self.first).ok().filter(|at| *at < self.hours)
    }

    /// The usable value of one hour.
    pub(crate) fn value(&self, site: usize, pollutant: Pollutant, at: usize) -> Option<Concentration> {
        self.values[self.place(site, pollutant, at)]
    }

    /// Mean of the `hours` hours that end with the one at `at`, when at least `needed` of them are usable.
    pub(crate) fn running_mean(
        &self,
        site: usize,
        pollutant: Pollutant,
        at: usize,
        hours: usize,
        needed: usize,
    ) -> Option<Concentration> {
        let usable = ((at + 1).saturating_sub(hours)..=at).filter_map(|at| self.value(site, pollutant, at));
        ::observe::aggregate::mean_of_enough(usable, needed)
    }

    fn place(&self, site: usize, pollutant: Pollutant, at: usize) -> usize {
        (site * Pollutant::ALL.len() + pollutant.index()) * self.hours + at
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One site from 2018-01-01 01:00, whole µg/m³ (CO as well) an hour.
    pub(crate) fn window_of(series: &[(Pollutant, Vec<Option<i64>>)]) -> Window {
        let first: BeijingHour = "2018-01-01T01:00:00+08:00".parse().unwrap();
        let site: SiteCode = "320100".parse().unwrap();
        let hours = series.iter().map(|(_, values)| values.len()).max().unwrap() as i64;
        let column = |(pollutant, values): &(Pollutant, Vec<Option<i64>>)| DenseSeries {
            site: site.clone(),
            pollutant: *pollutant,
            values: values.iter().map(|value| value.map(Concentration::micrograms)).collect(),
        };
        let columns: Vec<DenseSeries> = series.iter().map(column).collect();
        Window::new(vec![site.clone()], first, first + hours - 1, &columns)
    }

    #[test]
    fn a_running_mean_needs_its_hours() {
        let window =
            window_of(&[(Pollutant::O3, vec![Some(80), None, None, Some(80), Some(80), Some(80), Some(80), Some(92)])]);
        let mean = |at| window.running_mean(0, Pollutant::O3, at, 8, 6);
        assert_eq!(mean(7), Some(Concentration::micrograms(82)));
        assert_eq!(mean(6), None, "five of eight");
    }

    #[test]
    fn what_lies_outside_is_left_out_and_what_was_not_given_is_missing() {
        let sites: [SiteCode; 2] = ["320100", "330100"].map(|code| code.parse().unwrap());
        let first = BeijingHour::from_index(100);
        let column = |site: &SiteCode, values: Vec<i64>| DenseSeries {
            site: site.clone(),
            pollutant: Pollutant::O3,
            values: values.into_iter().map(|value| Some(Concentration::micrograms(value))).collect(),
        };
        let columns = [column(&sites[1], vec![1, 2, 3]), column(&sites[0], vec![7])];
        let window = Window::new(vec![sites[0].clone()], first, first + 1, &columns);
        assert_eq!(window.value(0, Pollutant::O3, 0), Some(Concentration::micrograms(7)));
        assert_eq!((window.value(0, Pollutant::O3, 1), window.hours(), window.sites().len()), (None, 2, 1));
        assert_eq!((window.offset(first + 1), window.offset(first + 2)), (Some(1), None));
    }
}
