//! Which column of which table a name in a statement means.

use crate::database::Schema;
use crate::database::schema::{Column, Table};
use crate::syntax::ast::{
    As, Expr, FromClause, OneSelect, Operator, QualifiedName, Select, SelectTable, Stmt,
};
use crate::syntax::{self, Visitor};
use std::collections::BTreeSet;

/// The tables that can be named at a place of a statement, the innermost SELECT last.
pub struct Scope<'s> {
    schema: &'s Schema,
    /// Names of WITH, which hide tables.
    ctes: BTreeSet<String>,
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
            match (having.next(), having.next()) {
                (Some(one), None) => return Some(one),
                (Some(_), Some(_)) => return None,
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
        let cores =
            std::iter::once(&select.body.select).chain(select.body.compounds.iter().map(|c| &c.select));
        for core in cores {
            if let OneSelect::Select { from: Some(from), .. } = core {
                self.sources(from, &mut frame);
            }
        }
        self.frames.push(frame);
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

/// Calls `look` for each expression of a statement, inner ones first, with what can be named there. What `look` puts in the
/// place of an expression is not looked at.
pub fn each_expr<'s>(stmt: &mut Stmt, schema: &'s Schema, mut look: impl FnMut(&mut Expr, &Scope<'s>)) {
    walk(stmt, schema, &mut look, &mut |_, _| {});
}

/// Calls `look` for each SELECT of a statement, outer ones first, with what can be named in it.
pub fn each_select<'s>(stmt: &mut Stmt, schema: &'s Schema, mut look: impl FnMut(&mut Select, &Scope<'s>)) {
    walk(stmt, schema, &mut |_, _| {}, &mut look);
}

type Look<'l, 's, T> = &'l mut dyn FnMut(&mut T, &Scope<'s>);

fn walk<'s>(stmt: &mut Stmt, schema: &'s Schema, expr: Look<'_, 's, Expr>, select: Look<'_, 's, Select>) {
    struct Walk<'l, 's> {
        scope: Scope<'s>,
        expr: Look<'l, 's, Expr>,
        select: Look<'l, 's, Select>,
    }
    impl Visitor for Walk<'_, '_> {
        fn leave_expr(&mut self, e: &mut Expr) {
            (self.expr)(e, &self.scope);
        }
        fn select(&mut self, s: &mut Select) {
            self.scope.enter(s);
            (self.select)(s, &self.scope);
        }
        fn leave_select(&mut self) {
            self.scope.frames.pop();
        }
    }
    let mut scope = Scope { schema, ctes: names_of_with(stmt), frames: vec![] };
    let written = match stmt {
        Stmt::Update(u) => Some((&u.tbl_name, u.from.as_ref())),
        Stmt::Delete { tbl_name, .. } => Some((&*tbl_name, None)),
        _ => None,
    };
    if let Some((name, from)) = written {
        let mut frame = vec![scope.source(name, None)];
        if let Some(from) = from {
            scope.sources(from, &mut frame);
        }
        scope.frames.push(frame);
    }
    syntax::walk(stmt, &mut Walk { scope, expr, select });
}

fn names_of_with(stmt: &mut Stmt) -> BTreeSet<String> {
    #[derive(Default)]
    struct Names(BTreeSet<String>);
    impl Names {
        fn add(&mut self, with: &Option<syntax::ast::With>) {
            self.0.extend(with.iter().flat_map(|w| &w.ctes).map(|c| c.tbl_name.as_str().to_lowercase()));
        }
    }
    impl Visitor for Names {
        fn select(&mut self, s: &mut Select) {
            self.add(&s.with);
        }
    }
    let mut names = Names::default();
    match stmt {
        Stmt::Insert { with, .. } | Stmt::Delete { with, .. } => names.add(with),
        Stmt::Update(u) => names.add(&u.with),
        _ => {}
    }
    syntax::walk(stmt, &mut names);
    names.0
}

/// The terms of a condition that AND joins.
pub fn conjuncts(e: &Expr) -> Vec<&Expr> {
    match e {
        Expr::Binary(a, Operator::And, b) => [conjuncts(a), conjuncts(b)].concat(),
        Expr::Parenthesized(list) if list.len() == 1 => {
            list.first().map(|e| conjuncts(e)).unwrap_or_default()
        }
        other => vec![other],
    }
}

/// True for an expression that is the same for every row: literals, parameters and what functions make of them.
pub fn is_constant(e: &Expr) -> bool {
    struct Names(bool);
    impl Visitor for Names {
        fn expr(&mut self, e: &mut Expr) {
            let varies = matches!(
                e,
                Expr::Id(_)
                    | Expr::Name(_)
                    | Expr::Qualified(..)
                    | Expr::DoublyQualified(..)
                    | Expr::Subquery(_)
                    | Expr::Exists(_)
                    | Expr::InSelect { .. }
                    | Expr::InTable { .. }
            );
            self.0 &= !varies;
        }
    }
    let mut names = Names(true);
    syntax::expr(&mut e.clone(), &mut names);
    names.0
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
mod tests {
    use super::*;
    use crate::error::Result;

    fn columns(sql: &str) -> Result<Vec<String>> {
        let conn = rusqlite::Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE t(a, b); CREATE TABLE u(b, c); CREATE VIEW v AS SELECT a AS z FROM t",
        )?;
        let schema = Schema::read(&conn)?;
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
