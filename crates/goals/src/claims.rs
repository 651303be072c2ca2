//! What five reports of the original migrations claim in their verification lists, held against a database.
//!
//! Claims about time belong to the benches, and claims about an application's logs to its owner; all others are here.

use crate::migrations::rules::ROOTED;
use rusqlite::Connection;
use serde::Serialize;
use sqlite_advisor::change::ledger::Receipt;
use sqlite_advisor::error::Result;
use sqlite_advisor::model::index::Term;
use sqlite_advisor::sqlite::schema::{ExistingIndex, Schema, Table};

/// A claim and what is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The report that makes it.
    pub report: &'static str,
    /// What it says.
    pub says: String,
    /// The number claimed, where there is one.
    pub claimed: i64,
    /// The number found; none if the question cannot be asked of this schema.
    pub found: Option<i64>,
}

impl Claim {
    /// It is so.
    pub fn is_true(&self) -> bool {
        self.found == Some(self.claimed)
    }
}

const COMPLETION: &str = "completion report, 2026-01-01";
const HOTFIX: &str = "hotfix, 2026-01-01";
const TEMPLATES: &str = "program day templates, 2026-01-04";
const PRODUCTION: &str = "production migration, 2026-01-04";
const PREFLIGHT: &str = "pre-flight, 2026-01-01";

/// Asks the database about every claim, and the receipts of its migrations about what was carried out.
///
/// # Errors
/// [`sqlite_advisor::Error::Sqlite`] if its schema cannot be read.
pub fn examine(conn: &Connection, receipts: &[Receipt]) -> Result<Vec<Claim>> {
    let steps = receipts.iter().flat_map(|receipt| &receipt.steps);
    examine_steps(conn, steps.map(|entry| (entry.step.as_str(), entry.rows)))
}

fn examine_steps<'s>(conn: &Connection, steps: impl Iterator<Item = (&'s str, u64)>) -> Result<Vec<Claim>> {
    let schema = Schema::read(conn)?;
    conn.execute_batch("CREATE TEMP TABLE carried_out(step TEXT, rows INTEGER)")?;
    for (step, rows) in steps {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        conn.execute("INSERT INTO temp.carried_out VALUES (?, ?)", (step, rows))?;
    }
    let asked = questions().into_iter().map(|(report, says, claimed, sql)| {
        let found = conn.query_row(&sql, [], |r| r.get(0)).ok();
        Claim { report, says, claimed, found }
    });
    let mut claims: Vec<Claim> = asked.collect();
    let named = schema.indexes.iter().filter_map(|i| i.sql.as_deref());
    let unindexed = unindexed_foreign_keys(&schema);
    let partial = named.clone().filter(|sql| sql.contains(" WHERE ")).count();
    for (says, claimed, found) in [
        ("18 foreign key indexes created: of these on a foreign key", 18, on_foreign_keys(&schema)),
        ("3 partial indexes created", 3, partial),
        ("all foreign keys indexed: foreign keys without an index", 0, unindexed),
    ] {
        let (says, found) = (says.to_owned(), i64::try_from(found).ok());
        claims.push(Claim { report: COMPLETION, says, claimed, found });
    }
    Ok(claims)
}

