//! The comparison: the chosen indexes are built on a fresh copy as the user would build them, and every statement is run
//! before and after, in turns.

use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::Measured;
use crate::advise::select::copies::build;
use crate::advise::verify::determinate::determinate;
use crate::cancel::is_past;
use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::counters::Counters;
use crate::model::index::quote;
use crate::model::plan::Plan;
use crate::model::report::{Interval, PAIRS, Verdict};
use crate::progress::Progress;
use crate::sql::syntax;
use crate::sqlite::Session;
use crate::sqlite::schema::ExistingIndex;
use crate::sqlite::session::{Held, Limit};
use crate::workload::Statement;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// A statement's comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Its plans as the database is.
    pub plans_before: Vec<Plan>,
    /// Its plans with the advice.
    pub plans_after: Vec<Plan>,
    /// The cost as the database is; the time is the median of the turns.
    pub before: Counters,
    /// The cost with the advice.
    pub after: Counters,
    /// Whether the rows are the same; none if a run was stopped or could not be made.
    pub same_rows: Option<bool>,
    /// How many times faster, from the runs in turns; none if it was not repeated.
    pub faster: Option<Interval>,
}

/// Time given to the turns of one statement, both sides together.
const TURNS_TIME: Duration = Duration::from_millis(150);
/// The most turns of one statement, and the fewest that tell anything.
const TURNS: (usize, usize) = (31, 3);
/// Time for slow statements, beside the share of what the workload took as found.
const SLOW_TIME: Duration = Duration::from_secs(2);
/// The share of the time that the workload took as found which its slow statements may take again.
const SLOW_SHARE: f64 = 0.25;

/// The time that is left for the turns of slow statements.
pub struct Turns {
    left: Duration,
    until: Option<Instant>,
}

impl Turns {
    /// The time for a workload that took so long as found.
    pub fn for_workload(found: &[Measured]) -> Self {
        let ns: u64 = found.iter().map(|m| m.counters.time_ns).sum();
        Self { left: SLOW_TIME + Duration::from_nanos(ns).mul_f64(SLOW_SHARE), until: None }
    }

    /// The same, but none after a deadline.
    pub fn until(self, deadline: Option<Instant>) -> Self {
        Self { until: deadline, ..self }
    }

    fn are_over(&self) -> bool {
        is_past(self.until)
    }

    /// Takes the time that a statement needs, if it is left.
    fn take(&mut self, time: Duration) -> bool {
        let enough = time <= self.left;
        self.left = self.left.saturating_sub(if enough { time } else { Duration::ZERO });
        enough
    }
}

/// A copy with its session.
pub struct WorkingCopy {
    session: Session,
    built: BTreeMap<String, u64>,
}

impl WorkingCopy {
    /// Opens a copy and builds indexes there.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if an index cannot be built.
    pub fn with(
        prepared: &Prepared,
        path: &Path,
        indexes: &[&Candidate],
        progress: &dyn Progress,
    ) -> Result<Self> {
        let session = prepared.open(path, progress.cancel_token())?;
        // The sorter of CREATE INDEX can use a second core; statements that are measured later must not.
        threads(&session, 2)?;
        progress.start("Building indexes", Some(indexes.len() as u64));
        let mut built = BTreeMap::new();
        for (done, candidate) in (1u64..).zip(indexes) {
            progress.check()?;
            let began = Instant::now();
            build(&session, candidate)?;
            let ns = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            built.insert(candidate.name.clone(), ns);
            progress.advance(done);
        }
        threads(&session, 0)?;
        progress.finish();
        Ok(Self { session, built })
    }

    /// Runs ANALYZE.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the copy cannot be analyzed.
    pub fn analyze(&self, progress: &dyn Progress) -> Result<()> {
        progress.start("Running ANALYZE", None);
        let analyzed = self.session.connection().execute_batch("ANALYZE");
        progress.finish();
        analyzed.context(|| "cannot analyze the copy".to_owned())
    }

    /// Nanoseconds that building an index took; 0 for one that was not built here.
    pub fn build_ns(&self, name: &str) -> u64 {
        self.built.get(name).copied().unwrap_or(0)
    }

    /// Drops an index.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if there is none of that name.
    pub fn drop_index(&self, name: &str) -> Result<()> {
        let sql = format!("DROP INDEX {}", quote(name));
        self.session.connection().execute_batch(&sql).context(|| format!("cannot drop {name}"))
    }

