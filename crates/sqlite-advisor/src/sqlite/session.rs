//! A guarded connection to a copy that counts what its statements do.
//!
//! The counters are those of <https://www.sqlite.org/c3ref/c_stmtstatus_counter.html> and
//! <https://www.sqlite.org/c3ref/c_dbstatus_options.html>; they repeat exactly from run to run.

use crate::cancel::{CancelToken, Registered};
use crate::error::{Context, Error, Result};
use crate::model::counters::Counters;
use crate::model::plan::Plan;
use crate::sqlite::Bounds;
use crate::sqlite::guard::{self, Guard};
use crate::sqlite::meter::{Meter, TICK};
use crate::sqlite::names::are_utf_8;
use crate::sqlite::overlay;
use crate::sqlite::rows::Rows;
use crate::sqlite::stand_in;
use rusqlite::backup::Backup;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Statement, StatementStatus, ffi};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub use crate::sqlite::meter::Limit;

/// The page cache of a session, in KiB: enough that what is read twice is not read from the file twice.
const CACHE_KIB: u32 = 262_144;

/// The journal of a larger file is a file as well, so that an UPDATE of all rows does not fill the memory.
const JOURNAL_IN_MEMORY: u64 = 1 << 30;

/// A copy may grow to so many times its size, for the indexes that are tried there.
const GROWTH: u64 = 16;
/// And by so many bytes if it is small.
const GROWTH_LEAST: u64 = 64 << 20;
/// So many copies lie beside the snapshot at once, at the most.
const COPIES: u64 = 5;

/// `SQLITE_Stat4`, the bit for the use of sqlite_stat4 among the optimizations that can be switched off.
const STAT4: std::ffi::c_uint = 0x800;

/// A guarded connection that counts.
pub struct Session {
    conn: Connection,
    guard: Guard,
    meter: Arc<Meter>,
    _registered: Registered,
}

/// Values for a statement's parameters, by position.
pub type Bindings = [Value];

/// What a run gave.
#[derive(Debug, Clone)]
pub struct Run {
    /// What it cost.
    pub counters: Counters,
    /// A fingerprint of the rows, of those that came before the limit if it was reached.
    pub rows: Rows,
}

/// A statement with its values.
///
/// Its first run may prepare it a second time: where sqlite_stat4 knows the values, SQLite plans anew once they are bound
/// (<https://www.sqlite.org/c3ref/prepare.html>). Later runs do not.
pub struct Held<'s> {
    session: &'s Session,
    sql: Arc<str>,
    statement: Statement<'s>,
}

impl Held<'_> {
    /// Runs it to its end or to the limit. Writes are rolled back.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if it fails.
    pub fn run(&mut self, limit: Limit) -> Result<Run> {
        let result = match self.statement.readonly() {
            true => self.session.counted(&self.sql, &mut self.statement, limit),
            false => self.session.rolled_back(&self.sql, &mut self.statement, limit),
        };
        self.session.cancel_token().check()?;
        result.context(|| "the statement fails".to_owned())
    }

    /// The same with an empty page cache; the counters tell how many different pages it reads.
    ///
    /// # Errors
    /// Those of [`Self::run`].
    pub fn run_cold(&mut self, limit: Limit) -> Result<Run> {
        let session = self.session;
        let emptied = session.conn.execute_batch("PRAGMA shrink_memory");
        emptied.context(|| "cannot empty the page cache".to_owned())?;
        let read = session.status(ffi::SQLITE_DBSTATUS_CACHE_MISS);
        let mut run = self.run(limit)?;
        run.counters.pages_read = session.status(ffi::SQLITE_DBSTATUS_CACHE_MISS).saturating_sub(read);
        Ok(run)
    }
}

