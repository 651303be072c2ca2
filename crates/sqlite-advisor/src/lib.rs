//! Index advice for SQLite, verified on a copy of the data and priced before it is given.
//!
//! Name a database and what an application sends to it; [`advise`] tells which indexes to create and which to drop, and
//! what each brings and costs. The database is only read: everything is tried on copies.
//!
//! ```
//! use sqlite_advisor::{Recommendation, Request, Silent, advise};
//!
//! # let folder = tempfile::tempdir()?;
//! # let database = folder.path().join("app.db");
//! # rusqlite::Connection::open(&database)?.execute_batch(
//! #     "CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, name TEXT);
//! #      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
//! #      INSERT INTO users SELECT i, 'user' || i || '@example.org', 'User ' || i FROM n",
//! # )?;
//! let request = Request::new(&database).queries(["SELECT name FROM users WHERE email = ?"]);
//! let report = advise(&request, &Silent)?;
//! let sql = report.recommendations.iter().find_map(Recommendation::sql);
//! assert_eq!(sql, Some("CREATE INDEX idx_users_email ON users(email)"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! * What is sent comes from texts, as above, or from files and logs: [`read_queries`].
//! * What was found is a [`Report`]: [`Recommendation`]s in the order in which to run them, an [`Outcome`] with [`Counters`]
//!   before and after for each statement. It is plain data, which serde writes and reads.
//! * A [`Renderer`] writes it as [`Text`], [`Markdown`], [`Sql`], [`Json`], or with the feature `html` as a page.
//! * A [`Progress`] hears how far it is, and holds the [`CancelToken`] that stops it.
//! * [`check`] holds the plans of all statements by a [`Lock`], for tests.
//! * [`explain`] tells what one statement does, before and after advice.
//!
//! The names on this page are what this library promises. Its modules can be reached by the program and the reference case of
//! this workspace; they are hidden here, and no promise covers them.

#[doc(hidden)]
pub mod advise;
#[doc(hidden)]
pub mod cancel;
#[doc(hidden)]
pub mod change;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod parallel;
#[doc(hidden)]
pub mod progress;
#[doc(hidden)]
pub mod render;
#[doc(hidden)]
pub mod sql;
#[doc(hidden)]
pub mod sqlite;
#[doc(hidden)]
pub mod statistics;
#[doc(hidden)]
pub mod workload;

pub use advise::advise;
pub use advise::explain::explain;
pub use advise::{Objective, Preference, Request};
pub use cancel::CancelToken;
pub use check::{Check, check};
pub use error::{Error, Result};
pub use model::check::{Checked, Lock};
pub use model::counters::Counters;
pub use model::explanation::Explanation;
pub use model::report::{
    Analyze, CreateIndex, DropIndex, NamedIndex, Outcome, Proposal, Recommendation, Report, Verdict,
};
pub use progress::{Progress, Silent};
#[cfg(feature = "html")]
pub use render::Html;
pub use render::{Json, Markdown, Renderer, Sql, Style, Text};
pub use workload::readers::{Queries, read_queries};
pub use workload::source::{Origin, ParameterSet, QuerySource};
