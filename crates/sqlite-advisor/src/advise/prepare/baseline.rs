//! What the workload costs as the database is, before anything is tried.

use crate::advise::prepare::measure::{Measured, measure};
use crate::error::{Error, Result};
use crate::model::plan::Plan;
use crate::parallel::beside;
use crate::progress::Progress;
use crate::sqlite::Session;
use crate::sqlite::session::Limit;
use crate::workload::{Skipped, Statement, Workload};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The measured cost of each statement, in the order of the workload.
#[derive(Debug)]
pub struct Baseline {
    /// One for each statement.
    pub measured: Vec<Measured>,
    /// The plans of each.
    pub plans: Vec<Vec<Plan>>,
}

impl Baseline {
    /// Runs each statement once. One that fails is only planned from then on. Once it takes long, a
    /// `second` copy of the database is worked on as well: counters do not depend on what runs beside. What is not done when
    /// the time `ends` is run only briefly, which gives a lower bound.
    ///
    /// # Errors
    /// [`Error::Interrupted`], and those of `second`.
    pub fn measure(
        mut workload: Workload,
        session: &Session,
        second: impl FnOnce(&Workload) -> Result<Session>,
        limit: Limit,
        ends: Option<Instant>,
        progress: &dyn Progress,
    ) -> Result<(Workload, Self)> {
        let limit = || within(limit, ends);
        let statements = std::mem::take(&mut workload.statements);
        progress.start("Running the workload", Some(statements.len() as u64));
        let began = Instant::now();
        let mut results = vec![];
        while let Some(statement) = statements.get(results.len()).filter(|_| began.elapsed() < ALONE) {
            results.push(one(session, statement, limit(), progress)?);
            progress.advance(results.len() as u64);
        }
        let rest = statements.get(results.len()..).unwrap_or_default();
        if !rest.is_empty() {
            let second = second(&workload)?;
            results.extend(side_by_side(rest, session, second, &limit, progress)?);
        }
        progress.finish();
        let (mut measured, mut plans) = (vec![], vec![]);
        for (mut statement, result) in statements.into_iter().zip(results) {
            match result {
                Ok((one_plans, one)) => {
                    workload.statements.push(statement);
                    measured.push(one);
                    plans.push(one_plans);
                }
                Err(error) => match session.plans(&statement.sql, &statement.bindings) {
                    // A logged INSERT of a row that is there by now, for example.
                    Ok(one_plans) => {
                        let (id, why) = (&statement.id, error.to_string());
                        let why = why.strip_prefix("the statement fails: ").unwrap_or(&why);
                        let note = format!("{id} fails on these data, so it was planned, not run: {why}");
                        workload.notes.push(note);
                        statement.only_planned = true;
                        workload.statements.push(statement);
                        measured.push(Measured::default());
                        plans.push(one_plans);
                    }
                    Err(_) => workload.skipped.push(Skipped {
                        name: Some(statement.id),
                        source: statement.source,
                        sql: statement.sql,
                        error: error.to_string(),
                    }),
                },
            }
        }
        Ok((workload, Self { measured, plans }))
    }
}

/// How long one copy is worked on alone: for less a second one is not worth its making.
const ALONE: Duration = Duration::from_secs(1);

/// A run once the time for the workload is over.
const BRIEF: Duration = Duration::from_millis(50);

/// A limit that the clock sets as well where the time ends.
pub fn within(limit: Limit, ends: Option<Instant>) -> Limit {
    let left = ends.map(|ends| ends.saturating_duration_since(Instant::now()).max(BRIEF));
    Limit { time: left.map_or(limit.time, |left| left.min(limit.time)), ..limit }
}

/// What a statement came to: its plans and what they cost, or why it fails.
type Outcome = Result<(Vec<Plan>, Measured)>;

/// Runs statements on two copies, each taking the next; the outcomes are in the order of the statements.
fn side_by_side(
    statements: &[Statement],
    session: &Session,
    second: Session,
    limit: &(impl Fn() -> Limit + Sync),
    progress: &dyn Progress,
) -> Result<Vec<Outcome>> {
    let next = AtomicUsize::new(0);
    let work = |session: &Session| -> Result<Vec<(usize, Outcome)>> {
        let mut done = vec![];
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(statement) = statements.get(at) else { return Ok(done) };
            done.push((at, one(session, statement, limit(), progress)?));
        }
    };
    let (there, here) = beside(move || work(&second), || work(session));
    let (mut there, mut here) = (there?, here?);
    here.append(&mut there);
    here.sort_by_key(|(at, _)| *at);
    Ok(here.into_iter().map(|(_, outcome)| outcome).collect())
}

/// One statement; only an interruption ends the whole.
fn one(session: &Session, statement: &Statement, limit: Limit, progress: &dyn Progress) -> Result<Outcome> {
    let planned = session.plans(&statement.sql, &statement.bindings).map_err(Error::from);
    match planned.and_then(|plans| Ok((plans, measure(session, statement, limit, progress)?))) {
        Err(Error::Interrupted) => Err(Error::Interrupted),
        outcome => Ok(outcome),
    }
}