impl Session {
    /// Opens a copy for reading and for writes that are rolled back; `cancel` stops what runs there.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if SQLite cannot open it.
    pub fn open(path: &Path, cancel: &CancelToken) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = overlay::open(path, flags)?;
        let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
        let large = bytes > JOURNAL_IN_MEMORY;
        let journal = if large { "TRUNCATE" } else { "MEMORY" };
        conn.execute_batch(&format!(
            "PRAGMA journal_mode = {journal}; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA temp_store = FILE; PRAGMA cache_size = -{CACHE_KIB}"
        ))
        .context(|| "cannot prepare the copy".to_owned())?;
        let growth = bytes.saturating_mul(GROWTH).saturating_add(GROWTH_LEAST);
        guard::limit_size(&conn, growth.min(Bounds::current().of_one_copy(bytes, COPIES)))?;
        check_names(&conn, path)?;
        Self::new(conn, cancel)
    }

    /// Guards a connection to the database at `path` itself, which it can only read.
    ///
    /// # Errors
    /// [`crate::Error::Open`] for a schema that is no text, [`crate::Error::Sqlite`] if SQLite refuses a setting.
    pub fn reading(conn: Connection, path: &Path, cancel: &CancelToken) -> Result<Self> {
        check_names(&conn, path)?;
        Self::new(conn, cancel)
    }

    /// An empty database in memory.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if SQLite refuses a setting.
    pub fn in_memory() -> Result<Self> {
        let conn = Connection::open_in_memory().context(|| "cannot open a database in memory".to_owned())?;
        Self::new(conn, CancelToken::never())
    }

    /// Copies all pages of this database to another in memory.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if they cannot be copied.
    pub fn copied_to(&self, mut other: Session) -> Result<Session> {
        let copy = Backup::new(&self.conn, &mut other.conn).and_then(|backup| backup.step(-1));
        copy.context(|| "cannot copy a database in memory".to_owned())?;
        Ok(other)
    }

    fn new(mut conn: Connection, cancel: &CancelToken) -> Result<Self> {
        guard::harden(&conn)?;
        stand_in::make_collations_on_demand(&conn);
        let guard = Guard::install(&mut conn)?;
        let meter = Arc::new(Meter::new(cancel.clone()));
        meter.watch_time(conn.get_interrupt_handle());
        let watched = Arc::clone(&meter);
        // SAFETY: the handler runs only inside calls on this connection, so the handle is alive whenever it is used.
        let handle = Handle(unsafe { conn.handle() });
        conn.progress_handler(TICK, Some(move || watched.tick(handle.pages())))
            .context(|| "cannot watch the connection".to_owned())?;
        let registered = cancel.register(&conn);
        Ok(Self { conn, guard, meter, _registered: registered })
    }

    /// Whether the planner looks at the samples of sqlite_stat4 from here on, as it does unless it is told.
    ///
    /// The switch is that of SQLite's own tests (<https://www.sqlite.org/c3ref/c_testctrl_always.html>).
    pub fn use_samples(&self, yes: bool) {
        let switched_off: std::ffi::c_uint = if yes { 0 } else { STAT4 };
        // SAFETY: the handle is of this open connection, and the arguments are those that the call takes.
        unsafe {
            ffi::sqlite3_test_control(ffi::SQLITE_TESTCTRL_OPTIMIZATIONS, self.conn.handle(), switched_off)
        };
    }

    /// What stops the statements of this session.
    pub fn cancel_token(&self) -> &CancelToken {
        self.meter.cancel_token()
    }

    /// The connection, for statements of our own.
    pub fn connection(&self) -> &Connection {
        &self.conn
    }

    /// The guard, for statements of others.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Prepares a statement of the workload, which may read and do plain INSERT, UPDATE and DELETE.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn prepare(&self, sql: &str) -> rusqlite::Result<Statement<'_>> {
        self.guard.prepare(&self.conn, sql)
    }

    /// The plan that SQLite chooses for the values given. It is always asked afresh, since a cached one may be stale.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn plan(&self, sql: &str, bindings: &Bindings) -> rusqlite::Result<Plan> {
        let mut statement = self.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        bind(&mut statement, bindings)?;
        let mut rows = statement.raw_query();
        let mut lines = vec![];
        while let Some(row) = rows.next()? {
            // Where the program of a foreign key begins there is a row without words.
            if let Some(detail) = row.get(3)? {
                lines.push((row.get(0)?, row.get(1)?, detail));
            }
        }
        Ok(Plan::from_rows(lines))
    }

    /// The plan for each set of values, in their order.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn plans(&self, sql: &str, bindings: &[Vec<Value>]) -> rusqlite::Result<Vec<Plan>> {
        bindings.iter().map(|values| self.plan(sql, values)).collect()
    }

    /// Runs a statement to its end or to the limit. Writes are rolled back.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if the statement fails.
    pub fn run(&self, sql: &str, bindings: &Bindings, limit: Limit) -> Result<Run> {
        self.hold(sql, bindings)?.run(limit)
    }

    /// The same for a statement that only reads; none for any other.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn run_read(&self, sql: &str, bindings: &Bindings, limit: Limit) -> Result<Option<Run>> {
        let mut held = self.hold(sql, bindings)?;
        if held.statement.readonly() { held.run(limit).map(Some) } else { Ok(None) }
    }

    /// Prepares a statement and binds its values, to run it again and again.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if it cannot be prepared.
    pub fn hold(&self, sql: &str, bindings: &Bindings) -> Result<Held<'_>> {
        let prepare = || -> rusqlite::Result<_> {
            let mut statement = self.prepare(sql)?;
            bind(&mut statement, bindings)?;
            Ok(statement)
        };
        let statement = prepare().context(|| "the statement fails".to_owned())?;
        Ok(Held { session: self, sql: sql.into(), statement })
    }

    /// Pages that a read fetches from the file when it runs a second time while the page cache holds so many KiB; none if it
    /// reached the limit.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn fetched_again(
        &self,
        sql: &str,
        bindings: &Bindings,
        kib: u32,
        limit: Limit,
    ) -> Result<Option<u64>> {
        self.hold_pages(kib)?;
        let twice = || -> Result<Option<u64>> {
            let mut held = self.hold(sql, bindings)?;
            let first = held.run(limit)?;
            let before = self.status(ffi::SQLITE_DBSTATUS_CACHE_MISS);
            let second = held.run(limit)?;
            let fetched = self.status(ffi::SQLITE_DBSTATUS_CACHE_MISS) - before;
            Ok((!first.counters.timed_out && !second.counters.timed_out).then_some(fetched))
        };
        let fetched = twice();
        self.hold_pages(CACHE_KIB)?;
        fetched
    }

    fn hold_pages(&self, kib: u32) -> Result<()> {
        let sql = format!("PRAGMA cache_size = -{kib}; PRAGMA shrink_memory");
        self.conn.execute_batch(&sql).context(|| "cannot set the page cache".to_owned())
    }

    /// Enforces foreign keys in statements that follow, or leaves them alone as SQLite does by default.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if SQLite refuses the setting.
    pub fn enforce_foreign_keys(&self, on: bool) -> Result<()> {
        let setting = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY;
        self.conn.set_db_config(setting, on).map(|_| ()).context(|| "cannot set foreign keys".to_owned())
    }

    fn rolled_back(
        &self,
        sql: &Arc<str>,
        statement: &mut Statement<'_>,
        limit: Limit,
    ) -> rusqlite::Result<Run> {
        self.conn.execute_batch("SAVEPOINT advisor_run")?;
        let (before, written) = (self.conn.total_changes(), self.status(ffi::SQLITE_DBSTATUS_CACHE_WRITE));
        let mut run = self.counted(sql, statement, limit);
        if let Ok(run) = &mut run {
            // What a commit would write is known once it is written; the journal in memory takes it back.
            self.conn.cache_flush()?;
            run.counters.pages_written = self.status(ffi::SQLITE_DBSTATUS_CACHE_WRITE) - written;
        }
        let changed = self.conn.total_changes() - before;
        // A write that was stopped, or that says OR ROLLBACK, has ended the transaction already.
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK TO advisor_run; RELEASE advisor_run")?;
        }
        run.map(|mut run| {
            run.counters.rows = run.counters.rows.max(changed);
            run
        })
    }

    fn counted(&self, sql: &Arc<str>, statement: &mut Statement<'_>, limit: Limit) -> rusqlite::Result<Run> {
        let pages_before = self.pages();
        let start = Instant::now();
        self.meter.start(Arc::clone(sql), limit, start, pages_before);
        let (mut rows, mut timed_out) = (Rows::default(), false);
        let columns = statement.column_count();
        let mut cursor = statement.raw_query();
        let outcome = loop {
            match cursor.next() {
                Ok(Some(row)) => rows.add(row, columns),
                Ok(None) => break Ok(()),
                Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                    timed_out = true;
                    break Ok(());
                }
                Err(e) => break Err(e),
            }
        };
        let time_ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.meter.stop();
        drop(cursor);
        outcome?;
        let status = |what| u64::from(statement.reset_status(what).cast_unsigned());
        let counters = Counters {
            vm_steps: self.meter.unwrapped(status(StatementStatus::VmStep)),
            pages: self.pages() - pages_before,
            rows: rows.count(),
            time_ns,
            timed_out,
            full_scan_steps: status(StatementStatus::FullscanStep),
            sorts: status(StatementStatus::Sort),
            automatic_index_rows: status(StatementStatus::AutoIndex),
            pages_written: 0,
            pages_read: 0,
        };
        Ok(Run { counters, rows })
    }

    /// Pages that this connection asked of its cache so far, found there or not.
    fn pages(&self) -> u64 {
        self.handle().pages()
    }

    fn status(&self, what: i32) -> u64 {
        self.handle().status(what)
    }

    fn handle(&self) -> Handle {
        // SAFETY: whoever asks it does so while `self` is alive.
        Handle(unsafe { self.conn.handle() })
    }
}

