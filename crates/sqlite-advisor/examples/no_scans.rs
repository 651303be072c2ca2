//! A test that fails when a statement of an application scans a table which an index would spare it. Put its second half among
//! your own tests, with your schema and your statements. As a program it looks at one statement:
//! `cargo run -p sqlite-advisor --example no_scans -- app.db "SELECT ..."`.

use sqlite_advisor::{Recommendation, Request, Result, Silent, advise};
use std::path::Path;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, query] = arguments.as_slice() else { return Err("usage: no_scans DATABASE QUERY".into()) };
    let missing = missing_indexes(Path::new(database), &[query])?;
    if missing.is_empty() { Ok(()) } else { Err(missing.join("; ").into()) }
}

/// The indexes that the statements lack.
fn missing_indexes(database: &Path, queries: &[&str]) -> Result<Vec<String>> {
    let report = advise(&Request::new(database).queries(queries.iter().copied()), &Silent)?;
    let new = |advice: &Recommendation| match advice {
        Recommendation::CreateIndex(new) => Some(new.sql.clone()),
        _ => None,
    };
    Ok(report.recommendations.iter().filter_map(new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERIES: [&str; 2] =
        ["SELECT total FROM orders WHERE customer = ?", "SELECT total FROM orders WHERE id = ?"];

    /// A database as the application makes it, with as many rows as matter.
    fn database(path: &Path, indexes: &str) -> std::result::Result<(), Box<dyn std::error::Error>> {
        rusqlite::Connection::open(path)?.execute_batch(&format!(
            "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INT, total REAL); {indexes}
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO orders SELECT i, i % 900, i * 1.5 FROM n"
        ))?;
        Ok(())
    }

    #[test]
    fn no_statement_scans_a_table() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("app.db");
        database(&path, "CREATE INDEX orders_customer ON orders(customer);")?;
        assert_eq!(missing_indexes(&path, &QUERIES)?, Vec::<String>::new());
        Ok(())
    }

    #[test]
    fn a_scan_is_found_with_the_index_that_ends_it() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("app.db");
        database(&path, "")?;
        assert_eq!(
            missing_indexes(&path, &QUERIES)?,
            ["CREATE INDEX idx_orders_customer ON orders(customer)"]
        );
        Ok(())
    }
}
