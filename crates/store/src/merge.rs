//! What a batch of an import changes, decided without a database.

use crate::code::Cell;

/// One value on its way in, or in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub series: i32,
    pub hour: i32,
    pub cell: Cell,
}

/// A value in the table, with the flag a check set and the import that brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub entry: Entry,
    pub flag: i16,
    pub import: i32,
}

/// What is to be written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Merge {
    /// To insert or to replace, in key order.
    pub put: Vec<Entry>,
    /// Replaced values, to be kept as history.
    pub superseded: Vec<Held>,
    /// Hours that were not held before, by series, in key order.
    pub added: Vec<(i32, u64)>,
    pub changed: u64,
    pub unchanged: u64,
}

impl Entry {
    pub fn key(&self) -> (i32, i32) {
        (self.series, self.hour)
    }
}

/// Merges a batch into what is held; both in key order, the batch in file order within a key.
///
/// A later value replaces an earlier one, which goes to the history. A later *missing* replaces nothing: a hole
/// in a newer file says that this file lacks the hour, not that the value received before was wrong.
pub(crate) fn merge(batch: &[Entry], held: &[Held], import: i32) -> Merge {
    let mut merge = Merge::default();
    let mut rest = held.iter().peekable();
    for same in batch.chunk_by(|a, b| a.key() == b.key()) {
        let key = same[0].key();
        while rest.next_if(|old| old.entry.key() < key).is_some() {}
        let before = rest.next_if(|old| old.entry.key() == key).copied();
        merge.take(same, before, import);
    }
    merge
}

impl Merge {
    fn take(&mut self, same: &[Entry], before: Option<Held>, import: i32) {
        let mut now = before;
        for entry in same {
            match now {
                Some(old) if says_nothing_new(entry.cell, old.entry.cell) => {
                    self.unchanged += 1;
                    continue;
                }
                Some(old) => {
                    self.changed += 1;
                    self.superseded.push(old);
                }
                None => self.add(entry.series),
            }
            now = Some(Held { entry: *entry, flag: crate::code::NONE, import });
        }
        self.put.extend(now.filter(|_| now != before).map(|held| held.entry));
    }

    fn add(&mut self, series: i32) {
        match self.added.last_mut() {
            Some((last, hours)) if *last == series => *hours += 1,
            _ => self.added.push((series, 1)),
        }
    }

    /// Hours that were not held before.
    pub fn new_hours(&self) -> u64 {
        self.added.iter().map(|(_, hours)| hours).sum()
    }
}

fn says_nothing_new(new: Cell, old: Cell) -> bool {
    new == old || (new.value.is_none() && old.value.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Concentration, Missing, Reading};

    fn entry(hour: i32, micrograms: i64) -> Entry {
        Entry { series: 1, hour, cell: Reading::Valid(Concentration::micrograms(micrograms)).into() }
    }

    fn missing(hour: i32) -> Entry {
        Entry { series: 1, hour, cell: Reading::Missing(Missing::NotReported).into() }
    }

    fn held(entry: Entry) -> Held {
        Held { entry, flag: 2, import: 1 }
    }

    #[test]
    fn new_changed_and_unchanged_are_told_apart() {
        let merge = merge(&[entry(1, 10), entry(2, 20), entry(3, 31)], &[held(entry(2, 20)), held(entry(3, 30))], 2);
        assert_eq!((merge.new_hours(), merge.changed, merge.unchanged), (1, 1, 1));
        assert_eq!(merge.put, [entry(1, 10), entry(3, 31)]);
        assert_eq!(merge.superseded, [held(entry(3, 30))]);
    }

    #[test]
    fn new_hours_are_counted_by_series() {
        let other = Entry { series: 2, ..entry(1, 10) };
        assert_eq!(merge(&[entry(1, 10), entry(2, 10), other], &[], 2).added, [(1, 2), (2, 1)]);
    }

    #[test]
    fn a_hole_in_a_later_file_does_not_displace_a_value() {
        let merge = merge(&[missing(1), missing(2)], &[held(entry(1, 10))], 2);
        assert_eq!((merge.new_hours(), merge.changed, merge.unchanged), (1, 0, 1));
        assert_eq!(merge.put, [missing(2)]);
    }

    #[test]
    fn a_value_fills_a_hole() {
        let merge = merge(&[entry(1, 10)], &[held(missing(1))], 2);
        assert_eq!((merge.changed, merge.put), (1, vec![entry(1, 10)]));
    }

    #[test]
    fn two_values_for_one_hour_in_one_file_leave_the_last_and_keep_the_first() {
        let merge = merge(&[entry(1, 10), entry(1, 11), entry(1, 11)], &[], 7);
        assert_eq!((merge.new_hours(), merge.changed, merge.unchanged), (1, 1, 1));
        assert_eq!(merge.put, [entry(1, 11)]);
        assert_eq!(merge.superseded, [Held { entry: entry(1, 10), flag: 0, import: 7 }]);
    }
}
