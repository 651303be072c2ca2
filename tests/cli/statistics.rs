//! `advisor statistics export` and `check --statistics`: production's plans without production's data.

use crate::support::{Result, advisor, stderr, stdout};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

const SCHEMA: &str = "
    CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE, born TEXT, income INT, score REAL, key BLOB);
    CREATE TABLE visit(person INT, day TEXT, place TEXT, PRIMARY KEY (person, day)) WITHOUT ROWID;
    CREATE INDEX person_email ON person(email);
    CREATE INDEX person_born ON person(born DESC, income);
    CREATE INDEX person_income ON person(income) WHERE income > 5;
    CREATE INDEX person_score ON person(score, key);
    CREATE INDEX person_domain ON person(substr(email, instr(email, '@')));
    CREATE INDEX visit_place ON visit(place);";

const ROWS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    INSERT INTO person SELECT i + 70000000, CASE WHEN i % 3 THEN 'anna' || i || '@example.org' ELSE 'sorted' END,
        date('1931-01-01', '+' || (i * 13) || ' days'), 31000017 + i % 90 * 1009, i * 1234.567891, randomblob(9) FROM n;
    INSERT INTO visit SELECT id, born, 'place of ' || (id % 7) FROM person WHERE id % 2;
    UPDATE person SET key = NULL WHERE id % 4;
    ANALYZE;
    INSERT INTO sqlite_stat1 VALUES ('anna@example.org', NULL, '7 anna@example.org');
    UPDATE sqlite_stat1 SET stat = stat || ' sz=20 anna@example.org' WHERE idx = 'person_email'";

const QUERIES: &str = "
    SELECT id FROM person WHERE email = ?;
    SELECT id FROM person WHERE email = 'sorted' ORDER BY born;
    SELECT id FROM person WHERE key IS NULL AND score > ?;
    SELECT p.id FROM person p JOIN visit v ON v.person = p.id WHERE v.place = ? ORDER BY p.income;
    SELECT place, count(*) FROM visit GROUP BY place;
    SELECT income FROM person WHERE income BETWEEN 31000017 AND 31003000;";

/// A folder with a database that has been analyzed, its schema alone, and queries.
fn prepare() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    Connection::open(folder.path().join("prod.db"))?.execute_batch(&format!("{SCHEMA}{ROWS}"))?;
    fs::write(folder.path().join("schema.sql"), SCHEMA)?;
    fs::write(folder.path().join("queries.sql"), QUERIES)?;
    Ok(folder)
}

fn run(folder: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(advisor(arguments.iter().copied()).current_dir(folder).output()?)
}

fn export(folder: &Path) -> Result<String> {
    let output = run(folder, &["statistics", "export", "--db", "prod.db"])?;
    assert!(output.status.success(), "{}", stderr(&output));
    fs::write(folder.join("prod.stats.json"), stdout(&output))?;
    Ok(stdout(&output))
}

/// Each value of each column as SQLite writes it, but for numbers so small that counts have them too.
fn values(folder: &Path) -> Result<BTreeSet<String>> {
    let conn = Connection::open(folder.join("prod.db"))?;
    let mut found = BTreeSet::new();
    for (table, columns) in [("person", "id,email,born,income,score,hex(key)"), ("visit", "person,day,place")]
    {
        for column in columns.split(',') {
            let sql =
                format!("SELECT DISTINCT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL");
            let mut rows = conn.prepare(&sql)?;
            for value in rows.query_map([], |row| row.get::<_, String>(0))? {
                found.insert(value?);
            }
        }
    }
    found.retain(|value| value.len() > 5);
    Ok(found)
}

