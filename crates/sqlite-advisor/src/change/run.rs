//! One change, one transaction.

use crate::change::Change;
use crate::change::backup::{self, Traces, Unnamed};
use crate::change::clock::{Clock, nanoseconds};
use crate::change::ledger::Receipt;
use crate::change::outcome::{Done, Options, Outcome};
use crate::change::plan::{Planned, plan};
use crate::change::state::DatabaseState;
use crate::change::step::{State, Step};
use crate::change::verify::{self, Before, Digests};
use crate::error::{Context, Error, Result};
use crate::parallel::beside;
use crate::progress::Progress;
use crate::sqlite::Schema;
use crate::sqlite::files::check_space;
use crate::sqlite::source::{refuse_odd_files, refused};
use crate::sqlite::{Snapshot, guard, open_immutable};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// Carries a change out, wholly or not at all: see the module's head.
///
/// # Errors
/// [`Error::Open`], [`Error::NoSpace`], [`Error::Sqlite`] of a step, [`Error::Interrupted`]; the database is then as it was.
pub fn carry_out(db: &Path, change: &Change, options: &Options, progress: &dyn Progress) -> Result<Outcome> {
    let conn = open(db, options.wait)?;
    progress.cancel_token().watch(&conn, || {
        if !is_pending(&plan(&conn, change)?) {
            return untouched(&conn, change, options);
        }
        begin(&conn, db)?;
        let mut traces = Traces::in_folder(&options.backups)?;
        let result = transact(&conn, db, change, options, &mut traces, progress);
        let mut outcome = end(&conn, db, result, options.wait)?;
        outcome.bytes_after = size(&conn)?;
        if outcome.committed {
            traces.keep();
            outcome.removed = backup::prune(db, &options.backups, options.keep)?;
        }
        Ok(outcome)
    })
}

/// Carries a change out on a copy in a temporary folder, which is then thrown away.
///
/// # Errors
/// As [`carry_out`].
pub fn rehearse(db: &Path, change: &Change, options: &Options, progress: &dyn Progress) -> Result<Outcome> {
    // Room for the copy, its journal and what the change adds. No connection to the database is open here, so no lock is lost.
    let snapshot = Snapshot::take(db, 2, progress)?;
    let copy = snapshot.path();
    let conn = open(copy, options.wait)?;
    progress.cancel_token().watch(&conn, || {
        if !is_pending(&plan(&conn, change)?) {
            return untouched(&conn, change, options);
        }
        begin(&conn, copy)?;
        let all = verify::digests(&conn, &pending_steps(&conn, change)?, progress)?;
        let before = Before::measure(&conn, &all)?;
        let mut clock = Clock::default();
        let result = run_steps(&conn, change, progress).and_then(|outcome| {
            clock.lap("steps");
            check(&conn, change, outcome, &before, &options.accept, clock, progress)
        });
        let mut outcome = end(&conn, copy, result, options.wait)?;
        outcome.bytes_after = size(&conn)?;
        Ok(outcome)
    })
}

/// Opens the database for writing, with the settings under which a change is safe; what a killed process left is rolled
/// back by SQLite at the first look.
///
/// # Errors
/// [`Error::Open`] if it is no database that can be written.
pub fn open(db: &Path, wait: Duration) -> Result<Connection> {
    if !db.exists() {
        let reason = "no such file; check the path given with --db".to_owned();
        return Err(Error::Open { path: db.to_owned(), reason });
    }
    refuse_odd_files(db)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(db, flags).map_err(|e| refused(db, &e))?;
    conn.busy_timeout(wait)?;
    guard::harden(&conn)?;
    // Foreign keys are not enforced, as by the application; they are counted before and after instead.
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA synchronous = EXTRA; PRAGMA recursive_triggers = OFF; PRAGMA cache_size = -81920;",
    )
    .map_err(|e| refused(db, &e))?;
    Ok(conn)
}

/// Takes the write lock. From here on nobody else can write.
fn begin(conn: &Connection, db: &Path) -> Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE").map_err(|e| locked(db, e))
}

