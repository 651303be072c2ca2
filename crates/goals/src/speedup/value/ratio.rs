//! How many times less something costs, and how sure that is.

use serde::{Deserialize, Serialize};
use sqlite_advisor::model::counters::Counters;

/// How many times less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// Time.
    pub time: f64,
    /// Virtual-machine steps.
    pub vm_steps: f64,
    /// How sure both are.
    #[serde(default, skip_serializing_if = "Bound::is_exact")]
    pub bound: Bound,
}

/// What is known of a ratio when a run was stopped at the limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Both runs came to their end.
    #[default]
    Exact,
    /// The first was stopped.
    AtLeast,
    /// The second was stopped.
    AtMost,
    /// Both were stopped.
    Unknown,
}

impl Bound {
    /// Of the cost before over the cost after.
    pub fn of(before: &Counters, after: &Counters) -> Self {
        match (before.timed_out, after.timed_out) {
            (false, false) => Bound::Exact,
            (true, false) => Bound::AtLeast,
            (false, true) => Bound::AtMost,
            (true, true) => Bound::Unknown,
        }
    }

    pub(super) fn is_exact(&self) -> bool {
        *self == Bound::Exact
    }

    /// What stands before the number.
    pub fn sign(self) -> &'static str {
        match self {
            Bound::Exact => "",
            Bound::AtLeast => ">= ",
            Bound::AtMost => "<= ",
            Bound::Unknown => "? ",
        }
    }
}

impl Ratio {
    /// The cost before over the cost after.
    pub fn of(before: &Counters, after: &Counters) -> Self {
        let over = |a: u64, b: u64| a.max(1) as f64 / b.max(1) as f64;
        Self {
            time: over(before.time_ns, after.time_ns),
            vm_steps: over(before.vm_steps, after.vm_steps),
            bound: Bound::of(before, after),
        }
    }
}
