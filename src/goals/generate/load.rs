//! Rows into tables, as fast as SQLite takes them.
//!
//! The ids are random, so a primary key that grows row by row is touched all over. Each table is first loaded
//! without keys into a second file, where its keys are sorted once; then SQLite copies table and keys page by page
//! in order ("transfer optimization"). The result is the same file that plain inserts would make, only denser.

use super::row::Row;
use crate::error::{Context, Result};
use crate::progress::Progress;
use rusqlite::{Connection, Statement};
use std::path::Path;

/// Rows of one INSERT: enough to share its cost, few enough to stay in the processor's cache.
const BATCH: usize = 10;
/// Rows between two looks at the progress and at Ctrl-C.
const STEP: u64 = 4096;

/// A new database under construction.
pub struct Loader<'a> {
    conn: Connection,
    indexes: Vec<String>,
    progress: &'a dyn Progress,
    rows: u64,
}

/// A column of a table, as far as the transfer looks at it.
struct Column {
    name: String,
    declaration: String,
    /// Place in the primary key, from 1; 0 for none.
    key: u32,
}

impl<'a> Loader<'a> {
    /// Opens both files and makes the tables; the indexes of the schema wait for [`Loader::finish`].
    pub fn new(file: &Path, staging: &Path, schema: &str, progress: &'a dyn Progress) -> Result<Self> {
        let conn = Connection::open(file).context(|| format!("{}: cannot create", file.display()))?;
        conn.execute("ATTACH ? AS staging", [staging.to_string_lossy()])?;
        // A file that is not finished is thrown away, so nothing protects it.
        for file in ["main", "staging"] {
            conn.execute_batch(&format!(
                "PRAGMA {file}.journal_mode = OFF; PRAGMA {file}.synchronous = OFF;
                 PRAGMA {file}.locking_mode = EXCLUSIVE; PRAGMA {file}.cache_size = -32768"
            ))?;
        }
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        let indexes = statements(schema, "index")?;
        for table in statements(schema, "table")? {
            conn.execute_batch(&table).context(|| "cannot create a table".to_owned())?;
        }
        Ok(Self { conn, indexes, progress, rows: 0 })
    }

    /// Fills one table. A table that this stage of the schema lacks is left out.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if the disk is full.
    pub fn load<R: Row>(&mut self, rows: impl Iterator<Item = R>) -> Result<()> {
        let columns = self.columns(R::TABLE)?;
        if columns.is_empty() {
            return Ok(());
        }
        let declarations: Vec<_> = columns.iter().map(|c| c.declaration.as_str()).collect();
        let sql = format!("BEGIN; CREATE TABLE staging.rows ({})", declarations.join(", "));
        self.conn.execute_batch(&sql)?;
        self.insert(&columns, rows)?;

        let mut key: Vec<_> = columns.iter().filter(|c| c.key > 0).collect();
        key.sort_by_key(|column| column.key);
        let key: Vec<_> = key.iter().map(|column| format!("\"{}\"", column.name)).collect();
        self.conn
            .execute_batch(&format!(
                "CREATE UNIQUE INDEX staging.key ON rows ({});
                 INSERT INTO main.\"{}\" SELECT * FROM staging.rows;
                 DROP TABLE staging.rows; COMMIT",
                key.join(", "),
                R::TABLE
            ))
            .context(|| format!("cannot fill table {}", R::TABLE))
    }

    /// Makes the indexes, closes the file and tells how many rows it has.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the disk is full.
    pub fn finish(self) -> Result<u64> {
        for index in &self.indexes {
            self.progress.check()?;
            self.conn.execute_batch(index).context(|| "cannot create an index".to_owned())?;
        }
        self.conn.close().map_err(|(_, e)| e).context(|| "cannot close the new file".to_owned())?;
        Ok(self.rows)
    }

    fn columns(&self, table: &str) -> Result<Vec<Column>> {
        let mut query = self.conn.prepare(
            "SELECT name, format('\"%w\" %s', name, type) || iif(\"notnull\", ' NOT NULL', '')
                    || coalesce(' DEFAULT ' || dflt_value, ''), pk
             FROM pragma_table_info(?, 'main') ORDER BY cid",
        )?;
        let columns = query.query_map([table], |row| {
            Ok(Column { name: row.get(0)?, declaration: row.get(1)?, key: row.get(2)? })
        })?;
        Ok(columns.collect::<rusqlite::Result<_>>()?)
    }

    fn insert<R: Row>(&mut self, columns: &[Column], rows: impl Iterator<Item = R>) -> Result<()> {
        let taken: Vec<bool> =
            R::COLUMNS.iter().map(|name| columns.iter().any(|c| c.name == *name)).collect();
        let names: Vec<_> = R::COLUMNS.iter().zip(&taken).filter(|(_, taken)| **taken).collect();
        let names: Vec<_> = names.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let tuple = format!("({})", vec!["?"; names.len()].join(", "));
        let insert = |rows: usize| {
            let values = vec![tuple.as_str(); rows].join(", ");
            self.conn.prepare(&format!("INSERT INTO staging.rows ({}) VALUES {values}", names.join(", ")))
        };
        let (mut many, mut one) = (insert(BATCH)?, insert(1)?);
        let mut batch = Vec::with_capacity(BATCH);
        for row in rows {
            batch.push(row);
            self.rows += 1;
            if batch.len() == BATCH {
                write(&mut many, &batch, &taken)?;
                batch.clear();
            }
            if self.rows.is_multiple_of(STEP) {
                self.progress.check()?;
                self.progress.advance(self.rows);
            }
        }
        batch.iter().try_for_each(|row| write(&mut one, std::slice::from_ref(row), &taken))
    }
}

fn write<R: Row>(insert: &mut Statement<'_>, rows: &[R], taken: &[bool]) -> Result<()> {
    let mut parameter = 0;
    for row in rows {
        for (value, taken) in row.values().zip(taken) {
            if *taken {
                parameter += 1;
                insert.raw_bind_parameter(parameter, value)?;
            }
        }
    }
    insert.raw_execute()?;
    Ok(())
}

/// The CREATE statements of a kind, one by one, as SQLite itself takes the schema apart.
fn statements(schema: &str, kind: &str) -> Result<Vec<String>> {
    let scratch = Connection::open_in_memory()?;
    scratch.execute_batch(schema).context(|| "cannot read the schema".to_owned())?;
    let mut query =
        scratch.prepare("SELECT sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY rowid")?;
    Ok(query.query_map([kind], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
