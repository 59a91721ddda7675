//! Source-receptor relations (源—受体关系): how much a city's concentration of a day answers to an emission.
//!
//! A [`Matrix`] holds responses in µg/m³ per kg/d with their uncertainty, the share of an emission up to which they are trusted, and
//! where they come from. [`import`] makes it of other models' output, [`kernel`] makes an indicative one where there is none;
//! [`Matrix::respond`] applies cuts, [`attribute`] tells whose a concentration is. This crate opens no file and knows no clock.

pub mod attribute;
mod contribution;
mod error;
pub mod import;
pub mod kernel;
mod matrix;
mod respond;
mod source;
pub mod table;
pub mod trajectory;
pub mod validate;

pub use contribution::{Background, Contribution, Contributions, Emissions, Whose};
pub use error::{Note, TransportError};
pub use import::{Imported, Request, read};
pub use matrix::{Basis, Cell, Doubt, Matrix, Origin, Response, ResponsePerKilogramPerDay, Status};
pub use respond::{Answer, Change, Cut};
pub use source::{City, Point, Precursor, Receptor, Source, SourceSite};