/// Refuses a schema whose texts are no UTF-8; a snapshot is without such entries.
fn check_names(conn: &Connection, path: &Path) -> Result<()> {
    if are_utf_8(conn) {
        return Ok(());
    }
    let reason =
        "its schema holds names that are no UTF-8; PRAGMA integrity_check tells whether it is damaged";
    Err(Error::Open { path: path.to_owned(), reason: reason.to_owned() })
}

/// The connection for SQLite's own functions.
#[derive(Clone, Copy)]
struct Handle(*mut ffi::sqlite3);

// SAFETY: the handle moves to another thread only together with its connection, which is `Send`.
unsafe impl Send for Handle {}

impl Handle {
    fn pages(self) -> u64 {
        self.status(ffi::SQLITE_DBSTATUS_CACHE_HIT) + self.status(ffi::SQLITE_DBSTATUS_CACHE_MISS)
    }

    fn status(self, what: i32) -> u64 {
        let (mut now, mut highest) = (0, 0);
        // SAFETY: the handle is of an open connection, and both pointers are to locals.
        unsafe { ffi::sqlite3_db_status(self.0, what, &mut now, &mut highest, 0) };
        u64::from(now.cast_unsigned())
    }
}

/// Binds values by position; parameters without a value stay NULL.
fn bind(statement: &mut Statement<'_>, bindings: &Bindings) -> rusqlite::Result<()> {
    for (i, value) in bindings.iter().enumerate().take(statement.parameter_count()) {
        statement.raw_bind_parameter(i + 1, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
