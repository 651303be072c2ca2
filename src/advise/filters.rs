//! Conditions that a partial index could have: those of a statement that compare a column with a constant
//! (<https://www.sqlite.org/partialindex.html>). SQLite uses a partial index where its condition stands in the
//! statement as it stands in the index, or where `c IS NOT NULL` follows from a comparison with `c`.

use crate::advise::scope::Scope;
use crate::database::Schema;
use crate::database::schema::Table;
use crate::syntax::ast::{Expr, Literal, Operator, UnaryOperator};
use crate::syntax::{self, Visitor};

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
        let sql = format!("{} IS NOT NULL", crate::index::quote(column));
        Self { table: table.to_owned(), sql, column: column.to_owned(), fixes: false, names_values: false }
    }
}

/// The conditions of a statement, sorted.
pub fn of(schema: &Schema, sql: &str) -> Vec<Filter> {
    let Some(mut stmt) = syntax::parse(sql) else { return vec![] };
    let scope = Scope::of(schema, &mut stmt);
    let mut collect = Collect { scope: &scope, found: vec![] };
    syntax::walk(&mut stmt, &mut collect);
    collect.found.sort();
    collect.found.dedup();
    collect.found
}

struct Collect<'a, 's> {
    scope: &'a Scope<'s>,
    found: Vec<Filter>,
}

impl Visitor for Collect<'_, '_> {
    fn condition(&mut self, e: &mut Expr) {
        self.conjunct(e);
    }
}

impl Collect<'_, '_> {
    fn conjunct(&mut self, e: &Expr) {
        match e {
            Expr::Binary(a, Operator::And, b) => {
                self.conjunct(a);
                self.conjunct(b);
            }
            Expr::Parenthesized(list) if list.len() == 1 => list.iter().for_each(|e| self.conjunct(e)),
            Expr::Binary(a, op, b) if syntax::is_comparison(*op) => {
                let null = matches!(op, Operator::Is | Operator::IsNot);
                let is_constant =
                    |e: &Expr| is_constant(e) || (null && matches!(e, Expr::Literal(Literal::Null)));
                let (column, value) = match (is_constant(a), is_constant(b)) {
                    (false, true) => (a, b),
                    (true, false) => (b, a),
                    _ => return,
                };
                let names_values = !matches!(**value, Expr::Literal(Literal::Null));
                match op {
                    Operator::Equals | Operator::Is => self.add(column, e, true, names_values),
                    Operator::NotEquals | Operator::IsNot => self.add(column, e, false, names_values),
                    // A bound of a range moves with time and use.
                    _ => {}
                }
            }
            Expr::IsNull(column) => self.add(column, e, true, false),
            Expr::NotNull(column) => self.add(column, e, false, false),
            Expr::InList { lhs, rhs, .. } if rhs.len() > 1 && rhs.iter().all(|e| is_constant(e)) => {
                self.add(lhs, e, false, true);
            }
            Expr::Unary(UnaryOperator::Not, column) => self.add(column, e, false, false),
            Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) => self.add(e, e, false, false),
            _ => {}
        }
    }

    fn add(&mut self, column: &Expr, whole: &Expr, fixes: bool, names_values: bool) {
        let (Some((table, name)), Some((_, sql))) =
            (self.scope.column(column), self.scope.over_one_table(whole))
        else {
            return;
        };
        if is_useful(table, name) {
            let (table, column) = (table.name.clone(), name.to_owned());
            self.found.push(Filter { table, sql, column, fixes, names_values });
        }
    }
}

/// False for the rowid: a condition on it picks a range of the table itself.
fn is_useful(table: &Table, column: &str) -> bool {
    table.rowid_alias().is_none_or(|alias| alias.name != column)
}

fn is_constant(e: &Expr) -> bool {
    match e {
        Expr::Literal(literal) => !matches!(
            literal,
            Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp | Literal::Null
        ),
        Expr::Unary(UnaryOperator::Negative | UnaryOperator::Positive, e) => is_constant(e),
        Expr::Parenthesized(list) if list.len() == 1 => list.iter().all(|e| is_constant(e)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;

    fn filters(sql: &str) -> Result<Vec<(String, bool)>> {
        let conn = rusqlite::Connection::open_in_memory().map_err(crate::Error::from)?;
        conn.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, deleted_at, active); CREATE TABLE u(x, y)",
        )
        .map_err(crate::Error::from)?;
        Ok(of(&Schema::read(&conn)?, sql).into_iter().map(|f| (f.sql, f.fixes)).collect())
    }

    #[test]
    fn constant_conditions_are_found_in_where_on_and_subqueries() -> Result<()> {
        let sql = "SELECT 1 FROM t JOIN u ON u.x = t.id AND u.y <> 'z'
                   WHERE deleted_at IS NULL AND (a = -1 AND b > ?) AND active AND id = 5 AND b < 7
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
    fn conditions_under_or_and_with_parameters_are_left_alone() -> Result<()> {
        assert_eq!(filters("SELECT 1 FROM t WHERE a = 1 OR b = 2")?, []);
        assert_eq!(filters("SELECT 1 FROM t WHERE a = ? AND b = a AND a IN (?)")?, []);
        Ok(())
    }
}
