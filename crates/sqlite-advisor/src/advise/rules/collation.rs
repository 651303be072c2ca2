//! A comparison in another collating sequence than its column's.
//!
//! **Finds** `x = 'v' COLLATE NOCASE` on a BINARY column, and joins of columns that were declared differently, where the left
//! side decides. **Why:** an index serves only comparisons in its own sequence
//! (<https://www.sqlite.org/datatype3.html#collating_sequences>). **Verified** by running the statement with an index in the
//! sequence of the comparison.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, Key, Term};
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::ast::{Expr, Operator, Stmt};
use std::collections::BTreeSet;

/// The rule's name.
pub const NAME: &str = "collation";

/// Looks at every comparison of a column.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        for m in mismatches(context, &stmt) {
            let key = Term {
                key: Key::Column(m.column.clone()),
                collation: Some(m.asked.clone()),
                descending: false,
            };
            let index = Index { table: m.table.clone(), key: vec![key], filter: None };
            let what = format!(
                "compares {}.{} by {}, and the column was declared {}, so its indexes cannot serve the comparison",
                m.table, m.column, m.asked, m.own
            );
            let found = context.index(i, &index, &what)?;
            let remedy =
                format!("or declare the column COLLATE {}, as everything it is compared with", m.asked);
            all.extend(found.map(|f| f.on(&m.table, vec![m.column]).with_remedy(remedy)));
        }
    }
    Ok(all)
}

/// A column that is compared in another sequence than its own.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mismatch {
    table: String,
    column: String,
    own: String,
    asked: String,
}

fn mismatches(context: &RuleContext<'_>, stmt: &Stmt) -> BTreeSet<Mismatch> {
    let mut found = BTreeSet::new();
    each_expr(&mut stmt.clone(), context.schema(), |e, scope| {
        use Operator::{Equals, Greater, GreaterEquals, Is, Less, LessEquals};
        let Expr::Binary(a, Equals | Is | Less | LessEquals | Greater | GreaterEquals, b) = &*e else {
            return;
        };
        let Some(asked) = effective(a, b, scope) else { return };
        for place in [a, b].into_iter().filter_map(|side| scope.column(bare(side))) {
            let own = place.column.collation.to_uppercase();
            if context.is_large(place.table) && own != asked {
                let (table, column) = (place.table.name.clone(), place.column.name.clone());
                found.insert(Mismatch { table, column, own, asked: asked.clone() });
            }
        }
    });
    found
}

/// The sequence of a comparison: an explicit COLLATE, the left one first, else the left column's, else the right one's.
fn effective(a: &Expr, b: &Expr, scope: &Scope<'_>) -> Option<String> {
    let written = |e: &Expr| match e {
        Expr::Collate(_, name) => Some(name.as_str().to_uppercase()),
        _ => None,
    };
    let declared = |e: &Expr| scope.column(e).map(|f| f.column.collation.to_uppercase());
    written(a).or_else(|| written(b)).or_else(|| declared(a)).or_else(|| declared(b))
}

/// The expression without its COLLATE.
fn bare(e: &Expr) -> &Expr {
    match e {
        Expr::Collate(inner, _) => bare(inner),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT UNIQUE, note TEXT);
        CREATE TABLE sent(id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE);
        {N} INSERT INTO person(mail, note) SELECT 'Mail' || i, hex(randomblob(20)) FROM n;
        {N} INSERT INTO sent(mail) SELECT 'mail' || i FROM n WHERE i % 100 = 0";

    #[test]
    fn a_comparison_without_case_needs_an_index_without_case() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT note FROM person WHERE mail = 'mail7' COLLATE NOCASE")?;
        assert_eq!(
            advice.sql().unwrap(),
            "CREATE INDEX idx_person_mail_nocase ON person(mail COLLATE NOCASE)"
        );
        Ok(())
    }

    #[test]
    fn the_left_column_of_a_join_decides() -> Result<()> {
        let join = |on: &str| format!("SELECT p.note FROM sent s CROSS JOIN person p ON {on}");
        let advice = one(super::NAME, SCHEMA, &join("s.mail = p.mail"))?;
        let about = advice.proposal().unwrap();
        assert_eq!(
            (about.table.as_deref(), about.columns.as_slice()),
            (Some("person"), &["mail".to_owned()][..])
        );
        assert!(found(super::NAME, SCHEMA, &join("p.mail = s.mail"))?.is_empty());
        Ok(())
    }
}
