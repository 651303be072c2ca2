//! What was done to a database, written into it by the transaction that did it.

use crate::change::Stage;
use crate::change::plan::Planned;
use crate::change::step::{State, Step};
use crate::error::{Context, Result};
use rusqlite::Connection;
use serde::Serialize;

/// The table of the ledger.
pub const TABLE: &str = "advisor_ledger";

/// One step that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The stage it belongs to.
    pub stage: String,
    /// Its title.
    pub step: String,
    /// The checksum of its SQL.
    pub checksum: String,
    /// When the run began, in RFC 3339.
    pub at: String,
    /// Rows changed.
    pub rows: u64,
    /// The version of the tool.
    pub tool: String,
}

/// Adds entries, and the table if it is the first time.
///
/// # Errors
/// [`crate::Error::Sqlite`] if SQLite refuses.
pub fn write(conn: &Connection, entries: &[Entry]) -> Result<()> {
    let failed = || "cannot write the ledger".to_owned();
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS advisor_ledger (id INTEGER PRIMARY KEY, stage TEXT NOT NULL, step TEXT NOT NULL,
         checksum TEXT NOT NULL, at TEXT NOT NULL, rows INTEGER NOT NULL, tool TEXT NOT NULL)",
    )
    .context(failed)?;
    let mut insert = conn
        .prepare("INSERT INTO advisor_ledger (stage, step, checksum, at, rows, tool) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .context(failed)?;
    for e in entries {
        let rows = i64::try_from(e.rows).unwrap_or(i64::MAX);
        insert.execute((&e.stage, &e.step, &e.checksum, &e.at, rows, &e.tool)).context(failed)?;
    }
    Ok(())
}

/// All entries in their order; none where there is no ledger.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the table is not one of this tool's.
pub fn read(conn: &Connection) -> Result<Vec<Entry>> {
    if !conn.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?.exists([TABLE])? {
        return Ok(vec![]);
    }
    let failed = || format!("table {TABLE} is not a ledger of this tool; rename it");
    let mut select = conn
        .prepare("SELECT stage, step, checksum, at, rows, tool FROM advisor_ledger ORDER BY id")
        .context(failed)?;
    let entries = select.query_map([], |r| {
        let rows: i64 = r.get(4)?;
        let rows = rows.unsigned_abs();
        Ok(Entry {
            stage: r.get(0)?,
            step: r.get(1)?,
            checksum: r.get(2)?,
            at: r.get(3)?,
            rows,
            tool: r.get(5)?,
        })
    })?;
    entries.collect::<rusqlite::Result<_>>().context(failed)
}

/// A number that changes with the step's SQL: FNV-1a, 64 bits.
pub fn checksum(step: &Step) -> String {
    let hash = step
        .sql()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
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
    /// What the ledger says of it.
    pub entry: Option<Entry>,
    /// The step was carried out with another SQL than it has today.
    pub edited: bool,
}

/// Holds the plan against the ledger.
pub fn status(stages: &[Stage], plan: &[Planned], ledger: &[Entry]) -> Vec<Status> {
    let steps = stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)));
    steps
        .zip(plan)
        .map(|((stage, step), planned)| {
            let entry =
                ledger.iter().rev().find(|e| e.stage == stage.name && e.step == step.title()).cloned();
            Status {
                stage: stage.name.clone(),
                step: step.title(),
                state: match &planned.state {
                    State::Done => "done".to_owned(),
                    State::Pending => "pending".to_owned(),
                    State::Differs(how) => how.clone(),
                },
                edited: entry.as_ref().is_some_and(|e| e.checksum != checksum(step)),
                entry,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        assert_eq!(read(&conn)?, []);
        let step = Step::add_column("t", "a", "TEXT");
        let entry = Entry {
            stage: "M1".into(),
            step: step.title(),
            checksum: checksum(&step),
            at: "2026-01-01T00:00:00Z".into(),
            rows: 7,
            tool: "0".into(),
        };
        write(&conn, std::slice::from_ref(&entry))?;
        write(&conn, std::slice::from_ref(&entry))?;
        assert_eq!(read(&conn)?, [entry.clone(), entry]);
        Ok(())
    }

    #[test]
    fn a_checksum_follows_the_text() {
        assert_ne!(
            checksum(&Step::add_column("t", "a", "TEXT")),
            checksum(&Step::add_column("t", "a", "STRING"))
        );
    }
}
