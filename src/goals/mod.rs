//! The reference case: the database of a goal tracker whose goals form trees, each of which is called a fractal.
//!
//! * [`schema`]: its tables before any migration

pub mod schema;
