//! A world for tests of commands that change databases: a folder, a database, and its state as one comparable text.

use goals::generate::{Json, Options, generate};
use goals::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::change::statistics::SavedStatistics;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sqlite::schema::table_names;
use sqlite_advisor::sqlite::table_digest;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

pub struct World {
    pub folder: tempfile::TempDir,
    pub db: PathBuf,
}

impl World {
    pub fn new(scale: f64, variant: Variant, dirty: f64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = folder.path().join("goals.db");
        let options = Options { scale, variant, dirty, json: Json::Small, ..Options::default() };
        generate(&db, &options, &Silent)?;
        Ok(Self { folder, db })
    }

    /// Another file with the same bytes.
    pub fn copy(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::copy(&self.db, &path)?;
        Ok(path)
    }
}

/// The command under test.
pub fn advisor<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_advisor"));
    command.args(arguments).stdin(std::process::Stdio::null());
    command
}

pub fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<Output> {
    Ok(advisor(arguments).output()?)
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Schema, rows and statistics as text.
pub fn state(db: &Path) -> Result<String> {
    let conn = Connection::open(db)?;
    let mut state: Vec<String> = texts(&conn, "PRAGMA integrity_check")?;
    state.extend(texts(&conn, "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY rowid")?);
    for table in table_names(&conn)? {
        state.push(format!("{table} {}", table_digest(&conn, &table, None)?));
    }
    let statistics = SavedStatistics::read(&conn)?;
    state.push(format!("{statistics:?}"));
    Ok(state.join("\n"))
}

pub fn texts(conn: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(sql)?;
    let texts = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(texts)
}

/// Starts a command anew with a copy of `start` at `victim` and kills it at a random moment, `rounds` times: the victim is
/// before or after, never between, and the next run finishes it.
pub fn kill_at_any_moment(command: &[&str], start: &Path, victim: &Path, rounds: u64) -> Result {
    let begin = || -> Result {
        for suffix in ["-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", text(victim)));
        }
        std::fs::copy(start, victim)?;
        Ok(())
    };
    begin()?;
    let began = std::time::Instant::now();
    assert!(run(command.iter().copied())?.status.success());
    let whole = began.elapsed();
    let (before, after) = (state(start)?, state(victim)?);
    assert_ne!(before, after);
    let (mut numbers, mut in_time) = (Numbers(4), 0);
    for round in 0..rounds {
        begin()?;
        let mut child = advisor(command.iter().copied()).stdout(std::process::Stdio::null()).spawn()?;
        std::thread::sleep(whole.mul_f64(numbers.below(1_100) as f64 / 1_000.0));
        child.kill()?;
        child.wait()?;
        // In every other round the next run meets the journal of the killed one itself.
        if round % 2 == 0 {
            let found = state(victim)?;
            assert!(found == before || found == after, "half done");
            in_time += usize::from(found == before);
        }
        let next = run(command.iter().copied())?;
        assert!(next.status.success(), "round {round}: {}", String::from_utf8_lossy(&next.stderr));
        assert!(state(victim)? == after, "round {round}");
    }
    assert!(in_time > 0, "no run was killed in time");
    Ok(())
}

/// Brings a database into WAL mode, or back.
pub fn set_journal_mode(db: &Path, mode: &str) -> Result {
    let conn = Connection::open(db)?;
    assert_eq!(texts(&conn, &format!("PRAGMA journal_mode = {mode}"))?, [mode]);
    Ok(())
}

/// Numbers that look random and are the same in every run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}
