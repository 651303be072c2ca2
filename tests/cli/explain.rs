//! `advisor explain`: what one statement does, as it is told.

use rusqlite::Connection;
use sqlite_advisor::model::explanation::Explanation;
use sqlite_advisor::render::Style;
use sqlite_advisor::render::explanation::{json, markdown, text};
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

const SCHEMA: &str = "
    create table author(id integer primary key, name text, country text);
    create table book(id integer primary key, author integer references author(id), title text, at datetime);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
    insert into author select i, 'author ' || i, 'country ' || (i % 20) from n;
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 8000)
    insert into book select i, i % 400 + 1, 'title ' || i, datetime('2026-01-01', (i * 7) || ' minutes') from n;
    create index book_at on book(at);";

const JOIN: &str = "SELECT a.name, b.title FROM author a JOIN book b ON b.author = a.id\nWHERE a.country = ?1 ORDER BY b.title";

fn explain(arguments: &[&str]) -> anyhow::Result<(TempDir, Output)> {
    let folder = tempfile::tempdir()?;
    Connection::open(folder.path().join("app.db"))?.execute_batch(SCHEMA)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_advisor"));
    let output =
        command.current_dir(folder.path()).args(["explain", "--db", "app.db"]).args(arguments).output()?;
    Ok((folder, output))
}

/// An explanation with its times made equal, which are all that differs from run to run.
fn timeless(arguments: &[&str]) -> anyhow::Result<Explanation> {
    let (_folder, output) = explain(&[&["--format", "json"], arguments].concat())?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut value: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    fn clear(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                for (name, field) in fields {
                    if (name == "time_ns" || name == "build_ns") && field != 0 {
                        *field = 1000.into()
                    } else {
                        clear(field)
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(clear),
            _ => {}
        }
    }
    clear(&mut value);
    Ok(serde_json::from_value(value)?)
}

#[test]
fn a_join_is_told_in_words_with_every_rejected_index() -> anyhow::Result<()> {
    let e = timeless(&["--param", "?1=country 7", JOIN])?;
    insta::assert_snapshot!("text", text(&e, Style { width: 100, color: false }));
    insta::assert_snapshot!("markdown", markdown(&e));
    assert_eq!(serde_json::from_str::<Explanation>(&json(&e)?)?, e);
    Ok(())
}

#[test]
fn a_wrapped_column_is_told_with_the_form_to_write() -> anyhow::Result<()> {
    let e = timeless(&["SELECT title, author FROM book WHERE date(at) = '2026-01-03' AND id < 7000"])?;
    insta::assert_snapshot!("wrapped", text(&e, Style { width: 100, color: false }));
    Ok(())
}

#[test]
fn what_cannot_be_explained_is_said_in_one_sentence() -> anyhow::Result<()> {
    for (arguments, code, words) in [
        (&["SELECT nonesuch FROM book"][..], 3, "no such column: nonesuch"),
        (&["DROP TABLE book"], 3, "only SELECT, VALUES, INSERT"),
        (&["SELECT 1; SELECT 2"], 2, "explain takes one statement"),
        (
            &["--out", "page.html", "SELECT 1"],
            2,
            "page.html: there is no form html of this; use text, json or markdown",
        ),
        (&["--param", "?1", "SELECT ?1"], 2, "is not NAME=VALUE"),
    ] {
        let (_folder, output) = explain(arguments)?;
        let said = String::from_utf8(output.stderr)?;
        assert!(output.status.code() == Some(code) && said.contains(words), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    Ok(())
}

#[test]
fn the_database_is_only_read() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("app.db");
    Connection::open(&db)?.execute_batch(SCHEMA)?;
    let before = fs::read(&db)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_advisor"));
    let done =
        command.args(["explain", "--db"]).arg(&db).arg("DELETE FROM book WHERE author = 7").output()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(fs::read(&db)? == before && fs::read_dir(folder.path())?.count() == 1);
    Ok(())
}
