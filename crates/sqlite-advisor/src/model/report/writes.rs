//! What writing rows costs without and with the advised changes.

use crate::model::counters::Counters;
use serde::{Deserialize, Serialize};

/// The price of writing rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WriteCost {
    /// The table.
    pub table: String,
    /// Rows that were inserted on the copy, in one transaction, to find out.
    pub rows: u64,
    /// The cost of all of them without the advised changes.
    pub before: Counters,
    /// With them.
    pub after: Counters,
    /// With them, and without the indexes of the table that no statement uses; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_unused: Option<Counters>,
    /// Of rows of which every column was set that a new or dropped index has in its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<Change>,
    /// Of rows that were deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete: Option<Change>,
    /// The inserts in one run of the workload at which they cost as much as the new indexes of the table save its
    /// statements; none where inserts cost no more or nothing is saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even: Option<f64>,
}

/// What writing rows costs without the advised changes and with them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// How many rows.
    pub rows: u64,
    /// All of them without.
    pub before: Counters,
    /// With.
    pub after: Counters,
}
