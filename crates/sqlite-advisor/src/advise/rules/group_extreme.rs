//! The greatest or least of a group, looked up anew for each row.
//!
//! **Finds** `a.x = (SELECT max(b.x) FROM t AS b WHERE b.k = a.k AND ...)` in a WHERE. **Why:** SQLite runs a subquery that
//! names a column outside of it once for each row (<https://www.sqlite.org/lang_expr.html#correlated_subqueries>), and walks
//! through the group each time until it finds a row that passes. **Cure:** all groups at once,
//! `(a.k, a.x) IN (SELECT b.k, max(b.x) FROM t AS b WHERE ... GROUP BY b.k)`, which is asked one time. **Verified** by running
//! both: equal rows, at a lower cost. **Silent** where the subquery names anything else outside of it, and where the columns
//! that are compared are not declared alike.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, quote};
use crate::sql::scope::{self, Place, Scope};
use crate::sql::syntax::ast::{Expr, OneSelect, Operator, ResultColumn, Select, SelectTable, Stmt};
use crate::sql::syntax::{
    self, Visitor, condition, conjuncts, enclosed, expression_text, extreme_of, replace_conjuncts,
    source_name,
};
use crate::sqlite::schema::{Column, Table};

/// The rule's name.
pub const NAME: &str = "group_extreme";

/// Looks at every WHERE and ON of inner joins.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut found) = (stmt.clone(), None);
        if has_outer_join(&stmt) {
            continue;
        }
        scope::walk(&mut rewritten, context.schema(), |place, scope| {
            let Place::Condition(e) = place else { return };
            replace_conjuncts(e, |term| {
                let (whole, group) = at_once(context, term, scope)?;
                found = Some(group);
                Some(whole)
            });
        });
        let Some((table, index)) = found else { continue };
        let mut indexes = context.indexes_for(&rewritten.to_string())?;
        if context.lacks(&index) && !indexes.contains(&index) {
            indexes.push(index);
        }
        let what = format!("looks up the greatest or least of its group in {table} anew for each row");
        let remedy =
            "one GROUP BY finds those of all groups; the two forms are equal whatever the tables hold";
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        all.extend(found.map(|f| f.on(&table, vec![]).with_remedy(remedy)));
    }
    Ok(all)
}

/// A condition of an outer join keeps rows that do not pass, so it is no place for this.
pub(super) fn has_outer_join(stmt: &Stmt) -> bool {
    let text = stmt.to_string().to_uppercase();
    ["LEFT", "RIGHT", "FULL"].iter().any(|word| text.contains(&format!(" {word} ")))
}

/// `(a.k, a.x) IN (SELECT b.k, max(b.x) ...)` for one such term, with the table that is grouped and an index that would serve.
fn at_once(context: &RuleContext<'_>, term: &Expr, scope: &Scope<'_>) -> Option<(Expr, (String, Index))> {
    let Expr::Binary(a, Operator::Equals, b) = term else { return None };
    let (outer, select) = match (a.as_ref(), b.as_ref()) {
        (outer, Expr::Subquery(select)) | (Expr::Subquery(select), outer) => (outer, select),
        _ => return None,
    };
    let OneSelect::Select {
        distinctness: None,
        columns,
        from: Some(from),
        where_clause: Some(filter),
        group_by: None,
        ..
    } = &select.body.select
    else {
        return None;
    };
    let plain = from.joins.is_empty() && select.body.compounds.is_empty() && select.with.is_none();
    let (SelectTable::Table(name, _, None), [ResultColumn::Expr(extreme, _)]) =
        (from.select.as_ref(), columns.as_slice())
    else {
        return None;
    };
    if !plain || select.limit.is_some() || !select.order_by.is_empty() || syntax::draws(&select.to_string()) {
        return None;
    }
    let source = source_name(&from.select)?;
    let table = context.schema().table(name.name.as_str()).filter(|t| context.is_large(t))?;
    let inner = Inner { source, table };
    let (function, of) = inner.extreme(extreme)?;
    scope.column(outer).filter(|f| alike(f.column, of))?;
    let (mut keys, mut rest) = (vec![], vec![]);
    for own in conjuncts(filter) {
        match inner.key(own, scope) {
            Some(pair) => keys.push(pair),
            None if inner.names_only_itself(own) => rest.push(enclosed(own.clone()).to_string()),
            None => return None,
        }
    }
    if keys.is_empty() {
        return None;
    }
    let passes = if rest.is_empty() { String::new() } else { format!(" WHERE {}", rest.join(" AND ")) };
    let groups: Vec<String> =
        keys.iter().map(|(_, c)| format!("{}.{}", quote(source), quote(&c.name))).collect();
    let outside: Vec<String> = keys.iter().map(|(e, _)| e.to_string()).collect();
    let whole = format!(
        "({}, {outer}) IN (SELECT {}, {function} FROM {}{passes} GROUP BY {})",
        outside.join(", "),
        groups.join(", "),
        from.select,
        groups.join(", ")
    );
    let key = keys.iter().map(|(_, c)| c.name.as_str()).chain([of.name.as_str()]);
    Some((condition(&whole)?, (table.name.clone(), Index::on(&table.name, key))))
}

