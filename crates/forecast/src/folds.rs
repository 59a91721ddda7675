use crate::targets::LEADS;
use std::collections::BTreeMap;
use std::ops::Range;
use units::BeijingDay;

/// Days at either end of a fold that train no other fold: the target days and one of slack.
const EDGE: i32 = LEADS as i32 + 1;
/// A July–June year with fewer issue days than this is no fold of its own.
const WHOLE_YEAR: usize = 200;
/// Length of a fold when there are too few whole years.
const QUARTER: i32 = 91;

/// One block of consecutive issue days that is forecast by a model that has not seen it.
pub(crate) struct Fold {
    /// Rows that are predicted.
    pub test: Range<usize>,
    /// Rows that may train the models of the other folds: without the days that touch a neighbour.
    pub core: Range<usize>,
}

/// Splits ascending issue days into whole July–June years when there are at least four of them, else
/// into quarters of a year: a random row would leak its weather through the days and cities beside it.
pub(crate) fn folds(days: &[BeijingDay]) -> Vec<Fold> {
    let by_year = blocks(days, |day| day.year() - i32::from(day.month() < 7));
    let whole = by_year.iter().filter(|block| block.len() >= WHOLE_YEAR).count();
    let blocks = if whole >= 4 { by_year } else { blocks(days, |day| day.index().div_euclid(QUARTER)) };
    blocks.into_iter().map(|test| Fold { core: core(days, &test), test }).collect()
}

fn blocks(days: &[BeijingDay], key: impl Fn(BeijingDay) -> i32) -> Vec<Range<usize>> {
    let mut found: BTreeMap<i32, Range<usize>> = BTreeMap::new();
    for (row, day) in days.iter().enumerate() {
        found.entry(key(*day)).or_insert(row..row).end = row + 1;
    }
    found.into_values().collect()
}

fn core(days: &[BeijingDay], test: &Range<usize>) -> Range<usize> {
    let (first, last) = (days[test.start], days[test.end - 1]);
    let inside = |row: &usize| days[*row] - first >= EDGE && last - days[*row] >= EDGE;
    let start = test.clone().find(inside).unwrap_or(test.end);
    let end = test.clone().rev().find(inside).map_or(start, |row| row + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, count: i32) -> Vec<BeijingDay> {
        (0..count).map(|n| from.parse::<BeijingDay>().unwrap() + n).collect()
    }

    #[test]
    fn four_whole_years_are_folds_of_their_own() {
        let found = folds(&days("2014-07-01", 4 * 365 + 1));
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].test, 0..365);
        assert_eq!(found[0].core, 8..357);
    }

    #[test]
    fn fewer_years_are_cut_into_quarters_that_cover_every_day_once() {
        let found = folds(&days("2014-07-01", 700));
        assert!(found.len() >= 7, "{}", found.len());
        assert_eq!(found.iter().map(|fold| fold.test.len()).sum::<usize>(), 700);
    }

    #[test]
    fn a_short_rest_predicts_but_does_not_train() {
        let found = folds(&days("2014-07-01", 5));
        assert!(found.iter().all(|fold| fold.core.is_empty()));
    }
}
