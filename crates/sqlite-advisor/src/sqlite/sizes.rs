//! The bytes of b-trees, by dbstat (<https://www.sqlite.org/dbstat.html>).

use crate::error::{Context, Result};
use crate::sqlite::Session;
use std::collections::BTreeMap;

/// The bytes of each b-tree of a database, by name.
///
/// # Errors
/// [`crate::Error::Sqlite`]
pub fn bytes_by_name(session: &Session) -> Result<BTreeMap<String, u64>> {
    let read = || -> rusqlite::Result<_> {
        let mut rows = session.connection().prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    };
    read().context(|| "cannot read the sizes".to_owned())
}
