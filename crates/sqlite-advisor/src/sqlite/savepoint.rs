//! Changes of a copy that are taken back when what made them ends, however it ends.

use crate::error::{Context, Result};
use crate::sqlite::Session;

/// An open savepoint of a copy (<https://www.sqlite.org/lang_savepoint.html>); dropping it takes back everything since.
pub struct Savepoint<'s>(&'s Session);

impl<'s> Savepoint<'s> {
    /// Begins one. They nest.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the copy cannot be written.
    pub fn begin(session: &'s Session) -> Result<Self> {
        let begun = session.connection().execute_batch("SAVEPOINT advisor_changes");
        begun.context(|| "cannot begin to change the copy".to_owned())?;
        Ok(Self(session))
    }

    /// Makes changes; false if one of them cannot be made.
    pub fn make(&self, changes: &[String]) -> bool {
        changes.iter().all(|sql| self.0.connection().execute_batch(sql).is_ok())
    }
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        let conn = self.0.connection();
        // A statement that was stopped may have ended the transaction already.
        if !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK TO advisor_changes; RELEASE advisor_changes");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::session::Limit;

    #[test]
    fn what_a_copy_was_changed_by_is_gone_after_an_early_return_too() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)")?;
        let fails = || -> Result<()> {
            let outer = Savepoint::begin(&session)?;
            assert!(
                outer.make(&["CREATE INDEX i ON t(a)".to_owned(), "DELETE FROM t WHERE a = 1".to_owned()])
            );
            let inner = Savepoint::begin(&session)?;
            assert!(!inner.make(&["DELETE FROM t".to_owned(), "DROP TABLE missing".to_owned()]));
            drop(inner);
            assert_eq!(session.run("SELECT a FROM t", &[], Limit::NONE)?.counters.rows, 1);
            session.run("SELECT missing FROM t", &[], Limit::NONE).map(|_| ())
        };
        assert!(fails().is_err());
        assert_eq!(session.run("SELECT a FROM t", &[], Limit::NONE)?.counters.rows, 2);
        assert!(session.prepare("SELECT a FROM t INDEXED BY i").is_err());
        Ok(())
    }
}
