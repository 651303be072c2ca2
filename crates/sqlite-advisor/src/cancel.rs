//! How a run is told to stop: one token for the run, cloned into whatever takes long.

use crate::error::{Error, Result};
use rusqlite::{Connection, InterruptHandle};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Instant;

/// True once a deadline is over; never without one.
pub fn is_past(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

/// A flag that stops the stages of one run, and the statements that run on its connections.
///
/// Clones share the flag. Another thread, such as that of a signal handler, may cancel it at any time.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<Shared>);

#[derive(Default)]
struct Shared {
    cancelled: AtomicBool,
    connections: Mutex<Vec<Weak<InterruptHandle>>>,
    folders: Mutex<Vec<PathBuf>>,
    last_resort: Mutex<Option<LastResort>>,
}

/// What is done about a statement, given as text, that nobody can stop.
type LastResort = Box<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("cancelled", &self.cancelled).finish_non_exhaustive()
    }
}

/// Keeps a connection among those that a token interrupts, until it is dropped.
#[must_use = "the connection is interrupted only as long as this value lives"]
pub struct Registered {
    _handle: Arc<InterruptHandle>,
}

impl CancelToken {
    /// The token of a run that nobody stops.
    pub fn never() -> &'static Self {
        static NEVER: LazyLock<CancelToken> = LazyLock::new(CancelToken::default);
        &NEVER
    }

    /// Asks the run to stop, and interrupts the statements that run now
    /// (<https://www.sqlite.org/c3ref/interrupt.html>).
    ///
    /// A statement that begins at this very moment may miss it; calling it again stops that as well.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Release);
        for handle in self.connections().iter().filter_map(Weak::upgrade) {
            handle.interrupt();
        }
    }

    /// True once [`CancelToken::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// [`CancelToken::is_cancelled`] as a result, for `?` at the head of a loop.
    ///
    /// # Errors
    /// [`Error::Interrupted`] once the run is to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// From now on the token interrupts what runs on this connection.
    pub fn register(&self, conn: &Connection) -> Registered {
        let handle = Arc::new(conn.get_interrupt_handle());
        let mut connections = self.connections();
        connections.retain(|connection| connection.strong_count() > 0);
        connections.push(Arc::downgrade(&handle));
        Registered { _handle: handle }
    }

    /// Does the work with the connection registered; whatever was asked when the run was stopped, that is the reason.
    ///
    /// # Errors
    /// That of the work; [`Error::Interrupted`] if the run is to stop.
    pub fn watch<T>(&self, conn: &Connection, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _registered = self.register(conn);
        self.check()?;
        work().map_err(|error| if self.is_cancelled() { Error::Interrupted } else { error })
    }

    /// Notes a folder of copies, which goes by itself when the run ends in order.
    pub(crate) fn note_folder(&self, folder: &Path) {
        let mut folders = self.0.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|folder| folder.exists());
        folders.push(folder.to_owned());
    }

    /// Removes the copies of this run, for a program that is about to end while something is still under way.
    pub fn remove_folders(&self) {
        let folders = self.0.folders.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in folders.iter() {
            // Nothing is left to do about one that stays.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Says what to do about a statement that goes on long after its time: SQLite looks for an interruption between steps,
    /// and one step, such as instr() of two large values, can take for ever. Without it such a statement is waited for.
    pub fn on_last_resort(&self, act: impl Fn(&str) + Send + Sync + 'static) {
        *self.0.last_resort.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(act));
    }

    /// Called with the text of a statement that does not stop.
    pub(crate) fn last_resort(&self, sql: &str) {
        if let Some(act) = self.0.last_resort.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            act(sql);
        }
    }

    fn connections(&self) -> std::sync::MutexGuard<'_, Vec<Weak<InterruptHandle>>> {
        self.0.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    /// Each step of it takes long, so that counting steps would hear of a stop much too late.
    const COSTLY_STEPS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                              SELECT sum(length(randomblob(20000000))) FROM n";

    #[test]
    fn a_statement_of_costly_steps_is_stopped_within_a_second() -> Result<()> {
        let (token, conn) = (CancelToken::default(), Connection::open_in_memory()?);
        let began = Instant::now();
        let result = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(100));
                token.cancel();
            });
            token.watch(&conn, || Ok(conn.query_row(COSTLY_STEPS, [], |r| r.get::<_, i64>(0))?))
        });
        assert!(matches!(result, Err(Error::Interrupted)), "{result:?}");
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        Ok(())
    }

    #[test]
    fn one_run_is_stopped_and_the_other_goes_on() -> Result<()> {
        let (one, other) = (CancelToken::default(), CancelToken::default());
        one.clone().cancel();
        assert!(one.check().is_err() && other.check().is_ok() && CancelToken::never().check().is_ok());
        Ok(())
    }

    #[test]
    fn a_connection_is_forgotten_when_it_is_closed() -> Result<()> {
        let token = CancelToken::default();
        for _ in 0..3 {
            let conn = Connection::open_in_memory()?;
            token.watch(&conn, || Ok(()))?;
        }
        assert_eq!(token.connections().len(), 1);
        Ok(())
    }
}
