//! `advisor apply`: indexes and statistics, on anyone's database, with the same safety as `migrate`.

use crate::support::*;
use rusqlite::Connection;
use std::fs;

const DATABASE: &str = "CREATE TABLE t(a, b); CREATE INDEX old ON t(b);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) INSERT INTO t SELECT i, i % 7 FROM n;";

const ADVICE: &str = r#"{"version": 1, "advice": [
    {"kind": "create_index", "sql": "CREATE INDEX advised ON t (b, a DESC) WHERE a > 3;", "reason": "it is faster"},
    {"kind": "drop_index", "sql": "DROP INDEX old;"}, {"kind": "rewrite", "sql": "SELECT 1"}, {"kind": "analyze", "sql": "ANALYZE"}]}"#;

struct App {
    folder: tempfile::TempDir,
}

impl App {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Connection::open(folder.path().join("app.db"))?.execute_batch(DATABASE)?;
        fs::write(folder.path().join("advice.json"), ADVICE)?;
        Ok(Self { folder })
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn apply(&self, from: &str) -> Result<std::process::Output> {
        run(["apply", "--db", &self.path("app.db"), "--from", &self.path(from), "--yes"])
    }
}

#[test]
fn advice_is_applied_once_in_the_order_shown() -> Result {
    let app = App::new()?;
    let db = app.path("app.db");
    let done = app.apply("advice.json")?;
    let told = stderr(&done);
    assert!(done.status.success() && told.contains("left to you: rewrite"), "{told}");
    let shown: Vec<_> =
        told.lines().filter(|l| l.contains(". ")).map(|l| l.trim_start().to_owned()).collect();
    let create = "1. CREATE INDEX advised ON t (b, a DESC) WHERE a > 3";
    assert_eq!(shown, [create, "2. DROP INDEX old", "3. ANALYZE"]);
    let line = stdout(&done);
    assert!(line.contains("done: 3 steps") && line.contains("take it back: advisor undo"), "{line}");
    let after = texts(&Connection::open(&db)?, "SELECT name FROM sqlite_schema WHERE type = 'index'")?;
    assert_eq!(after, ["advised"]);
    let tables = texts(
        &Connection::open(&db)?,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    )?;
    assert_eq!(tables, ["t"], "nothing of this tool stays in the schema");
    let statistics = texts(&Connection::open(&db)?, "SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL")?;
    assert_eq!(statistics, ["advised"]);
    let again = stdout(&app.apply("advice.json")?);
    assert!(again.contains("done: 1 step,"), "only the statistics are gathered again: {again}");
    Ok(())
}

#[test]
fn a_name_that_another_index_has_is_refused() -> Result {
    let app = App::new()?;
    let before = fs::read(app.path("app.db"))?;
    fs::write(app.path("taken.sql"), "CREATE INDEX free ON t(a); CREATE INDEX old ON t(a, b);")?;
    let refused = app.apply("taken.sql")?;
    let told = stderr(&refused);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("the name old is taken") && told.contains("nothing was changed"), "{told}");
    assert!(before == fs::read(app.path("app.db"))?);
    Ok(())
}

#[test]
fn what_was_advised_is_timed_on_the_database_itself() -> Result {
    let app = App::new()?;
    let (db, advice) = (app.path("app.db"), app.path("advised.json"));
    fs::write(app.path("q.sql"), "SELECT a FROM t WHERE a = ?; DELETE FROM t WHERE a = 7")?;
    let advised = run([db.as_str(), "--workload", &app.path("q.sql"), "--out", &advice, "--quiet"])?;
    assert!(advised.status.success(), "{}", stderr(&advised));
    let line = stdout(&app.apply("advised.json")?);
    assert!(
        line.contains("; 1 statement now ") && line.contains(", measured on this file; backup "),
        "{line}"
    );
    Ok(())
}

#[test]
fn statistics_of_other_rows_are_gathered_anew() -> Result {
    let app = App::new()?;
    let conn = Connection::open(app.path("app.db"))?;
    conn.execute_batch("ANALYZE; DELETE FROM t WHERE a > 10")?;
    fs::write(app.path("advice.sql"), "ANALYZE")?;
    assert!(app.apply("advice.sql")?.status.success());
    let conn = Connection::open(app.path("app.db"))?;
    assert_eq!(texts(&conn, "SELECT stat FROM sqlite_stat1 WHERE idx = 'old'")?, ["10 2"]);
    Ok(())
}

/// A name that would clear the screen, and break out of the cell of a table.
const HOSTILE: &str = "a\u{1b}[2J|<b>";

#[test]
fn a_hostile_name_reaches_neither_the_terminal_nor_the_markdown_of_apply() -> Result {
    let app = App::new()?;
    let conn = Connection::open(app.path("app.db"))?;
    conn.execute_batch(&format!("CREATE TABLE \"{HOSTILE}\"(a)"))?;
    fs::write(app.path("advice.sql"), format!("CREATE INDEX \"i{HOSTILE}\" ON \"{HOSTILE}\"(a);"))?;
    fs::write(
        app.path("advice.json"),
        r#"{"version": 1, "advice": [{"kind": "rewrite", "sql": "SELECT '\u001b[2J'"}]}"#,
    )?;
    for from in ["advice.sql", "advice.json"] {
        let done = app.apply(from)?;
        assert!(done.status.success(), "{}", stderr(&done));
        let told = stdout(&done) + &stderr(&done);
        assert!(!told.contains('\u{1b}') && !told.contains("<b> |"), "{told}");
    }
    let report = stdout(&app.apply("advice.sql")?);
    assert!(report.contains("Nothing to do"), "{report}");
    Ok(())
}

#[test]
fn what_is_no_index_is_refused_before_anything_happens() -> Result {
    let app = App::new()?;
    let before = fs::read(app.path("app.db"))?;
    for sql in [
        "CREATE INDEX x ON t(a); DELETE FROM t;",
        "CREATE INDEX x ON t(a); CREATE INDEX y ON t(nothing_like_it);",
        "VACUUM",
    ] {
        fs::write(app.path("bad.sql"), sql)?;
        let refused = app.apply("bad.sql")?;
        assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(2), ""), "{sql}");
        assert!(before == fs::read(app.path("app.db"))?, "{sql}");
        let mut left: Vec<_> =
            fs::read_dir(app.folder.path())?.map(|f| Ok(f?.file_name())).collect::<Result<_>>()?;
        left.sort();
        assert_eq!(left, ["advice.json", "app.db", "bad.sql"], "{sql}");
    }
    fs::write(app.path("bad.json"), "{}")?;
    assert!(stderr(&app.apply("bad.json")?).contains("is not an advice document"));
    Ok(())
}
