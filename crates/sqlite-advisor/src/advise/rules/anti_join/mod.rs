//! Rows without a partner by LEFT JOIN ... IS NULL.
//!
//! **Finds** `a LEFT JOIN b ON ... WHERE b.x IS NULL`, where `x` is NULL only for want of a partner. **Why:** SQLite joins each
//! row with all of its partners before it throws the row away (<https://www.sqlite.org/optoverview.html>); with many
//! partners, as for the newest row of a group, that is quadratic. **Cure:** NOT EXISTS stops at the first partner; where the partner is a later
//! row of the same group, one GROUP BY finds the last row of every group. **Verified** by running both: equal rows, at a lower cost. **Silent** where something else of `b` is read, and where `x` may be NULL in
//! a partner.

mod last_row;

use self::last_row::last_of_group;
use crate::advise::rules::experiment::GAIN;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::sql::scope::each_select;
use crate::sql::syntax::ast::{
    Expr, JoinConstraint, JoinOperator, JoinType, Literal, OneSelect, Operator, ResultColumn, Select,
    SelectTable, Stmt,
};
use crate::sql::syntax::{
    self, Visitor, condition, conjunction, conjuncts, enclosed, is_comparison, source_name,
};
use crate::sqlite::schema::Table;

/// The rule's name.
pub const NAME: &str = "anti_join";

/// Looks at every LEFT JOIN whose partners are not wanted.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut inner, mut last) = (stmt.clone(), vec![], stmt.clone());
        each_select(&mut rewritten, context.schema(), |select, _| {
            while let Some(found) = take_out(context, select, false) {
                inner.push(found);
            }
        });
        each_select(&mut last, context.schema(), |s, _| while take_out(context, s, true).is_some() {});
        let Some((table, index)) = inner.first().cloned() else { continue };
        let lacks = !index.key.is_empty() && context.lacks(&index);
        let indexes = if lacks { vec![index] } else { vec![] };
        let what = format!(
            "joins each row with all of its partners in {table}, only to throw it away if it has any"
        );
        let remedy =
            "NOT EXISTS stops at the first partner, and the two forms are equal whatever the table holds";
        let first = context.rewrite(i, &Stmt::clone(&rewritten), &indexes, &what)?;
        let mut found = first.map(|f| f.with_remedy(remedy));
        if last != stmt {
            let second = context.rewrite(i, &Stmt::clone(&last), &indexes, &what)?;
            let cost = |f: &Finding| f.experiment().map_or(f64::INFINITY, |t| t.after.cost());
            let better = second.filter(|s| found.as_ref().is_none_or(|f| cost(s) * GAIN < cost(f)));
            found = better.map(|f| f.with_remedy(EXTREMES)).or(found);
        }
        all.extend(found.map(|f| f.on(table, vec![])));
    }
    Ok(all)
}

const EXTREMES: &str = "one GROUP BY finds the last row of every group; the two forms are equal while the columns that are \
     compared hold no NULL, as now";

