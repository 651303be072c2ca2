//! Which column of which table a name in a statement means.
//!
//! `walk` goes through a statement with the names of each place; [`Scope::over_one_table`] says what an index could hold.

mod indexable;
mod walk;

pub use walk::{Place, each_expr, each_select, walk};

use crate::sql::syntax::ast::{
    As, Expr, FromClause, OneSelect, Operator, QualifiedName, Select, SelectTable,
};
use crate::sql::syntax::{conjuncts, cores, is_constant};
use crate::sqlite::Schema;
use crate::sqlite::schema::{Column, Table};
use std::collections::BTreeSet;

/// The tables that can be named at a place of a statement, the innermost SELECT last.
pub struct Scope<'s> {
    schema: &'s Schema,
    /// Names of WITH, which hide tables.
    ctes: BTreeSet<String>,
    /// All tables of the statement, whatever SELECT names them.
    tables: Vec<&'s Table>,
    frames: Vec<Vec<Source>>,
}

/// A table, or something else that has columns, in a FROM clause.
struct Source {
    /// Its alias, or its name.
    name: String,
    /// The table; none for a subquery, a view or a virtual table.
    table: Option<String>,
}

/// A column that a name was found to mean.
#[derive(Debug, Clone, Copy)]
pub struct Found<'s> {
    /// Its table.
    pub table: &'s Table,
    /// The column.
    pub column: &'s Column,
}

impl<'s> Scope<'s> {
    /// The column that an expression names; none where it is no column of a table, or could be of several.
    pub fn column(&self, e: &Expr) -> Option<Found<'s>> {
        match e {
            Expr::Parenthesized(list) if list.len() == 1 => self.column(list.first()?),
            Expr::Qualified(source, column) => self.qualified(source.as_str(), column.as_str()),
            Expr::Id(name) | Expr::Name(name) if !name.quoted_with('\'') => self.bare(name.as_str()),
            _ => None,
        }
    }

    /// The same, and for a bare name that a subquery or a WITH hands on, the only table of the statement with such a column.
    /// That may be wrong, so it is for candidates, of which the planner has the last word.
    pub fn origin(&self, e: &Expr) -> Option<Found<'s>> {
        let guess = || {
            let (Expr::Id(name) | Expr::Name(name)) = e else { return None };
            let found = |table: &&'s Table| Some(Found { table, column: table.column(name.as_str())? });
            let mut owners = self.tables.iter().filter_map(found);
            owners.next().filter(|_| owners.next().is_none())
        };
        self.column(e).or_else(guess)
    }

    /// The name by which a bare or qualified column's table goes in its FROM.
    pub fn source_of(&self, e: &Expr) -> Option<String> {
        let found = self.column(e)?;
        if let Expr::Qualified(source, _) = e {
            return Some(source.as_str().to_owned());
        }
        let frames = self.frames.iter().rev().flatten();
        let mut named = frames.filter(|s| s.table.as_deref() == Some(&found.table.name));
        named.next().map(|s| s.name.clone())
    }

    /// How many sources the innermost FROM has.
    pub fn width(&self) -> usize {
        self.frames.last().map_or(0, Vec::len)
    }

    /// How deep the place is: 1 in the outermost SELECT.
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The tables of the innermost FROM, by the names they go by.
    pub fn tables(&self) -> Vec<(&str, &'s Table)> {
        let named = |s: &'_ Source| s.table.as_deref().and_then(|t| self.schema.table(t));
        self.frames.last().into_iter().flatten().filter_map(|s| Some((s.name.as_str(), named(s)?))).collect()
    }

    fn qualified(&self, source: &str, column: &str) -> Option<Found<'s>> {
        let named = |s: &&Source| s.name.eq_ignore_ascii_case(source);
        let source = self.frames.iter().rev().find_map(|frame| frame.iter().find(named))?;
        self.found(source, column)
    }

    fn bare(&self, column: &str) -> Option<Found<'s>> {
        for frame in self.frames.iter().rev() {
            let mut having = frame.iter().filter_map(|s| self.found(s, column));
            // A table that stands in several parts of a compound SELECT is one meaning.
            match (having.next(), having.map(|other| &other.table.name)) {
                (Some(one), mut others) => {
                    return others.all(|other| *other == one.table.name).then_some(one);
                }
                // What a subquery or view gives is not known here, and could hide a column further out.
                (None, _) if frame.iter().any(|s| s.table.is_none()) => return None,
                (None, _) => {}
            }
        }
        None
    }

    fn found(&self, source: &Source, column: &str) -> Option<Found<'s>> {
        let table = self.schema.table(source.table.as_deref()?)?;
        Some(Found { table, column: table.column(column)? })
    }

    fn enter(&mut self, select: &Select) {
        let mut frame = vec![];
        for core in cores(select) {
            if let OneSelect::Select { from: Some(from), .. } = core {
                self.sources(from, &mut frame);
            }
        }
        self.frames.push(frame);
    }

    fn leave(&mut self) {
        self.frames.pop();
    }

    fn sources(&self, from: &FromClause, frame: &mut Vec<Source>) {
        for table in std::iter::once(&from.select).chain(from.joins.iter().map(|j| &j.table)) {
            match table.as_ref() {
                SelectTable::Table(name, alias, _) => frame.push(self.source(name, alias.as_ref())),
                SelectTable::Sub(inner, _) => self.sources(inner, frame),
                SelectTable::Select(_, alias) | SelectTable::TableCall(_, _, alias) => {
                    let name = alias.as_ref().map(|a| a.name().as_str().to_owned()).unwrap_or_default();
                    frame.push(Source { name, table: None });
                }
            }
        }
    }

    fn source(&self, name: &QualifiedName, alias: Option<&As>) -> Source {
        let written = name.name.as_str();
        let hidden = name.db_name.is_none() && self.ctes.contains(&written.to_lowercase());
        let elsewhere = name.db_name.as_ref().is_some_and(|db| !db.as_str().eq_ignore_ascii_case("main"));
        let table = self.schema.table(written).filter(|t| !hidden && !elsewhere && t.is_indexable());
        Source {
            name: alias.map_or(written, |a| a.name().as_str()).to_owned(),
            table: table.map(|t| t.name.clone()),
        }
    }
}

