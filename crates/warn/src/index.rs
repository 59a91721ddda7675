use standards::{AqiEdition, Column};
use units::{BeijingDay, Concentration};

/// Largest 24-hour mean looked up, µg/m³; everything above has the index of the top of the scale.
const TOP: usize = 1500;

/// Index of every whole 24-hour mean of PM2.5 by the editions in force in a span of days.
///
/// A mean is rounded for reporting before the index is read, so whole µg/m³ are all there is.
#[derive(Default)]
pub(crate) struct Indices {
    editions: Vec<&'static str>,
    tables: Vec<Vec<i16>>,
}

impl Indices {
    /// Number of the table in force on a day.
    pub fn number(&mut self, day: BeijingDay) -> usize {
        let edition = AqiEdition::in_force(day);
        self.editions.iter().position(|id| *id == edition.id()).unwrap_or_else(|| {
            let index = |mean| edition.iaqi(Column::Pm25Day, Concentration::micrograms(mean));
            self.editions.push(edition.id());
            self.tables.push((0..=TOP as i64).map(|mean| index(mean).map_or(0, |index| index.get() as i16)).collect());
            self.tables.len() - 1
        })
    }

    /// A table by its number.
    pub fn table(&self, number: usize) -> &[i16] {
        &self.tables[number]
    }
}

/// For every bound 0 to 500 the mean that must be exceeded for an index above it, µg/m³: half a unit
/// above the largest whole mean that stays within it.
pub(crate) fn edges(table: &[i16]) -> Vec<f64> {
    (0..=500).map(|bound| table.partition_point(|index| *index <= bound) as f64 - 0.5).collect()
}

/// The index of a 24-hour mean, µg/m³, rounded half to even as reported.
pub(crate) fn index_of(table: &[i16], mean: f64) -> i16 {
    // Adding and taking away 1.5 * 2^52 leaves the nearest integer, ties to even: the rounding of the
    // addition itself. `round_ties_even` says the same and is a call a value on plain x86-64.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let whole = (mean.clamp(0.0, TOP as f64) + SHIFT) - SHIFT;
    table[(whole as usize).min(table.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounds_as_the_standard_library_does(quarters in 0u32..6000) {
            let identity: Vec<i16> = (0..=TOP as i16).collect();
            let mean = f64::from(quarters) / 4.0;
            prop_assert_eq!(f64::from(index_of(&identity, mean)), mean.round_ties_even());
        }
    }
}
