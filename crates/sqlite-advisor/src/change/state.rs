//! What a database is, as far as a change could alter it: its schema, its statistics, its rows.

use crate::change::verify::Digests;
use crate::error::{Context, Result};
use crate::progress::Progress;
use crate::sqlite::schema::{Schema, table_names};
use crate::sqlite::{Digest, rows, table_digest};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The tables in which ANALYZE leaves what it found.
pub const STATISTICS: [&str; 2] = ["sqlite_stat1", "sqlite_stat4"];

/// A database at one moment, in texts that can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseState {
    /// The SQL of each object under its kind and name: `index i`. Beside them `user_version`.
    pub schema: BTreeMap<String, String>,
    /// The digests of the statistics that are there.
    pub statistics: BTreeMap<String, String>,
    /// The number of rows of each table and their digest, the AUTOINCREMENT counters among them.
    pub rows: BTreeMap<String, String>,
}

impl DatabaseState {
    /// Reads it as the connection sees it now. A digest in `known` is taken for those tables of which it holds all columns.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if it cannot be read, [`crate::Error::Interrupted`].
    pub fn read(conn: &Connection, known: &Digests, progress: &dyn Progress) -> Result<Self> {
        let (schema, mut state) = (Schema::read(conn)?, Self { schema: objects(conn)?, ..Self::default() });
        for table in table_names(conn)? {
            progress.check()?;
            let columns = schema.table(&table).map(|t| t.stored()).unwrap_or_default();
            let digest = match known.get(&table).and_then(|d| d.of_all(&columns)) {
                Some(digest) => digest,
                None => table_digest(conn, &table, Some(&columns))?,
            };
            state.rows.insert(table, text(&digest));
        }
        for table in STATISTICS.into_iter().chain(["sqlite_sequence"]) {
            if !is_there(conn, table)? {
                continue;
            }
            let of = if table == "sqlite_sequence" { &mut state.rows } else { &mut state.statistics };
            of.insert(table.to_owned(), text(&table_digest(conn, table, None)?));
        }
        Ok(state)
    }

    /// What is another in `other`: objects by kind and name, `statistics`, `rows of t`.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut all: Vec<String> = differing(&self.schema, &other.schema).into_iter().collect();
        if self.statistics != other.statistics {
            all.push("statistics".to_owned());
        }
        all.extend(differing(&self.rows, &other.rows).into_iter().map(|table| format!("rows of {table}")));
        all
    }
}

/// The keys under which two maps differ.
pub fn differing(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> BTreeSet<String> {
    a.keys().chain(b.keys()).filter(|key| a.get(*key) != b.get(*key)).cloned().collect()
}

fn text(digest: &Digest) -> String {
    format!("{} {digest}", digest.rows)
}

fn objects(conn: &Connection) -> Result<BTreeMap<String, String>> {
    let read = || {
        let sql = "SELECT type || ' ' || name, sql FROM sqlite_schema
                   WHERE sql IS NOT NULL AND name NOT IN ('sqlite_stat1', 'sqlite_stat4')
                   UNION ALL SELECT 'user_version', CAST(user_version AS TEXT) FROM pragma_user_version";
        let mut select = conn.prepare(sql)?;
        let rows = select.query_map([], |r| {
            Ok((rows::text(r, 0)?.unwrap_or_default(), rows::text(r, 1)?.unwrap_or_default()))
        })?;
        rows.collect::<rusqlite::Result<_>>()
    };
    read().context(|| "cannot read the schema".to_owned())
}

/// Whether there is a table of that name.
pub(super) fn is_there(conn: &Connection, table: &str) -> rusqlite::Result<bool> {
    conn.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?.exists([table])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn every_difference_is_named() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t(a) VALUES (1)",
        )?;
        let before = DatabaseState::read(&conn, &Digests::new(), &Silent)?;
        conn.execute_batch(
            "CREATE INDEX i ON t(a); ANALYZE; INSERT INTO t(a) VALUES (2); PRAGMA user_version = 3",
        )?;
        let told = before.differences(&DatabaseState::read(&conn, &Digests::new(), &Silent)?);
        assert_eq!(told, ["index i", "user_version", "statistics", "rows of sqlite_sequence", "rows of t"]);
        Ok(())
    }
}
