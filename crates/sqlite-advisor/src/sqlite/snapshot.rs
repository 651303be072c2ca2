//! A copy of the user's database in a folder of our own. All further work happens on the copy.
//!
//! The user's file is opened by the operating system for reading only, and neither it, its -wal nor its folder changes.
//! A file whose state cannot be read without writing beside it (a -wal without its -shm, a hot journal) is copied byte
//! by byte together with that companion, and SQLite recovers the copy.

use crate::error::{Context, Error, Result};
use crate::model::index::quote;
use crate::model::units;
use crate::progress::Progress;
use crate::sqlite::files::check_space;
use crate::sqlite::names::leave_out_odd;
use crate::sqlite::overlay;
use crate::sqlite::reader::READING;
use crate::sqlite::source::{RESTARTS, Source, read_only, refuse_odd_files, refused};
use crate::sqlite::stand_in::make_collations_on_demand;
use crate::sqlite::{Bounds, StandIns, dump, guard};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::limits::Limit;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A private copy of a database. The folder goes when the value does.
#[derive(Debug)]
pub struct Snapshot {
    folder: TempDir,
    path: PathBuf,
    bytes: u64,
    left_out: Vec<String>,
}

/// How long a locked database is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Pages that one step of the backup copies while it holds the lock.
const STEP_PAGES: i32 = 2_000;

impl Snapshot {
    /// Copies the database at `path`, which may be a dump of one, with room for `copies` files of its size beside it.
    ///
    /// Looking at the file drops the POSIX locks which this process holds on it
    /// (<https://www.sqlite.org/howtocorrupt.html>, 2.2): take the snapshot first, and open connections afterwards.
    ///
    /// # Errors
    /// [`Error::Open`] where `path` is not a readable database, [`Error::NoSpace`] where the temporary folder is too
    /// small, [`Error::Interrupted`].
    pub fn take(path: &Path, copies: u64, progress: &dyn Progress) -> Result<Self> {
        if dump::is_dump(path) {
            return Self::of_dump(path, copies, progress);
        }
        let source = Source::look_at(path)?;
        let folder = own_folder(progress)?;
        let bytes = source.bytes + source.companions.iter().map(|(_, b)| b).sum::<u64>();
        let needed = bytes.saturating_mul(copies.saturating_add(1));
        Bounds::current().check_temporary(folder.path(), needed)?;
        check_space(folder.path(), needed)?;
        let target = folder.path().join("snapshot.db");
        let most = units::bytes(needed);
        progress.start(&format!("Copying the database (all copies take up to {most})"), Some(bytes));
        if source.needs_recovery() {
            source.copy_to(&target, progress)?;
        } else {
            back_up(path, &target, progress)?;
        }
        progress.finish();
        recover(&target).map_err(|e| source.refused(&e))?;
        if !Bounds::current().skip_check {
            check_pages(path, &target, progress)?;
        }
        // Pages that nothing names any more would look like damage.
        let left_out = leave_out_odd(&Connection::open(&target)?)?;
        Ok(Self { folder, path: target, bytes, left_out })
    }

    /// The database that a dump makes.
    fn of_dump(path: &Path, copies: u64, progress: &dyn Progress) -> Result<Self> {
        let folder = own_folder(progress)?;
        let text = fs::metadata(path).map_err(Error::file("cannot read", path))?.len();
        let needed = text.saturating_mul(copies.saturating_add(1));
        Bounds::current().check_temporary(folder.path(), needed)?;
        check_space(folder.path(), needed)?;
        let target = folder.path().join("snapshot.db");
        progress.start("Making a database of the dump", Some(text));
        let left_out = dump::load(path, &target, progress)?;
        progress.finish();
        let bytes = fs::metadata(&target).map_err(Error::file("cannot read", &target))?.len();
        Ok(Self { folder, path: target, bytes, left_out })
    }

