//! Index advice for SQLite, proved on a copy of the data and priced before it is given.
//!
//! The house has floors; a lower one never imports a higher one, and rooms of one floor do not see each other:
//!
//! * values: [`error`], [`progress`], [`counters`], [`units`]
//! * [`database`]: open read-only, copy, read the schema, run with counters
//! * [`change`]: steps as data, carried out wholly or not at all: backup, one transaction, verification, ledger
//! * [`goals`]: the reference case, a goal tracker: its schema and data of any size

pub mod change;
pub mod counters;
pub mod database;
pub mod error;
pub mod goals;
pub mod index;
pub mod plan;
pub mod progress;
pub mod syntax;
pub mod units;
pub mod workload;

pub use error::{Error, Result};
