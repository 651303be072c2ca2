//! Does a migrated database hold what the migration promised?

use crate::migrations::{Point, Style, change};
use sqlite_advisor::change::clock::Clock;
use sqlite_advisor::change::verify::{Before, digests, verify as verify_change};
use sqlite_advisor::change::{Check, Step};
use sqlite_advisor::error::Result;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::{Reader, open_immutable};
use std::collections::BTreeSet;
use std::path::Path;

/// Checks columns, indexes by definition, roots, integrity; and, against the backup from before the migration, row
/// counts, the values of untouched columns and foreign keys.
///
/// # Errors
/// [`sqlite_advisor::Error::Open`] if a file is no database, [`sqlite_advisor::Error::Interrupted`].
pub fn verify(
    db: &Path,
    to: Point,
    style: Style,
    against: Option<&Path>,
    accept: &BTreeSet<String>,
    progress: &dyn Progress,
) -> Result<Vec<Check>> {
    let change = change(to, style);
    let before = match against {
        None => Before::default(),
        Some(backup) => {
            let conn = open_immutable(backup)?;
            let steps: Vec<&Step> = change.steps().map(|(_, step)| step).collect();
            Before::measure(&conn, &digests(&conn, &steps, progress)?)?
        }
    };
    let reader = Reader::look_at(db, progress)?;
    let checks = verify_change(&reader.connect()?, &change, &before, 20, &mut Clock::default(), progress)?;
    Ok(checks.into_iter().map(|check| check.accept(accept)).collect())
}