/// The columns of a table that a condition fixes to one value each.
pub fn fixed_columns(condition: Option<&Expr>, scope: &Scope<'_>, table: &Table) -> Vec<String> {
    let mut fixed: Vec<String> = vec![];
    for term in condition.map(conjuncts).unwrap_or_default() {
        let Expr::Binary(a, Operator::Equals | Operator::Is, b) = term else { continue };
        for (column, value) in [(a, b), (b, a)] {
            let found = scope.column(column).filter(|f| f.table.name == table.name && is_constant(value));
            let name = found.map(|f| f.column.name.clone());
            fixed.extend(name.filter(|n| !fixed.contains(n)));
        }
    }
    fixed
}

#[cfg(test)]
/// What the tests of several modules share.
pub mod testing {
    use crate::error::Result;
    use crate::sqlite::Schema;

    /// The schema that some statements make.
    pub fn schema_of(sql: &str) -> Result<Schema> {
        let conn = rusqlite::Connection::open_in_memory()?;
        conn.execute_batch(sql)?;
        Schema::read(&conn)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::schema_of;
    use super::*;
    use crate::error::Result;
    use crate::sql::syntax;

    fn columns(sql: &str) -> Result<Vec<String>> {
        let schema =
            schema_of("CREATE TABLE t(a, b); CREATE TABLE u(b, c); CREATE VIEW v AS SELECT a AS z FROM t")?;
        let mut found = vec![];
        let mut stmt = syntax::parse(sql).unwrap();
        each_expr(&mut stmt, &schema, |e, scope| {
            if let (Expr::Id(_) | Expr::Qualified(..), Some(f)) = (&*e, scope.column(e)) {
                found.push(format!("{}.{}", f.table.name, f.column.name));
            }
        });
        Ok(found)
    }

    #[test]
    fn a_name_means_the_nearest_column_and_nothing_where_it_could_mean_two() -> Result<()> {
        assert_eq!(columns("SELECT a, c, b, x.b FROM t x, u")?, ["t.a", "u.c", "t.b"]);
        assert_eq!(columns("SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE c = a)")?, ["u.c", "t.a"]);
        assert_eq!(columns("SELECT a FROM t UNION SELECT a FROM t")?, ["t.a", "t.a"]);
        assert_eq!(columns("DELETE FROM t WHERE a IN (SELECT c FROM u)")?, ["t.a", "u.c"]);
        Ok(())
    }

    #[test]
    fn what_with_or_a_view_gives_is_not_taken_for_a_column_of_a_table() -> Result<()> {
        assert!(columns("WITH t AS (SELECT 1 AS a) SELECT a, t.a FROM t")?.is_empty());
        assert!(columns("SELECT z FROM v")?.is_empty());
        assert!(columns("SELECT 1 FROM t WHERE EXISTS (SELECT a FROM (SELECT 2 AS a) q)")?.is_empty());
        Ok(())
    }
}