    /// Makes an index of the database again after it was dropped.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if its CREATE statement fails.
    pub fn restore_index(&self, index: &ExistingIndex) -> Result<()> {
        let conn = self.session.connection();
        if let Some(sql) = &index.sql {
            self.session.guard().create(conn, &index.name, sql)?;
        }
        let sql = format!("ANALYZE {}", quote(&index.name));
        conn.execute_batch(&sql).context(|| format!("cannot analyze {}", index.name))
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The plans of a statement for each of its sets of values.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if it cannot be planned.
    pub fn plans(&self, statement: &Statement) -> Result<Vec<Plan>> {
        let plans = self.session.plans(&statement.sql, &statement.bindings);
        plans.context(|| format!("cannot plan {}", statement.id))
    }
}

/// How many threads a statement may use to sort (<https://www.sqlite.org/pragma.html#pragma_threads>).
fn threads(session: &Session, count: u8) -> Result<()> {
    let pragma = || session.connection().pragma_update(None, "threads", count);
    pragma().context(|| "cannot set the number of threads".to_owned())
}

/// Runs a statement on both copies in turns. What it cost as found and what it costs with the advice is known.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the statement fails, [`crate::Error::Interrupted`].
pub fn compare(
    statement: &Statement,
    before: &WorkingCopy,
    after: &WorkingCopy,
    (known, second): (&Measured, &Measured),
    limit: Limit,
    turns: &mut Turns,
    progress: &dyn Progress,
) -> Result<Comparison> {
    let (plans_before, plans_after) = (before.plans(statement)?, after.plans(statement)?);
    let same_rows = same_rows(statement, before, after, known, second, limit)?;
    let mut comparison = Comparison {
        plans_before,
        plans_after,
        before: known.counters,
        after: second.counters,
        same_rows,
        faster: None,
    };
    if statement.only_planned || known.counters.timed_out || second.counters.timed_out || turns.are_over() {
        return Ok(comparison);
    }
    // A cold run of each side is not timed, then there are three turns at least; a statement for which there is no time is
    // told by its counters and the runs that were made anyway, unless these contradict each other.
    let once = Duration::from_nanos(known.counters.time_ns + second.counters.time_ns);
    let least = once * (TURNS.1 as u32 + 1);
    if least > TURNS_TIME && !turns.take(least) && !contradict(&known.counters, &second.counters) {
        return Ok(comparison);
    }
    let (mut one, mut two) = (Runner::new(before, statement)?, Runner::new(after, statement)?);
    // What is promised is what was counted here, where the advice was carried out, not on a clone.
    let (cold_before, cold_after) = (one.cold(limit)?, two.cold(limit)?);
    if cold_before.timed_out || cold_after.timed_out {
        return Ok(comparison);
    }
    (comparison.before, comparison.after) = (cold_before, cold_after);
    if statement.bindings.len() > 1 {
        // The cache was emptied before each set of values.
        one.time(limit)?;
        two.time(limit)?;
    }
    let (mut times, began) = ((vec![], vec![]), Instant::now());
    let faster = |times: &(Vec<u64>, Vec<u64>)| {
        Interval::of(times.0.iter().zip(&times.1).map(|(a, b)| *a as f64 / (*b).max(1) as f64).collect())
    };
    let mut fewest = TURNS.1;
    while times.0.len() < TURNS.0 && (times.0.len() < fewest || began.elapsed() < TURNS_TIME) {
        progress.check()?;
        times.0.push(one.time(limit)?);
        times.1.push(two.time(limit)?);
        // Few turns that all point one way, where the counters see nothing: as many as decide are worth their time.
        let is_open = |interval| Verdict::is_open(&cold_before, &cold_after, interval);
        let more = once * (PAIRS - times.0.len().min(PAIRS)) as u32;
        if times.0.len() == TURNS.1 && faster(&times).is_some_and(is_open) && turns.take(more) {
            fewest = PAIRS;
        }
    }
    comparison.faster = faster(&times);
    (comparison.before.time_ns, comparison.after.time_ns) = (median(times.0), median(times.1));
    Ok(comparison)
}

/// True if one run of each side took longer where it did less: a busy moment, or work that no counter sees.
fn contradict(before: &Counters, after: &Counters) -> bool {
    let (longer, less) = (after.time_ns > before.time_ns, after.cost() < before.cost());
    let by_much = before.time_ns.abs_diff(after.time_ns) as f64 > CONTRADICTS * before.time_ns as f64;
    by_much && longer == less
}

/// The share of the time by which one run has to differ for its direction to count.
const CONTRADICTS: f64 = 0.1;

/// A statement with each of its sets of values, prepared on one copy.
struct Runner<'c>(Vec<Held<'c>>);

impl<'c> Runner<'c> {
    fn new(copy: &'c WorkingCopy, statement: &Statement) -> Result<Self> {
        let held = statement.bindings.iter().map(|values| copy.session.hold(&statement.sql, values));
        Ok(Self(held.collect::<Result<_>>()?))
    }

    /// A mean run, the page cache empty before each set of values.
    fn cold(&mut self, limit: Limit) -> Result<Counters> {
        let runs = self.0.iter_mut().map(|held| held.run_cold(limit)).collect::<Result<Vec<_>>>()?;
        Ok(Counters::mean(runs.iter().map(|run| run.counters)))
    }

    /// Nanoseconds of a mean run.
    fn time(&mut self, limit: Limit) -> Result<u64> {
        let runs = self.0.iter_mut().map(|held| held.run(limit)).collect::<Result<Vec<_>>>()?;
        Ok(Counters::mean(runs.iter().map(|run| run.counters)).time_ns)
    }
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or(0)
}

/// Compares rows as multisets. Where the statement leaves open which rows come, both sides are asked again for
/// [`determinate`] ones.
fn same_rows(
    statement: &Statement,
    before: &WorkingCopy,
    after: &WorkingCopy,
    first: &Measured,
    second: &Measured,
    limit: Limit,
) -> Result<Option<bool>> {
    let stopped = first.counters.timed_out || second.counters.timed_out;
    if statement.only_planned || stopped || syntax::draws(&statement.sql) {
        return Ok(None);
    }
    let same = |a: &Measured, b: &Measured| {
        a.rows.len() == b.rows.len() && a.rows.iter().zip(&b.rows).all(|(x, y)| x.same_as(y))
    };
    if same(first, second) {
        return Ok(Some(true));
    }
    let Some(sql) = determinate(&before.session, &statement.sql) else { return Ok(Some(false)) };
    for values in &statement.bindings {
        let (a, b) = (before.session.run(&sql, values, limit), after.session.run(&sql, values, limit));
        let (Ok(a), Ok(b)) = (a, b) else { return Ok(Some(false)) };
        if a.counters.timed_out || b.counters.timed_out {
            return Ok(None);
        }
        if !a.rows.same_as(&b.rows) {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}