fn questions() -> Vec<(&'static str, String, i64, String)> {
    let mut all = vec![];
    let mut ask =
        |report, says: &str, claimed, sql: &str| all.push((report, says.to_owned(), claimed, sql.to_owned()));
    let columns = |table: &str, names: &str| {
        let names: Vec<_> = names.split(' ').map(|n| format!("'{n}'")).collect();
        format!("SELECT count(*) FROM pragma_table_info('{table}') WHERE name IN ({})", names.join(", "))
    };
    let count = |what: &str| format!("SELECT count(*) FROM {what}");
    for table in ROOTED.iter().filter(|t| **t != "programs") {
        ask(COMPLETION, &format!("{table}.root_id: EXISTS"), 1, &columns(table, "root_id"));
        ask(
            COMPLETION,
            &format!("{table}: 0 NULL root_ids"),
            0,
            &count(&format!("{table} WHERE root_id IS NULL")),
        );
    }
    let named = "sqlite_schema WHERE type = 'index' AND name LIKE 'idx\\_%' ESCAPE '\\'";
    ask(COMPLETION, "28 total indexes created", 28, &count("carried_out WHERE step LIKE 'create index %'"));
    ask(COMPLETION, "28 indexes", 28, &count(named));
    ask(PREFLIGHT, "Total indexes created: 26", 26, &count("carried_out WHERE step LIKE 'create index %'"));
    ask(
        COMPLETION,
        "PRAGMA integrity_check: OK",
        1,
        "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'",
    );
    ask(
        COMPLETION,
        "deleted_at added to 6 tables",
        6,
        &count("carried_out WHERE step LIKE '%add deleted_at%'"),
    );
    ask(
        COMPLETION,
        "updated_at added to 7 tables",
        7,
        &count("carried_out WHERE step LIKE '%add updated_at%'"),
    );
    ask(COMPLETION, "created_at added to metric_values", 1, &columns("metric_values", "created_at"));
    ask(
        COMPLETION,
        "sort_order added to 3 tables",
        3,
        &count("carried_out WHERE step LIKE '%add sort_order%'"),
    );
    ask(
        HOTFIX,
        "activity_instances has completed, notes, data",
        3,
        &columns("activity_instances", "completed notes data"),
    );
    ask(
        HOTFIX,
        "all 13 columns of activity_instances now present",
        13,
        &count("pragma_table_info('activity_instances')"),
    );
    ask(
        TEMPLATES,
        "program_day_templates has 3 columns",
        3,
        &count("pragma_table_info('program_day_templates')"),
    );
    ask(TEMPLATES, "goals.program_day_id added", 1, &columns("goals", "program_day_id"));
    ask(TEMPLATES, "program_days.is_completed added", 1, &columns("program_days", "is_completed"));
    ask(
        TEMPLATES,
        "scheduled_sessions dropped",
        0,
        &count("sqlite_schema WHERE name = 'scheduled_sessions'"),
    );
    ask(TEMPLATES, "program_day_templates entries: 0", 0, &count("program_day_templates"));
    ask(TEMPLATES, "sessions linked to program days: 0", 0, &count("goals WHERE program_day_id IS NOT NULL"));
    ask(
        PRODUCTION,
        "13 tables",
        13,
        &count(
            "sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_kept' ESCAPE '\\'",
        ),
    );
    for (table, n) in [
        ("activity_definitions", 12),
        ("activity_groups", 8),
        ("activity_instances", 14),
        ("goals", 22),
        ("metric_definitions", 12),
        ("metric_values", 8),
        ("practice_session_goals", 2),
        ("program_blocks", 7),
        ("program_days", 7),
        ("program_day_templates", 3),
        ("programs", 11),
        ("session_templates", 8),
        ("split_definitions", 8),
    ] {
        ask(
            PRODUCTION,
            &format!("{table} ({n} columns)"),
            n,
            &count(&format!("pragma_table_info('{table}')")),
        );
    }
    ask(PRODUCTION, "foreign keys intact", 0, &count("pragma_foreign_key_check"));
    ask(PRODUCTION, "39 goals accessible", 39, &count("goals"));
    ask(
        PREFLIGHT,
        "orphaned activity instances: 0",
        0,
        &count(
            "activity_instances WHERE practice_session_id NOT IN (SELECT id FROM goals WHERE id IS NOT NULL)",
        ),
    );
    ask(
        PREFLIGHT,
        "orphaned metric values: 0",
        0,
        &count(
            "metric_values WHERE activity_instance_id NOT IN (SELECT id FROM activity_instances WHERE id IS NOT NULL)",
        ),
    );
    for (table, n) in [("goals", 45), ("activity_instances", 79), ("metric_values", 116)] {
        ask(PREFLIGHT, &format!("row counts unchanged: {n} {table}"), n, &count(table));
    }
    let filled = "SELECT sum(rows) FROM carried_out WHERE step = 'goals: fill root_id'";
    ask(PREFLIGHT, "goals missing root_id that were filled: 20", 20, filled);
    all
}

/// Whether some whole index begins with the column.
fn leads(schema: &Schema, table: &Table, column: &str) -> bool {
    let leads = |i: &ExistingIndex| {
        let first = i.index.key.first().and_then(Term::as_column);
        i.index.filter.is_none() && first.is_some_and(|first| first.eq_ignore_ascii_case(column))
    };
    schema.indexes_of(&table.name).chain(&table.key).any(leads)
}

fn unindexed_foreign_keys(schema: &Schema) -> usize {
    let keys = schema.tables.iter().flat_map(|t| t.foreign_keys.iter().map(move |k| (t, k)));
    keys.filter(|(t, k)| !k.columns.first().is_some_and(|c| leads(schema, t, c))).count()
}

/// Of the indexes on one whole column, those whose column is a foreign key.
fn on_foreign_keys(schema: &Schema) -> usize {
    let is_key = |table: &str, column: &str| {
        let table = schema.table(table);
        table.is_some_and(|t| t.foreign_keys.iter().any(|k| k.columns.iter().any(|c| c == column)))
    };
    let counts = |i: &&ExistingIndex| {
        i.name.starts_with("idx_")
            && !i.name.starts_with("idx_programs")
            && i.index.filter.is_none()
            && matches!(i.index.key.as_slice(), [only] if only.as_column().is_some_and(|c| is_key(&i.index.table, c)))
    };
    schema.indexes.iter().filter(counts).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::{Point, Style, change};
    use crate::schema::Variant;

    fn migrated(variant: Variant) -> Result<Vec<Claim>> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        variant.create(&conn)?;
        let style = Style { faithful: true, rebuild: false };
        let change = change(Point::M5, style);
        let mut carried_out = vec![];
        for (_, step) in change.steps() {
            if step.state(&conn, &Schema::read(&conn)?)? == sqlite_advisor::change::State::Pending {
                carried_out.push((step.title(), step.run(&conn)?));
            }
        }
        examine_steps(&conn, carried_out.iter().map(|(step, rows)| (step.as_str(), *rows)))
    }

    #[test]
    fn false_claims_are_told_with_the_number() -> Result<()> {
        let claims = migrated(Variant::Production)?;
        let false_of_schema: Vec<_> = claims
            .iter()
            .filter(|c| {
                !c.is_true()
                    && !["39 goals", "row counts", "goals missing"].iter().any(|d| c.says.starts_with(d))
            })
            .map(|c| (c.says.as_str(), c.found))
            .collect();
        let expected = [
            ("28 total indexes created", Some(26)),
            ("all 13 columns of activity_instances now present", Some(14)),
            ("18 foreign key indexes created: of these on a foreign key", Some(10)),
            ("all foreign keys indexed: foreign keys without an index", Some(4)),
        ];
        assert_eq!(false_of_schema, expected);
        let dev = migrated(Variant::Development)?;
        let indexes = dev.iter().find(|c| c.says == "28 indexes").unwrap();
        assert_eq!(indexes.found, Some(31));
        Ok(())
    }
}
