//! A path into JSON that is bound.
//!
//! **Finds** `json_extract(x, ?)`, `x -> ?` and `x ->> ?` where every call binds the same path. **Why:** an index on an
//! expression is read only by a statement that holds the same expression
//! (<https://www.sqlite.org/expridx.html>), and no index can hold one whose path comes with the call. **Cure:** the path in the
//! text of the statement, and an index on the expression. **Verified** by running it: equal rows, at a lower cost. **Silent**
//! where the values that are bound differ, and where the statement is cheap.

use crate::advise::prepare::patterns::bound;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::literal;
use crate::sql::scope::each_expr;
use crate::sql::syntax::ast::{Expr, Literal, Operator};
use crate::workload::Statement;

/// The rule's name.
pub const NAME: &str = "bound_path";

/// Functions of SQLite whose second argument is a path (<https://www.sqlite.org/json1.html>).
const OF_PATHS: [&str; 4] = ["json_extract", "jsonb_extract", "json_type", "json_array_length"];

/// Looks at every path into a column.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let (mut rewritten, mut place) = (stmt.clone(), None);
        each_expr(&mut rewritten, context.schema(), |e, scope| {
            let (of, path) = match e {
                Expr::FunctionCall { name, args, .. } => match args.as_mut_slice() {
                    [of, path] if OF_PATHS.iter().any(|f| name.as_str().eq_ignore_ascii_case(f)) => {
                        (of, path)
                    }
                    _ => return,
                },
                Expr::Binary(of, Operator::ArrowRight | Operator::ArrowRightShift, path) => (of, path),
                _ => return,
            };
            let Some(found) = scope.column(of).filter(|f| context.is_large(f.table)) else { return };
            if let Some(text) = always(statement, path) {
                **path = Expr::Literal(Literal::String(literal(&text)));
                place = Some((found.table.name.clone(), found.column.name.clone()));
            }
        });
        let Some((table, column)) = place else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what = format!("the path into {column} is bound, so no index can hold what it leads to");
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        let remedy = "an index on an expression is read only where the statement says the same expression, path included";
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// The text that every set of values binds to a parameter.
fn always(statement: &Statement, e: &Expr) -> Option<String> {
    let mut texts = statement.bindings.iter().map(|values| bound(e, values));
    let first = texts.next()??;
    texts.all(|text| text == Some(first)).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE message(id INTEGER PRIMARY KEY, body TEXT);
        {N} INSERT INTO message(body) SELECT json_object('thread', 't' || (i % 900), 'at', i, 'text', hex(randomblob(30))) FROM n";

    #[test]
    fn the_path_is_written_out_and_the_expression_indexed() -> Result<()> {
        let sql = "-- param: ?1 = '$.thread'\n-- param: ?2 = 't7'\nSELECT id FROM message WHERE json_extract(body, ?1) = ?2";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(advice.sql().unwrap().contains("(body, '$.thread') = ?2"), "{:?}", advice.sql());
        assert!(
            advice.proposal().unwrap().needs[0].contains("json_extract(body, '$.thread')"),
            "{advice:#?}"
        );
        Ok(())
    }

    #[test]
    fn a_path_that_changes_from_call_to_call_stays_bound() -> Result<()> {
        let sql = "-- param: ?1 = '$.thread'\n-- param: ?2 = 't7'\n-- param: ?1 = '$.at'\n-- param: ?2 = 7\n\
                   SELECT id FROM message WHERE json_extract(body, ?1) = ?2";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
