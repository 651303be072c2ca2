//! What becomes of the existing indexes, and why others were rejected.

use serde::{Deserialize, Serialize};

/// An index that the database has, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedIndex {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The bytes of its b-tree, by dbstat.
    pub bytes: u64,
    /// What becomes of it.
    pub verdict: IndexVerdict,
    /// Why; none where it is kept because statements read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The statements that read it with all advice followed.
    #[serde(default)]
    pub statements: Vec<String>,
}

/// What becomes of an index that the database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexVerdict {
    /// It stays.
    Keep,
    /// It goes, and another existing index serves its statements, or they do better without.
    Drop,
    /// It goes, and a new index takes its place.
    Replace,
    /// No statement reads it: it can go if the workload is complete.
    Unused,
}

impl IndexVerdict {
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

/// An index that was considered and rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rejected {
    /// The statement that would create it.
    pub sql: String,
    /// Why not.
    pub why: Why,
    /// The bytes of its b-tree.
    pub bytes: u64,
    /// How many statements could use it.
    pub statements: u64,
}

/// Why an index is rejected. As JSON the variant is the field `reason`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Why {
    /// An advised index begins with the same key and serves its statements.
    Covered {
        /// That index.
        by: String,
    },
    /// It made a statement slower, or no plan read it, when the configuration was built afresh.
    NotConfirmed,
    /// What it gains does not pay for its bytes and upkeep.
    NotWorthItsPrice {
        /// How many indexes the smallest configuration has that includes it.
        indexes: u64,
        /// The bytes of that configuration.
        bytes: u64,
    },
    /// With it a read would be slower than as found; [`super::Search::behind`] tells which statement it would help.
    Slower,
    /// The planner would read it, but other indexes serve the same statements as well or for less.
    OthersServe,
}
