//! Is the database ready to be migrated? Everything that a report before a migration should say, and nothing guessed.

mod estimate;
pub mod faults;
mod health;

pub use health::Health;

use crate::migrations::{Point, Style, change, stage};
use crate::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::change::diff::{Difference, compare};
use sqlite_advisor::change::verify::{integrity, violated_foreign_keys};
use sqlite_advisor::change::{State, plan};
use sqlite_advisor::error::Result;
use sqlite_advisor::parallel::joined;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::Reader;
use sqlite_advisor::sqlite::Schema;
use sqlite_advisor::sqlite::schema::{count_rows, table_names};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Looks at everything, and writes nothing.
///
/// # Errors
/// [`sqlite_advisor::Error::Open`] if it is no database, [`sqlite_advisor::Error::Interrupted`].
pub fn examine(db: &Path, style: Style, progress: &dyn Progress) -> Result<Health> {
    let reader = Reader::look_at(db, progress)?;
    // SQLite's own checks take about as long as all questions together, so each has its own connection.
    std::thread::scope(|scope| {
        let checking = scope.spawn(|| {
            let conn = reader.connect()?;
            progress.cancel_token().watch(&conn, || {
                let began = Instant::now();
                let integrity = integrity(&conn)?;
                Ok((integrity, began.elapsed(), violated_foreign_keys(&conn)?))
            })
        });
        let conn = reader.connect()?;
        progress.cancel_token().watch(&conn, || {
            let schema = Schema::read(&conn)?;
            let mut health = health_of(&conn, &schema, style, progress)?;
            let (integrity, reading, foreign_keys) = joined(checking)?;
            health.faults.extend(faults::orphans(&conn, &schema, &foreign_keys, progress)?);
            health.seconds = estimate::seconds(&health, reading);
            Ok(Health { integrity, foreign_keys, processes: processes(db), ..health })
        })
    })
}

/// All questions but those of SQLite's own checks.
fn health_of(conn: &Connection, schema: &Schema, style: Style, progress: &dyn Progress) -> Result<Health> {
    let faults = faults::examine(conn, schema, progress)?;
    let Ahead { complete, ahead, pending, differs } = Ahead::of(conn, style)?;
    let (variant, drift) = drift(schema, complete, style)?;
    let mut rows = BTreeMap::new();
    for table in table_names(conn)? {
        rows.insert(table.clone(), count_rows(conn, &table)?);
    }
    progress.check()?;
    Ok(Health {
        fillable: faults.fillable,
        faults: faults.checks,
        stage: complete.map_or_else(|| "B0".to_owned(), |p| p.to_string()),
        ahead,
        pending,
        differs,
        variant: variant.to_string(),
        drift,
        rows,
        bytes: conn.query_row(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            [],
            |r| r.get(0),
        )?,
        growth: estimate::growth(conn, schema, style)?,
        ..Health::default()
    })
}

/// How far a database has come.
struct Ahead {
    /// The last point before which nothing is pending.
    complete: Option<Point>,
    /// Later stages of which something is done: the stage, done, all.
    ahead: Vec<(String, usize, usize)>,
    /// Steps that are still to be done.
    pending: usize,
    /// Steps that found something else in their place, and what.
    differs: Vec<(String, String)>,
}

impl Ahead {
    fn of(conn: &Connection, style: Style) -> Result<Self> {
        let plan = plan(conn, &change(Point::M5, style))?;
        let (mut complete, mut ahead, mut unbroken) = (None, vec![], true);
        for point in Point::ALL {
            let own: Vec<_> = plan.iter().filter(|p| p.stage == point.to_string()).collect();
            let done = own.iter().filter(|p| p.state != State::Pending).count();
            unbroken &= done == own.len();
            if unbroken {
                complete = Some(point);
            } else if done > 0 {
                ahead.push((point.to_string(), done, own.len()));
            }
        }
        let pending = plan.iter().filter(|p| p.state == State::Pending).count();
        let differs = plan.into_iter().filter_map(|p| match p.state {
            State::Differs(how) => Some((p.title, how)),
            _ => None,
        });
        Ok(Self { complete, ahead, pending, differs: differs.collect() })
    }
}

