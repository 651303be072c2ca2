//! Advice from within another program: `cargo run -p sqlite-advisor --example advise -- app.db queries.sql`.

use sqlite_advisor::{Recommendation, Report, Request, Result, Silent, advise, read_queries};
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let database = arguments.next().ok_or("usage: advise DATABASE QUERIES...")?;
    let files: Vec<PathBuf> = arguments.collect();
    for line in lines(&report(&database, &files)?) {
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}

/// Advice on a database for the statements in files of SQL or logs.
fn report(database: &Path, files: &[PathBuf]) -> Result<Report> {
    let request = Request::new(database).queries(read_queries(files, &Silent)?.queries);
    advise(&request, &Silent)
}

/// Each new index with what it takes and whom it helps.
fn lines(report: &Report) -> Vec<String> {
    let new = |advice: &Recommendation| match advice {
        Recommendation::CreateIndex(new) => {
            Some(format!("{}; -- {} bytes, helps {}", new.sql, new.index.bytes, new.common.helps.len()))
        }
        _ => None,
    };
    report.recommendations.iter().filter_map(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_gets_advice_for_a_file_of_queries() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (database, queries) = (folder.path().join("app.db"), folder.path().join("queries.sql"));
        rusqlite::Connection::open(&database)?.execute_batch(
            "CREATE TABLE post(id INTEGER PRIMARY KEY, author INT, body TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO post SELECT i, i % 700, 'text ' || i FROM n",
        )?;
        std::fs::write(&queries, "SELECT body FROM post WHERE author = 7;")?;
        let lines = lines(&report(&database, &[queries])?);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("CREATE INDEX idx_post_author"), "{lines:?}");
        Ok(())
    }
}
