//! The lock: the plans of all statements as a text that is made to be compared line by line.
//!
//! ```text
//! lock 1
//!
//! statement orders of a customer
//!   fingerprint 3f2ab9c04d5e6f71
//!   plan
//!     SEARCH orders USING INDEX orders_customer (customer=?)
//!     USE TEMP B-TREE FOR ORDER BY
//!   accepted full-scan notes
//! ```
//!
//! Statements stand in the order of their names. Nothing in it changes when a statement moves within its file.

use crate::error::{Error, Result};
use crate::model::check::Kind;
use crate::model::plan::Plan;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The first line behind the comment.
const HEAD: &str = "lock 1";
/// What a reader of the file is told.
const ABOUT: &str = "# How SQLite plans each statement. `advisor check --update` writes this file; a change in it is a change of plan.";

/// The plans of all statements, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lock {
    /// The statements.
    pub statements: Vec<Locked>,
}

/// What the lock says of one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Its name, or its fingerprint where it has none.
    pub name: String,
    /// The short name of its shape.
    pub fingerprint: String,
    /// Its plans: one, or one for each set of values that leads to another.
    pub plans: Vec<Plan>,
    /// What is bad and may stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// SQLite's words, where it refuses the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Something bad in a plan, whatever was before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Accepted {
    /// What it is.
    pub kind: Kind,
    /// The table.
    pub table: String,
}

impl Lock {
    /// Sorts the statements.
    pub fn new(mut statements: Vec<Locked>) -> Self {
        statements.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.fingerprint.cmp(&b.fingerprint)));
        Self { statements }
    }

    /// The statement of that name and shape, or else the one of that name, or of that shape.
    pub fn find(&self, name: &str, fingerprint: &str) -> Option<&Locked> {
        let of_shape = |s: &&Locked| s.fingerprint == fingerprint;
        let named = || self.statements.iter().filter(|s| s.name == name);
        named().find(of_shape).or_else(|| named().next()).or_else(|| self.statements.iter().find(of_shape))
    }

    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the line that is none of a lock.
    pub fn parse(text: &str) -> Result<Self> {
        let mut reader = Parser::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            reader.line(line).map_err(|what| Error::Invalid(format!("line {number}: {what}")))?;
        }
        if !reader.headed {
            return Err(Error::Invalid(format!("has no line {HEAD:?}; --update writes the lock anew")));
        }
        Ok(Self::new(reader.statements))
    }
}

#[derive(Default)]
struct Parser {
    headed: bool,
    statements: Vec<Locked>,
}

impl Parser {
    fn line(&mut self, line: &str) -> std::result::Result<(), String> {
        if !self.headed {
            self.headed = line == HEAD;
            return if self.headed {
                Ok(())
            } else {
                Err(format!("{line:?} is not {HEAD:?}; --update writes the lock anew"))
            };
        }
        if let Some(name) = line.strip_prefix("statement ") {
            self.statements.push(Locked { name: name.to_owned(), ..Locked::default() });
            return Ok(());
        }
        let unknown =
            || format!("{line:?} is no line of a lock; resolve the conflict, or write it anew with --update");
        let statement = self.statements.last_mut().ok_or_else(unknown)?;
        if let Some(detail) = line.strip_prefix("    ") {
            let plan = statement.plans.last_mut().ok_or_else(unknown)?;
            plan.nodes.extend(Plan::from_text(detail).nodes);
            return Ok(());
        }
        let line = line.strip_prefix("  ").ok_or_else(unknown)?;
        match line.split_once(' ').unwrap_or((line, "")) {
            ("plan", "") => statement.plans.push(Plan::default()),
            ("fingerprint", value) => value.clone_into(&mut statement.fingerprint),
            ("refused", words) => statement.refused = Some(words.to_owned()),
            ("accepted", what) => {
                let (kind, table) = what.split_once(' ').ok_or_else(unknown)?;
                let kind = kind.parse().map_err(|_| unknown())?;
                statement.accepted.push(Accepted { kind, table: table.to_owned() });
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{ABOUT}\n{HEAD}")?;
        self.statements.iter().try_for_each(|statement| write!(f, "\n{statement}"))
    }
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "statement {}\n  fingerprint {}", self.name, self.fingerprint)?;
        if let Some(words) = &self.refused {
            writeln!(f, "  refused {words}")?;
        }
        for plan in &self.plans {
            writeln!(f, "  plan")?;
            plan.to_string().lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        let mut accepted: Vec<&Accepted> = self.accepted.iter().collect();
        accepted.sort();
        accepted.iter().try_for_each(|a| writeln!(f, "  accepted {} {}", a.kind, a.table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let plan = Plan::from_text("CO-ROUTINE x\n  SCAN t\nSCAN x");
        let scan = Accepted { kind: Kind::FullScan, table: "t".to_owned() };
        let second = Locked {
            name: "b".to_owned(),
            fingerprint: "01".to_owned(),
            plans: vec![plan.clone(), Plan::from_text("SEARCH t USING INDEX i (a=?)")],
            accepted: vec![scan],
            refused: None,
        };
        let first = Locked {
            name: "a".to_owned(),
            refused: Some("no such table: u".to_owned()),
            ..Locked::default()
        };
        Lock::new(vec![second, first])
    }

    #[test]
    fn a_lock_reads_back_as_it_was_written_sorted_by_name() -> Result<()> {
        let text = lock().to_string();
        assert_eq!(Lock::parse(&text)?, lock());
        let blocks: Vec<_> = text.lines().filter(|l| l.starts_with("statement")).collect();
        assert_eq!(blocks, ["statement a", "statement b"]);
        assert!(text.contains("\n  plan\n    CO-ROUTINE x\n      SCAN t\n    SCAN x\n  plan\n"), "{text}");
        Ok(())
    }

    #[test]
    fn what_is_no_lock_is_refused_with_its_line_and_what_to_do() {
        let said = |text: &str| Lock::parse(text).err().map(|e| e.to_string()).unwrap_or_default();
        let conflict = format!("{HEAD}\n\nstatement a\n<<<<<<< ours\n  fingerprint 1\n");
        assert!(said(&conflict).starts_with("line 4: \"<<<<<<< ours\" is no line of a lock; resolve"));
        assert!(said("").contains("--update") && said("lock 7").starts_with("line 1: "));
        assert!(said(&format!("{HEAD}\n    SCAN t\n")).starts_with("line 2: "));
    }

    #[test]
    fn a_statement_is_found_by_its_name_and_else_by_its_shape() {
        let mut lock = lock();
        let name = |name, shape| lock.find(name, shape).map(|s| s.name.as_str());
        assert_eq!((name("b", ""), name("renamed", "01"), name("c", "02")), (Some("b"), Some("b"), None));
        let other = Locked { name: "b".to_owned(), fingerprint: "03".to_owned(), ..Locked::default() };
        lock.statements.push(other.clone());
        assert_eq!(lock.find("b", "03"), Some(&other), "two of one name are told apart by their shapes");
    }
}
