//! The user's database, read in place where that leaves no trace, and from a copy where it would.

use crate::error::Result;
use crate::progress::Progress;
use crate::sqlite::guard;
use crate::sqlite::snapshot::{Snapshot, open_immutable};
use crate::sqlite::source::{Source, read_only};
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

/// How long a lock of another process is waited for.
const WAIT: Duration = Duration::from_secs(5);

/// A whole file is read: 32 MiB hold the upper pages of the indexes in which each row is looked up.
pub(crate) const READING: &str = "PRAGMA cache_size = -32768";

/// A database that is only read. Nothing is left beside it, and what another process left there stays.
#[derive(Debug)]
pub struct Reader {
    source: Source,
    copy: Option<Snapshot>,
}

impl Reader {
    /// Looks at a file, and copies it if SQLite would have to write beside it: a file in WAL mode that nobody has open,
    /// or one whose writer died.
    ///
    /// No connection of this process may hold a lock on the file meanwhile: see [`Snapshot::take`].
    ///
    /// # Errors
    /// As [`Snapshot::take`].
    pub fn look_at(path: &Path, progress: &dyn Progress) -> Result<Self> {
        let source = Source::look_at(path)?;
        let copy = source.needs_recovery().then(|| Snapshot::take(path, 0, progress)).transpose()?;
        Ok(Self { source, copy })
    }

    /// Opens it for reading; as often as one likes, while this value lives.
    ///
    /// # Errors
    /// [`crate::Error::Open`] if it is no database, or locked by another process.
    pub fn connect(&self) -> Result<Connection> {
        if let Some(copy) = &self.copy {
            return open_immutable(copy.path());
        }
        let refused = |e| self.source.refused(&e);
        let conn = read_only(&self.source.path, "&readonly_shm=1").map_err(refused)?;
        conn.busy_timeout(WAIT)?;
        guard::harden(&conn)?;
        // Reading the schema is what finds a text file or a lock.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0)).map_err(refused)?;
        conn.execute_batch(READING)?;
        Ok(conn)
    }
}
