//! The table rebuild that SQLite documents: <https://www.sqlite.org/lang_altertable.html#otheralter>.
//!
//! It runs inside the transaction of its caller, which has switched foreign keys off before BEGIN: with them on, the
//! DROP TABLE would delete the rows of child tables.

use crate::change::state::{STATISTICS, is_there};
use crate::error::{Context, Error, Result};
use crate::model::index::quote;
use crate::sql::definition;
use crate::sql::lexer::tokens;
use crate::sqlite::schema::{Schema, Table, TableKind};
use rusqlite::Connection;

/// Gives a column another declared type; rows, rowids, indexes, triggers, views, the AUTOINCREMENT counter and
/// statistics stay. Returns the number of rows copied.
///
/// # Errors
/// [`Error::Invalid`] where the table or column is not there or foreign keys are enforced, [`Error::Sqlite`].
pub fn rebuild(conn: &Connection, table: &str, column: &str, declared: &str) -> Result<u64> {
    let enforced: bool = conn.query_row("PRAGMA foreign_keys", [], |r| r.get(0))?;
    if enforced {
        return Err(Error::Invalid(format!(
            "{table} cannot be rebuilt while foreign keys are enforced; switch them off before the transaction"
        )));
    }
    let schema = Schema::read(conn)?;
    let found =
        schema.table(table).ok_or_else(|| Error::Invalid(format!("there is no table {table} to rebuild")))?;
    let sql = with_type(&found.sql, column, declared)
        .ok_or_else(|| Error::Invalid(format!("the text of table {table} does not show column {column}")))?;
    replace(conn, table, found, &sql, &found.stored()).context(|| format!("cannot rebuild {table}"))
}

/// The CREATE TABLE text with another declared type for one column; everything else stays byte for byte.
fn with_type(sql: &str, column: &str, declared: &str) -> Option<String> {
    const CONSTRAINTS: [&str; 11] = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
    ];
    let words = tokens(sql);
    let own = definition::column(&words, column);
    let name = own.first()?;
    let typed = own.iter().skip(1).take_while(|w| !CONSTRAINTS.iter().any(|c| w.is(c)));
    let end = typed.last().map_or(name.end(), |w| w.end());
    Some(format!("{} {declared}{}", sql.get(..name.end())?, sql.get(end..)?))
}

/// A stored CREATE TABLE with another name.
pub(super) fn renamed(sql: &str, name: &str) -> String {
    let words = tokens(sql);
    // CREATE TABLE name: SQLite has removed TEMP, IF NOT EXISTS and the schema's name from the stored text.
    let old = words.get(2).map_or(0..0, |w| w.start..w.end());
    format!("{}{name}{}", sql.get(..old.start).unwrap_or_default(), sql.get(old.end..).unwrap_or_default())
}

/// Makes a table of the new text, fills it with the old one's columns and puts it in its place.
fn replace(
    conn: &Connection,
    table: &str,
    found: &Table,
    sql: &str,
    columns: &[String],
) -> rusqlite::Result<u64> {
    let keep = Keep::of(conn, table)?;
    let (old, new) = (quote(table), quote(&format!("{table} rebuilt")));
    conn.execute_batch(&renamed(sql, &new))?;

    let mut list: Vec<String> = columns.iter().map(|c| quote(c)).collect();
    list.splice(0..0, rowid_name(found).map(str::to_owned));
    let list = list.join(", ");
    let rows = conn.execute(&format!("INSERT INTO {new} ({list}) SELECT {list} FROM {old}"), [])?;

    // Without the legacy rules RENAME would look into every view and trigger, and stop at those that name the table
    // which is gone for this moment; with them their text stays as it is.
    conn.execute_batch(&format!(
        "PRAGMA legacy_alter_table = ON; DROP TABLE {old}; ALTER TABLE {new} RENAME TO {old};
         PRAGMA legacy_alter_table = OFF;"
    ))?;
    keep.put_back(conn, table)?;
    Ok(rows as u64)
}

/// A name for the rowid that no column hides; none where there is no rowid or a column already is it.
fn rowid_name(table: &Table) -> Option<&'static str> {
    if table.kind != TableKind::Rowid || table.rowid_alias().is_some() {
        return None;
    }
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| table.column(name).is_none())
}

/// What SQLite drops together with a table.
struct Keep {
    /// CREATE INDEX and CREATE TRIGGER in the order of their creation.
    statements: Vec<String>,
    /// The AUTOINCREMENT counter.
    counter: Option<i64>,
    /// The tables of statistics that have rows of it.
    statistics: Vec<&'static str>,
}