/// Puts NOT EXISTS in the place of one such join, or with `last` a search for the last row of each group. Returns its
/// table and the index that it would search.
fn take_out<'a>(context: &RuleContext<'a>, select: &mut Select, last: bool) -> Option<(&'a str, Index)> {
    let whole = select.clone();
    let OneSelect::Select { columns, from: Some(from), where_clause: Some(filter), .. } =
        &mut select.body.select
    else {
        return None;
    };
    let has_star = columns.iter().any(|c| matches!(c, ResultColumn::Star));
    let turned =
        |op: &JoinOperator| matches!(op, JoinOperator::TypedJoin(Some(t)) if t.contains(JoinType::RIGHT));
    if has_star || from.joins.iter().any(|j| turned(&j.operator)) {
        return None;
    }
    for (at, join) in from.joins.iter().enumerate() {
        let JoinOperator::TypedJoin(Some(kind)) = join.operator else { continue };
        let (SelectTable::Table(name, ..), Some(source), Some(JoinConstraint::On(on))) =
            (join.table.as_ref(), source_name(&join.table), &join.constraint)
        else {
            continue;
        };
        let Some(table) = context.schema().table(name.name.as_str()).filter(|t| context.is_large(t)) else {
            continue;
        };
        let source = Source { name: source, table };
        let terms = conjuncts(filter);
        let Some(null) = terms.iter().position(|t| source.is_missing(t, on)) else { continue };
        // Beside its own condition nothing else may speak of it.
        let spoken = source.mentions(&mut whole.clone());
        let own = source.mentions_in(on) + source.mentions_in(terms.get(null)?);
        if !kind.contains(JoinType::LEFT) || kind.contains(JoinType::NATURAL) || spoken != own {
            continue;
        }
        let form = if last {
            let outer = at == 0 && is_table(&from.select, &table.name);
            let others = terms.iter().enumerate().filter(|(n, _)| *n != null).map(|(_, term)| *term);
            let name = source_name(&from.select).filter(|_| outer);
            name.and_then(|outer| {
                last_of_group(context, (outer, source.name), table, on, &others.collect::<Vec<_>>())
            })
        } else {
            Some(format!("NOT EXISTS (SELECT 1 FROM {} WHERE {on})", join.table))
        };
        let Some(exists) = form.and_then(|form| condition(&form)) else { continue };
        let index = source.index(on);
        let terms = terms
            .iter()
            .enumerate()
            .map(|(n, term)| if n == null { exists.clone() } else { enclosed((*term).clone()) });
        **filter = conjunction(terms)?;
        from.joins.remove(at);
        return Some((&table.name, index));
    }
    None
}

fn is_table(source: &SelectTable, table: &str) -> bool {
    matches!(source, SelectTable::Table(name, ..) if name.name.as_str().eq_ignore_ascii_case(table))
}

/// A table under the name by which it goes.
struct Source<'t> {
    name: &'t str,
    table: &'t Table,
}

impl Source<'_> {
    /// The column of this source that an expression is. A bare name that the table has means it, or SQLite would refuse it.
    fn column<'e>(&self, e: &'e Expr) -> Option<&'e str> {
        let name = match e {
            Expr::Parenthesized(list) if list.len() == 1 => return self.column(list.first()?),
            Expr::Qualified(source, name) if source.as_str().eq_ignore_ascii_case(self.name) => name,
            Expr::Id(name) | Expr::Name(name) => name,
            _ => return None,
        };
        let is_rowid =
            ["rowid", "oid", "_rowid_"].iter().any(|word| name.as_str().eq_ignore_ascii_case(word));
        (is_rowid || self.table.column(name.as_str()).is_some()).then_some(name.as_str())
    }

    /// True for `x IS NULL` where no partner has it NULL.
    fn is_missing(&self, term: &Expr, on: &Expr) -> bool {
        let asked = match term {
            Expr::IsNull(e) => e,
            Expr::Binary(e, Operator::Is, null) if **null == Expr::Literal(Literal::Null) => e,
            _ => return false,
        };
        let Some(name) = self.column(asked) else { return false };
        let known = self.table.column(name);
        let never_null = known.is_none_or(|c| c.not_null)
            || self.table.rowid_alias().is_some_and(|c| c.name.eq_ignore_ascii_case(name));
        never_null || conjuncts(on).into_iter().any(|term| self.compares(term, name))
    }

    /// True for a comparison of that column that NULL does not pass.
    fn compares(&self, term: &Expr, name: &str) -> bool {
        let Expr::Binary(a, op, b) = term else { return false };
        let strict = is_comparison(*op) && !matches!(op, Operator::Is | Operator::IsNot);
        let is_it = |e: &Expr| self.column(e).is_some_and(|n| n.eq_ignore_ascii_case(name));
        strict && (is_it(a) || is_it(b))
    }

    /// How often a SELECT speaks of it.
    fn mentions(&self, select: &mut Select) -> usize {
        let mut count = Mentions { source: self, count: 0 };
        syntax::select(select, &mut count);
        let stars = match &select.body.select {
            OneSelect::Select { columns, .. } => columns.iter().filter(|c| {
                matches!(c, ResultColumn::TableStar(name) if name.as_str().eq_ignore_ascii_case(self.name))
            }),
            OneSelect::Values(_) => return count.count,
        };
        count.count + stars.count()
    }

    fn mentions_in(&self, e: &Expr) -> usize {
        let mut count = Mentions { source: self, count: 0 };
        syntax::expr(&mut e.clone(), &mut count);
        count.count
    }

    /// The index that finds a partner: the columns that are equal, then one that is compared.
    fn index(&self, on: &Expr) -> Index {
        let (mut equal, mut range) = (vec![], vec![]);
        for term in conjuncts(on) {
            let Expr::Binary(a, op, b) = term else { continue };
            let kind = match op {
                Operator::Equals => &mut equal,
                Operator::Less | Operator::LessEquals | Operator::Greater | Operator::GreaterEquals => {
                    &mut range
                }
                _ => continue,
            };
            let own = [a, b].into_iter().filter_map(|e| match e.as_ref() {
                Expr::Qualified(..) => self.table.column(self.column(e)?),
                _ => None,
            });
            kind.extend(own.map(|c| c.name.as_str()));
        }
        range.truncate(1);
        Index::on(&self.table.name, equal.into_iter().chain(range))
    }
}

