//! The forms of a statement that lead the planner another way, and say the same.

use crate::advise::rules::RuleContext;
use crate::sql::syntax::ast::{
    Expr, FromClause, Indexed, JoinConstraint, JoinOperator, JoinType, Name, OneSelect, Select, SelectTable,
    UnaryOperator,
};
use crate::sql::syntax::{column_name, conjunction, conjuncts, enclosed, is_comparison};

/// What leads the planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// A unary `+` before a column.
    Plus,
    /// The tables in the order that is written.
    CrossJoin,
    /// The index by its name.
    IndexedBy,
}

impl Hint {
    /// What it does and asks of whoever writes it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Plus => {
                "the unary + keeps SQLite from using an index for that column in this statement alone; it also takes the \
                 column's type from the comparison, so bind values of that type"
            }
            Self::CrossJoin => "CROSS JOIN keeps the tables in the order that is written",
            Self::IndexedBy => {
                "INDEXED BY ends in an error once the index is dropped, so name the two together"
            }
        }
    }
}

/// The most forms of one statement.
const MOST: usize = 24;

/// The forms of a statement with one hint or one kind of hint, the gentlest first.
pub fn hints(context: &RuleContext<'_>, select: &Select) -> Vec<(Hint, Select)> {
    let OneSelect::Select { from: Some(from), .. } = &select.body.select else { return vec![] };
    if !select.body.compounds.is_empty() {
        return vec![];
    }
    let mut all = pluses(select);
    all.extend(crossed(select, from).into_iter().map(|s| (Hint::CrossJoin, s)));
    all.extend(indexed(context, select, from));
    all.truncate(MOST);
    all
}

/// A plus before the column of each term, before those of all terms, and before the first of the order.
fn pluses(select: &Select) -> Vec<(Hint, Select)> {
    let OneSelect::Select { where_clause, .. } = &select.body.select else { return vec![] };
    let terms: Vec<Expr> =
        where_clause.as_deref().map(conjuncts).unwrap_or_default().into_iter().cloned().collect();
    let able: Vec<usize> =
        (0..terms.len()).filter(|n| terms.get(*n).is_some_and(|t| plus(t).is_some())).collect();
    let with = |chosen: &[usize]| -> Option<Select> {
        let terms = terms.iter().enumerate().map(|(n, term)| {
            let changed = chosen.contains(&n).then(|| plus(term)).flatten();
            enclosed(changed.unwrap_or_else(|| term.clone()))
        });
        let whole = conjunction(terms)?;
        let mut select = select.clone();
        if let OneSelect::Select { where_clause, .. } = &mut select.body.select {
            *where_clause = Some(Box::new(whole));
        }
        Some(select)
    };
    let mut all: Vec<Select> = vec![];
    if let Some(first) = select.order_by.first().filter(|o| column_name(&o.expr).is_some()) {
        let mut ordered = select.clone();
        if let Some(term) = ordered.order_by.first_mut() {
            *term.expr = Expr::Unary(UnaryOperator::Positive, first.expr.clone());
        }
        all.push(ordered);
    }
    all.extend(able.iter().take(6).filter_map(|n| with(&[*n])));
    if able.len() > 1 {
        all.extend(with(&able));
    }
    all.into_iter().map(|select| (Hint::Plus, select)).collect()
}

