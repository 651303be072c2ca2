//! Disk full, I/O errors and power cuts at every moment of a command: the database is before or after, never between, and the
//! next run finishes the work. A command that only reads leaves everything as it is.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a test, without libtest around it

#[path = "../cli/support.rs"]
#[expect(dead_code)] // the other tests use the rest of it
mod support;
mod vfs;

use support::*;
use vfs::{Fault, install, with, without_syncs};

use libtest_mimic::{Arguments, Failed, Trial};

use goals::migrations::{Point, Style, change};
use goals::schema::Variant;
use rusqlite::{Connection, ffi};
use sqlite_advisor::change::restore::restore;
use sqlite_advisor::change::undo::{find, undo};
use sqlite_advisor::change::{Change, Options, carry_out, rehearse, script};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::{Request, advise};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

type Test = fn() -> Result;

const TESTS: [(&str, Test); 7] = [
    ("a_migration_is_done_or_not_whatever_fails", || migration_at(&ERRORS)),
    ("a_migration_is_done_or_not_wherever_the_power_goes", || migration_at(&CUTS)),
    ("a_restore_is_done_or_not_and_the_next_run_finishes_it", a_restore),
    ("advice_is_applied_or_not_and_the_next_run_finishes_it", advice),
    ("a_change_is_taken_back_or_not_and_the_next_run_finishes_it", a_change_taken_back),
    ("a_sync_that_is_left_out_is_found_by_these_tests", a_sync_left_out),
    ("what_only_reads_refuses_and_leaves_everything_as_it_is", what_only_reads),
];

/// Names the test that this process is for.
const ALONE: &str = "ADVISOR_FAULTS_TEST";

