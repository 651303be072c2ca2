//! Statistics that are missing or out of date.
//!
//! **Finds** tables whose rows in sqlite_stat1 (<https://www.sqlite.org/fileformat2.html#stat1tab>) are over twice, or under
//! half, of those counted, indexes of which sqlite_stat1 tells a quarter of the rows for each value, or four times as many, and
//! databases without statistics where ANALYZE alone brings most of the gain. PRAGMA optimize and an analysis_limit leave such
//! averages (<https://www.sqlite.org/lang_analyze.html#approx>). **Why:** the planner believes them. **Verified** by the workload's cost after ANALYZE alone, beside that with all advice followed.

use crate::advise::rules::finding::Kind;
use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::configuration::StatisticsAction;
use crate::model::counters::Counters;
use crate::model::statistics::{Stat1, is_stale, is_wrong_average, numbers};
use crate::model::units::{count, ratio};
use crate::sqlite::statistics;
use std::collections::BTreeMap;

/// The rule's name.
pub const NAME: &str = "stale_statistics";

/// The most indexes that are named.
const NAMED: usize = 3;
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
    let wrong = if is_advised && stale.is_empty() { wrong_averages(context)? } else { vec![] };
    let what = match (stale.as_slice(), mostly) {
        ([], _) if !wrong.is_empty() => format!(
            "sqlite_stat1 is wrong, as PRAGMA optimize and an analysis_limit leave it: it tells of {}",
            wrong.join(", ")
        ),
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
    let remedy = "run ANALYZE again when the data have changed much, over a connection whose PRAGMA analysis_limit is 0: with a \
                  limit, as in PRAGMA optimize, it reads only a part of each index, and what it then writes can be far from \
                  the truth";
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

/// The indexes of which sqlite_stat1 told something else than what ANALYZE found, in words.
fn wrong_averages(context: &RuleContext<'_>) -> Result<Vec<String>> {
    let found = statistics::read(context.before.session().connection())?;
    let right = statistics::read(context.after.session().connection())?;
    let average = |row: &Stat1| numbers(&row.stat).get(1).copied();
    let mut wrong = vec![];
    for row in found.stat1.iter().filter(|row| context.is_large_name(&row.table)) {
        let same = right.stat1.iter().find(|other| other.index.is_some() && other.index == row.index);
        let (Some(name), Some(said), Some(is)) = (&row.index, average(row), same.and_then(average)) else {
            continue;
        };
        if is_wrong_average(said, is) {
            wrong.push((said.max(is) / said.min(is).max(1), name, said, is));
        }
    }
    wrong.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let say = |(_, name, said, is): &(u64, &String, u64, u64)| {
        format!("{} rows for each value of {name}, where there are {}", count(*said), count(*is))
    };
    let more = wrong.len().saturating_sub(NAMED);
    let mut told: Vec<String> = wrong.iter().take(NAMED).map(say).collect();
    told.extend((more > 0).then(|| format!("and of {more} more")));
    Ok(told)
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
    fn averages_that_a_limited_analyze_left_are_named_with_the_right_ones() -> Result<()> {
        let limited = format!("{GROW} PRAGMA analysis_limit = 100; ANALYZE; PRAGMA analysis_limit = 0");
        let advice = one(super::NAME, &schema(&limited), SQL)?;
        let reason = &advice.common().reason;
        assert!(
            reason.starts_with("sqlite_stat1 is wrong, as PRAGMA optimize and an analysis_limit"),
            "{reason}"
        );
        assert!(reason.contains("rows for each value of t_kind, where there are 10,001"), "{reason}");
        let remedy = advice.common().remedy.clone().unwrap_or_default();
        assert!(remedy.contains("PRAGMA analysis_limit is 0"), "{remedy}");
        Ok(())
    }

    #[test]
    fn fresh_statistics_and_statistics_that_change_nothing_are_left_alone() -> Result<()> {
        assert!(found(super::NAME, &schema(&format!("{GROW} ANALYZE")), SQL)?.is_empty());
        assert!(found(super::NAME, &schema(GROW), "SELECT note FROM t WHERE id = 7")?.is_empty());
        Ok(())
    }
}