/// A comparison with a plus before its column.
fn plus(term: &Expr) -> Option<Expr> {
    let lifted = |e: &Expr| {
        matches!(e, Expr::Id(_) | Expr::Qualified(..))
            .then(|| Box::new(Expr::Unary(UnaryOperator::Positive, Box::new(e.clone()))))
    };
    match term {
        Expr::Parenthesized(list) if list.len() == 1 => plus(list.first()?),
        Expr::Binary(a, op, b) if is_comparison(*op) => match (lifted(a), lifted(b)) {
            (Some(a), None) => Some(Expr::Binary(a, *op, b.clone())),
            (None, Some(b)) => Some(Expr::Binary(a.clone(), *op, b)),
            _ => None,
        },
        Expr::IsNull(a) => lifted(a).map(Expr::IsNull),
        Expr::Like { lhs, not: false, op, rhs, escape } => lifted(lhs).map(|lhs| Expr::Like {
            lhs,
            not: false,
            op: *op,
            rhs: rhs.clone(),
            escape: escape.clone(),
        }),
        Expr::Between { lhs, not: false, start, end } => {
            lifted(lhs).map(|lhs| Expr::Between { lhs, not: false, start: start.clone(), end: end.clone() })
        }
        Expr::InList { lhs, not: false, rhs } => {
            lifted(lhs).map(|lhs| Expr::InList { lhs, not: false, rhs: rhs.clone() })
        }
        Expr::InSelect { lhs, not: false, rhs } => {
            lifted(lhs).map(|lhs| Expr::InSelect { lhs, not: false, rhs: rhs.clone() })
        }
        _ => None,
    }
}

/// The inner joins of two to four tables with each of them as the outermost, in CROSS JOINs.
fn crossed(select: &Select, from: &FromClause) -> Vec<Select> {
    let inner = |op: &JoinOperator| match op {
        JoinOperator::Comma | JoinOperator::TypedJoin(None) => true,
        JoinOperator::TypedJoin(Some(kind)) => *kind == JoinType::INNER,
    };
    let joins = &from.joins;
    let using = joins.iter().any(|j| matches!(j.constraint, Some(JoinConstraint::Using(_))));
    let star = matches!(&select.body.select, OneSelect::Select { columns, .. }
        if columns.iter().any(|c| matches!(c, crate::sql::syntax::ast::ResultColumn::Star)));
    if !(1..=3).contains(&joins.len()) || using || star || !joins.iter().all(|j| inner(&j.operator)) {
        return vec![];
    }
    (0..=joins.len()).filter_map(|first| crossed_from(select, first)).collect()
}

/// The joins with that table first and the others in their order behind it; what ON says goes to WHERE.
fn crossed_from(select: &Select, first: usize) -> Option<Select> {
    let mut select = select.clone();
    let OneSelect::Select { from: Some(from), where_clause, .. } = &mut select.body.select else {
        return None;
    };
    let cross = JoinOperator::TypedJoin(Some(JoinType::INNER | JoinType::CROSS));
    if let Some(at) = first.checked_sub(1) {
        let mut moved = from.joins.remove(at);
        std::mem::swap(&mut from.select, &mut moved.table);
        from.joins.insert(0, moved);
    }
    let mut terms: Vec<Expr> = where_clause.take().map(|e| enclosed(*e)).into_iter().collect();
    for join in &mut from.joins {
        join.operator = cross;
        if let Some(JoinConstraint::On(on)) = join.constraint.take() {
            terms.push(enclosed(*on));
        }
    }
    *where_clause = conjunction(terms).map(Box::new);
    Some(select)
}

/// Each table with each of its indexes.
fn indexed(context: &RuleContext<'_>, select: &Select, from: &FromClause) -> Vec<(Hint, Select)> {
    let text = select.to_string().to_lowercase();
    let tables = std::iter::once(&from.select).chain(from.joins.iter().map(|j| &j.table));
    let mut all = vec![];
    for (at, table) in tables.enumerate() {
        let SelectTable::Table(name, _, None) = table.as_ref() else { continue };
        for (index, key) in context.named_indexes_of(name.name.as_str()) {
            // An index none of whose first columns is spoken of is no way.
            let leads =
                key.first().and_then(|t| t.as_column()).is_some_and(|c| text.contains(&c.to_lowercase()));
            let mut select = select.clone();
            let OneSelect::Select { from: Some(from), .. } = &mut select.body.select else { continue };
            let table = match at.checked_sub(1) {
                None => Some(&mut from.select),
                Some(join) => from.joins.get_mut(join).map(|j| &mut j.table),
            };
            if let (true, Some(SelectTable::Table(_, _, hint))) = (leads, table.map(|t| t.as_mut())) {
                *hint = Some(Indexed::IndexedBy(Name::exact(index.to_owned())));
                all.push((Hint::IndexedBy, select));
            }
        }
    }
    all
}
