//! What `check` finds: each statement as it is planned now, and what is worse than its lock.

pub mod finding;
pub mod lock;

pub use finding::{Cure, Finding, Kind};
pub use lock::{Lock, Locked};

use crate::model::report::{Sqlite, Tool};
use serde::{Deserialize, Serialize};

/// The version of the document's form.
pub const VERSION: u32 = 1;

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checked {
    /// [`VERSION`]
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// The database, script or folder of migrations, as given.
    pub schema: String,
    /// Where the rows of tables are known from.
    pub rows_from: RowsFrom,
    /// A table of at most so many rows may be scanned.
    pub rows: u64,
    /// What is to be looked at, in the order of the workload.
    pub findings: Vec<Finding>,
    /// The statements as they are planned now, in the order of their names: what `--update` writes.
    pub statements: Lock,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// Where the rows of tables are known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsFrom {
    /// They were counted.
    Data,
    /// Statistics tell them.
    Statistics,
    /// Nothing tells them, so that each table may be large.
    Nothing,
}

impl Checked {
    /// How many statements were planned: those that SQLite accepts.
    pub fn planned(&self) -> usize {
        self.statements.statements.iter().filter(|statement| statement.refused.is_none()).count()
    }

    /// True if no finding fails.
    pub fn passed(&self) -> bool {
        self.failing().next().is_none()
    }

    /// The findings that fail.
    pub fn failing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.kind.fails())
    }
}
