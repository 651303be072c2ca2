//! Sums and counts of a whole table, made anew at each call.
//!
//! **Finds** `SELECT count(*), sum(x) FROM t`, also with GROUP BY, of a large table. **Why:** SQLite stores no counts and no
//! sums, so all rows, or all entries of an index, are read each time
//! (<https://www.sqlite.org/lang_aggfunc.html#count>). **Cure:** a small table that holds them, and triggers on the large one
//! that keep it (<https://www.sqlite.org/lang_createtrigger.html>). **Verified** on the copy: after rows were inserted, changed,
//! set to NULL, moved to other groups and deleted, down to the empty table, both forms gave the same rows each time; what the
//! triggers add to an insert is told, and charged against what the reads of the workload gain. **Silent** where a condition, a
//! minimum or a fraction is asked for, where the workload replaces rows (REPLACE takes rows away without a trigger), and where
//! its writes would lose more than its reads gain.

mod parts;

use self::parts::Totals;
use crate::advise::rules::finding::{Experiment, Kind, Verification};
use crate::advise::rules::kept::hold;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::units::count;
use crate::sql::scope::each_select;

/// The rule's name.
pub const NAME: &str = "kept_totals";

/// Virtual-machine steps from which on a total is worth a table of its own.
const COSTLY: u64 = 20_000;
/// How many times less the read must cost.
const WORTH: f64 = 10.0;

/// Looks at the aggregates of whole tables.
///
/// # Errors
/// [`crate::Error::Interrupted`]
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all = vec![];
    for (i, statement, stmt) in context.reads() {
        let costly = context.comparison(i).is_some_and(|c| c.after.vm_steps >= COSTLY && !c.after.timed_out);
        if !costly || context.is_rewritten(i) {
            continue;
        }
        let mut asked = None;
        each_select(&mut stmt.clone(), context.schema(), |select, scope| {
            if scope.depth() == 1 && asked.is_none() {
                asked = Some(Totals::of(context, select, scope));
            }
        });
        let Some(totals) = asked.flatten() else { continue };
        let (sql, needs) = (totals.read(), totals.needs());
        let experiment = context.experiment(i, &sql, &needs)?;
        let pays = |t: &Experiment| t.same_rows == Some(true) && t.before.cost() > t.after.cost() * WORTH;
        let Some(experiment) = experiment.filter(pays) else { continue };
        let Some(kept) = hold(context, statement, &sql, &totals.keeping(context))? else { continue };
        let gain = (experiment.before.cost() - experiment.after.cost()) * statement.weight;
        if kept.charge >= gain {
            continue;
        }
        let table = totals.table_name().to_owned();
        let what =
            format!("reads all {} rows of {table} for its totals, at each call", count(context.rows(&table)));
        let mut remedy = format!(
            "the triggers keep the totals at each write: an insert into {table} takes {} VM steps instead of {}; INSERT OR \
             REPLACE takes rows away without them unless PRAGMA recursive_triggers is on",
            count(kept.insert.1),
            count(kept.insert.0)
        );
        remedy.push_str(&totals.condition());
        let finding = Finding::of_statement(Kind::Rewrite, i, what, Verification::Ran(experiment));
        all.push(finding.on(&table, totals.columns()).with_remedy(remedy).with_sql(sql, needs));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;

    const SCHEMA: &str = "CREATE TABLE item(id INTEGER PRIMARY KEY, owner TEXT, size INT, score REAL, code TEXT UNIQUE);
        {N} INSERT INTO item(owner, size, score, code) SELECT nullif('o' || (i % 7), 'o3'), nullif(i % 90, 5), i / 3.0, 'c' || i FROM n";

    #[test]
    fn totals_are_kept_in_a_table_of_one_row() -> Result<()> {
        let advice = one(super::NAME, SCHEMA, "SELECT count(*), total(size), avg(size) AS mean FROM item")?;
        let help = &advice.common().helps[0];
        assert!(
            help.after.vm_steps < 30 && advice.common().verification.as_ref().unwrap().verified,
            "{help:?}"
        );
        let needs = &advice.proposal().unwrap().needs;
        assert!(needs[0].starts_with("CREATE TABLE item_totals(") && needs.len() == 5, "{needs:#?}");
        Ok(())
    }

    #[test]
    fn groups_have_a_row_each_and_null_is_one_of_them() -> Result<()> {
        let sql = "SELECT owner, count(*) AS n, sum(size) FROM item GROUP BY owner ORDER BY n DESC LIMIT 3";
        let advice = one(super::NAME, SCHEMA, sql)?;
        assert!(advice.sql().unwrap().ends_with("ORDER BY n DESC LIMIT 3"), "{:?}", advice.sql());
        Ok(())
    }

    #[test]
    fn conditions_fractions_minima_and_rows_that_are_replaced_are_left_alone() -> Result<()> {
        let sql = "SELECT count(*) FROM item WHERE size > 3; SELECT sum(score) FROM item; SELECT min(size), count(*) FROM item;
                   SELECT owner FROM item GROUP BY owner; SELECT count(DISTINCT owner) FROM item;
                   SELECT owner, count(*) FROM item GROUP BY owner HAVING count(*) > 3";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        let sql = "SELECT count(*), sum(size) FROM item; INSERT OR REPLACE INTO item(code) VALUES ('c7')";
        assert!(found(super::NAME, SCHEMA, sql)?.is_empty());
        Ok(())
    }
}
