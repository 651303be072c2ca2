//! Statistics that are missing or out of date.
//!
//! **Finds** tables whose rows in sqlite_stat1 (<https://www.sqlite.org/fileformat2.html#stat1tab>) are over twice, or under
//! half, of those counted, and databases without statistics where ANALYZE alone brings most of the gain. **Why:** the planner
//! believes them. **Verified** by the workload's cost after ANALYZE alone, beside that with all advice followed.

use crate::advise::rules::context::FEW_ROWS;
use crate::advise::rules::finding::Kind;
use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::configuration::StatisticsAction;
use crate::model::counters::Counters;
use crate::model::statistics::numbers;
use crate::model::units::{count, ratio};
use crate::sqlite::statistics;
use std::collections::BTreeMap;

/// The rule's name.
pub const NAME: &str = "stale_statistics";

/// How many times too many or too few rows are out of date.
const STALE: u64 = 2;
/// The share of the whole gain that is most of it.
const MOST: f64 = 0.5;
/// How many times less costly the workload gets before ANALYZE alone is worth a word.
const WORTH: f64 = 1.1;

/// Compares the counts, and the three costs of the workload.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the statistics cannot be read.
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let told = told(context)?;
    let stale: Vec<_> = told.iter().filter(|(table, said)| is_stale(**said, context.rows(table))).collect();
    let [found, analyzed, after] = costs(context);
    let (alone, whole) = (found - analyzed, found - after);
    let mostly = found > analyzed * WORTH && alone >= whole * MOST;
    let is_advised = context.statistics == StatisticsAction::Analyze;
    if !is_advised && stale.is_empty() {
        return Ok(vec![]);
    }
    let what = match (stale.as_slice(), mostly) {
        ([], false) => return Ok(vec![]),
        ([], true) if told.is_empty() => "the database has no statistics".to_owned(),
        ([], true) => "the statistics do not know every table".to_owned(),
        (stale, _) => {
            let say = |(table, said): &(&String, &u64)| {
                format!("{} rows of {table}, where there are {}", count(**said), count(context.rows(table)))
            };
            format!(
                "sqlite_stat1 is out of date: it tells of {}",
                stale.iter().map(say).collect::<Vec<_>>().join(", ")
            )
        }
    };
    let alone = if mostly {
        format!(
            "; ANALYZE alone makes the workload cost {} less, which is most of what all advice does",
            ratio(found / analyzed)
        )
    } else {
        String::new()
    };
    let steps = |of: &dyn Fn(usize) -> u64| -> u64 { (0..context.comparisons.len()).map(of).sum() };
    let before = steps(&|i| context.comparison(i).map_or(0, |p| p.before.vm_steps));
    let with = steps(&|i| context.analyzed.get(i).map_or(0, |c| c.vm_steps));
    let note = format!(
        "each statement run once: {} VM steps as found, {} after ANALYZE alone",
        count(before),
        count(with)
    );
    if !is_advised {
        let what = what
            + "; but ANALYZE was tried, and brings nothing or makes a statement slower, so it is rejected";
        return Ok(vec![Finding::of_schema("", vec![], what, Verification::Counted(note))]);
    }
    let mut finding = Finding::of_schema("", vec![], what + &alone, Verification::Counted(note));
    finding.kind = Kind::Analyze;
    let remedy = "run ANALYZE again when the data have changed much; PRAGMA optimize reads only a part of each index, and \
                  what it then writes can be far from the truth";
    Ok(vec![finding.with_sql("ANALYZE".to_owned(), vec![]).with_remedy(remedy)])
}

/// The rows of each table that sqlite_stat1 tells of.
fn told(context: &RuleContext<'_>) -> Result<BTreeMap<String, u64>> {
    let read = statistics::read(context.before.session().connection())?;
    let mut told = BTreeMap::new();
    for row in &read.stat1 {
        let index =
            row.index.as_deref().and_then(|name| context.schema().indexes.iter().find(|i| i.name == name));
        let partial = index.is_some_and(|i| i.index.filter.is_some());
        if let (false, Some(rows), Some(table)) =
            (partial, numbers(&row.stat).first(), context.schema().table(&row.table))
        {
            told.entry(table.name.clone()).or_insert(*rows);
        }
    }
    Ok(told)
}

fn is_stale(said: u64, counted: u64) -> bool {
    said.max(counted) >= FEW_ROWS
        && (said > counted.saturating_mul(STALE) || counted > said.saturating_mul(STALE))
}

/// The weighted cost of the workload as found, after ANALYZE alone, and with all advice followed.
fn costs(context: &RuleContext<'_>) -> [f64; 3] {
    let sum = |of: &dyn Fn(usize) -> Option<Counters>| -> f64 {
        let weighed = |i: usize| Some(of(i)?.cost() * context.statement(i)?.weight);
        (0..context.comparisons.len()).filter_map(weighed).sum()
    };
    [
        sum(&|i| context.comparison(i).map(|p| p.before)),
        sum(&|i| context.analyzed.get(i).copied()),
        sum(&|i| context.comparison(i).map(|p| p.after)),
    ]
}

#[cfg(test)]
mod tests {
    use crate::advise::rules::testing::{found, one};
    use crate::error::Result;
    use crate::model::report::Recommendation;

    fn schema(end: &str) -> String {
        format!(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, kind INT, num INT, note TEXT);
             INSERT INTO t(kind, num) VALUES (1, 1); {end}"
        )
    }
    const GROW: &str = "{N} INSERT INTO t(kind, num, note) SELECT i % 2, i, hex(randomblob(9)) FROM n;
        CREATE INDEX t_kind ON t(kind); CREATE INDEX t_num ON t(num);";
    const SQL: &str = "SELECT note FROM t WHERE kind = 1 AND num BETWEEN 70 AND 79";

    #[test]
    fn a_table_that_grew_since_analyze_is_named_with_both_counts() -> Result<()> {
        let advice = one(super::NAME, &schema(&format!("CREATE INDEX t_id ON t(id); ANALYZE; {GROW}")), SQL)?;
        assert!(
            advice.common().reason.contains("it tells of 1 rows of t, where there are 20,001"),
            "{}",
            advice.common().reason
        );
        assert!(matches!(&advice, Recommendation::Analyze(a) if a.sql == "ANALYZE"), "{advice:?}");
        Ok(())
    }

    #[test]
    fn statistics_alone_may_be_what_is_missing() -> Result<()> {
        let advice = one(super::NAME, &schema(GROW), SQL)?;
        assert!(
            advice.common().reason.starts_with("the database has no statistics; ANALYZE alone"),
            "{}",
            advice.common().reason
        );
        Ok(())
    }

    #[test]
    fn fresh_statistics_and_statistics_that_change_nothing_are_left_alone() -> Result<()> {
        assert!(found(super::NAME, &schema(&format!("{GROW} ANALYZE")), SQL)?.is_empty());
        assert!(found(super::NAME, &schema(GROW), "SELECT note FROM t WHERE id = 7")?.is_empty());
        Ok(())
    }
}
