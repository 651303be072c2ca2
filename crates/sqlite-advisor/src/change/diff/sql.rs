//! The statements that bring one schema to another, and the script that runs them.

use super::{Found, TableView, named, pairs, same_index, tables, tables_of};
use crate::change::rebuild::renamed;
use crate::change::script;
use crate::error::Result;
use crate::model::index::quote;
use crate::sql::definition;
use crate::sql::lexer::tokens;
use crate::sqlite::schema::{Object, Schema, Table};
use std::collections::BTreeMap;

/// The statements that bring B to A: columns are added where that is enough, other tables are rebuilt, what only B has
/// is dropped. None if there is nothing to do.
///
/// # Errors
/// [`crate::Error::HostileSchema`] if a table's text is not one plain CREATE.
pub fn to_sql(a: &Schema, b: &Schema) -> Result<Vec<String>> {
    let mut sql = Sql::default();
    for (kind, a, b) in [("TRIGGER", &a.triggers, &b.triggers), ("VIEW", &a.views, &b.views)] {
        let is_same =
            |a: Option<&&Object>, b: Option<&&Object>| a.zip(b).is_some_and(|(a, b)| a.is_defined_as(b));
        for (name, a, b) in pairs(&named(a), &named(b)).filter(|(_, a, b)| !is_same(*a, *b)) {
            sql.before.extend(b.map(|_| format!("DROP {kind} {}", quote(name))));
            // Views may be read by triggers, and are made before them.
            let at = if kind == "VIEW" { 0 } else { sql.after.len() };
            sql.after.splice(at..at, a.map(|text| text.sql.clone()));
        }
    }
    for (name, table, other) in pairs(&tables_of(a), &tables_of(b)) {
        match (table, other) {
            (Some(table), None) => {
                sql.tables.push(table.sql.clone());
                sql.indexes.extend(table.indexes.values().filter_map(|i| i.sql.clone()));
            }
            (None, _) => sql.tables.push(format!("DROP TABLE {}", quote(name))),
            (Some(table), Some(other)) => bring(&mut sql, name, table, other, a, b)?,
        }
    }
    Ok([sql.before, sql.tables, sql.indexes, sql.after].concat())
}

#[derive(Default)]
struct Sql {
    before: Vec<String>,
    tables: Vec<String>,
    indexes: Vec<String>,
    after: Vec<String>,
}

fn bring(
    sql: &mut Sql,
    name: &str,
    a: &TableView<'_>,
    b: &TableView<'_>,
    all_a: &Schema,
    all_b: &Schema,
) -> Result<()> {
    let rebuilt = if same_but_indexes(name, a, b) {
        false
    } else if let Some(added) = added_columns(name, a, b)? {
        sql.tables.extend(added);
        false
    } else {
        sql.tables.extend(rebuild_sql(name, a, b));
        // DROP TABLE took the triggers along; those that differ come back by themselves.
        let others = named(&all_b.triggers);
        let same = all_a.triggers.iter().filter(|t| others.get(&t.name).is_some_and(|o| o.is_defined_as(t)));
        let own = same.filter(|t| t.table.eq_ignore_ascii_case(name));
        sql.after.extend(own.map(|t| t.sql.clone()));
        true
    };
    for (index, i, j) in pairs(&a.indexes, &b.indexes).filter(|(_, i, j)| rebuilt || !same_index(*i, *j)) {
        if !rebuilt && j.is_some_and(|j| j.sql.is_some()) {
            sql.before.push(format!("DROP INDEX {}", quote(index)));
        }
        sql.indexes.extend(i.and_then(|i| i.sql.clone()));
    }
    Ok(())
}

fn same_but_indexes(name: &str, a: &TableView<'_>, b: &TableView<'_>) -> bool {
    let mut found = Found::default();
    tables(&mut found, name, &a.with_automatic_indexes(), &b.with_automatic_indexes());
    found.0.is_empty()
}

/// ALTER TABLE ... ADD COLUMN for what B lacks, if that makes the tables the same: tried on an empty table.
fn added_columns(name: &str, a: &TableView<'_>, b: &Table) -> Result<Option<Vec<String>>> {
    let words = tokens(&a.sql);
    let missing = a.columns.iter().filter(|c| b.column(&c.name).is_none());
    let statements: Vec<String> = missing
        .filter_map(|c| {
            let own = definition::column(&words, &c.name);
            let text = a.sql.get(own.first()?.start..own.last()?.end())?;
            Some(format!("ALTER TABLE {} ADD COLUMN {text}", quote(name)))
        })
        .collect();
    let (conn, guard) = script::empty()?;
    guard.create(&conn, name, &b.sql)?;
    let works = statements.iter().all(|sql| conn.execute(sql, []).is_ok());
    let tried = Schema::read(&conn)?;
    let is_same = |tried: &BTreeMap<_, _>| tried.get(name).is_some_and(|t| same_but_indexes(name, a, t));
    Ok((works && is_same(&tables_of(&tried))).then_some(statements))
}

fn rebuild_sql(name: &str, a: &Table, b: &Table) -> Vec<String> {
    let (old, new) = (quote(name), quote(&format!("{name} rebuilt")));
    let common: Vec<_> =
        b.stored().into_iter().filter(|c| a.stored().iter().any(|d| d.eq_ignore_ascii_case(c))).collect();
    let list = common.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ");
    vec![
        renamed(&a.sql, &new),
        format!("INSERT INTO {new} ({list}) SELECT {list} FROM {old}"),
        format!("DROP TABLE {old}"),
        format!("ALTER TABLE {new} RENAME TO {old}"),
    ]
}

/// The statements as a script for the sqlite3 shell: one transaction, under the settings of a table rebuild.
pub fn script(statements: &[String]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let body: String = statements.iter().map(|s| format!("{s};\n")).collect();
    format!(
        "-- Run with: sqlite3 -bail B.db < this.sql\n\
         PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = ON;\nBEGIN IMMEDIATE;\n{body}COMMIT;\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::diff::compare;
    use crate::change::diff::tests::database;

    const WORLDS: [&str; 4] = [
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT DEFAULT 'x' REFERENCES p(id)); CREATE TABLE p(id TEXT PRIMARY KEY);
         CREATE INDEX i ON t(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; CREATE VIEW v AS SELECT a FROM t;
         INSERT INTO t(a) VALUES ('one');",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE p(id TEXT PRIMARY KEY, q); INSERT INTO t(a) VALUES ('one');
         CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;",
        "CREATE TABLE t(a VARCHAR NOT NULL, id INTEGER PRIMARY KEY, UNIQUE (a)); CREATE INDEX i ON t(a DESC) WHERE id > 3;
         CREATE VIEW v AS SELECT id FROM t; INSERT INTO t(a) VALUES ('one');
         CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END;",
        "",
    ];

    #[test]
    fn the_sql_brings_any_schema_to_any_other_and_keeps_the_rows() -> Result<()> {
        for a in WORLDS {
            for b in WORLDS {
                let (wanted, conn) = (Schema::read(&database(a)?)?, database(b)?);
                let sql = script(&to_sql(&wanted, &Schema::read(&conn)?)?);
                conn.execute_batch(&sql)?;
                let left: Vec<_> =
                    compare(&wanted, &Schema::read(&conn)?).iter().map(ToString::to_string).collect();
                assert_eq!(left, [] as [String; 0], "{sql}");
                if a.contains("TABLE t") && b.contains("TABLE t") {
                    assert_eq!(conn.query_row("SELECT a FROM t", [], |r| r.get::<_, String>(0))?, "one");
                }
            }
        }
        Ok(())
    }
}
