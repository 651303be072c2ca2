//! A new index whose keys are all different may be a key of its table. That is only mentioned: what has to stay different
//! is for the application to say.

use crate::advise::verify::comparison::Comparison;
use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::index::{Term, quote};
use crate::sqlite::Session;
use std::collections::BTreeSet;

/// Fewer rows may have different keys by chance.
const FEWEST: u64 = 100;

/// The new indexes in which statements look for whole keys, and where no two rows have the same, by name.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the copy with the advice cannot be read.
pub(super) fn unique(
    created: &[&Candidate],
    comparisons: &[Comparison],
    session: &Session,
) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for candidate in created {
        let mut nodes = comparisons.iter().flat_map(|c| &c.plans_after).flat_map(|plan| &plan.nodes);
        let is_sought = nodes.any(|node| node.seeks(&candidate.name, candidate.index.key.len()));
        if is_sought && is_distinct(session, candidate)? {
            found.insert(candidate.name.clone());
        }
    }
    Ok(found)
}

fn is_distinct(session: &Session, candidate: &Candidate) -> Result<bool> {
    let Candidate { name, index, .. } = candidate;
    let evaluate = || -> rusqlite::Result<bool> {
        let conn = session.connection();
        let few =
            format!("SELECT count(*) < {FEWEST} FROM (SELECT 1 FROM {} LIMIT {FEWEST})", quote(&index.table));
        if conn.query_row(&few, [], |r| r.get(0))? {
            return Ok(false);
        }
        let key: Vec<String> =
            index.key.iter().map(|term| Term { descending: false, ..term.clone() }.to_string()).collect();
        let filter = index.filter.as_ref().map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
        let (table, key) = (quote(&index.table), key.join(", "));
        let twice =
            format!("SELECT EXISTS (SELECT 1 FROM {table}{filter} GROUP BY {key} HAVING count(*) > 1)");
        conn.query_row(&twice, [], |r| r.get::<_, bool>(0)).map(|twice| !twice)
    };
    evaluate().context(|| format!("cannot tell whether the keys of {name} are all different"))
}
