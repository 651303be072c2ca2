//! What this process may take and how far it trusts a file. SQLite's heap is one for the whole process, so these are as well;
//! a program sets them once, before it opens anything.

use crate::error::{Context, Error, Result};
use crate::model::units;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ffi};
use std::path::Path;
use std::sync::RwLock;

/// The bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The strict figures of <https://www.sqlite.org/security.html>, for a file that an enemy may have made.
    pub paranoid: bool,
    /// Leave out the look at the pages of the file with which a run begins.
    pub skip_check: bool,
    /// The most that SQLite may take of memory, in bytes. What needs more fails alone; caches become smaller before.
    pub memory: Option<u64>,
    /// The most that copies may take on disk, in bytes.
    pub temporary: Option<u64>,
}

static BOUNDS: RwLock<Bounds> = RwLock::new(Bounds::NONE);

/// From this part of the memory on SQLite's caches give pages back rather than grow.
const SOFT: f64 = 0.75;

/// A connection in strict mode: lengths and counts as security.html has them, but for those which the advisor's own
/// statements need: 100 columns, 50 levels and 250,000 operations.
const STRICT: [(Limit, i32); 9] = [
    (Limit::SQLITE_LIMIT_LENGTH, 1_000_000),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_COLUMN, 100),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 50),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
];

impl Bounds {
    const NONE: Bounds = Bounds { paranoid: false, skip_check: false, memory: None, temporary: None };

    /// Those that hold now.
    pub fn current() -> Self {
        BOUNDS.read().map_or(Self::NONE, |bounds| *bounds)
    }

    /// Lets these hold for everything that this process opens from now on.
    pub fn set(self) {
        if let Ok(mut bounds) = BOUNDS.write() {
            *bounds = self;
        }
        if let Some(memory) = self.memory {
            let soft = (memory as f64 * SOFT) as i64;
            // SAFETY: both only store a number.
            unsafe {
                ffi::sqlite3_hard_heap_limit64(i64::try_from(memory).unwrap_or(i64::MAX));
                ffi::sqlite3_soft_heap_limit64(soft);
            }
        }
    }

    /// Restricts a connection as far as these ask for it.
    pub(super) fn restrict(self, conn: &Connection) -> Result<()> {
        let strict = STRICT.iter().filter(|_| self.paranoid);
        strict.into_iter().try_for_each(|(limit, value)| {
            conn.set_limit(*limit, *value).map(|_| ()).context(|| "cannot guard the connection".to_owned())
        })
    }

    /// Refuses what needs more bytes on disk than copies may take.
    ///
    /// # Errors
    /// [`Error::Invalid`] with both figures.
    pub(super) fn check_temporary(self, folder: &Path, needed: u64) -> Result<()> {
        match self.temporary {
            Some(most) if needed > most => Err(Error::Invalid(format!(
                "{}: the copies of this database take up to {}, and --temp-space allows {}",
                folder.display(),
                units::bytes(needed),
                units::bytes(most)
            ))),
            _ => Ok(()),
        }
    }

    /// How large one of so many copies of a snapshot of so many bytes may become, if there is a bound: each has its part of
    /// what the snapshot leaves.
    pub(super) fn of_one_copy(self, bytes: u64, copies: u64) -> u64 {
        self.temporary.map_or(u64::MAX, |most| bytes + most.saturating_sub(bytes) / copies.max(1))
    }
}
