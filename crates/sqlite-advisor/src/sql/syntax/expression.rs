//! What an expression is: its columns and terms, its text, and a new one made of old parts.

use crate::sql::syntax::{Visitor, expr, parse};
use turso_parser::ast::{As, Expr, FunctionTail, Literal, Name, OneSelect, Operator, SelectTable, Stmt};

/// True for an operator that compares two values.
pub fn is_comparison(op: Operator) -> bool {
    use Operator::{Equals, Greater, GreaterEquals, Is, IsNot, Less, LessEquals, NotEquals};
    matches!(op, Equals | Greater | GreaterEquals | Is | IsNot | Less | LessEquals | NotEquals)
}

/// The column that an expression is, without its table.
pub fn column_name(e: &Expr) -> Option<&str> {
    match e {
        Expr::Id(name) | Expr::Name(name) | Expr::Qualified(_, name) | Expr::DoublyQualified(_, _, name) => {
            Some(name.as_str())
        }
        Expr::Parenthesized(list) if list.len() == 1 => column_name(list.first()?),
        Expr::Collate(inner, _) => column_name(inner),
        _ => None,
    }
}

/// The name that a column of a result has: its alias, or what it is as written.
pub fn result_name(e: &Expr, alias: Option<&As>) -> String {
    let written = || column_name(e).map_or_else(|| expression_text(e), str::to_owned);
    alias.map_or_else(written, |alias| alias.name().as_str().to_owned())
}

/// The name that a table of a FROM goes by: its alias, or its own.
pub fn source_name(source: &SelectTable) -> Option<&str> {
    match source {
        SelectTable::Table(name, alias, _) => {
            Some(alias.as_ref().map_or(name.name.as_str(), |a| a.name().as_str()))
        }
        _ => None,
    }
}

/// True for a call without FILTER and without OVER.
pub fn is_plain_call(tail: &FunctionTail) -> bool {
    tail.filter_clause.is_none() && tail.over_clause.is_none()
}

/// True for the name of a function that makes one row of many. `min` and `max` of several arguments are none, but they are rare.
pub fn is_aggregate(function: &Name) -> bool {
    AGGREGATES.iter().any(|known| function.as_str().eq_ignore_ascii_case(known))
}

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

/// What `min(x)` or `max(x)` over rows is of.
pub fn extreme_of(e: &Expr) -> Option<&Expr> {
    let Expr::FunctionCall { name, distinctness: None, args, filter_over, .. } = e else { return None };
    let is_extreme = ["min", "max"].iter().any(|f| name.as_str().eq_ignore_ascii_case(f));
    match args.as_slice() {
        [one] if is_extreme && is_plain_call(filter_over) => Some(one),
        _ => None,
    }
}

