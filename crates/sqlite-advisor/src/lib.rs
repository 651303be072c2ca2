//! Index advice for SQLite, proved on a copy of the data and priced before it is given.
//!
//! The house has floors; a lower one never imports a higher one, and rooms of one floor do not see each other:
//!
//! * values: [`index`], [`plan`], [`counters`], [`stats`], [`syntax`], [`tokens`], [`document`], [`explanation`], [`units`], [`error`], [`progress`], [`beside`]
//! * [`database`]: copy a file without touching it, read the schema, run with counters
//! * [`workload`]: the statements of an application; [`change`]: steps as data, carried out wholly or not at all
//! * [`advise`]: from a workload to indexes that are proved; [`goals`]: the reference case, a goal tracker
//! * [`speedup`]: the reference case measured before and after each migration, and what was claimed of it
//! * [`report`]: what was found, as text, JSON, SQL or Markdown
//!
//! ```no_run
//! use sqlite_advisor::{advise, progress::Silent, report, workload};
//!
//! let request = advise::Request::new("app.db").queries(["SELECT name FROM users WHERE email = ?"]);
//! let document = advise::advise(&request, &Silent)?;
//! print!("{}", report::sql::write(&document));
//! # Ok::<(), sqlite_advisor::Error>(())
//! ```

pub mod advise;
pub mod cancel;
pub mod change;
pub mod error;
pub mod model;
pub mod parallel;
pub mod progress;
pub mod render;
pub mod sql;
pub mod sqlite;
pub mod workload;

pub use cancel::CancelToken;
pub use error::{Error, Result};
