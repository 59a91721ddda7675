//! WRF-Chem: tagged tracers at the surface, and the concentrations they are parts of.
//!
//! Traps: values are of the moment and stand for the hour that ends then; which tracer is whose, and part of what, only the table of tags
//! says. A file without tracers gives totals, for a base run less a run without a source. Written from the layout: no public output was found.

use super::days::DayMeans;
use super::isam::wrong_unit;
use super::mask::{cells_of, mean};
use super::{Imported, Request, first_names};
use crate::contribution::{Contribution, Contributions, Whose};
use crate::matrix::{Basis, Status};
use crate::source::{Precursor, Receptor, Source};
use crate::{Note, TransportError};
use modelfile::{Dataset, Fault, Sampling, Unit, wrf};
use std::collections::BTreeMap;
use units::Pollutant;

pub(super) const ID: &str = "wrf-chem-tags";

const TOTALS: [(Pollutant, &str); 5] = [
    (Pollutant::So2, "so2"),
    (Pollutant::No2, "no2"),
    (Pollutant::Co, "co"),
    (Pollutant::Pm10, "PM10"),
    (Pollutant::Pm25, "PM2_5_DRY"),
];

/// A variable to read: part of what, and whose; `None` for a total.
struct Wanted {
    name: String,
    pollutant: Pollutant,
    whose: Option<(Source, Precursor)>,
}

pub(super) fn read(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let wanted = wanted(file, request)?;
    if wanted.is_empty() {
        return Err(TransportError::NoContribution { layout: ID, found: first_names(file) });
    }
    let hours = wrf::hours(file).map_err(damaged)?;
    let centres = wrf::Centres::of(file).map_err(damaged)?;
    let corner = centres.at(0, 0).unwrap_or((f64::NAN, f64::NAN));
    let grid = format!("WRF {} x {} cells from {:.4}, {:.4}", centres.columns, centres.rows, corner.0, corner.1);
    let mut notes = vec![];
    let near = |place: &modelfile::Place| centres.cells(place, Sampling::Nearest);
    let cities = cells_of(ID, request.cities, request.mask, &grid, centres.columns, near, &mut notes)?;
    let mut days = DayMeans::new();
    for Wanted { name, pollutant, whose } in &wanted {
        let written = file.text(Some(name), "units").unwrap_or_default();
        let unit = Unit::parse(&written).ok_or_else(|| wrong_unit(name, &written))?;
        for (step, hour) in &hours {
            let field = wrf::surface(file, name, *step).map_err(damaged)?;
            let factor = unit.factor(*pollutant, hour.day(), None).map_err(|_| wrong_unit(name, &written))?;
            let milli = if *pollutant == Pollutant::Co { 1000.0 } else { 1.0 };
            for (city, cells) in &cities {
                let value = mean(&field, cells)
                    .ok_or_else(|| damaged(Fault::Damaged(format!("{name} is shorter than the grid"))))?;
                let key = (*city, *pollutant, whose.clone());
                days.add(&key, *hour - 1, *hour, value * factor * milli, name)?;
            }
        }
    }
    let (mut rows, mut totals): (BTreeMap<_, f64>, BTreeMap<_, f64>) = Default::default();
    for ((city, pollutant, whose), day, ug_m3) in days.finish(ID, &mut notes)? {
        let receptor = Receptor { city, day, pollutant };
        match whose {
            Some((source, precursor)) => *rows.entry((receptor, source, precursor)).or_insert(0.0) += ug_m3,
            None => *totals.entry(receptor).or_insert(0.0) += ug_m3,
        }
    }
    let row = |((receptor, source, precursor), ug_m3)| Contribution {
        receptor,
        whose: Whose::Source(source),
        precursor: Some(precursor),
        ug_m3,
    };
    let rows: Vec<Contribution> = rows.into_iter().map(row).collect();
    super::isam::refuse_negative(&rows)?;
    let origin = request.origin("WRF-Chem", wrf::started(file), grid, Status::Model, Basis::Tagged);
    Ok((Imported::Contributions(Contributions::new(origin, rows, totals)?), notes))
}

fn wanted(file: &dyn Dataset, request: &Request<'_>) -> Result<Vec<Wanted>, TransportError> {
    let total = |(pollutant, name): (Pollutant, &str)| Wanted { name: name.to_string(), pollutant, whose: None };
    let mut wanted: Vec<Wanted> = TOTALS.into_iter().filter(|(_, name)| file.has(name)).map(total).collect();
    let names: BTreeMap<String, String> = file.names().into_iter().map(|name| (name.to_uppercase(), name)).collect();
    for (tag, meaning) in request.tags.into_iter().flat_map(|tags| tags.iter()) {
        let Some(name) = names.get(tag) else { continue };
        let said = meaning.precursor.zip(meaning.pollutant);
        let (precursor, pollutant) = said.ok_or(TransportError::NotGiven {
            layout: ID,
            what: "precursor and pollutant of its tracers (columns of the table of tags)",
        })?;
        wanted.push(Wanted { name: name.clone(), pollutant, whose: Some((meaning.source.clone(), precursor)) });
    }
    Ok(wanted)
}
