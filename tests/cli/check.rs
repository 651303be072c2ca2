//! `advisor check`: what fails, what passes, and what the lock says.

use crate::support::{Result, advisor, stderr, stdout};
use std::fs;
use std::process::Output;

/// The project of examples/ci: a small shop without a row, and the statistics of the one in production.
pub const SCHEMA: &str = include_str!("../../examples/ci/schema.sql");
pub const QUERIES: &str = include_str!("../../examples/ci/queries.sql");
const LOCK: &str = include_str!("../../examples/ci/advisor.lock");

/// The schema without the index of orders; what is known of its rows stays.
pub fn without_index() -> String {
    let lines = SCHEMA.lines().filter(|line| !line.starts_with("CREATE INDEX"));
    lines.map(|line| line.replace("'orders_customer', '52000 26 1 1'", "NULL, '52000'") + "\n").collect()
}

pub struct Shop(pub tempfile::TempDir);

impl Shop {
    /// The shop and the lock of its plans.
    pub fn new() -> Result<Self> {
        let shop = Self(tempfile::tempdir()?);
        fs::write(shop.0.path().join("advisor.lock"), LOCK)?;
        Ok(shop)
    }

    pub fn check(&self, schema: &str, queries: &str, options: &[&str]) -> Result<Output> {
        fs::write(self.0.path().join("schema.sql"), schema)?;
        fs::write(self.0.path().join("queries.sql"), queries)?;
        let fixed = ["check", "schema.sql", "--workload", "queries.sql", "--lock", "advisor.lock"];
        let mut command = advisor(fixed.into_iter().chain(options.iter().copied()));
        Ok(command.current_dir(self.0.path()).output()?)
    }

    fn lock(&self) -> Result<String> {
        Ok(fs::read_to_string(self.0.path().join("advisor.lock"))?)
    }

    /// What is said of a change, which has to fail.
    fn fails(&self, schema: &str, queries: &str) -> Result<String> {
        let output = self.check(schema, queries, &[])?;
        assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
        Ok(stdout(&output))
    }

    /// What is said of a change, which has to fail, and to pass with the cure that it names.
    fn is_cured(&self, schema: &str, queries: &str) -> Result<String> {
        let said = self.fails(schema, queries)?;
        let cure = said.lines().find(|line| line.trim().starts_with("CREATE INDEX")).ok_or("no cure")?;
        let cured = self.check(&format!("{schema}{cure}"), queries, &[])?;
        assert_eq!(cured.status.code(), Some(0), "{}", stdout(&cured));
        Ok(said)
    }
}

#[test]
fn what_did_not_change_passes_and_the_lock_is_what_update_writes() -> Result {
    let shop = Shop::new()?;
    let again = shop.check(SCHEMA, QUERIES, &[])?;
    assert_eq!(again.status.code(), Some(0));
    assert!(stdout(&again).starts_with("4 statements planned, nothing new"), "{}", stdout(&again));
    fs::remove_file(shop.0.path().join("advisor.lock"))?;
    assert_eq!(shop.check(SCHEMA, QUERIES, &["--update"])?.status.code(), Some(0));
    assert_eq!(shop.lock()?, LOCK);
    Ok(())
}

#[test]
fn a_dropped_index_fails_with_place_plans_and_a_cure_that_passes() -> Result {
    let said = Shop::new()?.is_cured(&without_index(), QUERIES)?;
    assert!(
        said.starts_with("queries.sql:2: \"orders of a customer\" reads every row of orders, 52,000 rows")
    );
    insta::assert_snapshot!("dropped_index", said);
    Ok(())
}

#[test]
fn a_column_that_breaks_a_covering_index_fails_and_is_cured() -> Result {
    let said = Shop::new()?
        .is_cured(SCHEMA, &QUERIES.replace("SELECT placed, total", "SELECT placed, total, note"))?;
    assert!(said.starts_with(
        "queries.sql:2: \"orders of a customer\" gets less of the index orders_customer than before, on orders"
    ));
    assert!(said.contains("ON orders(customer, placed, total, note);"), "{said}");
    Ok(())
}

#[test]
fn an_unindexed_query_fails_and_is_cured() -> Result {
    let said = Shop::new()?.is_cured(SCHEMA, &format!("{QUERIES}SELECT id FROM orders WHERE note = ?;"))?;
    let begins = "queries.sql:12: this statement reads every row of orders, 52,000 rows";
    assert!(said.starts_with(begins), "{said}");
    assert!(said.contains("CREATE INDEX idx_orders_note ON orders(note);"), "{said}");
    Ok(())
}

#[test]
fn a_new_sort_and_a_refused_statement_each_fail() -> Result {
    let shop = Shop::new()?;
    let said = shop.fails(SCHEMA, &QUERIES.replace("ORDER BY placed DESC", "ORDER BY total"))?;
    assert!(said.contains("builds a temporary b-tree for ORDER BY, and did not before"), "{said}");
    let said = shop.fails(&SCHEMA.replace("note TEXT", "remark TEXT"), QUERIES)?;
    assert!(said.starts_with("queries.sql:11: SQLite refuses \"report\": no such column: note"), "{said}");
    Ok(())
}

#[test]
fn two_refused_statements_of_one_name_are_held_each() -> Result {
    let shop = Shop::new()?;
    let one = format!("{QUERIES}-- name: lost\nSELECT a FROM gone;");
    assert_eq!(shop.check(SCHEMA, &one, &["--update"])?.status.code(), Some(0));
    let two = format!("{one}\n-- name: lost\nSELECT b FROM gone;");
    assert!(
        shop.fails(SCHEMA, &two)?
            .starts_with("queries.sql:15: SQLite refuses \"lost#2\": no such table: gone")
    );
    assert_eq!(shop.check(SCHEMA, &two, &["--update"])?.status.code(), Some(0));
    assert_eq!(shop.check(SCHEMA, &two, &[])?.status.code(), Some(0));
    Ok(())
}

