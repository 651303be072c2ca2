//! What `advisor --db PATH --workload FILE` does with input that is not as it should be: one clear sentence on stderr, the right
//! exit code, no panic, and the rest of the workload goes on.

use assert_cmd::Command;
use rusqlite::Connection;
use std::path::Path;

const QUERY: &str = "select id from word where text = 'w7';\n";

/// A sound database and a sound workload.
fn prepare() -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let db = Connection::open(folder.path().join("app.db"))?;
    db.execute_batch(
        "create table word(id integer primary key, text text, length integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
         insert into word select i, 'w' || i, i % 50 from n;",
    )?;
    std::fs::write(folder.path().join("queries.sql"), QUERY)?;
    Ok(folder)
}

/// Exit code, stdout and stderr of an adviser that was started in `folder`.
fn advise(folder: &Path, db: &str, workload: &str) -> anyhow::Result<(Option<i32>, String, String)> {
    let output = Command::cargo_bin("advisor")?
        .current_dir(folder)
        // A machine that asks for backtraces must not get them for an ordinary mistake.
        .env("RUST_BACKTRACE", "1")
        .args(["--db", db, "--workload", workload])
        .timeout(std::time::Duration::from_secs(60))
        .output()?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

/// One line that names the file, says what is wrong with it in `words`, and is not a panic.
fn assert_one_sentence(stderr: &str, file: &str, words: &[&str]) {
    assert_eq!(stderr.trim_end().lines().count(), 1, "more than one line: {stderr}");
    assert!(stderr.starts_with("advisor: "), "{stderr}");
    assert!(stderr.contains(file), "{file} is not named: {stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    let said = stderr.to_lowercase();
    assert!(words.iter().any(|word| said.contains(word)), "none of {words:?}: {stderr}");
}

fn refuses_database(
    name: &str,
    words: &[&str],
    make: impl Fn(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let folder = prepare()?;
    make(&folder.path().join(name))?;
    let (code, stdout, stderr) = advise(folder.path(), name, "queries.sql")?;
    assert_eq!(code, Some(2), "{stderr}");
    assert_eq!(stdout, "");
    assert_one_sentence(&stderr, name, words);
    Ok(())
}

#[test]
fn a_file_that_is_no_database() -> anyhow::Result<()> {
    refuses_database("notes.txt", &["not a sqlite database"], |path| {
        Ok(std::fs::write(path, "buy milk\n".repeat(500))?)
    })
}

#[test]
fn an_encrypted_database() -> anyhow::Result<()> {
    // What an encrypting SQLite writes looks like noise from the first byte on.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(16_384)
    .collect();
    refuses_database("secret.db", &["not a sqlite database", "encrypted"], move |path| {
        Ok(std::fs::write(path, &noise)?)
    })
}

#[test]
fn an_empty_file() -> anyhow::Result<()> {
    refuses_database("empty.db", &["empty"], |path| Ok(std::fs::write(path, "")?))
}

#[test]
fn a_folder() -> anyhow::Result<()> {
    refuses_database("folder.db", &["folder", "directory"], |path| Ok(std::fs::create_dir(path)?))
}

#[test]
fn a_missing_path() -> anyhow::Result<()> {
    refuses_database("missing.db", &["no such file", "does not exist", "not found"], |_| Ok(()))?;
    Ok(())
}

#[test]
fn a_missing_path_is_not_made() -> anyhow::Result<()> {
    let folder = prepare()?;
    advise(folder.path(), "missing.db", "queries.sql")?;
    assert!(!folder.path().join("missing.db").exists());
    Ok(())
}

#[test]
fn a_truncated_database() -> anyhow::Result<()> {
    refuses_database("short.db", &["malformed", "corrupt", "damaged"], |path| {
        let whole = std::fs::read(path.with_file_name("app.db"))?;
        Ok(std::fs::write(path, whole.get(..whole.len() / 2).unwrap_or_default())?)
    })
}

/// An adviser of the sound database, with further options.
fn advise_with(folder: &Path, options: &[&str]) -> anyhow::Result<(Option<i32>, String, String)> {
    let arguments = ["--db", "app.db", "--workload", "queries.sql"];
    let output = Command::cargo_bin("advisor")?.current_dir(folder).args(arguments).args(options).output()?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

#[test]
fn a_damaged_page_is_found_first_and_passed_over_if_asked() -> anyhow::Result<()> {
    let folder = prepare()?;
    let path = folder.path().join("app.db");
    let mut bytes = std::fs::read(&path)?;
    // The number of cells of a leaf in the middle: all of it can still be opened, and most of it be read.
    let middle = bytes.len() / 4096 / 2 * 4096;
    bytes[middle + 3] = 0;
    bytes[middle + 4] = 1;
    std::fs::write(&path, bytes)?;
    let (code, stdout, stderr) = advise_with(folder.path(), &[])?;
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert_one_sentence(&stderr, "app.db", &["is damaged (quick_check says"]);
    let (code, stdout, stderr) = advise_with(folder.path(), &["--skip-check"])?;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("CREATE INDEX"), "{stdout}");
    Ok(())
}

#[test]
fn what_needs_more_than_it_is_given_fails_alone() -> anyhow::Result<()> {
    let long = format!("select '{}' from word;", "x".repeat(200_000));
    for (option, greedy, why) in [
        (
            ["--memory", "100MB"].as_slice(),
            "select length(hex(zeroblob(200000000))) from word;",
            "out of memory",
        ),
        (&["--paranoid"], long.as_str(), "too long"),
    ] {
        let folder = prepare()?;
        std::fs::write(folder.path().join("queries.sql"), format!("{QUERY}{greedy}\n"))?;
        let (code, stdout, stderr) = advise_with(folder.path(), option)?;
        assert_eq!(code, Some(0), "{option:?}: {stderr}");
        assert!(stdout.contains("CREATE INDEX"), "{option:?}: {stdout}");
        assert!(stdout.contains(why), "{option:?}: {stdout}");
    }
    let folder = prepare()?;
    let (code, _, stderr) = advise_with(folder.path(), &["--temp-space", "100KB"])?;
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--temp-space allows"), "{stderr}");
    Ok(())
}

#[test]
fn a_locked_file() -> anyhow::Result<()> {
    let folder = prepare()?;
    let writer = Connection::open(folder.path().join("app.db"))?;
    writer.execute_batch("begin exclusive; update word set length = 0 where id = 1")?;
    let (code, stdout, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!(code, Some(2), "{stderr}");
    assert_eq!(stdout, "");
    assert_one_sentence(&stderr, "app.db", &["locked", "busy", "in use"]);
    Ok(())
}

#[test]
fn a_locked_file_is_told_as_locked_by_every_command() -> anyhow::Result<()> {
    let folder = prepare()?;
    let writer = Connection::open(folder.path().join("app.db"))?;
    writer.execute_batch("begin exclusive; update word set length = 0 where id = 1")?;
    std::fs::write(folder.path().join("advice.sql"), "ANALYZE")?;
    for arguments in [
        ["apply", "--db", "app.db", "--from", "advice.sql", "--yes", "--wait", "0"].as_slice(),
        &["diff", "app.db", "app.db"],
        &["goals", "preflight", "--db", "app.db"],
    ] {
        let output = Command::cargo_bin("advisor")?.current_dir(folder.path()).args(arguments).output()?;
        let stderr = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert_one_sentence(&stderr, "app.db", &["locked by another process", "in use by another process"]);
    }
    Ok(())
}

/// Opening a FIFO waits until somebody writes to it.
#[cfg(unix)]
#[test]
fn a_fifo_under_the_name_of_the_database_or_of_its_companion_is_refused() -> anyhow::Result<()> {
    for name in ["fifo.db", "app.db-wal", "app.db-shm", "app.db-journal"] {
        let folder = prepare()?;
        assert!(std::process::Command::new("mkfifo").arg(folder.path().join(name)).status()?.success());
        let db = if name == "fifo.db" { name } else { "app.db" };
        let (code, _, stderr) = advise(folder.path(), db, "queries.sql")?;
        assert_eq!(code, Some(2), "{name}: {stderr}");
        assert_one_sentence(&stderr, name, &["is not a regular file"]);
        std::fs::write(folder.path().join("advice.sql"), "ANALYZE")?;
        let apply = ["apply", "--db", db, "--from", "advice.sql", "--yes"];
        let output = Command::cargo_bin("advisor")?
            .current_dir(folder.path())
            .args(apply)
            .timeout(std::time::Duration::from_secs(60))
            .output()?;
        assert_one_sentence(&String::from_utf8(output.stderr)?, name, &["is not a regular file"]);
    }
    Ok(())
}

#[test]
fn a_file_without_permission() -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = prepare()?;
    let path = folder.path().join("app.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000))?;
    if std::fs::File::open(&path).is_ok() {
        return Ok(()); // the superuser may read everything
    }
    let (code, _, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!(code, Some(2), "{stderr}");
    assert_one_sentence(&stderr, "app.db", &["permission"]);
    Ok(())
}

#[test]
fn a_missing_workload() -> anyhow::Result<()> {
    let folder = prepare()?;
    let (code, stdout, stderr) = advise(folder.path(), "app.db", "none.sql")?;
    assert_eq!(code, Some(2), "{stderr}");
    assert_eq!(stdout, "");
    assert_one_sentence(&stderr, "none.sql", &["no such file", "does not exist", "not found"]);
    Ok(())
}

/// The faulty statement is named with file, line and SQLite's own words; the other gets its advice.
fn goes_on_without(faulty: &str, line: usize, message: &str) -> anyhow::Result<()> {
    let folder = prepare()?;
    std::fs::write(folder.path().join("queries.sql"), format!("{QUERY}{}{faulty}\n", "\n".repeat(line - 2)))?;
    let (code, stdout, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!(code, Some(0), "{stderr}");
    let told = format!("{stdout}{stderr}");
    assert!(told.contains(&format!("queries.sql:{line}")), "{told}");
    assert!(told.contains(message), "{told}");
    assert!(stdout.to_lowercase().contains("create index"), "no advice for the sound statement: {stdout}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    Ok(())
}

#[test]
fn a_syntax_error_on_line_7() -> anyhow::Result<()> {
    goes_on_without("selct id from word;", 7, "near \"selct\": syntax error")
}

#[test]
fn a_query_on_a_missing_table() -> anyhow::Result<()> {
    goes_on_without("select id from wrod;", 3, "no such table: wrod")
}

#[test]
fn no_statement_could_be_planned() -> anyhow::Result<()> {
    for workload in ["selct id from word;\n", "select id from wrod;\n", "-- only a remark\n", ""] {
        let folder = prepare()?;
        std::fs::write(folder.path().join("queries.sql"), workload)?;
        let (code, _, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
        assert_eq!(code, Some(3), "{workload:?}: {stderr}");
        assert!(!stderr.is_empty() && !stderr.contains("panicked"), "{workload:?}: {stderr}");
    }
    Ok(())
}

#[test]
fn text_that_is_not_utf_8() -> anyhow::Result<()> {
    let folder = prepare()?;
    let db = Connection::open(folder.path().join("app.db"))?;
    db.execute_batch("update word set text = cast(x'ff' || text as text)")?;
    std::fs::write(folder.path().join("queries.sql"), "select id from word where text = ? and length > ?;")?;
    let (code, stdout, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("CREATE INDEX"), "{stdout}");
    Ok(())
}

#[test]
fn weights_beyond_all_measure() -> anyhow::Result<()> {
    let folder = prepare()?;
    let heavy = format!("-- weight: 1e308\n{QUERY}-- weight: 1e308\nselect * from word where length = 3;\n");
    std::fs::write(folder.path().join("queries.sql"), heavy)?;
    let (code, _, stderr) = advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    Ok(())
}

#[test]
fn bytes_that_chance_has_changed() -> anyhow::Result<()> {
    let folder = prepare()?;
    let whole = std::fs::read(folder.path().join("app.db"))?;
    let path = folder.path().join("flipped.db");
    let mut chance = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.subsec_nanos();
    println!("chance began with {chance}");
    let mut next = |below: usize| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (chance >> 8) as usize % below
    };
    for i in 0..20 {
        let mut bytes = whole.clone();
        for _ in 0..[1, 3, 30][i % 3] {
            let at = next(if i % 2 == 0 { 4096 } else { bytes.len() });
            bytes[at] = next(256).to_be_bytes()[7];
        }
        std::fs::write(&path, &bytes)?;
        let (code, _, stderr) = advise(folder.path(), "flipped.db", "queries.sql")?;
        assert!(matches!(code, Some(0 | 2 | 3)), "{code:?}: {stderr}");
        assert!(stderr.lines().count() <= 1 && !stderr.contains("panicked"), "{stderr}");
        assert!(std::fs::read(&path)? == bytes, "the file changed");
    }
    Ok(())
}

#[test]
fn wrong_usage() -> anyhow::Result<()> {
    for arguments in [
        "--db",
        "--no-such-option",
        "--db app.db --color sometimes",
        "--db app.db --timeout nan",
        "--db app.db --timeout=-5",
    ] {
        Command::cargo_bin("advisor")?.args(arguments.split(' ')).assert().code(2);
    }
    Ok(())
}

#[test]
fn the_database_stays_as_it_is() -> anyhow::Result<()> {
    let folder = prepare()?;
    let path = folder.path().join("app.db");
    let (bytes, names) = (std::fs::read(&path)?, names(folder.path())?);
    advise(folder.path(), "app.db", "queries.sql")?;
    assert_eq!(std::fs::read(&path)?, bytes);
    assert_eq!(self::names(folder.path())?, names);
    Ok(())
}

fn names(folder: &Path) -> anyhow::Result<Vec<std::ffi::OsString>> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<_>>()?;
    names.sort();
    Ok(names)
}
