//! Conditions that a partial index could have: those of a statement that compare a column with a constant
//! (<https://www.sqlite.org/partialindex.html>). SQLite uses a partial index where its condition stands in the
//! statement as it stands in the index, or where `c IS NOT NULL` follows from a comparison with `c`.

use crate::sql::scope::{self, Found, Place, Scope};
use crate::sql::syntax::ast::{Expr, Literal, Operator, UnaryOperator};
use crate::sql::syntax::{self, Visitor, conjuncts};
use crate::sqlite::Schema;
use crate::sqlite::schema::Table;

/// A condition on the rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Filter {
    /// The table.
    pub table: String,
    /// The text after WHERE.
    pub sql: String,
    /// The column that it is about.
    pub column: String,
    /// The column has one value in all rows that pass, so a key need not hold it.
    pub fixes: bool,
    /// It names values, which belong to the statement only where the column has few: a state, not a number.
    pub names_values: bool,
}

impl Filter {
    /// `column IS NOT NULL`
    pub fn not_null(table: &str, column: &str) -> Self {
        let sql = format!("{} IS NOT NULL", crate::model::index::quote(column));
        Self { table: table.to_owned(), sql, column: column.to_owned(), fixes: false, names_values: false }
    }
}

/// The conditions of a statement, sorted.
pub fn of(schema: &Schema, sql: &str) -> Vec<Filter> {
    let Some(mut stmt) = syntax::parse(sql) else { return vec![] };
    let mut found = vec![];
    scope::walk(&mut stmt, schema, |place, scope| {
        if let Place::Condition(e) = place {
            found.extend(conjuncts(e).into_iter().filter_map(|term| filter(term, scope)));
        }
    });
    found.sort();
    found.dedup();
    found
}

/// One term of a condition.
fn filter(e: &Expr, scope: &Scope<'_>) -> Option<Filter> {
    let (about, fixes, names_values) = match e {
        Expr::Binary(a, op, b) if syntax::is_comparison(*op) => {
            let null = matches!(op, Operator::Is | Operator::IsNot);
            let is_value = |e: &Expr| is_literal(e) || (null && matches!(e, Expr::Literal(Literal::Null)));
            let (column, value) = match (is_value(a), is_value(b)) {
                (false, true) => (a, b),
                (true, false) => (b, a),
                // Two columns of a row: `tries < most_tries`.
                (false, false) if !matches!(op, Operator::Equals | Operator::Is) => (a, b),
                _ => return None,
            };
            let names_values = is_literal(value) && !is_mask(column);
            match op {
                _ if !is_value(value) => (&**column, false, false),
                Operator::Equals | Operator::Is => (&**column, true, names_values),
                // All states but one are no example of a value.
                Operator::NotEquals | Operator::IsNot => (&**column, false, false),
                // A bound of a range moves with time and use, unless it is a small number: a rule, no moment.
                _ if is_small(value) => (&**column, false, false),
                _ => return None,
            }
        }
        Expr::IsNull(column) => (&**column, true, false),
        Expr::NotNull(column) => (&**column, false, false),
        Expr::InList { lhs, rhs, .. } if rhs.len() > 1 && rhs.iter().all(|e| is_literal(e)) => {
            (&**lhs, false, true)
        }
        Expr::Unary(UnaryOperator::Not, column) => (&**column, false, false),
        Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) => (e, false, false),
        e if is_mask(e) => (e, false, false),
        _ => return None,
    };
    let plain = scope.origin(about);
    if plain.is_none() && !is_arithmetic(about) {
        return None;
    }
    let Found { table, column } = plain.or_else(|| scope.origin(&first_column(about)?))?;
    let (_, sql) = scope.over_one_table(e)?;
    let (column, of, fixes) = (column.name.clone(), table.name.clone(), fixes && plain.is_some());
    is_useful(table, &column).then_some(Filter { table: of, sql, column, fixes, names_values })
}

/// True for what cannot fail on any value, as `json(x)` does on a text that is no JSON.
fn is_arithmetic(e: &Expr) -> bool {
    struct Calls(bool);
    impl Visitor for Calls {
        fn expr(&mut self, e: &mut Expr) {
            use Operator::{ArrowRight, ArrowRightShift};
            self.0 |=
                matches!(e, Expr::FunctionCall { .. } | Expr::Binary(_, ArrowRight | ArrowRightShift, _));
        }
    }
    let mut calls = Calls(false);
    syntax::expr(&mut e.clone(), &mut calls);
    !calls.0
}

/// True for bits of a column: `flags & 32`.
fn is_mask(e: &Expr) -> bool {
    match e {
        Expr::Binary(_, op, _) => *op == Operator::BitwiseAnd,
        Expr::Parenthesized(list) if list.len() == 1 => list.iter().all(|e| is_mask(e)),
        _ => false,
    }
}

