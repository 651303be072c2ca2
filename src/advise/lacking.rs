//! The advice without some of the statistics that it is proved with: an application may never run ANALYZE, and many builds of
//! SQLite have no STAT4, so that they neither gather nor read samples of the keys.

use crate::advise::measure::measure;
use crate::advise::prove::Proven;
use crate::advise::subject::Subject;
use crate::advise::trial::Proof;
use crate::advise::weigh::is_slower;
use crate::counters::Counters;
use crate::database::Session;
use crate::database::session::Limit;
use crate::error::{Context, Result};
use crate::progress::Progress;

/// The statistics that lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// The samples of sqlite_stat4 (<https://www.sqlite.org/compile.html#enable_stat4>).
    Stat4,
    /// All.
    Statistics,
}

/// The multiple of its cost as found at which a run is stopped: how much slower it is is not worth more time.
const ENOUGH: f64 = 1.5;

impl Lacking {
    /// What the statements cost with the advice where these statistics lack; none for one whose plan is the same. The copy
    /// with the advice has them no more afterwards.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn costs(
        self,
        proven: &Proven<'_>,
        subject: &Subject,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<Counters>>> {
        let after = &proven.after;
        self.forget(after.session())?;
        progress.start(&format!("Running {}", self.words()), Some(proven.proofs.len() as u64));
        let mut found = vec![];
        let told = subject.workload.statements.iter().zip(&proven.proofs);
        for (done, (statement, proof)) in (1u64..).zip(told) {
            let other = !statement.only_planned && after.plans(statement)? != proof.plans_after;
            let limit = subject.request.limit();
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
pub fn slower(proofs: &[Proof], costs: &[Option<Counters>]) -> Vec<usize> {
    let slower = |(_, (proof, run)): &(usize, (&Proof, &Option<Counters>))| {
        run.is_some_and(|run| is_slower(&proof.before, &run))
    };
    proofs.iter().zip(costs).enumerate().filter(slower).map(|(i, _)| i).collect()
}
