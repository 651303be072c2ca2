//! The last or first row of each group, found for all groups at once.

use crate::advise::rules::RuleContext;
use crate::model::index::quote;
use crate::sql::syntax::ast::{Expr, Name, Operator, Select};
use crate::sql::syntax::{self, Visitor, conjuncts, enclosed, is_constant};
use crate::sqlite::schema::Table;

/// `(a.k, a.o) IN (SELECT b.k, max(b.o) FROM t AS b WHERE ... GROUP BY b.k)` for `a LEFT JOIN b ON a.k = b.k AND a.o < b.o` of
/// one table; none where the condition says anything else, or a row has NULL there. `others` are the terms of WHERE; what
/// they say of `k` alone is said within as well.
pub fn last_of_group(
    context: &RuleContext<'_>,
    (outer, inner): (&str, &str),
    table: &Table,
    on: &Expr,
    others: &[&Expr],
) -> Option<String> {
    let (mut keys, mut order): (Vec<&str>, Option<(&str, &str)>) = (vec![], None);
    let of = |e: &Expr, source: &str| match e {
        Expr::Qualified(s, name) if s.as_str().eq_ignore_ascii_case(source) => {
            table.column(name.as_str()).map(|c| c.name.as_str())
        }
        _ => None,
    };
    for term in conjuncts(on) {
        let Expr::Binary(x, op, y) = term else { return None };
        let (own, other, op) = match (of(x, outer), of(y, inner), of(y, outer), of(x, inner)) {
            (Some(own), Some(other), ..) => (own, other, *op),
            (_, _, Some(own), Some(other)) => (own, other, turned(*op)),
            _ => return None,
        };
        let best = match op {
            _ if own != other => return None,
            Operator::Equals => {
                keys.push(own);
                continue;
            }
            Operator::Less => "max",
            Operator::Greater => "min",
            _ => return None,
        };
        if order.replace((own, best)).is_some() {
            return None;
        }
    }
    let (column, best) = order.filter(|_| !keys.is_empty())?;
    let t = quote(&table.name);
    let null = keys.iter().chain([&column]).map(|c| format!("{} IS NULL", quote(c)));
    let null = null.collect::<Vec<_>>().join(" OR ");
    if context.number(&format!("SELECT count(*) FROM {t} WHERE {null}")) != Some(0) {
        return None;
    }
    let within: Vec<String> = others.iter().filter_map(|term| moved(term, (outer, inner), &keys)).collect();
    let within = if within.is_empty() { String::new() } else { format!(" WHERE {}", within.join(" AND ")) };
    let (a, b, o) = (quote(outer), quote(inner), quote(column));
    let list =
        |source: &str| keys.iter().map(|k| format!("{source}.{}", quote(k))).collect::<Vec<_>>().join(", ");
    let groups = list(&b);
    let from = format!("FROM {t} AS {b}{within} GROUP BY {groups}");
    // A rowid is of one group alone.
    let alone = table.rowid_alias().is_some_and(|c| c.name == column);
    Some(if alone {
        format!("{a}.{o} IN (SELECT {best}({b}.{o}) {from})")
    } else {
        format!("({}, {a}.{o}) IN (SELECT {groups}, {best}({b}.{o}) {from})", list(&a))
    })
}

/// The comparison read from right to left.
fn turned(op: Operator) -> Operator {
    match op {
        Operator::Less => Operator::Greater,
        Operator::Greater => Operator::Less,
        op => op,
    }
}

/// A term that speaks of these columns of the outer source alone, as one of the inner source.
fn moved(term: &Expr, (outer, inner): (&str, &str), keys: &[&str]) -> Option<String> {
    struct Move<'m> {
        outer: &'m str,
        inner: &'m str,
        keys: &'m [&'m str],
        fits: bool,
    }
    impl Visitor for Move<'_> {
        fn select(&mut self, _: &mut Select) {
            self.fits = false;
        }
        fn expr(&mut self, e: &mut Expr) {
            match e {
                Expr::Qualified(source, name) if source.as_str().eq_ignore_ascii_case(self.outer) => {
                    self.fits &= self.keys.iter().any(|k| k.eq_ignore_ascii_case(name.as_str()));
                    *source = Name::exact(self.inner.to_owned());
                }
                Expr::Qualified(..) | Expr::Id(_) | Expr::Name(_) => self.fits = false,
                _ => {}
            }
        }
    }
    if is_constant(term) {
        return None;
    }
    let (mut copy, mut change) = (term.clone(), Move { outer, inner, keys, fits: true });
    syntax::expr(&mut copy, &mut change);
    change.fits.then(|| enclosed(copy).to_string())
}
