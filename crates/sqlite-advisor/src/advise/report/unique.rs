//! A new index whose keys are all different may be a key of its table. That is only mentioned: what has to stay different
//! is for the application to say.

use crate::advise::verify::Verified;
use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::index::{Term, quote};
use crate::sqlite::Session;

/// Fewer rows may have different keys by chance.
const FEWEST: u64 = 100;

const REMARK: &str =
    "no two rows have the same key now: if that is a rule of the application, CREATE UNIQUE INDEX keeps it";

/// What is said of an index in which statements look for whole keys, where no two rows have the same. The copy with the
/// advice must have its statistics.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the copy cannot be read.
pub(super) fn remark(verified: &Verified<'_>, candidate: &Candidate) -> Result<Option<String>> {
    let mut nodes = verified.comparisons.iter().flat_map(|p| &p.plans_after).flat_map(|plan| &plan.nodes);
    let is_sought = nodes.any(|node| node.seeks(&candidate.name, candidate.index.key.len()));
    let is_key = is_sought && is_distinct(verified.after.session(), candidate)?;
    Ok(is_key.then(|| REMARK.to_owned()))
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
