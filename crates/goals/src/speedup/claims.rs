//! Both forms of every claim on every point, run in turns, for the median and the biggest fractal. Their rows must be equal.

use crate::speedup::clock;
use crate::speedup::stages::{
    B0, B0_ANALYZED, M1, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED, M5_ANALYZED, Timeline,
};
use crate::speedup::texts;
use crate::speedup::value::{Claim, Effects, Ratio, Run, Scale};
use rusqlite::types::Value;
use sqlite_advisor::CancelToken;
use sqlite_advisor::error::{Context, Error, Result};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::rows::Rows;
use sqlite_advisor::sqlite::session::Limit;
use sqlite_advisor::sqlite::{Schema, Session};
use sqlite_advisor::workload::{Statement, Workload};
use std::collections::BTreeMap;
use std::time::Duration;

/// From the fourth round on no further one begins once those of one claim took so long.
pub const BUDGET: Duration = Duration::from_millis(500);

/// The form that joins.
pub const JOIN: &str = "join";
/// The form that reads the copied root_id.
pub const ROOT_ID: &str = "root_id";
/// The fractal in the middle by instances.
pub const MEDIAN: &str = "median";
/// The fractal with the most instances.
pub const BIGGEST: &str = "biggest";

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

/// Times that were measured elsewhere, in nanoseconds by [`Turn::name`].
pub type Times = BTreeMap<String, u64>;

/// The points of one scale, opened, with all that is run there.
pub struct Bench {
    scale: u64,
    sessions: Vec<(&'static str, bool, Session)>,
    statements: Vec<Statement>,
    fractals: [(&'static str, Vec<Value>); 2],
}

/// A claim of one fractal: its forms at the points.
pub struct Pair<'b> {
    /// The claim's name.
    pub claim: &'b str,
    /// [`MEDIAN`] or [`BIGGEST`]
    pub fractal: &'static str,
    /// Rows of the answer, the same in every turn that came to its end.
    pub rows: u64,
    /// The first is the join at B0.
    pub turns: Vec<Turn<'b>>,
}

/// A form at a point, and what one run of it costs.
pub struct Turn<'b> {
    /// `claim/fractal/scale/form/point`
    pub name: String,
    /// The point.
    pub point: &'static str,
    /// [`JOIN`] or [`ROOT_ID`]
    pub form: &'static str,
    /// One warm run. Stopped if it takes far longer than the join at B0; it is then not run again.
    pub counted: Counters,
    session: &'b Session,
    sql: &'b str,
    values: &'b [Value],
}

impl<'b> Turn<'b> {
    /// The statement, to be run again and again.
    ///
    /// # Errors
    /// [`Error::Sqlite`]
    pub fn prepare(&self) -> Result<clock::Prepared<'b>> {
        clock::Prepared::new(self.session, self.sql, self.values)
            .context(|| format!("cannot prepare {}", self.name))
    }
}

impl Bench {
    /// Opens all points.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if one cannot be read.
    pub fn open(timeline: &Timeline, cancel: &CancelToken) -> Result<Self> {
        let open = |(name, has)| Ok((name, has, timeline.open(name, cancel)?));
        let sessions = POINTS.into_iter().map(open).collect::<Result<Vec<_>>>()?;
        let (_, _, last) = sessions.last().ok_or_else(|| Error::Invalid("there are no points".to_owned()))?;
        let schema = Schema::read(last.connection())?;
        let statements = Workload::prepare(&texts::claims(), last, &schema)?.statements;
        let fractals = fractals(last)?;
        Ok(Self { scale: timeline.scale, sessions, statements, fractals })
    }

    /// The claims by name, each for both fractals.
    pub fn pairs(&self) -> Vec<(&str, &'static str)> {
        let mut names: Vec<&str> = self.statements.iter().filter_map(claim_of).collect();
        names.dedup();
        names.into_iter().flat_map(|name| self.fractals.iter().map(move |(f, _)| (name, *f))).collect()
    }

