//! What the statistics of a database are worth: by table, and in the plans that ANALYZE would change.

use crate::model::counters::Counters;
use crate::model::plan::Plan;
use crate::model::report::{Database, Sqlite, Tool};
use serde::{Deserialize, Serialize};

/// The version of the document's form.
pub const VERSION: u32 = 1;

/// What the statistics of a database are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assessment {
    /// [`VERSION`]
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// The database.
    pub database: Database,
    /// Each table, in the order of their creation.
    pub tables: Vec<AssessedTable>,
    /// How many statements were planned.
    pub statements: usize,
    /// Those of which ANALYZE would change the plan, in the order of the workload.
    pub changes: Vec<PlanChange>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedTable {
    /// Its name.
    pub name: String,
    /// Its rows, counted.
    pub rows: u64,
    /// Its rows as sqlite_stat1 tells them; none where it tells none.
    pub told: Option<u64>,
    /// What its statistics are worth.
    pub worth: Worth,
    /// Why they are not full, in words; empty where they are.
    pub why: String,
}

/// What statistics are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// There are none.
    None,
    /// They tell of far more or fewer rows than there are.
    Stale,
    /// The rows are right, and something else is not as ANALYZE would write it: an index is missing, its averages are wrong, or it
    /// has no samples.
    Limited,
    /// They are as ANALYZE would write them, or nearly so.
    Full,
}

/// A statement of which ANALYZE would change the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Its name.
    pub statement: String,
    /// Its text.
    pub sql: String,
    /// Its plans as the statistics are, one for each set of values.
    pub found: Vec<Plan>,
    /// Its plans after ANALYZE.
    pub analyzed: Vec<Plan>,
    /// What it costs with each; all zero for a statement that was planned, not run.
    pub before: Counters,
    /// After ANALYZE.
    pub after: Counters,
}
