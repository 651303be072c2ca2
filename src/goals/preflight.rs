//! Is the database ready to be migrated? Everything that a report before a migration should say, and nothing guessed.

use crate::change::backup::open_reader;
use crate::change::diff::{Difference, compare};
use crate::change::schema::{count_rows, table_names};
use crate::change::verify::{integrity, violated_foreign_keys};
use crate::change::{Check, Rule, Schema, State, plan};
use crate::error::Result;
use crate::goals::migrations::rules::{ROOTED, dangling_root};
use crate::goals::migrations::{Point, Style, change, stage};
use crate::goals::schema::Variant;
use crate::progress::Progress;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// What was found before a migration.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// What PRAGMA integrity_check complains about.
    pub integrity: Vec<String>,
    /// Rows that break a foreign key, by kind.
    pub foreign_keys: BTreeMap<String, u64>,
    /// NULL root_ids of goals that the migration will fill.
    pub fillable: u64,
    /// Rows that are wrong, by kind; the migration does not repair them.
    pub faults: Vec<Check>,
    /// The last stage that is complete, `B0` for none.
    pub stage: String,
    /// How many steps of each later stage are done all the same.
    pub ahead: Vec<(String, usize, usize)>,
    /// Columns and indexes that stand otherwise than the steps want them.
    pub differs: Vec<(String, String)>,
    /// Which of the two real schemas it is nearest to at that stage.
    pub variant: String,
    /// Where it is not that schema.
    pub drift: Vec<Difference>,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes that the pending steps are expected to add.
    pub growth: u64,
    /// Seconds that they are expected to take on this machine.
    pub seconds: f64,
    /// Other processes that have the database open; none where that cannot be told.
    pub processes: Option<Vec<String>>,
}

impl Health {
    /// The findings that the migration would stumble over.
    pub fn faults(&self) -> u64 {
        self.faults.iter().map(|f| f.failures).sum()
    }

    /// One sentence.
    pub fn verdict(&self) -> String {
        let others = self.processes.as_ref().map_or(0, Vec::len);
        if !self.integrity.is_empty() {
            "not ready: the file is damaged; restore a backup".to_owned()
        } else if self.faults() > 0 {
            let kinds: std::collections::BTreeSet<_> =
                self.faults.iter().filter(|f| f.failures > 0).map(|f| f.kind.as_str()).collect();
            let kinds: Vec<_> = kinds.into_iter().collect();
            format!(
                "{} rows have faults that stay ({}); repair them, or accept what verify says of them",
                self.faults(),
                kinds.join(", ")
            )
        } else if others > 0 {
            format!("ready, but {others} other processes have the database open; they will have to wait")
        } else {
            "ready".to_owned()
        }
    }

    /// True if nothing was found.
    pub fn is_clean(&self) -> bool {
        self.integrity.is_empty() && self.faults() == 0
    }
}

/// Looks at everything, and writes nothing.
///
/// # Errors
/// [`crate::Error::Open`] if it is no database, [`crate::Error::Interrupted`].
pub fn examine(db: &Path, style: Style, progress: &dyn Progress) -> Result<Health> {
    let conn = open_reader(db)?;
    conn.execute_batch("PRAGMA cache_size = -65536")?;
    let began = Instant::now();
    let integrity = integrity(&conn)?;
    let reading = began.elapsed().as_secs_f64();
    let schema = Schema::read(&conn)?;
    let mut faults = vec![];
    for rule in kinds(&schema) {
        progress.check()?;
        faults.push(rule.ask(&conn, 5)?);
    }
    let (complete, ahead, differs) = progress_of(&conn, style)?;
    let (variant, drift) = drift(&schema, complete, style)?;
    let mut rows = BTreeMap::new();
    for table in table_names(&conn)? {
        rows.insert(table.clone(), count_rows(&conn, &table)?);
    }
    let growth = growth(&conn, &schema, style)?;
    let bytes: u64 =
        conn.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |r| {
            r.get(0)
        })?;
    Ok(Health {
        integrity,
        foreign_keys: violated_foreign_keys(&conn)?,
        fillable: fillable(&conn, style).unwrap_or(0),
        faults,
        stage: complete.map_or_else(|| "B0".to_owned(), |p| p.to_string()),
        ahead,
        differs,
        variant: variant.to_string(),
        drift,
        rows,
        bytes,
        growth,
        // The check of the integrity reads every page once; a migration with its backup and checks reads and writes
        // the file and its growth about as often as this factor says (METHODOLOGY.md).
        seconds: reading * PASSES * (1.0 + growth as f64 / bytes.max(1) as f64),
        processes: processes(db),
    })
}

