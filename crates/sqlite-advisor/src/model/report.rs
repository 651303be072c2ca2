//! The document that `--format json` writes and that `report` and `apply` read: one version, only ever added to.

mod indexes;
mod outcome;
mod recommendation;
mod search;
mod writes;

pub use indexes::{IndexVerdict, JudgedIndex, Rejected, Why};
pub use outcome::{Interval, Outcome, PAIRS, Verdict};
pub use recommendation::{
    Analyze, Common, CreateIndex, DropIndex, Group, Help, NamedIndex, Proposal, Recommendation, Verification,
};
pub use search::{Behind, Harmed, Search, WhyBehind};
pub use writes::{Change, WriteCost};

use crate::model::counters::Counters;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the document's form.
pub const VERSION: u32 = 1;

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// [`VERSION`]
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// On which machine.
    pub machine: Machine,
    /// The database.
    pub database: Database,
    /// The statements.
    pub workload: Workload,
    /// What to do, in the order in which to do it.
    #[serde(rename = "advice")]
    pub recommendations: Vec<Recommendation>,
    /// What was considered and rejected.
    pub rejected: Vec<Rejected>,
    /// The existing indexes, each with what becomes of it; those that SQLite made for a constraint are left out.
    #[serde(default)]
    pub existing: Vec<JudgedIndex>,
    /// What writes cost in each table of which an index comes or goes.
    #[serde(default)]
    pub writes: Vec<WriteCost>,
    /// Each statement before and after.
    pub statements: Vec<Outcome>,
    /// The whole before and after.
    pub totals: Totals,
    /// Configurations of indexes, from the most generous to the most frugal.
    #[serde(default)]
    pub curve: Vec<Point>,
    /// What trying every configuration of the candidates found, where they are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimum: Option<Optimum>,
    /// How near the choice is to the best that is known; none in documents of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Remarks for the reader: what could not be verified, what to watch.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A configuration of indexes on the curve of speed against price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The names of its indexes.
    pub indexes: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// The geometric mean of the statements' speed-ups, by cost.
    pub speedup_geomean: f64,
    /// The speed-up of the weighted total, by cost.
    pub speedup_total: f64,
    /// The configuration that is advised.
    pub chosen: bool,
}

/// What trying all configurations found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Optimum {
    /// How many configurations there are.
    pub configurations: u64,
    /// How far below the best of them the search alone had ended, as a share of its worth: 0 if it had found the best.
    pub gap: f64,
}

/// The tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `sqlite-advisor`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This library.
    pub fn this() -> Self {
        Self { name: "sqlite-advisor".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The SQLite that planned and ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sqlite {
    /// Its version.
    pub version: String,
    /// Its compile options that matter to plans.
    pub options: Vec<String>,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system and architecture.
    pub platform: String,
    /// Processors that may be used.
    pub cpus: usize,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// The path as it was given.
    pub path: String,
    /// Its size in bytes; of the tables that were looked at, where others were left out.
    pub bytes: u64,
    /// Its whole size in bytes, where tables were left out because the workload does not name them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_bytes: Option<u64>,
    /// The page size in bytes.
    pub page_size: u64,
    /// How many tables it has.
    pub tables: usize,
    /// How many rows they hold.
    pub rows: u64,
    /// Whether sqlite_stat1 was there.
    #[serde(default)]
    pub analyzed: bool,
}

/// The statements that were looked at, and those that could not be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Looked at.
    pub statements: Vec<Statement>,
    /// Not looked at.
    pub skipped: Vec<Skipped>,
}

/// A statement of the workload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Its name.
    pub id: String,
    /// Its text.
    pub sql: String,
    /// How much it counts.
    pub weight: f64,
    /// How often it appears.
    pub executions: u64,
    /// File and line.
    pub source: String,
    /// The values bound to its parameters, as SQL; one list for each set. Empty where it has none, or where they are long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Vec<String>>,
    /// Other headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// A statement that could not be planned or run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file.
    pub source: String,
    /// The line of the fault.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// SQLite's words.
    pub error: String,
}

/// The whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Totals {
    /// The weighted sum as the database is.
    pub before: Counters,
    /// After ANALYZE alone.
    #[serde(default)]
    pub analyzed: Counters,
    /// With all advice followed.
    pub after: Counters,
    /// The geometric mean of the statements' speed-ups, in time.
    pub speedup_geomean: f64,
    /// The same in virtual-machine steps.
    #[serde(default)]
    pub speedup_geomean_vm_steps: f64,
    /// Bytes of the advised indexes.
    pub index_bytes: u64,
    /// Bytes of the indexes to be dropped, but for those that no statement uses.
    #[serde(default)]
    pub dropped_bytes: u64,
    /// Bytes of the indexes that no statement uses.
    #[serde(default)]
    pub unused_bytes: u64,
    /// How many times as much an insert costs over all tables, in virtual-machine steps.
    #[serde(default)]
    pub write_vm_steps: f64,
    /// The same once the indexes are dropped that no statement uses; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_vm_steps_without_unused: Option<f64>,
}
