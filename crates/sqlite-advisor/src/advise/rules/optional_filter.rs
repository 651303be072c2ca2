//! Filters that the values switch off.
//!
//! **Finds** `(? IS NULL OR c = ?)`, `c = coalesce(?, c)`, `CASE WHEN ? IS NULL THEN 1 ELSE c = ? END` and the like: conditions
//! that hold for every row, or lose an arm, once the values are known; also `0 OR ...`, and `c IS NULL OR ...` of a column that
//! is NOT NULL. **Why:** SQLite plans once for all values, and no index serves an OR with a parameter in it
//! (<https://www.sqlite.org/optoverview.html#or_optimizations>), so every row is read whichever filters are in use. **Cure:**
//! build the statement from the filters in use. **Verified** for each combination among the values that were tried: the
//! statement without what they switch off gives equal rows, at a lower cost. **Silent** where the whole costs no more.

use crate::advise::rules::context::CHEAP;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::{Expr, Literal, Operator, Stmt};
use crate::sql::syntax::{Visitor, condition, enclosed, expr, is_constant};
use crate::sqlite::rows::written;
use rusqlite::types::Value;

/// The rule's name.
pub const NAME: &str = "optional_filter";

/// Functions of constants that are the same whenever they are asked.
const STEADY: &[&str] = &["abs", "coalesce", "ifnull", "length", "lower", "nullif", "trim", "upper"];

/// A statement without what some sets of values switch off.
struct Form {
    stmt: Stmt,
    values: Vec<Vec<Value>>,
}

/// Looks at every condition that holds a constant.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let forms = forms(context, &stmt, &statement.bindings);
        let several = forms.len() > 1;
        for Form { stmt, values } in forms {
            let sql = stmt.to_string();
            let indexes = context.indexes_for(&sql)?;
            let what =
                "holds conditions that the values decide, and no index serves an OR with a parameter in it";
            let remedy = if several || statement.bindings.first().is_some_and(|set| !set.is_empty()) {
                "build the statement from the filters in use: this is what it is with the values tried here, and other \
                 combinations get their own"
            } else {
                "what is left out holds for every row, or for none"
            };
            let found = context.rewrite_for(i, &values, &stmt, &indexes, what)?;
            let found = found.filter(|f| f.experiment().is_some_and(|t| t.before.vm_steps >= CHEAP));
            all.extend(found.map(|f| Finding { run: sql, ..f.with_remedy(remedy) }));
        }
    }
    Ok(all)
}

/// The statement as each set of values leaves it, where that differs from what is written.
fn forms(context: &RuleContext<'_>, stmt: &Stmt, bindings: &[Vec<Value>]) -> Vec<Form> {
    let text = stmt.to_string().to_uppercase();
    // Behind an outer join a column that is NOT NULL may be NULL.
    let outer = ["LEFT ", "RIGHT ", "FULL "].iter().any(|word| text.contains(&format!(" {word}")));
    let mut forms: Vec<Form> = vec![];
    for values in bindings {
        let (mut form, fold) = (stmt.clone(), Fold { context, values, outer });
        scope::walk(&mut form, context.schema(), |place, scope| {
            if let Place::Condition(e) = place {
                *e = match fold.condition(e, scope) {
                    Folded::Always(holds) => Expr::Literal(Literal::Numeric(u8::from(holds).to_string())),
                    Folded::Open(e) => *e,
                };
            }
        });
        match forms.iter_mut().find(|known| known.stmt == form) {
            Some(known) => known.values.push(values.clone()),
            None => forms.push(Form { stmt: form, values: vec![values.clone()] }),
        }
    }
    forms.retain(|form| form.stmt != *stmt);
    forms
}

/// What is left of a condition.
enum Folded {
    Always(bool),
    Open(Box<Expr>),
}

fn open(e: Expr) -> Folded {
    Folded::Open(Box::new(e))
}

