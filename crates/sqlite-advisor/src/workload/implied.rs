//! Statements that the schema itself implies, for when no workload is given: its views, the bodies of its triggers, and
//! the search for the children of a row that a foreign key makes whenever its parent is deleted.

use crate::model::index::quote;
use crate::sql::syntax;
use crate::sqlite::Schema;
use crate::workload::Text;

/// The implied statements as a text like any other.
pub fn text(schema: &Schema) -> Text {
    let mut sql = String::new();
    for view in &schema.views {
        sql.push_str(&format!(
            "-- name: view {}\nSELECT * FROM {};\n",
            one_line(&view.name),
            quote(&view.name)
        ));
    }
    for trigger in &schema.triggers {
        for body in syntax::trigger_statements(&trigger.sql) {
            sql.push_str(&format!("-- name: trigger {}\n{body};\n", one_line(&trigger.name)));
        }
    }
    for table in schema.tables.iter().filter(|t| t.is_indexable()) {
        for key in &table.foreign_keys {
            let name = one_line(&format!("children of {} in {}", key.parent, table.name));
            let compared: Vec<_> = key.columns.iter().map(|c| format!("{} = ?", quote(c))).collect();
            let (from, compared) = (quote(&table.name), compared.join(" AND "));
            sql.push_str(&format!("-- name: {name}\nSELECT 1 FROM {from} WHERE {compared};\n"));
        }
    }
    Text { source: "(the schema)".to_owned(), sql }
}

/// A hostile name must not end the comment that it stands in.
fn one_line(name: &str) -> String {
    name.replace(['\n', '\r'], " ")
}
