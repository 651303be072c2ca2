//! The user's file: what it is, whether it can be read without a trace, and how it is read then.

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::sqlite::files::copy_file;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a writer may make a copy begin again.
pub(super) const RESTARTS: u32 = 3;

/// The user's file as the operating system shows it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    wal_mode: bool,
    /// The -wal and -journal that hold something, with their sizes.
    pub(super) companions: Vec<(&'static str, u64)>,
    has_shm: bool,
}

impl Source {
    /// Reads the file's head by a handle of its own. Closing that handle drops the POSIX locks which this process holds on
    /// the file (<https://www.sqlite.org/howtocorrupt.html>, 2.2), so no connection of this process may hold a lock on it
    /// meanwhile.
    pub(super) fn look_at(path: &Path) -> Result<Self> {
        let open = |reason: &str| Error::Open { path: path.to_owned(), reason: reason.to_owned() };
        let meta = fs::metadata(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => open("no such file; check the path given with --db"),
            _ => open(&format!("cannot be read: {e}")),
        })?;
        if meta.is_dir() {
            return Err(open("is a folder; name the database file in it"));
        }
        refuse_odd_files(path)?;
        let mut header = Vec::with_capacity(100);
        let file = fs::File::open(path).map_err(|e| open(&format!("cannot be read: {e}")))?;
        file.take(100).read_to_end(&mut header).map_err(|e| open(&format!("cannot be read: {e}")))?;
        if header.is_empty() {
            return Err(open("is empty: there is no table to advise on"));
        }
        if !header.starts_with(b"SQLite format 3\0") {
            return Err(open("is not a SQLite database, or it is encrypted; decrypt it first"));
        }
        let companion = |suffix: &'static str| {
            let bytes = fs::metadata(sibling(path, suffix)).map_or(0, |m| m.len());
            (bytes > 0).then_some((suffix, bytes))
        };
        Ok(Self {
            path: path.to_owned(),
            bytes: meta.len(),
            // The version for reading decides; the one for writing, a byte before it, only forbids to write.
            wal_mode: header.get(19) == Some(&2),
            companions: ["-wal", "-journal"].into_iter().filter_map(companion).collect(),
            has_shm: sibling(path, "-shm").exists(),
        })
    }

    /// True if SQLite would have to write beside the file in order to read it.
    pub(super) fn needs_recovery(&self) -> bool {
        let has = |suffix| self.companions.iter().any(|(s, _)| *s == suffix);
        if self.wal_mode {
            !self.has_shm || !has("-wal") || is_left_behind(&self.path)
        } else {
            has("-journal") && is_left_behind(&self.path)
        }
    }

    pub(super) fn refused(&self, error: &rusqlite::Error) -> Error {
        refused(&self.path, error)
    }

    /// Copies the file and its companion, and again if another process changed either meanwhile.
    pub(super) fn copy_to(&self, target: &Path, progress: &dyn Progress) -> Result<()> {
        let stamp = |suffix: &str| {
            fs::metadata(sibling(&self.path, suffix)).and_then(|m| Ok((m.len(), m.modified()?))).ok()
        };
        let stamps = || ["", "-wal", "-journal", "-shm"].map(stamp);
        for _ in 0..=RESTARTS {
            let before = stamps();
            for suffix in ["", "-wal", "-journal"] {
                let (from, to) = (sibling(&self.path, suffix), sibling(target, suffix));
                if from.exists() {
                    copy_file(&from, &to, progress.cancel_token())?;
                }
            }
            if before == stamps() {
                return Ok(());
            }
        }
        Err(Error::Open {
            path: self.path.clone(),
            reason: "changed while it was read; try again when fewer writes go on".to_owned(),
        })
    }
}

/// A journal is hot if nobody holds the lock of the writer who left it; the index of a -wal whose writer was killed in the middle
/// of it has to be made anew. Neither can be read without writing.
fn is_left_behind(path: &Path) -> bool {
    let readable = || {
        let conn = read_only(path, "&readonly_shm=1")?;
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0))
    };
    readable().is_err_and(|e| e.sqlite_error_code() != Some(ErrorCode::DatabaseBusy))
}

/// The path with something behind its name: `-wal`, `.partial`.
pub(crate) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A connection that cannot write: `readonly_shm` keeps it from touching even the -shm of a WAL file
/// (<https://www.sqlite.org/uri.html>).
pub(super) fn read_only(path: &Path, options: &str) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file://");
    for &byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02x}"));
        }
    }
    let conn = Connection::open_with_flags(format!("{uri}?mode=ro{options}"), flags)?;
    // Whoever has to wait for a lock does so in a loop of its own, where Ctrl-C is noticed.
    conn.busy_timeout(Duration::ZERO)?;
    Ok(conn)
}

/// Refuses what is no regular file under the name of a database or of a companion of it: opening a FIFO would wait for
/// ever, and opening a device can do anything.
///
/// # Errors
/// [`Error::Open`] naming the file.
pub(crate) fn refuse_odd_files(database: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let path = sibling(database, suffix);
        if fs::metadata(&path).is_ok_and(|meta| !meta.is_file()) {
            let reason = match suffix {
                "" => "is not a regular file",
                _ => "is not a regular file, but SQLite would use it for the database; remove it",
            };
            return Err(Error::Open { path, reason: reason.to_owned() });
        }
    }
    Ok(())
}

/// Why a file cannot be used, in words for people.
pub(crate) fn refused(path: &Path, error: &rusqlite::Error) -> Error {
    Error::Open { path: path.to_owned(), reason: explain(error) }
}

fn explain(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "is not a SQLite database, or it is encrypted; decrypt it first".to_owned()
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            format!("is damaged ({error}); run PRAGMA integrity_check and restore a backup")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is locked by another process; try again when its transaction is over".to_owned()
        }
        _ => format!("cannot be read: {error}"),
    }
}
