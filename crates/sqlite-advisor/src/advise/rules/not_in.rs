//! `NOT IN` a subquery.
//!
//! **Finds** `x NOT IN (SELECT y FROM u ...)`, also with UNION. **Why:** the whole list is made first, whatever few rows ask for it, and because
//! one NULL in it makes the answer empty, SQLite has to look for that too
//! (<https://www.sqlite.org/lang_expr.html#the_in_and_not_in_operators>). **Verified** by running `NOT EXISTS`, one for each SELECT, after a look for
//! NULL in both columns: the forms are equal only while there is none.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, quote};
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::ast::{
    Expr, Name, OneSelect, Operator, ResultColumn, Select, SelectTable, Stmt, UnaryOperator,
};
use crate::sql::syntax::{condition, conjunction, cores, enclosed, is_union, select_of, source_name};

/// The rule's name.
pub const NAME: &str = "not_in";

/// Looks at every NOT IN with a subquery, each of its SELECTs on one table.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut inner) = (stmt.clone(), vec![]);
        each_expr(&mut rewritten, context.schema(), |e, scope| {
            if let Some((exists, looked)) = exists(context, e, scope) {
                *e = exists;
                inner.extend(looked);
            }
        });
        let Some((table, column)) = inner.first().cloned() else { continue };
        let index = |(table, column): &(String, String)| Index::on(table, [column.as_str()]);
        let mut indexes: Vec<Index> = inner.iter().map(index).collect();
        indexes.retain(|index| context.lacks(index));
        let what = format!(
            "NOT IN makes the whole list of {table}.{column} before the first row is looked for in it"
        );
        let remedy = format!(
            "the two forms are equal while neither {column} nor what is looked for in it is NULL, as now: declare both NOT NULL"
        );
        let found = context.rewrite(i, &Stmt::clone(&rewritten), &indexes, &what)?;
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// `NOT EXISTS` in the place of `NOT IN`, with the tables and columns that are looked in.
fn exists(context: &RuleContext<'_>, e: &Expr, scope: &Scope<'_>) -> Option<(Expr, Vec<(String, String)>)> {
    let Expr::InSelect { lhs, not: true, rhs } = e else { return None };
    if rhs.with.is_some() || rhs.limit.is_some() || !is_union(rhs) {
        return None;
    }
    let (mut all, mut looked) = (vec![], vec![]);
    for core in cores(rhs) {
        let (one, table, column) = exists_in(context, lhs, core, scope)?;
        all.push(one);
        looked.push((table, column));
    }
    looked
        .iter()
        .any(|(table, _)| context.is_large_name(table))
        .then_some((enclosed(conjunction(all)?), looked))
}

/// The same for one SELECT of the list.
fn exists_in(
    context: &RuleContext<'_>,
    lhs: &Expr,
    core: &OneSelect,
    scope: &Scope<'_>,
) -> Option<(Expr, String, String)> {
    let asked = scope.column(lhs)?;
    let nulls = |table: &str, column: &str| {
        context.number(&format!("SELECT count(*) FROM {} WHERE {} IS NULL", quote(table), quote(column)))
    };
    let (select, table, column) = holds_one(context, lhs, core, scope)?;
    if nulls(&asked.table.name, &asked.column.name) != Some(0) || nulls(&table, &column) != Some(0) {
        return None;
    }
    let not = Expr::Unary(UnaryOperator::Not, Box::new(Expr::Exists(select)));
    Some((enclosed(not), table, column))
}

