//! Opening a file for reading, so that neither it nor its folder changes by a byte.

use crate::database::guard;
use crate::error::{Context, Error, Result};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Opens a file that belongs to us (a copy) for reading and writing.
///
/// # Errors
/// [`Error::Sqlite`] if SQLite cannot open it.
pub fn open_copy(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)
        .context(|| format!("{}: cannot open the copy", path.display()))?;
    guard::harden(&conn)?;
    Ok(conn)
}

/// Opens the user's file for reading only.
///
/// # Errors
/// [`Error::Open`] with the reason in one sentence.
pub fn open_read_only(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)
        .map_err(|e| Error::Open { path: path.to_owned(), reason: e.to_string() })?;
    conn.busy_timeout(Duration::from_secs(5))?;
    guard::harden(&conn)?;
    Ok(conn)
}