struct Mentions<'s, 't> {
    source: &'s Source<'t>,
    count: usize,
}

impl Visitor for Mentions<'_, '_> {
    fn expr(&mut self, e: &mut Expr) {
        self.count += usize::from(!matches!(e, Expr::Parenthesized(_)) && self.source.column(e).is_some());
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE log(id INTEGER PRIMARY KEY, name TEXT, gone INT, body TEXT);
        {N} INSERT INTO log(name, gone, body) SELECT 'n' || (i % 20), i % 7 = 0, hex(randomblob(20)) FROM n WHERE i < 4000;
        CREATE INDEX log_name ON log(name, id)";

    #[test]
    fn the_newest_of_each_name_has_no_newer_one() -> Result<()> {
        let sql = "SELECT a.id, a.body FROM log AS a LEFT JOIN log AS b ON a.name = b.name AND a.id < b.id
                   WHERE b.name IS NULL AND (0 OR a.gone = 0) ORDER BY a.id";
        let advice = one(super::NAME, SCHEMA, sql)?;
        let newest = "WHERE a.id IN (SELECT max (b.id) FROM log AS b GROUP BY b.name) AND";
        assert!(advice.sql().unwrap().contains(newest), "{}", advice.sql().unwrap());
        assert!(advice.common().helps[0].after.vm_steps * 10 < advice.common().helps[0].before.vm_steps);
        Ok(())
    }

    #[test]
    fn a_row_without_a_partner_has_none_that_exists() -> Result<()> {
        let sql = "SELECT a.id FROM log AS a LEFT JOIN log AS b ON a.name = b.name AND a.gone <> b.gone
                   WHERE b.name IS NULL";
        let advice = one(super::NAME, SCHEMA, sql)?;
        let exists = "WHERE NOT EXISTS (SELECT 1 FROM log AS b WHERE a.name = b.name AND a.gone != b.gone)";
        assert!(advice.sql().unwrap().contains(exists), "{}", advice.sql().unwrap());
        Ok(())
    }

    #[test]
    fn a_join_whose_partner_is_read_or_may_hold_null_stays() -> Result<()> {
        let on = "LEFT JOIN log b ON a.name = b.name AND a.id < b.id";
        let sql = format!(
            "SELECT a.id FROM log a {on} WHERE b.body IS NULL;
             SELECT a.id, b.gone FROM log a {on} WHERE b.name IS NULL;
             SELECT * FROM log a {on} WHERE b.name IS NULL;
             SELECT b.*, a.id FROM log a {on} WHERE b.name IS NULL;
             SELECT a.id FROM log a {on} WHERE b.name IS NULL ORDER BY b.body"
        );
        assert!(found(super::NAME, SCHEMA, &sql)?.is_empty());
        Ok(())
    }
}
