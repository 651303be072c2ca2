//! What the workload costs as the database is, before anything is tried.

use crate::advise::prepare::measure::{Measured, measure};
use crate::error::{Error, Result};
use crate::model::plan::Plan;
use crate::progress::Progress;
use crate::sqlite::Session;
use crate::sqlite::session::Limit;
use crate::workload::{Skipped, Workload};

/// The measured cost of each statement, in the order of the workload.
#[derive(Debug)]
pub struct Baseline {
    /// One for each statement.
    pub measured: Vec<Measured>,
    /// The plans of each.
    pub plans: Vec<Vec<Plan>>,
}

impl Baseline {
    /// Runs each statement once. One that fails is taken out of the workload, with SQLite's words.
    ///
    /// # Errors
    /// [`Error::Interrupted`]
    pub fn measure(
        mut workload: Workload,
        session: &Session,
        limit: Limit,
        progress: &dyn Progress,
    ) -> Result<(Workload, Self)> {
        progress.start("Running the workload", Some(workload.statements.len() as u64));
        let (mut kept, mut measured, mut plans) = (vec![], vec![], vec![]);
        for (done, statement) in (1u64..).zip(std::mem::take(&mut workload.statements)) {
            let planned = session.plans(&statement.sql, &statement.bindings).map_err(Error::from);
            match planned.and_then(|p| Ok((p, measure(session, &statement, limit, progress)?))) {
                Ok((one_plans, one)) => {
                    kept.push(statement);
                    measured.push(one);
                    plans.push(one_plans);
                }
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => workload.skipped.push(Skipped {
                    source: statement.source,
                    sql: statement.sql,
                    error: error.to_string(),
                }),
            }
            progress.advance(done);
        }
        progress.finish();
        workload.statements = kept;
        Ok((workload, Self { measured, plans }))
    }
}
