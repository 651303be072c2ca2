//! Statements that the schema itself implies, for when no workload is given: its views, the bodies of its triggers, the search
//! for the children of a row that a foreign key makes whenever its parent is deleted, and lookups by every key and existing
//! index, which stand for the statements that they were made for.

use crate::model::index::{Key, quote};
use crate::sql::syntax;
use crate::sqlite::Schema;
use crate::sqlite::schema::Table;
use crate::workload::source::{Origin, QuerySource};

/// The implied statements.
pub fn queries(schema: &Schema) -> Vec<QuerySource> {
    let mut all = vec![];
    let mut add = |name: String, sql: String| {
        let origin = Origin { file: "(the schema)".into(), line: all.len() + 1 };
        all.push(QuerySource { name: Some(name), ..QuerySource::new(sql, origin) });
    };
    for view in &schema.views {
        add(format!("view {}", view.name), format!("SELECT * FROM {}", quote(&view.name)));
    }
    for trigger in &schema.triggers {
        for body in syntax::trigger_statements(&trigger.sql) {
            add(format!("trigger {}", trigger.name), body);
        }
    }
    for table in schema.tables.iter().filter(|t| t.is_indexable()) {
        for key in &table.foreign_keys {
            let name = format!("children of {} in {}", key.parent, table.name);
            add(name, lookup("1", table, &key.columns.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        for (name, sql) in lookups(schema, table) {
            add(name, sql);
        }
    }
    all
}

/// A row by the primary key, and by the columns of each index; the whole table where it has neither.
fn lookups(schema: &Schema, table: &Table) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = vec![];
    let mut add = |name: String, sql: String| {
        if found.iter().all(|(_, known)| *known != sql) {
            found.push((name, sql));
        }
    };
    let key: Vec<&str> = table.primary_key().iter().map(|c| c.name.as_str()).collect();
    if !key.is_empty() {
        add(format!("{} by its key", table.name), lookup("*", table, &key));
    }
    for index in schema.indexes_of(&table.name) {
        let columns = index.index.key.iter().map_while(|term| match &term.key {
            Key::Column(column) => Some(column.as_str()),
            Key::Expression(_) => None,
        });
        let columns: Vec<&str> = columns.collect();
        // What a partial index is for cannot be told from it alone.
        if !columns.is_empty() && index.index.filter.is_none() {
            add(format!("{} by {}", table.name, columns.join(", ")), lookup("*", table, &columns));
        }
    }
    if found.is_empty() {
        found.push((format!("all of {}", table.name), format!("SELECT * FROM {}", quote(&table.name))));
    }
    found
}

fn lookup(what: &str, table: &Table, columns: &[&str]) -> String {
    let compared: Vec<_> = columns.iter().map(|c| format!("{} = ?", quote(c))).collect();
    format!("SELECT {what} FROM {} WHERE {}", quote(&table.name), compared.join(" AND "))
}
