//! What was claimed, and what was measured of it at each scale.

use crate::speedup::value::{Bound, Ratio};
use serde::{Deserialize, Serialize};
use sqlite_advisor::model::counters::Counters;

/// A claim held against what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The pair's name.
    pub claim: String,
    /// The claim in words.
    pub says: String,
    /// The least that was claimed, as a ratio.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// At which scales and fractals it holds.
    pub at: Vec<Held>,
    /// The verdict.
    pub words: String,
}

/// A claim at one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The scale.
    pub scale: u64,
    /// `median` or `biggest`.
    pub fractal: String,
    /// Measured: the join at B0 over root_id after the indexes, in time.
    pub measured: f64,
    /// How sure that is.
    #[serde(default, skip_serializing_if = "Bound::is_exact")]
    pub bound: Bound,
    /// It is at least the least that was claimed.
    pub holds: bool,
}

/// One scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// How many times the real development file.
    pub scale: u64,
    /// Rows at B0.
    pub rows: u64,
    /// Fractals.
    pub fractals: u64,
    /// Who measured the times here, and which of them is told.
    pub timed_by: String,
    /// The points of the timeline.
    pub points: Vec<Point>,
    /// The claims here.
    pub claims: Vec<Claim>,
}

/// A point of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// What it brings.
    pub about: String,
    /// The file's bytes.
    pub bytes: u64,
    /// Bytes more than at the point it was made from.
    pub added: i64,
    /// Nanoseconds to get there from that point.
    pub time_ns: u64,
}

/// A claim at a scale, for a fractal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The pair's name.
    pub claim: String,
    /// `median` or `biggest`.
    pub fractal: String,
    /// Rows of the answer, the same in every run.
    pub rows: u64,
    /// Each point and form.
    pub runs: Vec<Run>,
    /// The effects, separated.
    pub effects: Effects,
}

/// A statement at a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The point's name.
    pub point: String,
    /// `join` or `root_id`.
    pub form: String,
    /// What it cost.
    pub cost: Counters,
    /// Its plan.
    pub plan: String,
}

/// How many times less, each step on top of the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// ANALYZE alone: the join at B0, without and with it.
    pub analyze: Ratio,
    /// Indexes alone: the join at B0 and at M2.3.
    pub indexes: Ratio,
    /// root_id without an index: the join at B0, root_id at M2.1.
    pub copy_alone: Ratio,
    /// root_id on top of the indexes: the join and root_id at M2.3.
    pub denormalised: Ratio,
    /// All that was claimed: the join at B0, root_id at M2.3.
    pub total: Ratio,
    /// The advice on top: root_id at M5 without and with it.
    pub advised: Ratio,
}

/// How the time of a form grows with the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The pair's name.
    pub claim: String,
    /// `join`, `indexed join` or `root_id`.
    pub form: String,
    /// The exponent: time is about scale to this power, for the biggest fractal.
    pub exponent: f64,
    /// The smallest measured scale from which it is quicker than the join at B0 in steps and in time; none if at none.
    pub pays_from: Option<u64>,
    /// Scale and nanoseconds.
    pub times: Vec<(u64, u64)>,
    /// The same where it was stopped: it takes longer than that, and the exponent leaves it out.
    pub stopped: Vec<(u64, u64)>,
}
