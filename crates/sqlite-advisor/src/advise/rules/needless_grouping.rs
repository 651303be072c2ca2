//! GROUP BY of rows that differ anyway.
//!
//! **Finds** `SELECT ... FROM a JOIN b ON b.key = a.x GROUP BY a.key` without an aggregate, where every other table is joined
//! by a unique key. **Why:** each group holds one row, and still all rows are gathered in a
//! temporary b-tree before the first comes, so a LIMIT saves nothing
//! (<https://www.sqlite.org/queryplanner.html#_sorting>). **Cure:** leave it out. **Verified** by running it: equal rows, at a
//! lower cost. **Silent** where a partner may come twice, and where the key holds NULLs, which one group would hold together.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::quote;
use crate::sql::scope::{Scope, each_select};
use crate::sql::syntax::ast::{
    Expr, FromClause, JoinConstraint, JoinOperator, JoinType, OneSelect, Operator, ResultColumn, Select,
};
use crate::sql::syntax::{self, Visitor, conjuncts, source_name};
use crate::sqlite::schema::{Table, TableKind};

/// The rule's name.
pub const NAME: &str = "needless_grouping";

/// Looks at the outermost GROUP BY of every statement.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut key) = (stmt.clone(), None);
        each_select(&mut rewritten, context.schema(), |select, scope| {
            if scope.depth() == 1 && key.is_none() {
                key = without_grouping(context, select, scope);
            }
        });
        let Some((table, columns)) = key else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what = format!(
            "GROUP BY gathers all rows, though no two have the same {} of {table}",
            columns.join(", ")
        );
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        let remedy = format!("the two forms are equal while {} is unique and not NULL", columns.join(", "));
        all.extend(found.map(|f| f.on(&table, columns).with_remedy(remedy)));
    }
    Ok(all)
}

/// Takes the grouping out; what it was, and the unique key that makes it needless.
fn without_grouping(
    context: &RuleContext<'_>,
    select: &mut Select,
    scope: &Scope<'_>,
) -> Option<(String, Vec<String>)> {
    if !select.body.compounds.is_empty() {
        return None;
    }
    let order: Vec<Expr> = select.order_by.iter().map(|o| o.expr.as_ref().clone()).collect();
    let OneSelect::Select { distinctness, columns, from: Some(from), group_by, where_clause, window_clause } =
        &mut select.body.select
    else {
        return None;
    };
    let mut asked = columns.iter().filter_map(|c| match c {
        ResultColumn::Expr(e, _) => Some(e.as_ref()),
        _ => None,
    });
    let group = group_by.as_ref().filter(|g| g.having.is_none() && distinctness.is_none())?;
    if !window_clause.is_empty() || asked.any(calls_an_aggregate) || order.iter().any(calls_an_aggregate) {
        return None;
    }
    let (source, table) = *scope.tables().first()?;
    if !stands_first(from, source) || scope.tables().len() != scope.width() {
        return None;
    }
    let of_first = |e: &Expr| {
        let found = scope.column(e).filter(|f| f.table.name == table.name);
        let own = scope.source_of(e).is_some_and(|s| s.eq_ignore_ascii_case(source));
        found.filter(|_| own).map(|f| f.column.name.clone())
    };
    let named: Vec<String> = group.exprs.iter().filter_map(|e| of_first(e)).collect();
    let key = unique_keys(context, table).into_iter().find(|key| key.iter().all(|c| named.contains(c)))?;
    let whole_filter = where_clause.as_deref();
    let each_once = from.joins.iter().all(|join| {
        let kind = match join.operator {
            JoinOperator::Comma | JoinOperator::TypedJoin(None) => JoinType::INNER,
            JoinOperator::TypedJoin(Some(kind)) => kind,
        };
        let other = JoinType::RIGHT | JoinType::NATURAL;
        let Some(source) = source_name(&join.table) else { return false };
        let on = match &join.constraint {
            Some(JoinConstraint::On(on)) => Some(on.as_ref()),
            None => None,
            Some(JoinConstraint::Using(_)) => return false,
        };
        let inner = !kind.contains(JoinType::LEFT);
        let terms = on.into_iter().chain(whole_filter.filter(|_| inner)).flat_map(conjuncts);
        !kind.intersects(other) && comes_once(context, scope, source, &terms.collect::<Vec<_>>())
    });
    if !each_once {
        return None;
    }
    *group_by = None;
    Some((table.name.clone(), key))
}

fn stands_first(from: &FromClause, source: &str) -> bool {
    source_name(&from.select).is_some_and(|first| first.eq_ignore_ascii_case(source))
}

/// True if the terms fix each column of a unique key of a source to a value from elsewhere, in its own sequence.
fn comes_once(context: &RuleContext<'_>, scope: &Scope<'_>, source: &str, terms: &[&Expr]) -> bool {
    let Some((_, table)) = scope.tables().into_iter().find(|(name, _)| name.eq_ignore_ascii_case(source))
    else {
        return false;
    };
    let own = |e: &Expr| scope.source_of(e).is_some_and(|s| s.eq_ignore_ascii_case(source));
    let fixed = terms.iter().filter_map(|term| {
        let Expr::Binary(a, Operator::Equals, b) = term else { return None };
        let (mine, other) = match (own(a), own(b)) {
            (true, false) => (scope.column(a)?, b),
            (false, true) => (scope.column(b)?, a),
            _ => return None,
        };
        let other = scope.column(other)?;
        let alike = other.column.collation.eq_ignore_ascii_case(&mine.column.collation);
        alike.then(|| mine.column.name.clone())
    });
    let fixed: Vec<String> = fixed.collect();
    let keys =
        table.rowid_alias().map(|c| vec![c.name.clone()]).into_iter().chain(unique_columns(context, table));
    { keys }.any(|key| key.iter().all(|c| fixed.contains(c)))
}