/// How often a whole migration takes the time of one integrity check of the unmigrated file: 2 where the file has to come
/// from the disk first, 6 where it is in memory; so the estimate is right within a factor of two.
const PASSES: f64 = 4.0;

/// The NULL root_ids of goals that hang on a root.
fn fillable(conn: &Connection, style: Style) -> rusqlite::Result<u64> {
    let tree = super::migrations::tree(style);
    let sql = format!(
        "WITH RECURSIVE {tree} SELECT count(*) FROM goals JOIN tree USING (id) WHERE root_id IS NULL"
    );
    conn.query_row(&sql, [], |r| r.get(0))
}

/// Steps that each stage has behind it: the stage, done, all.
type Ahead = Vec<(String, usize, usize)>;
/// Steps that found something else in their place, and what.
type Differs = Vec<(String, String)>;

fn progress_of(conn: &Connection, style: Style) -> Result<(Option<Point>, Ahead, Differs)> {
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
    let differs = plan.into_iter().filter_map(|p| match p.state {
        State::Differs(how) => Some((p.title, how)),
        _ => None,
    });
    Ok((complete, ahead, differs.collect()))
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

/// What the pending indexes and root_ids will take: rows times the mean length of what they hold.
fn growth(conn: &Connection, schema: &Schema, style: Style) -> Result<u64> {
    /// Header, rowid and serial types of a cell, and the share of a page that stays empty.
    const OVERHEAD: f64 = 12.0;
    let mut bytes = 0.0;
    for (_, step) in change(Point::M5, style).steps() {
        let crate::change::Step::CreateIndex { index, sql } = step else { continue };
        let on = sql.split_once(" ON ").and_then(|(_, on)| on.split_once(" ("));
        let Some((table, key)) = on.filter(|_| schema.index(index).is_none()) else { continue };
        let (key, filter) = key.split_once(") WHERE ").unwrap_or((key.trim_end_matches(')'), "1"));
        let length = |column: &str| match column.trim_end_matches(" DESC") {
            "root_id" => "36".to_owned(),
            "group_id" => "0".to_owned(),
            column => format!("COALESCE(length({column}), 0)"),
        };
        let lengths: Vec<_> = key.split(", ").map(length).collect();
        let sample = format!(
            "SELECT avg({}) FROM (SELECT * FROM {table} WHERE {filter} LIMIT 1000)",
            lengths.join(" + ")
        );
        let rows = format!("SELECT count(*) FROM {table} WHERE {filter}");
        let mean: Option<f64> = conn.query_row(&sample, [], |r| r.get(0)).unwrap_or_default();
        let rows: f64 = conn.query_row(&rows, [], |r| r.get(0)).unwrap_or_default();
        bytes += rows * (mean.unwrap_or(0.0) + OVERHEAD);
    }
    for table in ROOTED {
        if schema.table(table).is_some_and(|t| t.column("root_id").is_none()) {
            bytes += count_rows(conn, table)? as f64 * 37.0;
        }
    }
    Ok(bytes as u64)
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

/// Every kind of fault that the migration leaves as it is.
fn kinds(schema: &Schema) -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(
            "missing-parent",
            "goals whose parent does not exist",
            "SELECT id FROM goals WHERE parent_id <> '' AND parent_id NOT IN (SELECT id FROM goals WHERE id IS NOT NULL)",
        ),
        Rule::new(
            "empty-parent",
            "goals whose parent_id is an empty text",
            "SELECT id FROM goals WHERE parent_id = ''",
        ),
        Rule::new(
            "self-parent",
            "goals that are their own parent",
            "SELECT id FROM goals WHERE parent_id = id",
        ),
        Rule::new(
            "below-broken",
            "goals below one of these",
            &format!("WITH RECURSIVE {BROKEN} SELECT id FROM broken WHERE depth > 0"),
        ),
        Rule::new(
            "cycle",
            "goals in or below a cycle of parents",
            &format!(
                "WITH RECURSIVE {SOUND}, {BROKEN} SELECT id FROM goals WHERE id NOT IN (SELECT id FROM sound WHERE id IS NOT NULL) AND id NOT IN (SELECT id FROM broken WHERE id IS NOT NULL)"
            ),
        ),
        Rule::new(
            "wrong-root",
            "goals whose root_id is not the root of their tree",
            &format!(
                "WITH RECURSIVE {SOUND} SELECT goals.id FROM sound JOIN goals USING (id) WHERE root_id <> root AND root_id IN (SELECT id FROM goals)"
            ),
        ),
    ];
    rules.extend(
        ROOTED
            .iter()
            .filter(|t| schema.table(t).is_some_and(|t| t.column("root_id").is_some()))
            .map(|t| dangling_root(t)),
    );
    let orphans = [
        ("activity_instances", "practice_session_id", "goals"),
        ("activity_instances", "activity_definition_id", "activity_definitions"),
        ("metric_values", "activity_instance_id", "activity_instances"),
        ("metric_values", "metric_definition_id", "metric_definitions"),
        ("metric_definitions", "activity_id", "activity_definitions"),
        ("split_definitions", "activity_id", "activity_definitions"),
        ("practice_session_goals", "practice_session_id", "goals"),
        ("practice_session_goals", "short_term_goal_id", "goals"),
        ("program_blocks", "program_id", "programs"),
        ("program_days", "block_id", "program_blocks"),
        ("scheduled_sessions", "day_id", "program_days"),
        ("scheduled_sessions", "session_template_id", "session_templates"),
        ("program_day_templates", "program_day_id", "program_days"),
        ("program_day_templates", "session_template_id", "session_templates"),
    ];
    rules.extend(orphans.iter().filter(|(table, ..)| schema.table(table).is_some()).map(|(table, column, parent)| {
        let sql = format!("SELECT {column} FROM {table} AS t WHERE {column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} WHERE id = t.{column})");
        Rule::new("orphan", &format!("{table} whose {column} names no row of {parent}"), &sql)
    }));
    if schema.table("scheduled_sessions").is_some() {
        rules.push(Rule::new(
            "no-template",
            "scheduled sessions without template",
            "SELECT id FROM scheduled_sessions WHERE session_template_id IS NULL",
        ));
    }
    rules
}

/// Goals that hang on a parentless one, with the root of their tree.
const SOUND: &str = "sound(id, root) AS (SELECT id, iif(type = 'PracticeSession', COALESCE(root_id, id), id) FROM goals
    WHERE parent_id IS NULL UNION ALL SELECT child.id, root FROM sound JOIN goals AS child ON child.parent_id = sound.id)";

/// Goals without a real parent and all below them.
const BROKEN: &str = "broken(id, depth) AS (SELECT id, 0 FROM goals WHERE parent_id IS NOT NULL
    AND (parent_id = '' OR parent_id = id OR parent_id NOT IN (SELECT id FROM goals WHERE id IS NOT NULL))
    UNION ALL SELECT child.id, depth + 1 FROM broken JOIN goals AS child ON child.parent_id = broken.id AND child.id <> broken.id)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

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
