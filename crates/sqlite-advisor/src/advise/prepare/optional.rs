//! Parameters that switch a filter off while they are NULL: `(?1 IS NULL OR c = ?1)`, `c = coalesce(?1, c)`.
//!
//! One text then stands for many statements, and the values of one run say nothing of the others. So each is also tried
//! with all such filters off, and no index goes that this needs.

use crate::sql::syntax::ast::{Expr, Literal, Operator};
use crate::sql::syntax::{self, Visitor};
use crate::workload::Workload;
use rusqlite::types::Value;
use std::collections::BTreeSet;

/// The workload with one more set of values for each read with optional filters.
pub fn with_filters_off(mut workload: Workload) -> Workload {
    for statement in workload.statements.iter_mut().filter(|s| !s.writes) {
        let optional = optional(&statement.sql);
        let Some(mut off) = statement.bindings.first().cloned().filter(|_| !optional.is_empty()) else {
            continue;
        };
        for (_, value) in (1..).zip(&mut off).filter(|(position, _)| optional.contains(position)) {
            *value = Value::Null;
        }
        if !statement.bindings.contains(&off) {
            statement.bindings.push(off);
        }
    }
    workload
}

/// The positions of parameters that a statement asks to be NULL.
fn optional(sql: &str) -> BTreeSet<usize> {
    #[derive(Default)]
    struct Asked(BTreeSet<usize>);
    impl Visitor for Asked {
        fn expr(&mut self, e: &mut Expr) {
            let asked = match &*e {
                Expr::IsNull(asked) => asked,
                Expr::Binary(asked, Operator::Is, null) if **null == Expr::Literal(Literal::Null) => asked,
                Expr::Binary(column, Operator::Equals, other) => match other.as_ref() {
                    Expr::FunctionCall { args, .. } => match args.as_slice() {
                        [first, own] if own == column => first,
                        _ => return,
                    },
                    _ => return,
                },
                _ => return,
            };
            if let Expr::Variable(v) = asked.as_ref() {
                self.0.extend(usize::try_from(v.index.get()));
            }
        }
    }
    let mut asked = Asked::default();
    if let Some(mut stmt) = syntax::parse(sql) {
        syntax::walk(&mut stmt, &mut asked);
    }
    asked.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_are_asked_to_be_null_are_optional_and_others_are_not() {
        let sql = "SELECT 1 FROM t WHERE (?1 IS NULL OR a = ?1) AND b = coalesce(?2, b) AND (c = ?3 OR c IS NULL) LIMIT ?4";
        assert_eq!(optional(sql), [1, 2].into());
        assert!(optional("SELECT 1 FROM t WHERE a = ? AND b IS NULL").is_empty());
    }
}
