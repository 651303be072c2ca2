//! What the text of a statement says of its parameters.

use crate::sql::syntax::{self, Visitor, ast};

/// What the text says of parameters where the planner is silent: lists of IN, values of INSERT and UPDATE, LIMIT.
#[derive(Default)]
pub(super) struct Written {
    pub(super) tables: Vec<String>,
    /// Columns beside parameters, by the parameter's position.
    pub(super) columns: Vec<(usize, String)>,
    pub(super) limits: Vec<usize>,
    pub(super) offsets: Vec<usize>,
    pub(super) inserts: bool,
}

impl Written {
    pub(super) fn of(sql: &str) -> Self {
        let mut written = Self::default();
        let Some(mut stmt) = syntax::parse(sql) else { return written };
        match &stmt {
            ast::Stmt::Insert { tbl_name, columns, body, .. } => {
                written.inserts = true;
                written.tables.push(tbl_name.name.as_str().to_owned());
                if let ast::InsertBody::Select(select, _) = body
                    && let ast::OneSelect::Values(rows) = &select.body.select
                {
                    for (column, value) in rows.iter().flat_map(|row| columns.iter().zip(row)) {
                        written.pair(column.as_str(), value);
                    }
                }
            }
            ast::Stmt::Update(update) => {
                for set in &update.sets {
                    if let Some(column) = set.col_names.first() {
                        written.pair(column.as_str(), &set.expr);
                    }
                }
            }
            _ => {}
        }
        syntax::walk(&mut stmt, &mut written);
        written
    }

    fn pair(&mut self, column: &str, value: &ast::Expr) {
        if let Some(position) = position(value) {
            self.columns.push((position, column.to_owned()));
        }
    }
}

fn position(e: &ast::Expr) -> Option<usize> {
    match e {
        ast::Expr::Variable(v) => usize::try_from(v.index.get()).ok(),
        ast::Expr::Parenthesized(list) if list.len() == 1 => position(list.first()?),
        ast::Expr::Cast { expr, .. } | ast::Expr::Collate(expr, _) => position(expr),
        _ => None,
    }
}

impl Visitor for Written {
    fn expr(&mut self, e: &mut ast::Expr) {
        match e {
            ast::Expr::Binary(a, op, b) if !matches!(op, ast::Operator::And | ast::Operator::Or) => {
                for (column, value) in [(&*a, &*b), (&*b, &*a)] {
                    if let Some(name) = syntax::inner_column(column) {
                        self.pair(&name, value);
                    }
                }
            }
            ast::Expr::InList { lhs, rhs, .. } => {
                if let Some(name) = syntax::inner_column(lhs) {
                    rhs.iter().for_each(|value| self.pair(&name, value));
                }
            }
            ast::Expr::Between { lhs, start, end, .. } => {
                if let Some(name) = syntax::inner_column(lhs) {
                    [start, end].into_iter().for_each(|value| self.pair(&name, value));
                }
            }
            ast::Expr::Like { lhs, rhs, .. } => {
                if let Some(name) = syntax::inner_column(lhs) {
                    self.pair(&name, rhs);
                }
            }
            _ => {}
        }
    }

    fn select(&mut self, select: &mut ast::Select) {
        if let Some(limit) = &select.limit {
            self.limits.extend(position(&limit.expr));
            self.offsets.extend(limit.offset.as_deref().and_then(position));
        }
    }

    fn table(&mut self, name: &mut ast::QualifiedName, _: Option<&ast::As>, _: &mut Option<ast::Indexed>) {
        self.tables.push(name.name.as_str().to_owned());
    }
}
