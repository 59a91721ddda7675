//! CMAQ-ISAM: tagged concentrations (SA_ACONC, SA_CONC) in IOAPI.
//!
//! Traps: a variable is `SPECIES_TAG`, cut at the **last** underscore; aerosol by mode (I, J fine, K coarse) must be summed; gases are ppmV;
//! ICO, BCO and OTH are tags of every run; hourly means are stamped with the beginning of their hour; MCIP and mask files have the same
//! frame and no tag. Written from the layout: no public ISAM output was found.

use super::days::DayMeans;
use super::mask::{describe, mean, on_grid};
use super::{Imported, Request, first_names};
use crate::contribution::{Background, Contribution, Contributions, Whose};
use crate::matrix::{Basis, Status};
use crate::source::{Precursor, Receptor};
use crate::{Note, TransportError};
use modelfile::{Dataset, Fault, Unit, ioapi};
use std::collections::{BTreeMap, BTreeSet};
use units::{Pollutant, RegionCode};

pub(super) const ID: &str = "cmaq-isam";

/// Pollutants a species is part of, and the precursor it comes from; `None` for a species that is not weighed.
fn parts(species: &str) -> Option<(&'static [Pollutant], Precursor)> {
    use Pollutant::{Co, No2, Pm10, Pm25, So2};
    match species {
        "SO2" => return Some((&[So2], Precursor::So2)),
        "NO2" => return Some((&[No2], Precursor::Nox)),
        "CO" => return Some((&[Co], Precursor::Co)),
        _ => {}
    }
    let name = species.strip_prefix('A')?;
    let (stem, mode) = name.split_at_checked(name.len().checked_sub(1)?)?;
    let pollutants: &[Pollutant] = match mode {
        "I" | "J" => &[Pm10, Pm25],
        "K" => &[Pm10],
        _ => return None,
    };
    let precursor = match stem {
        "SO4" => Precursor::So2,
        "NO3" => Precursor::Nox,
        "NH4" => Precursor::Nh3,
        "H2O" | "ORGH2O" | "H3OP" => return None,
        "EC" | "POC" | "PNCOM" | "OTHR" | "FE" | "AL" | "SI" | "TI" | "CA" | "MG" | "K" | "MN" | "NA" | "CL"
        | "SOIL" | "CORS" | "SEACAT" => match mode {
            "K" => Precursor::Pmc,
            _ => Precursor::Pm25,
        },
        _ => Precursor::Voc,
    };
    Some((pollutants, precursor))
}

fn background(tag: &str) -> Option<Background> {
    match tag {
        "ICO" | "ICON" => Some(Background::Initial),
        "BCO" | "BCON" => Some(Background::Boundary),
        "OTH" | "OTHER" | "BID" => Some(Background::Other),
        _ => None,
    }
}

type Key = (RegionCode, Pollutant, Whose, Precursor);

