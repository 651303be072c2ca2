//! LIKE and GLOB with a pattern that is bound: SQLite turns the plain beginning of the value into a range once the value is
//! there (<https://www.sqlite.org/optoverview.html#the_like_optimization>), which a statement without values does not show.
//!
//! A beginning that reads as a number makes a range only in a column of texts, and a virtual table has none in SQLite's eyes;
//! so the shadow schema is asked with a letter in its place. The planner of the clone has the last word.

use crate::model::index::literal;
use crate::sql::syntax::ast::{Expr, LikeOperator, Literal, Stmt};
use crate::sql::syntax::{self, Visitor};
use rusqlite::types::Value;

/// The statement with the patterns that are bound written into it, where one begins plainly, and those that begin like a number
/// with a letter; none where there is neither.
pub fn with_patterns(sql: &str, values: &[Value]) -> Option<String> {
    struct Write<'v>(&'v [Value], bool);
    impl Visitor for Write<'_> {
        fn expr(&mut self, e: &mut Expr) {
            let Expr::Like { op, rhs, .. } = e else { return };
            let written = text_of(rhs);
            let Some(text) = bound(rhs, self.0).or(written.as_deref()) else { return };
            let beginning = plain_beginning(*op, text);
            let (is_number, is_bound) = (may_be_number(beginning), written.is_none());
            if !beginning.is_empty() && (is_number || is_bound) {
                let rest = text.get(beginning.len()..).unwrap_or_default();
                let text = if is_number { format!("a{rest}") } else { text.to_owned() };
                **rhs = Expr::Literal(Literal::String(literal(&text)));
                self.1 = true;
            }
        }
    }
    let mut stmt: Stmt = syntax::parse(sql)?;
    let mut write = Write(values, false);
    syntax::walk(&mut stmt, &mut write);
    write.1.then(|| stmt.to_string())
}

/// The text of a literal.
fn text_of(e: &Expr) -> Option<String> {
    let Expr::Literal(Literal::String(quoted)) = e else { return None };
    Some(quoted.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

/// True for what SQLite could take for a number.
fn may_be_number(beginning: &str) -> bool {
    beginning.starts_with(|c: char| c.is_ascii_digit() || " +-.".contains(c))
}

/// The text that is bound to a parameter.
pub fn bound<'v>(e: &Expr, values: &'v [Value]) -> Option<&'v str> {
    match e {
        Expr::Variable(v) => match values.get(usize::try_from(v.index.get()).ok()?.checked_sub(1)?)? {
            Value::Text(text) => Some(text),
            _ => None,
        },
        Expr::Parenthesized(list) if list.len() == 1 => bound(list.first()?, values),
        _ => None,
    }
}

/// What a pattern begins with before its first wildcard.
pub fn plain_beginning(op: LikeOperator, pattern: &str) -> &str {
    let wildcards: &[char] = match op {
        LikeOperator::Like => &['%', '_'],
        LikeOperator::Glob => &['*', '?', '['],
        _ => return "",
    };
    pattern.split(wildcards).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sql: &str, value: &str) -> Option<String> {
        with_patterns(sql, &[Value::Integer(7), Value::Text(value.to_owned())])
    }

    #[test]
    fn a_pattern_that_begins_plainly_is_written_into_the_statement() {
        let sql = "SELECT 1 FROM t WHERE a = ? AND b LIKE ?";
        assert_eq!(
            written(sql, "o'Neil%").as_deref(),
            Some("SELECT 1 FROM t WHERE a = ?1 AND b LIKE 'o''Neil%'")
        );
        let sql = "SELECT 1 FROM t WHERE a = ?1 AND b GLOB (?2)";
        assert!(written(sql, "x*").is_some_and(|sql| sql.ends_with("b GLOB 'x*'")));
    }

    #[test]
    fn a_beginning_that_reads_as_a_number_is_asked_for_with_a_letter() {
        let sql = "SELECT 1 FROM t WHERE a = ?1 AND b LIKE ?2";
        assert!(written(sql, "2026%7").is_some_and(|sql| sql.ends_with("b LIKE 'a%7'")));
        let sql = "SELECT 1 FROM t WHERE b LIKE '343%'";
        assert!(written(sql, "").is_some_and(|sql| sql.ends_with("b LIKE 'a%'")));
        assert_eq!(written("SELECT 1 FROM t WHERE b LIKE 'x%' OR b LIKE '%7'", ""), None);
    }

    #[test]
    fn a_pattern_with_a_wildcard_in_front_or_one_that_is_no_text_stays_a_parameter() {
        let sql = "SELECT 1 FROM t WHERE a = ? AND b LIKE ?";
        for value in ["%x", "_x", ""] {
            assert_eq!(written(sql, value), None);
        }
        assert_eq!(written("SELECT 1 FROM t WHERE a LIKE ?1 AND b = ?2", "x%"), None);
        assert_eq!(written("SELECT 1 FROM t WHERE b GLOB ?2", "[a-c]x"), None);
    }
}
