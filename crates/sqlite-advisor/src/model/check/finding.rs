//! One thing that `check` has to say.

use crate::model::plan::Plan;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What kind of thing was found, the worst first. Its name for programs and in a lock is that of serde, which [`fmt::Display`]
/// writes and [`FromStr`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// SQLite refuses the statement.
    NotPrepared,
    /// A large table is read whole.
    FullScan,
    /// A large table is searched by less of an index than before.
    LostIndex,
    /// SQLite builds an index for the run.
    AutomaticIndex,
    /// Rows are sorted or gathered that were not before.
    TemporaryBTree,
    /// An allowance that says no reason, or allows what is not known.
    BadAllowance,
    /// An allowance for what is not there.
    NeedlessAllowance,
    /// What the lock accepts is gone.
    Cured,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl FromStr for Kind {
    type Err = serde::de::value::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::deserialize(text.into_deserializer())
    }
}

impl Kind {
    /// True if the plans show it.
    pub fn is_of_plans(self) -> bool {
        matches!(
            self,
            Self::FullScan | Self::LostIndex | Self::AutomaticIndex | Self::TemporaryBTree | Self::Cured
        )
    }

    /// True if it fails the check; otherwise it is only told.
    pub fn fails(self) -> bool {
        !matches!(self, Self::NeedlessAllowance | Self::Cured)
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The statement's name, or its fingerprint where it has none.
    pub statement: String,
    /// The short name of its shape.
    pub fingerprint: String,
    /// Its text.
    pub sql: String,
    /// The file in which it stands.
    pub file: String,
    /// The line there, from 1.
    pub line: usize,
    /// The table that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The rows of that table, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// What else is to be known: SQLite's words, the index that was lost, what is sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is sorted besides that was not before, where one cause brings both: `ORDER BY`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sorts: Vec<String>,
    /// The plans of the lock; absent where the lock has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Plan>,
    /// The plans now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub now: Vec<Plan>,
    /// What cures it, where something was found that does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<Cure>,
}

/// An index with which the statement was planned, and the finding was gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cure {
    /// The statement that creates it.
    pub sql: String,
    /// The plans with it.
    pub plan: Vec<Plan>,
}
