//! One statement explained: its plans in words, what each costs, and what each rejected index would have done.

use crate::model::counters::Counters;
use crate::model::plan::Plan;
use crate::model::report::{Database, Recommendation, Sqlite, Tool, Verdict, Why};
use serde::{Deserialize, Serialize};

/// The version of its form as JSON.
pub const VERSION: u32 = 1;

/// A statement explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// [`VERSION`]
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// The database.
    pub database: Database,
    /// The statement.
    pub sql: String,
    /// The values bound to its parameters, as SQL; one list for each set. Empty where it has none.
    pub values: Vec<Vec<String>>,
    /// As the database is.
    pub found: Side,
    /// With the advice for this statement alone.
    pub advised: Side,
    /// Whether the rows are the same on both sides; none where they could not be compared.
    pub same_rows: Option<bool>,
    /// What the advice does to it.
    pub verdict: Verdict,
    /// The advice, and what the rules found.
    #[serde(rename = "advice")]
    pub recommendations: Vec<Recommendation>,
    /// Each index that was considered and rejected, built alone.
    pub rejected: Vec<Tried>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// The statement on one copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Its plans; more than one where values lead to different ones.
    pub plans: Vec<Vec<Line>>,
    /// The mean over its sets of values.
    pub counters: Counters,
}

/// A line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How deep it stands in the tree, 0 for a root.
    pub depth: usize,
    /// SQLite's words.
    pub detail: String,
    /// Ours; none for a line that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// An index built alone on the copy, with statistics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The statement that creates it.
    pub sql: String,
    /// Why it is rejected.
    pub why: Why,
    /// Whether a plan reads it.
    pub used: bool,
    /// The plan where it does; empty where it does not.
    pub plan: Vec<Line>,
    /// What the statement costs with it alone.
    pub counters: Counters,
    /// Its bytes.
    pub bytes: u64,
}

impl Side {
    /// The distinct plans of a statement, in words.
    pub fn new(plans: &[Plan], counters: Counters) -> Self {
        let mut lines: Vec<Vec<Line>> = plans.iter().map(lines).collect();
        lines.dedup();
        Self { plans: lines, counters }
    }
}

/// A plan with our words beside SQLite's.
pub fn lines(plan: &Plan) -> Vec<Line> {
    let line =
        |n: &crate::model::plan::Node| Line { depth: n.depth, detail: n.detail.clone(), words: n.phrase() };
    plan.nodes.iter().map(line).collect()
}
