//! Rows into tables, as fast as SQLite takes them.
//!
//! The ids are random, so a key that grows row by row is touched all over. Here a table is loaded without its keys,
//! then each key is sorted once, as CREATE INDEX does, and at the end the tables get their real CREATE statements by
//! an edit of the schema, as SQLite allows where the content does not change
//! (<https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes>). The file is the one
//! that plain inserts make, only denser; the tests hold it against that and against `PRAGMA integrity_check`.

use super::row::Row;
use rusqlite::{Connection, Statement};
use sqlite_advisor::error::{Context, Error, Result};
use sqlite_advisor::progress::Progress;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Rows of one INSERT: enough to share its cost, few enough to stay in the processor's cache.
const BATCH: usize = 10;
/// Rows that one thread makes while the other writes; a multiple of [`BATCH`].
const CHUNK: usize = 500;

/// The columns of a table with what decides how a value is stored; keys and NOT NULL come at the end.
const COLUMNS: &str = "
    SELECT format('\"%w\" %s', name, type) || coalesce(' DEFAULT (' || dflt_value || ')', '')
    FROM pragma_table_info(?) ORDER BY cid";

/// The keys of a table as plain indexes, which bear their later names from the start.
const KEYS: &str = "
    SELECT format('CREATE UNIQUE INDEX \"%w\" ON \"%w\" (%s)', key.name, ?1,
                  group_concat(format('\"%w\"', part.name), ', ' ORDER BY part.seqno))
    FROM pragma_index_list(?1) AS key, pragma_index_info(key.name) AS part
    WHERE key.origin <> 'c' GROUP BY key.name ORDER BY key.name";

/// Names the table if its primary key is an index beside it, and not the order of its rows.
const KEY_BESIDE: &str = "
    SELECT name FROM pragma_table_list(?1)
    WHERE NOT wr AND EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')";

/// A new database under construction.
pub struct Loader<'a> {
    conn: Connection,
    /// The empty database that is wanted.
    model: Connection,
    progress: &'a dyn Progress,
    rows: u64,
}

impl<'a> Loader<'a> {
    /// Opens the file and reads the schema; nothing is made yet.
    pub fn new(file: &Path, schema: &str, progress: &'a dyn Progress) -> Result<Self> {
        let model = Connection::open_in_memory()?;
        model.execute_batch(schema).context(|| "cannot read the schema".to_owned())?;
        let conn = Connection::open(file).context(|| format!("{}: cannot create", file.display()))?;
        // A file that is not finished is thrown away, so nothing protects it.
        conn.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA foreign_keys = OFF; PRAGMA cache_size = -32768; PRAGMA writable_schema = ON",
        )?;
        Ok(Self { conn, model, progress, rows: 0 })
    }

    /// Makes and fills one table. A table that this stage of the schema lacks is left out.
    ///
    /// # Errors
    /// [`sqlite_advisor::Error::Interrupted`], or [`sqlite_advisor::Error::Sqlite`] if the disk is full.
    pub fn load<R: Row + Send>(&mut self, rows: impl Iterator<Item = R> + Send) -> Result<()> {
        let columns = self.texts(COLUMNS, R::TABLE)?;
        if columns.is_empty() {
            return Ok(());
        }
        if self.texts(KEY_BESIDE, R::TABLE)?.is_empty() {
            let what = "needs a primary key that is neither INTEGER nor WITHOUT ROWID to be filled";
            return Err(Error::Invalid(format!("table {} {what}", R::TABLE)));
        }
        self.conn.execute_batch(&format!("BEGIN; CREATE TABLE \"{}\" ({})", R::TABLE, columns.join(", ")))?;
        self.insert(rows)?;
        for key in self.texts(KEYS, R::TABLE)? {
            self.progress.check()?;
            self.conn.execute_batch(&key).context(|| format!("cannot make the key of {}", R::TABLE))?;
        }
        self.conn.execute_batch("COMMIT").context(|| format!("cannot write table {}", R::TABLE))
    }

    /// Completes the schema, closes the file and tells how many rows it has.
    ///
    /// # Errors
    /// [`sqlite_advisor::Error::Interrupted`], or [`sqlite_advisor::Error::Sqlite`] if the disk is full.
    pub fn finish(self) -> Result<u64> {
        self.conn.execute_batch("BEGIN; UPDATE sqlite_schema SET sql = NULL WHERE type = 'index'")?;
        let mut missing = Vec::new();
        let mut wanted =
            self.model.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")?;
        let mut wanted = wanted.query([])?;
        while let Some(row) = wanted.next()? {
            let (name, sql): (String, String) = (row.get(0)?, row.get(1)?);
            if self.conn.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", [&sql, &name])? == 0 {
                missing.push(sql);
            }
        }
        self.conn.execute_batch("COMMIT; PRAGMA writable_schema = RESET")?;
        for index in missing {
            self.progress.check()?;
            self.conn.execute_batch(&index).context(|| "cannot complete the schema".to_owned())?;
        }
        self.conn.close().map_err(|(_, e)| e).context(|| "cannot close the new file".to_owned())?;
        Ok(self.rows)
    }

    /// One text per row of a question about a table of the model.
    fn texts(&self, sql: &str, table: &str) -> Result<Vec<String>> {
        let mut query = self.model.prepare(sql)?;
        Ok(query.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Another thread makes rows while this one writes them.
    fn insert<R: Row + Send>(&mut self, rows: impl Iterator<Item = R> + Send) -> Result<()> {
        let columns = self.texts("SELECT name FROM pragma_table_info(?)", R::TABLE)?;
        let taken: Vec<bool> = R::COLUMNS.iter().map(|name| columns.iter().any(|c| c == name)).collect();
        let names = R::COLUMNS.iter().zip(&taken).filter(|(_, taken)| **taken);
        let names: Vec<_> = names.map(|(name, _)| format!("\"{name}\"")).collect();
        let tuple = format!("({})", vec!["?"; names.len()].join(", "));
        let insert = |rows: usize| {
            let (names, values) = (names.join(", "), vec![tuple.as_str(); rows].join(", "));
            // FAIL needs no way back, unlike ABORT, which journals each statement.
            self.conn.prepare(&format!("INSERT OR FAIL INTO \"{}\" ({names}) VALUES {values}", R::TABLE))
        };
        let (mut many, mut one) = (insert(BATCH)?, insert(1)?);
        let (sender, chunks) = sync_channel::<Vec<R>>(4);
        thread::scope(|scope| {
            scope.spawn(move || send(rows, &sender));
            for chunk in chunks {
                self.progress.check()?;
                let batches = chunk.chunks_exact(BATCH);
                let rest = batches.remainder();
                for batch in batches {
                    write(&mut many, batch, &taken)?;
                }
                for row in rest.chunks(1) {
                    write(&mut one, row, &taken)?;
                }
                self.rows += chunk.len() as u64;
                self.progress.advance(self.rows);
            }
            Ok(())
        })
    }
}

/// Until all rows are sent, or the other end has stopped listening.
fn send<R>(mut rows: impl Iterator<Item = R>, to: &SyncSender<Vec<R>>) {
    loop {
        let chunk: Vec<R> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() || to.send(chunk).is_err() {
            return;
        }
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
    insert.raw_execute().context(|| format!("cannot fill table {}", R::TABLE))?;
    Ok(())
}