/// Holds the schema against both real ones, brought to the same stage, and takes the nearer.
fn drift(schema: &Schema, complete: Option<Point>, style: Style) -> Result<(Variant, Vec<Difference>)> {
    let mut nearest = None;
    for variant in Variant::ALL {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        variant.create(&conn)?;
        for point in Point::ALL.into_iter().filter(|p| Some(*p) <= complete) {
            for step in stage(point, style).steps {
                if step.state(&conn, &Schema::read(&conn)?)? == State::Pending {
                    step.run(&conn)?;
                }
            }
        }
        let found = compare(&Schema::read(&conn)?, schema);
        if nearest.as_ref().is_none_or(|(_, best): &(Variant, Vec<Difference>)| found.len() < best.len()) {
            nearest = Some((variant, found));
        }
    }
    Ok(nearest.unwrap_or_default())
}

/// Who else has the file open, where the system shows it in /proc.
fn processes(db: &Path) -> Option<Vec<String>> {
    let db = std::fs::canonicalize(db).ok()?;
    let mut found = vec![];
    for process in std::fs::read_dir("/proc").ok()?.flatten() {
        let id = process.file_name().to_string_lossy().into_owned();
        let is_other = id.bytes().all(|b| b.is_ascii_digit()) && id != std::process::id().to_string();
        let Some(open) = is_other.then(|| std::fs::read_dir(process.path().join("fd")).ok()).flatten() else {
            continue;
        };
        if open.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|target| target == db)) {
            let name = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            found.push(format!("{id} ({})", name.trim()));
        }
    }
    found.sort();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlite_advisor::progress::Silent;

    #[test]
    fn each_kind_of_fault_is_counted_once_where_it_belongs() -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("goals.db");
        let conn = Connection::open(&db)?;
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        Variant::Production.create(&conn)?;
        conn.execute_batch(
            "INSERT INTO goals (id, type, name, parent_id, root_id) VALUES ('u', 'UltimateGoal', '', NULL, NULL),
              ('l', 'LongTermGoal', '', 'u', NULL), ('lost', 'LongTermGoal', '', 'nobody', NULL),
              ('below', 'MidTermGoal', '', 'lost', NULL), ('c1', '', '', 'c2', NULL), ('c2', '', '', 'c1', NULL),
              ('below c', '', '', 'c2', NULL), ('self', '', '', 'self', NULL), ('empty', '', '', '', NULL),
              ('wrong', '', '', 'u', 'l'), ('dangling', 'PracticeSession', '', NULL, 'deleted');
             INSERT INTO activity_instances (id, practice_session_id, activity_definition_id) VALUES ('a', 'u', 'no');",
        )?;
        drop(conn);
        let health = examine(&db, Style::default(), &Silent)?;
        let found: Vec<_> =
            health.faults.iter().filter(|f| f.failures > 0).map(|f| (f.kind.as_str(), f.failures)).collect();
        let expected = [
            ("missing-parent", 1),
            ("empty-parent", 1),
            ("self-parent", 1),
            ("below-broken", 1),
            ("cycle", 3),
            ("wrong-root", 1),
            ("dangling-root", 1),
            ("orphan", 1),
        ];
        assert_eq!(found, expected);
        assert_eq!(
            (health.fillable, health.stage.as_str(), health.variant.as_str()),
            (2, "B0", "production")
        );
        assert!(
            health.drift.is_empty() && !health.is_clean() && health.processes.is_some_and(|p| p.is_empty())
        );
        Ok(())
    }

    #[test]
    fn drift_is_held_against_the_nearer_schema() -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("goals.db");
        let conn = Connection::open(&db)?;
        Variant::Development.create(&conn)?;
        conn.execute_batch("ALTER TABLE goals ADD COLUMN extra TEXT; DROP INDEX idx_template_id")?;
        drop(conn);
        let health = examine(&db, Style::default(), &Silent)?;
        assert_eq!(
            (health.variant.as_str(), health.stage.as_str(), health.is_clean()),
            ("development", "M1", true)
        );
        assert_eq!(
            health.drift.iter().map(|d| d.place.as_str()).collect::<Vec<_>>(),
            ["goals.extra", "goals.idx_template_id"]
        );
        assert_eq!(health.differs.len(), 1);
        Ok(())
    }
}
