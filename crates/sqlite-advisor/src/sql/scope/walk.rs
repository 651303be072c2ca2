//! A walk through a statement that knows, at each place, what can be named there.

use crate::sql::scope::Scope;
use crate::sql::syntax::ast::{As, Expr, Indexed, QualifiedName, Select, Stmt, With};
use crate::sql::syntax::{self, Visitor};
use crate::sqlite::Schema;
use std::collections::BTreeSet;

/// A place of a statement: see [`Visitor`].
pub enum Place<'p> {
    /// An expression, before its parts.
    Expr(&'p mut Expr),
    /// The same expression, after its parts; what is put in its place is not looked at.
    Left(&'p mut Expr),
    /// A SELECT, before its parts.
    Select(&'p mut Select),
    /// A term of ORDER BY or GROUP BY.
    Ordering(&'p mut Expr),
    /// The whole of a WHERE or an ON.
    Condition(&'p mut Expr),
}

/// Calls `look` for each expression of a statement, inner ones first, with what can be named there. What `look` puts in the
/// place of an expression is not looked at.
pub fn each_expr<'s>(stmt: &mut Stmt, schema: &'s Schema, mut look: impl FnMut(&mut Expr, &Scope<'s>)) {
    walk(stmt, schema, |place, scope| {
        if let Place::Left(e) = place {
            look(e, scope);
        }
    });
}

/// Calls `look` for each SELECT of a statement, outer ones first, with what can be named in it.
pub fn each_select<'s>(stmt: &mut Stmt, schema: &'s Schema, mut look: impl FnMut(&mut Select, &Scope<'s>)) {
    walk(stmt, schema, |place, scope| {
        if let Place::Select(select) = place {
            look(select, scope);
        }
    });
}

/// Calls `look` for each place of a statement.
pub fn walk<'s>(stmt: &mut Stmt, schema: &'s Schema, look: impl FnMut(Place<'_>, &Scope<'s>)) {
    let scope = outermost(stmt, schema);
    syntax::walk(stmt, &mut Walk { scope, look });
}

struct Walk<'s, L> {
    scope: Scope<'s>,
    look: L,
}

impl<'s, L: FnMut(Place<'_>, &Scope<'s>)> Visitor for Walk<'s, L> {
    fn expr(&mut self, e: &mut Expr) {
        (self.look)(Place::Expr(e), &self.scope);
    }
    fn leave_expr(&mut self, e: &mut Expr) {
        (self.look)(Place::Left(e), &self.scope);
    }
    fn select(&mut self, s: &mut Select) {
        self.scope.enter(s);
        (self.look)(Place::Select(s), &self.scope);
    }
    fn leave_select(&mut self) {
        self.scope.leave();
    }
    fn ordering(&mut self, e: &mut Expr, _: bool) {
        (self.look)(Place::Ordering(e), &self.scope);
    }
    fn condition(&mut self, e: &mut Expr) {
        (self.look)(Place::Condition(e), &self.scope);
    }
}

/// What can be named outside of every SELECT: the table that the statement writes, and those of its FROM.
fn outermost<'s>(stmt: &mut Stmt, schema: &'s Schema) -> Scope<'s> {
    let Named { ctes, tables } = Named::of(stmt);
    let tables = tables.difference(&ctes).filter_map(|name| schema.table(name));
    let tables = tables.filter(|t| t.is_indexable()).collect();
    let mut scope = Scope { schema, ctes, tables, frames: vec![] };
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
    scope
}

/// The names of all WITH and FROM, in small letters.
#[derive(Default)]
struct Named {
    ctes: BTreeSet<String>,
    tables: BTreeSet<String>,
}

impl Named {
    fn of(stmt: &mut Stmt) -> Self {
        let mut named = Self::default();
        match stmt {
            Stmt::Insert { with, .. } | Stmt::Delete { with, .. } => named.with(with),
            Stmt::Update(u) => named.with(&u.with),
            _ => {}
        }
        syntax::walk(stmt, &mut named);
        named
    }

    fn with(&mut self, with: &Option<With>) {
        self.ctes.extend(with.iter().flat_map(|w| &w.ctes).map(|c| c.tbl_name.as_str().to_lowercase()));
    }
}

impl Visitor for Named {
    fn select(&mut self, s: &mut Select) {
        self.with(&s.with);
    }
    fn table(&mut self, name: &mut QualifiedName, _: Option<&As>, _: &mut Option<Indexed>) {
        self.tables.insert(name.name.as_str().to_lowercase());
    }
}
