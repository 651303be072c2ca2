//! A fingerprint of what tables hold, whatever the layout of the file, the order of the rows or the indexes.

use crate::error::{Context, Result};
use crate::model::index::quote;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use std::fmt;

/// The sum of the BLAKE3 hashes of all rows, and their number.
///
/// A sum does not depend on the order, needs no sort and no memory, and notices a row that is there twice.
/// It finds accidents; it is not meant to resist somebody who can choose the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest {
    /// How many rows were seen.
    pub rows: u64,
    sum: [u64; 4],
}

impl Digest {
    fn add(&mut self, hash: &blake3::Hash) {
        self.rows += 1;
        for (lane, bytes) in self.sum.iter_mut().zip(hash.as_bytes().as_chunks::<8>().0) {
            *lane = lane.wrapping_add(u64::from_le_bytes(*bytes));
        }
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sum.iter().try_for_each(|lane| write!(f, "{:016x}", lane.swap_bytes()))
    }
}

/// The digest of one table: of the named columns in the order given, or of all in the table's order.
///
/// Values count with their storage class, so 1, 1.0 and '1' differ.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the table or a column does not exist or cannot be read.
pub fn table_digest(conn: &Connection, table: &str, columns: Option<&[String]>) -> Result<Digest> {
    if let Some(columns) = columns {
        let [digest] = group_digests(conn, table, [columns])?;
        return Ok(digest);
    }
    let digest = |conn: &Connection| {
        let statement = conn.prepare(&format!("SELECT * FROM {}", quote(table)))?;
        let width = statement.column_count();
        rows_digests(statement, [width])
    };
    let [digest] = digest(conn).context(|| format!("cannot read table {table}"))?;
    Ok(digest)
}

/// The digests of several groups of columns, in one pass over the table. A group without columns counts the rows.
///
/// # Errors
/// As [`table_digest`].
pub fn group_digests<const N: usize>(
    conn: &Connection,
    table: &str,
    groups: [&[String]; N],
) -> Result<[Digest; N]> {
    // A qualified name is never taken for a string literal, so a column that does not exist is an error.
    let mut columns: Vec<_> =
        groups.iter().flat_map(|g| g.iter()).map(|c| format!("t.{}", quote(c))).collect();
    if columns.is_empty() {
        columns.push("NULL".to_owned());
    }
    let sql = format!("SELECT {} FROM {} AS t", columns.join(", "), quote(table));
    conn.prepare(&sql)
        .and_then(|statement| rows_digests(statement, groups.map(<[String]>::len)))
        .context(|| format!("cannot read table {table}"))
}

/// The digest of all ordinary tables together; equal only if the tables' names, rows and values are.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a table cannot be read.
pub fn database_digest(conn: &Connection) -> Result<Digest> {
    let mut tables = conn.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let (mut whole, mut rows) = (Digest::default(), 0);
    for table in tables.query_map([], |row| row.get::<_, String>(0))? {
        let table = table?;
        let one = table_digest(conn, &table, None)?;
        whole.add(&blake3::hash(format!("{table} {} {one}", one.rows).as_bytes()));
        rows += one.rows;
    }
    Ok(Digest { rows, ..whole })
}

/// One digest for each of the groups into which the columns fall; `widths` are their numbers of columns.
fn rows_digests<const N: usize>(
    mut statement: Statement<'_>,
    widths: [usize; N],
) -> rusqlite::Result<[Digest; N]> {
    let mut rows = statement.query([])?;
    let (mut digests, mut bytes) = ([Digest::default(); N], Vec::new());
    while let Some(row) = rows.next()? {
        let mut column = 0;
        for (digest, width) in digests.iter_mut().zip(widths) {
            bytes.clear();
            for _ in 0..width {
                encode(row.get_ref(column)?, &mut bytes);
                column += 1;
            }
            digest.add(&blake3::hash(&bytes));
        }
    }
    Ok(digests)
}

