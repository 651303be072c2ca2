//! The shape of a statement: what is left of it when the values that an application puts in are taken out.
//!
//! A literal is such a value where it is compared with something, listed in IN, given to a column or to LIMIT. Literals inside
//! an expression, such as the path of `json_extract(doc, '$.a')`, belong to the shape.

use crate::sql::lexer::{canonical, tokens};
use crate::sql::syntax::{self, Visitor, ast};
use crate::workload::source::written_value;
use ast::{Expr, Literal, OneSelect, Stmt, UnaryOperator, Variable};
use rusqlite::types::Value;
use std::num::NonZeroU32;

/// What a statement has in common with others, and what it has of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The same for statements that differ in literals, in the lengths of IN lists and of VALUES, in white space, comments
    /// and case.
    pub key: String,
    /// The same for statements that differ in literals only: their values can be bound to one text.
    pub class: String,
    /// The values that were taken out, in the order of the tree.
    pub literals: Vec<Value>,
}

impl Shape {
    /// The shape of a statement. One that the parser does not know has its own words for a shape.
    pub fn of(sql: &str) -> Self {
        let Some(mut stmt) = syntax::parse(sql) else {
            let key = canonical(&tokens(sql));
            return Self { class: key.clone(), key, literals: vec![] };
        };
        let mut taken = TakeOut::default();
        taken.statement(&mut stmt);
        let class = canonical(&tokens(&stmt.to_string()));
        collapse(&mut stmt);
        let key = canonical(&tokens(&stmt.to_string()));
        Self { key, class, literals: taken.values }
    }
}

/// A short name of a statement's shape, the same in every run: the first 64 bits of BLAKE3 of its key, as hexadecimal digits.
pub fn fingerprint(sql: &str) -> String {
    blake3::hash(Shape::of(sql).key.as_bytes()).to_hex().chars().take(16).collect()
}

/// The statement with parameters in the places of some of its literals, and the name of each such parameter; `varies` tells
/// for each literal whether it is to become one. None where the statement has parameters with names and with numbers both,
/// since SQLite gives a name the next free number.
pub fn with_parameters(sql: &str, varies: &[bool]) -> Option<(String, Vec<Option<String>>)> {
    let mut stmt = syntax::parse(sql)?;
    let mut there = Parameters::default();
    syntax::walk(&mut stmt, &mut there);
    if there.named && there.numbered {
        return None;
    }
    let mut bound =
        TakeOut { varies: Some(varies), next: there.highest, by_name: there.named, ..TakeOut::default() };
    bound.statement(&mut stmt);
    Some((stmt.to_string(), bound.names))
}

/// What stands in the place of a value. It is no parameter, so that literals and parameters stay apart in a class.
const TAKEN: &str = "'?'";

/// Takes values out of a statement, or binds some of them.
#[derive(Default)]
struct TakeOut<'v> {
    varies: Option<&'v [bool]>,
    /// The highest number of a parameter so far.
    next: u32,
    by_name: bool,
    values: Vec<Value>,
    names: Vec<Option<String>>,
}

impl TakeOut<'_> {
    fn statement(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Update(update) => update.sets.iter_mut().for_each(|set| self.value(&mut set.expr, true)),
            Stmt::Insert { body: ast::InsertBody::Select(_, upsert), .. } => {
                let mut next = upsert.as_mut();
                while let Some(upsert) = next {
                    if let ast::UpsertDo::Set { sets, .. } = &mut upsert.do_clause {
                        sets.iter_mut().for_each(|set| self.value(&mut set.expr, true));
                    }
                    next = upsert.next.as_mut();
                }
            }
            _ => {}
        }
        syntax::walk(stmt, self);
    }

    /// Takes the expression out if it is a literal. NULL is a value where it is stored, and a condition elsewhere.
    fn value(&mut self, e: &mut Expr, null: bool) {
        let value = match e {
            Expr::Parenthesized(list) if list.len() == 1 => {
                if let Some(inner) = list.first_mut() {
                    self.value(inner, null);
                }
                return;
            }
            // `'%' || ? || '%'`, as a trace shows it.
            Expr::Binary(before, ast::Operator::Concat, after) => {
                self.value(before, null);
                self.value(after, null);
                return;
            }
            Expr::Literal(literal) => literal_value(literal, null),
            Expr::Unary(UnaryOperator::Negative, inner) => match &**inner {
                Expr::Literal(Literal::Numeric(number)) => Some(written_value(&format!("-{number}"))),
                _ => None,
            },
            _ => None,
        };
        let Some(value) = value else { return };
        let place = self.values.len();
        self.values.push(value);
        let Some(varies) = self.varies else {
            *e = Expr::Literal(Literal::String(TAKEN.to_owned()));
            return;
        };
        if varies.get(place) != Some(&true) {
            return self.names.push(None);
        }
        self.next += 1;
        let mut parameter = Variable::numbered(NonZeroU32::new(self.next).unwrap_or(NonZeroU32::MIN));
        let mut name = format!("?{}", self.next);
        if self.by_name {
            name = format!(":value_{}", self.next);
            (parameter.numbered, parameter.name) = (false, Some(name.clone().into()));
        }
        self.names.push(Some(name));
        *e = Expr::Variable(parameter);
    }
}

