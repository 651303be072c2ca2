//! Whatever a schema holds costs that piece alone: the statements that do not need it get their advice.

use crate::support::{Result, run, stderr, stdout, text};
use rusqlite::Connection;
use std::path::PathBuf;

/// A table that a query scans, beside whatever else a test puts in.
const SCANNED: &str = "CREATE TABLE other(id INTEGER PRIMARY KEY, x INT, y TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO other(x, y) SELECT i % 500, 'y' || i FROM n;";

struct Place {
    folder: tempfile::TempDir,
    db: PathBuf,
}

impl Place {
    fn new(fill: impl Fn(&Connection) -> rusqlite::Result<()>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = folder.path().join("app.db");
        let conn = Connection::open(&db)?;
        conn.execute_batch(SCANNED)?;
        fill(&conn)?;
        Ok(Self { folder, db })
    }

    /// What is said of a workload.
    fn advise(&self, workload: &str) -> Result<String> {
        let queries = self.folder.path().join("queries.sql");
        std::fs::write(&queries, workload)?;
        let output = run(["--db", text(&self.db), "--workload", text(&queries), "--quiet"])?;
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        Ok(stdout(&output))
    }
}

const SCAN: &str = "SELECT * FROM other WHERE x = 5;";

/// The statement on the sound table gets its index.
fn assert_advised(said: &str) {
    assert!(said.contains("CREATE INDEX idx_other_x"), "{said}");
}

#[test]
fn collations_and_functions_of_the_application_cost_only_the_comparison_of_what_needs_them() -> Result {
    let place = Place::new(|conn| {
        conn.create_collation("unicase", |a: &str, b: &str| a.to_lowercase().cmp(&b.to_lowercase()))?;
        for name in ["slug", "valid", "twice", "noticed", "rank_of"] {
            let flags = rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
            conn.create_scalar_function(name, 1, flags, |_| Ok(1))?;
        }
        conn.execute_batch(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT COLLATE unicase CHECK (valid(name)),
                            double AS (twice(a)));
             CREATE INDEX tn ON t(name); CREATE UNIQUE INDEX ts ON t(slug(name), id);
             CREATE INDEX tp ON t(a) WHERE rank_of(a) > 5;
             CREATE TABLE w(name TEXT COLLATE unicase PRIMARY KEY, v INT) WITHOUT ROWID;
             CREATE TRIGGER tr AFTER INSERT ON other BEGIN UPDATE t SET a = noticed(new.x) WHERE id = 1; END;
             CREATE VIEW v AS SELECT slug(name) AS s FROM t;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO t(a, name) SELECT i % 100, 'N' || i FROM n;
             INSERT INTO w SELECT name, a FROM t; ANALYZE;",
        )
    })?;
    let said = place.advise(&format!(
        "{SCAN} SELECT id FROM t WHERE a = 5; SELECT v FROM w WHERE v = 9; DELETE FROM t WHERE id = 5;
         -- name: named
         SELECT * FROM t WHERE name = 'n5';
         INSERT INTO other(x) VALUES (1); SELECT s FROM v WHERE s = 5;"
    ))?;
    assert_advised(&said);
    assert!(said.contains("CREATE INDEX idx_t_a"), "{said}");
    assert!(
        said.contains("unicase") && said.contains("slug") && said.contains("planned with a stand-in"),
        "{said}"
    );
    let named = said.lines().find(|line| line.trim_start().starts_with("named "));
    assert!(named.is_some_and(|line| line.contains("not verified")), "{said}");
    assert!(!said.contains("skipped"), "{said}");
    Ok(())
}

#[test]
fn a_database_in_utf_16_gets_stand_ins_as_well() -> Result {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("app.db");
    let conn = Connection::open(&db)?;
    conn.create_collation("unicase", |a: &str, b: &str| a.cmp(b))?;
    conn.execute_batch(&format!(
        "PRAGMA encoding = 'UTF-16le'; {SCANNED} CREATE TABLE t(name TEXT COLLATE unicase UNIQUE);
         INSERT INTO t VALUES ('b'), ('a');"
    ))?;
    let said = Place { folder, db }.advise(&format!("{SCAN} SELECT * FROM t WHERE name = 'a';"))?;
    assert_advised(&said);
    Ok(())
}

#[test]
fn odd_declared_types_change_nothing() -> Result {
    let place = Place::new(|conn| {
        conn.execute_batch(
            r#"CREATE TABLE t1(o '0b'); CREATE TABLE t2(o [in t]); CREATE TABLE t3(o "(1"); CREATE TABLE t4(o "),b(");
               CREATE TABLE t5(o "PRIMARY KEY"); CREATE TABLE t6(o "-- x"); CREATE TABLE t7(o "HIDDEN INT", "a""b" ' ');
               INSERT INTO t7 VALUES (1, 2);"#,
        )
    })?;
    let said =
        place.advise(&format!("{SCAN} SELECT o FROM t1 WHERE o = 1; SELECT o FROM t7 WHERE o = 1;"))?;
    assert_advised(&said);
    assert!(!said.contains("skipped"), "{said}");
    Ok(())
}

#[test]
fn bytes_where_text_belongs_and_statistics_of_ones_own_making_cost_nothing_else() -> Result {
    let place = Place::new(|conn| {
        conn.execute_batch(
            "CREATE TABLE t(a, b); CREATE INDEX ta ON t(a); INSERT INTO t VALUES (1, 2), (3, 4); ANALYZE;
             INSERT INTO sqlite_stat1 VALUES (x'74', x'7461', x'3220ff31'), ('t', 'ta', 'no number'), (5, 6.5, 7),
                                             ('gone', NULL, '-5 18446744073709551616'), ('other', NULL, x'ff');
             INSERT INTO sqlite_stat4 VALUES ('t', 'ta', x'31', 5, NULL, 'no record'), (x'74', 7, '', '', '', x'00');
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name IN ('t', 'ta');",
        )
    })?;
    assert_advised(&place.advise(&format!("{SCAN} SELECT b FROM t WHERE a = 1;"))?);
    Ok(())
}

#[test]
fn a_virtual_table_of_an_unknown_module_costs_its_own_statements() -> Result {
    let place = Place::new(|conn| {
        conn.execute_batch(
            "PRAGMA writable_schema = ON;
             INSERT INTO sqlite_schema VALUES ('table', 'near', 'near', 0, 'CREATE VIRTUAL TABLE near USING vectors99(a, b)');
             CREATE VIEW v AS SELECT * FROM near;",
        )
    })?;
    let said = place.advise(&format!("{SCAN} SELECT * FROM near WHERE a = 1; SELECT * FROM v;"))?;
    assert_advised(&said);
    assert!(said.contains("no such module: vectors99"), "{said}");
    Ok(())
}

#[test]
fn a_table_of_two_thousand_columns_and_as_many_literals_is_no_reason_to_stop() -> Result {
    let place = Place::new(|conn| {
        let columns: Vec<_> = (0..1_999).map(|i| format!("c{i}")).collect();
        conn.execute_batch(&format!(
            "CREATE TABLE wide({}); INSERT INTO wide(c0) VALUES (1)",
            columns.join(", ")
        ))
    })?;
    let literals: String = (0..2_000).map(|i| format!("SELECT y FROM other WHERE x = {i};\n")).collect();
    assert_advised(&place.advise(&format!("SELECT * FROM wide WHERE c1998 = 5;\n{literals}"))?);
    Ok(())
}
