//! The database that is advised on is only read: its bytes, its -wal, its -shm and its folder are the same afterwards, however
//! the run ends, and whoever writes to it meanwhile is not disturbed.
#![cfg(unix)]

use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

const QUERIES: &str = "select id from word where text = 'w7';\nselect count(*) from word where length = 3;\n";

/// The names, bytes and times of the files in a folder, and the folder's own time.
type State = (SystemTime, BTreeMap<std::ffi::OsString, (Vec<u8>, SystemTime)>);

fn state(folder: &Path) -> anyhow::Result<State> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name(), (fs::read(entry.path())?, entry.metadata()?.modified()?));
    }
    Ok((fs::metadata(folder)?.modified()?, files))
}

/// A folder with `app.db`, another with the workload, and a third for the adviser's copies.
struct Place {
    data: TempDir,
    rest: TempDir,
}

impl Place {
    /// A database in the given journal mode, closed as it should be.
    fn new(journal: &str) -> anyhow::Result<Self> {
        let place = Self { data: tempfile::tempdir()?, rest: tempfile::tempdir()? };
        fs::write(place.rest.path().join("queries.sql"), QUERIES)?;
        fs::create_dir(place.rest.path().join("tmp"))?;
        let db = Connection::open(place.db())?;
        db.pragma_update(None, "journal_mode", journal)?;
        db.execute_batch(
            "create table word(id integer primary key, text text, length integer);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
             insert into word select i, 'w' || i, i % 50 from n;",
        )?;
        Ok(place)
    }

    fn db(&self) -> std::path::PathBuf {
        self.data.path().join("app.db")
    }

    fn advisor(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_advisor"));
        command.arg("--db").arg(self.db()).arg("--workload").arg(self.rest.path().join("queries.sql"));
        command.env("TMPDIR", self.rest.path().join("tmp")).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A run that must advise and must leave everything as it is.
    fn stays_as_it_is(&self) -> anyhow::Result<()> {
        let before = state(self.data.path())?;
        let output = self.advisor().output()?;
        assert_advised(&output);
        assert!(before == state(self.data.path())?, "the folder changed");
        Ok(())
    }
}

fn assert_advised(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("CREATE INDEX"));
}

/// A writer's files as a crash leaves them: those of `suffixes`, while its connection is in the midst of its work.
fn crashed(journal: &str, work: &str, suffixes: &[&str]) -> anyhow::Result<Place> {
    let (alive, dead) = (Place::new(journal)?, Place::new(journal)?);
    let writer = Connection::open(alive.db())?;
    // So small a cache makes SQLite write pages of a transaction that is not committed.
    writer.execute_batch("pragma cache_size = 1; pragma synchronous = full")?;
    writer.execute_batch(work)?;
    for suffix in suffixes {
        let name = format!("app.db{suffix}");
        fs::copy(alive.data.path().join(&name), dead.data.path().join(&name))?;
    }
    Ok(dead)
}

#[test]
fn a_file_with_a_rollback_journal_stays_as_it_is() -> anyhow::Result<()> {
    Place::new("delete")?.stays_as_it_is()
}

#[test]
fn a_file_with_a_hot_journal_stays_as_it_is() -> anyhow::Result<()> {
    let work = "begin; update word set text = text || text || text || text";
    let place = crashed("delete", work, &["", "-journal"])?;
    assert!(fs::metadata(place.data.path().join("app.db-journal"))?.len() > 512);
    place.stays_as_it_is()
}

#[test]
fn a_wal_file_without_a_writer_stays_as_it_is() -> anyhow::Result<()> {
    Place::new("wal")?.stays_as_it_is()
}

#[test]
fn a_wal_file_with_a_writer_stays_as_it_is() -> anyhow::Result<()> {
    let place = Place::new("wal")?;
    let writer = Connection::open(place.db())?;
    writer.execute_batch("insert into word values (5000, 'new', 3)")?;
    assert_eq!(state(place.data.path())?.1.len(), 3, "the file, its -wal and its -shm");
    place.stays_as_it_is()
}

#[test]
fn a_wal_file_whose_writer_crashed_stays_as_it_is() -> anyhow::Result<()> {
    let work = "insert into word values (5000, 'new', 3)";
    for suffixes in [["", "-wal"].as_slice(), &["", "-wal", "-shm"]] {
        crashed("wal", work, suffixes)?.stays_as_it_is()?;
    }
    Ok(())
}

/// Header bytes 18 and 19 are the versions for writing and for reading; SQLite takes a file for WAL by the second alone.
#[test]
fn a_file_whose_header_bytes_disagree_stays_as_it_is() -> anyhow::Result<()> {
    let place = Place::new("delete")?;
    let mut bytes = fs::read(place.db())?;
    bytes[19] = 2;
    fs::write(place.db(), bytes)?;
    place.stays_as_it_is()
}

