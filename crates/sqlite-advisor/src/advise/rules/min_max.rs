//! `min` and `max` in one SELECT, or of a UNION.
//!
//! **Finds** `SELECT min(x), max(x) FROM t` with nothing that groups, and `SELECT max(x) FROM (SELECT x FROM t UNION ALL SELECT x
//! FROM u)`. **Why:** alone each is the end of an index; together, and of rows that several tables give, all of it is read
//! (<https://www.sqlite.org/optoverview.html#minmax>). **Verified** by running one scalar subquery for each.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::sql::scope::{each_select, fixed_columns};
use crate::sql::syntax::ast::{As, Expr, Name, OneSelect, ResultColumn, Select, SelectTable, Stmt};
use crate::sql::syntax::{column_name, cores_mut, extreme_of, is_union, result_name, select_of};
use crate::sqlite::schema::Table;

/// The rule's name.
pub const NAME: &str = "min_max";

/// Looks at the outermost SELECT of each statement, and at every SELECT from a UNION.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = of_unions(context)?;
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
                if context.lacks(&index) {
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

/// `min` or `max` of what several SELECTs give.
fn of_unions(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut place) = (stmt.clone(), None);
        each_select(&mut rewritten, context.schema(), |select, _| {
            if let Some((whole, table, column)) = of_each(context, select) {
                *select = whole;
                place = Some((table, column));
            }
        });
        let Some((table, column)) = place else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what = "every row of a UNION is read for the least or greatest of them; each SELECT alone reads one end of an index";
        let found = context.rewrite(i, &rewritten, &indexes, what)?;
        all.extend(found.map(|f| f.on(&table, vec![column])));
    }
    Ok(all)
}

/// The same SELECT over the least or greatest of each part of the UNION, with the first table and column.
fn of_each(context: &RuleContext<'_>, select: &Select) -> Option<(Select, String, String)> {
    let mut whole = select.clone();
    let OneSelect::Select { columns, from: Some(from), where_clause: None, group_by: None, .. } =
        &mut whole.body.select
    else {
        return None;
    };
    let [column] = columns.as_slice() else { return None };
    let (ResultColumn::Expr(function, _), of) = (column, column_name(extreme(column)?)?) else { return None };
    let SelectTable::Select(union, _) = from.select.as_mut() else { return None };
    let plain = union.with.is_none() && union.order_by.is_empty() && union.limit.is_none();
    if !plain || !is_union(union) || !from.joins.is_empty() || union.body.compounds.is_empty() {
        return None;
    }
    let mut tables = vec![];
    for (at, core) in cores_mut(union).enumerate() {
        let table = core_table(context, core)?;
        let inner = core.clone();
        let OneSelect::Select { distinctness: None, columns, from, where_clause, group_by: None, .. } = core
        else {
            return None;
        };
        let [ResultColumn::Expr(e, alias)] = columns.as_slice() else { return None };
        if at == 0 && !result_name(e, alias.as_ref()).eq_ignore_ascii_case(of) {
            return None;
        }
        let found = table.column(column_name(e)?)?;
        tables.push((table, found));
        let mut one = function.as_ref().clone();
        if let Expr::FunctionCall { args, .. } = &mut one {
            *args = vec![e.clone()];
        }
        let mut least = select_of(inner);
        if let OneSelect::Select { columns, .. } = &mut least.body.select {
            *columns = vec![ResultColumn::Expr(Box::new(one), None)];
        }
        let name = As::As(Name::exact(of.to_owned()));
        *columns = vec![ResultColumn::Expr(Box::new(Expr::Subquery(least)), Some(name))];
        (*from, *where_clause) = (None, None);
    }
    // What is compared as text by one and as a number by another has another least.
    let (table, first) = tables.first().copied()?;
    let alike = tables
        .iter()
        .all(|(_, c)| c.affinity == first.affinity && c.collation.eq_ignore_ascii_case("BINARY"));
    let large = tables.iter().any(|(table, _)| context.is_large(table));
    let (table, column) = (table.name.clone(), first.name.clone());
    (alike && large).then_some((whole, table, column))
}

/// The only table of a SELECT.
fn core_table<'s>(context: &RuleContext<'s>, core: &OneSelect) -> Option<&'s Table> {
    let OneSelect::Select { from: Some(from), .. } = core else { return None };
    let SelectTable::Table(name, ..) = from.select.as_ref() else { return None };
    context.schema().table(name.name.as_str()).filter(|t| t.is_indexable() && from.joins.is_empty())
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
    fn each_part_of_a_union_has_an_end_of_its_own() -> Result<()> {
        let schema = format!(
            "{SCHEMA} CREATE TABLE u(x INT, y INT); INSERT INTO u SELECT a, b FROM t;
            CREATE INDEX t_b ON t(b, a); CREATE INDEX u_y ON u(y, x)"
        );
        let sql = "SELECT max(a) FROM (SELECT a FROM t WHERE b = 3 UNION ALL SELECT x FROM u WHERE y = 3)";
        let advice = one(super::NAME, &schema, sql)?;
        assert_eq!(
            advice.sql().unwrap(),
            "SELECT max (a) FROM (SELECT (SELECT max (a) FROM t WHERE b = 3) AS a UNION ALL SELECT (SELECT max (x) FROM u \
             WHERE y = 3) AS a)"
        );
        let other = "SELECT max(a) FROM (SELECT a FROM t WHERE b = 3 EXCEPT SELECT x FROM u WHERE y = 2);
                     SELECT sum(a) FROM (SELECT a FROM t UNION ALL SELECT x FROM u)";
        assert!(found(super::NAME, &schema, other)?.is_empty());
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
