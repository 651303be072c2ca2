//! Lists that carry wide columns.
//!
//! **Finds** statements that return many rows with a text or blob of hundreds of bytes in each, most often by `SELECT *`.
//! **Why:** such a value fills pages and runs over onto others (<https://www.sqlite.org/fileformat2.html#ovflpgs>), and no
//! index covers it. **Verified** it cannot be: without the column the rows are others. What it would cost without is measured.

use crate::advise::rules::finding::Kind;
use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::{Index, quote};
use crate::sql::scope::{Scope, each_select, fixed_columns};
use crate::sql::syntax::ast::{Expr, Name, OneSelect, ResultColumn, Stmt};
use crate::sqlite::schema::{Column, Table};

/// The rule's name.
pub const NAME: &str = "wide_column";

/// Bytes of a mean value from which on a column is wide.
const WIDE: u64 = 400;
/// Rows from which on a result is a list.
const LIST: u64 = 50;
/// The most columns that an index is made of to cover the rest.
const COVERED: usize = 6;

/// Looks at the outermost SELECT of the statements that return many rows.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        if context.comparison(i).is_none_or(|p| p.after.rows < LIST) {
            continue;
        }
        let (mut narrow, mut found) = (stmt.clone(), None);
        each_select(&mut narrow, context.schema(), |select, scope| {
            if scope.depth() == 1
                && select.body.compounds.is_empty()
                && let OneSelect::Select { columns, where_clause, distinctness: None, group_by: None, .. } =
                    &mut select.body.select
                && let Some((table, wide, rest)) = without_wide(context, columns, scope)
            {
                let fixed = fixed_columns(where_clause.as_deref(), scope, table);
                let covering = covering(table, fixed, &rest);
                *columns = rest;
                found = Some((table, wide, covering));
            }
        });
        let Some((table, wide, covering)) = found else { continue };
        all.extend(one(context, i, &narrow, table, wide, covering)?);
    }
    Ok(all)
}

fn one(
    context: &RuleContext<'_>,
    i: usize,
    narrow: &Stmt,
    table: &Table,
    wide: Vec<String>,
    covering: Option<Index>,
) -> Result<Option<Finding>> {
    let sql = narrow.to_string();
    let mut best = context.experiment(i, &sql, &[])?.map(|t| (t, vec![]));
    if let (None, Some(index)) = (&best, covering) {
        let (create, name) = context.create(&index);
        let changes = [create.clone(), format!("ANALYZE {}", quote(&name))];
        best = context.experiment(i, &sql, &changes)?.map(|t| (t, vec![create]));
    }
    Ok(best.map(|(experiment, needs)| {
        let names = wide.join(", ");
        let what = format!("returns many rows with wide values ({names} of {})", table.name);
        let why =
            format!("the rows lack {names}, so they cannot be the same; what they cost without is measured");
        let finding =
            Finding::of_statement(Kind::Rewrite, i, what, Verification::Open(why, Some(experiment)));
        let finding = finding.on(&table.name, wide).with_sql(sql, needs);
        let remedy = format!(
            "if the list does not show {names}, leave it out, and read it by key where one row is shown"
        );
        Finding { bytes: experiment.bytes, ..finding.with_remedy(remedy) }
    }))
}

/// The one table with wide columns in a result, these columns, and the result without them.
fn without_wide<'s>(
    context: &RuleContext<'_>,
    columns: &[ResultColumn],
    scope: &Scope<'s>,
) -> Option<(&'s Table, Vec<String>, Vec<ResultColumn>)> {
    let (mut table, mut wide, mut rest) = (None, vec![], vec![]);
    let mut take = |of: &'s Table, column: &Column, as_written: ResultColumn| -> Option<()> {
        if !is_wide(context, of, column) {
            rest.push(as_written);
            return Some(());
        }
        if table.is_some_and(|t: &Table| t.name != of.name) {
            return None;
        }
        table = Some(of);
        wide.push(column.name.clone());
        Some(())
    };
    let sources = scope.tables();
    // What is not a table has columns that are not known here.
    let all_known = sources.len() == scope.width();
    let mut other = vec![];
    for column in columns {
        let starred = |source: &&(&str, &'s Table)| match column {
            ResultColumn::TableStar(name) => source.0.eq_ignore_ascii_case(name.as_str()),
            _ => true,
        };
        match column {
            ResultColumn::Star | ResultColumn::TableStar(_) if all_known => {
                for (name, of) in sources.iter().filter(starred) {
                    for c in &of.columns {
                        let e = Expr::Qualified(Name::exact((*name).to_owned()), Name::exact(c.name.clone()));
                        take(of, c, ResultColumn::Expr(Box::new(e), None))?;
                    }
                }
            }
            ResultColumn::Expr(e, _) if scope.column(e).is_some() => {
                let found = scope.column(e)?;
                take(found.table, found.column, column.clone())?;
            }
            kept => other.push(kept.clone()),
        }
    }
    rest.extend(other);
    wide.dedup();
    table.filter(|_| !rest.is_empty()).map(|t| (t, wide, rest))
}

/// By the first thousand rows.
fn is_wide(context: &RuleContext<'_>, table: &Table, column: &Column) -> bool {
    let (from, name) = (quote(&table.name), quote(&column.name));
    let sql = format!(
        "SELECT CAST(coalesce(avg(length(CAST(v AS BLOB))), 0) AS INTEGER) FROM (SELECT {name} AS v FROM {from} LIMIT 1000)"
    );
    context.is_large(table) && context.number(&sql).is_some_and(|mean| mean >= WIDE)
}

/// An index on what is fixed and what is left of one table, if it is narrow.
fn covering(table: &Table, fixed: Vec<String>, rest: &[ResultColumn]) -> Option<Index> {
    let mut key = fixed;
    for column in rest {
        let ResultColumn::Expr(e, _) = column else { return None };
        let name = &table.column(crate::sql::syntax::column_name(e)?)?.name;
        if table.rowid_alias().is_none_or(|c| c.name != *name) && !key.contains(name) {
            key.push(name.clone());
        }
    }
    let index = Index::on(&table.name, key.iter().map(String::as_str));
    (1..=COVERED).contains(&key.len()).then_some(index)
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE post(id INTEGER PRIMARY KEY, forum INT, title TEXT, body TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO post(forum, title, body) SELECT i % 10, 't' || i, hex(zeroblob(900)) FROM n;
        CREATE INDEX post_forum ON post(forum)";

    #[test]
    fn a_list_with_bodies_is_told_what_they_cost() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT * FROM post WHERE forum = 3")?;
        assert_eq!(advice.sql().unwrap(), "SELECT post.id, post.forum, post.title FROM post WHERE forum = 3");
        assert!(!advice.common().verification.as_ref().unwrap().verified);
        Ok(())
    }

    #[test]
    fn one_row_and_narrow_columns_are_left_alone() -> Result<()> {
        let sql = "SELECT * FROM post WHERE id = 3; SELECT title FROM post WHERE forum = 3;
                   SELECT count(body) FROM post WHERE forum = 3";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
