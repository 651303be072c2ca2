//! The statements of a report timed on a database as it is, not on a copy: what advice did once it was followed.

use crate::error::{Result, unless_failed};
use crate::model::report::{Report, Statement};
use crate::progress::Progress;
use crate::sqlite::session::Limit;
use crate::sqlite::{Reader, Session};
use crate::workload::source::written_value;
use rusqlite::types::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one run may take.
const RUN: Duration = Duration::from_secs(10);
/// How long all runs of one pass may take together; what is not reached is left out of the comparison.
const ALL: Duration = Duration::from_secs(30);
/// A run that takes longer is not repeated.
const REPEAT: Duration = Duration::from_millis(300);
/// How often a statement is run; the quickest run counts, which is the one with a warm cache.
const RUNS: usize = 3;

/// Nanoseconds of each statement of a report; none of one that was not run to its end.
#[derive(Debug, Clone, Default)]
pub struct Timing(Vec<Option<f64>>);

/// Runs the reads of a report on the database, which is only read. A statement without values for its parameters, or that
/// fails, is left out.
///
/// # Errors
/// [`crate::Error::Open`] if the database cannot be read, [`crate::Error::Interrupted`].
pub fn time(db: &Path, report: &Report, progress: &dyn Progress) -> Result<Timing> {
    let reader = Reader::look_at(db, progress)?;
    let session = Session::reading(reader.connect()?, db, progress.cancel_token())?;
    let (began, mut times) = (Instant::now(), vec![]);
    progress.start("Timing the statements", Some(report.workload.statements.len() as u64));
    for (done, statement) in (1u64..).zip(&report.workload.statements) {
        let was_run = report.statements.iter().any(|o| o.id == statement.id && o.before.vm_steps > 0);
        times.push(if was_run && began.elapsed() < ALL { quickest(&session, statement)? } else { None });
        progress.advance(done);
    }
    progress.finish();
    Ok(Timing(times))
}

/// The quickest of a few runs over all sets of values.
fn quickest(session: &Session, statement: &Statement) -> Result<Option<f64>> {
    let sets: Vec<Vec<Value>> = match &statement.values[..] {
        [] => vec![vec![]],
        sets => sets.iter().map(|set| set.iter().map(|text| written_value(text)).collect()).collect(),
    };
    let mut best: Option<f64> = None;
    for _ in 0..RUNS {
        let began = Instant::now();
        let mut total = 0.0;
        for values in &sets {
            let limit = Limit { cost: f64::INFINITY, time: RUN };
            match unless_failed(session.run_read(&statement.sql, values, limit))?.flatten() {
                Some(run) if !run.counters.timed_out => total += run.counters.time_ns as f64,
                _ => return Ok(None),
            }
        }
        best = Some(best.map_or(total, |best| best.min(total)));
        if began.elapsed() > REPEAT {
            break;
        }
    }
    Ok(best.map(|total| total / sets.len().max(1) as f64))
}

/// How many statements were timed both times, and their weighted nanoseconds before and after; none where there are none.
pub fn compare(report: &Report, before: &Timing, after: &Timing) -> Option<(u64, [u64; 2])> {
    let both = report.workload.statements.iter().zip(before.0.iter().zip(&after.0));
    let told: Vec<[f64; 2]> =
        both.filter_map(|(s, (one, two))| Some([(*one)? * s.weight, (*two)? * s.weight])).collect();
    let sum = |side: fn(&[f64; 2]) -> f64| told.iter().map(side).sum::<f64>() as u64;
    (!told.is_empty()).then(|| (told.len() as u64, [sum(|t| t[0]), sum(|t| t[1])]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::progress::Silent;

    #[test]
    fn reads_are_timed_and_writes_and_what_has_no_values_are_not() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("app.db");
        rusqlite::Connection::open(&db)?.execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)")?;
        let sql = "SELECT * FROM t WHERE a = ?; SELECT * FROM t; DELETE FROM t";
        let request = crate::Request::new(&db).queries(crate::workload::readers::sql::queries("q", sql));
        let mut report = crate::advise(&request, &Silent)?;
        let before = std::fs::read(&db).map_err(Error::file("cannot read", &db))?;
        let timed = time(&db, &report, &Silent)?;
        assert_eq!(timed.0.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false]);
        assert!(compare(&report, &timed, &timed).is_some_and(|(n, [one, two])| n == 2 && one == two));
        report.workload.statements.iter_mut().for_each(|s| s.sql = "SELECT absent".to_owned());
        assert!(compare(&report, &timed, &time(&db, &report, &Silent)?).is_none());
        assert!(before == std::fs::read(&db).map_err(Error::file("cannot read", &db))?);
        Ok(())
    }
}
