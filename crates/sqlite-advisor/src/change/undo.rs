//! The last change that stands, taken back by its receipt.
//!
//! Where nothing else was changed since, the backup comes back page by page: schema, statistics and rows are then exactly
//! what they were. Where rows were, indexes and statistics are put back in place and every row stays. Anything else a
//! person has to decide, and is told what going back to the backup would lose.

use crate::change::ledger::{Receipt, receipts};
use crate::change::restore::overwrite_if;
use crate::change::run::carry_out;
use crate::change::state::{DatabaseState, differing};
use crate::change::statistics::SavedStatistics;
use crate::change::step::Step;
use crate::change::verify::Digests;
use crate::change::{Change, Options, Stage};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::sqlite::{Reader, open_immutable};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// How a change can be taken back.
#[derive(Debug)]
pub struct Undo {
    /// The change.
    pub receipt: Receipt,
    /// The backup that holds what was before.
    pub backup: PathBuf,
    /// What else is not as the change left it: objects by kind and name, `statistics`, `rows of t`.
    pub since: Vec<String>,
    /// Takes it back in place, and leaves every row alone; none where the backup comes back as a whole.
    pub in_place: Option<Change>,
}

/// Finds the last change that stands; none where nothing stands that a receipt tells of. Reads only.
///
/// # Errors
/// [`Error::Open`], and [`Error::Invalid`] where it cannot be taken back: its backup is gone or not what it was, or rows
/// that it changed have been changed again.
pub fn find(db: &Path, folder: &Path, progress: &dyn Progress) -> Result<Option<Undo>> {
    let now = read(&Reader::look_at(db, progress)?.connect()?, progress)?;
    let Some(receipt) = receipts(db, folder)?.into_iter().rev().find(|r| r.stands(&now)) else {
        return Ok(None);
    };
    let backup = folder.join(Path::new(&receipt.backup).file_name().unwrap_or_default());
    if backup.is_symlink() || !backup.is_file() {
        return Err(Error::Invalid(format!(
            "{}: the backup is gone, so {} of {} cannot be taken back",
            backup.display(),
            receipt.name,
            receipt.at
        )));
    }
    let kept = open_immutable(&backup)?;
    if read(&kept, progress)? != receipt.before {
        return Err(Error::Invalid(format!(
            "{}: is not the backup that was made; nothing was changed",
            backup.display()
        )));
    }
    let since = receipt.after.differences(&now);
    let in_place =
        if since.is_empty() { None } else { Some(in_place(&receipt, &now, &kept, &since, &backup)?) };
    Ok(Some(Undo { receipt, backup, since, in_place }))
}

/// Takes a change back as [`find`] said.
///
/// # Errors
/// [`Error::Open`] for a database that is in use, [`Error::Invalid`] if it was changed since [`find`], and those of
/// [`carry_out`]; the database is then as it was.
pub fn undo(db: &Path, undo: &Undo, options: &Options, progress: &dyn Progress) -> Result<()> {
    let Some(change) = &undo.in_place else {
        let same = |conn: &Connection, state: &DatabaseState, why: &str| match read(conn, progress)? == *state
        {
            true => Ok(()),
            false => Err(Error::Invalid(format!("{}: {why}", db.display()))),
        };
        let receipt = &undo.receipt;
        let check = |conn: &Connection| same(conn, &receipt.after, "was changed meanwhile; run it again");
        let conn = overwrite_if(db, &open_immutable(&undo.backup)?, progress, check)?;
        return same(&conn, &receipt.before, "is not as it was before; restore the backup");
    };
    let outcome = carry_out(db, change, &Options { receipt: false, ..options.clone() }, progress)?;
    if outcome.committed {
        return Ok(());
    }
    let failed = outcome.checks.iter().find(|check| !check.passes());
    let why = failed.map_or_else(String::new, |c| format!(": {}: {}", c.says, c.examples.join("; ")));
    Err(Error::Invalid(format!("{}: could not be verified and was left as it is{why}", db.display())))
}

fn read(conn: &Connection, progress: &dyn Progress) -> Result<DatabaseState> {
    progress.cancel_token().watch(conn, || DatabaseState::read(conn, &Digests::new(), progress))
}

/// The steps that take indexes and statistics back. Those that were changed again stay as they are.
fn in_place(
    receipt: &Receipt,
    now: &DatabaseState,
    backup: &Connection,
    since: &[String],
    path: &Path,
) -> Result<Change> {
    let (before, after) = (&receipt.before, &receipt.after);
    let changed = differing(&before.schema, &after.schema);
    if before.rows != after.rows || changed.iter().any(|key| !key.starts_with("index ")) {
        return Err(Error::Invalid(format!(
            "{} of {} changed tables, and since then other things were changed: {}. Going back to the backup would lose \
             those; `advisor restore {} --from {}` does it all the same, and keeps the database aside",
            receipt.name,
            receipt.at,
            since.join(", "),
            receipt.database,
            path.display()
        )));
    }
    let mut steps = vec![];
    for key in changed.iter().filter(|key| now.schema.get(*key) == after.schema.get(*key)) {
        let index = key.trim_start_matches("index ").to_owned();
        match before.schema.get(key) {
            Some(sql) => steps.push(Step::CreateIndex { index, sql: sql.clone() }),
            None => steps.insert(0, Step::DropIndex { index }),
        }
    }
    steps.push(Step::Statistics(SavedStatistics::read(backup)?));
    let stage = Stage { name: "undo".into(), steps, ..Stage::default() };
    Ok(Change { name: format!("undo {}", receipt.name), stages: vec![stage], rules: vec![] })
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
