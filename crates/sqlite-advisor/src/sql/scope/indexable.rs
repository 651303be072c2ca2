//! An expression as an index could hold it: over the columns of one table, and the same whenever it is asked.

use crate::sql::scope::{Found, Scope};
use crate::sql::syntax::ast::{Expr, Literal, Name, Select};
use crate::sql::syntax::{self, Visitor};
use crate::sqlite::schema::Table;

impl<'s> Scope<'s> {
    /// The only table that an expression reads, and its text over that table's bare columns. None where it also depends
    /// on something else: a parameter, a subquery, another table, the clock.
    pub fn over_one_table(&self, expr: &Expr) -> Option<(&'s Table, String)> {
        struct Look<'a, 's> {
            scope: &'a Scope<'s>,
            table: Option<&'s Table>,
            fails: bool,
        }
        impl Visitor for Look<'_, '_> {
            fn select(&mut self, _: &mut Select) {
                self.fails = true;
            }
            fn expr(&mut self, e: &mut Expr) {
                match e {
                    Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) => {
                        let Some(Found { table, column }) = self.scope.origin(e) else {
                            return self.fails = true;
                        };
                        self.fails |= self.table.is_some_and(|known| known.name != table.name);
                        self.table = Some(table);
                        *e = Expr::Name(Name::from_string(crate::model::index::quote(&column.name)));
                    }
                    Expr::Variable(_) | Expr::DoublyQualified(..) | Expr::FunctionCallStar { .. } => {
                        self.fails = true;
                    }
                    Expr::Literal(
                        Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp,
                    ) => self.fails = true,
                    Expr::Literal(Literal::String(text)) => self.fails |= tells_the_time(text),
                    Expr::FunctionCall { name, filter_over, .. } => {
                        let gathers = syntax::is_aggregate(name) || filter_over.over_clause.is_some();
                        self.fails |= gathers;
                    }
                    _ => {}
                }
            }
        }
        let mut look = Look { scope: self, table: None, fails: false };
        let mut copy = expr.clone();
        syntax::expr(&mut copy, &mut look);
        let table = look.table.filter(|_| !look.fails)?;
        Some((table, syntax::expression_text(&copy)))
    }
}

/// Arguments that make a date function depend on the clock or the machine, so that no index can hold it.
fn tells_the_time(literal: &str) -> bool {
    ["'now'", "'localtime'", "'utc'"].iter().any(|word| literal.eq_ignore_ascii_case(word))
}
