//! `min` and `max` in one SELECT.
//!
//! **Finds** `SELECT min(x), max(x) FROM t` with nothing that groups. **Why:** alone each is the end of an index, together they
//! read all of it (<https://www.sqlite.org/optoverview.html#minmax>). **Verified** by running one scalar subquery for each.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::sql::scope::{each_select, fixed_columns};
use crate::sql::syntax::ast::{Expr, OneSelect, ResultColumn, Select, Stmt};
use crate::sql::syntax::extreme_of;

/// The rule's name.
pub const NAME: &str = "min_max";

/// Looks at the outermost SELECT of each statement.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let Stmt::Select(select) = &stmt else { continue };
        let Some(rewritten) = apart(select) else { continue };
        let (mut indexes, mut place) = (vec![], None);
        each_select(&mut stmt.clone(), context.schema(), |select, scope| {
            let (1, [(_, table)]) = (scope.depth(), &scope.tables()[..]) else { return };
            let OneSelect::Select { columns, where_clause, .. } = &select.body.select else { return };
            let fixed = fixed_columns(where_clause.as_deref(), scope, table);
            for column in columns.iter().filter_map(extreme).filter_map(|e| scope.column(e)) {
                let name = column.column.name.as_str();
                place.get_or_insert((table.name.clone(), vec![])).1.push(name.to_owned());
                let index = Index::on(&table.name, fixed.iter().map(String::as_str).chain([name]));
                if !context.indexes_of(&table.name).into_iter().any(|known| index.is_prefix_of(known)) {
                    indexes.push(index);
                }
            }
        });
        let Some((table, mut columns)) = place.filter(|(t, _)| context.rows(t) >= super::context::FEW_ROWS)
        else {
            continue;
        };
        indexes.sort();
        indexes.dedup();
        columns.sort();
        columns.dedup();
        let what = "min and max in one SELECT read every entry; each alone reads one end of an index";
        let found = context.rewrite(i, &Stmt::Select(rewritten), &indexes, what)?;
        all.extend(found.map(|f| f.on(&table, columns)));
    }
    Ok(all)
}

/// The column that a result column takes the least or greatest of.
fn extreme(column: &ResultColumn) -> Option<&Expr> {
    let ResultColumn::Expr(e, _) = column else { return None };
    extreme_of(e)
}

/// One scalar subquery for each result column.
fn apart(select: &Select) -> Option<Select> {
    if select.with.is_some()
        || !select.body.compounds.is_empty()
        || !select.order_by.is_empty()
        || select.limit.is_some()
    {
        return None;
    }
    let OneSelect::Select { columns, from: Some(from), group_by: None, window_clause, .. } =
        &select.body.select
    else {
        return None;
    };
    if columns.len() < 2 || !from.joins.is_empty() || !window_clause.is_empty() {
        return None;
    }
    let mut outer = vec![];
    for column in columns {
        extreme(column)?;
        let ResultColumn::Expr(e, alias) = column else { return None };
        let mut one = select.clone();
        if let OneSelect::Select { columns, .. } = &mut one.body.select {
            *columns = vec![ResultColumn::Expr(e.clone(), None)];
        }
        outer.push(ResultColumn::Expr(Box::new(Expr::Subquery(one)), alias.clone()));
    }
    let mut whole = select.clone();
    if let OneSelect::Select { columns, from, where_clause, .. } = &mut whole.body.select {
        (*columns, *from, *where_clause) = (outer, None, None);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT);
        {N} INSERT INTO t(a, b) SELECT i * 7919 % 20011, i % 4 FROM n;";

    #[test]
    fn both_ends_of_an_index_are_asked_for_apart() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT min(a) AS low, max(a) FROM t WHERE b = 3")?;
        assert_eq!(
            advice.sql().unwrap(),
            "SELECT (SELECT min (a) FROM t WHERE b = 3) AS low, (SELECT max (a) FROM t WHERE b = 3)"
        );
        assert_eq!(advice.proposal().unwrap().needs, ["CREATE INDEX idx_t_b_a ON t(b, a)"]);
        Ok(())
    }

    #[test]
    fn groups_and_other_aggregates_need_every_row() -> Result<()> {
        let sql =
            "SELECT min(a), max(a) FROM t GROUP BY b; SELECT min(a), count(*) FROM t; SELECT max(a) FROM t";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
