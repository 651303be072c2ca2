//! Every statement of the application at the points of the road, in the form that the application had there.

use crate::advise::lab::measure as run;
use crate::counters::Counters;
use crate::database::session::Limit;
use crate::database::{Schema, Session};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::speedup::claims::{median, once};
use crate::speedup::stages::{B0, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED, M5_ANALYZED, Road};
use crate::speedup::texts;
use crate::speedup::value::{Query, Ratio, Run};
use crate::workload::{Statement, Text, Workload};
use std::time::{Duration, Instant};

/// The points, and whether the application already sends what it sends after the last migration.
pub(super) const POINTS: [(&str, bool); 6] = [
    (B0, false),
    (M2_ROOTS, false),
    (M2_INDEXES, false),
    (M5, true),
    (M5_ANALYZED, true),
    (M5_ADVISED, true),
];
/// No further round begins once those of one statement took so long.
const BUDGET: Duration = Duration::from_millis(150);
/// The most rounds.
const ROUNDS: usize = 5;
/// A statement is slower if it costs more than this many times as much.
pub(super) const SLOWER: f64 = 1.05;

/// Measures all statements of the application.
///
/// # Errors
/// [`Error::Interrupted`], or [`Error::Sqlite`] if a database cannot be read.
pub fn measure(road: &Road, progress: &dyn Progress) -> Result<Vec<Query>> {
    let sessions: Vec<Session> = POINTS.iter().map(|(name, _)| road.open(name)).collect::<Result<_>>()?;
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return Ok(vec![]) };
    let after = prepare(&texts::application(), last)?;
    let before = in_common(prepare(&texts::before(), first)?, &after);
    let mut ids: Vec<&str> = before.iter().chain(&after).map(|s| s.id.as_str()).collect();
    ids.sort_by_key(|id| natural(id));
    ids.dedup();
    progress.start("Running the application", Some(ids.len() as u64));
    let mut queries = vec![];
    for (done, id) in (1u64..).zip(ids) {
        let find = |all: &[Statement]| all.iter().find(|s| s.id == id).cloned();
        let (old, new) = (find(&before), find(&after));
        let mut turns: Vec<(&str, &Session, &Statement, Vec<Counters>)> = vec![];
        for ((point, migrated), session) in POINTS.iter().zip(&sessions) {
            if let Some(statement) = if *migrated { &new } else { &old } {
                turns.push((point, session, statement, vec![]));
            }
        }
        let writes = old.iter().chain(&new).any(|s| s.writes);
        queries.push(query(id, writes, turns, progress)?);
        progress.advance(done);
    }
    progress.finish();
    Ok(queries)
}

pub(super) fn prepare(texts: &[Text], session: &Session) -> Result<Vec<Statement>> {
    let schema = Schema::read(session.connection())?;
    Ok(Workload::prepare(texts, session, &schema)?.statements)
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

type Turn<'s> = (&'s str, &'s Session, &'s Statement, Vec<Counters>);

fn query(id: &str, writes: bool, mut turns: Vec<Turn<'_>>, progress: &dyn Progress) -> Result<Query> {
    let began = Instant::now();
    for round in 0..ROUNDS {
        if round > 0 && began.elapsed() > BUDGET {
            break;
        }
        for (_, session, statement, costs) in &mut turns {
            progress.check()?;
            costs.push(if statement.writes {
                run(session, statement, Limit::NONE, progress)?.counters
            } else {
                let runs = statement.bindings.iter().map(|values| once(session, &statement.sql, values));
                Counters::mean(runs.collect::<Result<Vec<_>>>()?)
            });
        }
    }
    let mut runs: Vec<Run> = vec![];
    for (point, session, statement, costs) in turns {
        let mut plans = vec![];
        for values in &statement.bindings {
            plans.push(session.plan(&statement.sql, values)?.to_string());
        }
        plans.dedup();
        runs.push(Run {
            point: point.to_owned(),
            form: String::new(),
            cost: median(&costs).map_err(|e| Error::Invalid(format!("{id} at {point}: {e}")))?,
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
