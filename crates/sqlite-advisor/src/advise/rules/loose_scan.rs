//! Few values of an index that is read from end to end.
//!
//! **Finds** `GROUP BY x` with `min` and `max` alone, and without statistics `SELECT DISTINCT x` and `count(DISTINCT x)`, where an
//! index on `x` holds few values, each many times. **Why:** SQLite reads every entry of the index; only for DISTINCT, and only
//! where sqlite_stat1 says that values repeat, does it skip from one to the next
//! (<https://www.sqlite.org/optoverview.html#the_skip_scan_optimization> is for WHERE). **Cure:** a recursive WITH asks for the
//! smallest value, then for the smallest above it, and so on: one search a value
//! (<https://www.sqlite.org/lang_with.html#recursive_common_table_expressions>). NULL, which no comparison finds, is asked for
//! apart. **Verified** by running both: equal rows, at a lower cost. **Silent** where values are many, where the column's
//! collating sequence or missing type holds different values for equal, and where a subquery or several tables are in it.

use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{literal, quote};
use crate::sql::scope::{Scope, each_select};
use crate::sql::syntax::ast::{
    Distinctness, Expr, Literal, OneSelect, ResultColumn, Select, SelectTable, SortOrder, SortedColumn,
};
use crate::sql::syntax::{
    self, Visitor, enclosed, expression_text, extreme_of, is_plain_call, result_name, source_name,
};
use crate::sqlite::schema::{Affinity, Column, Table};

/// The rule's name.
pub const NAME: &str = "loose_scan";

/// Looks at the statements that ask for the different values of a column.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let mut asked = None;
        each_select(&mut stmt.clone(), context.schema(), |select, scope| {
            if scope.depth() == 1 && asked.is_none() {
                asked = Some(
                    Asked::of(context, select, scope).and_then(|a| Some((a.rewritten(context)?, a.place()))),
                );
            }
        });
        let Some(Some((sql, (table, column)))) = asked else { continue };
        let Some(rewritten) = syntax::parse(&sql) else { continue };
        let indexes = context.indexes_for(&sql)?;
        let what = format!("reads every row, or an index from end to end, for the few values of {column}");
        let found = context.rewrite(i, &rewritten, &indexes, &what)?;
        let remedy =
            "each value costs one search; with as many values as rows the form as written would be better";
        all.extend(found.map(|f| f.on(&table, vec![column]).with_remedy(remedy)));
    }
    Ok(all)
}

/// What a SELECT asks of one column's values.
struct Asked<'s> {
    table: &'s Table,
    column: &'s Column,
    /// The table as it is named in FROM, and the name that it goes by.
    from: String,
    source: String,
    /// What rows have to pass.
    filter: Option<String>,
    /// The result: the column, or the least or greatest of another, each with its name.
    columns: Vec<(Part, String)>,
    /// The place of the column in the result by which it is sorted, and how.
    order: Option<(usize, SortedColumn)>,
    /// Only the number of values is wanted.
    counted: bool,
    /// No row that passes has NULL in the column.
    never_null: bool,
}

/// A column of the result.
enum Part {
    Key,
    /// `min(x)` or `max(x)`, as text.
    Extreme(String),
}

