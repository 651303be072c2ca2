//! How many different values a column holds, from a sample: enough to put the columns of a key in order.

use crate::advise::prepare::filters::Filter;
use crate::error::{Context, Result};
use crate::model::index::quote;
use crate::sqlite::schema::{Table, TableKind};
use crate::sqlite::{Schema, Session};
use std::collections::{BTreeMap, BTreeSet};

/// Distinct values by column, rows by table, and the share of rows that pass a condition; all estimated.
#[derive(Debug, Default)]
pub struct Selectivity {
    rows: BTreeMap<String, f64>,
    distinct: BTreeMap<(String, String), f64>,
    passing: BTreeMap<Filter, f64>,
}

/// What is to be sampled of a table.
#[derive(Debug, Default, Clone)]
pub struct Wanted {
    /// Columns, and expressions as SQL.
    pub columns: BTreeSet<String>,
    /// Conditions.
    pub filters: BTreeSet<Filter>,
}

/// What one SELECT reads; SQLite's own limit is 2,000 columns.
const AT_ONCE: usize = 500;

impl Wanted {
    /// The same in parts that one SELECT can read.
    fn parts(&self) -> Vec<Wanted> {
        if self.columns.len() + self.filters.len() <= AT_ONCE {
            return vec![self.clone()];
        }
        let columns: Vec<_> = self.columns.iter().cloned().collect();
        let filters: Vec<_> = self.filters.iter().cloned().collect();
        let columns = columns
            .chunks(AT_ONCE)
            .map(|c| Wanted { columns: c.iter().cloned().collect(), ..Self::default() });
        let filters = filters
            .chunks(AT_ONCE)
            .map(|f| Wanted { filters: f.iter().cloned().collect(), ..Self::default() });
        columns.chain(filters).collect()
    }
}

/// Rows that are looked at in each table.
const SAMPLE: f64 = 5_000.0;
/// The share of its table's rows up to which a partial index is worth trying.
const RARE: f64 = 0.5;
/// The same where the condition names a value: only a state that few rows are in, such as what waits to be done.
const RARE_STATE: f64 = 0.05;
/// Different values up to which a column is taken to hold a state, whose literals in a workload are no examples.
const STATES: f64 = 12.0;

impl Selectivity {
    /// Samples each table.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a table cannot be read.
    pub fn sample(session: &Session, schema: &Schema, wanted: &BTreeMap<String, Wanted>) -> Result<Self> {
        let mut found = Self::default();
        for (name, wanted) in wanted {
            let Some(table) = schema.table(name) else { continue };
            for part in wanted.parts() {
                found.look(session, table, &part).context(|| format!("cannot sample {name:?}"))?;
            }
        }
        Ok(found)
    }

    /// What is known where only the rows of tables are.
    pub fn of_rows(rows: impl IntoIterator<Item = (String, u64)>) -> Self {
        Self { rows: rows.into_iter().map(|(table, n)| (table, n as f64)).collect(), ..Self::default() }
    }

    /// The rows of a table; 1 if it was not sampled.
    pub fn rows(&self, table: &str) -> f64 {
        self.rows.get(table).copied().unwrap_or(1.0)
    }

    /// The distinct values of a column; 1 if it was not sampled.
    pub fn distinct(&self, table: &str, column: &str) -> f64 {
        self.distinct.get(&(table.to_owned(), column.to_owned())).copied().unwrap_or(1.0)
    }

    /// True if few rows pass a condition that a statement can be believed to keep; false if it was not sampled.
    pub fn is_rare(&self, filter: &Filter) -> bool {
        let distinct = self.distinct(&filter.table, &filter.column);
        let limit = match filter.names_values {
            true if distinct > STATES => return false,
            true => RARE_STATE,
            false => RARE,
        };
        // A condition that no row meets is an example of something else, or a mistake.
        self.passing.get(filter).is_some_and(|share| *share > 0.0 && *share <= limit)
    }

    fn look(&mut self, session: &Session, table: &Table, wanted: &Wanted) -> rusqlite::Result<()> {
        let from = quote(&table.name);
        let rows: f64 =
            session.connection().query_row(&format!("SELECT count(*) FROM {from}"), [], |r| r.get(0))?;
        let reads = wanted.columns.iter().map(|c| read(table, c));
        let reads = reads.chain(wanted.filters.iter().map(|f| format!("({}) IS TRUE", f.sql)));
        let list: Vec<_> = reads.enumerate().map(|(i, sql)| format!("{sql} AS c{i}")).collect();
        // From end to end of a table that grew in some order; scattered, so that no period in it is taken for the whole.
        let step = (rows / SAMPLE).ceil().max(1.0);
        let sampled = if table.kind == TableKind::Rowid && step > 1.0 {
            let scattered = format!("((rowid & 0x7fffffff) * 2654435761 >> 16) % {step} = 0");
            format!("SELECT {} FROM {from} NOT INDEXED WHERE {scattered}", list.join(", "))
        } else {
            format!("SELECT {} FROM {from} NOT INDEXED LIMIT {SAMPLE}", list.join(", "))
        };
        let columns = wanted.columns.len();
        let told = (0..list.len())
            .map(|i| if i < columns { format!("count(DISTINCT c{i})") } else { format!("total(c{i})") });
        let told: Vec<_> = told.collect();
        let sql = format!("SELECT count(*), {} FROM ({sampled})", told.join(", "));
        session.connection().query_row(&sql, [], |r| {
            let seen: f64 = r.get(0)?;
            for (i, column) in (1..).zip(&wanted.columns) {
                let key = (table.name.clone(), column.clone());
                self.distinct.insert(key, scaled(r.get(i)?, seen, rows));
            }
            for (i, filter) in (1 + columns..).zip(&wanted.filters) {
                let passed: f64 = r.get(i)?;
                self.passing.insert(filter.clone(), passed / seen.max(1.0));
            }
            Ok(())
        })?;
        self.rows.insert(table.name.clone(), rows);
        Ok(())
    }
}

/// What SELECT reads for a column or an expression.
fn read(table: &Table, column: &str) -> String {
    table.column(column).map_or_else(|| column.to_owned(), |c| quote(&c.name))
}

/// A column whose sampled values nearly all differ is taken to grow with the table, another to be known already.
fn scaled(distinct: f64, seen: f64, rows: f64) -> f64 {
    if distinct > seen * 0.9 { distinct * (rows / seen.max(1.0)) } else { distinct }
}
