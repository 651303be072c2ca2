//! Stand-ins for functions and collating sequences that only the application has.
//!
//! With them its statements can be planned; they are never run, because a stand-in gives no true answer.

use crate::sqlite::session::Session;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Statement};
use std::collections::BTreeSet;

/// What had to be made up so that the statements can be prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandIns {
    /// Functions, by name.
    pub functions: BTreeSet<String>,
    /// Collating sequences, by name.
    pub collations: BTreeSet<String>,
}

/// How many names of one statement are made up before it is given up.
const MOST: usize = 64;

impl StandIns {
    /// Registers all of them on another connection.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn install(&self, conn: &Connection) -> rusqlite::Result<()> {
        self.functions.iter().try_for_each(|name| function(conn, name))?;
        self.collations.iter().try_for_each(|name| collation(conn, name))
    }

    /// Prepares a statement, making up what it lacks; tells whether anything of it was made up.
    ///
    /// # Errors
    /// SQLite's own, if something else is wrong with the statement.
    pub fn prepare<'s>(
        &mut self,
        session: &'s Session,
        sql: &str,
    ) -> rusqlite::Result<(Statement<'s>, bool)> {
        let conn = session.connection();
        let known = (self.functions.len(), self.collations.len());
        for _ in 0..MOST {
            let error = match session.prepare(sql) {
                Ok(statement) => {
                    let grew = known != (self.functions.len(), self.collations.len());
                    return Ok((statement, grew || self.appear_in(sql)));
                }
                Err(error) => error,
            };
            let message = error.to_string();
            if let Some(name) = named(&message, "no such function: ") {
                function(conn, name)?;
                self.functions.insert(name.to_owned());
            } else if let Some(name) = named(&message, "no such collation sequence: ") {
                collation(conn, name)?;
                self.collations.insert(name.to_owned());
            } else {
                return Err(error);
            }
        }
        session.prepare(sql).map(|statement| (statement, true))
    }

    /// A word of the statement is one of ours. Too many matches only cost a proof.
    fn appear_in(&self, sql: &str) -> bool {
        let words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.into_iter().any(|word| {
            self.functions.iter().chain(&self.collations).any(|name| name.eq_ignore_ascii_case(word))
        })
    }
}

fn named<'m>(message: &'m str, prefix: &str) -> Option<&'m str> {
    let rest = message.split_once(prefix)?.1;
    rest.split(|c: char| c.is_whitespace() || c == '(').next().filter(|name| !name.is_empty())
}

fn function(conn: &Connection, name: &str) -> rusqlite::Result<()> {
    let any_arguments = -1;
    // Deterministic, because an index on an expression may hold only such functions.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function(name, any_arguments, flags, |_| Ok(rusqlite::types::Null))
}

fn collation(conn: &Connection, name: &str) -> rusqlite::Result<()> {
    conn.create_collation(name, |a: &str, b: &str| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_application_has_is_made_up_and_said() -> crate::Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch("CREATE TABLE t(a)")?;
        let mut made = StandIns::default();
        assert!(!made.prepare(&session, "SELECT a FROM t")?.1);
        assert!(made.prepare(&session, "SELECT distance(a, 1, 2) FROM t ORDER BY a COLLATE german")?.1);
        assert!(made.prepare(&session, "SELECT Distance(a) FROM t")?.1);
        assert_eq!((made.functions.len(), made.collations.len()), (1, 1));
        assert!(made.prepare(&session, "SELECT b FROM t").is_err());
        let other = Session::in_memory()?;
        made.install(other.connection())?;
        assert!(other.prepare("SELECT distance(1)").is_ok());
        Ok(())
    }
}