impl<'s> Asked<'s> {
    fn of(context: &RuleContext<'_>, select: &Select, scope: &Scope<'s>) -> Option<Self> {
        let OneSelect::Select { distinctness, columns, from: Some(from), where_clause, group_by, .. } =
            &select.body.select
        else {
            return None;
        };
        let alone = from.joins.is_empty() && select.body.compounds.is_empty();
        let SelectTable::Table(_, _, None) = from.select.as_ref() else { return None };
        if !alone || select.with.is_some() || select.limit.is_some() {
            return None;
        }
        let (key, counted) = match (distinctness, group_by, columns.as_slice()) {
            (Some(Distinctness::Distinct), None, [ResultColumn::Expr(e, _)]) => (e.as_ref(), false),
            (None, Some(group), _) if group.having.is_none() => match group.exprs.as_slice() {
                [e] => (e.as_ref(), false),
                _ => return None,
            },
            (None, None, [ResultColumn::Expr(e, _)]) => (counted_once(e)?, true),
            _ => return None,
        };
        let found = scope.column(key).filter(|f| context.is_large(f.table))?;
        // Values that are held for equal and are not the same, as 'a' and 'A', or 1 and 1.0: any of them may come.
        let exact =
            found.column.collation.eq_ignore_ascii_case("BINARY") && found.column.affinity != Affinity::Blob;
        let plain = where_clause.as_ref().is_none_or(|e| !asks_elsewhere(e));
        if !exact || !plain || syntax::draws(&select.to_string()) {
            return None;
        }
        let terms = where_clause.as_deref().map(syntax::conjuncts).unwrap_or_default();
        let is_key = |e: &Expr| scope.column(e).is_some_and(|f| f.column.name == found.column.name);
        let part = |c: &ResultColumn| -> Option<(Part, String)> {
            let ResultColumn::Expr(e, alias) = c else { return None };
            let name = result_name(e, alias.as_ref());
            let part = match counted || is_key(e) {
                true => Part::Key,
                false => Part::Extreme(extreme(e, scope)?),
            };
            Some((part, name))
        };
        let columns: Vec<(Part, String)> = columns.iter().map(part).collect::<Option<_>>()?;
        let order = match select.order_by.as_slice() {
            [] => None,
            [sorted] => {
                let at = columns.iter().position(|(part, _)| matches!(part, Part::Key))?;
                let by_place = matches!(sorted.expr.as_ref(), Expr::Literal(Literal::Numeric(n)) if *n == (at + 1).to_string());
                // The names of the result come before those of the table.
                let named = |(_, name): &(Part, String)| matches!(sorted.expr.as_ref(), Expr::Id(id) | Expr::Name(id) if id.as_str().eq_ignore_ascii_case(name));
                let fits = match columns.iter().position(named) {
                    Some(place) => place == at,
                    None => by_place || is_key(&sorted.expr),
                };
                fits.then(|| Some((at, sorted.clone())))?
            }
            _ => return None,
        };
        Some(Self {
            table: found.table,
            column: found.column,
            from: from.select.to_string(),
            source: quote(source_name(&from.select)?),
            filter: where_clause.as_ref().map(|e| enclosed(e.as_ref().clone()).to_string()),
            columns,
            order,
            counted,
            never_null: found.column.not_null
                || found.table.is_rowid(found.column)
                || terms.iter().any(|term| matches!(term, Expr::NotNull(e) if is_key(e))),
        })
    }

    fn place(&self) -> (String, String) {
        (self.table.name.clone(), self.column.name.clone())
    }

    /// The rows of the table that pass, and that fulfil another condition.
    fn rows(&self, condition: Option<&str>) -> String {
        let terms: Vec<&str> = self.filter.as_deref().into_iter().chain(condition).collect();
        let passes = if terms.is_empty() { String::new() } else { format!(" WHERE {}", terms.join(" AND ")) };
        format!("FROM {}{passes}", self.from)
    }

