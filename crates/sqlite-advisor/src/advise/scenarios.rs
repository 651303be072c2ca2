//! The advice without some of the statistics that it is proved with: an application may never run ANALYZE, and many builds of
//! SQLite have no STAT4, so that they neither gather nor read samples of the keys.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::measure;
use crate::advise::select::problem::is_slower;
use crate::advise::verify::Verified;
use crate::advise::verify::comparison::Comparison;
use crate::error::{Context, Result};
use crate::model::counters::Counters;
use crate::progress::Progress;
use crate::sqlite::Session;
use crate::sqlite::session::Limit;

/// The statistics that lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// The samples of sqlite_stat4 (<https://www.sqlite.org/compile.html#enable_stat4>).
    Stat4,
    /// All.
    Statistics,
}

/// The multiple of its cost as found at which a run is stopped: how much slower it is is not worth more time.
const ENOUGH: f64 = 1.5;

impl Scenario {
    /// What the statements cost with the advice where these statistics lack; none for one whose plan is the same. The copy
    /// with the advice has them no more afterwards.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn costs(
        self,
        verified: &Verified<'_>,
        prepared: &Prepared,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<Counters>>> {
        let after = &verified.after;
        self.forget(after.session())?;
        progress.start(&format!("Running {}", self.words()), Some(verified.comparisons.len() as u64));
        let mut found = vec![];
        let told = prepared.workload.statements.iter().zip(&verified.comparisons);
        for (done, (statement, proof)) in (1u64..).zip(told) {
            let other = !statement.only_planned && after.plans(statement)? != proof.plans_after;
            let limit = prepared.request.limit();
            let cost = (proof.before.cost() * ENOUGH + 1e6).min(limit.cost);
            let run = || measure(after.session(), statement, Limit { cost, ..limit }, progress);
            found.push(if other { Some(run()?.counters) } else { None });
            progress.advance(done);
        }
        progress.finish();
        Ok(found)
    }

    /// How it is told.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stat4 => "without STAT4",
            Self::Statistics => "without ANALYZE",
        }
    }

    fn forget(self, session: &Session) -> Result<()> {
        // ANALYZE of the schema table alone reads the statistics again.
        let sql = match self {
            Self::Stat4 => "DELETE FROM sqlite_stat4; ANALYZE sqlite_schema",
            Self::Statistics => "DELETE FROM sqlite_stat1; DELETE FROM sqlite_stat4; ANALYZE sqlite_schema",
        };
        session.connection().execute_batch(sql).context(|| "cannot forget the statistics".to_owned())
    }
}

/// The statements that are slower than as found, by position.
pub fn slower(comparisons: &[Comparison], costs: &[Option<Counters>]) -> Vec<usize> {
    let slower = |(_, (proof, run)): &(usize, (&Comparison, &Option<Counters>))| {
        run.is_some_and(|run| is_slower(&proof.before, &run))
    };
    comparisons.iter().zip(costs).enumerate().filter(slower).map(|(i, _)| i).collect()
}
