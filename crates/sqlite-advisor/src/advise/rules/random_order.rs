//! Some rows at random by ORDER BY random().
//!
//! **Finds** `SELECT ... FROM t WHERE ... ORDER BY random() LIMIT n` on a large table. **Why:** every row that passes is read
//! and sorted by a number that is drawn for it (<https://www.sqlite.org/lang_corefunc.html#random>), whatever few are wanted.
//! **Cure:** draw one rowid and take the rows that pass from there on. **Verified** as far as it can be: as many rows come, for
//! less; which rows come differs from run to run in either form, so they are not compared. **Silent** for a join, and where
//! the rows of one reading have to be drawn independently nobody but the reader can tell: the remedy says so.

use crate::advise::rules::finding::{Experiment, Kind, Verification};
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::index::quote;
use crate::sql::syntax::ast::{Expr, OneSelect, Operator, Select, SelectTable, SortedColumn, Stmt};
use crate::sql::syntax::{condition, enclosed, source_name};
use crate::sqlite::schema::{Table, TableKind};

/// The rule's name.
pub const NAME: &str = "random_order";

const DRAWN: &str =
    "which rows come differs from run to run in either form, so they were not compared; as many came";

/// Looks at the statements that sort one table at random.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, _, stmt) in context.reads() {
        let Stmt::Select(select) = &stmt else { continue };
        let Some((rewritten, table)) = drawn(context, select) else { continue };
        let sql = Stmt::Select(rewritten).to_string();
        let experiment = context.experiment(i, &sql, &[])?;
        let Some(experiment) = experiment.filter(|t| t.before.rows == t.after.rows) else { continue };
        let what = format!("sorts every row of {} that passes by a number drawn for it", table.name);
        let open = Verification::Open(DRAWN.to_owned(), Some(Experiment { same_rows: None, ..experiment }));
        let remedy = "the rows that come are neighbours, and one behind a gap of deleted rows comes more often; where each \
             row has to be drawn by itself, ask with LIMIT 1 as often as needed";
        let finding = Finding::of_statement(Kind::Rewrite, i, what, open);
        all.push(finding.on(&table.name, vec![]).with_remedy(remedy).with_sql(sql, vec![]));
    }
    Ok(all)
}

/// The statement that draws one rowid and reads on from it.
fn drawn<'a>(context: &RuleContext<'a>, select: &Select) -> Option<(Select, &'a Table)> {
    let [SortedColumn { expr, .. }] = select.order_by.as_slice() else { return None };
    let limit = select.limit.as_ref().filter(|limit| limit.offset.is_none())?;
    let OneSelect::Select { distinctness: None, from: Some(from), group_by: None, where_clause, .. } =
        &select.body.select
    else {
        return None;
    };
    let alone = from.joins.is_empty() && select.body.compounds.is_empty() && select.with.is_none();
    let SelectTable::Table(name, ..) = from.select.as_ref() else { return None };
    if !alone || !is_random(expr) {
        return None;
    }
    let table = context.schema().table(name.name.as_str());
    let table = table.filter(|t| t.kind == TableKind::Rowid && context.is_large(t))?;
    let source = source_name(&from.select)?;
    let key = quote(table.rowid_alias().map_or("rowid", |c| c.name.as_str()));
    let (own, key_of) = (quote(&table.name), format!("{}.{key}", quote(source)));
    let passes = where_clause.as_ref().map_or(String::new(), |e| format!(" WHERE {e}"));
    // So many rows pass from the last start on, so no start leaves too few.
    let last = format!(
        "(SELECT {key_of} FROM {}{passes} ORDER BY {key_of} DESC LIMIT 1 OFFSET {} - 1)",
        from.select, limit.expr
    );
    let first = format!("(SELECT min({key}) FROM {own})");
    let start = format!(
        "{key_of} >= (SELECT a + abs(random() % (coalesce(b, a) - a + 1)) FROM (SELECT {first} AS a, {last} AS b))"
    );
    let start = condition(&start)?;
    let mut rewritten = select.clone();
    if let OneSelect::Select { where_clause, .. } = &mut rewritten.body.select {
        let whole = match where_clause.take() {
            Some(old) => Expr::Binary(Box::new(enclosed(*old)), Operator::And, Box::new(start)),
            None => start,
        };
        *where_clause = Some(Box::new(whole));
    }
    let by_key = condition(&key_of)?;
    rewritten.order_by = vec![SortedColumn { expr: Box::new(by_key), order: None, nulls: None }];
    Some((rewritten, table))
}

fn is_random(e: &Expr) -> bool {
    match e {
        Expr::FunctionCall { name, args, .. } => {
            name.as_str().eq_ignore_ascii_case("random") && args.is_empty()
        }
        Expr::Parenthesized(list) if list.len() == 1 => list.iter().all(|e| is_random(e)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE item(id INTEGER PRIMARY KEY, state TEXT, body TEXT);
        {N} INSERT INTO item(id, state, body) SELECT i * 3, iif(i % 9, 'live', 'old'), hex(randomblob(20)) FROM n";

    #[test]
    fn a_rowid_is_drawn_and_the_rows_from_there_on_are_read() -> Result<()> {
        let sql = "SELECT * FROM item AS i WHERE state = 'live' OR id < 5 ORDER BY RANDOM() LIMIT 3";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(
            advice.sql().unwrap().contains("WHERE (state = 'live' OR id < 5) AND i.id >= (SELECT"),
            "{}",
            advice.sql().unwrap()
        );
        let help = &advice.common().helps[0];
        assert_eq!((help.before.rows, help.after.rows), (3, 3));
        assert!(help.after.vm_steps * 100 < help.before.vm_steps, "{help:?}");
        assert!(!advice.common().verification.as_ref().unwrap().verified);
        Ok(())
    }

    #[test]
    fn fewer_rows_than_wanted_all_come() -> Result<()> {
        let rare = SCHEMA.replace("i % 9", "i > 2");
        let sql = "SELECT id FROM item WHERE state = 'old' ORDER BY random() LIMIT 5";
        assert!(found(super::NAME, &rare, sql)?.is_empty(), "it reads the whole table either way");
        Ok(())
    }

    #[test]
    fn a_join_and_an_order_by_columns_are_left_alone() -> Result<()> {
        let sql = "SELECT a.id FROM item a JOIN item b ON b.id = a.id + 3 ORDER BY random() LIMIT 2;
                   SELECT id FROM item ORDER BY state, random() LIMIT 2; SELECT id FROM item ORDER BY abs(id) LIMIT 2";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
