//! The tables that a workload can touch: those that it names, and those that its views, triggers and foreign keys name.
//!
//! Names are looked for as words of the text, so a table too many may be found and none too few.

use crate::sql::lexer::tokens;
use crate::sqlite::Schema;
use crate::sqlite::schema::Object;
use crate::workload::source::QuerySource;
use std::collections::BTreeSet;

/// The names of tables and views, in lower case. With `foreign_keys` the parents and children of a table count as well.
pub fn touched(schema: &Schema, queries: &[QuerySource], foreign_keys: bool) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = queries.iter().flat_map(|query| names_in(&query.sql)).collect();
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
