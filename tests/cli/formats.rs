//! Every form of the result: what is promised in it holds when it is used.

use rusqlite::Connection;
use sqlite_advisor::model::plan::Plan;
use sqlite_advisor::model::report::{Recommendation, Report};
use sqlite_advisor::render::{Json, Markdown, Renderer, Sql, Style, Text, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A saved result with a stopped run, a statement that was not run, a skipped one and hostile names.
const SAVED: &str = include_str!("../../crates/sqlite-advisor/tests/formats/library.json");

/// A database in which a name holds whatever could break a report.
const SCHEMA: &str = "
    create table author(id integer primary key, name text, country text);
    create table book(id integer primary key, author integer references author(id), title text, year integer);
    create table \"odd\n-- name | `\u{1b}[31m\u{202e}\"(id integer primary key, \"a\"\"b\" text, c integer);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
    insert into author select i, 'author ' || i, 'country ' || (i % 20) from n;
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000)
    insert into book select i, i % 400 + 1, 'title ' || i, 1950 + i % 70 from n;
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000)
    insert into \"odd\n-- name | `\u{1b}[31m\u{202e}\" select i, 'v' || i % 400, i from n;";

const QUERIES: &str = "
    -- name: books of an author
    select title, year from book where author = 17 order by year;
    -- name: authors of a country
    select count(*) from author a join book b on b.author = a.id where a.country = 'country 7';
    -- name: odd `|` \u{1b}[32m
    -- weight: 20
    select c from \"odd\n-- name | `\u{1b}[31m\u{202e}\" where \"a\"\"b\" = 'v7';
    -- name: no such table
    select * from \"none\u{1b}[33m\";";

fn text(report: &Report, width: usize, color: bool) -> anyhow::Result<String> {
    Ok(Text(Style { width, color }).to_text(report)?)
}

fn prepare() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    Connection::open(folder.path().join("app.db"))?.execute_batch(SCHEMA)?;
    fs::write(folder.path().join("queries.sql"), QUERIES)?;
    Ok(folder)
}

fn advisor(folder: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(Command::new(env!("CARGO_BIN_EXE_advisor")).current_dir(folder).args(arguments).output()?)
}

fn advise(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = advisor(folder, &[&["--db", "app.db", "--workload", "queries.sql"], arguments].concat())?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn the_forms_of_a_saved_result_stay_as_they_are() -> anyhow::Result<()> {
    let saved = json::read(SAVED)?;
    for width in [60, 80, 120, 200] {
        let text = text(&saved, width, false)?;
        insta::assert_snapshot!(format!("text_{width}"), text);
        // A statement or a name is not broken, nor a table that is told whole.
        let wide = text.lines().filter(|line| line.chars().count() > width && !line.contains("idx_")).count();
        assert_eq!(wide, 0, "{text}");
    }
    insta::assert_snapshot!("sql", Sql::default().to_text(&saved)?);
    insta::assert_snapshot!("markdown", Markdown.to_text(&saved)?);
    Ok(())
}

#[test]
fn a_saved_result_is_written_again_as_it_was() -> anyhow::Result<()> {
    let saved = json::read(SAVED)?;
    assert_eq!(json::read(&Json.to_text(&saved)?)?, saved);
    Ok(())
}

#[test]
fn colours_are_all_that_a_terminal_adds() -> anyhow::Result<()> {
    let saved = json::read(SAVED)?;
    let plain = text(&saved, 100, false)?;
    let coloured = text(&saved, 100, true)?;
    let mut pieces = coloured.split('\u{1b}');
    let mut without = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (sequence, rest) =
            piece.split_once('m').ok_or_else(|| anyhow::anyhow!("not a colour: {piece}"))?;
        assert!(sequence.starts_with('[') && sequence[1..].chars().all(|c| c.is_ascii_digit() || c == ';'));
        without.push_str(rest);
    }
    assert!(coloured != plain);
    // A cell is padded before or after its colour ends.
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(&without), squeezed(&plain));
    Ok(())
}

#[test]
fn the_sql_brings_the_plans_that_were_promised() -> anyhow::Result<()> {
    let folder = prepare()?;
    let saved = advise(folder.path(), &["--format", "json", "--out", "advice.json"])?;
    assert_eq!(saved, "");
    let document = json::read(&fs::read_to_string(folder.path().join("advice.json"))?)?;
    let output = advisor(folder.path(), &["report", "advice.json", "--format", "sql"])?;
    let sql = String::from_utf8(output.stdout)?;

    let copy = Connection::open(folder.path().join("app.db"))?;
    copy.execute_batch(&sql)?;
    let is_advised = document.recommendations.iter().any(|r| matches!(r, Recommendation::Analyze(_)));
    assert_eq!(sql.ends_with("\nANALYZE;\n"), is_advised, "{sql}");
    for index in document.recommendations.iter().filter_map(Recommendation::index) {
        let held = "select count(*) from sqlite_schema where name = ?";
        let held: bool = copy.query_row(held, [&index.name], |r| r.get(0))?;
        assert!(held, "{} was not made", index.name);
    }
    assert_eq!(document.statements.len(), 3);
    for (statement, outcome) in document.workload.statements.iter().zip(&document.statements) {
        let mut explained = copy.prepare(&format!("explain query plan {}", statement.sql))?;
        let rows = explained.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(3)?)))?;
        let plan = Plan::from_rows(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        assert_eq!(plan.to_string(), outcome.plan_after, "{}", statement.id);
        assert!(plan.to_string().contains("INDEX"), "{} gains no index", statement.id);
    }
    Ok(())
}

