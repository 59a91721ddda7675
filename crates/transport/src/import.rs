//! Readers (读取模式输出): bytes of one file in, a matrix or labelled contributions out.
//!
//! A layout is recognised by its content, never by its name. A file is read whole or refused; days that are not whole and cities
//! outside the grid are left out with a note.

mod cdump;
mod days;
mod flexpart;
mod footprint;
mod inventory;
mod isam;
mod isrm;
mod mask;
mod psat;
#[cfg(test)]
mod samples;
mod stilt;
mod tags;
mod wrf_tags;

pub use cdump::Release;
pub use inventory::{emissions, read_sites};
pub use mask::Mask;
pub use tags::{Tag, Tags};

use crate::matrix::{Basis, Doubt, Origin, Status};
use crate::source::{City, SourceSite};
use crate::{Contributions, Matrix, Note, TransportError, table};
use modelfile::{Dataset, Projection};
use units::{BeijingDay, BeijingHour};

/// What a file came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Imported {
    /// Responses.
    Matrix(Matrix),
    /// Contributions at the emissions of the run, still to be divided by them.
    Contributions(Contributions),
}

/// What a file may not say itself (读取条件).
#[derive(Clone, Default)]
pub struct Request<'a> {
    /// Name of the file, for the origin.
    pub file: &'a str,
    /// Cities that may be receptors.
    pub cities: &'a [City],
    /// Cells of the cities, where a mask file gives them; else the nearest cell.
    pub mask: Option<&'a Mask>,
    /// What the tags of a model mean.
    pub tags: Option<&'a Tags>,
    /// Where sources lie, for footprints and source-receptor fields.
    pub sites: &'a [SourceSite],
    /// The release of a dispersion run.
    pub release: Option<&'a Release>,
    /// Days an annual mean is to stand for.
    pub days: &'a [BeijingDay],
    /// Start of the run, in place of what the file says.
    pub run: Option<BeijingHour>,
    /// Name of the model, in place of the layout's.
    pub model: Option<&'a str>,
    /// Projection of a grid whose file does not name it.
    pub projection: Option<Projection>,
    /// Doubt of the responses; [`Request::DOUBT`] where it is not given.
    pub doubt: Option<Doubt>,
}

impl Request<'_> {
    /// What responses of a model are believed without anything known about it.
    pub const DOUBT: Doubt = Doubt { relative_uncertainty: 0.5, trusted_share: 0.3 };

    fn doubt(&self) -> Doubt {
        self.doubt.unwrap_or(Request::DOUBT)
    }

    fn origin(&self, model: &str, run: Option<BeijingHour>, grid: String, status: Status, basis: Basis) -> Origin {
        let model = self.model.unwrap_or(model).to_string();
        let files = if self.file.is_empty() { vec![] } else { vec![self.file.to_string()] };
        Origin { model, files, run: self.run.or(run), grid, status, basis }
    }

    fn tags(&self, layout: &'static str) -> Result<&Tags, TransportError> {
        self.tags.ok_or(TransportError::NotGiven { layout, what: "what its tags mean (a table of tags)" })
    }

    fn sites(&self, layout: &'static str) -> Result<&[SourceSite], TransportError> {
        match self.sites {
            [] => Err(TransportError::NotGiven { layout, what: "where the sources lie (a table of sources)" }),
            sites => Ok(sites),
        }
    }
}

/// Id and title of every layout that can be read.
pub const LAYOUTS: [(&str, &str); 9] = [
    (isam::ID, "CMAQ-ISAM, tagged concentrations, IOAPI on netCDF"),
    (psat::ID, "CAMx/PSAT, tracers in UAM-IV"),
    (wrf_tags::ID, "WRF-Chem, tagged tracers, netCDF"),
    (cdump::ID, "HYSPLIT concentration grid"),
    (stilt::ID, "STILT footprint, netCDF"),
    (flexpart::ID, "FLEXPART backward grid_time, netCDF"),
    (isrm::ID, "InMAP source-receptor matrix, netCDF"),
    ("long-form-csv", "long form of responses or contributions, CSV"),
    ("long-form-parquet", "long form of responses or contributions, Parquet"),
];

/// Recognises the layout of a file, plain or gzip, and reads it (读取).
///
/// Refuses `X-101` to `X-116`; nothing of a refused file is used.
pub fn read(bytes: &[u8], request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let bytes = modelfile::unpacked(bytes).ok_or(TransportError::Empty)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(TransportError::Empty);
    }
    let known: Vec<_> = request.cities.iter().map(|city| city.code).collect();
    if table::is_parquet(&bytes) {
        return table::read_parquet(&bytes, &known);
    }
    if let Some(file) = modelfile::open(&bytes).map_err(TransportError::file("netcdf"))? {
        return netcdf(&*file, request);
    }
    // Before CAMx, whose weather files are told only by a first whole record.
    if cdump::detect(&bytes) {
        return cdump::read(&bytes, request);
    }
    if modelfile::uamiv::detect(&bytes) {
        return psat::read(&bytes, request);
    }
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
    if ["city", "day", "pollutant", "value"].iter().all(|column| beginning.contains(column)) {
        return table::read_csv(&bytes, &known);
    }
    let beginning = beginning.chars().filter(|letter| !letter.is_control()).take(60).collect();
    Err(TransportError::UnknownLayout { beginning })
}

fn netcdf(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    if modelfile::ioapi::detect(file) {
        return isam::read(file, request);
    }
    if modelfile::wrf::detect(file) {
        return wrf_tags::read(file, request);
    }
    if stilt::detect(file) {
        return stilt::read(file, request);
    }
    if flexpart::detect(file) {
        return flexpart::read(file, request);
    }
    if isrm::detect(file) {
        return isrm::read(file, request);
    }
    let found = first_names(file);
    Err(TransportError::NoContribution { layout: "netcdf", found })
}

/// The first names of a file, for a refusal.
fn first_names(file: &dyn Dataset) -> String {
    file.names().into_iter().take(12).collect::<Vec<_>>().join(", ")
}
