//! What to do, what it costs, and what becomes of the indexes that stand.

use crate::model::counters::Counters;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds of advice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Add an index.
    #[default]
    CreateIndex,
    /// Take one away.
    DropIndex,
    /// Run ANALYZE.
    Analyze,
    /// Write a statement in another way.
    Rewrite,
    /// Change the schema.
    Schema,
}

impl Kind {
    /// True for what `apply` carries out; the rest is for people to weigh.
    pub fn is_applied(self) -> bool {
        matches!(self, Self::CreateIndex | Self::DropIndex | Self::Analyze)
    }
}

/// One piece of advice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Its kind.
    pub kind: Kind,
    /// The statement to run, without a semicolon. Of a rewrite, the statement to write instead; of a change of the schema,
    /// what makes it, or empty where no one statement does.
    pub sql: String,
    /// The index's name; empty where there is none.
    #[serde(default)]
    pub name: String,
    /// Its table; empty where there is none.
    #[serde(default)]
    pub table: String,
    /// The key's terms.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The WHERE of a partial index.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The bytes of its b-tree, by dbstat.
    #[serde(default)]
    pub bytes: u64,
    /// Nanoseconds that building it took on the copy, with two threads; 0 where nothing was built.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub build_ns: u64,
    /// The statements that use it.
    #[serde(default)]
    pub helps: Vec<Help>,
    /// What writes to its table cost without and with the advised changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_cost: Option<WriteCost>,
    /// Why, in a sentence or two.
    pub reason: String,
    /// Not carried out by `apply` and only a comment in SQL: it is as good as the workload is complete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// The rule that found it; empty for an index of the advised set.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What to do, in a sentence, where `sql` alone does not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// Statements that have to be run first for `sql` to do what is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// How it was proved; only of what a rule found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Verification>,
}

/// How a finding was proved on the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// It was run there with all advice followed, and did what is said.
    pub proved: bool,
    /// The rows were the same; none where there was nothing to compare.
    #[serde(default)]
    pub same_rows: Option<bool>,
    /// What was done to prove it, or why it is not proved.
    pub note: String,
}

/// A statement that a piece of advice helps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Help {
    /// Its name.
    pub statement: String,
    /// Without the advice.
    pub before: Counters,
    /// With it.
    pub after: Counters,
}

/// The price of writing rows.
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
    /// statements; none where inserts get no dearer or nothing is saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even: Option<f64>,
}

/// What writing rows cost without the advised changes and with them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// How many rows.
    pub rows: u64,
    /// All of them without.
    pub before: Counters,
    /// With.
    pub after: Counters,
}

/// An index that the database has, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The bytes of its b-tree, by dbstat.
    pub bytes: u64,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why; empty where it is kept because statements read it.
    pub why: String,
    /// The statements that read it with all advice followed.
    #[serde(default)]
    pub statements: Vec<String>,
}

/// What becomes of an index that the database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It stays.
    Keep,
    /// It goes, and another index that stands serves its statements, or they do better without.
    Drop,
    /// It goes, and a new index takes its place.
    Replace,
    /// No statement reads it: it can go if the workload is complete.
    Unused,
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::Replace => "replace",
            Self::Unused => "unused",
        }
    }
}

/// An index that was considered and is not advised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rejected {
    /// The statement that would create it.
    pub sql: String,
    /// Why not.
    pub why: String,
    /// The numbers behind it.
    #[serde(default)]
    pub numbers: BTreeMap<String, f64>,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
