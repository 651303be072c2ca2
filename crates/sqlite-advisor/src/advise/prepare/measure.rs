//! A statement run with each of its sets of values, and what that costs.

use crate::error::Result;
use crate::model::counters::Counters;
use crate::progress::Progress;
use crate::sqlite::Session;
use crate::sqlite::rows::Rows;
use crate::sqlite::session::{Limit, Run};
use crate::workload::Statement;

/// What a statement costs under one plan.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// The mean over its sets of values.
    pub counters: Counters,
    /// Each run: one for each set of values.
    pub runs: Vec<Counters>,
    /// The rows of each run.
    pub rows: Vec<Rows>,
}

impl Measured {
    /// The deterministic cost in nanoseconds; a lower bound if the run was stopped.
    pub fn cost(&self) -> f64 {
        self.counters.cost()
    }
}

/// Runs a statement with each of its sets of values.
///
/// # Errors
/// [`crate::Error::Interrupted`], or [`crate::Error::Sqlite`] if the statement fails.
pub fn measure(
    session: &Session,
    statement: &Statement,
    limit: Limit,
    progress: &dyn Progress,
) -> Result<Measured> {
    if statement.only_planned {
        return Ok(Measured::default());
    }
    let mut runs: Vec<Run> = vec![];
    for values in &statement.bindings {
        progress.check()?;
        runs.push(session.run(&statement.sql, values, limit)?);
    }
    let counters = Counters::mean(runs.iter().map(|r| r.counters));
    let each = runs.iter().map(|r| r.counters).collect();
    Ok(Measured { counters, runs: each, rows: runs.into_iter().map(|r| r.rows).collect() })
}