/// One set of values.
struct Fold<'a> {
    context: &'a RuleContext<'a>,
    values: &'a [Value],
    outer: bool,
}

impl Fold<'_> {
    /// A condition of which NULL counts as false, as in WHERE and ON.
    fn condition(&self, e: &Expr, scope: &Scope<'_>) -> Folded {
        match e {
            Expr::Parenthesized(list) if list.len() == 1 => {
                match list.first().map(|e| self.condition(e, scope)) {
                    Some(Folded::Open(inner)) => open(enclosed(*inner)),
                    Some(always) => always,
                    None => open(e.clone()),
                }
            }
            Expr::Binary(a, op @ (Operator::And | Operator::Or), b) => {
                // TRUE decides an OR and means nothing in an AND; FALSE the other way round.
                let decides = *op == Operator::Or;
                match (self.condition(a, scope), self.condition(b, scope)) {
                    (Folded::Always(one), other) | (other, Folded::Always(one)) => {
                        if one == decides {
                            Folded::Always(one)
                        } else {
                            other
                        }
                    }
                    (Folded::Open(a), Folded::Open(b)) => open(Expr::Binary(a, *op, b)),
                }
            }
            Expr::Case { base: None, when_then_pairs, else_expr } => {
                for (when, then) in when_then_pairs {
                    match self.condition(when, scope) {
                        Folded::Always(true) => return self.condition(then, scope),
                        Folded::Always(false) => {}
                        Folded::Open(_) => return open(e.clone()),
                    }
                }
                else_expr.as_ref().map_or(Folded::Always(false), |other| self.condition(other, scope))
            }
            Expr::IsNull(column) if self.is_never_null(column, scope) => Folded::Always(false),
            Expr::NotNull(column) if self.is_never_null(column, scope) => Folded::Always(true),
            Expr::Binary(column, op @ (Operator::Is | Operator::IsNot), null)
                if **null == Expr::Literal(Literal::Null) && self.is_never_null(column, scope) =>
            {
                Folded::Always(*op == Operator::IsNot)
            }
            Expr::Binary(a, Operator::Equals, b) => {
                let unchanged = || open(e.clone());
                self.or_itself(a, b)
                    .or_else(|| self.or_itself(b, a))
                    .or_else(|| self.constant(e))
                    .unwrap_or_else(unchanged)
            }
            e => self.constant(e).unwrap_or_else(|| open(e.clone())),
        }
    }

    /// `c = coalesce(?, c)`, which is no filter while the value is NULL.
    fn or_itself(&self, column: &Expr, coalesce: &Expr) -> Option<Folded> {
        let Expr::FunctionCall { name, args, .. } = coalesce else { return None };
        let is_coalesce = ["coalesce", "ifnull"].iter().any(|f| name.as_str().eq_ignore_ascii_case(f));
        let (true, [value, own]) = (is_coalesce, args.as_slice()) else { return None };
        if **own != *column || is_constant(column) {
            return None;
        }
        let null = self.holds(&Expr::IsNull(value.clone()))?;
        let left = if null {
            Expr::NotNull(Box::new(column.clone()))
        } else {
            Expr::Binary(Box::new(column.clone()), Operator::Equals, value.clone())
        };
        Some(open(left))
    }

    fn is_never_null(&self, e: &Expr, scope: &Scope<'_>) -> bool {
        !self.outer && scope.column(e).is_some_and(|found| found.column.not_null)
    }

    fn constant(&self, e: &Expr) -> Option<Folded> {
        self.holds(e).map(Folded::Always)
    }

    /// Whether a constant is true with these values; none for what is not constant.
    fn holds(&self, e: &Expr) -> Option<bool> {
        struct Fill<'v>(&'v [Value], bool);
        impl Visitor for Fill<'_> {
            fn expr(&mut self, e: &mut Expr) {
                match e {
                    Expr::FunctionCall { name, .. } => {
                        self.1 &= STEADY.iter().any(|f| name.as_str().eq_ignore_ascii_case(f));
                    }
                    Expr::FunctionCallStar { .. } | Expr::Raise(..) => self.1 = false,
                    Expr::Literal(
                        Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp,
                    ) => self.1 = false,
                    _ => {}
                }
            }
            fn leave_expr(&mut self, e: &mut Expr) {
                let Expr::Variable(v) = &*e else { return };
                let at = usize::try_from(v.index.get()).ok().and_then(|n| n.checked_sub(1));
                match at.and_then(|at| self.0.get(at)).and_then(as_expression) {
                    Some(value) => *e = value,
                    None => self.1 = false,
                }
            }
        }
        if !is_constant(e) {
            return None;
        }
        let (mut filled, mut fill) = (e.clone(), Fill(self.values, true));
        expr(&mut filled, &mut fill);
        let steady = fill.1;
        steady.then(|| self.context.number(&format!("SELECT ({filled}) IS TRUE"))).flatten().map(|n| n == 1)
    }
}

