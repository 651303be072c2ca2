//! What a set of indexes costs: bytes by dbstat, and writes of rows like those that are there.

use crate::error::{Context, Error, Result, unless_failed};
use crate::model::counters::Counters;
use crate::model::index::{Index, Term, quote};
use crate::model::report::{Change, WriteCost};
use crate::sqlite::Schema;
use crate::sqlite::rows::value;
use crate::sqlite::schema::{Table, TableKind};
use crate::sqlite::session::{Limit, Session};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Rows that are written in each table to measure, unless they are wide.
const ROWS: u64 = 1_000;

/// The bytes after which no more rows are written: a thousand rows with a photo in each would fill memory and disk.
const BYTES: usize = 4 << 20;

/// Where a write is stopped; a table whose triggers or expressions take longer has no cost of writes.
const LIMIT: Limit = Limit { cost: 2e9, time: Duration::from_secs(30) };

/// Where updates and deletes are stopped, to be tried on a tenth of the rows: without an index a foreign key searches the whole
/// child table for each.
const LIMIT_OF_CHANGES: Limit = Limit { cost: 1e8, ..LIMIT };

/// Writes are timed again until they took so long together.
const TIMED: Duration = Duration::from_millis(300);

/// What inserting rows costs in each table, before and after.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a sample cannot be drawn. A table that refuses the rows is left out.
pub fn inserts(
    schema: &Schema,
    tables: &BTreeSet<&str>,
    before: &Session,
    after: &Session,
) -> Result<Vec<WriteCost>> {
    let mut costs = vec![];
    for table in schema.tables.iter().filter(|t| tables.contains(t.name.as_str())) {
        let (Some((rows, one)), Some((_, two))) = (insert(before, table)?, insert(after, table)?) else {
            continue;
        };
        costs.push(WriteCost {
            table: table.name.clone(),
            rows,
            before: one,
            after: two,
            without_unused: None,
            update: None,
            delete: None,
            break_even: None,
        });
    }
    Ok(costs)
}

/// What all writes cost: inserts as by [`inserts`], and in the tables of the indexes that come or go also updates of all
/// columns in their keys, and deletes.
///
/// # Errors
/// As [`inserts`]. Updates or deletes that a table refuses are left out.
pub fn writes(
    schema: &Schema,
    tables: &BTreeSet<&str>,
    changed: &[&Index],
    before: &Session,
    after: &Session,
) -> Result<Vec<WriteCost>> {
    let mut costs = inserts(schema, tables, before, after)?;
    for cost in &mut costs {
        let of_table = changed.iter().filter(|i| i.table == cost.table);
        let keys: BTreeSet<&str> = of_table.flat_map(|i| i.key.iter().filter_map(Term::as_column)).collect();
        let Some(table) = schema.table(&cost.table).filter(|_| !keys.is_empty()) else { continue };
        let (from, rows) = (quote(&table.name), cost.rows);
        let same: Vec<_> = keys.iter().map(|c| format!("{0} = {0}", quote(c))).collect();
        let both = |sql: &str| -> Result<Option<Change>> {
            for rows in [rows, rows / 10, rows / 100].into_iter().filter(|rows| *rows > 0) {
                let Some((rows, one)) = on_sample(before, table, sql, rows)? else { continue };
                let Some((_, two)) = on_sample(after, table, sql, rows)? else { continue };
                return Ok(Some(Change { rows, before: one, after: two }));
            }
            Ok(None)
        };
        cost.update = both(&format!("UPDATE {from} SET {}", same.join(", ")))?;
        cost.delete = both(&format!("DELETE FROM {from}"))?;
    }
    Ok(costs)
}

/// Inserts rows of the table again under new keys, and rolls back.
fn insert(session: &Session, table: &Table) -> Result<Option<(u64, Counters)>> {
    let columns: Vec<_> =
        table.columns.iter().filter(|c| c.generated.is_none()).map(|c| c.name.as_str()).collect();
    let rows = sample(session, table, &columns).context(|| format!("cannot sample {:?}", table.name))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let conn = session.connection();
    let names: Vec<_> = columns.iter().map(|c| quote(c)).collect();
    let held: Vec<_> = (0..columns.len()).map(|i| format!("c{i}")).collect();
    let fill = || -> rusqlite::Result<()> {
        conn.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.advisor_rows; CREATE TEMP TABLE advisor_rows({})",
            held.join(", ")
        ))?;
        let marks = vec!["?"; columns.len()].join(", ");
        let mut statement = conn.prepare(&format!("INSERT INTO temp.advisor_rows VALUES ({marks})"))?;
        rows.iter().try_for_each(|row| statement.execute(rusqlite::params_from_iter(row)).map(|_| ()))
    };
    fill().context(|| "cannot prepare the inserts".to_owned())?;
    let sql =
        format!("INSERT INTO {}({}) SELECT * FROM temp.advisor_rows", quote(&table.name), names.join(", "));
    Ok(quickest(session, &sql, LIMIT).map(|counters| (rows.len() as u64, counters)))
}