#[test]
fn no_value_can_be_read_back_from_what_is_exported() -> Result {
    let folder = prepare()?;
    let exported = export(folder.path())?;
    let values = values(folder.path())?;
    assert!(values.len() > 2_000, "{} values", values.len());
    let is_between = |c: char| !(c.is_alphanumeric() || "@.-+".contains(c));
    let words: BTreeSet<&str> = exported.split('"').chain(exported.split(is_between)).collect();
    let held: Vec<_> = values.iter().filter(|value| words.contains(value.as_str())).collect();
    assert_eq!(held, Vec::<&String>::new());
    for part in ["@", "example", "anna", "sorted", "place of"] {
        assert!(!exported.contains(part), "{part}");
    }
    // What stands for a value is its kind and its place among the samples of its index.
    let document: Value = serde_json::from_str(&exported)?;
    let mut samples = 0;
    for index in document["indexes"].as_array().ok_or("no indexes")? {
        let all = index["stat4"].as_array().map(Vec::as_slice).unwrap_or_default();
        samples += all.len();
        for term in all.iter().flat_map(|sample| sample["key"].as_array().into_iter().flatten()) {
            let Some(term) = term.as_object() else { continue };
            assert!(
                term.len() == 1 && ["number", "text", "blob"].iter().any(|kind| term.contains_key(*kind))
            );
            assert!(
                term.values().all(|place| place.as_u64().is_some_and(|n| n < all.len() as u64)),
                "{term:?}"
            );
        }
    }
    assert!(samples > 100, "{samples} samples");
    Ok(())
}

#[test]
fn a_schema_without_rows_plans_as_the_database_that_the_statistics_are_of() -> Result {
    let folder = prepare()?;
    export(folder.path())?;
    let plans = |arguments: &[&str]| -> Result<Value> {
        let all = [&["check"], arguments, &["--workload", "queries.sql", "--format", "json"]].concat();
        let document: Value = serde_json::from_str(&stdout(&run(folder.path(), &all)?))?;
        Ok(document["statements"].clone())
    };
    let own = plans(&["prod.db"])?;
    assert!(own.to_string().contains("person_email") && own.as_array().is_some_and(|all| all.len() == 6));
    assert_eq!(plans(&["schema.sql", "--statistics", "prod.stats.json"])?, own);
    assert_ne!(plans(&["schema.sql"])?, own, "the statistics change nothing here");
    Ok(())
}

#[test]
fn the_rows_that_were_exported_tell_which_tables_are_large() -> Result {
    let folder = prepare()?;
    export(folder.path())?;
    fs::write(
        folder.path().join("queries.sql"),
        "SELECT * FROM person WHERE score < id; SELECT * FROM visit;",
    )?;
    let options = ["check", "schema.sql", "--workload", "queries.sql", "--statistics", "prod.stats.json"];
    let said = stdout(&run(folder.path(), &options)?);
    assert!(said.contains("reads every row of person, 1,200 rows"), "{said}");
    assert!(
        said.ends_with(
            "1 finding to look at in 2 statements (SQLite 3.54.1, rows as statistics tell them)\n"
        ),
        "{said}"
    );
    Ok(())
}

#[test]
fn what_is_no_export_is_refused_in_one_sentence() -> Result {
    let folder = prepare()?;
    for (text, words) in [
        ("[]", "prod.stats.json: is not written by advisor statistics export: "),
        ("{\"version\": 9}", "prod.stats.json: has version 9, and this advisor reads version 1; export"),
    ] {
        fs::write(folder.path().join("prod.stats.json"), text)?;
        let options = ["check", "schema.sql", "--workload", "queries.sql", "--statistics", "prod.stats.json"];
        let output = run(folder.path(), &options)?;
        assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(2), 1));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
    Ok(())
}

#[test]
fn what_the_statistics_are_worth_is_told_by_table_and_by_plan() -> Result {
    let folder = prepare()?;
    Connection::open(folder.path().join("prod.db"))?
        .execute_batch("DELETE FROM sqlite_stat1 WHERE tbl = 'visit'")?;
    let said = stdout(&run(folder.path(), &["statistics", "prod.db", "--workload", "queries.sql"])?);
    assert!(said.contains("\nStatistics of 2 tables: 1 full, 1 none\n"), "{said}");
    assert!(said.contains("none        ANALYZE never saw it\n"), "{said}");
    assert!(said.contains("of 6 statements\n"), "{said}");
    let json = stdout(&run(folder.path(), &["statistics", "prod.db", "--format", "json"])?);
    let document: Value = serde_json::from_str(&json)?;
    assert_eq!((&document["tables"][1]["worth"], &document["version"]), (&"none".into(), &1.into()));
    Ok(())
}
