//! The reference case: the database of a goal tracker whose goals form trees, each of which is called a fractal.
//!
//! * [`schema`]: its tables before any migration
//! * [`generate`]: rows for them, as many as wanted
//! * [`migrations`]: the timeline from there to its newest schema, as steps for [`sqlite_advisor::change`]
//! * [`preflight`]: what is wrong before; [`verify`]: what must hold after; [`claims`]: what the original reports say

pub mod claims;
pub mod generate;
pub mod migrations;
pub mod preflight;
pub mod report;
pub mod schema;
pub mod speedup;
pub mod verify;