/// The faults belong to a whole process, so each test runs in one of its own.
fn main() -> ExitCode {
    if let Ok(alone) = std::env::var(ALONE) {
        install();
        let tests = TESTS.iter().filter(|(name, _)| *name == alone);
        let failed: Vec<_> = tests.filter_map(|(_, test)| test().err()).collect();
        failed.iter().for_each(|why| eprintln!("{why}"));
        return if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let arguments = Arguments::from_args();
    let is_told = arguments.nocapture;
    let trials = TESTS.map(|(name, _)| Trial::test(name, move || process_of_its_own(name, is_told)));
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}

fn process_of_its_own(test: &str, is_told: bool) -> std::result::Result<(), Failed> {
    let output = Command::new(std::env::current_exe()?).env(ALONE, test).output()?;
    let told =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    if !output.status.success() {
        return Err(format!("{}\n{told}", output.status).into());
    }
    if is_told {
        print!("{told}");
    }
    Ok(())
}

/// Every so-manieth operation has its turn; a longer run asks for each.
fn step(usual: u64) -> u64 {
    std::env::var("ADVISOR_FAULT_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(usual)
}

/// What can go wrong, but for a loss of power.
const ERRORS: [Fault; 3] =
    [Fault::Once(ffi::SQLITE_IOERR_WRITE), Fault::Once(ffi::SQLITE_FULL), Fault::Lasting(ffi::SQLITE_FULL)];
/// The power goes, and nothing of what was not forced to disk is there; or only the database, or only its journal.
const CUTS: [Fault; 3] = [
    Fault::PowerCut { lost: "" },
    Fault::PowerCut { lost: "victim.db" },
    Fault::PowerCut { lost: "-journal" },
];

type Work<'w> = &'w dyn Fn() -> sqlite_advisor::Result<()>;

/// A fresh copy of `start` at `victim`, with nothing beside it.
fn begin(start: &Path, victim: &Path) -> Result {
    for suffix in ["-journal", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", text(victim)));
    }
    std::fs::copy(start, victim)?;
    Ok(())
}

/// How many operations met a fault, and what was seen that must not be.
struct Found {
    failures: u64,
    wrong: Vec<String>,
}

/// Does the work on a fresh copy of `start` at `victim` again and again with a fault at one operation after another.
fn at_every(faults: &[Fault], step: u64, start: &Path, victim: &Path, work: Work<'_>) -> Result<Found> {
    begin(start, victim)?;
    work()?;
    let (before, after) = (state(start)?, state(victim)?);
    assert_ne!(before, after);
    let mut all = Found { failures: 0, wrong: vec![] };
    for &fault in faults {
        let mut nth = 0;
        loop {
            begin(start, victim)?;
            let (result, reached) = with(fault, nth, work);
            // Whoever looks first may be struck as well, while SQLite rolls back.
            let _ = with(Fault::Once(ffi::SQLITE_IOERR_WRITE), nth % 3, || state(victim));
            let found = state(victim).unwrap_or_else(|e| format!("cannot be read: {e}"));
            if found != before && found != after {
                all.wrong.push(format!("{fault:?} at {nth}: half done"));
            } else if result.is_ok() && found != after {
                all.wrong.push(format!("{fault:?} at {nth}: lost without a word"));
            } else if found == before {
                all.failures += 1;
                work()?;
                if state(victim)? != after {
                    all.wrong.push(format!("{fault:?} at {nth}: not finished by the next run"));
                }
            }
            if !reached {
                break;
            }
            nth += step;
        }
        println!("faults: {fault:?} at {} operations", nth / step);
    }
    Ok(all)
}

fn is_whole_or_not_at_all(
    faults: &[Fault],
    step: u64,
    start: &Path,
    victim: &Path,
    work: Work<'_>,
) -> Result {
    let found = at_every(faults, step, start, victim, work)?;
    assert_eq!(found.wrong, [] as [String; 0]);
    assert!(found.failures > 4 * faults.len() as u64, "{} failures", found.failures);
    Ok(())
}

fn options(backups: &Path) -> Options {
    let wait = std::time::Duration::from_millis(100);
    Options { backups: backups.to_owned(), keep: 1, accept: Default::default(), wait, receipt: true }
}

fn carried_out(db: &Path, change: &Change, backups: &Path) -> sqlite_advisor::Result<()> {
    carry_out(db, change, &options(backups), &Silent).map(|_| ())
}

fn migrate(db: &Path, backups: &Path) -> sqlite_advisor::Result<()> {
    carried_out(db, &change(Point::M5, Style::default()), backups)
}

/// A small database of an application, and advice for it.
struct App {
    folder: tempfile::TempDir,
    db: PathBuf,
    victim: PathBuf,
    backups: PathBuf,
    advice: Change,
}

impl App {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let [db, victim, backups, file] =
            ["app.db", "victim.db", "backups", "advice.sql"].map(|name| folder.path().join(name));
        Connection::open(&db)?.execute_batch(
            "PRAGMA page_size = 512; CREATE TABLE t(a, b, c); CREATE INDEX old ON t(c);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200)
             INSERT INTO t SELECT i, i % 7, hex(zeroblob(i % 40)) FROM n; ANALYZE",
        )?;
        std::fs::write(
            &file,
            "CREATE INDEX i ON t(b, c); CREATE INDEX j ON t(a) WHERE b = 3; DROP INDEX old; ANALYZE",
        )?;
        let advice = script::read(&file)?.change;
        Ok(Self { folder, db, victim, backups, advice })
    }

    fn apply(&self) -> sqlite_advisor::Result<()> {
        carried_out(&self.victim, &self.advice, &self.backups)
    }
}

fn migration_at(faults: &[Fault]) -> Result {
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let (victim, backups) = (world.copy("victim.db")?, world.folder.path().join("backups"));
    is_whole_or_not_at_all(faults, step(20), &world.db, &victim, &|| migrate(&victim, &backups))
}

fn a_restore() -> Result {
    let app = App::new()?;
    let good = app.folder.path().join("good.db");
    std::fs::copy(&app.db, &good)?;
    begin(&app.db, &app.victim)?;
    app.apply()?;
    std::fs::copy(&app.victim, &app.db)?;
    let back = || restore(&app.victim, &good, &app.backups, &Silent).map(|_| ());
    is_whole_or_not_at_all(&[ERRORS, CUTS].concat(), step(12), &app.db, &app.victim, &back)
}

fn advice() -> Result {
    for journal in ["delete", "wal"] {
        let app = App::new()?;
        set_journal_mode(&app.db, journal)?;
        is_whole_or_not_at_all(&[ERRORS, CUTS].concat(), step(12), &app.db, &app.victim, &|| app.apply())?;
    }
    Ok(())
}

fn a_change_taken_back() -> Result {
    let app = App::new()?;
    begin(&app.db, &app.victim)?;
    app.apply()?;
    std::fs::copy(&app.victim, &app.db)?;
    let back = || match find(&app.victim, &app.backups, &Silent)? {
        Some(change) => undo(&app.victim, &change, &options(&app.backups), &Silent),
        None => Ok(()),
    };
    is_whole_or_not_at_all(&[ERRORS, CUTS].concat(), step(12), &app.db, &app.victim, &back)
}

fn a_sync_left_out() -> Result {
    let app = App::new()?;
    let cut = [Fault::PowerCut { lost: "-journal" }];
    let found = without_syncs("-journal", || at_every(&cut, step(3), &app.db, &app.victim, &|| app.apply()))?;
    assert!(found.wrong.iter().any(|wrong| wrong.ends_with("half done")), "{:?}", found.wrong);
    Ok(())
}

fn what_only_reads() -> Result {
    let app = App::new()?;
    let options = options(&app.backups);
    let request = Request::new(&app.db).queries(["SELECT a FROM t WHERE b = 3", "DELETE FROM t WHERE a = 5"]);
    let before = std::fs::read(&app.db)?;
    let works: [Work<'_>; 2] = [&|| advise(&request, &Silent).map(|_| ()), &|| {
        rehearse(&app.db, &app.advice, &options, &Silent).map(|_| ())
    }];
    for work in works {
        work()?;
        let (mut nth, mut refused) = (0, 0);
        loop {
            let (result, reached) = with(Fault::Lasting(ffi::SQLITE_FULL), nth, work);
            refused += usize::from(result.is_err());
            assert!(std::fs::read(&app.db)? == before, "changed at {nth}");
            if !reached {
                break;
            }
            nth += step(1 + nth / 8);
        }
        assert!(refused > 5, "{refused}");
        assert_eq!(std::fs::read_dir(app.folder.path())?.count(), 2, "something is left beside the database");
    }
    Ok(())
}
