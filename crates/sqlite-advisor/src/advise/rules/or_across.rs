//! OR between conditions that no one index serves.
//!
//! **Finds** `WHERE a.x = 1 OR b.y = 2`, most of all across tables. **Why:** SQLite uses an index for each arm of an OR only
//! within one table and only if every arm has one (<https://www.sqlite.org/optoverview.html#or_optimizations>); else it reads
//! everything. **Verified** by running the arms joined by UNION ALL, each later one without the rows of those before it
//! (`... AND (arm) IS NOT TRUE`), which keeps every row exactly once whatever is NULL.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::Index;
use crate::sql::scope::{Scope, each_select};
use crate::sql::syntax::ast::{
    CompoundOperator, CompoundSelect, Expr, OneSelect, Operator, ResultColumn, Select, SelectTable, Stmt,
};
use crate::sql::syntax::{self, Visitor, conjunction, conjuncts, filled, is_constant};

/// The rule's name.
pub const NAME: &str = "or_across";

/// The most arms that are written out.
const ARMS: usize = 4;

/// Looks at the OR of the outermost WHERE.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let Stmt::Select(select) = &stmt else { continue };
        let Some((or, rewritten)) = split(select) else { continue };
        let (indexes, large) = indexes(context, &stmt, &or);
        if !large {
            continue;
        }
        let what = format!(
            "no index serves {}: its arms have no index in common, so every row is looked at",
            Expr::clone(&or)
        );
        let found = context.rewrite(i, &Stmt::Select(rewritten), &indexes, &what)?;
        all.extend(
            found.map(|f| f.with_remedy("each arm of the UNION ALL is served by an index of its own")),
        );
    }
    Ok(all)
}

/// The OR, and the statement with its arms apart.
fn split(select: &Select) -> Option<(Expr, Select)> {
    if !select.body.compounds.is_empty() || !is_plain(select) {
        return None;
    }
    let OneSelect::Select { where_clause: Some(condition), .. } = &select.body.select else { return None };
    let terms = conjuncts(condition);
    let (or, arms) =
        terms.iter().find_map(|t| Some((*t, arms(t))).filter(|(_, a)| (2..=ARMS).contains(&a.len())))?;
    let others: Vec<&Expr> = terms.iter().copied().filter(|t| *t != or).collect();
    let core = |n: usize| -> Option<OneSelect> {
        let mut all: Vec<Expr> = others.iter().map(|e| syntax::enclosed((*e).clone())).collect();
        all.push(syntax::enclosed((*arms.get(n)?).clone()));
        for before in arms.get(..n)? {
            all.push(filled("arm IS NOT TRUE", &[("arm", before)])?);
        }
        let joined = conjunction(all)?;
        let mut core = select.body.select.clone();
        if let OneSelect::Select { where_clause, .. } = &mut core {
            *where_clause = Some(Box::new(joined));
        }
        Some(core)
    };
    let mut rewritten = select.clone();
    rewritten.body.select = core(0)?;
    for n in 1..arms.len() {
        rewritten
            .body
            .compounds
            .push(CompoundSelect { operator: CompoundOperator::UnionAll, select: core(n)? });
    }
    Some((or.clone(), rewritten))
}

fn arms(e: &Expr) -> Vec<&Expr> {
    match e {
        Expr::Binary(a, Operator::Or, b) => [arms(a), arms(b)].concat(),
        Expr::Parenthesized(list) if list.len() == 1 => {
            let inner = list.first().map(|e| arms(e)).unwrap_or_default();
            if inner.len() > 1 { inner } else { vec![e] }
        }
        other => vec![other],
    }
}

/// True for a SELECT whose rows are those of its FROM, one by one, in an order that a compound can have.
fn is_plain(select: &Select) -> bool {
    let OneSelect::Select { distinctness: None, columns, group_by: None, window_clause, .. } =
        &select.body.select
    else {
        return false;
    };
    struct Gathers(bool);
    impl Visitor for Gathers {
        fn expr(&mut self, e: &mut Expr) {
            self.0 |= match e {
                Expr::FunctionCall { name, filter_over, .. } => {
                    filter_over.over_clause.is_some() || syntax::is_aggregate(name)
                }
                Expr::FunctionCallStar { .. } => true,
                _ => false,
            };
        }
    }
    let mut gathers = Gathers(!window_clause.is_empty());
    for column in columns {
        if let ResultColumn::Expr(e, _) = column {
            syntax::expr(&mut e.clone(), &mut gathers);
        }
    }
    let results = || {
        columns.iter().filter_map(|c| match c {
            ResultColumn::Expr(e, alias) => Some((e.as_ref(), alias.as_ref())),
            _ => None,
        })
    };
    let has_star = results().count() < columns.len();
    // The ORDER BY of a compound may only name its columns; where it cannot, SQLite refuses the statement.
    let named = |e: &Expr| {
        has_star
            || matches!(e, Expr::Literal(_))
            || results().any(|(r, alias)| {
                *r == *e || alias.is_some_and(|a| syntax::column_name(e) == Some(a.name().as_str()))
            })
    };
    !gathers.0 && select.order_by.iter().all(|o| named(&o.expr))
}