/// Runs a write on `rows` evenly spaced rows of a table, and rolls back; how many rows that were, and what they cost.
fn on_sample(session: &Session, table: &Table, write: &str, rows: u64) -> Result<Option<(u64, Counters)>> {
    let keys: Vec<String> = match table.kind {
        TableKind::Rowid => vec!["rowid".to_owned()],
        _ => table.primary_key().iter().map(|c| quote(&c.name)).collect(),
    };
    let (key, held) =
        (keys.join(", "), (0..keys.len()).map(|i| format!("c{i}")).collect::<Vec<_>>().join(", "));
    let conn = session.connection();
    let fill = || -> rusqlite::Result<usize> {
        conn.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.advisor_keys; CREATE TEMP TABLE advisor_keys({held})"
        ))?;
        let sql = format!("INSERT INTO temp.advisor_keys {}", evenly(conn, table, &key, rows)?);
        conn.execute(&sql, [])
    };
    // What a damaged page keeps from being read has no cost of updates and deletes.
    let Some(rows) = unless_failed(fill().map_err(Error::from))? else { return Ok(None) };
    let sql = format!("{write} WHERE ({key}) IN (SELECT {held} FROM temp.advisor_keys)");
    Ok(quickest(session, &sql, LIMIT_OF_CHANGES).filter(|_| rows > 0).map(|counters| (rows as u64, counters)))
}

/// The quickest of up to three runs; none where a CHECK or a trigger of the application refuses such rows, or takes too long.
fn quickest(session: &Session, sql: &str, limit: Limit) -> Option<Counters> {
    let (mut best, began): (Option<Counters>, _) = (None, Instant::now());
    for _ in 0..3 {
        let run = session.run(sql, &[], limit).ok().filter(|run| !run.counters.timed_out)?;
        best = Some(best.filter(|b| b.time_ns <= run.counters.time_ns).unwrap_or(run.counters));
        if began.elapsed() > TIMED {
            break;
        }
    }
    best
}

/// A SELECT of some columns from at most `rows` rows, evenly spaced where rowids tell where that is.
fn evenly(conn: &Connection, table: &Table, columns: &str, rows: u64) -> rusqlite::Result<String> {
    let from = quote(&table.name);
    let total: u64 = conn.query_row(&format!("SELECT count(*) FROM {from}"), [], |r| r.get(0))?;
    let step = (total / rows.max(1)).max(1);
    let spaced = if table.kind == TableKind::Rowid && step > 1 {
        format!("WHERE rowid % {step} = 0")
    } else {
        String::new()
    };
    Ok(format!("SELECT {columns} FROM {from} {spaced} LIMIT {rows}"))
}

/// Evenly spaced rows of a table, one column of each key made new; no more than [`ROWS`] and, beyond the first, [`BYTES`].
fn sample(session: &Session, table: &Table, columns: &[&str]) -> rusqlite::Result<Vec<Vec<Value>>> {
    let conn = session.connection();
    let names: Vec<_> = columns.iter().map(|c| quote(c)).collect();
    let sql = evenly(conn, table, &names.join(", "), ROWS)?;
    let mut statement = conn.prepare(&sql)?;
    let (mut found, mut bytes) = (vec![], 0);
    let mut cursor = statement.raw_query();
    while bytes < BYTES
        && let Some(row) = cursor.next()?
    {
        let row = (0..columns.len()).map(|i| value(row, i)).collect::<rusqlite::Result<Vec<Value>>>()?;
        bytes += row.iter().map(size).sum::<usize>();
        found.push(row);
    }
    if found.is_empty() {
        return Ok(found);
    }
    let fresh = columns_of_keys(session, table, columns)?;
    let (mut rows, mut bytes) = (vec![], 0);
    for i in 0..ROWS {
        let Some(mut row) = found.get(i as usize % found.len()).filter(|_| bytes < BYTES).cloned() else {
            break;
        };
        for (at, highest) in &fresh {
            if let Some(value) = row.get_mut(*at) {
                *value = renewed(value, highest, i);
            }
        }
        bytes += row.iter().map(size).sum::<usize>();
        rows.push(row);
    }
    Ok(rows)
}

