//! The database in a few numbers.

use crate::error::Result;
use crate::model::index::quote;
use crate::model::report::Database;
use crate::sqlite::{Schema, Session, Snapshot, statistics};
use std::path::Path;

/// Describes it: the rows of its tables are counted. `whole` are its bytes where tables were left out.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a table cannot be read.
pub(super) fn describe(
    path: &Path,
    snapshot: &Snapshot,
    schema: &Schema,
    session: &Session,
    whole: Option<u64>,
) -> Result<Database> {
    let conn = session.connection();
    let tables: Vec<_> = schema.tables.iter().filter(|t| t.is_indexable()).collect();
    let mut rows = 0u64;
    for table in &tables {
        let sql = format!("SELECT count(*) FROM {}", quote(&table.name));
        rows += conn.query_row(&sql, [], |r| r.get::<_, u64>(0))?;
    }
    Ok(Database {
        path: path.display().to_string(),
        bytes: snapshot.bytes(),
        whole_bytes: whole,
        page_size: conn.query_row("PRAGMA page_size", [], |r| r.get(0))?,
        tables: tables.len(),
        rows,
        analyzed: !statistics::read(conn)?.stat1.is_empty(),
    })
}
