//! Ctrl-C ends a run soon, with its own exit code, and takes the copies away.
#![cfg(unix)]

use goals::speedup::stages;
use rusqlite::Connection;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::{CancelToken, Error};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A statement that would run for minutes, and one that gains from an index.
const LONG: &str = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000000000) select count(*) from n;
select id from word where text = 'w7';";

fn prepare(workload: &str) -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("tmp"))?;
    fs::write(folder.path().join("queries.sql"), workload)?;
    Connection::open(folder.path().join("app.db"))?.execute_batch(
        "create table word(id integer primary key, text text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
         insert into word select i, 'w' || i from n;",
    )?;
    Ok(folder)
}

fn start(folder: &Path) -> anyhow::Result<Child> {
    Ok(Command::new(env!("CARGO_BIN_EXE_advisor"))
        .current_dir(folder)
        .args(["--db", "app.db", "--workload", "queries.sql", "--timeout", "100"])
        .env("TMPDIR", folder.join("tmp"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?)
}

fn copies(folder: &Path) -> anyhow::Result<usize> {
    Ok(fs::read_dir(folder.join("tmp"))?.count())
}

/// Sends a signal, and tells the outcome and how long it took.
fn signal(child: Child, name: &str) -> anyhow::Result<(Output, Duration)> {
    let sent = Instant::now();
    Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status()?;
    let output = child.wait_with_output()?;
    Ok((output, sent.elapsed()))
}

#[test]
fn a_long_statement_is_stopped_and_the_copies_are_gone() -> anyhow::Result<()> {
    for name in ["INT", "TERM"] {
        let folder = prepare(LONG)?;
        let child = start(folder.path())?;
        let began = Instant::now();
        while copies(folder.path())? == 0 && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(copies(folder.path())?, 1);
        let (output, waited) = signal(child, name)?;
        assert_eq!(output.status.code(), Some(130), "{name}");
        assert_eq!(String::from_utf8(output.stderr)?, "advisor: interrupted; nothing was changed\n");
        assert!(output.stdout.is_empty());
        assert!(waited < Duration::from_secs(2), "{name} took {waited:?}");
        assert_eq!(copies(folder.path())?, 0, "{name} left copies");
    }
    Ok(())
}

/// One step of SQLite's that takes for days: instr() compares half of a value with each place of the other.
const ONE_STEP: &str =
    "select instr(zeroblob(200000000), cast(zeroblob(90000000) || x'01' as blob)) from word where id = 1;";

#[test]
fn a_single_step_that_nobody_can_stop_ends_with_the_program() -> anyhow::Result<()> {
    let folder = prepare(ONE_STEP)?;
    let child = start(folder.path())?;
    std::thread::sleep(Duration::from_secs(1));
    let (output, waited) = signal(child, "INT")?;
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8(output.stderr)?, "advisor: interrupted; nothing was changed\n");
    assert!(waited < Duration::from_secs(3), "took {waited:?}");
    assert_eq!(copies(folder.path())?, 0);

    let mut child = Command::new(env!("CARGO_BIN_EXE_advisor"));
    child.current_dir(folder.path()).env("TMPDIR", folder.path().join("tmp"));
    let output = child.args(["app.db", "--workload", "queries.sql", "--timeout", "0.1"]).output()?;
    let told = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("cannot be stopped; leave it out: select instr("), "{told}");
    assert_eq!(copies(folder.path())?, 0);
    Ok(())
}

#[test]
fn an_interruption_at_any_moment_leaves_no_copies_and_no_half_result() -> anyhow::Result<()> {
    let folder = prepare("select id from word where text = 'w7';")?;
    let began = Instant::now();
    assert!(start(folder.path())?.wait_with_output()?.status.success());
    let whole = began.elapsed();
    for i in 1..=10 {
        let child = start(folder.path())?;
        // Not before the program has set its handler.
        std::thread::sleep(Duration::from_millis(30) + whole * i / 10);
        let (output, _) = signal(child, "INT")?;
        let told = String::from_utf8(output.stdout)?;
        match output.status.code() {
            Some(130) => assert_eq!(told, ""),
            code => assert!(code == Some(0) && told.contains("CREATE INDEX"), "run {i}: {code:?}"),
        }
        assert_eq!(copies(folder.path())?, 0, "run {i} left copies");
    }
    Ok(())
}

/// Stops a moment after a migration has begun and looks away meanwhile, so that only the running statement can hear it.
struct StopsInTheMigration(CancelToken);

impl Progress for StopsInTheMigration {
    fn start(&self, stage: &str, _: Option<u64>) {
        let token = self.0.clone();
        if stage == "Migrating" {
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(3));
                token.cancel();
            });
        }
    }

    fn cancel_token(&self) -> &CancelToken {
        &self.0
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_migration_of_the_demo_is_stopped_within_a_statement() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let built = stages::build(folder.path(), 20, 1, &StopsInTheMigration(CancelToken::default()));
    assert!(matches!(built, Err(Error::Interrupted)));
    Ok(())
}