/// A tag, then the value; texts and blobs with their length, so that neighbours cannot flow into each other.
fn encode(value: ValueRef<'_>, to: &mut Vec<u8>) {
    let mut write = |tag: u8, head: &[u8], body: &[u8]| {
        to.push(tag);
        to.extend(head);
        to.extend(body);
    };
    match value {
        ValueRef::Null => write(b'n', &[], &[]),
        ValueRef::Integer(i) => write(b'i', &i.to_le_bytes(), &[]),
        ValueRef::Real(r) => write(b'r', &r.to_le_bytes(), &[]),
        ValueRef::Text(text) => write(b't', &(text.len() as u64).to_le_bytes(), text),
        ValueRef::Blob(blob) => write(b'b', &(blob.len() as u64).to_le_bytes(), blob),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(sql: &str) -> Result<Connection> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(sql)?;
        Ok(conn)
    }

    #[test]
    fn the_order_of_rows_and_the_indexes_do_not_count() -> Result<()> {
        let one =
            database("CREATE TABLE t(a, b); CREATE TABLE e(a); INSERT INTO t VALUES (1, 'x'), (2, 'y')")?;
        let two = database(
            "CREATE TABLE t(a, b); INSERT INTO t VALUES (2, 'y'), (1, 'x'); CREATE INDEX i ON t(a); CREATE TABLE e(a)",
        )?;
        assert_eq!(table_digest(&one, "t", None)?, table_digest(&two, "t", None)?);
        assert_eq!(database_digest(&one)?, database_digest(&two)?);
        assert_eq!(database_digest(&one)?.rows, 2);
        Ok(())
    }

    #[test]
    fn a_value_its_storage_class_its_place_and_its_number_count() -> Result<()> {
        let digests =
            ["('x', 'y')", "('xy', '')", "('y', 'x')", "(NULL, '')", "(1, 2)", "(1.0, 2)", "(1, 2), (1, 2)"]
                .map(|rows| database(&format!("CREATE TABLE t(a, b); INSERT INTO t VALUES {rows}")))
                .into_iter()
                .map(|conn| table_digest(&conn?, "t", None))
                .collect::<Result<Vec<_>>>()?;
        for (i, one) in digests.iter().enumerate() {
            assert!(!digests[i + 1..].contains(one), "row set {i} has a double");
        }
        Ok(())
    }

    #[test]
    fn columns_added_later_are_left_out_when_the_old_ones_are_named() -> Result<()> {
        let conn = database("CREATE TABLE t(a, \"order\"); INSERT INTO t VALUES (1, 2)")?;
        let (old, before) = (["a".to_owned(), "order".to_owned()], table_digest(&conn, "t", None)?);
        conn.execute_batch("ALTER TABLE t ADD COLUMN c DEFAULT 7")?;
        assert_eq!(table_digest(&conn, "t", Some(&old))?, before);
        assert_ne!(table_digest(&conn, "t", None)?, before);
        Ok(())
    }

    #[test]
    fn one_pass_gives_each_group_the_digest_that_it_has_alone() -> Result<()> {
        let conn = database("CREATE TABLE t(a, b, c); INSERT INTO t VALUES (1, 'x', 2.5), (NULL, 'y', 3)")?;
        let (ab, c) = (["a".to_owned(), "b".to_owned()], ["c".to_owned()]);
        let [first, second, none] = group_digests(&conn, "t", [&ab, &c, &[]])?;
        assert_eq!(first, table_digest(&conn, "t", Some(&ab))?);
        assert_eq!(second, table_digest(&conn, "t", Some(&c))?);
        assert_eq!((none.rows, none), (2, table_digest(&conn, "t", Some(&[]))?));
        assert_ne!(first, second);
        Ok(())
    }

    #[test]
    fn a_column_that_does_not_exist_is_an_error_and_not_a_constant() -> Result<()> {
        let conn = database("CREATE TABLE t(a); INSERT INTO t VALUES (1)")?;
        assert!(table_digest(&conn, "t", Some(&["b".to_owned()])).is_err());
        assert!(table_digest(&conn, "nothing", None).is_err());
        Ok(())
    }

    #[test]
    fn the_same_rows_have_the_same_digest_on_every_machine() -> Result<()> {
        let conn =
            database("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2.5, NULL), (x'00', 'é')")?;
        assert_eq!(
            table_digest(&conn, "t", None)?.to_string(),
            "8f45a3306d7c385b148645bbfce6c01174c1d83258f2aa8b8344506a88679a02"
        );
        Ok(())
    }
}
