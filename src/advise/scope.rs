//! To which table of the schema an expression of a statement belongs.

use crate::database::Schema;
use crate::database::schema::Table;
use crate::syntax::ast::{As, Expr, Indexed, Literal, Name, QualifiedName, Select, Stmt};
use crate::syntax::{self, Visitor};
use std::collections::BTreeMap;

/// The tables that a statement names, by alias.
///
/// Aliases are looked up in the whole statement, not query by query: one that stands for two tables is told nothing
/// about. That costs a candidate in a rare statement and can never give a wrong one, since the planner has the last word.
pub struct Scope<'s> {
    tables: BTreeMap<String, Option<&'s Table>>,
}

impl<'s> Scope<'s> {
    /// Looks through all FROM clauses.
    pub fn of(schema: &'s Schema, stmt: &mut Stmt) -> Self {
        struct Collect<'s> {
            schema: &'s Schema,
            tables: BTreeMap<String, Option<&'s Table>>,
        }
        impl Visitor for Collect<'_> {
            fn table(&mut self, name: &mut QualifiedName, alias: Option<&As>, _: &mut Option<Indexed>) {
                let called = match alias {
                    Some(As::As(alias) | As::Elided(alias)) => alias,
                    _ => &name.name,
                };
                let table = self.schema.table(name.name.as_str()).filter(|t| t.is_indexable());
                let same = |a: &Table, b: &Table| a.name == b.name;
                self.tables
                    .entry(called.as_str().to_lowercase())
                    .and_modify(|known| {
                        if !known.zip(table).is_some_and(|(a, b)| same(a, b)) {
                            *known = None;
                        }
                    })
                    .or_insert(table);
            }
        }
        let mut collect = Collect { schema, tables: BTreeMap::new() };
        syntax::walk(stmt, &mut collect);
        Self { tables: collect.tables }
    }

    /// The table of a column, and the column's name as the schema writes it; none if `expr` is no column of one table.
    pub fn column(&self, expr: &Expr) -> Option<(&'s Table, &'s str)> {
        let (table, name) = match expr {
            Expr::Qualified(alias, name) => (*self.tables.get(&alias.as_str().to_lowercase())?, name),
            Expr::Id(name) | Expr::Name(name) => (self.owner(name), name),
            _ => return None,
        };
        let table = table?;
        Some((table, &table.column(name.as_str())?.name))
    }

    /// The only table that has a column of that name.
    fn owner(&self, column: &Name) -> Option<&'s Table> {
        let mut owners: Vec<&Table> =
            self.tables.values().flatten().filter(|t| t.column(column.as_str()).is_some()).copied().collect();
        owners.dedup_by(|a, b| a.name == b.name);
        if owners.len() == 1 { owners.pop() } else { None }
    }

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
                        let Some((table, name)) = self.scope.column(e) else { return self.fails = true };
                        self.fails |= self.table.is_some_and(|known| known.name != table.name);
                        self.table = Some(table);
                        *e = Expr::Name(Name::from_string(crate::index::quote(name)));
                    }
                    Expr::Variable(_) | Expr::DoublyQualified(..) | Expr::FunctionCallStar { .. } => {
                        self.fails = true;
                    }
                    Expr::Literal(
                        Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp,
                    ) => self.fails = true,
                    Expr::Literal(Literal::String(text)) => self.fails |= tells_the_time(text),
                    Expr::FunctionCall { name, filter_over, .. } => {
                        let aggregate = AGGREGATES.iter().any(|a| name.as_str().eq_ignore_ascii_case(a));
                        self.fails |= aggregate || filter_over.over_clause.is_some();
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

/// Functions over many rows. `min` and `max` of several arguments are not, but they are rare in keys.
const AGGREGATES: [&str; 12] = [
    "avg",
    "count",
    "group_concat",
    "json_group_array",
    "json_group_object",
    "jsonb_group_array",
    "jsonb_group_object",
    "max",
    "min",
    "string_agg",
    "sum",
    "total",
];

/// Arguments that make a date function depend on the clock or the machine, so that no index can hold it.
fn tells_the_time(literal: &str) -> bool {
    ["'now'", "'localtime'", "'utc'"].iter().any(|word| literal.eq_ignore_ascii_case(word))
}
