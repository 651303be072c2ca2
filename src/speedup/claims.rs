//! Both forms of every claim on every point, run in turns, for the median and the biggest fractal. Their rows must be equal.

use crate::counters::Counters;
use crate::database::rows::Rows;
use crate::database::session::Limit;
use crate::database::{Schema, Session};
use crate::error::{Context, Error, Result};
use crate::progress::Progress;
use crate::speedup::stages::{B0, B0_ANALYZED, M1, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED, M5_ANALYZED, Road};
use crate::speedup::texts;
use crate::speedup::value::{Claim, Effects, Ratio, Run, Scale};
use crate::workload::{Statement, Workload};
use rusqlite::types::Value;
use std::time::{Duration, Instant};

/// The most runs of a statement at a point.
pub const ROUNDS: usize = 9;
/// No further round begins once those of one claim took so long.
pub const BUDGET: Duration = Duration::from_millis(500);

/// The form that joins.
pub const JOIN: &str = "join";
/// The form that reads the copied root_id.
pub const ROOT_ID: &str = "root_id";

/// The points, and whether root_id is there.
const POINTS: [(&str, bool); 8] = [
    (B0, false),
    (B0_ANALYZED, false),
    (M1, false),
    (M2_ROOTS, true),
    (M2_INDEXES, true),
    (M5, true),
    (M5_ANALYZED, true),
    (M5_ADVISED, true),
];

/// Measures all claims at one scale.
///
/// # Errors
/// [`Error::Invalid`] if two runs of a claim give different rows.
pub fn measure(road: &Road, progress: &dyn Progress) -> Result<Scale> {
    let sessions: Vec<(&str, bool, Session)> =
        POINTS.iter().map(|(name, has)| Ok((*name, *has, road.open(name)?))).collect::<Result<_>>()?;
    let migrated = road.open(M5_ADVISED)?;
    let schema = Schema::read(migrated.connection())?;
    let statements = Workload::prepare(&texts::claims(), &migrated, &schema)?.statements;
    let names: Vec<&String> = statements.iter().filter_map(|s| s.labels.get("pair")).collect();
    let mut pairs: Vec<&String> = vec![];
    for name in names {
        if !pairs.contains(&name) {
            pairs.push(name);
        }
    }
    let (mut claims, mut done) = (vec![], 0);
    progress.start("Measuring the claims", Some(2 * pairs.len() as u64));
    for pair in pairs {
        for (fractal, values) in fractals(&migrated)? {
            claims.push(claim(pair, fractal, &values, &statements, &sessions, progress)?);
            done += 1;
            progress.advance(done);
        }
    }
    progress.finish();
    Ok(Scale { scale: road.scale, rows: road.rows, fractals: road.fractals, points: road.points(), claims })
}