/// The columns of each unique key: equal values can come once, NULLs as often as they like.
fn unique_columns(context: &RuleContext<'_>, table: &Table) -> Vec<Vec<String>> {
    let unique = context.schema().indexes_of(&table.name).filter(|i| i.unique && i.index.filter.is_none());
    let plain = unique.chain(&table.key).filter_map(|i| {
        let own_sequence = i.index.key.iter().all(|t| t.collation.is_none());
        let columns: Option<Vec<String>> =
            i.index.key.iter().map(|t| t.as_column().map(str::to_owned)).collect();
        columns.filter(|_| own_sequence)
    });
    plain.collect()
}

/// Those that hold no NULL.
fn unique_keys(context: &RuleContext<'_>, table: &Table) -> Vec<Vec<String>> {
    let mut keys: Vec<Vec<String>> = table.rowid_alias().map(|c| vec![c.name.clone()]).into_iter().collect();
    let never_null = |name: &String| {
        let declared = table
            .column(name)
            .is_some_and(|c| c.not_null || c.key_position > 0 && table.kind == TableKind::WithoutRowid);
        let nulls = || {
            context.number(&format!(
                "SELECT count(*) FROM {} WHERE {} IS NULL",
                quote(&table.name),
                quote(name)
            ))
        };
        declared || nulls() == Some(0)
    };
    keys.extend(unique_columns(context, table).into_iter().filter(|key| key.iter().all(never_null)));
    keys
}

/// True for an expression with a function that could look at several rows, or with a SELECT.
fn calls_an_aggregate(e: &Expr) -> bool {
    struct Calls(bool);
    impl Visitor for Calls {
        fn select(&mut self, _: &mut Select) {
            self.0 = true;
        }
        fn expr(&mut self, e: &mut Expr) {
            self.0 |= match e {
                Expr::FunctionCallStar { .. } => true,
                Expr::FunctionCall { name, .. } => {
                    !OF_ONE_ROW.iter().any(|f| name.as_str().eq_ignore_ascii_case(f))
                }
                _ => false,
            };
        }
    }
    let mut calls = Calls(false);
    syntax::expr(&mut e.clone(), &mut calls);
    calls.0
}

/// Functions that are known to look at one row.
const OF_ONE_ROW: &[&str] = &[
    "abs",
    "coalesce",
    "date",
    "datetime",
    "format",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json_extract",
    "length",
    "lower",
    "nullif",
    "printf",
    "round",
    "strftime",
    "substr",
    "time",
    "trim",
    "typeof",
    "unixepoch",
    "upper",
];

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE talk(id TEXT PRIMARY KEY, person TEXT, at INT, title TEXT);
        CREATE TABLE person(id TEXT PRIMARY KEY, name TEXT, boss TEXT);
        {N} INSERT INTO person SELECT 'p' || i, 'name ' || i, 'p' || (i / 3) FROM n WHERE i < 500;
        {N} INSERT INTO talk SELECT printf('t%06d', i * 7919 % 20011), 'p' || (i % 499 + 1), i, 'title ' || i FROM n;
        CREATE INDEX talk_at ON talk(at)";

    #[test]
    fn a_limit_ends_early_without_a_grouping_that_groups_nothing() -> Result<()> {
        let sql = "SELECT t.id, t.title, p.name FROM talk t LEFT JOIN person p ON p.id = t.person GROUP BY t.id ORDER BY t.at DESC LIMIT 9";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(!advice.sql().unwrap().contains("GROUP"), "{:?}", advice.sql());
        assert!(advice.common().helps[0].after.vm_steps * 50 < advice.common().helps[0].before.vm_steps);
        Ok(())
    }

    #[test]
    fn partners_that_come_twice_aggregates_and_nulls_are_left_alone() -> Result<()> {
        let sql = "SELECT t.id, p.name FROM talk t JOIN person p ON p.boss = t.person GROUP BY t.id ORDER BY t.at LIMIT 9;
            SELECT t.id, max(p.name) FROM talk t JOIN person p ON p.id = t.person GROUP BY t.id ORDER BY t.at LIMIT 9;
            SELECT t.id FROM talk t, person p WHERE p.id > t.person GROUP BY t.id LIMIT 9";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        let nulls = format!("{SCHEMA}; INSERT INTO talk(at) VALUES (20005), (20006)");
        let sql = "SELECT t.id, p.name FROM talk t LEFT JOIN person p ON p.id = t.person GROUP BY t.id ORDER BY t.at DESC LIMIT 9";
        assert!(found(super::NAME, &nulls, sql)?.is_empty());
        Ok(())
    }
}
