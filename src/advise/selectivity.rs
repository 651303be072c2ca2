//! How many different values a column holds, from a sample: enough to put the columns of a key in order.

use crate::database::{Schema, Session};
use crate::error::{Context, Result};
use crate::index::quote;
use std::collections::{BTreeMap, BTreeSet};

/// Distinct values by column and rows by table, estimated.
#[derive(Debug, Default)]
pub struct Selectivity {
    rows: BTreeMap<String, f64>,
    distinct: BTreeMap<(String, String), f64>,
}

/// Rows that are looked at in each table.
const SAMPLE: f64 = 5_000.0;

impl Selectivity {
    /// Samples the columns given as (table, column).
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a table cannot be read.
    pub fn sample(session: &Session, schema: &Schema, columns: &BTreeSet<(String, String)>) -> Result<Self> {
        let mut found = Self::default();
        let mut by_table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (table, column) in columns {
            by_table.entry(table).or_default().push(column);
        }
        for (table, columns) in by_table {
            let (rows, counts) =
                counts(session, schema, table, &columns).context(|| format!("cannot sample {table:?}"))?;
            found.rows.insert(table.to_owned(), rows);
            for (column, distinct) in columns.iter().zip(counts) {
                found.distinct.insert((table.to_owned(), (*column).to_owned()), distinct);
            }
        }
        Ok(found)
    }

    /// The rows of a table; 1 if it was not sampled.
    pub fn rows(&self, table: &str) -> f64 {
        self.rows.get(table).copied().unwrap_or(1.0)
    }

    /// The distinct values of a column; 1 if it was not sampled.
    pub fn distinct(&self, table: &str, column: &str) -> f64 {
        self.distinct.get(&(table.to_owned(), column.to_owned())).copied().unwrap_or(1.0)
    }
}

fn counts(
    session: &Session,
    schema: &Schema,
    table: &str,
    columns: &[&str],
) -> rusqlite::Result<(f64, Vec<f64>)> {
    let from = quote(table);
    let rows: f64 =
        session.connection().query_row(&format!("SELECT count(*) FROM {from}"), [], |r| r.get(0))?;
    let list: Vec<_> = columns.iter().map(|c| quote(c)).collect();
    let has_rowid = schema.table(table).is_some_and(|t| t.kind == crate::database::schema::TableKind::Rowid);
    // Every k-th row, so that a table that grew in some order is seen from end to end.
    let step = (rows / SAMPLE).ceil().max(1.0);
    let sampled = if has_rowid && step > 1.0 {
        format!("SELECT {} FROM {from} WHERE rowid % {step} = 0", list.join(", "))
    } else {
        format!("SELECT {} FROM {from} LIMIT {SAMPLE}", list.join(", "))
    };
    let distinct: Vec<_> = list.iter().map(|c| format!("count(DISTINCT {c})")).collect();
    let sql = format!("SELECT count(*), {} FROM ({sampled})", distinct.join(", "));
    session.connection().query_row(&sql, [], |r| {
        let seen: f64 = r.get(0)?;
        let estimates = (1..=columns.len()).map(|i| Ok(scaled(r.get(i)?, seen, rows)));
        Ok((rows, estimates.collect::<rusqlite::Result<_>>()?))
    })
}

/// A column whose sampled values nearly all differ is taken to grow with the table, another to be known already.
fn scaled(distinct: f64, seen: f64, rows: f64) -> f64 {
    if distinct > seen * 0.9 { distinct * (rows / seen.max(1.0)) } else { distinct }
}