/// About what a value takes in memory.
fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => size_of::<Value>(),
    }
}

/// The last column of each unique key, with the highest value it holds.
fn columns_of_keys(
    session: &Session,
    table: &Table,
    columns: &[&str],
) -> rusqlite::Result<Vec<(usize, Value)>> {
    let conn = session.connection();
    let mut last: BTreeSet<String> = table.primary_key().last().map(|c| c.name.clone()).into_iter().collect();
    let mut keys = conn.prepare(
        "SELECT (SELECT name FROM pragma_index_info(l.name) WHERE name IS NOT NULL ORDER BY seqno DESC LIMIT 1)
         FROM pragma_index_list(?) l WHERE l.\"unique\"",
    )?;
    let names = keys.query_map([&table.name], |r| r.get::<_, Option<String>>(0))?;
    for name in names {
        last.extend(name?);
    }
    let mut found = vec![];
    for (at, column) in columns.iter().enumerate().filter(|(_, c)| last.contains(**c)) {
        let sql = format!("SELECT max({}) FROM {}", quote(column), quote(&table.name));
        found.push((at, conn.query_row(&sql, [], |r| value(r, 0))?));
    }
    Ok(found)
}

fn renewed(value: &Value, highest: &Value, i: u64) -> Value {
    let i = i64::try_from(i).unwrap_or(0) + 1;
    match (value, highest) {
        (_, Value::Integer(n)) => Value::Integer(n.saturating_add(i)),
        (_, Value::Real(n)) => Value::Real(n + i as f64),
        (Value::Text(text), _) => Value::Text(format!("{text}~{i}")),
        (Value::Blob(bytes), _) => Value::Blob(bytes.iter().copied().chain(i.to_le_bytes()).collect()),
        (other, _) => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_wide_rows_a_few_are_written_and_of_narrow_ones_a_thousand() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE narrow(a, b); INSERT INTO narrow VALUES (1, 'x');
             CREATE TABLE wide(a, b AS (a || a) STORED); INSERT INTO wide(a) VALUES (zeroblob(1000000));",
        )?;
        let schema = Schema::read(session.connection())?;
        let tables = BTreeSet::from(["narrow", "wide"]);
        let costs = writes(&schema, &tables, &[], &session, &session)?;
        let rows: Vec<_> = costs.iter().map(|c| (c.table.as_str(), c.rows)).collect();
        assert_eq!(rows, [("narrow", 1_000), ("wide", 5)]);
        Ok(())
    }

    #[test]
    fn writes_that_take_too_long_have_no_cost() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(a);
             CREATE TRIGGER g AFTER INSERT ON t BEGIN
               SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n);
             END",
        )?;
        let limit = Limit { cost: 1e7, ..LIMIT };
        assert!(quickest(&session, "INSERT INTO t VALUES (1)", limit).is_none());
        Ok(())
    }

    #[test]
    fn deletes_that_search_whole_child_tables_are_measured_with_fewer_rows() -> Result<()> {
        let filled = |extra: &str| -> Result<Session> {
            let session = Session::in_memory()?;
            session.enforce_foreign_keys(true)?;
            let n =
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO";
            let schema = format!(
                "CREATE TABLE p(id INTEGER PRIMARY KEY, a); {n} p SELECT i, i FROM n;
                 CREATE TABLE c(p REFERENCES p); {n} c SELECT NULL FROM n; {extra}"
            );
            session.connection().execute_batch(&schema)?;
            Ok(session)
        };
        let (before, after) = (filled("")?, filled("CREATE INDEX i ON c(p)")?);
        let schema = Schema::read(before.connection())?;
        let changed = Index::on("p", ["a"]);
        let costs = writes(&schema, &BTreeSet::from(["p"]), &[&changed], &before, &after)?;
        let rows: Vec<_> =
            costs.iter().map(|c| (c.rows, c.update.map(|u| u.rows), c.delete.map(|d| d.rows))).collect();
        assert_eq!(rows, [(1_000, Some(1_000), Some(100))]);
        Ok(())
    }
}
