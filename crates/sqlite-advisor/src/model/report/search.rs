//! How near the choice is to the best that is known, and what the search took.

use serde::{Deserialize, Serialize};

/// What is known of the choice among the configurations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The cost of all statements over the sum of the least cost known of each, weighted. No configuration of the plans that
    /// were met goes below 1.
    pub over_least_total: f64,
    /// The same as the geometric mean over the statements.
    pub over_least_geomean: f64,
    /// The search ended before the time did: no single addition, removal or exchange is feasible and better.
    pub complete: bool,
    /// The statements that stay further behind the least cost known of them than allowed.
    #[serde(default)]
    pub behind: Vec<Behind>,
    /// The reads that cost a little more, for a gain of the whole that is worth it.
    #[serde(default)]
    pub harmed: Vec<Harmed>,
    /// Different plans that were run.
    pub plans: u64,
    /// Runs that this took.
    pub executions: u64,
    /// Questions to the planner.
    pub plannings: u64,
}

/// A statement that stays behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Behind {
    /// The statement.
    pub statement: String,
    /// How many times more it costs than the least known of it.
    pub times: f64,
    /// The statements that create what would help it.
    pub indexes: Vec<String>,
    /// The bytes of these indexes.
    pub bytes: u64,
    /// Why they are not chosen.
    pub why: WhyBehind,
}

/// Why what would help a statement is not chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyBehind {
    /// A read would get slower.
    Slower,
    /// It is more than was asked for.
    Limits,
    /// The time was up.
    Time,
    /// Beside the other indexes it is not used, or not as well as alone.
    Unknown,
}

/// A read that costs a little more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Harmed {
    /// The statement.
    pub statement: String,
    /// With which statistics, in words.
    pub scenario: String,
    /// How many times more it costs there than as found.
    pub times: f64,
}
