//! `IN` a subquery, for few rows.
//!
//! **Finds** `x IN (SELECT y FROM u WHERE ...)` that rows have to pass. **Why:** where the subquery has a condition of its own the
//! whole list is made first, whatever few rows ask for it (<https://www.sqlite.org/lang_expr.html#the_in_and_not_in_operators>).
//! **Cure:** `EXISTS`, which looks into `u` for each row by an index on `y`. **Verified** by running both: equal rows, at a lower
//! cost. **Silent** where the list is small, or leads to the rows faster than they do to it.

use crate::advise::rules::not_in::holds_one;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::Expr;
use crate::sql::syntax::replace_conjuncts;

/// The rule's name.
pub const NAME: &str = "in_subquery";

/// Looks at every WHERE.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut looked) = (stmt.clone(), vec![]);
        scope::walk(&mut rewritten, context.schema(), |place, scope| {
            let Place::Condition(e) = place else { return };
            replace_conjuncts(e, |term| {
                let (exists, place) = exists(context, term, scope)?;
                looked.push(place);
                Some(exists)
            });
        });
        let Some((table, column)) = looked.first().cloned() else { continue };
        let mut indexes: Vec<Index> = looked.iter().map(|(t, c)| Index::on(t, [c.as_str()])).collect();
        indexes.retain(|index| context.lacks(index));
        let what =
            format!("IN makes the whole list of {table}.{column} before the first row is looked for in it");
        let remedy =
            "the two forms are equal whatever the tables hold, as a condition that rows have to pass";
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// `EXISTS` in the place of `IN` one SELECT, with the table and column that are looked in.
fn exists(context: &RuleContext<'_>, term: &Expr, scope: &Scope<'_>) -> Option<(Expr, (String, String))> {
    let Expr::InSelect { lhs, not: false, rhs } = term else { return None };
    if rhs.with.is_some() || rhs.limit.is_some() || !rhs.body.compounds.is_empty() {
        return None;
    }
    let (select, table, column) = holds_one(context, lhs, &rhs.body.select, scope)?;
    context.is_large_name(&table).then_some((Expr::Exists(select), (table, column)))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE job(id INTEGER PRIMARY KEY, kind INT, name TEXT);
        CREATE TABLE done(id INTEGER PRIMARY KEY, job INT, how TEXT);
        {N} INSERT INTO job(kind, name) SELECT i % 4000, hex(randomblob(9)) FROM n;
        {N} INSERT INTO done(job, how) SELECT nullif(i, 7), iif(i % 3, 'well', 'badly') FROM n;
        CREATE INDEX job_kind ON job(kind); CREATE INDEX done_job ON done(job)";

    #[test]
    fn few_rows_look_for_themselves() -> Result<()> {
        let sql = "SELECT name FROM job WHERE kind = 7 AND id IN (SELECT job FROM done WHERE how = 'well' OR how IS NULL)";
        let advice = one(super::NAME, SCHEMA, sql)?;
        let exists = "EXISTS (SELECT 1 FROM done WHERE (how = 'well' OR how IS NULL) AND job.id = done.job)";
        assert!(advice.sql().unwrap().contains(exists), "{}", advice.sql().unwrap());
        Ok(())
    }

    #[test]
    fn a_short_list_and_one_that_leads_to_the_rows_stay() -> Result<()> {
        let sql = "SELECT name FROM job WHERE id IN (SELECT job FROM done WHERE how = 'well' LIMIT 5);
                   SELECT name FROM job WHERE id IN (SELECT job FROM done WHERE id = 7);
                   SELECT name, kind = 7 AND id IN (SELECT job FROM done WHERE how = 'well') FROM job WHERE kind < 9";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
