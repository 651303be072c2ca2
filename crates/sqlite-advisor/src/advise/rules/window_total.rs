//! The number of all rows beside each row of a page.
//!
//! **Finds** `count(*) OVER ()` in a SELECT with LIMIT. **Why:** a window function has to see every row that passes before the
//! first one is given (<https://www.sqlite.org/windowfunctions.html>), so all of them are read, put in order and kept, and no
//! index can end the statement after its page. **Cure:** the number by itself, `(SELECT count(*) FROM ... WHERE ...)`, which
//! needs no order and often reads an index alone; the page then ends at its LIMIT. **Verified** by running both: equal rows, at
//! a lower cost. **Silent** where other windows or groups are in the statement, and where nothing limits it.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::sql::scope::each_select;
use crate::sql::syntax::ast::{Expr, OneSelect, Over, ResultColumn, Select};
use crate::sql::syntax::{self, Visitor, result_name, select_of};

/// The rule's name.
pub const NAME: &str = "window_total";

/// Looks at every SELECT with a LIMIT.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let (mut rewritten, mut place) = (stmt.clone(), None);
        each_select(&mut rewritten, context.schema(), |select, scope| {
            let large = scope.tables().into_iter().find(|(_, table)| context.is_large(table));
            if let (Some((_, table)), true) = (large, count_apart(select)) {
                place = Some(table.name.clone());
            }
        });
        let Some(table) = place else { continue };
        let indexes = context.indexes_for(&rewritten.to_string())?;
        let what =
            "count(*) OVER () makes it read and keep every row that passes before the first of its page";
        let remedy =
            "the count by itself needs no order; asked for apart, it can also be kept while pages are turned";
        let found = context.rewrite(i, &rewritten, &indexes, what)?;
        all.extend(found.map(|f| f.on(&table, vec![]).with_remedy(remedy)));
    }
    Ok(all)
}

/// Puts a count by itself in the place of each count over all rows; false where there is none, or something else would change.
fn count_apart(select: &mut Select) -> bool {
    let own_parts = select.with.is_none() && select.body.compounds.is_empty() && select.limit.is_some();
    let OneSelect::Select {
        distinctness: None, columns, from: Some(from), where_clause, group_by: None, ..
    } = &mut select.body.select
    else {
        return false;
    };
    let totals = columns.iter().filter(|c| total(c).is_some()).count();
    let text = from.to_string() + &where_clause.as_ref().map(ToString::to_string).unwrap_or_default();
    if !own_parts || totals == 0 || totals < columns.iter().map(windows).sum() || syntax::draws(&text) {
        return false;
    }
    let counted = OneSelect::Select {
        distinctness: None,
        columns: vec![],
        from: Some(from.clone()),
        where_clause: where_clause.clone(),
        group_by: None,
        window_clause: vec![],
    };
    for column in columns {
        let (Some(count), ResultColumn::Expr(e, alias)) = (total(column), &mut *column) else { continue };
        let name = result_name(e, alias.as_ref());
        let mut core = counted.clone();
        if let OneSelect::Select { columns, .. } = &mut core {
            *columns = vec![ResultColumn::Expr(Box::new(count), None)];
        }
        **e = Expr::Subquery(select_of(core));
        // The name that the application reads it by stays.
        let named = || syntax::ast::As::As(syntax::ast::Name::exact(name));
        alias.get_or_insert_with(named);
    }
    true
}

/// `count(*)` of a `count(*) OVER ()`.
fn total(column: &ResultColumn) -> Option<Expr> {
    let ResultColumn::Expr(e, _) = column else { return None };
    let Expr::FunctionCallStar { name, filter_over } = e.as_ref() else { return None };
    let Some(Over::Window(window)) = &filter_over.over_clause else { return None };
    let is_of_all = window.base.is_none()
        && window.partition_by.is_empty()
        && window.order_by.is_empty()
        && window.frame_clause.is_none()
        && filter_over.filter_clause.is_none();
    let mut plain = filter_over.clone();
    plain.over_clause = None;
    (is_of_all && name.as_str().eq_ignore_ascii_case("count"))
        .then(|| Expr::FunctionCallStar { name: name.clone(), filter_over: plain })
}

/// The window functions in a column of the result.
fn windows(column: &ResultColumn) -> usize {
    #[derive(Default)]
    struct Count(usize);
    impl Visitor for Count {
        fn expr(&mut self, e: &mut Expr) {
            let (Expr::FunctionCall { filter_over, .. } | Expr::FunctionCallStar { filter_over, .. }) = e
            else {
                return;
            };
            self.0 += usize::from(filter_over.over_clause.is_some());
        }
    }
    let mut count = Count::default();
    if let ResultColumn::Expr(e, _) = column {
        syntax::expr(&mut e.as_ref().clone(), &mut count);
    }
    count.0
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE file(id INTEGER PRIMARY KEY, at INT, size INT, name TEXT);
        CREATE INDEX file_at ON file(at);
        {N} INSERT INTO file(at, size, name) SELECT i * 7919 % 20011, i % 90, hex(randomblob(9)) FROM n";

    #[test]
    fn the_page_ends_at_its_limit_and_the_count_keeps_its_name() -> Result<()> {
        let sql = "SELECT name, COUNT(*) OVER() AS total FROM file WHERE size > 3 ORDER BY at LIMIT 20";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert_eq!(
            advice.sql().unwrap(),
            "SELECT name, (SELECT COUNT (*) FROM file WHERE size > 3) AS total FROM file WHERE size > 3 ORDER BY at LIMIT 20"
        );
        Ok(())
    }

    #[test]
    fn other_windows_groups_and_whole_results_are_left_alone() -> Result<()> {
        let sql = "SELECT name, count(*) OVER () FROM file WHERE size > 3 ORDER BY at;
                   SELECT name, count(*) OVER (), row_number() OVER (ORDER BY at) FROM file WHERE size > 3 LIMIT 20;
                   SELECT name, count(*) OVER (PARTITION BY size) FROM file ORDER BY at LIMIT 20;
                   SELECT size, count(*) OVER () FROM file GROUP BY size ORDER BY size LIMIT 20";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
