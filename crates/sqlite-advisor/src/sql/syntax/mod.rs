//! SQL text as a tree, for what SQLite's planner does not tell: expressions, parameters, LIMIT and hints.
//!
//! A statement that the parser does not know costs only these extras, so parsing returns an `Option`.

mod expression;
mod statement;
mod walk;

pub use expression::{
    column_name, compares_with_literals, condition, conjunction, conjuncts, enclosed, expression_text,
    extreme_of, filled, inner_column, is_aggregate, is_comparison, is_constant, is_plain_call,
    replace_conjuncts, result_name, source_name,
};
pub use statement::{
    collated_columns, collations, cores, cores_mut, draws, is_union, select_of, trigger_statements,
    updated_columns, without_hints, written_table,
};
pub use turso_parser::ast;
pub use walk::{Visitor, expr, select, walk};

use turso_parser::ast::{Cmd, Stmt};
use turso_parser::parser::Parser;

/// The tree of one statement; none if the parser does not know it.
pub fn parse(sql: &str) -> Option<Stmt> {
    match Parser::new(sql.as_bytes()).next_cmd() {
        Ok(Some(Cmd::Stmt(stmt))) => Some(stmt),
        _ => None,
    }
}
