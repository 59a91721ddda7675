//! Which (site, hour) rows a file has had, in memory that doesn't grow with the file.

use std::collections::{HashMap, VecDeque};

/// Hours in a page: a little over five days.
const PAGE_HOURS: i64 = 128;
/// 150,000 pages of 512 bytes: 19 million rows of dense series, about 90 MB at most.
const MAX_PAGES: usize = 150_000;

/// Whether a row is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    First,
    /// The same site and hour with the same values.
    Same,
    /// The same site and hour with other values.
    Different,
}

/// A 32-bit fingerprint per site and hour, in pages of neighbouring hours. When there are too many pages the
/// oldest is forgotten: a repeat that far from its first row is then left to the store, which knows all rows.
#[derive(Default)]
pub(super) struct SeenRows {
    pages: HashMap<(u64, i64), Box<[u32; PAGE_HOURS as usize]>>,
    order: VecDeque<(u64, i64)>,
    forgot: bool,
}

impl SeenRows {
    /// Looks up and enters a row: its series' key, its hour, and a digest of its values.
    pub(super) fn check(&mut self, series: u64, hour: i64, values: u64) -> Seen {
        let page = (series, hour.div_euclid(PAGE_HOURS));
        if !self.pages.contains_key(&page) {
            self.add(page);
        }
        let fingerprint = (((values >> 32) ^ values) as u32).max(1);
        let Some(slots) = self.pages.get_mut(&page) else { return Seen::First };
        let slot = &mut slots[hour.rem_euclid(PAGE_HOURS) as usize];
        match *slot {
            0 => {
                *slot = fingerprint;
                Seen::First
            }
            known if known == fingerprint => Seen::Same,
            _ => Seen::Different,
        }
    }

    /// Whether a page had to be forgotten.
    pub(super) fn forgot(&self) -> bool {
        self.forgot
    }

    fn add(&mut self, page: (u64, i64)) {
        if self.order.len() >= MAX_PAGES
            && let Some(oldest) = self.order.pop_front()
        {
            self.pages.remove(&oldest);
            self.forgot = true;
        }
        self.order.push_back(page);
        self.pages.insert(page, Box::new([0; PAGE_HOURS as usize]));
    }
}

/// FNV-1a, 64 bit: the same on every machine and in every run.
#[derive(Clone, Copy)]
pub(super) struct Fnv(u64);

impl Fnv {
    pub(super) fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn add(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    pub(super) fn get(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_told_from_a_conflict() {
        let mut rows = SeenRows::default();
        assert_eq!(rows.check(1, 100, 7), Seen::First);
        assert_eq!(rows.check(1, 100, 7), Seen::Same);
        assert_eq!(rows.check(1, 100, 8), Seen::Different);
        assert_eq!(rows.check(2, 100, 8), Seen::First);
        assert_eq!(rows.check(1, 228, 7), Seen::First);
        assert_eq!(rows.check(1, -28, 7), Seen::First);
    }

    #[test]
    fn memory_stays_bounded_for_endless_sites() {
        let mut rows = SeenRows::default();
        for series in 0..(MAX_PAGES as u64 + 500) {
            assert_eq!(rows.check(series, 0, 1), Seen::First);
        }
        assert!(rows.forgot() && rows.pages.len() <= MAX_PAGES);
    }
}
