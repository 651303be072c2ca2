//! `scripts/beside-expert` with a stand-in for the adviser; skipped where there is no sqlite3 shell.
#![cfg(unix)]

use assert_cmd::Command;
use rusqlite::Connection;
use std::io::Write;
use std::path::{Path, PathBuf};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/beside-expert");
const QUERIES: &str = "
-- name: semicolon
select id from word where text = 'a;b--c'; -- not the end; of it
-- name: range
select count(*) from word where length > 7 /* ; */ and length < 9;
-- name: broken
select nothing from nowhere;
-- name: gone
delete from word where text = 'w7';
-- name: longer
update word set length = length + 1;
";

fn shell_is_missing() -> bool {
    std::process::Command::new("sqlite3").arg("--version").output().is_err()
}

/// A database of 2,000 words, the queries, and an adviser that always says `advice`.
fn prepare(folder: &Path, advice: &str) -> anyhow::Result<()> {
    let db = Connection::open(folder.join("words.db"))?;
    db.execute_batch(
        "create table word(id integer primary key, text text unique, length integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
         insert into word select i, 'w' || i, i % 50 from n;",
    )?;
    std::fs::write(folder.join("queries.sql"), QUERIES)?;
    let adviser = folder.join("adviser");
    std::fs::write(&adviser, format!("#!/bin/sh\ncat <<'END'\n{advice}\nEND\n"))?;
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(adviser, std::fs::Permissions::from_mode(0o755))?)
}

/// The example that measures; a test that is run alone has to build it.
fn compare() -> anyhow::Result<PathBuf> {
    Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", "compare"])
        .assert()
        .success();
    Ok(Path::new(env!("CARGO_BIN_EXE_advisor")).with_file_name("examples").join("compare"))
}

fn run(folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(SCRIPT);
    command.current_dir(folder).env("ADVISOR", folder.join("adviser")).env("COMPARE", compare()?);
    command.args(["words.db", "queries.sql"]);
    Ok(command)
}

/// The three values of the row that starts with `measure`.
fn row<'a>(table: &'a str, measure: &str) -> Vec<&'a str> {
    let line = table.lines().find_map(|line| line.trim_start().strip_prefix(measure));
    line.unwrap_or_default().split_whitespace().collect()
}

#[test]
fn both_advisers_stand_in_one_table() -> anyhow::Result<()> {
    if shell_is_missing() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    prepare(
        folder.path(),
        "-- a reason; and\nCREATE INDEX ByLength ON word(length);\ncreate index b\non word(id);\nANALYZE;",
    )?;
    let bytes = std::fs::read(folder.path().join("words.db"))?;
    let output = run(folder.path())?.output()?;
    let table = String::from_utf8(output.stdout)?;
    assert!(output.status.success(), "{table}");
    assert_eq!(row(&table, "indexes"), ["0", "1", "2"], "{table}");
    assert_eq!(row(&table, "used by no statement"), ["0", "0", "1"], "{table}");
    assert_eq!(row(&table, "statements that failed"), ["1", "1", "1"], "{table}");
    assert_eq!(row(&table, "statements slower in VM steps"), ["0", "1", "1"], "{table}");
    assert!(table.ends_with("\nslower with .expert: longer\n\nslower with advisor: longer\n"), "{table}");
    let inserts: Vec<f64> = row(&table, "times more").iter().flat_map(|cell| cell.parse()).collect();
    assert!(
        matches!(inserts[..], [none, expert, ours] if none == 1.0 && none < expert && expert < ours),
        "{table}"
    );
    let said = String::from_utf8(output.stderr)?;
    for sentence in [".expert cannot take broken", "queries.sql:7: near \"nothing\"", "advisor took "] {
        assert!(said.contains(sentence), "{said}");
    }
    assert_eq!(std::fs::read(folder.path().join("words.db"))?, bytes, "the database was written to");
    Ok(())
}

#[test]
fn wrong_arguments_end_in_one_sentence() -> anyhow::Result<()> {
    if shell_is_missing() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    prepare(folder.path(), "")?;
    for (arguments, sentence) in [
        (vec!["words.db"], "beside-expert: usage: beside-expert DB QUERIES [ADVISOR-ARGS...]\n"),
        (vec!["none.db", "queries.sql"], "beside-expert: none.db: no such file\n"),
        (vec!["words.db", "none.sql"], "beside-expert: none.sql: no such file or folder\n"),
    ] {
        Command::new(SCRIPT).current_dir(folder.path()).args(arguments).assert().code(2).stderr(sentence);
    }
    write!(std::fs::File::create(folder.path().join("queries.sql"))?, "-- nothing here")?;
    run(folder.path())?.assert().code(2).stderr("beside-expert: queries.sql: holds no statement\n");
    Ok(())
}
