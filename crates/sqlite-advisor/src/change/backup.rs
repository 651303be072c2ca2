//! Copies of a database that can be trusted: made through SQLite, forced to disk, verified, and only then named.

use crate::error::{Context, Error, Result};
use crate::progress::Progress;
use crate::sqlite::guard;
use crate::sqlite::source::{refused, sibling};
use rusqlite::backup::{Backup as Copying, StepResult};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a file's name ends until the file is whole.
const PARTIAL: &str = ".partial";

/// A verified copy of a database.
#[derive(Debug, Clone, Serialize)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many tables have the same rows as the original.
    pub tables: usize,
}

/// A copy that has no name yet. Dropped without [`Unnamed::publish`], it is removed.
pub(super) struct Unnamed {
    partial: PathBuf,
    path: PathBuf,
}

impl Unnamed {
    /// Copies what `source` sees to `FOLDER/NAME_STAMP.db.partial` and forces it to disk.
    pub(super) fn copy(
        source: &Connection,
        db: &Path,
        folder: &Path,
        stamp: &str,
        progress: &dyn Progress,
    ) -> Result<Self> {
        remove_partial(db, folder)?;
        let path = free_name(folder, &format!("{}_{stamp}", stem(db)));
        let this = Self { partial: sibling(&path, PARTIAL), path };
        // A new file, never one that a link leads to.
        fs::File::create_new(&this.partial).map_err(Error::file("cannot make", &this.partial))?;
        copy(source, &this.partial, progress)?;
        sync(&this.partial)?;
        Ok(this)
    }

    /// The file as long as it has no name.
    pub(super) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Gives the copy its name, for good.
    pub(super) fn publish(self, tables: usize) -> Result<Backup> {
        fs::rename(&self.partial, &self.path).map_err(Error::file("cannot name the backup", &self.path))?;
        if let Some(folder) = self.path.parent() {
            sync(folder)?;
        }
        let bytes = fs::metadata(&self.path).map_err(Error::file("cannot read", &self.path))?.len();
        Ok(Backup { path: self.path.clone(), bytes, tables })
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        // Gone already if it was published; a leftover is removed by the next run.
        let _ = fs::remove_file(&self.partial);
    }
}

/// Copies a database page by page into a new file.
///
/// # Errors
/// [`Error::Sqlite`] if it cannot be read or written, [`Error::Interrupted`].
pub(super) fn copy(source: &Connection, target: &Path, progress: &dyn Progress) -> Result<()> {
    let failed = || format!("cannot copy to {}", target.display());
    let mut to = Connection::open(target).context(failed)?;
    // A half copy has no value, so it needs no journal.
    to.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    transfer(source, &mut to, progress).map_err(|e| match e {
        Error::Sqlite { source, .. } => Error::Sqlite { context: failed(), source },
        other => other,
    })
}

/// The same for a file that is to stay: forced to disk, and removed again if it fails.
pub(super) fn copy_new(source: &Connection, target: &Path, progress: &dyn Progress) -> Result<()> {
    let result = copy(source, target, progress).and_then(|()| sync(target));
    if result.is_err() {
        // A half copy must not be taken for a database.
        let _ = fs::remove_file(target);
    }
    result
}

/// Runs SQLite's online backup to its end.
pub(super) fn transfer(source: &Connection, to: &mut Connection, progress: &dyn Progress) -> Result<()> {
    const PAGES: i32 = 4_096;
    const WAIT: Duration = Duration::from_millis(20);
    let mut patience = 500;
    let copying = Copying::new(source, to)?;
    progress.start("Copying the database", None);
    loop {
        progress.check()?;
        match copying.step(PAGES)? {
            StepResult::Done => break,
            StepResult::More => {}
            _ if patience == 0 => {
                return Err(Error::Invalid(
                    "the database stays locked by another process; try again later".into(),
                ));
            }
            _ => {
                patience -= 1;
                std::thread::sleep(WAIT);
            }
        }
        let now = copying.progress();
        progress.advance(u64::try_from(now.pagecount - now.remaining).unwrap_or(0));
    }
    progress.finish();
    Ok(())
}

/// Opens the database for the copy of a change: another connection of this process holds its write lock, so the file is
/// in use, and no handle of it may be closed but by SQLite.
pub(super) fn open_locked(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| refused(path, &e))?;
    conn.busy_timeout(Duration::from_secs(5))?;
    guard::harden(&conn)?;
    Ok(conn)
}

/// Removes all but the newest `keep` backups of a database; the newest one always stays.
///
/// Call it only when the newest is known to be good.
///
/// # Errors
/// [`Error::File`] if the folder cannot be read or a file not be removed.
pub fn prune(db: &Path, folder: &Path, keep: usize) -> Result<Vec<PathBuf>> {
    let mut all = list(db, folder)?;
    let surplus = all.len().saturating_sub(keep.max(1));
    let removed: Vec<_> = all.drain(..surplus).collect();
    for path in &removed {
        fs::remove_file(path).map_err(Error::file("cannot remove the old backup", path))?;
    }
    Ok(removed)
}

/// The backups of a database, oldest first.
///
/// # Errors
/// [`Error::File`] if the folder cannot be read.
pub fn list(db: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let prefix = format!("{}_", stem(db));
    let is_stamp = |s: &str| s.len() >= 15 && s.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let is_ours =
        |name: &str| name.strip_prefix(&prefix).and_then(|n| n.strip_suffix(".db")).is_some_and(is_stamp);
    named(folder, is_ours)
}

