//! Pages by OFFSET.
//!
//! **Finds** `ORDER BY ... LIMIT n OFFSET m` whose rows before the page cost most of it. **Why:** SQLite makes all `m` rows
//! and throws them away (<https://www.sqlite.org/rowvalue.html#scrolling_window_queries>), so each page costs more than the
//! one before. **Cure:** begin behind the last row that was shown: `WHERE (a, id) > (?, ?)`. **Verified** on the page that was
//! tried, with the values of the row before it written in: equal rows, at a lower cost. **Silent** where rows that the order
//! holds for equal cannot be told apart, or an order goes up in one column and down in another.

use crate::advise::rules::context::CHEAP;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{literal, quote};
use crate::sql::scope::{Scope, each_select};
use crate::sql::syntax::ast::{
    Expr, Literal, OneSelect, Operator, ResultColumn, Select, SortOrder, SortedColumn, Stmt,
};
use crate::sql::syntax::{column_name, condition, enclosed, source_name};
use crate::sqlite::schema::TableKind;
use crate::workload::Statement;
use rusqlite::types::Value;

/// The rule's name.
pub const NAME: &str = "page_offset";

/// Rows before a page below which it is not looked at.
const FEW: i64 = 100;

/// Looks at the outermost LIMIT of every statement.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let Some(values) = statement.bindings.first() else { continue };
        let mut order = None;
        each_select(&mut stmt.clone(), context.schema(), |select, scope| {
            if scope.depth() == 1 && order.is_none() {
                order = total_order(select, scope);
            }
        });
        let (Some(order), Stmt::Select(select)) = (order, &stmt) else { continue };
        let Some((skipped, next)) = behind(context, statement, select, order, values) else { continue };
        let sql = Stmt::Select(next.clone()).to_string();
        let indexes = context.indexes_for(&sql)?;
        let what = format!("makes {skipped} rows before its page and throws them away");
        let remedy = "these are the values of the last row of the page before: the application keeps them and asks for the \
             next page with them; a page in the middle can no longer be asked for by its number";
        let found =
            context.rewrite_for(i, std::slice::from_ref(values), &Stmt::Select(next), &indexes, &what)?;
        let found = found.filter(|f| f.experiment().is_some_and(|t| t.before.vm_steps >= CHEAP));
        all.extend(found.map(|f| f.with_remedy(remedy)));
    }
    Ok(all)
}

/// The order of a plain SELECT, by columns all up or all down, the last of which tells all rows apart.
fn total_order(select: &Select, scope: &Scope<'_>) -> Option<Vec<SortedColumn>> {
    let OneSelect::Select { distinctness: None, group_by: None, from: Some(from), columns, .. } =
        &select.body.select
    else {
        return None;
    };
    let mut order = select.order_by.clone();
    let down = order.first()?.order == Some(SortOrder::Desc);
    let one_way = order.iter().all(|o| (o.order == Some(SortOrder::Desc)) == down && o.nulls.is_none());
    // An alias of the result hides the column of its name.
    let hidden = |e: &Expr| {
        columns.iter().any(|c| match c {
            ResultColumn::Expr(given, Some(alias)) => {
                **given != *e && column_name(e).is_some_and(|n| n.eq_ignore_ascii_case(alias.name().as_str()))
            }
            _ => false,
        })
    };
    if !one_way || !select.body.compounds.is_empty() || order.iter().any(|o| hidden(&o.expr)) {
        return None;
    }
    if let [only] = order.as_slice()
        && from.joins.is_empty()
        && is_rowid(&only.expr, scope)
    {
        return Some(order);
    }
    if !order.iter().all(|o| scope.column(&o.expr).is_some()) {
        return None;
    }
    let last = scope.column(&order.last()?.expr)?;
    let is_key = last.table.is_rowid(last.column)
        || (last.table.primary_key().len() == 1 && last.column.key_position == 1);
    if from.joins.is_empty() && !is_key {
        let source = source_name(&from.select)?;
        let key = last.table.rowid_alias()?;
        let expr = condition(&format!("{}.{}", quote(source), quote(&key.name)))?;
        order.push(SortedColumn {
            expr: Box::new(expr),
            order: down.then_some(SortOrder::Desc),
            nulls: None,
        });
    }
    Some(order)
}

/// True for the rowid under its own name, where no column hides it.
fn is_rowid(e: &Expr, scope: &Scope<'_>) -> bool {
    let [(source, table)] = scope.tables()[..] else { return false };
    let name = match e {
        Expr::Id(name) | Expr::Name(name) => name,
        Expr::Qualified(of, name) if of.as_str().eq_ignore_ascii_case(source) => name,
        _ => return false,
    };
    let named = ["rowid", "oid", "_rowid_"].iter().any(|word| name.as_str().eq_ignore_ascii_case(word));
    named && table.kind == TableKind::Rowid && table.column(name.as_str()).is_none()
}

