use super::EpisodeDefinition;
use crate::CityDays;
use serde::Serialize;
use units::BeijingDay;

/// One run of days above the bound within a day series, as columns of the series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    /// First day above.
    pub onset: usize,
    /// Last day above.
    pub last: usize,
    /// Days above between them, gaps not counted.
    pub above: usize,
    /// Day of the largest value, the first of equal ones.
    pub peak: usize,
    /// The largest value.
    pub peak_value: f64,
}

impl Stretch {
    /// Whether a day above right after a series of `days` days would belong to this run.
    pub fn open(&self, days: usize, gap_days: usize) -> bool {
        days - 1 - self.last <= gap_days
    }
}

/// The runs of a day series that are long enough, in order.
pub(crate) fn stretches(definition: &EpisodeDefinition, values: impl Iterator<Item = f64>) -> Vec<Stretch> {
    let (mut found, mut running): (Vec<Stretch>, Option<Stretch>) = (Vec::new(), None);
    for (column, value) in values.enumerate().filter(|(_, value)| definition.exceeded(*value)) {
        running = match running.take() {
            Some(run) if column - run.last - 1 <= definition.gap_days => Some(run.joined(column, value)),
            ended => {
                found.extend(ended);
                Some(Stretch { onset: column, last: column, above: 1, peak: column, peak_value: value })
            }
        };
    }
    found.extend(running);
    found.retain(|run| run.above >= definition.fewest_days);
    found
}

impl Stretch {
    fn joined(self, column: usize, value: f64) -> Stretch {
        let (peak, peak_value) = if value > self.peak_value { (column, value) } else { (self.peak, self.peak_value) };
        Stretch { last: column, above: self.above + 1, peak, peak_value, ..self }
    }
}

/// An observed episode (污染过程实况) of a city or of the region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Episode {
    /// The city; `None` is the region.
    pub city: Option<String>,
    /// First day above the bound.
    pub onset: BeijingDay,
    /// Day of the largest value.
    pub peak_day: BeijingDay,
    /// The largest day value; of the region, what at least the fewest cities reached.
    pub peak_value: f64,
    /// Last day above the bound so far.
    pub last: BeijingDay,
    /// The same once it is certain: `None` while a further day above would still belong to it.
    pub end: Option<BeijingDay>,
    /// Whether the day before the onset is missing or not in the series: it may have begun earlier.
    pub onset_in_doubt: bool,
    /// Whether the day after the last is missing: it may have lasted longer.
    pub end_in_doubt: bool,
    /// Days above the bound.
    pub days_above: usize,
    /// Cities above the bound on at least one day from onset to last, in the order of the series.
    pub cities: Vec<String>,
}

/// Episodes of every city, then of the region, each in order of time.
///
/// An episode that has ended stays as it is whatever days come later.
pub fn episodes(definition: &EpisodeDefinition, seen: &CityDays) -> Vec<Episode> {
    let cities = (0..seen.cities().len()).flat_map(|city| city_episodes(definition, seen, city));
    cities.chain(region_episodes(definition, seen)).collect()
}

/// Episodes of one city.
pub fn city_episodes(definition: &EpisodeDefinition, seen: &CityDays, city: usize) -> Vec<Episode> {
    let name = seen.cities()[city].clone();
    let told = |run| Episode {
        city: Some(name.clone()),
        cities: vec![name.clone()],
        ..episode(definition, seen.first(), seen.city(city), run)
    };
    stretches(definition, seen.city(city).iter().copied()).into_iter().map(told).collect()
}

/// Episodes of the region: days on which at least `fewest_cities` cities are above the bound.
pub fn region_episodes(definition: &EpisodeDefinition, seen: &CityDays) -> Vec<Episode> {
    let days = (seen.end() - seen.first()).max(0);
    let cities = 0..seen.cities().len();
    let value = |d: i32| definition.region_value(cities.clone().map(|city| seen.value(city, seen.first() + d)));
    let region: Vec<f64> = (0..days).map(value).collect();
    let told = |run: Stretch| {
        let above =
            |city: &usize| seen.city(*city)[run.onset..=run.last].iter().any(|value| definition.exceeded(*value));
        let names = cities.clone().filter(above).map(|city| seen.cities()[city].clone()).collect();
        Episode { cities: names, ..episode(definition, seen.first(), &region, run) }
    };
    stretches(definition, region.iter().copied()).into_iter().map(told).collect()
}

