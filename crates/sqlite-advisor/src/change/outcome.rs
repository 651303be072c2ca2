//! How a change is to be carried out, and what was measured on the way.

use crate::change::backup::Backup;
use crate::change::rule::Check;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// How a change is to be carried out.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the backups.
    pub backups: PathBuf,
    /// How many backups of this database stay.
    pub keep: usize,
    /// Kinds of failed checks that are tolerated; `all` tolerates each.
    pub accept: BTreeSet<String>,
    /// How long a lock of another process is waited for.
    pub wait: Duration,
    /// Write a receipt, by which `undo` takes it back.
    pub receipt: bool,
}

/// A step that was carried out.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// Its stage's name.
    pub stage: String,
    /// Its title.
    pub title: String,
    /// Its SQL.
    pub sql: String,
    /// Rows changed.
    pub rows: u64,
    /// How long it took.
    pub ns: u64,
}

/// Everything that was measured while a change was carried out, or rehearsed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    /// The change's name.
    pub name: String,
    /// When it began, in RFC 3339.
    pub at: String,
    /// The verified copy; none in a rehearsal or where nothing was pending.
    pub backup: Option<Backup>,
    /// What tells `undo` how to take it back; none where there is no backup.
    pub receipt: Option<PathBuf>,
    /// Older backups that were removed.
    pub removed: Vec<PathBuf>,
    /// The steps that were carried out.
    pub done: Vec<Done>,
    /// How many steps were done before.
    pub already: usize,
    /// Steps that found something else in their place, and what.
    pub differs: Vec<(String, String)>,
    /// What is worth knowing about the data.
    pub notes: Vec<Check>,
    /// The verification before COMMIT.
    pub checks: Vec<Check>,
    /// Rows of each table before.
    pub rows_before: BTreeMap<String, u64>,
    /// Rows of each table after.
    pub rows_after: BTreeMap<String, u64>,
    /// Bytes of the database before.
    pub bytes_before: u64,
    /// Bytes of the database after.
    pub bytes_after: u64,
    /// Named parts of the run and how long each took, in nanoseconds.
    pub times: Vec<(String, u64)>,
    /// True if the database is now changed; false if nothing was pending or a check failed and all was rolled back.
    pub committed: bool,
}

impl Outcome {
    /// Every check passed.
    pub fn verified(&self) -> bool {
        self.checks.iter().all(Check::passes)
    }
}