/// Removes what a killed run left. Nobody else can be at work: the caller holds the database's write lock.
fn remove_partial(db: &Path, folder: &Path) -> Result<()> {
    let prefix = format!("{}_", stem(db));
    for path in named(folder, |name| {
        name.starts_with(&prefix) && (name.contains(".db.partial") || name.ends_with(".json.partial"))
    })? {
        fs::remove_file(&path).map_err(Error::file("cannot remove", &path))?;
    }
    Ok(())
}

fn named(folder: &Path, is_it: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries.map_err(Error::file("cannot read the folder", folder))?,
    };
    let mut found = vec![];
    for entry in entries {
        let entry = entry.map_err(Error::file("cannot read the folder", folder))?;
        if entry.file_name().to_str().is_some_and(&is_it) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The receipts of a database with their numbers, lowest first: `FOLDER/NAME_0001.json`.
pub(super) fn numbered(db: &Path, folder: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let prefix = format!("{}_", stem(db));
    let number = |name: &str| {
        let digits = name.strip_prefix(&prefix).and_then(|n| n.strip_suffix(".json"))?;
        digits.parse().ok().filter(|_| digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let named = named(folder, |name| number(name).is_some())?;
    let with_number = |path: PathBuf| Some((number(path.file_name()?.to_str()?)?, path));
    let mut all: Vec<(u32, PathBuf)> = named.into_iter().filter_map(with_number).collect();
    all.sort();
    Ok(all)
}

/// Writes a new receipt under a number, forced to disk. One that is there is never written over, nor is a link followed.
pub(super) fn new_file(db: &Path, folder: &Path, number: u32, text: &[u8]) -> Result<PathBuf> {
    let path = folder.join(format!("{}_{number:04}.json", stem(db)));
    // It gets its name when it is whole: a killed run leaves no half receipt.
    let write = || -> std::io::Result<()> {
        let prefix = format!("{}_", stem(db));
        let mut file = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(&format!(".json{PARTIAL}"))
            .tempfile_in(folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&path)?;
        Ok(())
    };
    write().map_err(Error::file("cannot write", &path))?;
    sync(folder)?;
    Ok(path)
}

/// Files that a change makes beside the database, taken away again unless it is committed: a change that fails leaves
/// nothing.
#[derive(Debug)]
pub(super) struct Traces {
    folder: PathBuf,
    made_folder: bool,
    files: Vec<PathBuf>,
}

impl Traces {
    /// Makes the folder if it is not there.
    pub(super) fn in_folder(folder: &Path) -> Result<Self> {
        let made_folder = !folder.exists();
        fs::create_dir_all(folder).map_err(Error::file("cannot make the folder", folder))?;
        Ok(Self { folder: folder.to_owned(), made_folder, files: vec![] })
    }

    /// Another file that goes if the change does not come.
    pub(super) fn add(&mut self, path: &Path) {
        self.files.push(path.to_owned());
    }

    /// The change has come: all of it stays.
    pub(super) fn keep(mut self) {
        self.files.clear();
        self.made_folder = false;
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // What cannot be removed does no harm: a backup too many, and a receipt of what never happened.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        if self.made_folder {
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Forces a file, or the names in a folder, to disk.
///
/// Never for the database itself: closing a second handle of it would give up the locks of this process.
pub(super) fn sync(path: &Path) -> Result<()> {
    fs::File::open(path).and_then(|f| f.sync_all()).map_err(Error::file("cannot force to disk", path))
}

/// The first name that is free: a second backup within one second gets a number.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let plain = folder.join(format!("{name}.db"));
    let numbered = (2..).map(|n| folder.join(format!("{name}_{n}.db")));
    std::iter::once(plain).chain(numbered).find(|p| p.symlink_metadata().is_err()).unwrap_or_default()
}

pub(super) fn stem(db: &Path) -> String {
    db.file_stem().map_or_else(|| "database".into(), |s| s.to_string_lossy().into_owned())
}

/// Where backups go if nobody says otherwise: `backups/` beside the database.
pub fn default_folder(db: &Path) -> PathBuf {
    db.parent().unwrap_or(Path::new("")).join("backups")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::sqlite::snapshot::open_immutable;

    #[test]
    fn the_oldest_go_the_newest_stays_and_strangers_are_not_touched() -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "g_20260101_155103.db",
            "g_20260102_000000.db",
            "g_20260102_000000_2.db",
            "g_2.db",
            "goals_20250101_000000.db",
        ];
        for name in names {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let db = Path::new("somewhere/g.db");
        assert_eq!(prune(db, folder.path(), 2)?, [folder.path().join(names[0])]);
        assert_eq!(prune(db, folder.path(), 0)?, [folder.path().join(names[1])]);
        assert_eq!(list(db, folder.path())?, [folder.path().join(names[2])]);
        assert!(folder.path().join("g_2.db").exists() && folder.path().join(names[4]).exists());
        Ok(())
    }

    #[test]
    fn a_copy_without_a_name_leaves_nothing_and_a_leftover_is_removed() -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let source = Connection::open_in_memory()?;
        source.execute_batch("CREATE TABLE t(a)")?;
        let db = Path::new("g.db");
        for left in ["g_20260101_000000.db.partial", "g_x7.json.partial"] {
            fs::write(folder.path().join(left), "left by a killed run").unwrap();
        }
        drop(Unnamed::copy(&source, db, folder.path(), "20260101_000001", &Silent)?);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let kept = Unnamed::copy(&source, db, folder.path(), "20260101_000001", &Silent)?.publish(1)?;
        assert_eq!(kept.path, folder.path().join("g_20260101_000001.db"));
        open_immutable(&kept.path)?.query_row("SELECT count(*) FROM t", [], |r| r.get::<_, i64>(0))?;
        Ok(())
    }
}
