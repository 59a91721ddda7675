//! Files of air-quality models (模式文件): containers, grids, projections, times and units, below what the numbers mean.
//!
//! Bytes in, values out. `guidance` reads concentrations through it, `transport` contributions and responses. This crate
//! opens no file, allocates nothing by a number that a file states, and takes no quantity for another.

mod classic;
mod dataset;
mod fault;
mod grid;
mod hdf5;
pub mod ioapi;
mod projection;
mod records;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod time;
pub mod uamiv;
mod unit;
mod unpack;
pub mod wrf;

pub use classic::{Attribute, Classic, Variable, is_classic, number, word};
pub use dataset::{Dataset, open};
pub use fault::Fault;
pub use grid::{Cells, Grid, Place, Sampling, cells, weigh};
pub use hdf5::{Hdf5, is_hdf5};
pub use projection::Projection;
pub use records::{Records, letters, real, word as word_at};
pub use unit::{Air, Unit, molar_mass};
pub use unpack::{MOST_UNPACKED, unpacked};

/// More time steps than any run has: forty days of hours.
pub const MOST_STEPS: usize = 1_000;