/// The median and the biggest fractal by instances, each with its id and the metric it notes most.
pub fn fractals(session: &Session) -> Result<[(&'static str, Vec<Value>); 2]> {
    let conn = session.connection();
    let pick = |place: &str| -> rusqlite::Result<Vec<Value>> {
        let root: Value = conn.query_row(
            &format!(
                "WITH sizes AS (SELECT root_id, count(*) AS n FROM activity_instances WHERE root_id IS NOT NULL GROUP BY root_id)
                 SELECT root_id FROM sizes ORDER BY n DESC, root_id LIMIT 1 OFFSET {place}"
            ),
            [],
            |r| r.get(0),
        )?;
        let metric: Value = conn.query_row(
            "SELECT metric_definition_id FROM metric_values WHERE root_id = ? GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            [&root],
            |r| r.get(0),
        )?;
        Ok(vec![root, metric])
    };
    let found = || Ok([("median", pick("(SELECT count(*) / 2 FROM sizes)")?), ("biggest", pick("0")?)]);
    found().context(|| "cannot find the fractals".to_owned())
}

fn claim(
    pair: &str,
    fractal: &str,
    values: &[Value],
    statements: &[Statement],
    sessions: &[(&str, bool, Session)],
    progress: &dyn Progress,
) -> Result<Claim> {
    let mut turns: Vec<Turn<'_>> = vec![];
    for statement in statements.iter().filter(|s| s.labels.get("pair").is_some_and(|p| p == pair)) {
        let form = if statement.labels.get("form").is_some_and(|f| f == JOIN) { JOIN } else { ROOT_ID };
        for (point, has_roots, session) in sessions.iter().filter(|(_, has, _)| *has || form == JOIN) {
            debug_assert!(*has_roots || form == JOIN);
            turns.push(Turn { point, form, session, sql: &statement.sql, runs: vec![] });
        }
    }
    let mut rows: Option<Rows> = None;
    for turn in &turns {
        // LIMIT leaves open which of equally new rows come; what it orders by must be the same.
        let sql = if turn.sql.ends_with("LIMIT 50") {
            format!("SELECT created_at FROM ({})", turn.sql)
        } else {
            turn.sql.to_owned()
        };
        let found = turn.session.run(&sql, values, Limit::NONE)?.rows;
        if rows.as_ref().is_some_and(|first| !first.same_as(&found)) {
            return Err(Error::Invalid(format!(
                "{pair}: the rows at {} ({}) differ from those at B0",
                turn.point, turn.form
            )));
        }
        rows.get_or_insert(found);
    }
    let began = Instant::now();
    for round in 0..ROUNDS {
        if round > 0 && began.elapsed() > BUDGET {
            break;
        }
        for turn in &mut turns {
            progress.check()?;
            turn.runs.push(once(turn.session, turn.sql, values)?);
        }
    }
    let mut runs: Vec<Run> = vec![];
    for turn in turns {
        let plan = turn.session.plan(turn.sql, values)?.to_string();
        let (point, form) = (turn.point.to_owned(), turn.form.to_owned());
        runs.push(Run { point, form, cost: median(&turn.runs)?, plan });
    }
    let effects = effects(&runs)?;
    let rows = rows.map_or(0, |r| r.count());
    Ok(Claim { claim: pair.to_owned(), fractal: fractal.to_owned(), rows, runs, effects })
}

/// One run of a read that is prepared and warm: its counters, and the time of stepping through all rows and reading all columns, nothing else.
pub(super) fn once(session: &Session, sql: &str, values: &[Value]) -> Result<Counters> {
    let counters = session.run(sql, values, Limit::NONE)?.counters;
    let time = || -> rusqlite::Result<u64> {
        let mut statement = session.prepare(sql)?;
        for (i, value) in (1..).zip(values).take(statement.parameter_count()) {
            statement.raw_bind_parameter(i, value)?;
        }
        let columns = statement.column_count();
        // With STAT4 SQLite plans again at the first step after values were bound; that is planning, not running.
        statement.raw_query().next()?;
        let mut rows = statement.raw_query();
        let began = Instant::now();
        while let Some(row) = rows.next()? {
            for i in 0..columns {
                std::hint::black_box(row.get_ref(i)?);
            }
        }
        Ok(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    };
    let time_ns = time().context(|| "the statement fails".to_owned())?;
    Ok(Counters { time_ns, ..counters })
}

/// A form at a point, and what its runs cost.
struct Turn<'s> {
    point: &'s str,
    form: &'static str,
    session: &'s Session,
    sql: &'s str,
    runs: Vec<Counters>,
}

/// The counters, which are the same in every run, with the median of the times.
pub(super) fn median(runs: &[Counters]) -> Result<Counters> {
    let mut times: Vec<u64> = runs.iter().map(|c| c.time_ns).collect();
    times.sort_unstable();
    let first = runs.first().ok_or_else(|| Error::Invalid("a statement was not run".to_owned()))?;
    if runs.iter().any(|c| c.vm_steps != first.vm_steps || c.rows != first.rows) {
        return Err(Error::Invalid(
            "two runs of a statement on the same database differ in steps".to_owned(),
        ));
    }
    Ok(Counters { time_ns: times.get(times.len() / 2).copied().unwrap_or(0), ..*first })
}

fn effects(runs: &[Run]) -> Result<Effects> {
    let cost = |point: &str, form: &str| {
        let found = runs.iter().find(|r| r.point == point && r.form == form);
        found.map(|r| r.cost).ok_or_else(|| Error::Invalid(format!("no {form} at {point}")))
    };
    let join = cost(B0, JOIN)?;
    Ok(Effects {
        analyze: Ratio::of(&join, &cost(B0_ANALYZED, JOIN)?),
        indexes: Ratio::of(&join, &cost(M2_INDEXES, JOIN)?),
        copy_alone: Ratio::of(&join, &cost(M2_ROOTS, ROOT_ID)?),
        denormalised: Ratio::of(&cost(M2_INDEXES, JOIN)?, &cost(M2_INDEXES, ROOT_ID)?),
        total: Ratio::of(&join, &cost(M2_INDEXES, ROOT_ID)?),
        advised: Ratio::of(&cost(M5, ROOT_ID)?, &cost(M5_ADVISED, ROOT_ID)?),
    })
}
