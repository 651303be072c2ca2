//! Sorting that an index would save, which is not among those advised.
//!
//! **Finds** statements that still sort for ORDER BY, GROUP BY or DISTINCT with all advice followed. **Why:** the advised set
//! leaves an index out where it gains less than it costs on the whole; whoever waits for that statement may see it
//! otherwise. **Verified** by running the statement with the index, whose bytes are told.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, Key, Term};
use crate::sql::scope::{Scope, each_select, fixed_columns};
use crate::sql::syntax::ast::{Expr, OneSelect, Select, SortOrder};
use crate::sqlite::schema::Table;

/// The rule's name.
pub const NAME: &str = "unserved_sort";

/// Looks at the statements that sort.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for sort in sorts(context).into_iter().filter(|s| !s.is_mixed()) {
        let what = format!("sorts rows of {} that an index would give in order", sort.index.table);
        all.extend(sort.finding(context, &what)?);
    }
    Ok(all)
}

/// A sort of one table's rows, and the index that would save it.
#[derive(Debug)]
pub(super) struct Sort {
    statement: usize,
    pub(super) index: Index,
    /// How many of the key's last terms are the order.
    ordering: usize,
}

impl Sort {
    /// True if the order goes up in one column and down in another.
    pub(super) fn is_mixed(&self) -> bool {
        let mut order = self.index.key.iter().rev().take(self.ordering).map(|t| t.descending);
        let first = order.next();
        order.any(|descending| Some(descending) != first)
    }

    /// The finding, if the index helps.
    pub(super) fn finding(self, context: &RuleContext<'_>, what: &str) -> Result<Option<Finding>> {
        let columns = self.index.key.iter().filter_map(|t| t.as_column().map(str::to_owned)).collect();
        let found = context.index(self.statement, &self.index, what)?;
        let remedy = "it is not among the advised indexes, because over all statements it gains less than its bytes and \
             upkeep cost, or another statement would be slower with it; add it if this statement matters more than its weight says";
        Ok(found.map(|f| f.on(&self.index.table, columns).with_remedy(remedy)))
    }
}

/// The outermost sorts of the workload that an index could save.
pub(super) fn sorts(context: &RuleContext<'_>) -> Vec<Sort> {
    let mut all = vec![];
    for (i, _, mut stmt) in context.reads() {
        if !context.comparison(i).is_some_and(|p| p.plans_after.iter().any(|plan| plan.sorts())) {
            continue;
        }
        let mut found = None;
        each_select(&mut stmt, context.schema(), |select, scope| {
            if scope.depth() == 1 && select.body.compounds.is_empty() {
                found = sort(context, i, select, scope);
            }
        });
        all.extend(found);
    }
    all
}

fn sort(context: &RuleContext<'_>, statement: usize, select: &Select, scope: &Scope<'_>) -> Option<Sort> {
    let OneSelect::Select { columns, group_by, where_clause, .. } = &select.body.select else { return None };
    let terms: Vec<(Expr, bool)> = match group_by {
        Some(group) => group.exprs.iter().map(|e| (Expr::clone(e), false)).collect(),
        None => {
            select.order_by.iter().map(|o| (Expr::clone(&o.expr), o.order == Some(SortOrder::Desc))).collect()
        }
    };
    let aliases: Vec<&str> = columns
        .iter()
        .filter_map(|c| match c {
            crate::sql::syntax::ast::ResultColumn::Expr(_, alias) => {
                alias.as_ref().map(|a| a.name().as_str())
            }
            _ => None,
        })
        .collect();
    let (mut table, mut order): (Option<&Table>, Vec<Term>) = (None, vec![]);
    for (e, descending) in &terms {
        let (e, collation) = match e {
            Expr::Collate(inner, name) => (inner.as_ref(), Some(name.as_str().to_uppercase())),
            other => (other, None),
        };
        // ORDER BY takes an alias of the result before a column.
        if matches!(e, Expr::Id(name) if aliases.contains(&name.as_str())) {
            return None;
        }
        let found = scope.column(e)?;
        if table.is_some_and(|t| t.name != found.table.name) {
            return None;
        }
        table = Some(found.table);
        let collation = collation.filter(|c| !c.eq_ignore_ascii_case(&found.column.collation));
        order.push(Term { key: Key::Column(found.column.name.clone()), collation, descending: *descending });
    }
    let table = table.filter(|t| context.is_large(t))?;
    let fixed = fixed_columns(where_clause.as_deref(), scope, table);
    order.retain(|t| t.as_column().is_none_or(|c| !fixed.iter().any(|f| f == c)));
    let ordering = order.len();
    // All down is all up read backwards.
    if order.iter().all(|t| t.descending) {
        order.iter_mut().for_each(|t| t.descending = false);
    }
    let key: Vec<Term> = fixed.iter().map(|c| Term::column(c)).chain(order).collect();
    let index = Index { table: table.name.clone(), key, filter: None };
    (ordering > 0 && context.lacks(&index)).then_some(Sort { statement, index, ordering })
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT);
        {N} INSERT INTO t(a, b, c) SELECT i % 10, i * 7919 % 20011, hex(randomblob(20)) FROM n;";

    #[test]
    fn the_newest_of_a_kind_are_sorted_at_each_run() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT c FROM t WHERE a = 3 ORDER BY b DESC LIMIT 5")?;
        assert_eq!(advice.sql().unwrap(), "CREATE INDEX idx_t_a_b ON t(a, b)");
        assert!(advice.proposal().unwrap().bytes > 0);
        Ok(())
    }

    #[test]
    fn an_alias_in_order_by_is_not_the_column_of_that_name() -> Result<()> {
        assert!(found(super::NAME, SCHEMA, "SELECT -b AS b FROM t ORDER BY b LIMIT 5")?.is_empty());
        Ok(())
    }

    #[test]
    fn what_is_sorted_without_loss_is_left_alone() -> Result<()> {
        let sql = "SELECT c FROM t WHERE a = 3 ORDER BY id LIMIT 5; SELECT c FROM t ORDER BY a, b";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