impl Visitor for TakeOut<'_> {
    fn expr(&mut self, e: &mut Expr) {
        match e {
            Expr::Binary(a, op, b) if syntax::is_comparison(*op) => {
                let null = !matches!(op, ast::Operator::Is | ast::Operator::IsNot);
                self.value(a, null);
                self.value(b, null);
            }
            Expr::InList { rhs, .. } => rhs.iter_mut().for_each(|item| self.value(item, true)),
            Expr::Between { start, end, .. } => {
                self.value(start, true);
                self.value(end, true);
            }
            Expr::Like { rhs, .. } => self.value(rhs, true),
            _ => {}
        }
    }

    fn select(&mut self, select: &mut ast::Select) {
        match &mut select.body.select {
            OneSelect::Values(rows) => rows.iter_mut().flatten().for_each(|item| self.value(item, true)),
            // Without a table a function is only asked what it makes of values: Django lets QUOTE write its log.
            OneSelect::Select { columns, from: None, .. } => {
                for column in columns {
                    if let ast::ResultColumn::Expr(e, _) = column
                        && let Expr::FunctionCall { args, .. } = &mut **e
                    {
                        args.iter_mut().for_each(|argument| self.value(argument, true));
                    }
                }
            }
            OneSelect::Select { .. } => {}
        }
        if let Some(limit) = &mut select.limit {
            self.value(&mut limit.expr, false);
            limit.offset.iter_mut().for_each(|offset| self.value(offset, false));
        }
    }
}

fn literal_value(literal: &Literal, null: bool) -> Option<Value> {
    match literal {
        Literal::Numeric(text) => Some(number(text)),
        Literal::String(text) => Some(written_value(text)),
        Literal::Blob(text) => match written_value(text) {
            blob @ Value::Blob(_) => Some(blob),
            _ => None,
        },
        Literal::Null => null.then_some(Value::Null),
        _ => None,
    }
}

/// The value of a literal as it is written, its sign apart.
pub(super) fn literal_value_of(text: &str, negative: bool) -> Value {
    match text.as_bytes().first() {
        Some(b'\'' | b'x' | b'X') => written_value(text),
        _ if negative => written_value(&format!("-{text}")),
        _ => number(text),
    }
}

fn number(text: &str) -> Value {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hex.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
        Some(bits) => Value::Integer(bits.cast_signed()),
        None => written_value(text),
    }
}

/// The parameters that a statement has.
#[derive(Default)]
struct Parameters {
    highest: u32,
    named: bool,
    numbered: bool,
}

impl Visitor for Parameters {
    fn expr(&mut self, e: &mut Expr) {
        if let Expr::Variable(variable) = e {
            self.highest = self.highest.max(variable.index.get());
            self.named |= variable.name.is_some();
            self.numbered |= variable.name.is_none();
        }
    }
}

