//! What the inputs are made from: sound files of each kind, and files that once did harm.

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// Files of the repository whose path ends so.
fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let mut found = vec![];
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        let mut inside: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        inside.sort();
        for path in inside {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.extend(std::fs::read(path).ok().filter(|bytes| bytes.len() < 100_000));
            }
        }
    }
    found
}

/// Settings of databases that are not alike in their bytes.
const SETTINGS: [&str; 5] = [
    "PRAGMA page_size = 512",
    "PRAGMA page_size = 1024; PRAGMA auto_vacuum = FULL",
    "PRAGMA page_size = 512; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA encoding = 'UTF-16le'",
    "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-16be'",
    "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL",
];

/// Each kind of table, index and statistics.
const SCHEMA: &str = "
    CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE, length INTEGER, kind TEXT, at DATETIME);
    CREATE TABLE pair(a, b REFERENCES word(id) ON DELETE CASCADE, c AS (a || b) STORED, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE strict(x INT NOT NULL CHECK (x > 0), y ANY, UNIQUE (x, y)) STRICT;
    CREATE INDEX word_kind ON word(kind, length DESC) WHERE kind <> 'gone';
    CREATE INDEX word_lower ON word(lower(text));
    CREATE INDEX word_twice ON word(kind, length);
    CREATE VIEW long AS SELECT text, length FROM word WHERE length > 3;
    CREATE TRIGGER log AFTER DELETE ON word BEGIN UPDATE strict SET y = old.id WHERE x = old.length; END;
    CREATE VIRTUAL TABLE found USING fts5(body);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO word SELECT i, 'w' || i % 17, i % 7, iif(i % 5, 'old', 'new'), '2024-01-' || i FROM n;
    INSERT INTO pair(a, b) SELECT id % 9, id FROM word;
    INSERT INTO strict SELECT id, hex(zeroblob(id * 3)) FROM word;
    INSERT INTO found SELECT text FROM word WHERE id < 5;
    DELETE FROM word WHERE id % 4 = 0;
    ANALYZE;";

/// Whole database files.
pub fn databases() -> Vec<Vec<u8>> {
    let made = SETTINGS.iter().filter_map(|settings| {
        let folder = tempfile::tempdir().ok()?;
        let path = folder.path().join("seed.db");
        let conn = Connection::open(&path).ok()?;
        conn.execute_batch(settings).and_then(|()| conn.execute_batch(SCHEMA)).ok()?;
        drop(conn);
        std::fs::read(path).ok()
    });
    made.chain(files("tests/fuzz/corpus", ".db")).collect()
}

/// Schemas and queries as text.
pub fn scripts() -> Vec<Vec<u8>> {
    let cases = files("crates/sqlite-advisor/tests/cases", ".case");
    let queries = files("workloads/goals", ".sql");
    [vec![SCHEMA.as_bytes().to_vec()], cases, queries, files("tests/fuzz/corpus", ".sql")].concat()
}

/// Logs of applications.
pub fn logs() -> Vec<Vec<u8>> {
    let logs = files("crates/sqlite-advisor/tests/logs", ".log");
    let json = br#"[{"sql": "SELECT * FROM t WHERE a = ?", "params": [1, "x", null, 1.5]}]"#;
    let lines = b"{\"query\": \"SELECT 1\", \"duration_ms\": 3, \"params\": {\"a\": 1}}\n{\"sql\": \"DELETE FROM t\"}\n";
    [logs, vec![json.to_vec(), lines.to_vec()], files("workloads/goals-before", ".sql")].concat()
}

/// Lines of plans: number, parent and words.
pub fn plans() -> Vec<Vec<u8>> {
    [
        "2 0 SCAN word\n5 2 SEARCH pair USING INDEX sqlite_autoindex_pair_1 (a=? AND b>? AND b<?)",
        "1 0 COMPOUND QUERY\n2 1 LEFT-MOST SUBQUERY\n3 2 SCAN a USING COVERING INDEX i\n9 1 UNION ALL\n4 9 SCAN CONSTANT ROW",
        "3 0 MULTI-INDEX OR\n4 3 INDEX 1\n5 4 SEARCH t USING INTEGER PRIMARY KEY (rowid=?)\n8 3 INDEX 2",
        "7 0 CORRELATED SCALAR SUBQUERY 1\n8 7 SEARCH x USING AUTOMATIC PARTIAL COVERING INDEX (a=?) LEFT-JOIN",
        "1 0 SCAN f VIRTUAL TABLE INDEX 0:M1\n2 0 USE TEMP B-TREE FOR LAST TERM OF ORDER BY\n3 0 BLOOM FILTER ON t (a=?)",
        "1 0 CO-ROUTINE v\n2 1 SEARCH t EXISTS USING INDEX i (ANY(a) AND b=?)\n3 0 USE TEMP B-TREE FOR count(DISTINCT)",
    ]
    .map(|plan| plan.as_bytes().to_vec())
    .to_vec()
}

/// Saved results of both kinds.
pub fn reports() -> Vec<Vec<u8>> {
    let made = crate::targets::advice_on(&databases().into_iter().next().unwrap_or_default());
    [made, files("reports", ".json"), files("crates/sqlite-advisor/tests/formats", ".json")].concat()
}

/// Advice to be applied, as JSON and as SQL.
pub fn advice() -> Vec<Vec<u8>> {
    let sql = [
        "CREATE INDEX a ON word(length); DROP INDEX word_twice; ANALYZE;",
        "CREATE UNIQUE INDEX IF NOT EXISTS main.\"u\" ON word(id, lower(text)) WHERE kind IS NOT NULL;\nDROP INDEX IF EXISTS [word_lower]",
    ];
    let json = br#"{"version": 1, "advice": [{"kind": "create_index", "sql": "CREATE INDEX b ON pair(c)"},
        {"kind": "drop_index", "sql": "DROP INDEX word_kind"}, {"kind": "rewrite", "reason": "x"}, {"kind": "analyze", "sql": "ANALYZE"}]}"#;
    sql.iter().map(|sql| sql.as_bytes().to_vec()).chain([json.to_vec()]).collect()
}

/// Bytes that only choose.
pub fn numbers() -> Vec<Vec<u8>> {
    (0..4_u8).map(|n| vec![n; 8]).collect()
}