pub(super) fn read(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let tagged: Vec<(String, &'static [Pollutant], Precursor, String)> = file
        .names()
        .into_iter()
        .filter_map(|name| {
            let (species, tag) = name.rsplit_once('_')?;
            let (pollutants, precursor) = parts(species)?;
            Some((name.clone(), pollutants, precursor, tag.to_string()))
        })
        .collect();
    if tagged.is_empty() {
        return Err(TransportError::NoContribution { layout: ID, found: first_names(file) });
    }
    let tags = request.tags(ID)?;
    let (stamps, means) = (ioapi::stamps(file).map_err(damaged)?, ioapi::stamped_at_beginning(file));
    let first = *stamps.first().ok_or_else(|| damaged(Fault::Missing("any time step".into())))?;
    let grid = ioapi::grid(file).map_err(damaged)?;
    let mut notes = vec![];
    let cities = on_grid(ID, request, &grid, &mut notes)?;
    let later = i64::from(means);
    let mut sums: BTreeMap<(Key, usize), f64> = BTreeMap::new();
    for (name, pollutants, precursor, tag) in &tagged {
        let whose = match background(&tag.to_uppercase()) {
            Some(background) => Whose::Background(background),
            None => Whose::Source(tags.of(ID, tag, name)?.source.clone()),
        };
        let written = file.text(Some(name), "units").unwrap_or_default();
        let unit = Unit::parse(&written);
        for (step, stamp) in stamps.iter().enumerate() {
            let field = ioapi::surface(file, name, step).map_err(damaged)?;
            for (city, cells) in &cities {
                let value = mean(&field, cells)
                    .ok_or_else(|| damaged(Fault::Damaged(format!("{name} is shorter than the grid"))))?;
                for pollutant in *pollutants {
                    let factor = unit.and_then(|unit| unit.factor(*pollutant, (*stamp + later).day(), None).ok());
                    let factor = factor.ok_or_else(|| wrong_unit(name, &written))?;
                    // CO is told in mg/m³ elsewhere; a contribution is µg/m³ whatever the pollutant.
                    let milli = if *pollutant == Pollutant::Co { 1000.0 } else { 1.0 };
                    let key = (*city, *pollutant, whose.clone(), *precursor);
                    *sums.entry((key, step)).or_insert(0.0) += value * factor * milli;
                }
            }
        }
    }
    let mut days = DayMeans::new();
    for ((key, step), value) in sums {
        let end = stamps[step] + later;
        days.add(&key, end - 1, end, value, &format!("{} from {:?}", key.0, key.2))?;
    }
    let rows = days.finish(ID, &mut notes)?.into_iter().map(|((city, pollutant, whose, precursor), day, ug_m3)| {
        Contribution { receptor: Receptor { city, day, pollutant }, whose, precursor: Some(precursor), ug_m3 }
    });
    let origin = request.origin("CMAQ-ISAM", Some(first), describe(&grid), Status::Model, Basis::Tagged);
    let rows: Vec<Contribution> = rows.collect();
    refuse_negative(&rows)?;
    let totals = totals(&rows, &mut notes);
    Ok((Imported::Contributions(Contributions::new(origin, rows, totals)?), notes))
}

/// The concentration, where a run tagged everything: initial state, edge and all other emissions beside the sources.
fn totals(rows: &[Contribution], notes: &mut Vec<Note>) -> BTreeMap<Receptor, f64> {
    let mut found: BTreeMap<Receptor, (f64, BTreeSet<Background>)> = BTreeMap::new();
    for row in rows {
        let (sum, backgrounds) = found.entry(row.receptor).or_default();
        *sum += row.ug_m3;
        if let Whose::Background(background) = row.whose {
            backgrounds.insert(background);
        }
    }
    let whole = |backgrounds: &BTreeSet<Background>| backgrounds.len() == Background::ALL.len();
    if found.values().any(|(_, backgrounds)| !whole(backgrounds)) {
        let told = "the tags ICO, BCO and OTH are not all there for every pollutant: no total where one is missing";
        notes.push(Note::Assumed(told.to_string()));
    }
    found
        .into_iter()
        .filter(|(_, (_, backgrounds))| whole(backgrounds))
        .map(|(receptor, (sum, _))| (receptor, sum))
        .collect()
}

/// Tagged mass is never negative but for rounding.
pub(super) fn refuse_negative(rows: &[Contribution]) -> Result<(), TransportError> {
    match rows.iter().find(|row| row.ug_m3 < -1e-6) {
        Some(row) => Err(TransportError::Negative {
            at: format!("tagged mass, {} from {:?}", row.receptor, row.whose),
            value: row.ug_m3,
        }),
        None => Ok(()),
    }
}

pub(super) fn wrong_unit(name: &str, unit: &str) -> TransportError {
    TransportError::Unit {
        what: name.to_string(),
        unit: unit.to_string(),
        need: "ug/m3 for particles, ppm or ug/m3 for gases",
    }
}