/// Compared in the same way and stored in the same form.
fn alike(a: &Column, b: &Column) -> bool {
    a.affinity == b.affinity && a.collation.eq_ignore_ascii_case(&b.collation)
}

/// The one table of the subquery.
struct Inner<'i> {
    source: &'i str,
    table: &'i Table,
}

impl<'i> Inner<'i> {
    /// The column of this table that an expression is: a bare name means the innermost table that has it.
    fn column(&self, e: &Expr) -> Option<&'i Column> {
        match e {
            Expr::Qualified(source, name) if source.as_str().eq_ignore_ascii_case(self.source) => {
                self.table.column(name.as_str())
            }
            Expr::Id(name) | Expr::Name(name) => self.table.column(name.as_str()),
            _ => None,
        }
    }

    /// `max(x)` or `min(x)` as text, and the column.
    fn extreme(&self, e: &Expr) -> Option<(String, &'i Column)> {
        Some((expression_text(e), self.column(extreme_of(e)?)?))
    }

    /// `b.k = a.k` as the expression outside and the column within.
    fn key(&self, term: &Expr, outside: &Scope<'_>) -> Option<(Expr, &'i Column)> {
        let Expr::Binary(a, Operator::Equals, b) = term else { return None };
        let (own, other) = match (self.column(a), self.column(b)) {
            (Some(own), None) => (own, b),
            (None, Some(own)) => (own, a),
            _ => return None,
        };
        outside.column(other).filter(|f| alike(f.column, own))?;
        // Only a qualified name cannot be taken for one of the subquery's own.
        matches!(other.as_ref(), Expr::Qualified(..)).then(|| (other.as_ref().clone(), own))
    }

    /// True for a condition on the columns of this table alone.
    fn names_only_itself(&self, term: &Expr) -> bool {
        struct Names<'n>(&'n Inner<'n>, bool);
        impl Visitor for Names<'_> {
            fn select(&mut self, _: &mut Select) {
                self.1 = false;
            }
            fn expr(&mut self, e: &mut Expr) {
                if matches!(e, Expr::Id(_) | Expr::Name(_) | Expr::Qualified(..) | Expr::DoublyQualified(..))
                {
                    self.1 &= self.0.column(e).is_some();
                }
            }
        }
        let mut names = Names(self, true);
        syntax::expr(&mut term.clone(), &mut names);
        names.1
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE message(id INTEGER PRIMARY KEY, talk TEXT, kind TEXT, at INT, size TEXT);
        {N} INSERT INTO message(talk, kind, at) SELECT nullif('c' || (i % 12), 'c5'), iif(i > 3000, 'joined', 'text'), i * 7919 % 20011 FROM n WHERE i < 4000;
        UPDATE message SET at = NULL WHERE id % 50 = 0; CREATE INDEX message_talk ON message(talk, at)";

    #[test]
    fn the_last_rows_of_all_groups_are_found_at_once() -> Result<()> {
        let sql = "SELECT m.id FROM message m WHERE m.kind = 'text' AND
            m.at = (SELECT max(b.at) FROM message b WHERE b.talk = m.talk AND b.kind = 'text')";
        let advice = one(super::NAME, SCHEMA, sql)?;
        let wanted = "(m.talk, m.at) IN (SELECT b.talk, max (b.at) FROM message b WHERE (b.kind = 'text') GROUP BY b.talk)";
        assert!(advice.sql().unwrap().contains(wanted), "{:?}", advice.sql());
        assert!(advice.common().verification.as_ref().unwrap().verified);
        Ok(())
    }

    #[test]
    fn other_names_from_outside_and_columns_that_are_not_alike_are_left_alone() -> Result<()> {
        let sql = "SELECT m.id FROM message m WHERE m.at = (SELECT max(b.at) FROM message b WHERE b.talk = m.talk AND b.id < m.id + 9 AND b.kind = 'text');
            SELECT m.id FROM message m WHERE m.size = (SELECT max(b.at) FROM message b WHERE b.talk = m.talk AND b.kind = 'text');
            SELECT m.id FROM message m LEFT JOIN message o ON o.at = (SELECT max(b.at) FROM message b WHERE b.talk = m.talk AND b.kind = 'text') LIMIT 9";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