    /// The copy without some tables and views, made with what the schema needs of the application, with room for `copies` files of its size beside it.
    ///
    /// VACUUM INTO keeps the rowids (<https://www.sqlite.org/lang_vacuum.html>), and the pages are as full as can be.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if SQLite cannot drop one, [`Error::NoSpace`].
    pub fn without(
        mut self,
        views: &[&str],
        tables: &[&str],
        stand_ins: &StandIns,
        copies: u64,
        progress: &dyn Progress,
    ) -> Result<Self> {
        progress.start("Leaving out the tables that the workload does not name", None);
        let kept = self.folder.path().join("kept.db");
        let conn = Connection::open(&self.path)?;
        guard::harden(&conn)?;
        let leave_out = || -> rusqlite::Result<()> {
            stand_ins.install(&conn)?;
            // VACUUM INTO attaches its target.
            conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
            conn.execute_batch(
                "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
            )?;
            let drop = |kind: &str, name: &&str| conn.execute_batch(&format!("DROP {kind} {}", quote(name)));
            views.iter().try_for_each(|name| drop("VIEW", name))?;
            tables.iter().try_for_each(|name| drop("TABLE", name))?;
            conn.execute("VACUUM INTO ?1", [kept.as_os_str().to_string_lossy()]).map(|_| ())
        };
        leave_out().context(|| "cannot leave tables out of the copy".to_owned())?;
        drop(conn);
        fs::rename(&kept, &self.path).map_err(Error::file("cannot be renamed", &kept))?;
        let bytes = fs::metadata(&self.path).map_err(Error::file("cannot be read", &self.path))?.len();
        progress.finish();
        self.bytes = bytes;
        self.make_room(copies)?;
        Ok(self)
    }

    /// Checks that there is room for `copies` files of its size beside it.
    ///
    /// # Errors
    /// [`Error::NoSpace`]
    pub fn make_room(&self, copies: u64) -> Result<()> {
        check_space(self.folder.path(), self.bytes.saturating_mul(copies))
    }

    /// Where the copy lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the copy, for further copies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What is not in the copy, and why.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The size of what was copied, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Another copy of the copy, for a [`Session`](crate::sqlite::Session). It takes the room of what changes there: from now on
    /// the copy itself must stay as it is.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn duplicate(&self, name: &str) -> Result<PathBuf> {
        let target = self.folder.path().join(name);
        overlay::make(&self.path, &target)?;
        Ok(target)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        overlay::forget(self.folder.path());
    }
}

/// A private folder, which goes when it is dropped.
fn own_folder(progress: &dyn Progress) -> Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("sqlite-advisor-")
        .tempdir()
        .map_err(Error::file("cannot make a folder in", &std::env::temp_dir()))?;
    progress.cancel_token().note_folder(folder.path());
    Ok(folder)
}

fn back_up(path: &Path, target: &Path, progress: &dyn Progress) -> Result<()> {
    let refuse = |e: rusqlite::Error| refused(path, &e);
    let source = read_only(path, "&readonly_shm=1").map_err(refuse)?;
    guard::harden(&source)?;
    let mut copy = Connection::open(target).context(|| "cannot make the copy".to_owned())?;
    copy.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")?;
    let page_size: u64 = source.query_row("PRAGMA page_size", [], |r| r.get(0)).map_err(refuse)?;
    let (mut restarts, mut left, mut waiting) = (0, i32::MAX, None::<Instant>);
    let backup = Backup::new(&source, &mut copy).map_err(refuse)?;
    loop {
        progress.check()?;
        // A busy writer starts the copy over each time; after a few times the rest is copied in one step under the lock.
        let pages = if restarts < RESTARTS { STEP_PAGES } else { -1 };
        match backup.step(pages).map_err(refuse)? {
            StepResult::Done => return Ok(()),
            StepResult::More => waiting = None,
            _ => {
                if waiting.get_or_insert_with(Instant::now).elapsed() > LOCK_WAIT {
                    return Err(Error::Open {
                        path: path.to_owned(),
                        reason: "is locked by another process; try again when its transaction is over"
                            .to_owned(),
                    });
                }
                std::thread::sleep(Duration::from_millis(25));
            }
        }
        let now = backup.progress();
        if now.remaining > left {
            restarts += 1;
        }
        left = now.remaining;
        progress.advance(u64::try_from(now.pagecount - now.remaining).unwrap_or(0) * page_size);
    }
}

/// Opens a finished copy, such as a backup, so that nothing is written beside it.
///
/// # Errors
/// [`Error::Open`] if it is no database.
pub fn open_immutable(path: &Path) -> Result<Connection> {
    refuse_odd_files(path)?;
    let conn = read_only(path, "&immutable=1").map_err(|e| refused(path, &e))?;
    guard::harden(&conn)?;
    conn.execute_batch(READING).map_err(|e| refused(path, &e))?;
    Ok(conn)
}