/// `SELECT 1 FROM u WHERE ... AND x = y` for an `x` that is looked for among the `y` of one SELECT, with the table and column.
pub(super) fn holds_one(
    context: &RuleContext<'_>,
    lhs: &Expr,
    core: &OneSelect,
    scope: &Scope<'_>,
) -> Option<(Select, String, String)> {
    let outer = scope.source_of(lhs)?;
    let asked = scope.column(lhs)?;
    let (inner, table, column) = looked_in(context, core)?;
    if inner.eq_ignore_ascii_case(&outer) {
        return None;
    }
    let qualified = |source: &str, column: &str| {
        Expr::Qualified(Name::exact(source.to_owned()), Name::exact(column.to_owned()))
    };
    // As in IN, the collating sequence is that of the left side.
    let (x, y) = (qualified(&outer, &asked.column.name), qualified(&inner, &column));
    let equal = Expr::Binary(Box::new(x), Operator::Equals, Box::new(y));
    let mut select = select_of(core.clone());
    if let OneSelect::Select { columns, where_clause, distinctness, .. } = &mut select.body.select {
        *distinctness = None;
        *columns = vec![ResultColumn::Expr(Box::new(condition("1")?), None)];
        let whole = match where_clause.take() {
            Some(old) => Expr::Binary(Box::new(enclosed(*old)), Operator::And, Box::new(equal)),
            None => equal,
        };
        *where_clause = Some(Box::new(whole));
    }
    Some((select, table, column))
}

/// The name of the only source of a SELECT, its table, and the column that it gives.
fn looked_in(context: &RuleContext<'_>, core: &OneSelect) -> Option<(String, String, String)> {
    let OneSelect::Select { columns, from: Some(from), group_by: None, .. } = core else {
        return None;
    };
    let ([ResultColumn::Expr(column, _)], true) = (columns.as_slice(), from.joins.is_empty()) else {
        return None;
    };
    let SelectTable::Table(name, ..) = from.select.as_ref() else { return None };
    let table = context.schema().table(name.name.as_str()).filter(|t| t.is_indexable())?;
    let source = source_name(&from.select)?;
    let column = match column.as_ref() {
        Expr::Id(column) => column,
        Expr::Qualified(of, column) if of.as_str().eq_ignore_ascii_case(source) => column,
        _ => return None,
    };
    Some((source.to_owned(), table.name.clone(), table.column(column.as_str())?.name.clone()))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    fn schema(value: &str) -> String {
        format!(
            "CREATE TABLE job(id INTEGER PRIMARY KEY, kind INT, name TEXT);
             CREATE TABLE done(id INTEGER PRIMARY KEY, job INT, how TEXT);
             {{N}} INSERT INTO job(kind, name) SELECT i % 4000, hex(randomblob(9)) FROM n;
             {{N}} INSERT INTO done(job, how) SELECT {value}, iif(i % 3, 'well', 'badly') FROM n;
             CREATE INDEX job_kind ON job(kind); CREATE INDEX done_job ON done(job)"
        )
    }
    const SQL: &str =
        "SELECT name FROM job WHERE kind = 7 AND id NOT IN (SELECT job FROM done WHERE how = 'well')";

    #[test]
    fn few_rows_do_not_need_the_whole_list() -> Result<()> {
        let advice = one(super::NAME, &schema("i"), SQL)?;
        let exists = "NOT EXISTS (SELECT 1 FROM done WHERE (how = 'well') AND job.id = done.job)";
        assert!(advice.sql().unwrap().contains(exists), "{}", advice.sql().unwrap());
        Ok(())
    }

    #[test]
    fn each_select_of_a_union_is_looked_in_by_itself() -> Result<()> {
        let sql = "SELECT name FROM job WHERE kind = 7 AND id NOT IN (SELECT job FROM done UNION SELECT job FROM done WHERE how = 'badly')";
        let advice = one(super::NAME, &schema("i"), sql)?;
        let exists = "AND ((NOT EXISTS (SELECT 1 FROM done WHERE job.id = done.job)) AND (NOT EXISTS (SELECT 1 FROM done \
            WHERE (how = 'badly') AND job.id = done.job)))";
        assert!(advice.sql().unwrap().contains(exists), "{}", advice.sql().unwrap());
        let other = sql.replace("UNION", "EXCEPT");
        assert!(found(super::NAME, &schema("i"), &other)?.is_empty());
        Ok(())
    }

    #[test]
    fn a_null_in_the_list_makes_the_forms_differ() -> Result<()> {
        assert!(found(super::NAME, &schema("nullif(i, 10)"), SQL)?.is_empty());
        Ok(())
    }
}