/// A run of a series in days; whose it is says the caller.
fn episode(definition: &EpisodeDefinition, first: BeijingDay, values: &[f64], run: Stretch) -> Episode {
    let day = |column: usize| first + column as i32;
    Episode {
        city: None,
        onset: day(run.onset),
        peak_day: day(run.peak),
        peak_value: run.peak_value,
        last: day(run.last),
        end: (!run.open(values.len(), definition.gap_days)).then(|| day(run.last)),
        onset_in_doubt: run.onset == 0 || values[run.onset - 1].is_nan(),
        end_in_doubt: values.get(run.last + 1).is_some_and(|value| value.is_nan()),
        days_above: run.above,
        cities: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::super::definition_of;
    use super::*;
    use proptest::prelude::*;

    fn one_city(values: &[f64]) -> CityDays {
        let first = BeijingDay::from_index(0);
        CityDays::new(vec!["a".into()], first, values.len(), |_, day| values[day.index() as usize])
    }

    fn spans(definition: &EpisodeDefinition, values: &[f64]) -> Vec<(i32, i32, bool)> {
        let found = city_episodes(definition, &one_city(values), 0);
        found.iter().map(|e| (e.onset.index(), e.last.index(), e.end.is_some())).collect()
    }

    #[test]
    fn one_day_above_is_no_episode_of_two_days() {
        assert_eq!(spans(&definition_of(2, 0), &[10.0, 160.0, 10.0, 160.0, 160.0, 10.0]), [(3, 4, true)]);
    }

    #[test]
    fn a_gap_joins_and_does_not_count_as_a_day_above() {
        let values = [160.0, 10.0, 170.0, 10.0, 10.0, 160.0, 10.0, 10.0];
        assert_eq!(spans(&definition_of(2, 1), &values), [(0, 2, true)]);
        assert_eq!(spans(&definition_of(3, 1), &values), []);
    }

    #[test]
    fn a_missing_day_counts_against_the_gap_like_a_day_below() {
        let values = [160.0, 160.0, f64::NAN, 160.0, 160.0, 10.0];
        assert_eq!(spans(&definition_of(2, 0), &values), [(0, 1, true), (3, 4, true)]);
        assert_eq!(spans(&definition_of(2, 1), &values), [(0, 4, false)]);
    }

    #[test]
    fn an_episode_ends_only_when_no_further_day_could_belong_to_it() {
        assert_eq!(spans(&definition_of(2, 0), &[160.0, 160.0]), [(0, 1, false)]);
        assert_eq!(spans(&definition_of(2, 0), &[160.0, 160.0, 10.0]), [(0, 1, true)]);
        assert_eq!(spans(&definition_of(2, 1), &[160.0, 160.0, 10.0]), [(0, 1, false)]);
    }

    #[test]
    fn a_missing_neighbour_puts_onset_or_end_in_doubt() {
        let doubt = |values: &[f64]| {
            let found = city_episodes(&definition_of(2, 0), &one_city(values), 0);
            (found[0].onset_in_doubt, found[0].end_in_doubt)
        };
        assert_eq!(doubt(&[10.0, 160.0, 160.0, 10.0]), (false, false));
        assert_eq!(doubt(&[f64::NAN, 160.0, 160.0, f64::NAN]), (true, true));
        assert_eq!(doubt(&[160.0, 160.0]), (true, false));
    }

    #[test]
    fn the_peak_is_the_first_of_the_largest_days() {
        let found = city_episodes(&definition_of(2, 0), &one_city(&[160.0, 190.0, 190.0, 5.0]), 0);
        assert_eq!((found[0].peak_day.index(), found[0].peak_value, found[0].days_above), (1, 190.0, 3));
    }

    #[test]
    fn the_region_needs_enough_cities_on_the_same_day() {
        let days = [[160.0, 170.0, 10.0], [10.0, 180.0, 165.0], [160.0, 10.0, 10.0]];
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let seen = CityDays::new(names, BeijingDay::from_index(0), 3, |city, day| days[day.index() as usize][city]);
        let definition = EpisodeDefinition { fewest_cities: 2, ..definition_of(2, 0) };
        let found = region_episodes(&definition, &seen);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].onset.index(), found[0].last.index()), (0, 1));
        assert_eq!((found[0].peak_value, found[0].cities.len()), (165.0, 3));
        assert!(region_episodes(&EpisodeDefinition { fewest_cities: 3, ..definition }, &seen).is_empty());
    }

    fn series() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![4 => 100.0f64..200.0, 1 => Just(f64::NAN)], 1..40)
    }

    proptest! {
        #[test]
        fn a_longer_series_never_loses_an_earlier_episode(
            values in series(), more in series(), days in 1usize..4, gap in 0usize..3
        ) {
            let definition = definition_of(days, gap);
            let long: Vec<f64> = values.iter().chain(&more).copied().collect();
            let (short, long) = (one_city(&values), one_city(&long));
            let after = city_episodes(&definition, &long, 0);
            for earlier in city_episodes(&definition, &short, 0) {
                let kept = after.iter().any(|e| e.onset == earlier.onset && e.last >= earlier.last);
                prop_assert!(kept, "{earlier:?} is lost");
                prop_assert!(earlier.end.is_none() || after.contains(&earlier), "{earlier:?} has changed");
            }
        }

        #[test]
        fn raising_all_values_never_removes_an_exceedance_day(values in series(), by in 0.0f64..50.0) {
            let definition = definition_of(2, 1);
            let raised: Vec<f64> = values.iter().map(|value| value + by).collect();
            let held = |values: &[f64]| -> Vec<bool> {
                let found = city_episodes(&definition, &one_city(values), 0);
                let inside = |d: i32| found.iter().any(|e| (e.onset.index()..=e.last.index()).contains(&d));
                (0..values.len() as i32).map(inside).collect()
            };
            let (before, after) = (held(&values), held(&raised));
            prop_assert!(before.iter().zip(&after).all(|(before, after)| !before || *after));
        }
    }
}
