//! The reference case: the database of a goal tracker whose goals form trees, each of which is called a fractal.
//!
//! * [`schema`]: its tables before any migration
//! * [`generate`]: rows for them, as many as wanted

pub mod generate;
pub mod schema;