fn locked(db: &Path, source: rusqlite::Error) -> Error {
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => Error::Open {
            path: db.to_owned(),
            reason: "is in use by another process; nothing was changed; try again when it is done".to_owned(),
        },
        _ => Error::Sqlite { context: format!("{}: cannot be changed", db.display()), source },
    }
}

/// Backup, steps, checks and the receipt; leaves the transaction open.
///
/// What can be done on the copy is done beside: the steps do not wait until it is verified, only COMMIT does.
fn transact(
    conn: &Connection,
    db: &Path,
    change: &Change,
    options: &Options,
    traces: &mut Traces,
    progress: &dyn Progress,
) -> Result<Outcome> {
    let bytes = size(conn)?;
    // The copy, the journal and what the change adds: no more than twice the file for a file of indexes.
    check_space(&options.backups, bytes)?;
    check_space(db.parent().unwrap_or(Path::new(".")), bytes.saturating_mul(3))?;
    let mut clock = Clock::default();
    let steps = pending_steps(conn, change)?;
    let stamp = jiff::Zoned::now().strftime("%Y%m%d_%H%M%S").to_string();
    let (copy, all) =
        beside(|| copy(db, &options.backups, &stamp, progress), || verify::digests(conn, &steps, progress));
    let (copy, all) = (copy?, all?);
    clock.lap("backup");
    let (copied, outcome) =
        beside(|| examine(copy.partial(), &steps, progress), || run_steps(conn, change, progress));
    // The copy's word comes first: what is wrong with the database can also be why a step failed.
    let (before, copied, state) = copied?;
    if all != copied {
        return Err(Error::Invalid("the backup does not hold the same rows; nothing was changed".into()));
    }
    clock.lap("steps, and the backup verified");
    let mut outcome = check(conn, change, outcome?, &before, &options.accept, clock, progress)?;
    if outcome.verified() {
        let backup = copy.publish(all.len())?;
        traces.add(&backup.path);
        outcome.backup = Some(backup);
        if options.receipt {
            // What no step touches or fills was just found to be the same.
            let mut unchanged = all;
            unchanged.retain(|table, _| steps.iter().all(|s| s.resizes() != Some(table)));
            let after = DatabaseState::read(conn, &unchanged, progress)?;
            let receipt = Receipt::new(db, &outcome, state, after).write(db, &options.backups)?;
            traces.add(&receipt);
            outcome.receipt = Some(receipt);
        }
    }
    Ok(outcome)
}

/// A copy of what is committed. SQLite does not copy from a connection that holds the write lock, so a second one reads
/// the same state.
fn copy(db: &Path, backups: &Path, stamp: &str, progress: &dyn Progress) -> Result<Unnamed> {
    Unnamed::copy(&backup::open_locked(db)?, db, backups, stamp, progress)
}

/// The copy must be sound; says what is in it, and what a change must not make worse.
fn examine(
    copy: &Path,
    steps: &[&Step],
    progress: &dyn Progress,
) -> Result<(Before, Digests, DatabaseState)> {
    let copy = open_immutable(copy)?;
    progress.cancel_token().watch(&copy, || {
        sound(verify::integrity(&copy)?)?;
        let all = verify::digests(&copy, steps, progress)?;
        let state = DatabaseState::read(&copy, &all, progress)?;
        Ok((Before::measure(&copy, &all)?, all, state))
    })
}

fn sound(damage: Vec<String>) -> Result<()> {
    let Some(first) = damage.first() else { return Ok(()) };
    Err(Error::Invalid(format!(
        "the database is damaged and was left as it is: integrity_check says {first:?}; repair or restore it first"
    )))
}

/// The steps that would change something now.
fn pending_steps<'c>(conn: &Connection, change: &'c Change) -> Result<Vec<&'c Step>> {
    let plan = plan(conn, change)?;
    let pending = change.steps().zip(plan).filter(|(_, planned)| planned.state == State::Pending);
    Ok(pending.map(|((_, step), _)| step).collect())
}

