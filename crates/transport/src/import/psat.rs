//! CAMx/PSAT: source-apportionment tracers in the UAM-IV container, lowest layer.
//!
//! A tracer's name is its class (three letters), the emission group and the region (three digits each): `PS4001003`; `000IC` and `000BC` are the
//! initial state and the edge. The table of tags names the six digits `001003`. Written from the layout: no PSAT file was found, so the
//! number of digits stands as configuration of the reader, not as something seen.

use super::days::DayMeans;
use super::isam::{refuse_negative, wrong_unit};
use super::mask::{describe, mean, on_grid};
use super::{Imported, Request};
use crate::contribution::{Background, Contribution, Contributions, Whose};
use crate::matrix::{Basis, Status};
use crate::source::{Precursor, Receptor};
use crate::{Note, TransportError};
use modelfile::uamiv::{self, Header};
use modelfile::{Fault, Records, Unit};
use std::collections::BTreeMap;
use units::Pollutant;

pub(super) const ID: &str = "camx-psat";

/// Three letters, pollutants, precursor, unit.
type Class = (&'static str, &'static [Pollutant], Precursor, &'static str);

/// Classes: pollutants each is part of, the precursor, and the unit of its tracers.
const CLASSES: [Class; 12] = [
    ("SO2", &[Pollutant::So2], Precursor::So2, "ppm"),
    ("RGN", &[Pollutant::No2], Precursor::Nox, "ppm"),
    ("PS4", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::So2, "ug/m3"),
    ("PN3", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Nox, "ug/m3"),
    ("PN4", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Nh3, "ug/m3"),
    ("POA", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Pm25, "ug/m3"),
    ("PEC", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Pm25, "ug/m3"),
    ("PFC", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Pm25, "ug/m3"),
    ("PFN", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Pm25, "ug/m3"),
    ("PO1", &[Pollutant::Pm10, Pollutant::Pm25], Precursor::Voc, "ug/m3"),
    ("PCC", &[Pollutant::Pm10], Precursor::Pmc, "ug/m3"),
    ("PCS", &[Pollutant::Pm10], Precursor::Pmc, "ug/m3"),
];

/// The class and the tag of a tracer; `None` for a plain species.
fn tracer(name: &str) -> Option<(&Class, &str)> {
    let (class, tag) = name.split_at_checked(3)?;
    let class = CLASSES.iter().find(|(known, ..)| *known == class)?;
    let digits = tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_digit());
    (digits || background(tag).is_some()).then_some((class, tag))
}

fn background(tag: &str) -> Option<Background> {
    match tag {
        "000IC" => Some(Background::Initial),
        "000BC" => Some(Background::Boundary),
        _ => None,
    }
}

pub(super) fn read(bytes: &[u8], request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let mut records = Records::of(bytes);
    let header = Header::of(&mut records).map_err(damaged)?;
    if !header.species.iter().any(|name| tracer(name).is_some()) {
        let found = header.species.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        return Err(TransportError::NoContribution { layout: ID, found });
    }
    let steps = uamiv::steps(&mut records, &header).map_err(damaged)?;
    if records.left() > 0 {
        return Err(damaged(Fault::Damaged(format!("{} bytes at the end are no whole record", records.left()))));
    }
    let first = steps.first().ok_or_else(|| damaged(Fault::Missing("any whole time step".into())))?.begin;
    let tags = request.tags(ID)?;
    let grid = header.grid(request.projection).map_err(damaged)?;
    let mut notes = vec![];
    let cities = on_grid(ID, request, &grid, &mut notes)?;
    let mut days = DayMeans::new();
    for step in &steps {
        let mut sums = BTreeMap::new();
        for (at, name) in header.species.iter().enumerate() {
            let Some(((_, pollutants, precursor, unit), tag)) = tracer(name) else { continue };
            let whose = match background(tag) {
                Some(background) => Whose::Background(background),
                None => Whose::Source(tags.of(ID, tag, name)?.source.clone()),
            };
            for (city, cells) in &cities {
                let values = cells.iter().map(|(cell, weight)| {
                    let value = step.value(&header, at, cell / header.columns, cell % header.columns);
                    value.map(|value| (value, *weight))
                });
                let values = values.collect::<Option<Vec<_>>>().ok_or_else(|| {
                    damaged(Fault::Damaged(format!("{name} of {} is shorter than the grid", step.end)))
                })?;
                let field: Vec<f64> = values.iter().map(|(value, _)| *value).collect();
                let weights: Vec<(usize, f64)> = values.iter().map(|(_, weight)| *weight).enumerate().collect();
                let value = mean(&field, &weights).unwrap_or(f64::NAN);
                for pollutant in *pollutants {
                    let factor = Unit::parse(unit).and_then(|unit| unit.factor(*pollutant, step.end.day(), None).ok());
                    let factor = factor.ok_or_else(|| wrong_unit(name, unit))?;
                    *sums.entry((*city, *pollutant, whose.clone(), *precursor)).or_insert(0.0) += value * factor;
                }
            }
        }
        for (key, value) in sums {
            days.add(&key, step.end - 1, step.end, value, &format!("{} from {:?}", key.0, key.2))?;
        }
    }
    let rows = days.finish(ID, &mut notes)?.into_iter().map(|((city, pollutant, whose, precursor), day, ug_m3)| {
        Contribution { receptor: Receptor { city, day, pollutant }, whose, precursor: Some(precursor), ug_m3 }
    });
    let rows: Vec<Contribution> = rows.collect();
    refuse_negative(&rows)?;
    let origin = request.origin("CAMx-PSAT", Some(first), describe(&grid), Status::Model, Basis::Tagged);
    Ok((Imported::Contributions(Contributions::new(origin, rows, BTreeMap::new())?), notes))
}
