//! What the readers of grids share: places to cells, cells to values, values to reported units.

use crate::GuidanceError;
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use modelfile::{Air, Cells, Place, Sampling, Unit, weigh};
use units::{BeijingHour, Pollutant};

use super::Request;

/// A place with its cells.
pub(super) struct Spot {
    place: usize,
    cells: Cells,
}

/// Finds the cells of all places; those outside are flagged, and a file with none of them is refused `J-110`.
pub(super) fn spots(
    layout: &'static str,
    request: &Request<'_>,
    collector: &mut Collector,
    locate: impl Fn(&Place) -> Option<Cells>,
) -> Result<Vec<Spot>, GuidanceError> {
    let mut spots = vec![];
    for place in request.places {
        match locate(place) {
            Some(cells) => spots.push(Spot { place: collector.place(&place.name), cells }),
            None => {
                let flag = Flag::whole(FlagKind::Sampled, "lies outside the grid; no values").at(&place.name);
                collector.flags.push(flag);
            }
        }
    }
    if spots.is_empty() {
        return Err(GuidanceError::NoPlace { layout, asked: request.places.len() });
    }
    let how = match request.sampling {
        Sampling::Nearest => "the cell whose centre is nearest to each place",
        Sampling::Bilinear => "bilinear between the four cells around each place",
    };
    collector.flags.push(Flag::whole(FlagKind::Sampled, how));
    Ok(spots)
}

/// A field of one pollutant: `value(step, row, column)` in `unit`.
pub(super) struct Field<'f> {
    pub(super) pollutant: Pollutant,
    /// Name in the file, for messages.
    pub(super) name: &'f str,
    /// The unit as written.
    pub(super) unit: &'f str,
    pub(super) value: &'f dyn Fn(usize, usize, usize) -> Option<f64>,
    /// Temperature and pressure there, where the file has them.
    pub(super) air: &'f dyn Fn(usize, usize, usize) -> Option<Air>,
}

/// Enters a field at all places and hours; refuses `J-108` for a unit that can't be converted.
pub(super) fn fill(
    collector: &mut Collector,
    spots: &[Spot],
    hours: &[(usize, BeijingHour)],
    field: &Field<'_>,
) -> Result<(), GuidanceError> {
    let pollutant = field.pollutant;
    let refused = |why| {
        let (variable, unit) = (field.name.to_string(), field.unit.to_string());
        GuidanceError::Unit { variable, unit, pollutant: pollutant.code(), why }
    };
    let unit = Unit::parse(field.unit).ok_or_else(|| refused("not a unit of a concentration"))?;
    for spot in spots {
        for (step, hour) in hours {
            let air = spot.cells.first().and_then(|(row, column, _)| (field.air)(*step, *row, *column));
            let factor = unit.factor(pollutant, hour.day(), air).map_err(refused)?;
            if let Some(value) = weigh(&spot.cells, |row, column| (field.value)(*step, row, column)) {
                collector.set(pollutant, spot.place, *hour, value * factor);
            }
        }
    }
    if let Some(told) = hours.first().and_then(|(_, hour)| unit.told(pollutant, hour.day())) {
        collector.flags.push(Flag::of(FlagKind::Converted, pollutant, format!("{}: {told}", field.name)));
    }
    Ok(())
}

/// Enters a field, and turns a refusal of it into a flag so that the rest of the file is read.
pub(super) fn fill_or_flag(
    collector: &mut Collector,
    spots: &[Spot],
    hours: &[(usize, BeijingHour)],
    field: &Field<'_>,
) -> bool {
    match fill(collector, spots, hours, field) {
        Ok(()) => true,
        Err(error) => {
            collector.flags.push(Flag::of(FlagKind::Refused, field.pollutant, error.to_string()));
            false
        }
    }
}

/// No field could be used: the first refusal if there was one, else the names that are there.
pub(super) fn nothing<'n>(
    layout: &'static str,
    collector: &Collector,
    names: impl Iterator<Item = &'n str>,
) -> GuidanceError {
    let refusals = collector.flags.iter().filter(|flag| flag.kind == FlagKind::Refused);
    let mut found: Vec<String> = refusals.map(|flag| flag.detail.clone()).collect();
    if found.is_empty() {
        found = names.take(12).map(String::from).collect();
    }
    GuidanceError::NoPollutant { layout, found: found.join(", ") }
}
