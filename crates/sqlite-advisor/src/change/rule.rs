//! A sentence that must be true of all rows, and what was found when it was asked.

use crate::error::{Context, Error, Result};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeSet;

/// A sentence about rows that must be true of none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The name by which `--accept` tolerates it.
    pub kind: String,
    /// What the rows are: `goals without a root_id`.
    pub says: String,
    /// A SELECT of the keys of all rows that break it.
    pub sql: String,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The name by which `--accept` tolerates a failure.
    pub kind: String,
    /// What was looked at.
    pub says: String,
    /// How many rows or things fail.
    pub failures: u64,
    /// The first of them, or how the check went.
    pub examples: Vec<String>,
    /// A failure that the user tolerates.
    pub accepted: bool,
}

impl Check {
    /// A check with its failures.
    pub fn new(kind: &str, says: &str, failures: Vec<String>) -> Self {
        let (kind, says, n) = (kind.to_owned(), says.to_owned(), failures.len() as u64);
        Self { kind, says, failures: n, examples: failures, accepted: false }
    }

    /// Nothing failed, or what failed is tolerated.
    pub fn passes(&self) -> bool {
        self.failures == 0 || self.accepted
    }

    /// Marks a failure as tolerated if its kind, or `all`, is among `accept`.
    pub fn accept(mut self, accept: &BTreeSet<String>) -> Self {
        self.accepted |= self.failures > 0 && (accept.contains(&self.kind) || accept.contains("all"));
        self
    }
}

impl Rule {
    /// A rule.
    pub fn new(kind: &str, says: &str, sql: &str) -> Self {
        Self { kind: kind.into(), says: says.into(), sql: sql.into() }
    }

    /// Counts the rows that break it and names the first `examples`. A rule that cannot be asked fails.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub fn ask(&self, conn: &Connection, examples: usize) -> Result<Check> {
        let mut check = Check::new(&self.kind, &self.says, vec![]);
        match self.failing(conn, examples) {
            Ok((failures, examples)) => (check.failures, check.examples) = (failures, examples),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(e) => (check.failures, check.examples) = (1, vec![e.to_string()]),
        }
        Ok(check)
    }

    fn failing(&self, conn: &Connection, examples: usize) -> Result<(u64, Vec<String>)> {
        let mut statement = conn.prepare(&self.sql).context(|| "cannot be asked".to_owned())?;
        let mut rows = statement.query([])?;
        let (mut count, mut named) = (0, vec![]);
        while let Some(row) = rows.next()? {
            count += 1;
            if named.len() < examples {
                let key: rusqlite::types::Value = row.get(0)?;
                named.push(match key {
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Integer(i) => i.to_string(),
                    other => format!("{other:?}"),
                });
            }
        }
        Ok((count, named))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_all_and_names_the_first() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("CREATE TABLE t(id, a); INSERT INTO t VALUES ('x', NULL), (2, NULL), ('z', 1)")?;
        let check = Rule::new("null", "without a", "SELECT id FROM t WHERE a IS NULL").ask(&conn, 1)?;
        assert_eq!((check.failures, check.examples.as_slice()), (2, &["x".to_owned()][..]));
        assert!(!check.passes() && check.accept(&["null".to_owned()].into()).passes());
        assert!(!Rule::new("null", "cannot be asked", "SELECT nothing").ask(&conn, 1)?.passes());
        Ok(())
    }
}
