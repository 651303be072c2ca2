//! What was done to a database: a receipt for each run, beside its backups. Nothing of it stands in the database.
//!
//! A receipt is written before the COMMIT that it speaks of. Whether the change stands is read from the database itself,
//! so a run that was killed between the two has merely left a receipt of what never happened.

use crate::change::backup::{new_file, numbered};
use crate::change::plan::Planned;
use crate::change::state::{DatabaseState, differing};
use crate::change::step::{State, Step};
use crate::change::{Change, Outcome, Stage};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The version of a receipt's form.
const VERSION: u32 = 1;

/// What one run did, and what the database was before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of the receipt's form, 1.
    pub version: u32,
    /// The database's file name.
    pub database: String,
    /// What was carried out: `apply advice.json`.
    pub name: String,
    /// When the run began, in RFC 3339.
    pub at: String,
    /// The version of the tool.
    pub tool: String,
    /// The file name of the backup, which lies beside the receipt.
    pub backup: String,
    /// The steps that were carried out, in their order.
    pub steps: Vec<Entry>,
    /// The database before, which is what the backup holds.
    pub before: DatabaseState,
    /// The database after.
    pub after: DatabaseState,
}

/// One step that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The stage it belongs to.
    pub stage: String,
    /// Its title.
    pub step: String,
    /// Its SQL.
    pub sql: String,
    /// Rows changed.
    pub rows: u64,
}

impl Receipt {
    /// The receipt of a run that is about to be committed.
    pub(super) fn new(db: &Path, outcome: &Outcome, before: DatabaseState, after: DatabaseState) -> Self {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let entry = |done: &crate::change::Done| Entry {
            stage: done.stage.clone(),
            step: done.title.clone(),
            sql: done.sql.clone(),
            rows: done.rows,
        };
        Self {
            version: VERSION,
            database: name(db),
            name: outcome.name.clone(),
            at: outcome.at.clone(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            backup: outcome.backup.as_ref().map(|b| name(&b.path)).unwrap_or_default(),
            steps: outcome.done.iter().map(entry).collect(),
            before,
            after,
        }
    }

    /// Writes it under the next free number, forced to disk.
    pub(super) fn write(&self, db: &Path, folder: &Path) -> Result<PathBuf> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::Invalid(e.to_string()))? + "\n";
        let last = numbered(db, folder)?.last().map_or(0, |(n, _)| *n);
        new_file(db, folder, last + 1, text.as_bytes())
    }

    /// Whether the database is as this run left it, in what the run changed.
    pub fn stands(&self, now: &DatabaseState) -> bool {
        let (before, after) = (&self.before, &self.after);
        let changed = differing(&before.schema, &after.schema);
        if !changed.is_empty() {
            return changed.iter().any(|key| now.schema.get(key) == after.schema.get(key));
        }
        if before.statistics != after.statistics {
            return now.statistics == after.statistics;
        }
        before.rows != after.rows && now.rows == after.rows
    }
}

/// The receipts of a database, oldest first. Links are not followed.
///
/// # Errors
/// [`Error::File`] if one cannot be read, [`Error::Invalid`] if one is none.
pub fn receipts(db: &Path, folder: &Path) -> Result<Vec<Receipt>> {
    let mut all = vec![];
    for (_, path) in numbered(db, folder)? {
        if path.is_symlink() {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(Error::file("cannot read", &path))?;
        let receipt: Receipt = serde_json::from_str(&text).map_err(|e| {
            Error::Invalid(format!("{}: is not a receipt of this tool ({e}); move it away", path.display()))
        })?;
        if receipt.database == db.file_name().unwrap_or_default().to_string_lossy() {
            all.push(receipt);
        }
    }
    Ok(all)
}

/// One line of `--status`.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// The stage.
    pub stage: String,
    /// The step.
    pub step: String,
    /// `done`, `pending` or how it differs.
    pub state: String,
    /// When it was carried out; none where no receipt tells of it.
    pub at: Option<String>,
    /// The version of the tool then.
    pub tool: Option<String>,
    /// Rows changed then.
    pub rows: Option<u64>,
    /// The step was carried out with another SQL than it has today.
    pub edited: bool,
}

/// Holds the plan against the receipts.
pub fn status(change: &Change, plan: &[Planned], receipts: &[Receipt]) -> Vec<Status> {
    let mut told: BTreeMap<(&str, &str), (&Receipt, &Entry)> = BTreeMap::new();
    for receipt in receipts {
        told.extend(receipt.steps.iter().map(|e| ((e.stage.as_str(), e.step.as_str()), (receipt, e))));
    }
    let line = |((stage, step), planned): ((&Stage, &Step), &Planned)| {
        let title = step.title();
        // What was taken back since is pending, and its receipt says nothing of today.
        let entry = told.get(&(stage.name.as_str(), title.as_str()));
        let entry = entry.filter(|_| planned.state != State::Pending);
        Status {
            stage: stage.name.clone(),
            state: match &planned.state {
                State::Done => "done".to_owned(),
                State::Pending => "pending".to_owned(),
                State::Differs(how) => how.clone(),
            },
            at: entry.map(|(receipt, _)| receipt.at.clone()),
            tool: entry.map(|(receipt, _)| receipt.tool.clone()),
            rows: entry.map(|(_, e)| e.rows),
            edited: entry.is_some_and(|(_, e)| e.sql != step.sql()),
            step: title,
        }
    };
    change.steps().zip(plan).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        let outcome =
            Outcome { name: "apply a.sql".into(), at: "2026-01-01T00:00:00Z".into(), ..Outcome::default() };
        let mut after = DatabaseState::default();
        after.schema.insert("index i".into(), "CREATE INDEX i ON t(a)".into());
        Receipt::new(Path::new("x/app.db"), &outcome, DatabaseState::default(), after)
    }

    #[test]
    fn receipts_are_numbered_and_none_is_overwritten_or_found_behind_a_link() -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let db = Path::new("x/app.db");
        assert_eq!(receipts(db, folder.path())?, []);
        receipt().write(db, folder.path())?;
        #[cfg(unix)]
        {
            fs::write(folder.path().join("precious"), "precious").unwrap();
            std::os::unix::fs::symlink(folder.path().join("precious"), folder.path().join("app_0002.json"))
                .unwrap();
        }
        let second = receipt().write(db, folder.path())?;
        assert!(second.ends_with(if cfg!(unix) { "app_0003.json" } else { "app_0002.json" }));
        assert_eq!(receipts(db, folder.path())?, [receipt(), receipt()]);
        assert_eq!(receipts(Path::new("x/app.sqlite"), folder.path())?, []);
        fs::write(folder.path().join("app_0009.json"), "{").unwrap();
        assert!(receipts(db, folder.path()).unwrap_err().to_string().contains("is not a receipt"));
        Ok(())
    }

    #[test]
    fn a_run_that_was_never_committed_does_not_stand() {
        let r = receipt();
        assert!(r.stands(&r.after) && !r.stands(&r.before));
    }
}