/// Makes lists of values as short as they can be, and all parameters the same.
fn collapse(stmt: &mut Stmt) {
    struct Shorten;
    fn is_value(e: &Expr) -> bool {
        matches!(e, Expr::Variable(_)) || matches!(e, Expr::Literal(Literal::String(text)) if text == TAKEN)
    }
    impl Visitor for Shorten {
        fn expr(&mut self, e: &mut Expr) {
            match e {
                Expr::InList { rhs, .. } if rhs.iter().all(|item| is_value(item)) => rhs.truncate(1),
                _ => {}
            }
        }

        fn leave_expr(&mut self, e: &mut Expr) {
            if is_value(e) {
                *e = Expr::Literal(Literal::String(TAKEN.to_owned()));
            }
        }

        fn select(&mut self, select: &mut ast::Select) {
            if let OneSelect::Values(rows) = &mut select.body.select
                && rows.iter().flatten().all(|item| is_value(item))
            {
                rows.truncate(1);
            }
        }
    }
    syntax::walk(stmt, &mut Shorten);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sql: &str) -> String {
        Shape::of(sql).key
    }

    #[test]
    fn values_lengths_of_lists_white_space_and_case_are_no_part_of_the_shape() {
        for (one, other) in [
            (
                "SELECT * FROM t WHERE a = 5 AND b LIKE 'x%'",
                "select *\n from T where A=-7.5 and b like 'y'  -- note",
            ),
            (
                "SELECT * FROM t AS X WHERE x.a IN (1, 2, 3) LIMIT 5",
                "SELECT * FROM t as x WHERE X.a IN (?) LIMIT 50",
            ),
            (
                "INSERT INTO t(a, b) VALUES (1, 'x')",
                "INSERT INTO t(a, b) VALUES (NULL, x'00'), (3, ?), (:c, 4)",
            ),
            (
                "UPDATE t SET a = NULL, b = (2) WHERE c BETWEEN 1 AND 2",
                "UPDATE t SET a = 'x', b = (3) WHERE c BETWEEN ? AND ?2",
            ),
            (
                "SELECT CASE WHEN a LIKE '%' || 'x' || '%' THEN 1 ELSE 0 END FROM t",
                "SELECT CASE WHEN a LIKE '%' || ? || '%' THEN 1 ELSE 0 END FROM t",
            ),
            ("SELECT QUOTE(1), QUOTE('x')", "SELECT QUOTE('y'), QUOTE(NULL)"),
            (
                "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1",
                "INSERT INTO t VALUES (2) ON CONFLICT DO UPDATE SET a = 2",
            ),
        ] {
            assert_eq!(key(one), key(other));
        }
    }

    #[test]
    fn what_an_expression_is_made_of_belongs_to_the_shape() {
        for (one, other) in [
            ("SELECT json_extract(d, '$.a') FROM t", "SELECT json_extract(d, '$.b') FROM t"),
            ("SELECT 1 FROM t WHERE substr(a, 1, 2) = 'x'", "SELECT 1 FROM t WHERE substr(a, 1, 3) = 'x'"),
            ("SELECT 1 FROM t WHERE a IS NULL", "SELECT 1 FROM t WHERE a IS 5"),
            ("SELECT 1 FROM t WHERE a = 'x'", "SELECT 1 FROM t WHERE b = 'x'"),
            ("SELECT a FROM t ORDER BY 1", "SELECT a FROM t ORDER BY 2"),
            ("selct 1", "selct 2"),
        ] {
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn literals_become_parameters_behind_those_that_are_there() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t(a, b, c, d)").unwrap();
        for (one, other) in [("?", "?"), ("?2", "?1"), (":b", "@c")] {
            let sql = format!(
                "SELECT * FROM t WHERE a = 5 AND b = {one} AND c = {other} AND d IN ('x', -3) LIMIT 7"
            );
            assert_eq!(Shape::of(&sql).literals.len(), 4);
            let (text, names) = with_parameters(&sql, &[false, true, true, true]).unwrap();
            assert_eq!(names.iter().flatten().count(), 3, "{text}");
            let statement = conn.prepare(&text).unwrap();
            for name in names.iter().flatten() {
                assert!(statement.parameter_index(name).unwrap().is_some(), "{name} in {text}");
            }
            assert_eq!(statement.parameter_count(), 5, "{text}");
        }
        assert_eq!(with_parameters("SELECT 1 WHERE 5 = :a AND 6 = ?1", &[true, true]), None);
    }
}
