//! `advisor apply` and then `advisor undo`: as if nothing had happened.

use crate::support::*;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

/// Ten databases that differ in what can be lost on the way: each with an index `old`, and a table with columns a and b.
const DATABASES: [(&str, &str); 10] = [
    ("plain", "CREATE TABLE t(a, b); CREATE INDEX old ON t(b);"),
    ("statistics", "CREATE TABLE t(a, b); CREATE INDEX old ON t(b); CREATE INDEX other ON t(a, b);"),
    ("order", ORDER),
    ("small pages", "PRAGMA page_size = 512; CREATE TABLE t(a, b); CREATE INDEX old ON t(b, a);"),
    ("auto vacuum", "PRAGMA auto_vacuum = FULL; CREATE TABLE t(a, b); CREATE INDEX old ON t(b);"),
    ("wal", "PRAGMA journal_mode = WAL; CREATE TABLE t(a, b); CREATE INDEX old ON t(b);"),
    ("counter", "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a, b); CREATE INDEX old ON t(b);"),
    ("no rowid", "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID; CREATE UNIQUE INDEX old ON t(b, a);"),
    (
        "names",
        "CREATE TABLE \"a \"\"table\"(x); CREATE TABLE t(a, b, c AS (a || b)); CREATE INDEX \"old\" ON t(b COLLATE NOCASE) WHERE a > 1;",
    ),
    (
        "texts",
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a, b); CREATE INDEX old ON t(b DESC); CREATE VIRTUAL TABLE f USING fts5(w); INSERT INTO f VALUES ('word');",
    ),
];

/// Objects on both sides of the index that is dropped.
const ORDER: &str = "CREATE TABLE t(a, b); CREATE INDEX first ON t(a, b); CREATE INDEX old ON t(b); CREATE TABLE u(x);
    CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON u BEGIN DELETE FROM u WHERE x < 0; END;";

const ROWS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400) INSERT INTO t(a, b) SELECT i, 'v' || i % 9 FROM n;";

const ADVICE: &str = "CREATE INDEX advised ON t(a, b); DROP INDEX old; ANALYZE;";

struct App {
    _folder: tempfile::TempDir,
    db: PathBuf,
    advice: PathBuf,
}

impl App {
    fn new(name: &str, sql: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (db, advice) = (folder.path().join("app.db"), folder.path().join("advice.sql"));
        let conn = Connection::open(&db)?;
        conn.execute_batch(&format!("{sql} {ROWS}"))?;
        if name == "statistics" {
            // Older than the rows, and with a row that no table has.
            conn.execute_batch(
                "ANALYZE; DELETE FROM t WHERE a > 300; INSERT INTO sqlite_stat1 VALUES ('gone', NULL, '7')",
            )?;
        }
        fs::write(&advice, ADVICE)?;
        Ok(Self { _folder: folder, db, advice })
    }

    fn apply(&self) -> Result<String> {
        let done = run(["apply", text(&self.db), "--from", text(&self.advice), "--yes", "--quiet"])?;
        if done.status.success() { Ok(stdout(&done)) } else { Err(stderr(&done).into()) }
    }

    fn undo(&self) -> Result<String> {
        let done = run(["undo", text(&self.db), "--yes"])?;
        if done.status.success() { Ok(stdout(&done) + &stderr(&done)) } else { Err(stderr(&done).into()) }
    }
}

/// The lines of `.dump`: tables in their order with all rows, statistics among them, then what hangs on them.
fn dump(db: &Path) -> Result<Vec<String>> {
    let conn = Connection::open(db)?;
    let mut lines = vec![];
    let tables = texts(
        &conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rowid",
    )?;
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        let mut rows = conn.prepare(&format!("SELECT * FROM \"{quoted}\""))?;
        let columns = rows.column_count();
        let row = |r: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            (0..columns).map(|i| Ok(format!("{:?};", r.get_ref(i)?))).collect()
        };
        let rows = rows.query_map([], row)?.collect::<rusqlite::Result<Vec<_>>>()?;
        lines.push(table);
        lines.extend(rows);
    }
    lines.extend(texts(&conn, "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY rowid")?);
    lines.extend(texts(&conn, "PRAGMA integrity_check")?);
    Ok(lines)
}

#[test]
fn ten_databases_are_byte_for_byte_what_they_were() -> Result {
    for (name, sql) in DATABASES {
        let app = App::new(name, sql)?;
        let before = dump(&app.db)?;
        app.apply()?;
        assert_ne!(dump(&app.db)?, before, "{name}");
        let told = app.undo()?;
        assert!(told.contains("schema, statistics and rows are as they were before"), "{name}: {told}");
        assert_eq!(dump(&app.db)?, before, "{name}");
        assert!(app.undo()?.contains("nothing to take back"), "{name}");
    }
    Ok(())
}

#[test]
fn rows_written_since_stay_and_are_told() -> Result {
    for (name, sql) in DATABASES {
        let app = App::new(name, sql)?;
        let indexes =
            "SELECT name || sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        let before = texts(&Connection::open(&app.db)?, indexes)?;
        app.apply()?;
        Connection::open(&app.db)?.execute_batch("INSERT INTO t(a, b) VALUES ('since', 'kept')")?;
        let told = app.undo()?;
        assert!(told.contains("left as it is: ") && told.contains("rows of t"), "{name}: {told}");
        let conn = Connection::open(&app.db)?;
        assert_eq!(texts(&conn, indexes)?, before, "{name}");
        assert_eq!(texts(&conn, "SELECT b FROM t WHERE a = 'since'")?, ["kept"], "{name}");
    }
    Ok(())
}

#[test]
fn without_a_yes_or_in_use_nothing_is_taken_back() -> Result {
    let app = App::new("plain", DATABASES[0].1)?;
    app.apply()?;
    let applied = fs::read(&app.db)?;
    let silent = run(["undo", text(&app.db)])?;
    assert!(
        silent.status.success() && stderr(&silent).contains("Nothing was changed."),
        "{}",
        stderr(&silent)
    );
    let other = Connection::open(&app.db)?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    assert!(app.undo().unwrap_err().to_string().contains("in use by another process"));
    drop(other);
    assert!(applied == fs::read(&app.db)?);
    Ok(())
}

#[test]
fn killed_at_any_moment_apply_and_undo_are_before_or_after() -> Result {
    for journal in ["delete", "wal"] {
        let app = App::new("plain", "CREATE TABLE t(a, b); CREATE INDEX old ON t(b);")?;
        Connection::open(&app.db)?.execute_batch(&ROWS.replace("400", "60000"))?;
        set_journal_mode(&app.db, journal)?;
        let folder = app.db.parent().ok_or("no folder")?;
        let (found, applied, victim) =
            (folder.join("found.db"), folder.join("applied.db"), folder.join("victim.db"));
        fs::copy(&app.db, &found)?;
        let apply = ["apply", text(&victim), "--from", text(&app.advice), "--yes", "--quiet"];
        kill_at_any_moment(&apply, &found, &victim, 4)?;
        // Every receipt tells of the same change, also those of runs that were killed.
        fs::copy(&victim, &applied)?;
        kill_at_any_moment(&["undo", text(&victim), "--yes", "--quiet"], &applied, &victim, 4)?;
    }
    Ok(())
}
