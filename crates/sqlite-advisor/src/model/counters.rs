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
    /// Pages that a write made dirty and a commit has to write (`SQLITE_DBSTATUS_CACHE_WRITE` after a flush).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_written: u64,
    /// Different pages that are read from the file where the page cache is empty; 0 where that was not measured.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_read: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Counters {
    /// The deterministic cost in nanoseconds that stands for time where runs are compared: see METHODOLOGY.md.
    ///
    /// One virtual-machine step and one page request have fixed prices, so that the same database and workload
    /// give the same advice on every machine and at every load.
    pub fn cost(&self) -> f64 {
        self.vm_steps as f64 * VM_STEP_NS
            + self.pages as f64 * PAGE_NS
            + self.automatic_index_rows as f64 * AUTOMATIC_INDEX_ROW_NS
    }
}

/// Nanoseconds charged for one virtual-machine step.
pub const VM_STEP_NS: f64 = 10.0;
/// Nanoseconds charged for one page request.
pub const PAGE_NS: f64 = 200.0;
/// Nanoseconds charged for one row that is sorted into an automatic index.
pub const AUTOMATIC_INDEX_ROW_NS: f64 = 300.0;

impl Counters {
    /// The mean of several runs; stopped if one was.
    pub fn mean(runs: impl IntoIterator<Item = Counters>) -> Counters {
        let (mut sum, mut n) = (Counters::default(), 0u64);
        for run in runs {
            n += 1;
            sum.vm_steps += run.vm_steps;
            sum.pages += run.pages;
            sum.rows += run.rows;
            sum.time_ns += run.time_ns;
            sum.timed_out |= run.timed_out;
            sum.full_scan_steps += run.full_scan_steps;
            sum.sorts += run.sorts;
            sum.automatic_index_rows += run.automatic_index_rows;
            sum.pages_written += run.pages_written;
            sum.pages_read += run.pages_read;
        }
        let n = n.max(1);
        Counters {
            vm_steps: sum.vm_steps / n,
            pages: sum.pages / n,
            rows: sum.rows / n,
            time_ns: sum.time_ns / n,
            timed_out: sum.timed_out,
            full_scan_steps: sum.full_scan_steps / n,
            sorts: sum.sorts.div_ceil(n),
            automatic_index_rows: sum.automatic_index_rows / n,
            pages_written: sum.pages_written / n,
            pages_read: sum.pages_read / n,
        }
    }
}