fn as_expression(value: &Value) -> Option<Expr> {
    condition(&written(value.into())).map(enclosed)
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::found;
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE event(id INTEGER PRIMARY KEY, at INT NOT NULL, kind TEXT NOT NULL, who TEXT, body TEXT);
        {N} INSERT INTO event(at, kind, who, body) SELECT i, 'k' || (i % 4000), 'w' || (i % 50), hex(randomblob(20)) FROM n;
        CREATE INDEX event_kind ON event(kind, at); CREATE INDEX event_at ON event(at)";

    fn rewritten(sql: &str) -> Result<Vec<String>> {
        let all = found(super::NAME, SCHEMA, sql)?;
        assert!(all.iter().all(|a| a.common().verification.as_ref().is_some_and(|v| v.verified)));
        Ok(all.into_iter().map(|a| a.sql().unwrap().replace("SELECT body FROM event WHERE ", "")).collect())
    }

    #[test]
    fn what_the_values_switch_off_is_left_out() -> Result<()> {
        let params =
            "-- param: :since = NULL\n-- param: :kind = 'k7'\n-- param: :who = NULL\n-- param: :n = 50\n";
        let sql = "SELECT body FROM event WHERE (:since IS NULL OR at >= :since) AND (:kind IS NULL OR kind = :kind)
                   AND who = coalesce(:who, who) ORDER BY at DESC LIMIT :n";
        let wanted = "(kind = :kind) AND who IS NOT NULL ORDER BY at DESC LIMIT :n";
        assert_eq!(
            rewritten(&format!("{params}{sql}"))?
                .iter()
                .map(|s| s.replace("NOTNULL", "IS NOT NULL"))
                .collect::<Vec<_>>(),
            [wanted]
        );
        Ok(())
    }

    #[test]
    fn a_branch_that_never_holds_is_left_out_and_a_case_is_decided() -> Result<()> {
        assert_eq!(rewritten("SELECT body FROM event WHERE kind IS NULL OR kind = 'k7'")?, ["kind = 'k7'"]);
        let case =
            "-- param: ?1 = 'k7'\nSELECT body FROM event WHERE CASE WHEN ?1 = '' THEN 1 ELSE kind = ?1 END";
        assert_eq!(rewritten(case)?, ["kind = ?1"]);
        Ok(())
    }

    #[test]
    fn what_rows_decide_stays() -> Result<()> {
        for sql in [
            "SELECT body FROM event WHERE who IS NULL OR kind = 'k7'",
            "SELECT body FROM event WHERE random() % 2 = 3 OR kind = 'k7'",
            "SELECT e.body FROM event o LEFT JOIN event e ON e.id = o.id + 1 WHERE e.kind IS NULL OR e.kind = 'k7'",
        ] {
            assert!(rewritten(sql)?.is_empty(), "{sql}");
        }
        Ok(())
    }
}
