//! The walk through a statement: every place in it, with all that is inside.

use turso_parser::ast::*;

/// What a walk does at each place. Every method has an empty default.
pub trait Visitor {
    /// An expression, before its parts.
    fn expr(&mut self, _: &mut Expr) {}
    /// The same expression, after its parts; what is put in its place is not walked.
    fn leave_expr(&mut self, _: &mut Expr) {}
    /// A SELECT, before its parts.
    fn select(&mut self, _: &mut Select) {}
    /// The same SELECT, after its parts.
    fn leave_select(&mut self) {}
    /// A table in a FROM clause, with its alias and its INDEXED BY.
    fn table(&mut self, _: &mut QualifiedName, _: Option<&As>, _: &mut Option<Indexed>) {}
    /// A term of ORDER BY or GROUP BY.
    fn ordering(&mut self, _: &mut Expr, _descending: bool) {}
    /// The whole of a WHERE or an ON.
    fn condition(&mut self, _: &mut Expr) {}
}

/// Walks a whole statement.
pub fn walk(stmt: &mut Stmt, v: &mut dyn Visitor) {
    match stmt {
        Stmt::Select(s) => select(s, v),
        Stmt::Insert { with, body, returning, .. } => {
            with_clause(with, v);
            if let InsertBody::Select(s, upserts) = body {
                select(s, v);
                upsert(upserts, v);
            }
            columns(returning, v);
        }
        Stmt::Update(u) => {
            with_clause(&mut u.with, v);
            v.table(&mut u.tbl_name, None, &mut u.indexed);
            u.sets.iter_mut().for_each(|s| expr(&mut s.expr, v));
            u.from.iter_mut().for_each(|f| from(f, v));
            where_or_on(&mut u.where_clause, v);
            columns(&mut u.returning, v);
        }
        Stmt::Delete { with, tbl_name, indexed, where_clause, returning } => {
            with_clause(with, v);
            v.table(tbl_name, None, indexed);
            where_or_on(where_clause, v);
            columns(returning, v);
        }
        _ => {}
    }
}

fn upsert(upserts: &mut Option<Box<Upsert>>, v: &mut dyn Visitor) {
    let mut next = upserts.as_mut();
    while let Some(u) = next {
        if let UpsertDo::Set { sets, where_clause } = &mut u.do_clause {
            sets.iter_mut().for_each(|s| expr(&mut s.expr, v));
            boxed(where_clause, v);
        }
        next = u.next.as_mut();
    }
}

fn with_clause(with: &mut Option<With>, v: &mut dyn Visitor) {
    with.iter_mut().flat_map(|w| &mut w.ctes).for_each(|cte| select(&mut cte.select, v));
}

/// Walks a SELECT with all that is in it.
pub fn select(s: &mut Select, v: &mut dyn Visitor) {
    v.select(s);
    with_clause(&mut s.with, v);
    one_select(&mut s.body.select, v);
    s.body.compounds.iter_mut().for_each(|c| one_select(&mut c.select, v));
    sorted(&mut s.order_by, v);
    if let Some(limit) = &mut s.limit {
        expr(&mut limit.expr, v);
        boxed(&mut limit.offset, v);
    }
    v.leave_select();
}

fn one_select(s: &mut OneSelect, v: &mut dyn Visitor) {
    match s {
        OneSelect::Select { columns: result, from: f, where_clause, group_by, window_clause, .. } => {
            columns(result, v);
            f.iter_mut().for_each(|f| from(f, v));
            where_or_on(where_clause, v);
            if let Some(group) = group_by {
                for e in &mut group.exprs {
                    v.ordering(e, false);
                    expr(e, v);
                }
                boxed(&mut group.having, v);
            }
            window_clause.iter_mut().for_each(|w| window(&mut w.window, v));
        }
        OneSelect::Values(rows) => rows.iter_mut().flatten().for_each(|e| expr(e, v)),
    }
}

fn window(w: &mut Window, v: &mut dyn Visitor) {
    w.partition_by.iter_mut().for_each(|e| expr(e, v));
    sorted(&mut w.order_by, v);
}

fn sorted(terms: &mut [SortedColumn], v: &mut dyn Visitor) {
    for term in terms {
        v.ordering(&mut term.expr, term.order == Some(SortOrder::Desc));
        expr(&mut term.expr, v);
    }
}

fn columns(result: &mut [ResultColumn], v: &mut dyn Visitor) {
    for column in result {
        if let ResultColumn::Expr(e, _) = column {
            expr(e, v);
        }
    }
}

fn from(f: &mut FromClause, v: &mut dyn Visitor) {
    table(&mut f.select, v);
    for join in &mut f.joins {
        table(&mut join.table, v);
        if let Some(JoinConstraint::On(e)) = &mut join.constraint {
            v.condition(e);
            expr(e, v);
        }
    }
}

fn table(t: &mut SelectTable, v: &mut dyn Visitor) {
    match t {
        SelectTable::Table(name, alias, indexed) => v.table(name, alias.as_ref(), indexed),
        SelectTable::TableCall(_, args, _) => args.iter_mut().for_each(|e| expr(e, v)),
        SelectTable::Select(s, _) => select(s, v),
        SelectTable::Sub(f, _) => from(f, v),
    }
}

fn where_or_on(e: &mut Option<Box<Expr>>, v: &mut dyn Visitor) {
    e.iter_mut().for_each(|e| v.condition(e));
    boxed(e, v);
}

fn boxed(e: &mut Option<Box<Expr>>, v: &mut dyn Visitor) {
    e.iter_mut().for_each(|e| expr(e, v));
}

/// Walks an expression with all that is in it.
pub fn expr(e: &mut Expr, v: &mut dyn Visitor) {
    v.expr(e);
    match e {
        Expr::Between { lhs, start, end, .. } => [lhs, start, end].into_iter().for_each(|e| expr(e, v)),
        Expr::Binary(a, _, b) => [a, b].into_iter().for_each(|e| expr(e, v)),
        Expr::Case { base, when_then_pairs, else_expr } => {
            boxed(base, v);
            when_then_pairs.iter_mut().flat_map(|(a, b)| [a, b]).for_each(|e| expr(e, v));
            boxed(else_expr, v);
        }
        Expr::Cast { expr: e, .. }
        | Expr::Collate(e, _)
        | Expr::IsNull(e)
        | Expr::NotNull(e)
        | Expr::Unary(_, e) => expr(e, v),
        Expr::Exists(s) | Expr::Subquery(s) => select(s, v),
        Expr::FunctionCall { args, filter_over, .. } => {
            args.iter_mut().for_each(|e| expr(e, v));
            tail(filter_over, v);
        }
        Expr::FunctionCallStar { filter_over, .. } => tail(filter_over, v),
        Expr::InList { lhs, rhs, .. } => {
            expr(lhs, v);
            rhs.iter_mut().for_each(|e| expr(e, v));
        }
        Expr::InSelect { lhs, rhs, .. } => {
            expr(lhs, v);
            select(rhs, v);
        }
        Expr::InTable { lhs, .. } => expr(lhs, v),
        Expr::Like { lhs, rhs, escape, .. } => {
            [lhs, rhs].into_iter().for_each(|e| expr(e, v));
            boxed(escape, v);
        }
        Expr::Parenthesized(list) => list.iter_mut().for_each(|e| expr(e, v)),
        _ => {}
    }
    v.leave_expr(e);
}

fn tail(tail: &mut FunctionTail, v: &mut dyn Visitor) {
    boxed(&mut tail.filter_clause, v);
    if let Some(Over::Window(w)) = &mut tail.over_clause {
        window(w, v);
    }
}
