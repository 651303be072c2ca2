//! Back to a backup, wholly or not at all.

use crate::change::backup::{self, Unnamed};
use crate::change::run::{now, size};
use crate::change::verify::{self, Digests};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::sqlite::files::check_space;
use crate::sqlite::source::{refuse_odd_files, refused, sibling};
use crate::sqlite::{guard, open_immutable};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// When it began.
    pub at: String,
    /// The replaced database, kept aside; none if there was none.
    pub aside: Option<PathBuf>,
    /// Tables whose rows were compared with the backup afterwards.
    pub tables: usize,
    /// Rows of all tables.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Checks that a backup is sound, and fingerprints its tables.
///
/// # Errors
/// [`Error::Open`] if it is no database, [`Error::Invalid`] if it is damaged.
pub fn check(from: &Path, progress: &dyn Progress) -> Result<Digests> {
    let conn = open_immutable(from)?;
    sound(&conn, from)?;
    verify::digests(&conn, &[], progress)
}

/// Puts the backup in the place of the database.
///
/// A database that SQLite can open is overwritten through SQLite: other processes that have it open see the change,
/// and a crash on the way is rolled back by its journal. It stays locked from the copy that is kept aside to the end,
/// so no committed row is in neither of them. A file that is no database any more is renamed instead.
///
/// # Errors
/// [`Error::Open`] for a backup or database that cannot be used, [`Error::NoSpace`], [`Error::Interrupted`];
/// the database is then as it was.
pub fn restore(db: &Path, from: &Path, folder: &Path, progress: &dyn Progress) -> Result<Restored> {
    let at = now();
    refuse_odd_files(db)?;
    let wanted = check(from, progress)?;
    let source = open_immutable(from)?;
    let bytes = size(&source)?;
    check_space(db.parent().unwrap_or(Path::new(".")), bytes.saturating_mul(2))?;
    let aside = if !db.exists() {
        backup::copy_new(&source, db, progress)?;
        None
    } else if is_database(db)? {
        Some(overwrite(db, &source, progress, |conn| keep_aside(conn, db, folder, progress))?.0)
    } else {
        Some(replace(db, &source, progress)?)
    };
    let after =
        Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    sound(&after, db)?;
    if verify::digests(&after, &[], progress)? != wanted {
        return Err(Error::Invalid(format!(
            "{} does not hold the rows of the backup; another process may have written since",
            db.display()
        )));
    }
    let rows = wanted.values().map(|d| d.digest.rows).sum();
    Ok(Restored { at, aside, tables: wanted.len(), rows, bytes })
}

fn sound(conn: &Connection, path: &Path) -> Result<()> {
    match verify::integrity(conn)?.first() {
        None => Ok(()),
        Some(first) => {
            Err(Error::Invalid(format!("{} is damaged: {first}; use another backup", path.display())))
        }
    }
}

/// False for a file without a readable header or schema.
fn is_database(db: &Path) -> Result<bool> {
    let conn =
        Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0)) {
        Ok(_) => Ok(true),
        Err(e) => match e.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Ok(false),
            _ => Err(refused(db, &e)),
        },
    }
}

/// Overwrites a database through SQLite if `check` allows it, and gives the connection, which still has the lock.
pub(super) fn overwrite_if(
    db: &Path,
    source: &Connection,
    progress: &dyn Progress,
    check: impl FnOnce(&Connection) -> Result<()>,
) -> Result<Connection> {
    refuse_odd_files(db)?;
    check_space(db.parent().unwrap_or(Path::new(".")), size(source)?.saturating_mul(2))?;
    overwrite(db, source, progress, check).map(|((), conn)| conn)
}

/// Locks the database, does what comes `first`, and overwrites it.
fn overwrite<T>(
    db: &Path,
    source: &Connection,
    progress: &dyn Progress,
    first: impl FnOnce(&Connection) -> Result<T>,
) -> Result<(T, Connection)> {
    let mut conn =
        Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    guard::harden(&conn)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    // In exclusive mode the lock of this transaction outlives it.
    conn.execute_batch(
        "PRAGMA synchronous = EXTRA; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT",
    )
    .map_err(|_| Error::Open {
        path: db.to_owned(),
        reason: "is in use by another process; nothing was changed; stop it and try again".to_owned(),
    })?;
    let done = first(&conn)?;
    backup::transfer(source, &mut conn, progress)?;
    Ok((done, conn))
}