    /// Runs each form of a claim once at each point and compares the rows.
    ///
    /// # Errors
    /// [`Error::Invalid`] if two of them give different rows.
    pub fn pair<'b>(&'b self, claim: &'b str, fractal: &'static str) -> Result<Pair<'b>> {
        let mut pair = Pair { claim, fractal, rows: 0, turns: vec![] };
        let values = self.fractals.iter().find(|(name, _)| *name == fractal).map_or(&[][..], |(_, v)| v);
        let mut expected: Option<Rows> = None;
        for statement in self.statements.iter().filter(|s| claim_of(s) == Some(claim)) {
            let form = if statement.labels.get("form").is_some_and(|f| f == JOIN) { JOIN } else { ROOT_ID };
            let sql = statement.sql.as_str();
            for (point, _, session) in self.sessions.iter().filter(|(_, has, _)| *has || form == JOIN) {
                let limit = pair
                    .turns
                    .first()
                    .map_or(Limit::NONE, |first| clock::limit(&first.counted, clock::STOP_FROM));
                let run = session.run(sql, values, limit)?;
                let counted = run.counters;
                if !counted.timed_out {
                    // LIMIT leaves open which of equally new rows come; what it orders by must be the same.
                    let found = if sql.ends_with("LIMIT 50") {
                        session.run(&format!("SELECT created_at FROM ({sql})"), values, Limit::NONE)?.rows
                    } else {
                        run.rows
                    };
                    if expected.as_ref().is_some_and(|first| !first.same_as(&found)) {
                        return Err(Error::Invalid(format!(
                            "{claim}: the rows at {point} ({form}) differ from those at B0"
                        )));
                    }
                    pair.rows = found.count();
                    expected.get_or_insert(found);
                }
                let name = format!("{claim}/{fractal}/{}/{form}/{point}", self.scale);
                pair.turns.push(Turn { name, point, form, counted, session, sql, values });
            }
        }
        Ok(pair)
    }
}

fn claim_of(statement: &Statement) -> Option<&str> {
    statement.labels.get("pair").map(String::as_str)
}

/// Measures all claims at one scale. What has a time already is not timed again.
///
/// # Errors
/// [`Error::Invalid`] if two runs of a claim give different rows.
pub fn measure(timeline: &Timeline, times: &Times, progress: &dyn Progress) -> Result<Scale> {
    let bench = Bench::open(timeline, progress.cancel_token())?;
    let pairs = bench.pairs();
    progress.start("Measuring the claims", Some(pairs.len() as u64));
    let (mut claims, mut elsewhere) = (vec![], false);
    for (done, (claim, fractal)) in (1u64..).zip(pairs) {
        progress.check()?;
        let pair = bench.pair(claim, fractal)?;
        elsewhere |= pair.turns.iter().any(|t| times.contains_key(&t.name));
        claims.push(timed(&pair, times, progress)?);
        progress.advance(done);
    }
    progress.finish();
    let timed_by = if elsewhere { "criterion, median" } else { "this tool, the quickest run" };
    Ok(Scale {
        scale: timeline.scale,
        rows: timeline.rows,
        fractals: timeline.fractals,
        timed_by: timed_by.to_owned(),
        points: timeline.points(),
        claims,
    })
}

/// The median and the biggest fractal by instances, each with its id and the metric it notes most.
fn fractals(session: &Session) -> Result<[(&'static str, Vec<Value>); 2]> {
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
    let found = || Ok([(MEDIAN, pick("(SELECT count(*) / 2 FROM sizes)")?), (BIGGEST, pick("0")?)]);
    found().context(|| "cannot find the fractals".to_owned())
}

fn timed(pair: &Pair<'_>, times: &Times, progress: &dyn Progress) -> Result<Claim> {
    let known = |turn: &Turn<'_>| times.get(&turn.name).copied();
    let mut quickest: Vec<u64> = pair.turns.iter().map(|turn| turn.counted.time_ns).collect();
    if pair.turns.iter().any(|turn| known(turn).is_none() && !turn.counted.timed_out) {
        let mut prepared = pair.turns.iter().map(Turn::prepare).collect::<Result<Vec<_>>>()?;
        clock::rounds(BUDGET, || {
            let turns = pair.turns.iter().zip(&mut prepared).zip(&mut quickest);
            for ((turn, prepared), best) in turns.filter(|((turn, _), _)| !turn.counted.timed_out) {
                progress.check()?;
                *best = (*best).min(prepared.time(&turn.counted)?);
            }
            Ok(())
        })?;
    }
    let mut runs: Vec<Run> = vec![];
    for (turn, best) in pair.turns.iter().zip(quickest) {
        let plan = turn.session.plan(turn.sql, turn.values)?.to_string();
        let (point, form) = (turn.point.to_owned(), turn.form.to_owned());
        let time_ns = known(turn).unwrap_or(best);
        runs.push(Run { point, form, cost: Counters { time_ns, ..turn.counted }, plan });
    }
    let effects = effects(&runs)?;
    Ok(Claim {
        claim: pair.claim.to_owned(),
        fractal: pair.fractal.to_owned(),
        rows: pair.rows,
        runs,
        effects,
    })
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
