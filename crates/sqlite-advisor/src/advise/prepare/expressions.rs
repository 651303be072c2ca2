//! Expressions that an index could hold: `lower(email)`, `date(at)`, `body ->> '$.kind'`, as the statement writes them
//! (<https://www.sqlite.org/expridx.html>).
//!
//! The planner tells a virtual table nothing about expressions. So each is given to the recording shadow as a column of its
//! own, and the statement is written with that column in its place: what is then recorded of the column is what an index on
//! the expression could serve.

use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::{As, Expr, Name, OneSelect, Operator, ResultColumn, Select};
use crate::sql::syntax::{self, Visitor};
use crate::sqlite::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// Expressions by table.
pub type Expressions = BTreeMap<String, BTreeSet<String>>;

/// The statement with a column in the place of each expression, and those expressions; none if it has no such.
pub fn as_columns(schema: &Schema, sql: &str) -> Option<(String, Expressions)> {
    let mut stmt = syntax::parse(sql)?;
    let mut found = Expressions::new();
    scope::walk(&mut stmt, schema, |place, scope| {
        for e in wanted(place) {
            if let (true, Some((table, sql))) = (is_computed(e), scope.over_one_table(inner(e))) {
                found.entry(table.name.clone()).or_default().insert(sql);
            }
        }
    });
    if found.is_empty() {
        return None;
    }
    scope::walk(&mut stmt, schema, |place, scope| {
        if let Place::Expr(e) = place {
            replace(e, scope, &found);
        }
    });
    Some((stmt.to_string(), found))
}

/// What is compared, sorted or grouped by at a place.
fn wanted(place: Place<'_>) -> Vec<&Expr> {
    match place {
        Place::Expr(Expr::Binary(a, op, b)) if syntax::is_comparison(*op) => vec![a, b],
        Place::Expr(
            Expr::Between { lhs, .. }
            | Expr::InList { lhs, .. }
            | Expr::InSelect { lhs, .. }
            | Expr::IsNull(lhs),
        ) => vec![lhs],
        Place::Ordering(e) => vec![e],
        Place::Select(select) => sorted_by_alias(select),
        _ => vec![],
    }
}

/// The result columns that ORDER BY or GROUP BY names by their alias.
fn sorted_by_alias(s: &Select) -> Vec<&Expr> {
    let OneSelect::Select { columns, group_by, .. } = &s.body.select else { return vec![] };
    let sorted = s.order_by.iter().map(|o| &o.expr).chain(group_by.iter().flat_map(|g| &g.exprs));
    let names: Vec<&str> = sorted.filter_map(|e| syntax::column_name(e)).collect();
    let is_named = |alias: &As| names.iter().any(|n| n.eq_ignore_ascii_case(alias.name().as_str()));
    let sorted = |column| match column {
        &ResultColumn::Expr(ref e, Some(ref alias)) if is_named(alias) => Some(&**e),
        _ => None,
    };
    columns.iter().filter_map(sorted).collect()
}

/// Puts a column in the place of an expression that was found.
fn replace(e: &mut Expr, scope: &Scope<'_>, found: &Expressions) {
    if !is_computed(e) {
        return;
    }
    let Some((table, sql)) = scope.over_one_table(e) else { return };
    if !found.get(&table.name).is_some_and(|all| all.contains(&sql)) {
        return;
    }
    let column = Name::from_string(format!("\"{}\"", sql.replace('"', "\"\"")));
    *e = match alias_of(e) {
        Some(alias) => Expr::Qualified(alias, column),
        None => Expr::Id(column),
    };
}

/// The alias by which an expression names its columns.
fn alias_of(e: &Expr) -> Option<Name> {
    struct First(Option<Name>);
    impl Visitor for First {
        fn expr(&mut self, e: &mut Expr) {
            if let (None, Expr::Qualified(alias, _)) = (&self.0, e) {
                self.0 = Some(alias.clone());
            }
        }
    }
    let mut first = First(None);
    syntax::expr(&mut e.clone(), &mut first);
    first.0
}

/// True for what only an index on an expression could hold.
fn is_computed(e: &Expr) -> bool {
    match inner(e) {
        Expr::FunctionCall { .. } | Expr::Cast { .. } | Expr::Case { .. } => true,
        Expr::Binary(_, op, _) => !syntax::is_comparison(*op) && !matches!(op, Operator::And | Operator::Or),
        _ => false,
    }
}

fn inner(e: &Expr) -> &Expr {
    match e {
        Expr::Parenthesized(list) if list.len() == 1 => list.first().map_or(e, |e| inner(e)),
        Expr::Collate(e, _) => inner(e),
        _ => e,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::sql::scope::testing::schema_of;

    fn rewritten(sql: &str) -> Result<Option<(String, Expressions)>> {
        let schema = schema_of(
            "CREATE TABLE users(id INTEGER PRIMARY KEY, email, born, body); CREATE TABLE posts(id, author)",
        )?;
        Ok(as_columns(&schema, sql))
    }

    #[test]
    fn what_is_compared_becomes_a_column_under_its_alias() -> Result<()> {
        let sql = "SELECT 1 FROM users u, posts p WHERE lower(u.email) = ? AND p.author = u.id AND abs(p.id) > u.id";
        let (rewritten, found) = rewritten(sql)?.unwrap_or_default();
        assert_eq!(
            rewritten,
            "SELECT 1 FROM users u, posts p WHERE u.\"lower(email)\" = ?1 AND p.author = u.id AND p.\"abs(id)\" > u.id"
        );
        assert_eq!(found.keys().collect::<Vec<_>>(), ["posts", "users"]);
        Ok(())
    }

    #[test]
    fn a_result_column_that_is_sorted_by_is_found_under_its_name() -> Result<()> {
        let sql = "SELECT body ->> '$.kind' AS kind, count(*) FROM users GROUP BY kind ORDER BY 2";
        let (rewritten, found) = rewritten(sql)?.unwrap_or_default();
        assert_eq!(found.get("users"), Some(&["body ->> '$.kind'".to_owned()].into()));
        assert!(rewritten.contains("\"body ->> '$.kind'\" AS kind"), "{rewritten}");
        Ok(())
    }

    #[test]
    fn what_no_index_can_hold_is_left_alone() -> Result<()> {
        for sql in [
            "SELECT 1 FROM users WHERE date(born, 'localtime') = '2026-01-01'",
            "SELECT 1 FROM users GROUP BY email HAVING count(id) > 1",
            "SELECT 1 FROM users WHERE email = ?1 || 'x' AND born > id",
            "SELECT 1 FROM users u, posts p WHERE u.id + p.id = 7",
            "SELECT 1 FROM users WHERE length((SELECT 1)) = 1",
        ] {
            assert_eq!(rewritten(sql)?, None, "{sql}");
        }
        Ok(())
    }
}
