//! Indexes that SQLite builds anew at each run.
//!
//! **Finds** statements whose plan has an AUTOMATIC INDEX with all advice followed
//! (<https://www.sqlite.org/optoverview.html#automatic_query_time_indexes>). **Why:** every run reads and sorts the whole
//! table for it and throws it away. **Verified** by running the statement with that index kept: its key is in the plan.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::model::plan::Plan;
use crate::sql::scope::each_select;
use crate::sql::syntax::ast::Stmt;
use std::collections::{BTreeMap, BTreeSet};

/// The rule's name.
pub const NAME: &str = "automatic_index";

/// Looks at the statements that build one.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let Some(comparison) = context.comparison(i).filter(|p| p.after.automatic_index_rows > 0) else {
            continue;
        };
        for (table, columns) in kept(context, &stmt, &comparison.plans_after) {
            let rows = crate::model::units::count(context.rows(&table));
            let what = format!("builds an index over {table} ({rows} rows) at each run and throws it away");
            let index = Index::on(&table, columns.iter().map(String::as_str));
            all.extend(context.index(i, &index, &what)?.map(|f| f.on(&table, columns)));
        }
    }
    Ok(all)
}

/// The large tables that get an automatic index, with its key.
fn kept(context: &RuleContext<'_>, stmt: &Stmt, plans: &[Plan]) -> BTreeSet<(String, Vec<String>)> {
    let mut sources: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    each_select(&mut stmt.clone(), context.schema(), |_, scope| {
        for (name, table) in scope.tables() {
            sources.entry(name.to_owned()).or_default().insert(table.name.clone());
        }
    });
    let mut found = BTreeSet::new();
    for node in plans.iter().flat_map(|p| &p.nodes) {
        for (name, tables) in &sources {
            let mut one = tables.iter();
            let (Some(table), None) = (one.next(), one.next()) else { continue };
            let Some(table) = context.schema().table(table).filter(|t| context.is_large(t)) else { continue };
            let columns = automatic_key(&node.detail, name).into_iter().flatten();
            let columns: Option<Vec<String>> =
                columns.map(|c| table.column(c).map(|c| c.name.clone())).collect();
            found.extend(columns.filter(|c| !c.is_empty()).map(|c| (table.name.clone(), c)));
        }
    }
    found
}

/// The columns in `SEARCH name USING AUTOMATIC COVERING INDEX (a=? AND b=?)`.
fn automatic_key<'d>(detail: &'d str, name: &str) -> Option<Vec<&'d str>> {
    let rest = detail.strip_prefix("SEARCH ")?.strip_prefix(name)?.strip_prefix(" USING AUTOMATIC ")?;
    let (_, key) = rest.split_once(" (").or_else(|| rest.split_once('('))?;
    let (key, _) = key.split_once(')')?;
    Some(key.split(" AND ").filter_map(|term| term.split_once('=').map(|(column, _)| column)).collect())
}

#[cfg(test)]
mod tests {
    use super::automatic_key;
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    fn schema(index: &str) -> String {
        format!(
            "CREATE TABLE a(id INTEGER PRIMARY KEY, x INT); CREATE TABLE b(id INTEGER PRIMARY KEY, y INT, z TEXT);
             {{N}} INSERT INTO a(x) SELECT i * 7 % 20011 FROM n WHERE i % 10 = 0;
             {{N}} INSERT INTO b(y, z) SELECT i * 11 % 20011, hex(randomblob(20)) FROM n; {index}"
        )
    }
    const SQL: &str = "SELECT count(z) FROM a LEFT JOIN b ON a.x = b.y";

    #[test]
    fn an_index_that_is_built_at_each_run_is_better_kept() -> Result<()> {
        let advice = one(super::NAME, &schema(""), SQL)?;
        assert!(advice.common().reason.contains("builds an index over"), "{}", advice.common().reason);
        assert!(
            found(super::NAME, &schema("CREATE INDEX b_y ON b(y); CREATE INDEX a_x ON a(x)"), SQL)?
                .is_empty()
        );
        Ok(())
    }

    #[test]
    fn the_key_is_read_from_the_plan() {
        let line = "SEARCH b USING AUTOMATIC PARTIAL COVERING INDEX (y=? AND z=?)";
        assert_eq!(automatic_key(line, "b"), Some(vec!["y", "z"]));
        assert_eq!(automatic_key("SEARCH bb USING AUTOMATIC INDEX (y=?)", "b"), None);
    }
}
