//! How a statement is run for its time: warm, prepared and planned, the quickest of several runs, and never without an end.

use rusqlite::types::Value;
use rusqlite::{Statement, StatementStatus};
use sqlite_advisor::error::{Context, Error, Result};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::sqlite::Session;
use sqlite_advisor::sqlite::session::Limit;
use std::time::{Duration, Instant};

/// The fewest and the most runs of a statement for its time. The first is the one that counts.
pub const ROUNDS: (usize, usize) = (3, 9);
/// A statement is stopped at so many times the cost of what it is compared with,
pub const STOP_TIMES: f64 = 10.0;
/// but not before this cost.
pub const STOP_FROM: Duration = Duration::from_secs(1);

/// Where a statement is stopped that is compared with another one, but not before a cost.
pub fn limit(compared: &Counters, from: Duration) -> Limit {
    let cost = (compared.cost() * STOP_TIMES).max(from.as_nanos() as f64);
    Limit { cost, time: Duration::MAX }
}

/// Runs in turns until each was run [`ROUNDS`] times, the one that counted included; above the fewest, only within the budget.
///
/// # Errors
/// Those of the turn.
pub fn rounds(budget: Duration, mut turn: impl FnMut() -> Result<()>) -> Result<()> {
    let (began, (least, most)) = (Instant::now(), ROUNDS);
    for round in 1..most {
        if round >= least && began.elapsed() > budget {
            break;
        }
        turn()?;
    }
    Ok(())
}

/// A read with its values bound, planned for them, and run again and again.
pub struct Prepared<'s> {
    statement: Statement<'s>,
    columns: usize,
}

impl<'s> Prepared<'s> {
    /// Prepares and binds. With STAT4 SQLite plans again at the first step, so the first run is never the quickest.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn new(session: &'s Session, sql: &str, values: &[Value]) -> rusqlite::Result<Self> {
        let mut statement = session.prepare(sql)?;
        for (i, value) in (1..).zip(values).take(statement.parameter_count()) {
            statement.raw_bind_parameter(i, value)?;
        }
        let columns = statement.column_count();
        Ok(Self { statement, columns })
    }

    /// Steps through all rows and reads all columns; the count of rows.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn run(&mut self) -> rusqlite::Result<u64> {
        let (mut rows, mut count) = (self.statement.raw_query(), 0);
        while let Some(row) = rows.next()? {
            for i in 0..self.columns {
                std::hint::black_box(row.get_ref(i)?);
            }
            count += 1;
        }
        Ok(count)
    }

    /// Nanoseconds of one run, which must take the steps that were counted before.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it does not, [`Error::Interrupted`].
    pub fn time(&mut self, counted: &Counters) -> Result<u64> {
        self.statement.reset_status(StatementStatus::VmStep);
        let began = Instant::now();
        let ran = self.run();
        let time = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        ran.context(|| "the statement fails".to_owned())?;
        // SQLite counts in 32 bits.
        let steps = self.statement.reset_status(StatementStatus::VmStep).cast_unsigned();
        if steps != counted.vm_steps as u32 {
            let counted = counted.vm_steps;
            return Err(Error::Invalid(format!(
                "two runs of a statement on the same database differ: {steps} steps and {counted}"
            )));
        }
        Ok(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_run_three_times_even_without_a_budget() -> Result<()> {
        let mut runs = 0;
        rounds(Duration::ZERO, || {
            runs += 1;
            Ok(())
        })?;
        assert_eq!(runs + 1, ROUNDS.0);
        Ok(())
    }

    #[test]
    fn a_statement_is_stopped_at_a_multiple_of_what_it_is_compared_with() {
        let cost = |vm_steps| limit(&Counters { vm_steps, ..Counters::default() }, STOP_FROM).cost;
        assert_eq!([cost(1), cost(1_000_000_000)], [1e9, 1e11]);
    }

    #[test]
    fn a_timed_run_takes_the_steps_that_were_counted() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(a, b); CREATE INDEX i ON t(a);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO t SELECT i % 7, i FROM n; ANALYZE",
        )?;
        let (sql, values) = ("SELECT sum(b) FROM t WHERE a > ?", [Value::Integer(4)]);
        let counted = session.run(sql, &values, Limit::NONE)?.counters;
        let mut prepared = Prepared::new(&session, sql, &values)?;
        assert!(prepared.time(&counted)? > 0 && prepared.time(&counted)? > 0);
        let other = Counters { vm_steps: counted.vm_steps + 1, ..counted };
        assert!(prepared.time(&other).is_err());
        Ok(())
    }
}
