//! What one run of a statement cost, in numbers that repeat exactly, and the time beside them.

use serde::{Deserialize, Serialize};

/// The cost of one run of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Instructions of SQLite's virtual machine (`SQLITE_STMTSTATUS_VM_STEP`, its 32-bit wrap undone).
    pub vm_steps: u64,
    /// B-tree pages asked of the page cache (`SQLITE_DBSTATUS_CACHE_HIT` + `CACHE_MISS`).
    pub pages: u64,
    /// Rows returned, or rows changed by a write.
    pub rows: u64,
    /// Wall time in nanoseconds; the median where it was run more than once.
    pub time_ns: u64,
    /// Stopped at the limit: every number is a lower bound.
    pub timed_out: bool,
    /// Rows stepped over by full scans (`SQLITE_STMTSTATUS_FULLSCAN_STEP`).
    #[serde(default)]
    pub full_scan_steps: u64,
    /// Sorts (`SQLITE_STMTSTATUS_SORT`).
    #[serde(default)]
    pub sorts: u64,
    /// Rows put into automatic indexes (`SQLITE_STMTSTATUS_AUTOINDEX`).
    #[serde(default)]
    pub automatic_index_rows: u64,
}

impl Counters {
    /// The deterministic cost in nanoseconds that stands for time where runs are compared: see METHODOLOGY.md.
    ///
    /// One virtual-machine step and one page request have fixed prices, so that the same database and workload
    /// give the same advice on every machine and at every load.
    pub fn cost(&self) -> f64 {
        self.vm_steps as f64 * VM_STEP_NS + self.pages as f64 * PAGE_NS
    }
}

/// Nanoseconds charged for one virtual-machine step.
pub const VM_STEP_NS: f64 = 8.0;
/// Nanoseconds charged for one page request.
pub const PAGE_NS: f64 = 120.0;