    /// The statement that goes from value to value; none if its names are taken.
    fn rewritten(&self, context: &RuleContext<'_>) -> Option<String> {
        let taken = |name: &str| context.schema().has(name) || self.source.eq_ignore_ascii_case(name);
        if taken(VALUES) || self.table.column(VALUE).is_some() {
            return None;
        }
        let key = format!("{}.{}", self.source, quote(&self.column.name));
        let value = format!("{VALUES}.{VALUE}");
        let above = self.rows(Some(&format!("{key} > {value}")));
        let with = format!(
            "WITH RECURSIVE {VALUES}({VALUE}) AS (SELECT min({key}) {} UNION ALL SELECT (SELECT min({key}) {above}) \
             FROM {VALUES} WHERE {value} IS NOT NULL)",
            self.rows(None)
        );
        if self.counted {
            let name = self.columns.first().map(|(_, name)| name_as(name))?;
            return Some(format!("{with} SELECT count({value}) AS {name} FROM {VALUES}"));
        }
        let result = |value: &str, of_group: &str| {
            let one = |(part, name): &(Part, String)| match part {
                Part::Key => format!("{value} AS {}", name_as(name)),
                Part::Extreme(e) => {
                    format!("(SELECT {e} {}) AS {}", self.rows(Some(of_group)), name_as(name))
                }
            };
            self.columns.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let each = result(&value, &format!("{key} = {value}"));
        let mut sql = format!("{with} SELECT {each} FROM {VALUES} WHERE {value} IS NOT NULL");
        if !self.never_null {
            let is_null = format!("{key} IS NULL");
            let null = result("NULL", &is_null);
            sql.push_str(&format!(
                " UNION ALL SELECT {null} WHERE EXISTS (SELECT 1 {})",
                self.rows(Some(&is_null))
            ));
        }
        if let Some((at, sorted)) = &self.order {
            let down = if sorted.order == Some(SortOrder::Desc) { " DESC" } else { "" };
            let nulls = sorted.nulls.map(|n| format!(" NULLS {n}")).unwrap_or_default();
            sql.push_str(&format!(" ORDER BY {}{down}{nulls}", at + 1));
        }
        Some(sql)
    }
}

/// The names of the WITH and its column.
const VALUES: &str = "loose";
const VALUE: &str = "loose_value";

fn name_as(name: &str) -> String {
    match syntax::condition(&quote(name)) {
        Some(_) => quote(name),
        None => literal(name),
    }
}

/// The column of which an expression counts the different values.
fn counted_once(e: &Expr) -> Option<&Expr> {
    let Expr::FunctionCall { name, distinctness: Some(Distinctness::Distinct), args, filter_over, .. } = e
    else {
        return None;
    };
    match args.as_slice() {
        [one] if is_plain_call(filter_over) && name.as_str().eq_ignore_ascii_case("count") => Some(one),
        _ => None,
    }
}

/// `min(x)` or `max(x)` of a column of a table, as text.
fn extreme(e: &Expr, scope: &Scope<'_>) -> Option<String> {
    let ordered = matches!(e, Expr::FunctionCall { order_by, .. } if !order_by.is_empty());
    extreme_of(e).filter(|one| !ordered && scope.column(one).is_some()).map(|_| expression_text(e))
}

/// True for a condition with a SELECT in it, or with a function that looks at more than one row.
fn asks_elsewhere(e: &Expr) -> bool {
    struct Selects(bool);
    impl Visitor for Selects {
        fn select(&mut self, _: &mut Select) {
            self.0 = true;
        }
    }
    let mut selects = Selects(false);
    syntax::expr(&mut e.clone(), &mut selects);
    selects.0
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE log(id INTEGER PRIMARY KEY, host TEXT, level INT NOT NULL, at INT, tag TEXT COLLATE NOCASE);
        {N} INSERT INTO log(host, level, at, tag) SELECT nullif('h' || (i % 9), 'h8'), i % 4, i, 't' || (i % 5) FROM n;
        CREATE INDEX log_host ON log(host, at); CREATE INDEX log_level ON log(level, host); CREATE INDEX log_tag ON log(tag)";

    #[test]
    fn each_value_is_searched_for_behind_the_one_before_it_and_null_apart() -> Result<()> {
        for sql in [
            "SELECT max(at), host AS h, min(at) FROM log AS l GROUP BY host ORDER BY 2",
            "SELECT l.host AS h, max(at) FROM log AS l GROUP BY l.host ORDER BY h DESC",
            "SELECT host, max(at) FROM log WHERE level = 3 GROUP BY host",
        ] {
            let all = found(super::NAME, SCHEMA, sql)?;
            assert_eq!(all.len(), 1, "{sql}");
            let help = &all[0].common().helps[0];
            assert!(help.after.vm_steps * 20 < help.before.vm_steps, "{sql}: {help:?}");
            assert!(all[0].common().verification.as_ref().unwrap().verified, "{sql}");
        }
        Ok(())
    }

    #[test]
    fn a_column_that_is_never_null_needs_no_second_part() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT level, max(host) FROM log GROUP BY level")?;
        assert_eq!(
            advice.sql().unwrap(),
            "WITH RECURSIVE loose (loose_value) AS (SELECT min (log.level) FROM log UNION ALL SELECT (SELECT min (log.level) \
             FROM log WHERE log.level > loose.loose_value) FROM loose WHERE loose.loose_value IS NOT NULL) SELECT \
             loose.loose_value AS level, (SELECT max (host) FROM log WHERE log.level = loose.loose_value) AS \"max(host)\" \
             FROM loose WHERE loose.loose_value IS NOT NULL"
        );
        Ok(())
    }

    #[test]
    fn many_values_other_aggregates_and_values_held_for_equal_are_left_alone() -> Result<()> {
        let sql = "SELECT DISTINCT at FROM log; SELECT DISTINCT host FROM log; SELECT host, count(*) FROM log GROUP BY host; SELECT DISTINCT tag FROM log;
                   SELECT DISTINCT host FROM log WHERE at IN (SELECT id FROM log); SELECT DISTINCT host, level FROM log;
                   SELECT DISTINCT host FROM log LIMIT 3;
                   SELECT host AS h, max(at) AS host FROM log GROUP BY log.host ORDER BY host";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