#[test]
fn no_command_that_reads_leaves_a_file_beside_a_wal_database() -> anyhow::Result<()> {
    let place = Place::new("wal")?;
    goals::schema::Variant::Production.create(&Connection::open(place.db())?)?;
    let (db, before) = (place.db(), state(place.data.path())?);
    let db = db.to_str().unwrap_or_default();
    for arguments in [
        ["explain", "--db", db, "select id from word where text = 'w7'"].as_slice(),
        &["goals", "preflight", "--db", db],
        &["goals", "verify", "--db", db, "--to", "m5"],
        &["diff", db, db],
        &["goals", "migrate", "--db", db, "--to", "m5", "--status"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_advisor")).args(arguments).output()?;
        assert!(output.status.code() < Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(before == state(place.data.path())?, "{arguments:?} changed the folder");
    }
    Ok(())
}

#[test]
fn a_wal_file_is_read_where_nothing_can_be_written() -> anyhow::Result<()> {
    is_read_by_nobody(&Place::new("wal")?)?;
    is_read_by_nobody(&crashed("wal", "insert into word values (5000, 'new', 3)", &["", "-wal", "-shm"])?)
}

/// A user who may read everything and write nothing. The superuser may always write, so another takes its part.
fn is_read_by_nobody(place: &Place) -> anyhow::Result<()> {
    const NOBODY: u32 = 65_534;
    let program = place.rest.path().join("advisor");
    fs::copy(env!("CARGO_BIN_EXE_advisor"), &program)?;
    let before = state(place.data.path())?;
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    for entry in fs::read_dir(place.data.path())? {
        allow(&entry?.path(), 0o444)?;
    }
    allow(place.data.path(), 0o555)?;
    allow(place.rest.path(), 0o755)?;
    allow(&place.rest.path().join("tmp"), 0o777)?;
    let superuser = fs::write(place.data.path().join("probe"), "").is_ok();
    if superuser {
        fs::remove_file(place.data.path().join("probe"))?;
    }
    let before = (state(place.data.path())?.0, before.1);
    let mut command = Command::new(&program);
    command.args(place.advisor().get_args()).env("TMPDIR", place.rest.path().join("tmp"));
    if superuser {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output()?;
    allow(place.data.path(), 0o755)?;
    assert_advised(&output);
    assert!(before == state(place.data.path())?, "the folder changed");
    Ok(())
}

#[test]
fn a_run_killed_at_any_moment_leaves_everything_as_it_is() -> anyhow::Result<()> {
    let places = [Place::new("delete")?, Place::new("wal")?];
    let writer = Connection::open(places[1].db())?;
    writer.execute_batch("insert into word values (5000, 'new', 3)")?;
    let start = Instant::now();
    places[0].stays_as_it_is()?;
    let whole = start.elapsed();
    // The moments are spread over the run, each moved by chance.
    let mut chance = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_nanos();
    println!("chance began with {chance}");
    for i in 0..20_u32 {
        let place = &places[(i % 2) as usize];
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let before = state(place.data.path())?;
        let mut child = place.advisor().spawn()?;
        std::thread::sleep(whole * i / 20 + whole / 20 * (chance >> 24) / 256);
        child.kill()?;
        child.wait()?;
        assert!(before == state(place.data.path())?, "run {i} changed the folder");
    }
    Ok(())
}

/// Writes as fast as it can until told to stop; how many rows were committed.
fn keep_writing(db: &Path, stop: &AtomicBool) -> anyhow::Result<i64> {
    let mut writer = Connection::open(db)?;
    writer.busy_timeout(Duration::from_secs(10))?;
    let mut written = 0;
    while !stop.load(Ordering::Relaxed) {
        let transaction = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute("insert into word(text, length) values ('w', 1)", [])?;
        transaction.commit()?;
        written += 1;
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(written)
}

#[test]
fn a_writer_is_not_disturbed() -> anyhow::Result<()> {
    for journal in ["delete", "wal"] {
        let place = Place::new(journal)?;
        let stop = AtomicBool::new(false);
        let (output, written) = std::thread::scope(|scope| -> anyhow::Result<_> {
            let writer = scope.spawn(|| keep_writing(&place.db(), &stop));
            let output = place.advisor().output();
            stop.store(true, Ordering::Relaxed);
            let written = writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
            Ok((output?, written))
        })?;
        assert_advised(&output);
        let db = Connection::open(place.db())?;
        let rows: i64 = db.query_row("select count(*) from word", [], |r| r.get(0))?;
        assert_eq!(rows, 3000 + written, "{journal}");
        let sound: String = db.query_row("pragma integrity_check", [], |r| r.get(0))?;
        assert_eq!(sound, "ok");
    }
    Ok(())
}

#[test]
fn the_result_never_overwrites_a_database_nor_what_belongs_to_it_nor_the_workload() -> anyhow::Result<()> {
    let place = Place::new("delete")?;
    let (link, dangling) = (place.rest.path().join("link"), place.rest.path().join("dangling"));
    std::os::unix::fs::symlink(place.db(), &link)?;
    std::os::unix::fs::symlink(place.data.path().join("app.db-wal"), &dangling)?;
    let beside = |suffix: &str| place.data.path().join(format!("app.db{suffix}"));
    let before = state(place.data.path())?;
    for (out, why) in [
        (place.db(), "is a database"),
        (link, "is a database"),
        (beside("-wal"), "belongs to a database"),
        (beside("-shm"), "belongs to a database"),
        (beside("-journal"), "belongs to a database"),
        (dangling, "is a link to nothing"),
        (place.rest.path().join("queries.sql"), "is read by this command"),
    ] {
        let output = place.advisor().arg("--out").arg(&out).output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{out:?}");
        assert!(told.contains(&format!("{why} and is not overwritten")), "{told}");
        assert!(before == state(place.data.path())?, "{out:?}");
    }
    assert_eq!(fs::read_to_string(place.rest.path().join("queries.sql"))?, QUERIES);
    Ok(())
}
