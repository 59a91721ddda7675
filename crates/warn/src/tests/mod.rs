//! The life of a warning.
