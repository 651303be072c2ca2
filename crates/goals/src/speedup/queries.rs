//! Every statement of the application at the points of the timeline, in the form that the application had there.

use crate::speedup::clock;
use crate::speedup::stages::{B0, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED, M5_ANALYZED, Timeline};
use crate::speedup::texts;
use crate::speedup::value::{Query, Ratio, Run};
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::session::Limit;
use sqlite_advisor::sqlite::{Schema, Session};
use sqlite_advisor::workload::{QuerySource, Statement, Workload};
use std::time::Duration;

/// The points, and whether the application already sends what it sends after the last migration.
pub(super) const POINTS: [(&str, bool); 6] = [
    (B0, false),
    (M2_ROOTS, false),
    (M2_INDEXES, false),
    (M5, true),
    (M5_ANALYZED, true),
    (M5_ADVISED, true),
];
/// From the fourth round on no further one begins once those of one statement took so long.
const BUDGET: Duration = Duration::from_millis(150);
/// A statement is slower if it costs more than this many times as much.
pub(super) const SLOWER: f64 = 1.05;

/// Measures all statements of the application, given in the form that they have after the last migration.
///
/// # Errors
/// [`Error::Interrupted`], or [`Error::Sqlite`] if a database cannot be read.
pub fn measure(timeline: &Timeline, after: &[Statement], progress: &dyn Progress) -> Result<Vec<Query>> {
    let sessions: Vec<Session> =
        POINTS.iter().map(|(name, _)| timeline.open(name, progress.cancel_token())).collect::<Result<_>>()?;
    let Some(first) = sessions.first() else { return Ok(vec![]) };
    let before = in_common(prepare(&texts::before(), first)?, after);
    let mut ids: Vec<&str> = before.iter().chain(after).map(|s| s.id.as_str()).collect();
    ids.sort_by_key(|id| natural(id));
    ids.dedup();
    progress.start("Running the application", Some(ids.len() as u64));
    let mut queries = vec![];
    for (done, id) in (1u64..).zip(ids) {
        let mut turns: Vec<Turn<'_>> = vec![];
        for ((point, migrated), session) in POINTS.iter().zip(&sessions) {
            let sent = if *migrated { after } else { &before };
            if let Some(statement) = sent.iter().find(|s| s.id == id) {
                progress.check()?;
                let limit =
                    turns.first().map_or(Limit::NONE, |first| clock::limit(&first.cost, clock::STOP_FROM));
                turns.push(Turn::count(point, session, statement, limit, progress)?);
            }
        }
        queries.push(query(id, turns, progress).map_err(|e| named(id, e))?);
        progress.advance(done);
    }
    progress.finish();
    Ok(queries)
}

fn named(id: &str, error: Error) -> Error {
    match error {
        Error::Invalid(why) => Error::Invalid(format!("{id}: {why}")),
        other => other,
    }
}

pub(super) fn prepare(queries: &[QuerySource], session: &Session) -> Result<Vec<Statement>> {
    let schema = Schema::read(session.connection())?;
    Ok(Workload::prepare(queries, session, &schema)?.statements)
}

/// Gives statements the values of their counterparts where they take as many, so that both look for the same rows.
fn in_common(mut statements: Vec<Statement>, others: &[Statement]) -> Vec<Statement> {
    for statement in &mut statements {
        let width = |s: &Statement| s.bindings.first().map_or(0, Vec::len);
        let other = others.iter().find(|o| o.id == statement.id && width(o) == width(statement));
        if let Some(other) = other {
            statement.bindings.clone_from(&other.bindings);
        }
    }
    statements
}

/// `q2_children` before `q10_session`.
fn natural(id: &str) -> (char, u32, String) {
    let digits: String = id.chars().skip(1).take_while(char::is_ascii_digit).collect();
    (id.chars().next().unwrap_or(' '), digits.parse().unwrap_or(0), id.to_owned())
}

/// A statement at a point.
struct Turn<'s> {
    point: &'s str,
    session: &'s Session,
    statement: &'s Statement,
    /// For each of its sets of values: its counters, and the read as it is run again.
    counted: Vec<(Counters, Option<clock::Prepared<'s>>)>,
    /// The mean of the counters, with the time of the quickest round.
    cost: Counters,
}

impl<'s> Turn<'s> {
    fn count(
        point: &'s str,
        session: &'s Session,
        statement: &'s Statement,
        limit: Limit,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let mut counted = vec![];
        for values in if statement.only_planned { &[] } else { statement.bindings.as_slice() } {
            progress.check()?;
            let counters = session.run(&statement.sql, values, limit)?.counters;
            let read = || clock::Prepared::new(session, &statement.sql, values);
            counted.push((counters, if statement.writes { None } else { Some(read()?) }));
        }
        let cost = Counters::mean(counted.iter().map(|(counters, _)| *counters));
        Ok(Self { point, session, statement, counted, cost })
    }

    /// One more round, unless it was stopped in the first.
    fn time(&mut self, progress: &dyn Progress) -> Result<()> {
        progress.check()?;
        if self.cost.timed_out {
            return Ok(());
        }
        let mut sum = 0;
        for (values, (counters, read)) in self.statement.bindings.iter().zip(&mut self.counted) {
            sum += match read {
                Some(read) => read.time(counters)?,
                None => self.session.run(&self.statement.sql, values, Limit::NONE)?.counters.time_ns,
            };
        }
        self.cost.time_ns = self.cost.time_ns.min(sum / (self.counted.len() as u64).max(1));
        Ok(())
    }
}

fn query(id: &str, mut turns: Vec<Turn<'_>>, progress: &dyn Progress) -> Result<Query> {
    clock::rounds(BUDGET, || turns.iter_mut().try_for_each(|turn| turn.time(progress)))?;
    let writes = turns.iter().any(|t| t.statement.writes);
    let mut runs: Vec<Run> = vec![];
    for Turn { point, session, statement, cost, .. } in turns {
        let mut plans = vec![];
        for values in &statement.bindings {
            plans.push(session.plan(&statement.sql, values)?.to_string());
        }
        plans.dedup();
        runs.push(Run {
            point: point.to_owned(),
            form: String::new(),
            cost,
            plan: plans.join("\nor, with other values:\n"),
        });
    }
    let cost = |point: &str| runs.iter().find(|r| r.point == point).map(|r| r.cost);
    let (first, last, advised) = (cost(B0), cost(M5), cost(M5_ADVISED));
    let over = |a: Option<Counters>, b: Option<Counters>| Some(Ratio::of(&a?, &b?).time);
    let speedup = first.zip(last).map(|(a, b)| a.cost().max(1.0) / b.cost().max(1.0));
    Ok(Query {
        id: id.to_owned(),
        writes,
        speedup,
        speedup_time: over(first, last),
        advised_time: over(last, advised),
        slower: speedup.is_some_and(|s| s < 1.0 / SLOWER),
        runs,
    })
}
