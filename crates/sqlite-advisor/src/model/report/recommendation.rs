//! What to do: one variant for each kind of advice, with what only that kind has.

use crate::model::counters::Counters;
use crate::model::report::Verdict;
use crate::model::report::writes::WriteCost;
use serde::{Deserialize, Serialize};

/// One piece of advice. As JSON the variant is the field `kind`, with the variant's own fields beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recommendation {
    /// Add an index.
    CreateIndex(CreateIndex),
    /// Take one away.
    DropIndex(DropIndex),
    /// Gather statistics.
    Analyze(Analyze),
    /// Write a statement in another way.
    Rewrite(Proposal),
    /// Change the schema.
    Schema(Proposal),
}

/// An index to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateIndex {
    /// The statement that creates it, without a semicolon.
    pub sql: String,
    /// The index.
    #[serde(flatten)]
    pub index: NamedIndex,
    /// Nanoseconds that building it took on the copy, with two threads.
    pub build_ns: u64,
    /// What all advice has.
    #[serde(flatten)]
    pub common: Common,
}

/// An index to take away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DropIndex {
    /// The statement that drops it, without a semicolon.
    pub sql: String,
    /// The index.
    #[serde(flatten)]
    pub index: NamedIndex,
    /// No statement reads it: the advice is as good as the workload is complete. Not carried out by `apply`, and only a
    /// comment in SQL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// What all advice has.
    #[serde(flatten)]
    pub common: Common,
}

/// An index by its name, with what it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedIndex {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The terms of its key as SQL.
    pub columns: Vec<String>,
    /// The WHERE of a partial index.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The bytes of its b-tree, by dbstat.
    pub bytes: u64,
    /// What writes to its table cost without and with all advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_cost: Option<WriteCost>,
}

/// Statistics to gather.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analyze {
    /// The statement that gathers them, without a semicolon.
    pub sql: String,
    /// What all advice has.
    #[serde(flatten)]
    pub common: Common,
}

/// A change for people to weigh: `apply` leaves it alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The statement to write instead, or what changes the schema, without a semicolon; none where no one statement does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// Statements that have to be run first for `sql` to do what is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The table; none where it is of none, or of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The columns.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Bytes that the change takes.
    #[serde(default)]
    pub bytes: u64,
    /// What all advice has.
    #[serde(flatten)]
    pub common: Common,
}

/// What all advice has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Common {
    /// Why, in a sentence or two.
    pub reason: String,
    /// The statements that it helps, or that read a dropped index before.
    #[serde(default)]
    pub helps: Vec<Help>,
    /// The rule that found it; none for what comes of the search for indexes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What to do, in a sentence, where the SQL alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// How a rule's finding was verified; none for indexes, which the comparison of all statements verifies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
}

/// How a finding was verified on the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// It was run there with all advice followed, and did what is said.
    pub verified: bool,
    /// The rows were the same; none where there was nothing to compare.
    #[serde(default)]
    pub same_rows: Option<bool>,
    /// What was done to verify it, or why it is not verified.
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
    /// The verdict on all advice together; none of a rewritten statement, which was not timed in turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// How sure a piece of advice is. The order is that in which a report tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Verified on the copy: what `apply` carries out.
    DoNow,
    /// As good as the workload is complete.
    IfComplete,
    /// For a person to weigh.
    WorthALook,
}

impl Recommendation {
    /// What all advice has.
    pub fn common(&self) -> &Common {
        match self {
            Self::CreateIndex(c) => &c.common,
            Self::DropIndex(d) => &d.common,
            Self::Analyze(a) => &a.common,
            Self::Rewrite(p) | Self::Schema(p) => &p.common,
        }
    }

    /// The statement to run or to write, without a semicolon; none for a change that no one statement makes.
    pub fn sql(&self) -> Option<&str> {
        match self {
            Self::CreateIndex(c) => Some(&c.sql),
            Self::DropIndex(d) => Some(&d.sql),
            Self::Analyze(a) => Some(&a.sql),
            Self::Rewrite(p) | Self::Schema(p) => p.sql.as_deref(),
        }
    }

    /// The index that comes or goes.
    pub fn index(&self) -> Option<&NamedIndex> {
        match self {
            Self::CreateIndex(c) => Some(&c.index),
            Self::DropIndex(d) => Some(&d.index),
            Self::Analyze(_) | Self::Rewrite(_) | Self::Schema(_) => None,
        }
    }

    /// What a person has to weigh.
    pub fn proposal(&self) -> Option<&Proposal> {
        match self {
            Self::Rewrite(p) | Self::Schema(p) => Some(p),
            Self::CreateIndex(_) | Self::DropIndex(_) | Self::Analyze(_) => None,
        }
    }

    /// How sure it is.
    pub fn group(&self) -> Group {
        match self {
            Self::DropIndex(d) if d.optional => Group::IfComplete,
            Self::CreateIndex(_) | Self::DropIndex(_) | Self::Analyze(_) => Group::DoNow,
            Self::Rewrite(_) | Self::Schema(_) => Group::WorthALook,
        }
    }

    /// True for an index of the advised configuration that comes or goes, also where that is optional.
    pub fn is_index(&self) -> bool {
        self.index().is_some()
    }
}
