//! Contributions: whose part of a concentration is whose, at the emissions of the run.

use crate::matrix::{Cell, Doubt, Matrix, Origin, Response, ResponsePerKilogramPerDay, same_receptors};
use crate::source::{Precursor, Receptor, Source};
use crate::{Note, TransportError};
use std::collections::{BTreeMap, BTreeSet};
use units::KilogramPerDay;

/// What a model does not ascribe to a source (背景).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Background {
    /// The initial state of the run.
    Initial,
    /// Through the edge of the domain.
    Boundary,
    /// Emissions under no tag.
    Other,
}

impl Background {
    /// All.
    pub const ALL: [Background; 3] = [Background::Initial, Background::Boundary, Background::Other];

    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Background::Initial => "initial",
            Background::Boundary => "boundary",
            Background::Other => "other",
        }
    }
}

/// Whose a contribution is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// A source's.
    Source(Source),
    /// Nobody's.
    Background(Background),
}

/// One contribution (贡献), µg/m³.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Of whose concentration.
    pub receptor: Receptor,
    /// Whose part.
    pub whose: Whose,
    /// By what; `None` for a background that is not told apart.
    pub precursor: Option<Precursor>,
    /// µg/m³.
    pub ug_m3: f64,
}

/// Base emissions by source and precursor (基准排放), kg/d.
pub type Emissions = BTreeMap<(Source, Precursor), KilogramPerDay>;

/// Labelled contributions, and the concentration they are parts of (贡献表).
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// Where they come from.
    pub origin: Origin,
    /// In order of receptor, owner, precursor.
    pub rows: Vec<Contribution>,
    /// Modelled or observed concentration, where it is known.
    pub totals: BTreeMap<Receptor, f64>,
}

impl Contributions {
    /// Sorts and checks. Refuses `X-109` (not finite), `X-110` (a negative total), `X-111` (a second value).
    pub fn new(
        origin: Origin,
        mut rows: Vec<Contribution>,
        totals: BTreeMap<Receptor, f64>,
    ) -> Result<Contributions, TransportError> {
        let key = |row: &Contribution| (row.receptor, row.whose.clone(), row.precursor);
        rows.sort_by_cached_key(key);
        let name = |row: &Contribution| format!("{} from {:?}", row.receptor, row.whose);
        if let Some(row) = rows.iter().find(|row| !row.ug_m3.is_finite()) {
            return Err(TransportError::NotFinite { at: name(row) });
        }
        if let Some(pair) = rows.windows(2).find(|pair| key(&pair[0]) == key(&pair[1])) {
            return Err(TransportError::Twice { at: name(&pair[0]) });
        }
        for (receptor, value) in &totals {
            let at = receptor.to_string();
            if !value.is_finite() {
                return Err(TransportError::NotFinite { at });
            }
            if *value < 0.0 {
                return Err(TransportError::Negative { at, value: *value });
            }
        }
        Ok(Contributions { origin, rows, totals })
    }

    /// Receptors, in order.
    pub fn receptors(&self) -> Vec<Receptor> {
        let all: BTreeSet<Receptor> =
            self.rows.iter().map(|row| row.receptor).chain(self.totals.keys().copied()).collect();
        all.into_iter().collect()
    }

    /// The rows of both, under the rules of [`Matrix::join`].
    pub fn join(self, other: Contributions) -> Result<Contributions, TransportError> {
        self.origin.agree(&other.origin)?;
        same_receptors(&self.receptors(), &other.receptors())?;
        let mut origin = self.origin;
        origin.files.extend(other.origin.files);
        let mut totals = self.totals;
        for (receptor, value) in other.totals {
            if totals
                .insert(receptor, value)
                .is_some_and(|before| (before - value).abs() > 1e-6 * before.abs().max(1.0))
            {
                return Err(TransportError::Twice { at: format!("total of {receptor}") });
            }
        }
        Contributions::new(origin, [self.rows, other.rows].concat(), totals)
    }

    /// Base run less a run without one source (敲除法): the source's contribution is the difference of the totals.
    ///
    /// May be negative: less of one precursor can make more of another's product. Refuses what [`Matrix::join`] refuses.
    pub fn less(
        &self,
        without: &Contributions,
        whose: Source,
        precursor: Precursor,
    ) -> Result<Contributions, TransportError> {
        self.origin.agree(&without.origin)?;
        let receptors = |of: &Contributions| of.totals.keys().copied().collect::<Vec<_>>();
        same_receptors(&receptors(self), &receptors(without))?;
        let row = |(receptor, base): (&Receptor, &f64)| Contribution {
            receptor: *receptor,
            whose: Whose::Source(whose.clone()),
            precursor: Some(precursor),
            ug_m3: base - without.totals[receptor],
        };
        let mut origin = self.origin.clone();
        origin.basis = crate::Basis::BruteForce;
        origin.files.extend(without.origin.files.iter().cloned());
        Contributions::new(origin, self.totals.iter().map(row).collect(), self.totals.clone())
    }

