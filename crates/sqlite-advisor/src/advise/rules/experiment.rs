//! Where a rewritten statement or another index shows what it is worth: on the copy with all advice followed, inside a
//! [`Savepoint`] that rolls back.
//!
//! A run is stopped as soon as it costs more than would make it worth telling, so no rule costs more than the statements
//! that it looks at.

use crate::advise::candidates::shapes::candidates;
use crate::advise::prepare::measure::{Measured, measure};
use crate::advise::prepare::probe::Probe;
use crate::advise::prepare::profile::wanted;
use crate::advise::prepare::selectivity::Selectivity;
use crate::advise::rules::context::{CHEAP, RuleContext};
use crate::advise::rules::finding::Kind;
use crate::advise::rules::finding::{Experiment, Finding, Verification};
use crate::advise::verify::determinate::determinate;
use crate::error::{Result, unless_failed};
use crate::model::index::{Index, quote};
use crate::sql::syntax::{self, ast::Stmt};
use crate::sqlite::session::Limit;
use crate::sqlite::{Savepoint, Session, statistics};
use crate::workload::Statement;
use rusqlite::types::Value;

/// How many times less a change must cost to be told.
pub const GAIN: f64 = 1.3;

/// Rows that are put into indexes to try them, over all rules; some seconds of work. What comes after is not tried.
const MOST_ROWS: u64 = 10_000_000;