impl Keep {
    fn of(conn: &Connection, table: &str) -> rusqlite::Result<Self> {
        let mut statement = conn.prepare(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger')
             AND sql IS NOT NULL ORDER BY rowid",
        )?;
        let statements = statement.query_map([table], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let counter = match is_there(conn, "sqlite_sequence")? {
            true => conn
                .prepare("SELECT seq FROM sqlite_sequence WHERE name = ?1")?
                .query_map([table], |r| r.get(0))?
                .next()
                .transpose()?,
            false => None,
        };
        let mut statistics = vec![];
        for name in STATISTICS {
            if is_there(conn, name)? {
                conn.execute(
                    &format!("CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name} WHERE tbl = ?1"),
                    [table],
                )?;
                statistics.push(name);
            }
        }
        Ok(Self { statements, counter, statistics })
    }

    fn put_back(self, conn: &Connection, table: &str) -> rusqlite::Result<()> {
        for sql in &self.statements {
            conn.execute_batch(sql)?;
        }
        if let Some(counter) = self.counter {
            conn.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [table])?;
            conn.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)",
                rusqlite::params![table, counter],
            )?;
        }
        for name in self.statistics {
            conn.execute_batch(&format!(
                "INSERT INTO {name} SELECT * FROM kept_{name}; DROP TABLE kept_{name};"
            ))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: &str = "
        PRAGMA foreign_keys = OFF;
        CREATE TABLE parent(id TEXT PRIMARY KEY);
        CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, as a comment says
          a STRING NOT NULL DEFAULT '7' COLLATE NOCASE, \"b,(\" TEXT UNIQUE CHECK (length(\"b,(\") > 0),
          c AS (a || '!') STORED, d AS (id + 1), p TEXT REFERENCES parent(id) ON DELETE CASCADE);
        CREATE TABLE child(t INTEGER REFERENCES t(id) ON DELETE CASCADE, x);
        CREATE INDEX i ON t(a DESC, c) WHERE id > 0;
        CREATE UNIQUE INDEX u ON t(lower(a));
        CREATE VIEW v AS SELECT a, c FROM t;
        CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO child VALUES (new.id, 'made'); END;
        CREATE TRIGGER h AFTER DELETE ON child BEGIN UPDATE t SET p = NULL WHERE id = old.t; END;
        INSERT INTO t(a, \"b,(\") VALUES ('012', 'x'), ('1e3', 'y'), ('word', 'z');
        DELETE FROM t WHERE a = 'word';
        ANALYZE;";

    fn rows(conn: &Connection, sql: &str) -> Result<Vec<String>> {
        Ok(conn.prepare(sql)?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    #[test]
    fn everything_around_a_rebuilt_table_survives() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(WORLD)?;
        let queries = [
            "SELECT type || name || tbl_name || CASE name WHEN 't' THEN '' ELSE coalesce(sql, '') END FROM sqlite_schema ORDER BY 1",
            "SELECT name || seq FROM sqlite_sequence",
            "SELECT tbl || coalesce(idx, '') || stat FROM sqlite_stat1 ORDER BY 1",
            "SELECT t || x FROM child",
            "SELECT id || \"b,(\" || d FROM t",
        ];
        let before = queries.iter().map(|q| rows(&conn, q)).collect::<Result<Vec<_>>>()?;
        conn.execute_batch("BEGIN")?;
        assert_eq!(rebuild(&conn, "t", "a", "TEXT")?, 2);
        conn.execute_batch("COMMIT")?;
        let after = queries.iter().map(|q| rows(&conn, q)).collect::<Result<Vec<_>>>()?;
        assert_eq!(before, after);
        assert_eq!(rows(&conn, "SELECT a || c FROM v ORDER BY 1")?, ["10001000!", "1212!"]);
        let sql = &rows(&conn, "SELECT sql FROM sqlite_schema WHERE name = 't'")?[0];
        assert!(
            sql.contains("-- the key") && sql.contains("a TEXT NOT NULL DEFAULT '7' COLLATE NOCASE"),
            "{sql}"
        );
        conn.execute_batch("INSERT INTO t(a, \"b,(\") VALUES ('012', 'new')")?;
        assert_eq!(rows(&conn, "SELECT id || a || c FROM t WHERE \"b,(\" = 'new'")?, ["4012012!"]);
        assert_eq!(rows(&conn, "SELECT t || x FROM child WHERE t = 4")?, ["4made"]);
        assert_eq!(rows(&conn, "PRAGMA integrity_check")?, ["ok"]);
        Ok(())
    }

    #[test]
    fn children_of_a_cascade_survive_inside_and_outside_a_transaction() -> Result<()> {
        for (begin, commit) in [("BEGIN", "COMMIT"), ("", "")] {
            let conn = Connection::open_in_memory()?;
            conn.execute_batch(WORLD)?;
            conn.execute_batch(begin)?;
            rebuild(&conn, "t", "a", "TEXT")?;
            conn.execute_batch(commit)?;
            assert_eq!(rows(&conn, "SELECT x FROM child")?.len(), 3);
        }
        Ok(())
    }

    #[test]
    fn a_rebuild_under_enforced_foreign_keys_is_refused() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(WORLD)?;
        conn.execute_batch("PRAGMA foreign_keys = ON")?;
        assert!(rebuild(&conn, "t", "a", "TEXT").is_err());
        Ok(())
    }

    #[test]
    fn tables_without_rowid_and_strict_ones_are_rebuilt_as_they_are() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(
            "PRAGMA foreign_keys = OFF; CREATE TABLE w(a INT, b BLOB, PRIMARY KEY (b)) STRICT, WITHOUT ROWID;
             INSERT INTO w VALUES (1, x'00')",
        )?;
        rebuild(&conn, "w", "a", "ANY")?;
        let sql = &rows(&conn, "SELECT sql FROM sqlite_schema WHERE name = 'w'")?[0];
        assert_eq!(sql, "CREATE TABLE \"w\"(a ANY, b BLOB, PRIMARY KEY (b)) STRICT, WITHOUT ROWID");
        Ok(())
    }
}
