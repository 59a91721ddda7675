//! One row of the long form, checked; the same for CSV and Parquet.

use super::{COLUMNS, CONTRIBUTION_UNIT, RESPONSE_UNIT};
use crate::contribution::{Background, Contribution, Contributions, Whose};
use crate::import::Imported;
use crate::matrix::{Basis, Cell, Doubt, MOST_CELLS, Matrix, Origin, Response, ResponsePerKilogramPerDay, Status};
use crate::source::{Precursor, Receptor, Source};
use crate::{Note, TransportError};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;
use std::str::FromStr;
use units::RegionCode;

/// Where each of [`COLUMNS`] stands.
pub(super) type Places = [Option<usize>; 18];

/// Columns without which no row can be read.
const REQUIRED: [usize; 6] = [1, 2, 3, 4, 8, 9];

/// Rows under way.
pub(super) struct Collector<'k> {
    known: &'k [RegionCode],
    origin: Option<Origin>,
    receptors: BTreeMap<Receptor, u32>,
    sources: BTreeMap<Source, u32>,
    cells: Vec<Cell>,
    rows: Vec<Contribution>,
    totals: BTreeMap<Receptor, f64>,
    notes: Vec<Note>,
}

impl<'k> Collector<'k> {
    /// From the header; unknown columns are noted, missing ones refused.
    pub(super) fn of<'h>(
        header: impl Iterator<Item = &'h str>,
        known: &'k [RegionCode],
    ) -> Result<(Collector<'k>, Places), TransportError> {
        let (mut places, mut notes): (Places, Vec<Note>) = ([None; 18], vec![]);
        for (at, name) in header.enumerate() {
            match COLUMNS.iter().position(|column| *column == name.trim()) {
                Some(column) => places[column] = Some(at),
                None => notes.push(Note::Ignored(format!("the column {name:?}"))),
            }
        }
        if let Some(column) = REQUIRED.into_iter().find(|column| places[*column].is_none()) {
            return Err(TransportError::Column(COLUMNS[column]));
        }
        let (receptors, sources, totals) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok((Collector { known, origin: None, receptors, sources, cells: vec![], rows: vec![], totals, notes }, places))
    }

    /// Takes one row by its columns.
    pub(super) fn row<'r>(&mut self, line: u64, cell: impl Fn(usize) -> &'r str) -> Result<(), TransportError> {
        if self.cells.len() + self.rows.len() >= MOST_CELLS {
            return Err(TransportError::TooMany { what: "rows", count: MOST_CELLS + 1, limit: MOST_CELLS });
        }
        let read = Reader { line, cell };
        let receptor = self.receptor(&read)?;
        self.origin(&read)?;
        let value: f64 = read.number(8)?;
        match read.text(0) {
            "" | "response" => self.response(&read, receptor, value),
            "contribution" => {
                read.unit(CONTRIBUTION_UNIT)?;
                let (whose, precursor) = (Whose::Source(read.source()?), Some(read.parse(7)?));
                self.rows.push(Contribution { receptor, whose, precursor, ug_m3: value });
                Ok(())
            }
            "background" => {
                read.unit(CONTRIBUTION_UNIT)?;
                let known = Background::ALL.into_iter().find(|known| known.code() == read.text(5));
                let known = known.ok_or_else(|| read.refuse(5, "is none of initial, boundary, other"))?;
                let precursor = if read.text(7).is_empty() { None } else { Some(read.parse(7)?) };
                self.rows.push(Contribution { receptor, whose: Whose::Background(known), precursor, ug_m3: value });
                Ok(())
            }
            "total" => {
                read.unit(CONTRIBUTION_UNIT)?;
                let at = || format!("line {line}, total");
                if value < 0.0 {
                    return Err(TransportError::Negative { at: at(), value });
                }
                let before = self.totals.insert(receptor, value);
                before.map_or(Ok(()), |_| Err(TransportError::Twice { at: at() }))
            }
            _ => Err(read.refuse(0, "is none of response, contribution, background, total")),
        }
    }

    fn receptor<'r>(&self, read: &Reader<impl Fn(usize) -> &'r str>) -> Result<Receptor, TransportError> {
        let city: RegionCode = read.parse(1)?;
        if !self.known.is_empty() && !self.known.contains(&city) {
            let at = format!("line {}, column city", read.line);
            return Err(TransportError::UnknownCity { at, city: city.to_string() });
        }
        Ok(Receptor { city, day: read.parse(2)?, pollutant: read.parse(3)? })
    }

    fn response<'r>(
        &mut self,
        read: &Reader<impl Fn(usize) -> &'r str>,
        receptor: Receptor,
        value: f64,
    ) -> Result<(), TransportError> {
        // Tonnes are what models are run with; anything else would be guessed.
        let per_kg = match read.text(9) {
            RESPONSE_UNIT => value,
            "ug/m3 per t/d" => value / 1000.0,
            unit => {
                let (what, unit) = (format!("line {}, column unit: a response", read.line), unit.to_string());
                return Err(TransportError::Unit { what, unit, need: "\"ug/m3 per kg/d\" or \"ug/m3 per t/d\"" });
            }
        };
        let precursor: Precursor = read.parse(7)?;
        if value < 0.0 && precursor.code() == receptor.pollutant.code() {
            let at = format!("line {}, the response of {} to its own emission", read.line, precursor);
            return Err(TransportError::Negative { at, value });
        }
        let doubt = Doubt { relative_uncertainty: read.number(10)?, trusted_share: read.number(11)? };
        if doubt.relative_uncertainty < 0.0 {
            return Err(read.refuse(10, "is negative"));
        }
        if !(doubt.trusted_share > 0.0 && doubt.trusted_share <= 1.0) {
            return Err(read.refuse(11, "is no share above 0, at most 1"));
        }
        let response = Response { value: ResponsePerKilogramPerDay(per_kg), doubt };
        let receptor = numbered(&mut self.receptors, receptor);
        let source = numbered(&mut self.sources, read.source()?);
        self.cells.push(Cell { receptor, source, precursor, response });
        Ok(())
    }

    /// All rows of a file say the same origin, or it is refused as two files would be.
    fn origin<'r>(&mut self, read: &Reader<impl Fn(usize) -> &'r str>) -> Result<(), TransportError> {
        if let Some(known) = &self.origin {
            let run = known.run.map_or_else(String::new, |run| run.to_string());
            let said = [known.status.code(), known.basis.code(), &known.model, &run, &known.grid];
            if (12..17).zip(said).all(|(column, said)| read.text(column) == said) {
                return Ok(());
            }
        }
        let word = |column: usize| Some(read.text(column)).filter(|text| !text.is_empty());
        let status =
            word(12).map_or(Some(Status::Indicative), |text| Status::ALL.into_iter().find(|s| s.code() == text));
        let basis = word(13).map_or(Some(Basis::Given), |text| Basis::ALL.into_iter().find(|b| b.code() == text));
        let origin = Origin {
            model: word(14).unwrap_or("given").to_string(),
            files: word(17).map(|files| files.split('|').map(String::from).collect()).unwrap_or_default(),
            run: word(15).map(|_| read.parse(15)).transpose()?,
            grid: word(16).unwrap_or_default().to_string(),
            status: status.ok_or_else(|| read.refuse(12, "is none of model, indicative"))?,
            basis: basis.ok_or_else(|| read.refuse(13, "is no basis that is known here"))?,
        };
        match &self.origin {
            Some(known) => known.agree(&origin),
            None => {
                if word(12).is_none() {
                    self.notes.push(Note::Assumed("the table does not say its status: taken as indicative".into()));
                }
                self.origin = Some(origin);
                Ok(())
            }
        }
    }

    pub(super) fn finish(self) -> Result<(Imported, Vec<Note>), TransportError> {
        let origin = self.origin.ok_or(TransportError::Empty)?;
        let imported = if self.cells.is_empty() {
            Imported::Contributions(Contributions::new(origin, self.rows, self.totals)?)
        } else if self.rows.is_empty() && self.totals.is_empty() {
            let (receptors, sources) = (in_order(self.receptors), in_order(self.sources));
            Imported::Matrix(Matrix::new(origin, receptors, sources, self.cells)?)
        } else {
            let (first, second) = ("a response".to_string(), "a contribution".to_string());
            return Err(TransportError::OtherStatus { first, second });
        };
        Ok((imported, self.notes))
    }
}