#[test]
fn a_small_table_may_be_scanned_and_a_scan_only_with_a_reason() -> Result {
    let shop = Shop::new()?;
    assert!(!shop.lock()?.contains("accepted"), "{}", shop.lock()?);
    let said = shop.fails(SCHEMA, &QUERIES.replace("-- allow: scan at night only\n", ""))?;
    assert!(said.starts_with("queries.sql:10: \"report\" reads every row of orders"), "{said}");
    let said = shop.fails(SCHEMA, &QUERIES.replace("scan at night only", "scan"))?;
    assert!(said.contains("the allowance of \"report\" gives no reason; write -- allow: scan WHY"), "{said}");
    let needless =
        shop.check(SCHEMA, &QUERIES.replace("-- name: all", "-- allow: scan few\n-- name: all"), &[])?;
    assert_eq!(needless.status.code(), Some(0));
    assert!(
        stdout(&needless).contains("no longer needs the allowance \"scan few\""),
        "{}",
        stdout(&needless)
    );
    Ok(())
}

#[test]
fn what_the_lock_accepts_may_stay_may_not_grow_and_leaves_it_when_cured() -> Result {
    let shop = Shop::new()?;
    let scan = format!("{QUERIES}-- name: late\nSELECT id FROM orders WHERE note = ?;");
    assert_eq!(shop.check(SCHEMA, &scan, &["--update"])?.status.code(), Some(0));
    assert!(shop.lock()?.contains("accepted full-scan orders"));
    assert_eq!(shop.check(SCHEMA, &scan, &[])?.status.code(), Some(0));
    let twice = scan.replace("WHERE note = ?", "WHERE note = (SELECT avg(note) FROM orders WHERE total > 5)");
    assert!(shop.fails(SCHEMA, &twice)?.contains("\"late\" reads every row of orders"));
    let cured = format!("{SCHEMA}CREATE INDEX orders_note ON orders(note);");
    let passed = shop.check(&cured, &scan, &["--update"])?;
    assert!(
        stdout(&passed).contains("\"late\" no longer has the full-scan of orders"),
        "{}",
        stdout(&passed)
    );
    assert!(!shop.lock()?.contains("accepted"));
    Ok(())
}

/// A program of that name in the shop which ignores what it is given, and prints a text.
#[cfg(unix)]
fn program(shop: &Shop, name: &str, text: &str) -> Result<String> {
    use std::os::unix::fs::PermissionsExt;
    let path = shop.0.path().join(name);
    fs::write(&path, format!("#!/bin/sh\ncat <<'END'\n{text}\nEND\n"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path.to_string_lossy().into_owned())
}

#[test]
#[cfg(unix)]
fn what_another_sqlite_plans_otherwise_is_told_and_fails_nothing() -> Result {
    let shop = Shop::new()?;
    let text = "3.99.0\n### 0\nQUERY PLAN\n`--SCAN orders\n### 1\nQUERY PLAN\n`--SCAN countries";
    let other =
        shop.check(SCHEMA, QUERIES, &["--engine", &program(&shop, "sqlite3", text)?, "--format", "json"])?;
    assert_eq!(other.status.code(), Some(0), "{}", stderr(&other));
    for words in [
        "plans \\\"orders of a customer\\\" otherwise: SCAN orders",
        "refuses \\\"report\\\"",
        "plans 1 of 4 statements alike",
    ] {
        assert!(stdout(&other).contains(words), "{words}: {}", stdout(&other));
    }
    let silent = shop.check(SCHEMA, QUERIES, &["--engine", "/nowhere/sqlite3"])?;
    assert_eq!((silent.status.code(), stderr(&silent).lines().count()), (Some(2), 1), "{}", stderr(&silent));
    Ok(())
}

#[test]
fn the_sqlite_of_a_shell_and_of_python_is_asked_where_it_is_installed() -> Result {
    let shop = Shop::new()?;
    for engine in ["sqlite3", "python3"] {
        if std::process::Command::new(engine).arg("--version").output().is_err() {
            continue;
        }
        let told = shop.check(SCHEMA, QUERIES, &["--engine", engine, "--format", "json"])?;
        assert!(
            stdout(&told).contains("plans 4 of 4 statements alike"),
            "{engine}: {}{}",
            stdout(&told),
            stderr(&told)
        );
    }
    Ok(())
}

#[test]
fn a_missing_or_broken_lock_is_an_error_and_no_plannable_statement_is_code_3() -> Result {
    let shop = Shop::new()?;
    fs::write(shop.0.path().join("advisor.lock"), "lock 1\n<<<<<<< ours\n")?;
    let broken = shop.check(SCHEMA, QUERIES, &[])?;
    assert_eq!(broken.status.code(), Some(2));
    assert!(stderr(&broken).contains("advisor.lock: line 2: "), "{}", stderr(&broken));
    fs::remove_file(shop.0.path().join("advisor.lock"))?;
    let missing = shop.check(SCHEMA, QUERIES, &[])?;
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("there is no such lock; --update writes it"), "{}", stderr(&missing));
    let refused = shop.check(SCHEMA, "SELECT x FROM nowhere;", &["--update"])?;
    assert_eq!(refused.status.code(), Some(3));
    assert!(!shop.0.path().join("advisor.lock").exists());
    Ok(())
}