#[test]
fn the_same_input_gives_the_same_result_but_for_times() -> anyhow::Result<()> {
    let folder = prepare()?;
    let timeless = || -> anyhow::Result<Report> {
        let mut value: serde_json::Value =
            serde_json::from_str(&advise(folder.path(), &["--format", "json"])?)?;
        forget_times(&mut value);
        Ok(serde_json::from_value(value)?)
    };
    assert_eq!(timeless()?, timeless()?);
    Ok(())
}

fn forget_times(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.iter_mut().for_each(|(name, value)| match name.as_str() {
                "time_ns" | "build_ns" => *value = 0.into(),
                // That of the whole is in time, those of the curve are in steps and pages.
                "totals" => {
                    value["speedup_geomean"] = 0.0.into();
                    forget_times(value);
                }
                // The interval is of times, and two verdicts differ by nothing else.
                "speedup" => *value = serde_json::Value::Null,
                "verdict" if ["faster", "within_noise", "no_difference"].iter().any(|v| value == v) => {
                    *value = "no_difference".into();
                }
                _ => forget_times(value),
            })
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(forget_times),
        _ => {}
    }
}

#[test]
fn hostile_names_reach_no_terminal() -> anyhow::Result<()> {
    let folder = prepare()?;
    advise(folder.path(), &["--format", "json", "--out", "advice.json"])?;
    for form in ["text", "markdown"] {
        let output = advisor(folder.path(), &["report", "advice.json", "--format", form])?;
        let told = String::from_utf8(output.stdout)?;
        assert!(told.contains("[31m"), "the name is not told: {told}");
        assert!(!told.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{told:?}");
    }
    Ok(())
}

#[test]
fn a_pipe_sees_no_colour_unless_it_is_asked_for() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("advice.json"), SAVED)?;
    let told = |color: &str| -> anyhow::Result<String> {
        Ok(String::from_utf8(advisor(folder.path(), &["report", "advice.json", "--color", color])?.stdout)?)
    };
    assert!(!told("auto")?.contains('\u{1b}') && !told("never")?.contains('\u{1b}'));
    assert!(told("always")?.contains("\u{1b}[1m"));
    Ok(())
}

#[test]
fn what_cannot_be_told_again_is_said_in_one_sentence() -> anyhow::Result<()> {
    let folder = prepare()?;
    fs::write(folder.path().join("future.json"), "{\"version\": 2, \"advice\": \"of another kind\"}")?;
    for (file, words) in [
        ("future.json", "future.json: has version 2, and this advisor reads version 1"),
        ("queries.sql", "queries.sql: is not a result of advisor --format json"),
        ("none.json", "none.json: cannot read: No such file or directory"),
        ("app.db", "app.db: is not a result of advisor --format json"),
    ] {
        let output = advisor(folder.path(), &["report", file])?;
        let stderr = String::from_utf8(output.stderr)?;
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(2), 1), "{stderr}");
        assert!(stderr.starts_with(&format!("advisor: {words}")), "{stderr}");
    }
    Ok(())
}

#[test]
fn one_run_writes_several_forms_and_the_database_needs_no_option() -> anyhow::Result<()> {
    let folder = prepare()?;
    let arguments = ["app.db", "--workload", "queries.sql", "--format", "text", "--format", "html=page.html"];
    let output = advisor(folder.path(), &[&arguments[..], &["--format", "json=advice.json"]].concat())?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout)?.contains("\nDo now: "));
    let page = fs::read_to_string(folder.path().join("page.html"))?;
    assert!(page.contains("</html>") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    let saved = json::read(&fs::read_to_string(folder.path().join("advice.json"))?)?;
    assert!(saved.sqlite.options.iter().any(|option| option == "ENABLE_STAT4"));
    let again = advisor(folder.path(), &["report", "advice.json", "--out", "again.html"])?;
    assert!(again.status.success() && fs::read_to_string(folder.path().join("again.html"))? == page);
    Ok(())
}

#[test]
fn the_commands_of_the_reference_case_refuse_the_database_of_another_application() -> anyhow::Result<()> {
    let folder = prepare()?;
    for command in ["preflight", "migrate", "verify"] {
        let output = advisor(folder.path(), &["goals", command, "app.db"])?;
        let said = String::from_utf8(output.stderr)?;
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains("app.db: is no database of the reference case"), "{said}");
    }
    Ok(())
}