impl RuleContext<'_> {
    /// Runs `sql` in the place of a statement, once `changes` are made. None if it cannot be run, or does not pay.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]
    pub fn experiment(&self, i: usize, sql: &str, changes: &[String]) -> Result<Option<Experiment>> {
        self.experiment_with(i, self.statement(i).map_or(&[], |s| &s.bindings), sql, changes)
    }

    /// The same with some of the statement's sets of values.
    fn experiment_with(
        &self,
        i: usize,
        values: &[Vec<Value>],
        sql: &str,
        changes: &[String],
    ) -> Result<Option<Experiment>> {
        let Some(statement) = self.statement(i).filter(|s| !s.only_planned && !s.writes) else {
            return Ok(None);
        };
        let statement = &Statement { bindings: values.to_vec(), ..statement.clone() };
        let known = self.known(i, statement)?;
        let before = known.counters;
        let cap = known.cost() / GAIN;
        let limit =
            Limit { cost: cap * statement.bindings.len().max(1) as f64, ..self.prepared.request.limit() };
        let session = self.after.session();
        self.changed(changes, || {
            let Some(other) = rebound(session, statement, sql) else { return Ok(None) };
            let measured = unless_failed(measure(session, &other, limit, self.progress))?;
            let Some(measured) = measured else { return Ok(None) };
            if measured.counters.timed_out || measured.cost() > cap {
                return Ok(None);
            }
            let same_rows = self.same_rows(statement, &other, &known, &measured)?;
            Ok(Some(Experiment {
                before,
                after: measured.counters,
                same_rows,
                bytes: self.bytes_of(changes),
            }))
        })
    }

    /// Makes changes on the `after` copy for the length of some work, and takes them back. None if one cannot be made.
    ///
    /// # Errors
    /// Those of the work.
    pub fn changed<T>(
        &self,
        changes: &[String],
        work: impl FnOnce() -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let rows: u64 = changes.iter().filter_map(|sql| indexed(sql)).map(|table| self.rows(&table)).sum();
        if self.tried.get() + rows > MOST_ROWS {
            return Ok(None);
        }
        self.tried.set(self.tried.get() + rows);
        // Where the advice leaves a database without statistics, those of one index alone would mislead the planner.
        let has_statistics = statistics::have_tables(self.after.session())?;
        let wanted = changes.iter().filter(|sql| has_statistics || !sql.starts_with("ANALYZE"));
        let changes: Vec<String> = wanted.cloned().collect();
        let savepoint = Savepoint::begin(self.after.session())?;
        if savepoint.make(&changes) { work() } else { Ok(None) }
    }

    /// The statement on the `after` copy, with its rows.
    pub(super) fn known(&self, i: usize, statement: &Statement) -> Result<Measured> {
        let of_all = self.statement(i).is_some_and(|whole| whole.bindings == statement.bindings);
        if let Some(known) = self.measured.borrow().get(&i).filter(|_| of_all) {
            return Ok(known.clone());
        }
        let limit = self.prepared.request.limit();
        let measured = measure(self.after.session(), statement, limit, self.progress)?;
        if of_all {
            self.measured.borrow_mut().insert(i, measured.clone());
        }
        Ok(measured)
    }

    /// Whether two forms of a statement gave the same rows; none where that cannot be said.
    pub(super) fn same_rows(
        &self,
        one: &Statement,
        two: &Statement,
        known: &Measured,
        found: &Measured,
    ) -> Result<Option<bool>> {
        if known.counters.timed_out {
            return Ok(None);
        }
        let equal = |a: &Measured, b: &Measured| {
            a.rows.len() == b.rows.len() && a.rows.iter().zip(&b.rows).all(|(x, y)| x.same_as(y))
        };
        if equal(known, found) {
            return Ok(Some(true));
        }
        // Where they leave open which rows come, both are asked again for determinate ones.
        let session = self.after.session();
        let asked = |s: &Statement| determinate(session, &s.sql).map(|sql| Statement { sql, ..s.clone() });
        let (Some(one), Some(two)) = (asked(one), asked(two)) else { return Ok(Some(false)) };
        let limit = self.prepared.request.limit();
        let (a, b) =
            (measure(session, &one, limit, self.progress)?, measure(session, &two, limit, self.progress)?);
        Ok(if a.counters.timed_out || b.counters.timed_out { None } else { Some(equal(&a, &b)) })
    }

    /// The statement with another text, its values where that text names them.
    pub(super) fn rebound(&self, statement: &Statement, sql: &str) -> Option<Statement> {
        rebound(self.after.session(), statement, sql)
    }

    /// The first row of a text in the place of a statement, with some of its values; none if there is none.
    pub(super) fn first_row(&self, statement: &Statement, sql: &str, values: &[Value]) -> Option<Vec<Value>> {
        let one = Statement { bindings: vec![values.to_vec()], ..statement.clone() };
        let other = self.rebound(&one, sql)?;
        let mut prepared = self.after.session().prepare(&other.sql).ok()?;
        let columns = prepared.column_count();
        let bound = rusqlite::params_from_iter(other.bindings.first()?);
        prepared.query_row(bound, |r| (0..columns).map(|c| r.get(c)).collect()).ok()
    }

    /// The bytes of what the changes made.
    pub(super) fn bytes_of(&self, changes: &[String]) -> u64 {
        let conn = self.after.session().connection();
        let sum = |name: String| {
            let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?1";
            conn.query_row(sql, [name], |r| r.get::<_, u64>(0)).unwrap_or(0)
        };
        changes.iter().flat_map(|sql| made_by(sql)).map(sum).sum()
    }

    /// A rewritten statement as a finding: tried as it is, then with each index. None if nothing pays or rows differ.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]
    pub fn rewrite(&self, i: usize, stmt: &Stmt, indexes: &[Index], what: &str) -> Result<Option<Finding>> {
        self.rewrite_for(i, self.statement(i).map_or(&[], |s| &s.bindings), stmt, indexes, what)
    }

    /// The same for some of the statement's sets of values.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]
    pub fn rewrite_for(
        &self,
        i: usize,
        values: &[Vec<Value>],
        stmt: &Stmt,
        indexes: &[Index],
        what: &str,
    ) -> Result<Option<Finding>> {
        let sql = stmt.to_string();
        let mut best: Option<(Experiment, Vec<String>)> = None;
        let changes = std::iter::once(None).chain(indexes.iter().map(Some));
        for index in changes {
            // What costs next to nothing already needs no index.
            if best.as_ref().is_some_and(|(b, _)| b.after.vm_steps < CHEAP) {
                break;
            }
            let made = index.map(|index| self.create(index));
            let needs: Vec<String> = made.iter().map(|(sql, _)| sql.clone()).collect();
            let gathered = made.iter().map(|(_, name)| format!("ANALYZE {}", quote(name)));
            let changes: Vec<String> = needs.iter().cloned().chain(gathered).collect();
            let experiment = self.experiment_with(i, values, &sql, &changes)?;
            let experiment = experiment.filter(|t| t.same_rows != Some(false));
            // An index must pay for itself beside the form that needs none.
            let better =
                |t: &Experiment| best.as_ref().is_none_or(|(b, _)| b.after.cost() > t.after.cost() * GAIN);
            if let Some(experiment) = experiment.filter(better) {
                best = Some((experiment, needs));
            }
        }
        Ok(best.map(|(experiment, needs)| {
            let bytes = experiment.bytes;
            let verification = match experiment.same_rows {
                Some(true) => Verification::Ran(experiment),
                _ => Verification::Open(STOPPED.to_owned(), Some(experiment)),
            };
            let finding = Finding::of_statement(Kind::Rewrite, i, what.to_owned(), verification);
            Finding { bytes, ..finding.with_sql(sql, needs) }
        }))
    }

    /// The indexes that a rewritten statement could use and its tables lack, few and narrow.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a table cannot be sampled.
    pub fn indexes_for(&self, sql: &str) -> Result<Vec<Index>> {
        let (schema, workload) = (self.schema(), &self.prepared.workload);
        let requests = [Probe::new(schema, &[sql], &workload.stand_ins)?.requests(sql)];
        let sampled = Selectivity::sample(self.before.session(), schema, &wanted(&requests, &[]))?;
        let [requests] = &requests;
        let large =
            |index: &Index| self.is_large_name(&index.table) && (1..=NARROW).contains(&index.key.len());
        let mut found: Vec<Index> = candidates(schema, &sampled, requests, &[]).into_iter().collect();
        found.retain(|index| index.filter.is_none() && large(index) && self.lacks(index));
        found.sort_by_key(|index| index.key.len());
        found.truncate(MOST_INDEXES);
        Ok(found)
    }

    /// A rejected index as a finding, with its price. None if the statement does not gain by it.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]
    pub fn index(&self, i: usize, index: &Index, what: &str) -> Result<Option<Finding>> {
        let Some(statement) = self.statement(i) else { return Ok(None) };
        let (sql, name) = self.create(index);
        let changes = [sql.clone(), format!("ANALYZE {}", quote(&name))];
        let experiment = self.experiment(i, &statement.sql, &changes)?.filter(|t| t.same_rows != Some(false));
        Ok(experiment.map(|experiment| {
            let finding =
                Finding::of_statement(Kind::Schema, i, what.to_owned(), Verification::Ran(experiment));
            Finding { bytes: experiment.bytes, ..finding.with_sql(sql, vec![]) }
        }))
    }
}

