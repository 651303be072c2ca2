//! A list of one in `IN`.
//!
//! **Finds** `x IN ('open')` or `x IN (?)` on a table with a partial index. **Why:** SQLite turns it into `x = +'open'`,
//! whose plus hides the value from the condition of a partial index (<https://www.sqlite.org/partialindex.html>). **Verified** by
//! running `x = 'open'`: equal rows, at a lower cost.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::{self, ast::Expr, ast::Stmt, is_constant};
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "single_in";

/// Looks at every IN with one value.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        for (table, column) in places(context, &stmt) {
            let mut rewritten = stmt.clone();
            each_expr(&mut rewritten, context.schema(), |e, scope| {
                if place(e, scope).is_some_and(|p| p == (table.clone(), column.clone()))
                    && let Expr::InList { lhs, rhs, .. } = &*e
                    && let Some(equal) =
                        rhs.first().and_then(|v| syntax::filled("x = v", &[("x", lhs), ("v", v)]))
                {
                    *e = equal;
                }
            });
            let what =
                format!("{column} IN (one value) cannot use the partial indexes of {table}; {column} = can");
            let found = context.rewrite(i, &rewritten, &[], &what)?;
            all.extend(found.map(|f| f.on(&table, vec![column.clone()])));
        }
    }
    Ok(all)
}

fn places(context: &RuleContext<'_>, stmt: &Stmt) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    each_expr(&mut stmt.clone(), context.schema(), |e, scope| found.extend(place(e, scope)));
    let partial = |(table, _): &(String, String)| {
        context.schema().indexes_of(table).any(|i| i.index.filter.is_some())
            || context.advised.iter().any(|c| c.index.table == *table && c.index.filter.is_some())
    };
    found.retain(partial);
    found
}

fn place(e: &Expr, scope: &Scope<'_>) -> Option<(String, String)> {
    let Expr::InList { lhs, not: false, rhs } = e else { return None };
    let found = scope.column(lhs)?;
    let one = rhs.len() == 1 && rhs.first().is_some_and(|v| is_constant(v));
    one.then(|| (found.table.name.clone(), found.column.name.clone()))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE task(id INTEGER PRIMARY KEY, state TEXT, due INT, note TEXT);
        {N} INSERT INTO task(state, due, note) SELECT iif(i % 100, 'done', 'open'), i % 900, hex(randomblob(30)) FROM n;
        CREATE INDEX task_open ON task(due) WHERE state = 'open';";

    #[test]
    fn a_list_of_one_is_written_as_an_equality() -> Result<()> {
        let sql = "-- param: ?1 = 'open'\nSELECT note FROM task WHERE state IN (?1) AND due < 9";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert_eq!(advice.sql().unwrap(), "SELECT note FROM task WHERE (state = ?1) AND due < 9");
        Ok(())
    }

    #[test]
    fn a_list_of_two_and_a_value_outside_the_index_are_left_alone() -> Result<()> {
        let sql = "SELECT note FROM task WHERE state IN ('open', 'x') AND due < 9;
                   SELECT note FROM task WHERE state IN ('done') AND due < 9";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
