//! Readers: bytes of one file of guidance in, [`Member`]s out.
//!
//! A layout is recognised by its content, never by its name. What a file lacks is refused by name with a
//! [`GuidanceError`]; what can be read beside it is read, and a flag of the member says what was not.

#[cfg(test)]
mod broken_bytes;
mod cams_grid;
mod cams_point;
mod camx;
mod cmaq;
pub(crate) mod columns;
pub mod kdd;
mod sampled;
mod table;
mod wrf_chem;

use crate::{GuidanceError, Member, xls};
use modelfile::{Classic, MOST_UNPACKED, Place, Projection, Sampling, is_classic};
use units::BeijingHour;

/// What a file may not say itself.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// Cities to read a grid at; tables name their own.
    pub places: &'a [Place],
    /// How a grid is read at a place.
    pub sampling: Sampling,
    /// Name of the model, in place of the layout's.
    pub model: Option<&'a str>,
    /// Issue time, in place of what the file says.
    pub run: Option<BeijingHour>,
    /// Projection of a grid whose file does not name it.
    pub projection: Option<Projection>,
}

/// One layout: how to recognise it and how to read it.
struct Layout {
    id: &'static str,
    title: &'static str,
    detect: fn(&Source<'_>) -> bool,
    read: fn(&Source<'_>, &Request<'_>) -> Result<Vec<Member>, GuidanceError>,
}

/// Layouts in the order they are tried: those with the narrowest signature first.
const LAYOUTS: &[Layout] = &[
    wrf_chem::LAYOUT,
    cmaq::LAYOUT,
    cams_grid::LAYOUT,
    camx::LAYOUT,
    cams_point::LAYOUT,
    kdd::LAYOUT,
    // Last, because it takes any table, to say which column it lacks.
    table::LAYOUT,
];

/// Unpacked bytes, and the header where they are netCDF.
struct Source<'a> {
    bytes: &'a [u8],
    classic: Option<Classic<'a>>,
}

impl<'a> Source<'a> {
    /// The header of a layout that was recognised by it.
    fn classic(&self, layout: &'static str) -> Result<&Classic<'a>, GuidanceError> {
        self.classic.as_ref().ok_or(GuidanceError::Damaged { layout, what: "no netCDF header".to_string() })
    }
}

/// Id and title of every layout that can be read.
pub fn layouts() -> impl Iterator<Item = (&'static str, &'static str)> {
    LAYOUTS.iter().map(|layout| (layout.id, layout.title))
}

/// Recognises the layout of a file, plain or gzip, and reads its members; each has been through
/// [`crate::check`]'s single checks.
///
/// Refuses `J-101` to `J-113`.
pub fn read(bytes: &[u8], request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let bytes = modelfile::unpacked(bytes).ok_or(GuidanceError::Gzip { limit: MOST_UNPACKED })?;
    let mut members = read_unpacked(&bytes, request)?;
    members.iter_mut().for_each(crate::check::single);
    Ok(members)
}

fn read_unpacked(bytes: &[u8], request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    refuse_containers(bytes)?;
    let damaged = |what| GuidanceError::Damaged { layout: "netcdf", what };
    let classic = is_classic(bytes).then(|| Classic::open(bytes).map_err(damaged)).transpose()?;
    let source = Source { bytes, classic };
    match LAYOUTS.iter().find(|layout| (layout.detect)(&source)) {
        Some(layout) => (layout.read)(&source, request),
        None => Err(GuidanceError::UnknownLayout { beginning: beginning(bytes) }),
    }
}

fn refuse_containers(bytes: &[u8]) -> Result<(), GuidanceError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(GuidanceError::Empty);
    }
    if bytes.starts_with(b"\x89HDF") {
        let way_out = "make a classic file of it with `nccopy -k classic IN OUT`";
        return Err(GuidanceError::Container { what: "netCDF-4/HDF5", way_out });
    }
    if bytes.starts_with(b"GRIB") {
        let way_out = "make a classic netCDF file of it with `cdo -f nc copy IN OUT`";
        return Err(GuidanceError::Container { what: "GRIB", way_out });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let way_out = "unpack it, or save the workbook as CSV";
        return Err(GuidanceError::Container { what: "a zip archive or .xlsx workbook", way_out });
    }
    Ok(())
}

fn beginning(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

/// Whether the bytes begin as a compound file of old Excel does.
fn is_workbook(source: &Source<'_>) -> bool {
    xls::is_compound(source.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_that_are_not_read_name_the_way_out() {
        let said = |bytes: &[u8]| read(bytes, &Request::default()).unwrap_err().to_string();
        assert!(said(b"\x89HDF\r\n\x1a\n....").contains("nccopy -k classic"));
        assert!(said(b"GRIB....").contains("cdo -f nc copy"));
        assert!(said(b"PK\x03\x04....").starts_with("J-103"));
        assert!(said(b" \r\n").starts_with("J-101"));
        assert!(said(b"\x1f\x8b\x08broken").starts_with("J-102"));
        assert!(said(b"CDF\x01\0\0").starts_with("J-105"));
    }
}