/// The widest key of an index that is tried with a rewritten statement.
const NARROW: usize = 3;
/// The most indexes that are tried with one.
const MOST_INDEXES: usize = 6;

const STOPPED: &str = "the statement as it is was stopped at the limit, so its rows could not be compared";

/// The table that a CREATE INDEX reads.
fn indexed(sql: &str) -> Option<String> {
    match syntax::parse(sql)? {
        Stmt::CreateIndex { tbl_name, .. } => Some(tbl_name.as_str().to_owned()),
        _ => None,
    }
}

/// The b-trees that a CREATE statement makes: an index, or the shadow tables of a full-text table.
fn made_by(sql: &str) -> Vec<String> {
    match syntax::parse(sql) {
        Some(Stmt::CreateIndex { idx_name, .. }) => vec![idx_name.name.as_str().to_owned()],
        Some(Stmt::CreateVirtualTable(table)) => {
            let parts = ["data", "idx", "docsize", "config", "content"];
            parts.map(|part| format!("{}_{part}", table.tbl_name.name.as_str())).to_vec()
        }
        _ => vec![],
    }
}

/// The statement with another text, its values in the order in which that text names them.
fn rebound(session: &Session, statement: &Statement, sql: &str) -> Option<Statement> {
    let (old, new) = (session.prepare(&statement.sql).ok()?, session.prepare(sql).ok()?);
    let place = |i: usize| -> Option<usize> {
        match new.parameter_name(i) {
            None => Some(i),
            Some(name) => match old.parameter_index(name).ok().flatten() {
                Some(at) => Some(at),
                None => name.strip_prefix('?')?.parse().ok(),
            },
        }
    };
    let places: Vec<usize> = (1..=new.parameter_count()).map(place).collect::<Option<_>>()?;
    let value = |values: &Vec<Value>, at: usize| values.get(at - 1).cloned().unwrap_or(Value::Null);
    let bindings =
        statement.bindings.iter().map(|v| places.iter().map(|at| value(v, *at)).collect()).collect();
    drop((old, new));
    Some(Statement { sql: sql.to_owned(), bindings, ..statement.clone() })
}
