//! What statistics are worth: those found beside those that ANALYZE writes on a copy, and the plans that come of both.

use crate::advise::Request;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::measure;
use crate::error::{Context, Result};
use crate::model::assessment::{AssessedTable, Assessment, PlanChange, VERSION, Worth};
use crate::model::report::Tool;
use crate::model::statistics::{Stat1, Statistics, is_stale, is_wrong_average, numbers};
use crate::progress::Progress;
use crate::sqlite::schema::{Table, count_rows};
use crate::sqlite::{Schema, Session, library, statistics};

/// Copies the database, runs ANALYZE on the copy, and plans the workload on both; what gets another plan is run.
///
/// # Errors
/// Those of [`crate::advise()`].
pub fn assess(request: &Request, progress: &dyn Progress) -> Result<Assessment> {
    let prepared = Prepared::read(request, progress)?;
    let analyzed = prepared.analyzed(progress)?;
    let session = analyzed.session();
    let right = statistics::read(session.connection())?;
    let mut tables = vec![];
    for table in prepared.schema.tables.iter().filter(|table| table.is_indexable()) {
        let rows = count_rows(session.connection(), &table.name)?;
        tables.push(assessed(table, rows, &prepared.schema, &prepared.statistics, &right));
    }
    Ok(Assessment {
        version: VERSION,
        tool: Tool::this(),
        sqlite: library(),
        tables,
        statements: prepared.workload.statements.len(),
        changes: changes(&prepared, session, progress)?,
        notes: prepared.workload.notes.clone(),
        database: prepared.database,
    })
}

fn assessed(
    table: &Table,
    rows: u64,
    schema: &Schema,
    found: &Statistics,
    right: &Statistics,
) -> AssessedTable {
    let told = told(table, schema, found);
    let (worth, why) = match told {
        // ANALYZE writes nothing of an empty table.
        None if of_table(table, right).next().is_none() => (Worth::Full, String::new()),
        None => (Worth::None, "ANALYZE never saw it".to_owned()),
        Some(told) if is_stale(told, rows) => (Worth::Stale, "the rows have changed since".to_owned()),
        Some(_) => match difference(table, found, right) {
            Some(why) => (Worth::Limited, why),
            None => (Worth::Full, String::new()),
        },
    };
    AssessedTable { name: table.name.clone(), rows, told, worth, why }
}

fn of_table<'s>(table: &Table, statistics: &'s Statistics) -> impl Iterator<Item = &'s Stat1> {
    let name = table.name.to_lowercase();
    statistics.stat1.iter().filter(move |row| row.table.to_lowercase() == name)
}

/// The rows that sqlite_stat1 tells of a table; a partial index holds some of them alone.
fn told(table: &Table, schema: &Schema, found: &Statistics) -> Option<u64> {
    let is_partial = |row: &&Stat1| {
        let index = row.index.as_deref().and_then(|name| schema.index(name));
        index.is_some_and(|index| index.index.filter.is_some())
    };
    of_table(table, found).filter(|row| !is_partial(row)).find_map(|row| numbers(&row.stat).first().copied())
}

/// In what the statistics of a table differ from those that ANALYZE writes: the first thing that counts.
fn difference(table: &Table, found: &Statistics, right: &Statistics) -> Option<String> {
    for row in of_table(table, right) {
        let Some(index) = &row.index else { continue };
        let Some(known) = of_table(table, found).find(|known| known.index.as_ref() == Some(index)) else {
            return Some(format!("ANALYZE never saw the index {index}"));
        };
        let (told, counted) = (numbers(&known.stat), numbers(&row.stat));
        let mut averages = told.iter().zip(&counted).skip(1);
        if let Some((told, counted)) = averages.find(|(told, counted)| is_wrong_average(**told, **counted)) {
            return Some(format!("{told} rows for each value of {index}, where there are {counted}"));
        }
        let has_samples = |statistics: &Statistics| statistics.stat4.iter().any(|s| s.index == *index);
        if has_samples(right) && !has_samples(found) {
            return Some(
                "no samples: written by an SQLite without STAT4, or with an analysis_limit".to_owned(),
            );
        }
    }
    None
}

/// The statements that get another plan on the copy that was analyzed, with what they cost on both.
fn changes(prepared: &Prepared, session: &Session, progress: &dyn Progress) -> Result<Vec<PlanChange>> {
    let mut changes = vec![];
    let baseline = prepared.baseline.plans.iter().zip(&prepared.baseline.measured);
    progress.start("Planning after ANALYZE", Some(prepared.workload.statements.len() as u64));
    for (done, (statement, (found, before))) in
        (1u64..).zip(prepared.workload.statements.iter().zip(baseline))
    {
        progress.check()?;
        let analyzed = session.plans(&statement.sql, &statement.bindings);
        let analyzed = analyzed.context(|| format!("cannot plan {} after ANALYZE", statement.id))?;
        if analyzed != *found {
            let after = measure(session, statement, prepared.request.limit(), progress)?.counters;
            changes.push(PlanChange {
                statement: statement.id.clone(),
                sql: statement.sql.clone(),
                found: found.clone(),
                analyzed,
                before: before.counters,
                after,
            });
        }
        progress.advance(done);
    }
    progress.finish();
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    const N: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)";

    #[test]
    fn each_table_is_told_by_its_statistics_and_each_plan_that_analyze_changes() -> Result<()> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("cannot make", "a folder".as_ref()))?;
        let path = folder.path().join("app.db");
        let fill = |table: &str| format!("{N} INSERT INTO {table} SELECT i, i % 2, i FROM n;");
        let make = |table: &str| {
            format!(
                "CREATE TABLE {table}(id INTEGER PRIMARY KEY, few, many); CREATE INDEX {table}_many ON {table}(many);
                 CREATE INDEX {table}_few ON {table}(few);"
            )
        };
        let tables = ["whole", "grown", "sampled", "new", "empty"].map(make).concat();
        let sql = format!(
            "{tables} {} INSERT INTO grown VALUES (1, 1, 1); ANALYZE; DELETE FROM grown; {} {} {}
             PRAGMA analysis_limit = 100; ANALYZE sampled;",
            fill("whole"),
            fill("grown"),
            fill("sampled"),
            fill("new"),
        );
        let conn = rusqlite::Connection::open(&path).and_then(|conn| conn.execute_batch(&sql));
        conn.context(|| "cannot make the database".to_owned())?;
        let queries = [
            "SELECT id FROM new WHERE few = 1 AND many = 7",
            "SELECT id FROM whole WHERE few = 1 AND many = 7",
        ];
        let found = assess(&Request::new(&path).queries(queries), &Silent)?;
        let worth: Vec<_> = found.tables.iter().map(|t| (t.name.as_str(), t.told, t.worth)).collect();
        assert_eq!(
            worth,
            [
                ("whole", Some(3_000), Worth::Full),
                ("grown", Some(1), Worth::Stale),
                ("sampled", Some(3_000), Worth::Limited),
                ("new", None, Worth::None),
                ("empty", None, Worth::Full)
            ]
        );
        let changed: Vec<_> = found.changes.iter().map(|change| change.sql.as_str()).collect();
        assert_eq!(changed, [queries[0]]);
        let change = found.changes.first().map(|c| (c.before.vm_steps, c.after.vm_steps));
        assert!(change.is_some_and(|(before, after)| after < before), "{change:?}");
        Ok(())
    }
}