/// Looks whether the pages of the copy hang together: a plan on a damaged b-tree says nothing, and a write there can do anything.
/// What the schema forbids of the rows is left to the application.
fn check_pages(path: &Path, target: &Path, progress: &dyn Progress) -> Result<()> {
    progress.start("Looking at the pages", None);
    let conn = open_immutable(target)?;
    make_collations_on_demand(&conn);
    let found = progress.cancel_token().watch(&conn, || {
        conn.execute_batch("PRAGMA ignore_check_constraints = ON")?;
        let mut lines = conn.prepare("PRAGMA quick_check(20)")?;
        let lines = lines.query_map([], |row| row.get::<_, String>(0))?;
        Ok(lines.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    progress.finish();
    let is_of_rows = |line: &String| line == "ok" || ROWS.iter().any(|words| line.starts_with(words));
    match found {
        Ok(lines) => match lines.iter().find(|line| !is_of_rows(line)) {
            Some(line) => Err(Error::Open {
                path: path.to_owned(),
                reason: format!(
                    "is damaged (quick_check says {line:?}); restore a backup, or go on all the same with --skip-check"
                ),
            }),
            None => Ok(()),
        },
        Err(Error::Interrupted) => Err(Error::Interrupted),
        // A schema that needs what only the application has cannot be checked, and is advised on as far as it goes.
        Err(_) => Ok(()),
    }
}

/// How quick_check begins what it says of rows that the schema forbids.
const ROWS: [&str; 4] = ["NULL value in ", "CHECK constraint failed ", "TEXT value in ", "NUMERIC value in "];

/// Recovers the copy, checks that it can be read, and leaves it in rollback mode with nothing beside it.
fn recover(target: &Path) -> rusqlite::Result<()> {
    let conn = Connection::open(target)?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0))?;
    conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::sqlite::source::sibling;

    fn rows(path: &Path) -> Result<i64> {
        Ok(Connection::open(path)?.query_row("SELECT count(*) FROM t", [], |r| r.get(0))?)
    }

    fn listing(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        let mut all = vec![];
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // The lock memory is shared with the writer only because the writer is in this process.
            if !name.ends_with("-shm") {
                all.push((name, fs::read(entry.path())?));
            }
        }
        all.sort();
        Ok(all)
    }

    #[test]
    fn a_wal_file_is_read_whether_its_writer_is_alive_gone_or_crashed() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let db = folder.path().join("a?b%.db");
        let writer = Connection::open(&db)?;
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1)")?;
        let io = Error::file("list", folder.path());
        let before = listing(folder.path()).map_err(io)?;
        assert_eq!(rows(Snapshot::take(&db, 1, &Silent)?.path())?, 1);
        assert!(before == listing(folder.path()).map_err(Error::file("list", folder.path()))?);

        let crashed = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        for suffix in ["", "-wal"] {
            let to = crashed.path().join(format!("c.db{suffix}"));
            fs::copy(sibling(&db, suffix), &to).map_err(Error::file("copy", &db))?;
        }
        let before = listing(crashed.path()).map_err(Error::file("list", folder.path()))?;
        assert_eq!(rows(Snapshot::take(&crashed.path().join("c.db"), 1, &Silent)?.path())?, 1);
        assert!(before == listing(crashed.path()).map_err(Error::file("list", folder.path()))?);

        drop(writer);
        let before = listing(folder.path()).map_err(Error::file("list", folder.path()))?;
        assert_eq!(before.len(), 1);
        assert_eq!(rows(Snapshot::take(&db, 1, &Silent)?.path())?, 1);
        assert!(before == listing(folder.path()).map_err(Error::file("list", folder.path()))?);
        Ok(())
    }

    #[test]
    fn what_is_not_a_database_is_said_in_one_sentence() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let path = folder.path().join("x.db");
        let mut said = vec![Snapshot::take(&path, 1, &Silent), Snapshot::take(folder.path(), 1, &Silent)];
        for text in ["", "hello, this is no database, but a text of more than a hundred bytes"] {
            fs::write(&path, text).map_err(Error::file("write", &path))?;
            said.push(Snapshot::take(&path, 1, &Silent));
        }
        let said: Vec<_> =
            said.into_iter().map(|r| r.err().map(|e| e.to_string()).unwrap_or_default()).collect();
        let words = ["no such file", "is a folder", "is empty", "is not a SQLite database"];
        assert!(said.iter().zip(words).all(|(s, w)| s.contains(w)), "{said:?}");
        Ok(())
    }
}
