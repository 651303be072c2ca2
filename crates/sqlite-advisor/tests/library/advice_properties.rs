//! What must hold for the advice on any database, whatever indexes and statistics it has: the same rows come, no read is slower
//! than as found in any of the promised states of the statistics, what is promised is what comes of following it, and then no
//! advice is left to give.

use crate::random_database::{Case, case};
use anyhow::{Context, Result, ensure};
use proptest::prelude::*;
use rusqlite::{Connection, StatementStatus};
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Group, Recommendation, Report};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::QuerySource;
use std::path::Path;
use std::time::Duration;

/// A read may take so many times more steps, and so many more.
const TOLERANCE: (f64, f64) = (1.1, 1_000.0);

fn advised(database: &Path, case: &Case) -> Result<Report> {
    // With a limit of time, however far off, the other preferences are not weighed, which nothing here looks at.
    let mut request = Request::new(database);
    request.time_limit = Some(Duration::from_secs(3_600));
    // Statements of different names are not taken together, whatever their shapes.
    let named = |(i, sql): (usize, &String)| QuerySource {
        name: Some(format!("s{i}")),
        ..QuerySource::from(sql.as_str())
    };
    Ok(advise(&request.queries(case.workload.iter().enumerate().map(named)), &Silent)?)
}

/// The steps of each read of the workload, by SQLite's own counter; none for a write.
fn steps(database: &Path, case: &Case) -> Result<Vec<Option<u64>>> {
    let conn = Connection::open(database)?;
    let mut all = vec![];
    for sql in &case.workload {
        let mut statement = conn.prepare(sql)?;
        if !statement.readonly() {
            all.push(None);
            continue;
        }
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        all.push(Some(u64::from(statement.get_status(StatementStatus::VmStep).cast_unsigned())));
    }
    Ok(all)
}

/// A copy of the database on which statements were carried out.
fn followed(database: &Path, name: &str, statements: &[&str]) -> Result<std::path::PathBuf> {
    let copy = database.with_file_name(name);
    std::fs::copy(database, &copy)?;
    let conn = Connection::open(&copy)?;
    conn.execute_batch("PRAGMA synchronous = OFF")?;
    for sql in statements {
        conn.execute_batch(sql).with_context(|| format!("{sql} fails"))?;
    }
    Ok(copy)
}

const NO_STAT4: &str = "DROP TABLE IF EXISTS sqlite_stat4";

/// Advises, follows the advice in each state of the statistics, and asks again.
fn check(case: &Case) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("case.db");
    let conn = Connection::open(&database)?;
    conn.execute_batch(&format!("PRAGMA synchronous = OFF; BEGIN; {} COMMIT", case.schema))?;
    drop(conn);
    let report = advised(&database, case)?;
    for s in &report.statements {
        ensure!(s.same_rows != Some(false), "{} gives other rows", s.id);
    }
    let now = |r: &&Recommendation| r.group() == Group::DoNow;
    let advice: Vec<&str> =
        report.recommendations.iter().filter(now).filter_map(Recommendation::sql).collect();
    let left_as_found: Vec<&str> = advice.iter().copied().filter(|sql| !sql.starts_with("ANALYZE")).collect();
    let no_stat4: Vec<&str> = advice.iter().copied().chain([NO_STAT4]).collect();

    let found = steps(&database, case)?;
    let found_no_stat4 = steps(&followed(&database, "found_no_stat4.db", &[NO_STAT4])?, case)?;
    let worse = found.iter().zip(&found_no_stat4).map(|(a, b)| *a.max(b)).collect::<Vec<_>>();
    let full = followed(&database, "full.db", &advice)?;
    let promised = steps(&full, case)?;
    for (s, counted) in report.statements.iter().zip(&promised) {
        let same = counted.is_none_or(|counted| counted == s.after.vm_steps);
        ensure!(same, "{} was promised to take {} steps and takes {counted:?}", s.id, s.after.vm_steps);
    }
    let states = [
        ("full", &found, promised),
        ("no stat4", &worse, steps(&followed(&database, "no_stat4.db", &no_stat4)?, case)?),
        ("as found", &found, steps(&followed(&database, "as_found.db", &left_as_found)?, case)?),
    ];
    for (state, before, after) in states {
        for (s, (before, after)) in report.statements.iter().zip(before.iter().zip(after)) {
            let (Some(before), Some(after)) = (before, after) else { continue };
            let allowed = (*before as f64 * TOLERANCE.0).max(*before as f64 + TOLERANCE.1);
            let named = report.notes.iter().any(|note| note.contains("slower") && note.contains(&s.id));
            ensure!(after as f64 <= allowed || named, "{state}: {} of {before} steps takes {after}", s.id);
        }
    }
    let again = advised(&full, case)?;
    let left: Vec<&str> = again.recommendations.iter().filter(now).filter_map(Recommendation::sql).collect();
    ensure!(left.is_empty(), "once {advice:?} was followed, {left:?} is left");
    Ok(())
}

/// Half of the cases, so that two threads share them.
fn half(seed: u8) -> Result<()> {
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let rng =
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    runner.run(&case(), |case| check(&case).map_err(|e| TestCaseError::fail(format!("{e:#}"))))?;
    Ok(())
}

/// 40 for each half, half a minute of work; `ADVISOR_CASES` sets another number.
fn cases() -> u32 {
    std::env::var("ADVISOR_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

#[test]
fn advice_keeps_rows_and_slows_nothing_and_comes_to_an_end() -> Result<()> {
    half(1)
}

#[test]
fn advice_keeps_rows_and_slows_nothing_and_comes_to_an_end_for_other_seeds() -> Result<()> {
    half(2)
}
