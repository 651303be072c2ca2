//! Texts of a schema that are no UTF-8, as chance or a program with another encoding can make them.
//!
//! rusqlite tells the authorizer each name as a text and panics where one is none. So what has such a name, or such a definition,
//! is left out of the copy, and costs only the statements that need it.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// An entry of sqlite_schema that is no UTF-8.
struct Entry {
    rowid: i64,
    /// Its kind and name, as nearly as they can be read.
    told: String,
}

/// True if all texts of the schema can be read.
pub(super) fn are_utf_8(conn: &Connection) -> bool {
    // What cannot be read at all is told by whoever reads it next.
    odd_entries(conn).map_or(true, |odd| odd.is_empty())
}

/// Takes the entries that are no UTF-8 out of the schema of a copy, tables with their indexes and triggers, and tells which
/// they were. Their pages stay where they are.
///
/// # Errors
/// SQLite's own.
pub(super) fn leave_out_odd(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let odd = odd_entries(conn)?;
    if odd.is_empty() {
        return Ok(vec![]);
    }
    conn.execute_batch("PRAGMA writable_schema = ON")?;
    for entry in &odd {
        let own = "SELECT tbl_name FROM sqlite_schema WHERE type = 'table' AND rowid = ?1";
        conn.execute(
            &format!("DELETE FROM sqlite_schema WHERE rowid = ?1 OR tbl_name = ({own})"),
            [entry.rowid],
        )?;
    }
    conn.execute_batch("PRAGMA writable_schema = RESET")?;
    Ok(odd.into_iter().map(|entry| format!("{}: its name or definition is no UTF-8", entry.told)).collect())
}

fn odd_entries(conn: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut entries = conn.prepare("SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema")?;
    let mut rows = entries.query([])?;
    let mut odd = vec![];
    while let Some(row) = rows.next()? {
        let bytes = |column| -> rusqlite::Result<Vec<u8>> {
            Ok(match row.get_ref(column)? {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                _ => vec![],
            })
        };
        let texts = [bytes(1)?, bytes(2)?, bytes(3)?, bytes(4)?];
        if texts.iter().any(|text| std::str::from_utf8(text).is_err()) {
            let [kind, name, ..] = texts.map(|text| String::from_utf8_lossy(&text).into_owned());
            odd.push(Entry { rowid: row.get(0)?, told: format!("{kind} {name}") });
        }
    }
    Ok(odd)
}

#[cfg(test)]
mod tests {
    use crate::cancel::CancelToken;
    use crate::error::Result;
    use crate::progress::Silent;
    use crate::sqlite::{Schema, Session, Snapshot};
    use rusqlite::Connection;

    /// The names of tables and indexes in the copy of a database, and what was left out of it.
    fn copied(make: impl Fn(&Connection) -> rusqlite::Result<()>) -> Result<(Vec<String>, Vec<String>)> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("make", std::path::Path::new("tmp")))?;
        let path = folder.path().join("a.db");
        make(&Connection::open(&path)?)?;
        let snapshot = Snapshot::take(&path, 1, &Silent)?;
        let session = Session::open(snapshot.path(), CancelToken::never())?;
        let schema = Schema::read(session.connection())?;
        session.prepare("SELECT a FROM t WHERE b = 1")?;
        session.connection().execute_batch("CREATE INDEX new ON t(b)")?;
        let tables = schema.tables.iter().map(|t| t.name.clone());
        Ok((
            tables.chain(schema.indexes.iter().map(|i| i.name.clone())).collect(),
            snapshot.left_out().to_vec(),
        ))
    }

    #[test]
    fn a_name_that_is_no_utf_8_costs_what_has_it() -> Result<()> {
        let (names, left_out) = copied(|conn| {
            conn.execute_batch(
                "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE TABLE odd(c, d UNIQUE); CREATE TABLE child(QQQQ, r); CREATE INDEX j ON child(r);
                 INSERT INTO t VALUES (1, 1); PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET name = CAST(x'6fff64' AS TEXT), tbl_name = CAST(x'6fff64' AS TEXT),
                     sql = CAST(CAST('CREATE TABLE \"o' AS BLOB) || x'ff' || CAST('d\"(c, d UNIQUE)' AS BLOB) AS TEXT) WHERE name = 'odd';
                 UPDATE sqlite_schema SET tbl_name = CAST(x'6fff64' AS TEXT), name = CAST(CAST('sqlite_autoindex_o' AS BLOB) || x'ff' ||
                     CAST('d_1' AS BLOB) AS TEXT) WHERE tbl_name = 'odd';
                 UPDATE sqlite_schema SET sql = CAST(CAST('CREATE TABLE child(\"Q' AS BLOB) || x'ff' || CAST('Q\", r)' AS BLOB) AS TEXT)
                     WHERE name = 'child';",
            )
        })?;
        assert_eq!(names, ["t", "i"]);
        let told: Vec<_> = left_out.iter().filter_map(|told| told.split(':').next()).collect();
        assert_eq!(told, ["table o\u{fffd}d", "index sqlite_autoindex_o\u{fffd}d_1", "table child"]);
        Ok(())
    }

    #[test]
    fn names_of_a_database_in_utf_16_are_names() -> Result<()> {
        let made = copied(|conn| {
            conn.execute_batch("PRAGMA encoding = 'UTF-16'; CREATE TABLE t(a, b); CREATE TABLE \"tä€\"(\"ö\"); CREATE INDEX \"ü\" ON t(a)")
        })?;
        assert_eq!(made, (vec!["t".to_owned(), "tä€".to_owned(), "ü".to_owned()], vec![]));
        Ok(())
    }
}
