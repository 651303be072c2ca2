//! Rows that are wrong in a way that the migration does not repair, by kind.

use crate::migrations::rules::{ROOTED, dangling_root};
use rusqlite::Connection;
use sqlite_advisor::change::{Check, Rule};
use sqlite_advisor::error::Result;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::Schema;
use std::collections::BTreeMap;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// NULL root_ids of goals that hang on a root.
    pub fillable: u64,
    /// One check for each kind and table.
    pub checks: Vec<Check>,
}

/// How many rows of each kind are named.
const EXAMPLES: usize = 5;

/// Looks for every kind of fault but orphans. The trees are walked once, into a temporary table.
///
/// # Errors
/// [`sqlite_advisor::Error::Sqlite`] if SQLite refuses the temporary table, [`sqlite_advisor::Error::Interrupted`].
pub fn examine(conn: &Connection, schema: &Schema, progress: &dyn Progress) -> Result<Faults> {
    // The rows come in the order of the trees, so the table is filled at random places: it stays in memory.
    conn.execute_batch(
        "PRAGMA temp.cache_size = -32768; CREATE TEMP TABLE sound (id PRIMARY KEY, root) WITHOUT ROWID",
    )?;
    // Where goals has other columns, each rule says so itself.
    let walked = conn.execute_batch(WALK);
    progress.check()?;
    let fillable = "SELECT count(*) FROM goals JOIN temp.sound USING (id) WHERE root_id IS NULL";
    let fillable = walked.and_then(|()| conn.query_row(fillable, [], |r| r.get(0)));
    let mut faults = Faults { fillable: fillable.unwrap_or_default(), checks: vec![] };
    for rule in kinds(schema) {
        progress.check()?;
        faults.checks.push(rule.ask(conn, EXAMPLES)?);
    }
    conn.execute_batch("DROP TABLE temp.sound")?;
    Ok(faults)
}

/// Every kind of fault of the trees of goals, and roots that do not exist.
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
                "WITH RECURSIVE {BROKEN} SELECT id FROM goals WHERE id NOT IN (SELECT id FROM temp.sound)
                 AND id NOT IN (SELECT id FROM broken WHERE id IS NOT NULL)"
            ),
        ),
        Rule::new(
            "wrong-root",
            "goals whose root_id is not the root of their tree",
            "SELECT goals.id FROM goals JOIN temp.sound USING (id)
             WHERE root_id <> root AND root_id IN (SELECT id FROM goals)",
        ),
    ];
    rules.extend(
        ROOTED
            .iter()
            .filter(|t| schema.table(t).is_some_and(|t| t.column("root_id").is_some()))
            .map(|t| dangling_root(t)),
    );
    rules
}

/// Child table, its column, parent table.
const PARENTS: [(&str, &str, &str); 14] = [
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

/// Rows that name no parent, and sessions without a template. `broken` is what foreign_key_check says, by kind.
///
/// It answers for each foreign key that the schema declares, so only where it found something are the rows asked for.
///
/// # Errors
/// [`sqlite_advisor::Error::Interrupted`].
pub fn orphans(
    conn: &Connection,
    schema: &Schema,
    broken: &BTreeMap<String, u64>,
    progress: &dyn Progress,
) -> Result<Vec<Check>> {
    let mut checks = vec![];
    for (table, column, parent) in PARENTS {
        progress.check()?;
        let Some(child) = schema.table(table) else { continue };
        let says = format!("{table} whose {column} names no row of {parent}");
        let kind = format!("{table}({column}) -> {parent}");
        let declared = child
            .foreign_keys
            .iter()
            .any(|key| key.columns == [column] && key.parent == parent && key.parent_columns == ["id"]);
        checks.push(if declared && !broken.keys().any(|k| k.eq_ignore_ascii_case(&kind)) {
            Check::new("orphan", &says, vec![])
        } else {
            let sql = format!(
                "SELECT {column} FROM {table} AS t WHERE {column} IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM {parent} WHERE id = t.{column})"
            );
            Rule::new("orphan", &says, &sql).ask(conn, EXAMPLES)?
        });
    }
    if schema.table("scheduled_sessions").is_some() {
        let sql = "SELECT id FROM scheduled_sessions WHERE session_template_id IS NULL";
        let without = Rule::new("no-template", "scheduled sessions without template", sql);
        checks.push(without.ask(conn, EXAMPLES)?);
    }
    Ok(checks)
}

/// Goals that hang on a parentless one, with the root of their tree.
const WALK: &str = "WITH RECURSIVE
    tree(id, root) AS (SELECT id, iif(type = 'PracticeSession', COALESCE(root_id, id), id) FROM goals WHERE parent_id IS NULL
      UNION ALL SELECT child.id, root FROM tree JOIN goals AS child ON child.parent_id = tree.id)
    INSERT OR IGNORE INTO temp.sound SELECT id, root FROM tree WHERE id IS NOT NULL";

/// Goals without a real parent and all below them.
const BROKEN: &str = "broken(id, depth) AS (SELECT id, 0 FROM goals WHERE parent_id IS NOT NULL
    AND (parent_id = '' OR parent_id = id OR parent_id NOT IN (SELECT id FROM goals WHERE id IS NOT NULL))
    UNION ALL SELECT child.id, depth + 1 FROM broken JOIN goals AS child ON child.parent_id = broken.id AND child.id <> broken.id)";
