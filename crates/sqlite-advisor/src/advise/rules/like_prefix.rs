//! LIKE with a beginning that is put together.
//!
//! **Finds** `x LIKE ? || '%'`, and GLOB with `'*'`. **Why:** SQLite makes a range only of a pattern that is a literal or a
//! parameter by itself (<https://www.sqlite.org/optoverview.html#the_like_optimization>); what is put together when the
//! statement runs is compared with every row. **Cure:** bind the whole pattern, or say the range beside it:
//! `x >= ? COLLATE NOCASE AND x < ? || char(1114111) COLLATE NOCASE`, which an index on `x COLLATE NOCASE` serves. **Verified**
//! by running the range: equal rows, at a lower cost. **Silent** where the value that is put in holds a wildcard, because
//! the range would then lose rows.

use crate::advise::prepare::patterns::plain_beginning;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::ast::{Expr, LikeOperator, Literal, Operator};
use crate::sql::syntax::{filled, is_constant};
use crate::sqlite::schema::Affinity;
use crate::workload::Statement;
use rusqlite::types::Value;

/// The rule's name.
pub const NAME: &str = "like_prefix";

/// Looks at every LIKE and GLOB.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let (mut rewritten, mut place) = (stmt.clone(), None);
        each_expr(&mut rewritten, context.schema(), |e, scope| {
            if let Some((range, found)) = ranged(context, statement, e, scope) {
                *e = range;
                place = Some(found);
            }
        });
        let Some((table, column)) = place else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what = format!(
            "the pattern for {column} is put together for each run, so SQLite makes no range of its beginning"
        );
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        let remedy = "the two forms are equal while the beginning holds no wildcard; bound as a whole, with its wildcard \
             behind it, the pattern would do the same";
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// The pattern with the range of its beginning beside it, and the column that it is about.
fn ranged(
    context: &RuleContext<'_>,
    statement: &Statement,
    e: &Expr,
    scope: &Scope<'_>,
) -> Option<(Expr, (String, String))> {
    let Expr::Like { lhs, not: false, op, rhs, .. } = e else { return None };
    let Expr::Binary(beginning, Operator::Concat, end) = rhs.as_ref() else { return None };
    let (wildcard, sequence) = match op {
        LikeOperator::Like => ("'%'", " COLLATE NOCASE"),
        LikeOperator::Glob => ("'*'", " COLLATE BINARY"),
        _ => return None,
    };
    let is_open = matches!(end.as_ref(), Expr::Literal(Literal::String(text)) if text == wildcard);
    let Expr::Variable(v) = beginning.as_ref() else { return None };
    let at = usize::try_from(v.index.get()).ok()?.checked_sub(1)?;
    let plain = |set: &Vec<Value>| matches!(set.get(at), Some(Value::Text(text)) if !text.is_empty() && plain_beginning(*op, text) == text);
    let found =
        scope.column(lhs).filter(|f| context.is_large(f.table) && f.column.affinity == Affinity::Text)?;
    if !is_open || !is_constant(beginning) || !statement.bindings.iter().all(plain) {
        return None;
    }
    let pattern = format!("x >= p{sequence} AND x < p || char(1114111){sequence} AND e");
    let range = filled(&pattern, &[("x", lhs), ("p", beginning), ("e", e)])?;
    Some((range, (found.table.name.clone(), found.column.name.clone())))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE place(id INTEGER PRIMARY KEY, name TEXT, note TEXT);
        {N} INSERT INTO place(name, note) SELECT 'Name ' || i, hex(randomblob(20)) FROM n";

    #[test]
    fn the_range_of_the_beginning_is_said_beside_the_pattern() -> Result<()> {
        let sql = "-- param: :p = 'name 77'\nSELECT note FROM place WHERE name LIKE :p || '%'";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(
            advice.sql().unwrap().contains("name >= :p COLLATE NOCASE AND name < :p || char"),
            "{:?}",
            advice.sql()
        );
        assert_eq!(
            advice.proposal().unwrap().needs,
            ["CREATE INDEX idx_place_name_nocase ON place(name COLLATE NOCASE)"]
        );
        Ok(())
    }

    #[test]
    fn a_wildcard_in_the_beginning_or_before_it_leaves_no_range() -> Result<()> {
        let sql = "-- param: :p = 'na_e 77'\nSELECT note FROM place WHERE name LIKE :p || '%';
                   -- param: :p = '77'\nSELECT note FROM place WHERE name LIKE '%' || :p";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
