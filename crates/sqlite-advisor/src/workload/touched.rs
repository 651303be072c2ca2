//! The tables that a workload can touch: those that it names, and those that its views, triggers and foreign keys name.
//!
//! Names are looked for as words of the text, so a table too many may be found and none too few.

use crate::sql::lexer::tokens;
use crate::sqlite::Schema;
use crate::sqlite::schema::{Object, TableKind};
use crate::workload::source::QuerySource;
use std::collections::BTreeSet;

/// The names of tables and views, in lower case. With `foreign_keys` the parents and children of a table count as well.
pub fn touched(schema: &Schema, queries: &[QuerySource], foreign_keys: bool) -> BTreeSet<String> {
    touched_by(schema, queries.iter().map(|query| query.sql.as_str()), foreign_keys)
}

/// The tables whose statistics the planner may read for one statement: those that it can touch, and what virtual tables keep
/// for themselves.
pub fn planned_with(schema: &Schema, sql: &str, foreign_keys: bool) -> BTreeSet<String> {
    let shadows = schema.tables.iter().filter(|t| t.kind == TableKind::Shadow).map(|t| t.name.to_lowercase());
    touched_by(schema, [sql].into_iter(), foreign_keys).into_iter().chain(shadows).collect()
}

fn touched_by<'s>(
    schema: &Schema,
    statements: impl Iterator<Item = &'s str>,
    foreign_keys: bool,
) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = statements.flat_map(names_in).collect();
    loop {
        let known = names.len();
        let (views, triggers) = (schema.views.iter(), schema.triggers.iter());
        let named = |o: &&Object| names.contains(&o.name.to_lowercase());
        let fires = |o: &&Object| names.contains(&o.table.to_lowercase());
        let mut more: BTreeSet<String> =
            views.filter(named).chain(triggers.filter(fires)).flat_map(|o| names_in(&o.sql)).collect();
        for table in schema.tables.iter().filter(|_| foreign_keys) {
            for key in &table.foreign_keys {
                let (child, parent) = (table.name.to_lowercase(), key.parent.to_lowercase());
                if names.contains(&child) || names.contains(&parent) {
                    more.extend([child, parent]);
                }
            }
        }
        names.extend(more);
        if names.len() == known {
            break;
        }
    }
    let objects = schema.tables.iter().map(|t| &t.name).chain(schema.views.iter().map(|v| &v.name));
    objects.map(|name| name.to_lowercase()).filter(|name| names.contains(name)).collect()
}

fn names_in(sql: &str) -> BTreeSet<String> {
    tokens(sql).into_iter().map(|token| token.name().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;

    #[test]
    fn tables_are_found_through_views_triggers_and_foreign_keys() -> Result<()> {
        let conn = rusqlite::Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE a(x); CREATE TABLE b(x); CREATE TABLE \"C d\"(x); CREATE TABLE log(x); CREATE TABLE far(x);
             CREATE TABLE child(x REFERENCES a(x)); CREATE VIEW v AS SELECT * FROM w; CREATE VIEW w AS SELECT * FROM b;
             CREATE TRIGGER t AFTER INSERT ON \"C d\" BEGIN INSERT INTO log VALUES (new.x); END;",
        )?;
        let schema = Schema::read(&conn)?;
        let found = |sql: &str, foreign_keys| {
            touched(&schema, &[sql.into()], foreign_keys).into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("SELECT * FROM main.V", false), "b v w");
        assert_eq!(found("INSERT INTO [c D] SELECT 'z'", false), "c d log");
        assert_eq!(
            (found("SELECT * FROM A", false), found("SELECT * FROM A", true)),
            ("a".into(), "a child".into())
        );
        Ok(())
    }
}
