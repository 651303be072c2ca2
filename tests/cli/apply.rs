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
fn advice_is_applied_once_and_its_rollback_script_takes_it_back() -> Result {
    let app = App::new()?;
    let db = app.path("app.db");
    let indexes = "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name";
    let before = texts(&Connection::open(&db)?, indexes)?;
    let done = app.apply("advice.json")?;
    assert!(done.status.success() && stderr(&done).contains("left to you: rewrite"), "{}", stderr(&done));
    let after = texts(&Connection::open(&db)?, "SELECT name FROM sqlite_schema WHERE type = 'index'")?;
    assert_eq!(after, ["advised"]);
    let statistics = texts(&Connection::open(&db)?, "SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL")?;
    assert_eq!(statistics, ["advised"]);

    let again = stdout(&app.apply("advice.json")?);
    assert!(
        again.contains("1 carried out, 2 done before"),
        "only the statistics are gathered again: {again}"
    );

    Connection::open(&db)?.execute_batch(&fs::read_to_string(app.path("advice.rollback.sql"))?)?;
    let mut back = texts(&Connection::open(&db)?, indexes)?;
    back.retain(|sql| !sql.contains("advisor_ledger"));
    assert_eq!(back, before);
    Connection::open(&db)?.execute_batch(&fs::read_to_string(app.path("advice.forward.sql"))?)?;
    assert_eq!(
        texts(&Connection::open(&db)?, "SELECT name FROM sqlite_schema WHERE type = 'index'")?,
        ["advised"]
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

#[cfg(unix)]
#[test]
fn the_scripts_of_an_earlier_run_stay_and_no_link_is_followed() -> Result {
    let app = App::new()?;
    fs::write(app.path("advice.forward.sql"), "of an earlier run")?;
    fs::write(app.path("precious"), "precious")?;
    std::os::unix::fs::symlink(app.path("precious"), app.path("advice.rollback.sql"))?;
    assert!(app.apply("advice.json")?.status.success());
    assert_eq!(fs::read_to_string(app.path("advice.forward.sql"))?, "of an earlier run");
    assert_eq!(fs::read_to_string(app.path("precious"))?, "precious");
    assert!(fs::read_to_string(app.path("advice.2.rollback.sql"))?.contains("DROP INDEX"));
    assert!(fs::read_to_string(app.path("advice.2.forward.sql"))?.contains("CREATE INDEX"));
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
    }
    fs::write(app.path("bad.json"), "{}")?;
    assert!(stderr(&app.apply("bad.json")?).contains("is not an advice document"));
    Ok(())
}