/// The rows that are skipped, and the statement that begins behind them.
fn behind(
    context: &RuleContext<'_>,
    statement: &Statement,
    select: &Select,
    order: Vec<SortedColumn>,
    values: &[Value],
) -> Option<(i64, Select)> {
    let limit = select.limit.as_ref()?;
    let skipped = number(limit.offset.as_deref()?, values).filter(|n| *n >= FEW)?;
    // The row before the page.
    let mut before = select.clone();
    if let (OneSelect::Select { columns, .. }, Some(limit)) = (&mut before.body.select, &mut before.limit) {
        *columns = order.iter().map(|o| ResultColumn::Expr(o.expr.clone(), None)).collect();
        *limit.expr = Expr::Literal(Literal::Numeric("1".to_owned()));
        limit.offset = Some(Box::new(Expr::Literal(Literal::Numeric((skipped - 1).to_string()))));
    }
    let row = context.first_row(statement, &Stmt::Select(before).to_string(), values)?;
    let row: Vec<String> = row.iter().map(written).collect::<Option<_>>()?;
    let sign = if order.first()?.order == Some(SortOrder::Desc) { "<" } else { ">" };
    let names: Vec<String> = order.iter().map(|o| o.expr.to_string()).collect();
    let start = match (names.as_slice(), row.as_slice()) {
        ([name], [value]) => format!("{name} {sign} {value}"),
        _ => format!("({}) {sign} ({})", names.join(", "), row.join(", ")),
    };
    let start = condition(&start)?;
    let mut next = select.clone();
    next.order_by = order;
    if let Some(limit) = &mut next.limit {
        limit.offset = None;
    }
    if let OneSelect::Select { where_clause, .. } = &mut next.body.select {
        let whole = match where_clause.take() {
            Some(old) => Expr::Binary(Box::new(enclosed(*old)), Operator::And, Box::new(start)),
            None => start,
        };
        *where_clause = Some(Box::new(whole));
    }
    Some((skipped, next))
}

/// A number that is written or bound.
fn number(e: &Expr, values: &[Value]) -> Option<i64> {
    match e {
        Expr::Literal(Literal::Numeric(text)) => text.parse().ok(),
        Expr::Variable(v) => match values.get(usize::try_from(v.index.get()).ok()?.checked_sub(1)?)? {
            Value::Integer(n) => Some(*n),
            _ => None,
        },
        _ => None,
    }
}

/// A value as SQL; none for NULL, which has no place in a comparison.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Integer(n) => Some(n.to_string()),
        Value::Real(n) => Some(format!("{n:e}")),
        Value::Text(text) => Some(literal(text)),
        Value::Null | Value::Blob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE post(id INTEGER PRIMARY KEY, at INT, body TEXT);
        {N} INSERT INTO post(at, body) SELECT i / 3, hex(randomblob(20)) FROM n; CREATE INDEX post_at ON post(at)";

    #[test]
    fn a_page_deep_inside_begins_behind_the_row_before_it() -> Result<()> {
        let sql = "-- param: ?1 = 20\n-- param: ?2 = 9000\nSELECT body FROM post ORDER BY at DESC LIMIT ?1 OFFSET ?2";
        let advice = one(super::NAME, SCHEMA, sql)?;
        let wanted = "WHERE (at, post.id) < (3667, 11001) ORDER BY at DESC, post.id DESC LIMIT ?1";
        assert!(advice.sql().unwrap().ends_with(wanted), "{:?}", advice.sql());
        assert!(advice.common().helps[0].after.vm_steps * 20 < advice.common().helps[0].before.vm_steps);
        Ok(())
    }

    #[test]
    fn pages_in_the_order_of_the_rowid_begin_behind_a_rowid() -> Result<()> {
        let schema = SCHEMA.replace("id INTEGER PRIMARY KEY", "id TEXT");
        let sql = "SELECT body FROM post WHERE at > 7 ORDER BY rowid LIMIT 20 OFFSET 9000";
        let advice = one(super::NAME, &schema, sql)?;
        assert!(
            advice.sql().unwrap().contains("at > 7) AND rowid > 9023 ORDER BY rowid"),
            "{:?}",
            advice.sql()
        );
        Ok(())
    }

    #[test]
    fn a_first_page_and_a_mixed_order_are_left_alone() -> Result<()> {
        let sql = "SELECT body FROM post ORDER BY id LIMIT 20 OFFSET 40;
                   SELECT body FROM post ORDER BY at, id DESC LIMIT 20 OFFSET 9000";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
