//! LIKE with an ESCAPE that is bound.
//!
//! **Finds** `x LIKE ? ESCAPE ?` whose pattern begins plainly. **Why:** SQLite makes a range of the beginning only where the
//! ESCAPE is written in the statement as one character (<https://www.sqlite.org/optoverview.html#the_like_optimization>), so
//! every row is read. **Cure:** write the character into the statement, or leave ESCAPE out where the application escapes
//! nothing; an index on `x COLLATE NOCASE` then serves it. **Verified** by running the form with the character: equal rows, at
//! a lower cost. **Silent** where the values that were tried escape with different characters.

use crate::advise::prepare::patterns::bound;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, Key, Term, literal};
use crate::sql::scope::{Scope, each_expr};
use crate::sql::syntax::ast::{Expr, LikeOperator, Literal};
use crate::workload::Statement;

/// The rule's name.
pub const NAME: &str = "like_escape";

/// Looks at every LIKE with ESCAPE.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let (mut rewritten, mut place) = (stmt.clone(), None);
        each_expr(&mut rewritten, context.schema(), |e, scope| {
            place = written(context, statement, e, scope).or(place.take());
        });
        let Some((table, column)) = place else { continue };
        let index = without_case(&table, &column);
        let indexes = if context.lacks(&index) { vec![index] } else { vec![] };
        let what =
            format!("ESCAPE is bound, so SQLite makes no range of the beginning of the pattern for {column}");
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        let remedy = "the two forms are equal while the application escapes with this character; where it escapes nothing, \
             leaving ESCAPE out does the same";
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// The index that serves a LIKE, which makes no difference between `a` and `A`.
fn without_case(table: &str, column: &str) -> Index {
    let key = Key::Column(column.to_owned());
    let term = Term { key, collation: Some("NOCASE".to_owned()), descending: false };
    Index { table: table.to_owned(), key: vec![term], filter: None }
}

/// Writes the character that is bound into a LIKE of a large table's column; the column that it is about.
fn written(
    context: &RuleContext<'_>,
    statement: &Statement,
    e: &mut Expr,
    scope: &Scope<'_>,
) -> Option<(String, String)> {
    let Expr::Like { lhs, not: false, op: LikeOperator::Like, escape: Some(escape), .. } = e else {
        return None;
    };
    let found = scope.column(lhs).filter(|f| context.is_large(f.table))?;
    let mut characters = statement.bindings.iter().map(|set| bound(escape, set));
    let first = characters.next()??;
    if !first.is_ascii() || first.len() != 1 || characters.any(|c| c != Some(first)) {
        return None;
    }
    **escape = Expr::Literal(Literal::String(literal(first)));
    Some((found.table.name.clone(), found.column.name.clone()))
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE file(id INTEGER PRIMARY KEY, path TEXT, size INT);
        {N} INSERT INTO file(path, size) SELECT (i % 500) || 'x_' || i || '%', i FROM n";

    #[test]
    fn the_character_is_written_into_the_statement() -> Result<()> {
        let sql = "-- param: :p = '77X!_577!%'\n-- param: :c = '!'\nSELECT size FROM file WHERE path LIKE :p ESCAPE :c";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert_eq!(advice.sql(), Some("SELECT size FROM file WHERE path LIKE :p ESCAPE '!'"));
        assert_eq!(
            advice.proposal().unwrap().needs,
            ["CREATE INDEX idx_file_path_nocase ON file(path COLLATE NOCASE)"]
        );
        assert_eq!(advice.common().helps[0].after.rows, 1);
        Ok(())
    }

    #[test]
    fn an_open_beginning_and_several_characters_are_left_alone() -> Result<()> {
        let sql =
            "-- param: :p = '%577!%'\n-- param: :c = '!'\nSELECT size FROM file WHERE path LIKE :p ESCAPE :c;
            -- param: :p = '77x!_577!%'\n-- param: :c = '!'\n-- param: :p = '77x#_577#%'\n-- param: :c = '#'
            SELECT id FROM file WHERE path LIKE :p ESCAPE :c";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