fn numbered<T: Ord>(known: &mut BTreeMap<T, u32>, thing: T) -> u32 {
    let next = known.len() as u32;
    match known.entry(thing) {
        Entry::Occupied(entry) => *entry.get(),
        Entry::Vacant(entry) => *entry.insert(next),
    }
}

fn in_order<T: Ord>(numbered: BTreeMap<T, u32>) -> Vec<T> {
    let mut all: Vec<(u32, T)> = numbered.into_iter().map(|(thing, number)| (number, thing)).collect();
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, thing)| thing).collect()
}

/// The cells of one row.
struct Reader<F> {
    line: u64,
    cell: F,
}

impl<'r, F: Fn(usize) -> &'r str> Reader<F> {
    fn text(&self, column: usize) -> &'r str {
        (self.cell)(column).trim()
    }

    fn refuse(&self, column: usize, why: impl Display) -> TransportError {
        let (column, text) = (COLUMNS[column].to_string(), self.text(column).chars().take(64).collect());
        TransportError::Cell { line: self.line, column, text, why: why.to_string() }
    }

    fn parse<T: FromStr<Err: Display>>(&self, column: usize) -> Result<T, TransportError> {
        self.text(column).parse().map_err(|cause| self.refuse(column, cause))
    }

    fn number(&self, column: usize) -> Result<f64, TransportError> {
        let value: f64 = self.parse(column)?;
        if value.is_finite() {
            return Ok(value);
        }
        Err(TransportError::NotFinite { at: format!("line {}, column {}", self.line, COLUMNS[column]) })
    }

    fn unit(&self, need: &'static str) -> Result<(), TransportError> {
        if self.text(9) == need {
            return Ok(());
        }
        let what = format!("line {}, column unit: a {}", self.line, self.text(0));
        Err(TransportError::Unit { what, unit: self.text(9).to_string(), need })
    }

    fn source(&self) -> Result<Source, TransportError> {
        let (sector, stack) = (self.text(5).to_string(), self.text(6).to_string());
        Ok(Source { region: self.parse(4)?, sector, stack })
    }
}
