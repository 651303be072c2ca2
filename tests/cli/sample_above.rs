//! Above `--sample-above` the tables that the workload does not name are left out of the verification, and that is said.

use crate::support::{Result, advisor, stderr, text};
use rusqlite::Connection;
use sqlite_advisor::model::report::Report;
use std::path::Path;

const SCHEMA: &str = "
    CREATE TABLE book(id INTEGER PRIMARY KEY, author INT, title TEXT);
    CREATE TABLE note(book INT, words TEXT); CREATE INDEX note_book ON note(book);
    CREATE TABLE visit(at TEXT, page TEXT); CREATE INDEX visit_at ON visit(at);
    CREATE VIEW noted AS SELECT * FROM book JOIN note ON note.book = book.id;
    CREATE VIEW lately AS SELECT * FROM visit WHERE at > '2026';
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO book SELECT i, i % 500, 'title ' || i FROM n;
    INSERT INTO note SELECT id, title FROM book; INSERT INTO visit SELECT title, title FROM book;
    DELETE FROM note WHERE rowid % 3 = 0;";

/// Goes through a view, and looks a rowid up that must not change.
const QUERIES: &str = "SELECT title FROM noted WHERE author = 7; SELECT words FROM note WHERE rowid = 4000;";

fn advise(folder: &Path, sample_above: &str) -> Result<Report> {
    let (db, queries) = (folder.join("app.db"), folder.join("queries.sql"));
    let arguments =
        ["--db", text(&db), "--workload", text(&queries), "--format", "json", "--sample-above", sample_above];
    let output = advisor(arguments).output()?;
    assert!(output.status.success(), "{}", stderr(&output));
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[test]
fn a_large_database_is_tried_on_the_tables_that_the_workload_names() -> Result {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("app.db");
    Connection::open(&db)?.execute_batch(SCHEMA)?;
    std::fs::write(folder.path().join("queries.sql"), QUERIES)?;
    let bytes = std::fs::read(&db)?;
    let (whole, part) = (advise(folder.path(), "1GB")?, advise(folder.path(), "100KB")?);
    assert_eq!(std::fs::read(&db)?, bytes);

    let sql =
        |d: &Report| d.recommendations.iter().filter_map(|r| r.sql().map(str::to_owned)).collect::<Vec<_>>();
    let rows = |d: &Report| d.statements.iter().map(|s| (s.before.rows, s.same_rows)).collect::<Vec<_>>();
    assert!(sql(&part).iter().any(|sql| sql.contains("ON book(author")), "{:?}", sql(&part));
    assert_eq!(rows(&part), rows(&whole));
    assert_eq!(rows(&part).last(), Some(&(1, Some(true))));
    let existing = |d: &Report| d.existing.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
    assert_eq!((existing(&whole).len(), existing(&part)), (2, vec!["note_book".to_owned()]));
    assert_eq!((whole.database.whole_bytes, part.database.whole_bytes), (None, Some(bytes.len() as u64)));
    assert!(part.database.bytes < whole.database.bytes && part.database.tables == 2);
    let said = |d: &Report| d.notes.iter().any(|note| note.contains("--sample-above"));
    assert_eq!((said(&whole), said(&part)), (false, true));
    Ok(())
}