    /// Responses: contribution over base emission (贡献转响应), linear by assumption, which a note says.
    ///
    /// Background has no emission and is left out. Refuses `X-117` when something is contributed by an emission that is zero or not given.
    pub fn per_emission(&self, emissions: &Emissions, doubt: Doubt) -> Result<(Matrix, Vec<Note>), TransportError> {
        let (mut receptors, mut sources, mut cells) = (vec![], vec![], vec![]);
        for row in &self.rows {
            let (Whose::Source(source), Some(precursor)) = (&row.whose, row.precursor) else { continue };
            let base = emissions.get(&(source.clone(), precursor)).map_or(0.0, |base| base.0);
            if !base.is_finite() || base < 0.0 {
                return Err(TransportError::Negative { at: format!("{source} {precursor}"), value: base });
            }
            if base == 0.0 && row.ug_m3 == 0.0 {
                continue;
            }
            if base == 0.0 {
                return Err(TransportError::NoEmission { at: format!("{source} {precursor}"), value: row.ug_m3 });
            }
            let place = cells.len() as u32;
            receptors.push(row.receptor);
            sources.push(source.clone());
            let response = Response { value: ResponsePerKilogramPerDay(row.ug_m3 / base), doubt };
            cells.push(Cell { receptor: place, source: place, precursor, response });
        }
        let matrix = Matrix::new(self.origin.clone(), receptors, sources, cells)?;
        let note = Note::Assumed("responses are contributions over base emissions: linear by assumption".into());
        Ok((matrix, vec![note]))
    }
}

impl Matrix {
    /// What each source contributes at these emissions (响应转贡献); a source without a response contributes nothing known.
    pub fn contributions(&self, emissions: &Emissions) -> Result<Contributions, TransportError> {
        let row = |cell: &Cell| {
            let source = self.sources()[cell.source as usize].clone();
            let base = emissions.get(&(source.clone(), cell.precursor))?.0;
            let (receptor, whose) = (self.receptors()[cell.receptor as usize], Whose::Source(source));
            let ug_m3 = cell.response.value.0 * base;
            Some(Contribution { receptor, whose, precursor: Some(cell.precursor), ug_m3 })
        };
        Contributions::new(self.origin().clone(), self.cells().iter().filter_map(row).collect(), BTreeMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Basis, Status};
    use units::Pollutant;

    fn receptor() -> Receptor {
        Receptor { city: "320100".parse().unwrap(), day: "2018-01-15".parse().unwrap(), pollutant: Pollutant::Pm25 }
    }

    fn source(region: &str) -> Source {
        Source { region: region.parse().unwrap(), sector: String::new(), stack: String::new() }
    }

    fn origin() -> Origin {
        let (model, files, grid) = ("m".to_string(), vec![], String::new());
        Origin { model, files, run: None, grid, status: Status::Model, basis: Basis::Tagged }
    }

    fn row(region: &str, ug_m3: f64) -> Contribution {
        let whose = Whose::Source(source(region));
        Contribution { receptor: receptor(), whose, precursor: Some(Precursor::So2), ug_m3 }
    }

    fn contributions(rows: Vec<Contribution>, total: f64) -> Contributions {
        Contributions::new(origin(), rows, BTreeMap::from([(receptor(), total)])).unwrap()
    }

    const DOUBT: Doubt = Doubt { relative_uncertainty: 0.4, trusted_share: 0.3 };

    #[test]
    fn to_responses_and_back_is_the_identity() {
        let found = contributions(vec![row("320100", 3.0), row("320300", 1.5)], 100.0);
        let emissions = Emissions::from([
            ((source("320100"), Precursor::So2), KilogramPerDay(6e4)),
            ((source("320300"), Precursor::So2), KilogramPerDay(3e4)),
        ]);
        let (matrix, notes) = found.per_emission(&emissions, DOUBT).unwrap();
        assert_eq!(matrix.cells()[0].response.value.0, 5e-5);
        assert!(notes[0].to_string().contains("linear by assumption"));
        assert_eq!(matrix.contributions(&emissions).unwrap().rows, found.rows);
    }

    #[test]
    fn a_contribution_of_an_emission_that_is_not_there_is_refused() {
        let told = contributions(vec![row("320100", 3.0)], 9.0).per_emission(&Emissions::new(), DOUBT).unwrap_err();
        assert!(told.to_string().starts_with("X-117 320100 SO2: it contributes 3 ug/m3"), "{told}");
        assert!(contributions(vec![row("320100", 0.0)], 9.0).per_emission(&Emissions::new(), DOUBT).is_ok());
    }

    #[test]
    fn knocked_out_is_the_difference_of_two_runs() {
        let (base, without) = (contributions(vec![], 80.0), contributions(vec![], 76.5));
        let less = base.less(&without, source("320300"), Precursor::Nox).unwrap();
        assert_eq!((less.rows[0].ug_m3, less.origin.basis), (3.5, Basis::BruteForce));
    }

    #[test]
    fn totals_below_zero_and_values_that_are_none_are_refused() {
        let of = |rows, total| Contributions::new(origin(), rows, BTreeMap::from([(receptor(), total)]));
        assert!(of(vec![], -1.0).unwrap_err().to_string().starts_with("X-110"));
        assert!(of(vec![row("320100", f64::INFINITY)], 1.0).unwrap_err().to_string().starts_with("X-109"));
        assert!(of(vec![row("320100", 1.0), row("320100", 1.0)], 1.0).unwrap_err().to_string().starts_with("X-111"));
    }
}