fn keep_aside(conn: &Connection, db: &Path, folder: &Path, progress: &dyn Progress) -> Result<PathBuf> {
    fs::create_dir_all(folder).map_err(Error::file("cannot make the folder", folder))?;
    let stamp = jiff::Zoned::now().strftime("%Y%m%d_%H%M%S_replaced").to_string();
    Ok(Unnamed::copy(conn, db, folder, &stamp, progress)?.publish(0)?.path)
}

/// For what is no database any more: nobody can have it open with success.
fn replace(db: &Path, source: &Connection, progress: &dyn Progress) -> Result<PathBuf> {
    let stamp = jiff::Zoned::now().strftime(".%Y%m%d_%H%M%S_replaced").to_string();
    let aside = sibling(db, &stamp);
    let fresh = sibling(db, ".restored");
    backup::copy_new(source, &fresh, progress)?;
    for suffix in ["-journal", "-wal", "-shm"] {
        let companion = sibling(db, suffix);
        if companion.exists() {
            fs::rename(&companion, sibling(&aside, suffix))
                .map_err(Error::file("cannot be moved aside", &companion))?;
        }
    }
    fs::rename(db, &aside).map_err(Error::file("cannot be moved aside", db))?;
    fs::rename(&fresh, db).map_err(Error::file("cannot be put in place", &fresh))?;
    backup::sync(db.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    struct World {
        folder: tempfile::TempDir,
        db: PathBuf,
        backup: PathBuf,
    }

    fn world() -> Result<World> {
        let folder = tempfile::tempdir().unwrap();
        let (db, backup) = (folder.path().join("app.db"), folder.path().join("good.db"));
        for (path, n) in [(&db, 2), (&backup, 1)] {
            Connection::open(path)?
                .execute_batch(&format!("CREATE TABLE t(a); INSERT INTO t VALUES ({n})"))?;
        }
        Ok(World { folder, db, backup })
    }

    fn value(path: &Path) -> Result<i64> {
        Ok(Connection::open(path)?.query_row("SELECT a FROM t", [], |r| r.get(0))?)
    }

    #[test]
    fn the_backup_comes_back_and_the_replaced_file_stays_aside() -> Result<()> {
        let w = world()?;
        let open = Connection::open(&w.db)?;
        let restored = restore(&w.db, &w.backup, &w.folder.path().join("backups"), &Silent)?;
        assert_eq!(value(&w.db)?, 1);
        assert_eq!(value(&restored.aside.unwrap())?, 2);
        // A process that had the database open sees the restored one, not a file that has no name any more.
        assert_eq!(open.query_row("SELECT a FROM t", [], |r| r.get::<_, i64>(0))?, 1);
        Ok(())
    }

    #[test]
    fn a_database_that_is_none_any_more_is_moved_aside() -> Result<()> {
        let w = world()?;
        fs::write(&w.db, "this was a database before the accident").unwrap();
        let restored = restore(&w.db, &w.backup, w.folder.path(), &Silent)?;
        assert_eq!(value(&w.db)?, 1);
        assert!(fs::read_to_string(restored.aside.unwrap()).unwrap().starts_with("this was"));
        fs::remove_file(&w.db).unwrap();
        assert_eq!(restore(&w.db, &w.backup, w.folder.path(), &Silent)?.aside, None);
        assert_eq!(value(&w.db)?, 1);
        Ok(())
    }

    #[test]
    fn a_bad_backup_or_a_busy_database_changes_nothing() -> Result<()> {
        let w = world()?;
        fs::write(w.folder.path().join("bad.db"), "no database at all, but long enough to be looked at")
            .unwrap();
        assert!(restore(&w.db, &w.folder.path().join("bad.db"), w.folder.path(), &Silent).is_err());
        assert!(restore(&w.db, &w.folder.path().join("none.db"), w.folder.path(), &Silent).is_err());
        let other = Connection::open(&w.db)?;
        other.execute_batch("BEGIN; SELECT * FROM t")?;
        assert!(restore(&w.db, &w.backup, w.folder.path(), &Silent).is_err());
        drop(other);
        assert_eq!(value(&w.db)?, 2);
        Ok(())
    }
}