/// Runs the steps that are pending.
fn run_steps(conn: &Connection, change: &Change, progress: &dyn Progress) -> Result<Outcome> {
    let mut outcome =
        Outcome { name: change.name.clone(), at: now(), bytes_before: size(conn)?, ..Outcome::default() };
    progress.start("Changing the database", Some(change.steps().count() as u64));
    for stage in &change.stages {
        // What a later stage has taken away cannot be asked about any more.
        for note in stage.notes.iter().filter(|note| conn.prepare(&note.sql).is_ok()) {
            outcome.notes.push(note.ask(conn, EXAMPLES)?);
        }
        for step in &stage.steps {
            progress.check()?;
            match step.state(conn, &Schema::read(conn)?)? {
                State::Done => outcome.already += 1,
                State::Differs(how) => outcome.differs.push((step.title(), how)),
                State::Pending => {
                    let began = Instant::now();
                    let rows = step.run(conn)?;
                    let (stage, title, sql) = (stage.name.clone(), step.title(), step.sql());
                    outcome.done.push(Done { stage, title, sql, rows, ns: nanoseconds(began) });
                }
            }
            progress.advance((outcome.done.len() + outcome.already + outcome.differs.len()) as u64);
        }
    }
    Ok(outcome)
}

/// Holds the changed database, which is not committed yet, against what was before.
fn check(
    conn: &Connection,
    change: &Change,
    mut outcome: Outcome,
    before: &Before,
    accept: &BTreeSet<String>,
    mut clock: Clock,
    progress: &dyn Progress,
) -> Result<Outcome> {
    progress.start("Verifying", None);
    outcome.rows_before = before.rows().clone();
    // The check of the integrity looks every row up in every index: their upper pages stay in memory.
    conn.execute_batch("PRAGMA cache_size = -131072")?;
    let checks = verify::verify(conn, change, before, EXAMPLES, &mut clock, progress)?;
    outcome.checks = checks.into_iter().map(|check| check.accept(accept)).collect();
    for table in crate::sqlite::schema::table_names(conn)? {
        let rows = crate::sqlite::schema::count_rows(conn, &table)?;
        outcome.rows_after.insert(table, rows);
    }
    outcome.times = clock.laps();
    progress.finish();
    Ok(outcome)
}

/// How many failing rows a report names.
const EXAMPLES: usize = 5;

/// COMMIT if every check passed, else ROLLBACK.
fn end(conn: &Connection, db: &Path, result: Result<Outcome>, wait: Duration) -> Result<Outcome> {
    let verified = result.as_ref().is_ok_and(Outcome::verified);
    if !verified {
        // After a full disk or an I/O error SQLite may have rolled back by itself.
        if !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK").context(|| "cannot roll back".to_owned())?;
        }
        return result;
    }
    let mut outcome = result?;
    let began = Instant::now();
    // A reader can hold a COMMIT up; the transaction stays open and is tried again.
    while let Err(e) = conn.execute_batch("COMMIT") {
        let busy = e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        if !busy || began.elapsed() > wait {
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK").context(|| "cannot roll back".to_owned())?;
            }
            return Err(locked(db, e));
        }
    }
    outcome.times.push(("commit".to_owned(), nanoseconds(began)));
    outcome.committed = true;
    Ok(outcome)
}

/// Nothing was pending: the database is only looked at.
fn untouched(conn: &Connection, change: &Change, options: &Options) -> Result<Outcome> {
    let mut outcome = Outcome { name: change.name.clone(), at: now(), ..Outcome::default() };
    for planned in plan(conn, change)? {
        match planned.state {
            State::Differs(how) => outcome.differs.push((planned.title, how)),
            _ => outcome.already += 1,
        }
    }
    for rule in &change.rules {
        outcome.checks.push(rule.ask(conn, EXAMPLES)?.accept(&options.accept));
    }
    (outcome.bytes_before, outcome.bytes_after) = (size(conn)?, size(conn)?);
    Ok(outcome)
}

fn is_pending(plan: &[Planned]) -> bool {
    plan.iter().any(|p| p.state == State::Pending)
}

/// Pages times page size, of the transaction's own state.
pub(super) fn size(conn: &Connection) -> Result<u64> {
    let pages: i64 = conn
        .query_row("PRAGMA page_count", [], |r| r.get(0))
        .context(|| "cannot read the database".to_owned())?;
    let page: i64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0))?;
    Ok((pages * page).unsigned_abs())
}

/// The time now, in RFC 3339 and whole seconds, with the offset of this place.
pub(super) fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
