use standards::{AqiEdition, Column};
use units::{BeijingDay, Concentration, MassUnit};

/// Index of a 24-hour mean of PM2.5, µg/m³, by the edition in force on the day.
///
/// The mean is rounded for reporting first, as the edition asks; above the scale it is the top of the scale.
pub(crate) fn pm25_index(day: BeijingDay, mean: f64) -> u16 {
    let reported =
        Concentration::from_f64(mean.max(0.0), MassUnit::Microgram).map(|c| c.round_for_report(MassUnit::Microgram, 0));
    let index = reported.and_then(|reported| AqiEdition::in_force(day).iaqi(Column::Pm25Day, reported));
    index.map_or(500, |index| index.get())
}
