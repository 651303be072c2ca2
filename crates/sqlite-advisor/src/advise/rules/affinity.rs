//! A comparison of a TEXT column with a numeric one.
//!
//! **Finds** `a.text = b.number` between columns. **Why:** SQLite turns the text into a number for every comparison
//! (<https://www.sqlite.org/datatype3.html#affinity>), so an index on the text, a primary key too, cannot serve it.
//! **Verified** by running the statement with `CAST(b.number AS TEXT)`: equal rows, at a lower cost. Where some text is not the
//! plain form of its number ('007'), or a number has a fraction, the two could differ, and nothing is told.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, quote};
use crate::sql::scope::{Found, Scope, each_expr};
use crate::sql::syntax::{self, ast::Expr, ast::Operator, ast::Stmt};
use crate::sqlite::schema::Affinity;
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "affinity";

/// Looks at every comparison of two columns.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        for (table, column) in texts(context, &stmt) {
            let Some((rewritten, other)) = cast(context, &stmt, &table, &column) else { continue };
            let what = format!(
                "compares {table}.{column}, which is TEXT, with {other}, which has numeric affinity: each text is turned \
                 into a number, so no index on {column} can serve it"
            );
            let known = context.indexes_of(&table);
            let has = known.iter().any(|x| x.key.first().and_then(|t| t.as_column()) == Some(&column));
            let index = if has { vec![] } else { vec![Index::on(&table, [column.as_str()])] };
            let found = context.rewrite(i, &rewritten, &index, &what)?;
            let remedy = "better still, declare both columns TEXT, and no statement has to change";
            all.extend(found.map(|f| f.on(&table, vec![column.clone()]).with_remedy(remedy)));
        }
    }
    Ok(all)
}

/// The TEXT columns of large tables that are compared with numeric ones.
fn texts(context: &RuleContext<'_>, stmt: &Stmt) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    each_expr(&mut stmt.clone(), context.schema(), |e, scope| {
        if let Some((text, ..)) = mismatch(e, scope).filter(|(text, ..)| context.is_large(text.table)) {
            found.insert((text.table.name.clone(), text.column.name.clone()));
        }
    });
    found
}

/// The text, the number, and whether the text stands left.
fn mismatch<'s>(e: &Expr, scope: &Scope<'s>) -> Option<(Found<'s>, Found<'s>, bool)> {
    let Expr::Binary(a, Operator::Equals | Operator::Is, b) = e else { return None };
    let (a, b) = (scope.column(a)?, scope.column(b)?);
    let is_number =
        |f: &Found<'_>| matches!(f.column.affinity, Affinity::Integer | Affinity::Real | Affinity::Numeric);
    match (a.column.affinity, b.column.affinity) {
        (Affinity::Text, _) if is_number(&b) => Some((a, b, true)),
        (_, Affinity::Text) if is_number(&a) => Some((b, a, false)),
        _ => None,
    }
}

/// The statement with the other side of each such comparison as TEXT, and that side's name.
fn cast(context: &RuleContext<'_>, stmt: &Stmt, table: &str, column: &str) -> Option<(Stmt, String)> {
    let (from, c) = (quote(table), quote(column));
    // A text equals its own number only if it looks like one.
    let odd = format!("{c} = CAST({c} AS NUMERIC) AND CAST(CAST({c} AS NUMERIC) AS TEXT) <> {c}");
    if context.number(&format!("SELECT count(*) FROM {from} WHERE {odd}")) != Some(0) {
        return None;
    }
    let (mut stmt, mut other) = (stmt.clone(), None);
    each_expr(&mut stmt, context.schema(), |e, scope| {
        let Some((text, number, left)) = mismatch(e, scope) else { return };
        let (of, n) = (quote(&number.table.name), quote(&number.column.name));
        let fractions = format!("SELECT count(*) FROM {of} WHERE typeof({n}) = 'real'");
        if text.table.name != table || text.column.name != column || context.number(&fractions) != Some(0) {
            return;
        }
        if let Expr::Binary(a, _, b) = e {
            let side = if left { b } else { a };
            if let Some(cast) = syntax::filled("CAST(side AS TEXT)", &[("side", side)]) {
                **side = cast;
                other = Some(format!("{}.{}", number.table.name, number.column.name));
            }
        }
    });
    Some((stmt, other?))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    fn schema(kind: &str) -> String {
        format!(
            "CREATE TABLE goal(id TEXT PRIMARY KEY, name TEXT); CREATE TABLE event(id INTEGER PRIMARY KEY, goal {kind});
             {{N}} INSERT INTO goal SELECT 'g' || i, hex(randomblob(9)) FROM n;
             {{N}} INSERT INTO event(goal) SELECT 'g' || i FROM n WHERE i % 40 = 0;"
        )
    }
    const JOIN: &str = "SELECT count(g.name) FROM event e JOIN goal g ON g.id = e.goal";

    #[test]
    fn a_key_of_text_is_not_found_by_a_column_of_numbers() -> Result<()> {
        let advice = one(super::NAME, &schema("STRING"), JOIN)?;
        assert!(
            advice.sql().unwrap().ends_with("ON g.id = CAST (e.goal AS TEXT)"),
            "{}",
            advice.sql().unwrap()
        );
        assert!(
            advice.common().verification.as_ref().unwrap().verified
                && advice.proposal().unwrap().needs.is_empty()
        );
        Ok(())
    }

    #[test]
    fn a_text_that_is_not_the_plain_form_of_its_number_may_be_found_only_as_a_number() -> Result<()> {
        let odd = schema("STRING") + "; INSERT INTO goal VALUES ('007', 'seven')";
        assert!(found(super::NAME, &odd, JOIN)?.is_empty());
        Ok(())
    }

    #[test]
    fn columns_of_one_affinity_are_left_alone() -> Result<()> {
        assert!(found(super::NAME, &schema("VARCHAR(9)"), JOIN)?.is_empty());
        Ok(())
    }
}