/// One index for each arm that compares a column with a constant, if none begins with it; and whether a table is large.
fn indexes(context: &RuleContext<'_>, stmt: &Stmt, or: &Expr) -> (Vec<Index>, bool) {
    let (mut wanted, mut large, mut outermost) = (vec![], false, true);
    each_select(&mut stmt.clone(), context.schema(), |select, scope| {
        if !std::mem::take(&mut outermost) {
            return;
        }
        if let OneSelect::Select { from: Some(from), .. } = &select.body.select {
            large = !matches!(from.select.as_ref(), SelectTable::Table(..))
                || scope.tables().iter().any(|(_, t)| context.is_large(t));
        }
        wanted = arms(or).into_iter().filter_map(|arm| index_for(context, arm, scope)).collect();
    });
    (wanted, large)
}

fn index_for(context: &RuleContext<'_>, arm: &Expr, scope: &Scope<'_>) -> Option<Index> {
    conjuncts(arm).into_iter().find_map(|term| {
        let Expr::Binary(a, Operator::Equals | Operator::Is, b) = term else { return None };
        let (column, value) = if is_constant(b) { (a, b) } else { (b, a) };
        let found = scope.column(column).filter(|f| is_constant(value) && context.is_large(f.table))?;
        let index = Index::on(&found.table.name, [found.column.name.as_str()]);
        context.lacks(&index).then_some(index)
    })
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE book(id INTEGER PRIMARY KEY, author INT, code INT, title TEXT);
        CREATE TABLE author(id INTEGER PRIMARY KEY, born INT, name TEXT);
        {N} INSERT INTO book(author, code, title) SELECT i, iif(i % 9, i, NULL), hex(randomblob(9)) FROM n;
        {N} INSERT INTO author(born, name) SELECT i % 5000, hex(randomblob(9)) FROM n;
        CREATE INDEX book_code ON book(code); CREATE INDEX book_author ON book(author);
        CREATE INDEX author_born ON author(born)";
    const FROM: &str = "SELECT title, name FROM book b JOIN author a ON a.id = b.author";

    #[test]
    fn arms_in_two_tables_are_taken_apart() -> Result<()> {
        let sql = format!("{FROM} WHERE b.code = 7 OR a.born = 7 ORDER BY name");
        let advice = one(super::NAME, SCHEMA, &sql)?;
        assert!(advice.sql().unwrap().contains("(b.code = 7) UNION ALL SELECT"), "{}", advice.sql().unwrap());
        assert!(
            advice.sql().unwrap().ends_with("(a.born = 7) AND ((b.code = 7) IS NOT TRUE) ORDER BY name"),
            "{}",
            advice.sql().unwrap()
        );
        assert_eq!(advice.common().verification.as_ref().unwrap().same_rows, Some(true));
        Ok(())
    }

    #[test]
    fn values_stay_with_their_parameters_where_the_order_of_the_text_changes() -> Result<()> {
        let params =
            "-- param: :code = 7\n-- param: :born = 4999\n-- param: $last = 9000\n-- param: @tail = '!'\n";
        let sql =
            format!("{params}{FROM} WHERE (b.code = :code OR a.born = :born) AND b.id < $last ORDER BY name");
        let sql = sql.replace("SELECT title", "SELECT title || @tail AS title");
        let advice = one(super::NAME, SCHEMA, &sql)?;
        assert!(
            advice.sql().unwrap().contains("WHERE (b.id < $last) AND (b.code = :code) UNION ALL"),
            "{}",
            advice.sql().unwrap()
        );
        assert_eq!(
            (advice.common().verification.as_ref().unwrap().same_rows, advice.common().helps[0].after.rows),
            (Some(true), 2)
        );
        Ok(())
    }

    #[test]
    fn what_counts_or_is_served_already_is_left_alone() -> Result<()> {
        let sql = format!(
            "SELECT title FROM book WHERE code = 7 OR author = 8;
             SELECT count(*) FROM book b JOIN author a ON a.id = b.author WHERE b.code = 7 OR a.born = 7;
             {FROM} WHERE b.code = 7 OR a.born = 7 ORDER BY a.id + 1"
        );
        assert!(found(super::NAME, SCHEMA, &sql)?.is_empty());
        Ok(())
    }
}
