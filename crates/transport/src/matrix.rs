use crate::TransportError;
use crate::source::{Precursor, Receptor, Source};
use units::BeijingHour;

/// A response (响应系数), µg/m³ per kg/d, for CO as well.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
pub struct ResponsePerKilogramPerDay(pub f64);

/// Whether a model of this case made it, or a rule of thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A run for these days (来自模式).
    Model,
    /// Not of these days or not of a full model (仅供参考).
    Indicative,
}

/// How a response came about (来由): what may be read into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Tagged mass over base emission; that it is the response is an assumption of linearity.
    Tagged,
    /// Base run less a run without the source, over the base emission.
    BruteForce,
    /// A dispersion run of a known release.
    Dispersion,
    /// A backward footprint.
    Footprint,
    /// An annual mean, whatever the day.
    AnnualMean,
    /// The built-in kernel.
    ReducedForm,
    /// As somebody's table says.
    Given,
}

impl Status {
    /// The word in tables.
    pub const fn code(self) -> &'static str {
        if matches!(self, Status::Model) { "model" } else { "indicative" }
    }

    /// Both.
    pub const ALL: [Status; 2] = [Status::Model, Status::Indicative];
}

impl Basis {
    /// All.
    pub const ALL: [Basis; 7] = [
        Basis::Tagged,
        Basis::BruteForce,
        Basis::Dispersion,
        Basis::Footprint,
        Basis::AnnualMean,
        Basis::ReducedForm,
        Basis::Given,
    ];

    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Basis::Tagged => "tagged",
            Basis::BruteForce => "brute-force",
            Basis::Dispersion => "dispersion",
            Basis::Footprint => "footprint",
            Basis::AnnualMean => "annual-mean",
            Basis::ReducedForm => "reduced-form",
            Basis::Given => "given",
        }
    }
}

/// Where responses come from (来源).
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The model.
    pub model: String,
    /// Names of the files, in order.
    pub files: Vec<String>,
    /// Start of the run, where it is known.
    pub run: Option<BeijingHour>,
    /// The grid in words.
    pub grid: String,
    /// Of a model, or indicative.
    pub status: Status,
    /// How they came about.
    pub basis: Basis,
}

impl Origin {
    /// Refuses `X-201`, `X-202`, `X-203`, `X-205` when rows of the two may not stand in one table.
    pub fn agree(&self, other: &Origin) -> Result<(), TransportError> {
        let run = |origin: &Origin| origin.run.map_or("an unknown time".to_string(), |run| run.to_string());
        let kind = |origin: &Origin| format!("{} ({})", origin.status.code(), origin.basis.code());
        let (first, second) = (self, other);
        if first.model != second.model {
            return Err(TransportError::OtherModel { first: first.model.clone(), second: second.model.clone() });
        }
        if first.run != second.run {
            return Err(TransportError::OtherRun { first: run(first), second: run(second) });
        }
        if first.grid != second.grid {
            return Err(TransportError::OtherGrid { first: first.grid.clone(), second: second.grid.clone() });
        }
        if (first.status, first.basis) != (second.status, second.basis) {
            return Err(TransportError::OtherStatus { first: kind(first), second: kind(second) });
        }
        Ok(())
    }
}

/// How far a response is to be believed (可信范围).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubt {
    /// Standard deviation over the value, 0 or more.
    pub relative_uncertainty: f64,
    /// Share of the emission up to which a cut is in the linear range, above 0, at most 1.
    pub trusted_share: f64,
}

/// One response with its doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// µg/m³ per kg/d.
    pub value: ResponsePerKilogramPerDay,
    /// Its doubt.
    pub doubt: Doubt,
}

/// A response at its place: positions in [`Matrix::receptors`] and [`Matrix::sources`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Position of the receptor.
    pub receptor: u32,
    /// Position of the source.
    pub source: u32,
    /// What is emitted.
    pub precursor: Precursor,
    /// The response.
    pub response: Response,
}

/// The source-receptor matrix (源—受体矩阵), sparse: what is not there is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    origin: Origin,
    receptors: Vec<Receptor>,
    sources: Vec<Source>,
    cells: Vec<Cell>,
}

/// Receptors, sources or cells of a matrix: 13 cities, 10 days, 6 pollutants, 50,000 sources, 4 precursors, sparse.
pub(crate) const MOST_CELLS: usize = 40_000_000;

impl Matrix {
    /// Sorts and checks. Refuses `X-109` (not finite), `X-111` (a second value for the same place), `X-112` (doubt out of range),
    /// `X-114` (too many).
    ///
    /// A negative response is allowed: less NOx may make more ozone. Panics when a cell's position is none of the two lists.
    pub fn new(
        origin: Origin,
        receptors: Vec<Receptor>,
        sources: Vec<Source>,
        mut cells: Vec<Cell>,
    ) -> Result<Matrix, TransportError> {
        if cells.len() > MOST_CELLS {
            return Err(TransportError::TooMany { what: "responses", count: cells.len(), limit: MOST_CELLS });
        }
        let (receptors, of_receptor) = ranked(receptors);
        let (sources, of_source) = ranked(sources);
        for cell in &mut cells {
            cell.receptor = of_receptor[cell.receptor as usize];
            cell.source = of_source[cell.source as usize];
        }
        cells.sort_unstable_by_key(|cell| (cell.receptor, cell.source, cell.precursor));
        let matrix = Matrix { origin, receptors, sources, cells };
        matrix.check()?;
        Ok(matrix)
    }

