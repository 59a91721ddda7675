//! netCDF-4, which is HDF5 inside, through `netcdf-reader`, with a limit on everything it may allocate.

use crate::dataset::{Dataset, MOST_VALUES, checked};
use crate::{Fault, MOST_STEPS};
use netcdf_reader::{NcFile, NcOpenOptions, NcSliceInfo, NcSliceInfoElem};

const MOST_BYTES: usize = 8 * MOST_VALUES;

/// An open netCDF-4 file.
pub struct Hdf5 {
    file: NcFile,
}

/// Whether the bytes begin as HDF5 does.
pub fn is_hdf5(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89HDF\r\n\x1a\n")
}

impl Hdf5 {
    /// Reads the header. Refuses what is not whole.
    pub fn open(bytes: &[u8]) -> Result<Hdf5, Fault> {
        if let Some(length) = stated_length(bytes).filter(|length| *length > bytes.len() as u64) {
            return Err(Fault::Damaged(format!("{} of {length} bytes are there", bytes.len())));
        }
        let options =
            NcOpenOptions { max_chunk_bytes: MOST_BYTES, max_read_bytes: MOST_BYTES, ..NcOpenOptions::default() };
        NcFile::from_bytes_with_options(bytes, options).map(|file| Hdf5 { file }).map_err(damaged)
    }
}

/// The end of the file as its first block says; a file that is cut may still open, and lack values at its end.
fn stated_length(bytes: &[u8]) -> Option<u64> {
    let (offsets, at) = match *bytes.get(8)? {
        0 => (13, 40),
        1 => (13, 44),
        2 | 3 => (9, 28),
        _ => return None,
    };
    let eight = *bytes.get(offsets)? == 8;
    eight.then(|| bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)).flatten()
}

fn damaged(cause: netcdf_reader::Error) -> Fault {
    Fault::Damaged(cause.to_string())
}

impl Dataset for Hdf5 {
    fn names(&self) -> Vec<String> {
        self.file.variables().into_iter().flatten().map(|variable| variable.name.clone()).collect()
    }

    fn shape(&self, variable: &str) -> Option<Vec<(String, usize)>> {
        let variable = self.file.variable(variable).ok()?;
        variable.dimensions.iter().map(|one| Some((one.name.clone(), usize::try_from(one.size).ok()?))).collect()
    }

    fn text(&self, variable: Option<&str>, attribute: &str) -> Option<String> {
        let text = match variable {
            None => self.file.global_attribute(attribute).ok()?.value.as_string(),
            Some(name) => self.file.variable(name).ok()?.attribute(attribute)?.value.as_string(),
        };
        text.map(|text| text.trim_matches(['\0', ' ']).to_string())
    }

    fn number(&self, variable: Option<&str>, attribute: &str) -> Option<f64> {
        match variable {
            None => self.file.global_attribute(attribute).ok()?.value.as_f64(),
            Some(name) => self.file.variable(name).ok()?.attribute(attribute)?.value.as_f64(),
        }
    }

    fn slab(&self, name: &str, start: &[usize], count: &[usize]) -> Result<Vec<f64>, Fault> {
        let shape = self.shape(name).ok_or_else(|| Fault::Missing(name.to_string()))?;
        if checked(name, &shape, start, count)? == 0 {
            return Ok(vec![]);
        }
        let along = start.iter().zip(count).map(|(from, number)| {
            let (start, end) = (*from as u64, (*from + *number) as u64);
            NcSliceInfoElem::Slice { start, end, step: 1 }
        });
        let selection = NcSliceInfo { selections: along.collect() };
        let values = self.file.read_variable_slice_unpacked_masked(name, &selection).map_err(damaged)?;
        Ok(values.into_iter().collect())
    }

    fn lines(&self, name: &str) -> Result<Vec<String>, Fault> {
        let rows = self.shape(name).and_then(|shape| Some(shape.first()?.1)).unwrap_or(0);
        if rows > MOST_STEPS {
            return Err(Fault::TooMany { what: "lines of text", limit: MOST_STEPS });
        }
        self.file.read_variable_as_strings(name).map_err(damaged)
    }
}
