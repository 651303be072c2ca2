//! The next page, or whatever lies behind a pair of values, by OR.
//!
//! **Finds** `a < x OR (a = x AND b < y) OR (a = x AND b = y AND c < z)`. **Why:** SQLite sees the bound in two arms, not in
//! more: each arm of an OR is searched for itself or not at all
//! (<https://www.sqlite.org/optoverview.html#or_optimizations>), so with an ORDER BY and a LIMIT rows are read from the first
//! page on until the wanted one comes. **Cure:** what all arms have in common, `a <= x`, said beside them; an index on `(a, b)`
//! then begins at the wanted row. A row value, `(a, b) < (x, y)`, says the same where all directions are one
//! (<https://www.sqlite.org/rowvalue.html#scrolling_window_queries>). **Verified** by running it: equal rows, at a lower cost.
//! **Silent** where the arms have no bound in common.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::{Expr, Operator};
use crate::sql::syntax::{conjuncts, enclosed, is_constant};

/// The rule's name.
pub const NAME: &str = "keyset_or";

/// Looks at every OR in a WHERE.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut said) = (stmt.clone(), None);
        scope::walk(&mut rewritten, context.schema(), |place, scope| {
            let Place::Condition(e) = place else { return };
            for term in conjuncts(&e.clone()) {
                let Some((bound, table)) =
                    common_bound(term, scope).filter(|(_, t)| context.is_large_name(t))
                else {
                    continue;
                };
                said.get_or_insert((bound.to_string(), table));
                *e = Expr::Binary(Box::new(bound), Operator::And, Box::new(enclosed(e.clone())));
            }
        });
        let Some((bound, table)) = said else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what = format!(
            "all arms of its OR lie behind one bound, which no index can use because it is not said: {bound}"
        );
        let remedy = "the bound follows from every arm, so the rows are the same for all values; where all directions are \
             one, a row value says it in short: (a, b) < (x, y)";
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        all.extend(found.map(|f| f.on(&table, vec![]).with_remedy(remedy)));
    }
    Ok(all)
}

/// The bound that all arms of an OR keep, and the table of its column; none where one has no such bound.
fn common_bound(term: &Expr, scope: &Scope<'_>) -> Option<(Expr, String)> {
    let arms = arms(term);
    let bounds: Vec<Vec<Bound<'_>>> =
        arms.iter().map(|arm| conjuncts(arm).into_iter().filter_map(bound).collect()).collect();
    if arms.len() < 2 {
        return None;
    }
    let (first, others) = bounds.split_first()?;
    // One arm is strict, or there is nothing to gain over what SQLite does with equal ones.
    let strict = bounds.iter().flatten().find(|b| b.side != Side::Equal)?;
    let keeps = |of: &Vec<Bound<'_>>| of.iter().any(|b| b.keeps(strict));
    if !keeps(first) || !others.iter().all(keeps) {
        return None;
    }
    let table = table_of(strict.column, scope)?;
    let op = if strict.side == Side::Below { Operator::LessEquals } else { Operator::GreaterEquals };
    let bound = Expr::Binary(Box::new(strict.column.clone()), op, Box::new(enclosed(strict.value.clone())));
    Some((bound, table))
}

/// The table of a column, also under a collating sequence, or of all that an expression names.
fn table_of(e: &Expr, scope: &Scope<'_>) -> Option<String> {
    let plain = match e {
        Expr::Collate(inner, _) => inner,
        other => other,
    };
    let column = scope.column(plain).map(|found| found.table);
    let table = column.or_else(|| scope.over_one_table(plain).map(|(table, _)| table))?;
    Some(table.name.clone())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Below,
    Equal,
    Above,
}

/// A column beside a constant.
struct Bound<'e> {
    column: &'e Expr,
    side: Side,
    value: &'e Expr,
}

impl Bound<'_> {
    /// True if it keeps to the same side of the same value.
    fn keeps(&self, other: &Bound<'_>) -> bool {
        self.column == other.column
            && self.value == other.value
            && (self.side == other.side || self.side == Side::Equal)
    }
}

fn bound(e: &Expr) -> Option<Bound<'_>> {
    let e = match e {
        Expr::Parenthesized(list) if list.len() == 1 => list.first()?,
        e => e,
    };
    let Expr::Binary(a, op, b) = e else { return None };
    let side = match op {
        Operator::Equals => Side::Equal,
        Operator::Less | Operator::LessEquals => Side::Below,
        Operator::Greater | Operator::GreaterEquals => Side::Above,
        _ => return None,
    };
    let turned = match side {
        Side::Below => Side::Above,
        Side::Equal => Side::Equal,
        Side::Above => Side::Below,
    };
    match (is_constant(a), is_constant(b)) {
        (false, true) => Some(Bound { column: a, side, value: b }),
        (true, false) => Some(Bound { column: b, side: turned, value: a }),
        _ => None,
    }
}

fn arms(e: &Expr) -> Vec<&Expr> {
    match e {
        Expr::Binary(a, Operator::Or, b) => [arms(a), arms(b)].concat(),
        Expr::Parenthesized(list) if list.len() == 1 => list.first().map(|e| arms(e)).unwrap_or_default(),
        e => vec![e],
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE post(id INTEGER PRIMARY KEY, at INT, code INT, body TEXT);
        {N} INSERT INTO post(at, code, body) SELECT i * 7919 % 5003, i, hex(randomblob(20)) FROM n;
        CREATE INDEX post_at ON post(at, code, id)";

    #[test]
    fn a_page_deep_inside_begins_at_its_own_row() -> Result<()> {
        let sql = "-- param: :at = 700\n-- param: :code = 9000\n-- param: :id = 9000
                   SELECT body FROM post WHERE at < :at OR (at = :at AND code < :code)
                       OR (at = :at AND code = :code AND id < :id) ORDER BY at DESC, code DESC, id DESC LIMIT 20";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(
            advice.sql().unwrap().contains("WHERE at <= :at AND (at < :at OR (at = :at AND code < :code)"),
            "{}",
            advice.sql().unwrap()
        );
        assert!(advice.common().helps[0].after.vm_steps * 20 < advice.common().helps[0].before.vm_steps);
        Ok(())
    }

    #[test]
    fn a_collating_sequence_is_part_of_the_bound() -> Result<()> {
        let sql = "-- param: :name = '9A'\n-- param: :id = 9000
                   SELECT id FROM post WHERE body COLLATE NOCASE > :name OR (body COLLATE NOCASE = :name AND id > :id)
                       ORDER BY body COLLATE NOCASE, id LIMIT 20";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(
            advice.sql().unwrap().contains("WHERE body COLLATE NOCASE >= :name AND ("),
            "{:?}",
            advice.sql()
        );
        assert!(advice.proposal().unwrap().needs[0].contains("body COLLATE NOCASE"), "{advice:#?}");
        Ok(())
    }

    #[test]
    fn arms_with_bounds_of_their_own_have_none_in_common() -> Result<()> {
        let sql = "SELECT body FROM post WHERE at < 700 OR (at = 900 AND id < 9) ORDER BY at DESC, id DESC LIMIT 20;
                   SELECT body FROM post WHERE at < 70 OR (at > 70 AND id < 9) ORDER BY at DESC, id DESC LIMIT 20;
                   SELECT body FROM post WHERE at < 70 OR code < 9 ORDER BY at DESC, id DESC LIMIT 20";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
