//! `advisor workload`, and logs given to `--workload`.

use crate::support::{Result, run, stderr, stdout, text};
use rusqlite::Connection;

const LOG: &str = "{\"sql\": \"SELECT y FROM t WHERE x = ?\", \"params\": [5], \"count\": 7}\n\
                   {\"sql\": \"SELECT y FROM t WHERE x = ?\", \"params\": [null]}\nno JSON\n";

#[test]
fn the_digest_of_a_log_is_told_in_each_form_and_its_sql_is_a_workload() -> Result {
    let folder = tempfile::tempdir()?;
    let (log, db, kept) =
        (folder.path().join("app.ndjson"), folder.path().join("app.db"), folder.path().join("kept.sql"));
    std::fs::write(&log, LOG)?;
    let told = run(["workload", text(&log)])?;
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    assert!(
        stdout(&told).contains("read as NDJSON: 8 statements; 1 lines or items could not be read"),
        "{}",
        stdout(&told)
    );
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&run(["workload", text(&log), "--format", "json"])?))?;
    assert_eq!(json["statements"][0]["executions"], 8);
    assert_eq!(json["statements"][0]["parameters"][1]["?1"], serde_json::Value::Null);
    run(["workload", text(&log), "--format", "sql", "--out", text(&kept)])?;
    assert!(
        std::fs::read_to_string(&kept)?
            .starts_with("-- weight: 8\n-- param: ?1 = 5\n-- param: ?1 = NULL\nSELECT y")
    );

    Connection::open(&db)?.execute_batch(
        "CREATE TABLE t(x INT, y TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO t SELECT i % 500, 'y' || i FROM n;",
    )?;
    let index = |workload: &str| -> Result<String> {
        let output = run(["--db", text(&db), "--workload", workload, "--format", "sql"])?;
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        Ok(stdout(&output).lines().filter(|line| line.starts_with("CREATE INDEX")).collect())
    };
    assert!(index(text(&log))?.contains("ON t(x"));
    assert_eq!(index(text(&log))?, index(text(&kept))?);
    Ok(())
}

#[test]
fn a_file_without_statements_is_nothing_to_look_at_and_broken_utf_8_is_refused_with_its_line() -> Result {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("q.sql");
    std::fs::write(&file, "-- only a remark\n.mode csv\nBEGIN;\nCOMMIT;\n")?;
    let told = run(["workload", text(&file)])?;
    assert_eq!(told.status.code(), Some(3), "{}", stderr(&told));
    std::fs::write(&file, b"SELECT 1;\nSELECT '\xff';\n")?;
    let told = run(["workload", text(&file)])?;
    assert_eq!(told.status.code(), Some(2));
    assert!(stderr(&told).contains("q.sql:2: is not UTF-8"), "{}", stderr(&told));
    Ok(())
}

#[test]
fn every_database_with_a_table_gets_an_answer_without_a_workload() -> Result {
    let folder = tempfile::tempdir()?;
    for (name, schema, says) in [
        ("plain", "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)", ""),
        ("empty", "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID", ""),
        (
            "same",
            "CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INT, state TEXT, body TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO posts SELECT i, i % 500, 's' || (i % 3), hex(zeroblob(20)) FROM n;
             CREATE INDEX a ON posts(user_id); CREATE INDEX b ON posts(user_id); CREATE INDEX c ON posts(user_id, state);",
            "DROP INDEX",
        ),
        (
            "child",
            "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p(id), x TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO p SELECT i FROM n;
             INSERT INTO c SELECT id, id, 'x' || id FROM p;",
            "CREATE INDEX idx_c_p",
        ),
    ] {
        let db = folder.path().join(format!("{name}.db"));
        Connection::open(&db)?.execute_batch(schema)?;
        let told = run(["--db", text(&db)])?;
        assert_eq!(told.status.code(), Some(0), "{name}: {}", stderr(&told));
        assert!(stdout(&told).contains(says), "{name}: {}", stdout(&told));
    }
    Ok(())
}