/// The only column in an expression, however deep: `size` of `lower(size) || 'x'`.
pub fn inner_column(e: &Expr) -> Option<String> {
    #[derive(Default)]
    struct Names(Vec<String>);
    impl Visitor for Names {
        fn expr(&mut self, e: &mut Expr) {
            if let (false, Some(name)) =
                (matches!(e, Expr::Parenthesized(_) | Expr::Collate(..)), column_name(e))
            {
                self.0.push(name.to_owned());
            }
        }
    }
    let mut names = Names::default();
    expr(&mut e.clone(), &mut names);
    names.0.dedup();
    if names.0.len() == 1 { names.0.pop() } else { None }
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

/// Terms joined by AND, as they are; none of none.
pub fn conjunction(terms: impl IntoIterator<Item = Expr>) -> Option<Expr> {
    terms.into_iter().reduce(|a, b| Expr::Binary(Box::new(a), Operator::And, Box::new(b)))
}

/// Puts what is given for some terms of a condition in their places, and leaves a condition alone of which none is.
pub fn replace_conjuncts(e: &mut Expr, mut other: impl FnMut(&Expr) -> Option<Expr>) {
    let mut changed = false;
    let terms: Vec<Expr> = conjuncts(e)
        .into_iter()
        .map(|term| match other(term) {
            Some(other) => {
                changed = true;
                other
            }
            None => enclosed(term.clone()),
        })
        .collect();
    if let Some(joined) = conjunction(terms).filter(|_| changed) {
        *e = joined;
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
    expr(&mut e.clone(), &mut names);
    names.0
}

/// True if a statement compares something with a literal other than NULL.
pub fn compares_with_literals(sql: &str) -> bool {
    #[derive(Default)]
    struct Look {
        compares: bool,
        literals: bool,
    }
    impl Look {
        fn within(&mut self, e: &Expr) {
            let mut look = Self::default();
            expr(&mut e.clone(), &mut look);
            self.compares |= is_constant(e) && look.literals;
        }
    }
    impl Visitor for Look {
        fn expr(&mut self, e: &mut Expr) {
            match e {
                Expr::Literal(literal) => self.literals |= *literal != Literal::Null,
                Expr::Binary(a, op, b) if is_comparison(*op) => {
                    [a, b].into_iter().for_each(|e| self.within(e))
                }
                Expr::Between { start, end, .. } => [start, end].into_iter().for_each(|e| self.within(e)),
                Expr::InList { rhs, .. } => rhs.iter().for_each(|e| self.within(e)),
                Expr::Like { rhs, .. } => self.within(rhs),
                _ => {}
            }
        }
    }
    let mut look = Look::default();
    parse(sql).is_none_or(|mut stmt| {
        super::walk(&mut stmt, &mut look);
        look.compares
    })
}

/// An expression as people write it: the parser's own text has a blank between a function and its arguments.
pub fn expression_text(e: &Expr) -> String {
    #[derive(Default)]
    struct Functions(Vec<String>);
    impl Visitor for Functions {
        fn expr(&mut self, e: &mut Expr) {
            if let Expr::FunctionCall { name, .. } = e {
                self.0.push(format!("{} (", name.as_str()));
            }
        }
    }
    let mut functions = Functions::default();
    expr(&mut e.clone(), &mut functions);
    let (text, mut tidy, mut quote) = (e.to_string(), String::new(), None);
    for c in text.chars() {
        tidy.push(c);
        match quote {
            None if "'\"`".contains(c) => quote = Some(c),
            None if c == '(' && functions.0.iter().any(|f| tidy.ends_with(f.as_str())) => {
                tidy.truncate(tidy.len() - 2);
                tidy.push('(');
            }
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    tidy
}

/// An expression written as a pattern, with expressions in the places of its names: `x >= v AND x < date(v, '+1 day')`.
///
/// Parts and the whole stand in parentheses where an operator beside them could take hold of them.
pub fn filled(pattern: &str, parts: &[(&str, &Expr)]) -> Option<Expr> {
    struct Fill<'a>(&'a [(&'a str, &'a Expr)]);
    impl Visitor for Fill<'_> {
        fn leave_expr(&mut self, e: &mut Expr) {
            let Expr::Id(name) = &*e else { return };
            if let Some((_, part)) = self.0.iter().find(|(slot, _)| *slot == name.as_str()) {
                *e = enclosed((*part).clone());
            }
        }
    }
    let mut whole = condition(pattern)?;
    expr(&mut whole, &mut Fill(parts));
    Some(enclosed(whole))
}

/// One expression of SQL.
pub fn condition(sql: &str) -> Option<Expr> {
    let Stmt::Select(select) = parse(&format!("SELECT 1 WHERE {sql}"))? else { return None };
    match select.body.select {
        OneSelect::Select { where_clause, .. } => where_clause.map(|e| *e),
        OneSelect::Values(_) => None,
    }
}

/// The expression in parentheses, unless nothing beside it could take hold of its parts.
pub fn enclosed(e: Expr) -> Expr {
    match e {
        Expr::Id(_)
        | Expr::Name(_)
        | Expr::Qualified(..)
        | Expr::DoublyQualified(..)
        | Expr::Literal(_)
        | Expr::Variable(_)
        | Expr::FunctionCall { .. }
        | Expr::FunctionCallStar { .. }
        | Expr::Cast { .. }
        | Expr::Subquery(_)
        | Expr::Exists(_) => e,
        Expr::Parenthesized(ref list) if list.len() == 1 => e,
        other => Expr::Parenthesized(vec![Box::new(other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_told_without_a_blank_before_its_arguments() {
        let text = "coalesce(lower(a), 'lower (x)') || a IN (1)";
        let Some(Stmt::Select(select)) = parse(&format!("SELECT 1 ORDER BY {text}")) else {
            panic!("not parsed")
        };
        assert_eq!(select.order_by.first().map(|o| expression_text(&o.expr)).as_deref(), Some(text));
    }

    #[test]
    fn a_pattern_is_filled_without_changing_what_binds_to_what() {
        let (x, v) = (condition("v || 'x'"), condition("?2"));
        let filled = filled("x >= v AND x < date(v, '+1 day')", &[("x", &x.unwrap()), ("v", &v.unwrap())]);
        let text = filled.map(|e| e.to_string());
        assert_eq!(text.as_deref(), Some("((v || 'x') >= ?2 AND (v || 'x') < date (?2, '+1 day'))"));
    }
}
