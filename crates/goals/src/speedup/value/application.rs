//! The statements of the application, the indexes of the migration, and the advice.

use crate::speedup::value::{Bound, Run};
use serde::{Deserialize, Serialize};
use sqlite_advisor::model::counters::Counters;

/// A statement of the application on the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// Its name.
    pub id: String,
    /// It changes rows.
    pub writes: bool,
    /// The points at which it was run; the form is empty.
    pub runs: Vec<Run>,
    /// B0 over M5, in deterministic cost; none if one of them lacks it.
    pub speedup: Option<f64>,
    /// B0 over M5, in time.
    pub speedup_time: Option<f64>,
    /// M5 over M5 with the advice, in time.
    pub advised_time: Option<f64>,
    /// M5 needs more than a twentieth more than B0, in deterministic cost.
    pub slower: bool,
}

impl Query {
    /// How sure the ratio of two points is.
    pub fn bound(&self, before: &str, after: &str) -> Bound {
        let stopped = |point: &str| {
            self.runs.iter().find(|r| r.point == point).map_or_else(Counters::default, |r| r.cost)
        };
        Bound::of(&stopped(before), &stopped(after))
    }
}

/// An index of the migration, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The statement that made it.
    pub sql: String,
    /// Its bytes at M5.
    pub bytes: u64,
    /// Virtual-machine steps that it adds to one insert.
    pub insert_vm_steps: f64,
    /// Nanoseconds that it adds to one insert; below zero is noise.
    pub insert_ns: f64,
    /// Statements of the application that read it at M5, as found or after ANALYZE.
    pub application: Vec<String>,
    /// Statements of the claims that read it.
    pub claims: Vec<String>,
    /// `keep`, `drop` or `replace`.
    pub verdict: String,
    /// Why.
    pub evidence: String,
    /// The statement that suffers most when it is taken away.
    pub needs_it: Option<String>,
    /// How many times costlier that one gets, in deterministic cost.
    pub without: Option<f64>,
}

/// The advice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advised {
    /// The scale at which it was asked for.
    pub scale: u64,
    /// Its statements.
    pub sql: Vec<String>,
    /// Its reasons, in the same order.
    pub reasons: Vec<String>,
    /// Bytes of the advised indexes.
    pub index_bytes: u64,
    /// Geometric mean of speed-ups that the verification measured, in time.
    pub speedup_geomean: f64,
    /// The same in virtual-machine steps.
    pub speedup_geomean_vm_steps: f64,
    /// How much costlier inserts get, in virtual-machine steps.
    pub insert_vm_steps: f64,
}