/// The first column that an expression names.
fn first_column(e: &Expr) -> Option<Expr> {
    struct First(Option<Expr>);
    impl Visitor for First {
        fn expr(&mut self, e: &mut Expr) {
            if let (None, Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..)) = (&self.0, &*e) {
                self.0 = Some(e.clone());
            }
        }
    }
    let mut first = First(None);
    syntax::expr(&mut e.clone(), &mut first);
    first.0
}

/// True for a value that the statement itself names, not the application when it binds, and not the clock.
fn is_literal(e: &Expr) -> bool {
    match e {
        Expr::Literal(literal) => !matches!(
            literal,
            Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp | Literal::Null
        ),
        Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, e) => is_literal(e),
        Expr::Parenthesized(list) if list.len() == 1 => list.iter().all(|e| is_literal(e)),
        _ => false,
    }
}

/// True for a number up to a hundred.
fn is_small(e: &Expr) -> bool {
    match e {
        Expr::Literal(Literal::Numeric(text)) => text.parse::<f64>().is_ok_and(|n| n.abs() <= SMALL),
        Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, e) => is_small(e),
        Expr::Parenthesized(list) if list.len() == 1 => list.iter().all(|e| is_small(e)),
        _ => false,
    }
}

/// The largest number that is taken for a rule of the application: `tries < 5`.
const SMALL: f64 = 100.0;

/// False for the rowid: a condition on it picks a range of the table itself.
fn is_useful(table: &Table, column: &str) -> bool {
    table.rowid_alias().is_none_or(|alias| alias.name != column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::sql::scope::testing::schema_of;

    fn filters(sql: &str) -> Result<Vec<(String, bool)>> {
        let schema = schema_of(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, deleted_at, active); CREATE TABLE u(x, y)",
        )?;
        Ok(of(&schema, sql).into_iter().map(|f| (f.sql, f.fixes)).collect())
    }

    #[test]
    fn constant_conditions_are_found_in_where_on_and_subqueries() -> Result<()> {
        let sql = "SELECT 1 FROM t JOIN u ON u.x = t.id AND u.y <> 'z'
                   WHERE deleted_at IS NULL AND (a = -1 AND b > ?) AND active AND id = 5 AND b < 7000
                   AND EXISTS (SELECT 1 FROM u WHERE x IN (1, 2))";
        let found = filters(sql)?;
        let wanted = [
            ("a = - 1", true),
            ("active", false),
            ("deleted_at IS NULL", true),
            ("x IN (1, 2)", false),
            ("y != 'z'", false),
        ];
        assert_eq!(found, wanted.map(|(sql, fixes)| (sql.to_owned(), fixes)));
        Ok(())
    }

    #[test]
    fn bits_small_bounds_and_columns_of_one_row_are_conditions_and_moments_are_not() -> Result<()> {
        let found = filters(
            "SELECT 1 FROM t WHERE a & 32 != 0 AND (b & 4) AND b > 0 AND a < 1764000000 AND x < 'm'",
        )?;
        let wanted = ["a & 32 != 0", "b & 4", "b > 0"];
        let mut found: Vec<_> = found
            .into_iter()
            .map(|(sql, fixes)| {
                assert!(!fixes);
                sql
            })
            .collect();
        found.sort_by_key(|sql| wanted.iter().position(|w| w == sql));
        assert_eq!(found, wanted);
        assert_eq!(
            filters("SELECT 1 FROM t WHERE a < t.b AND lower(deleted_at) = ?")?,
            [("a < b".to_owned(), false)]
        );
        assert_eq!(filters("SELECT 1 FROM t, u WHERE a < x AND b = y")?, []);
        Ok(())
    }

    #[test]
    fn conditions_under_or_and_with_parameters_are_left_alone() -> Result<()> {
        assert_eq!(filters("SELECT 1 FROM t WHERE a = 1 OR b = 2")?, []);
        assert_eq!(filters("SELECT 1 FROM t WHERE a = ? AND b = a AND a IN (?)")?, []);
        Ok(())
    }

    #[test]
    fn a_condition_on_what_a_subquery_or_with_hands_on_is_of_the_table_behind_it() -> Result<()> {
        for sql in [
            "SELECT 1 FROM (SELECT * FROM t) WHERE deleted_at IS NULL",
            "WITH kept AS (SELECT * FROM t) SELECT 1 FROM kept WHERE deleted_at IS NULL",
            "SELECT a FROM t WHERE deleted_at IS NULL UNION SELECT b FROM t WHERE deleted_at IS NULL",
        ] {
            assert_eq!(filters(sql)?, [("deleted_at IS NULL".to_owned(), true)], "{sql}");
        }
        Ok(())
    }
}