    fn check(&self) -> Result<(), TransportError> {
        let same = |a: &Cell, b: &Cell| (a.receptor, a.source, a.precursor) == (b.receptor, b.source, b.precursor);
        if let Some(pair) = self.cells.windows(2).find(|pair| same(&pair[0], &pair[1])) {
            return Err(TransportError::Twice { at: self.name(&pair[0]) });
        }
        for cell in &self.cells {
            let Doubt { relative_uncertainty: doubt, trusted_share: share } = cell.response.doubt;
            if !cell.response.value.0.is_finite() {
                return Err(TransportError::NotFinite { at: self.name(cell) });
            }
            if !(doubt.is_finite() && doubt >= 0.0 && share > 0.0 && share <= 1.0) {
                let text = format!("{doubt}, {share}");
                let why = "is no uncertainty of 0 or more with a trusted share above 0, at most 1".to_string();
                return Err(TransportError::Cell { line: 0, column: self.name(cell), text, why });
            }
        }
        Ok(())
    }

    fn name(&self, cell: &Cell) -> String {
        let (receptor, source) = (&self.receptors[cell.receptor as usize], &self.sources[cell.source as usize]);
        format!("{receptor} from {source} {}", cell.precursor)
    }

    /// Where it comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Receptors in order of city, day, pollutant.
    pub fn receptors(&self) -> &[Receptor] {
        &self.receptors
    }

    /// Sources in order of region, sector, stack.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Responses in order of receptor, source, precursor.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// One response; `None` when it is not known.
    pub fn response(&self, receptor: &Receptor, source: &Source, precursor: Precursor) -> Option<Response> {
        let receptor = self.receptors.binary_search(receptor).ok()? as u32;
        let source = self.sources.binary_search(source).ok()? as u32;
        let at =
            self.cells.binary_search_by_key(&(receptor, source, precursor), |c| (c.receptor, c.source, c.precursor));
        Some(self.cells[at.ok()?].response)
    }

    /// The rows of both (合并), for files that each hold some of the sources.
    ///
    /// Refuses another model, run, grid, status or set of receptors (`X-201` to `X-205`), and a source in both (`X-111`).
    pub fn join(self, other: Matrix) -> Result<Matrix, TransportError> {
        self.origin.agree(&other.origin)?;
        same_receptors(&self.receptors, &other.receptors)?;
        let mut origin = self.origin;
        origin.files.extend(other.origin.files);
        let ahead = self.sources.len() as u32;
        let sources = [self.sources, other.sources].concat();
        let moved = other.cells.into_iter().map(|cell| Cell { source: cell.source + ahead, ..cell });
        let cells = self.cells.into_iter().chain(moved).collect();
        Matrix::new(origin, self.receptors, sources, cells)
    }

    /// The mean of several (小时平均), each for another hour of the same day: footprints of one receptor hour each.
    ///
    /// What one of them lacks counts as no response in that hour. Refuses what [`Matrix::join`] refuses, but for the sources.
    pub fn mean(matrices: Vec<Matrix>) -> Result<Option<Matrix>, TransportError> {
        let count = matrices.len() as f64;
        let mut matrices = matrices.into_iter();
        let Some(first) = matrices.next() else { return Ok(None) };
        let (mut origin, receptors, mut sources) =
            (first.origin.clone(), first.receptors.clone(), first.sources.clone());
        let mut cells = first.cells;
        for next in matrices {
            origin.agree(&next.origin)?;
            same_receptors(&receptors, &next.receptors)?;
            origin.files.extend(next.origin.files);
            let ahead = sources.len() as u32;
            sources.extend(next.sources);
            cells.extend(next.cells.into_iter().map(|cell| Cell { source: cell.source + ahead, ..cell }));
        }
        let (sources, place) = ranked(sources);
        cells.iter_mut().for_each(|cell| cell.source = place[cell.source as usize]);
        cells.sort_by_key(|cell| (cell.receptor, cell.source, cell.precursor));
        let mut means: Vec<Cell> = vec![];
        for cell in cells {
            let share = cell.response.value.0 / count;
            match means.last_mut() {
                Some(last)
                    if (last.receptor, last.source, last.precursor) == (cell.receptor, cell.source, cell.precursor) =>
                {
                    last.response.value.0 += share;
                }
                _ => {
                    let response = Response { value: ResponsePerKilogramPerDay(share), ..cell.response };
                    means.push(Cell { response, ..cell });
                }
            }
        }
        Matrix::new(origin, receptors, sources, means).map(Some)
    }
}

pub(crate) fn same_receptors(first: &[Receptor], second: &[Receptor]) -> Result<(), TransportError> {
    let only = |a: &[Receptor], b: &[Receptor]| a.iter().find(|receptor| b.binary_search(receptor).is_err()).copied();
    match only(first, second).or_else(|| only(second, first)) {
        Some(receptor) => Err(TransportError::OtherReceptors { receptor }),
        None => Ok(()),
    }
}

/// The distinct things in order, and the new position of each old one.
fn ranked<T: Ord + Clone>(things: Vec<T>) -> (Vec<T>, Vec<u32>) {
    let mut order = things.clone();
    order.sort();
    order.dedup();
    let place = things.iter().map(|thing| order.binary_search(thing).map_or(0, |at| at as u32)).collect();
    (order, place)
}

#[cfg(test)]
mod tests;
