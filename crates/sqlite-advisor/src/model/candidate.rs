//! A candidate: an index that could be there, and everything that is known of it.

use crate::model::ids::{IdVec, IndexId, IndexSet, QuerySet};
use crate::model::index::Index;
use crate::model::statistics::Statistics;
use std::collections::BTreeSet;

/// An index that might come, or one that the database has and that might go.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its name: that of the existing index, or one that nothing else in the schema has.
    pub name: String,
    /// What it is made of.
    pub index: Index,
    /// The database has it.
    pub existing: bool,
    /// Another index that cannot go does all that it does; only an existing one can be repeated.
    pub repeated: bool,
    /// The bytes of its b-tree: estimated, until it was built.
    pub bytes: u64,
    /// The share of its table's rows that it holds, below 1 for a partial one.
    pub share: f64,
    /// The queries whose plan would use it, alone or among others.
    pub used_by: QuerySet,
}

impl Candidate {
    /// An index that the database has not, of which nothing else is known yet.
    pub fn new(name: String, index: Index) -> Self {
        Self { name, index, existing: false, repeated: false, bytes: 0, share: 1.0, used_by: QuerySet::new() }
    }
}

/// What is known where of all candidates only some are there: SQLite takes the rows of an index that it does not know for
/// those of its table.
pub fn known_with(
    candidates: &IdVec<IndexId, Candidate>,
    there: &IndexSet,
    known: &Statistics,
) -> Statistics {
    let absent = candidates.enumerate().filter(|(id, _)| !there.contains(id));
    let absent: BTreeSet<String> = absent.map(|(_, c)| c.name.to_ascii_lowercase()).collect();
    known.without_indexes(|name| absent.contains(&name.to_ascii_lowercase()))
}
