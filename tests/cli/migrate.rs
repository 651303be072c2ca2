//! `advisor migrate`: all or nothing, whatever happens.

use crate::support::*;
use goals::schema::Variant;
use rusqlite::Connection;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

fn migrate<'a>(db: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec!["goals", "migrate", "--db", text(db), "--yes"];
    all.extend(more);
    all
}

#[test]
fn generated_databases_migrate_stage_by_stage_and_a_second_run_changes_nothing() -> Result {
    for variant in Variant::ALL {
        let world = World::new(3.0, variant, 0.0)?;
        for stage in ["M1", "M2.1", "M2.2", "M2.3", "M2.4", "M3", "M4", "M5"] {
            let done = run(migrate(&world.db, &["--to", stage]))?;
            assert_eq!(done.status.code(), Some(0), "{variant} {stage}: {}{}", stdout(&done), stderr(&done));
        }
        let before = fs::read(&world.db)?;
        assert!(stdout(&run(migrate(&world.db, &[]))?).contains("Nothing to do: every step is done."));
        assert!(before == fs::read(&world.db)?, "the second run changed the file");
        assert_eq!(
            fs::read_dir(world.folder.path().join("backups"))?
                .filter(|f| { f.as_ref().is_ok_and(|f| f.path().extension().is_some_and(|e| e == "db")) })
                .count(),
            3,
            "--keep 3 is the default"
        );
    }
    Ok(())
}

#[test]
fn a_dirty_database_is_refused_by_name_and_migrated_when_that_is_accepted() -> Result {
    let world = World::new(20.0, Variant::Production, 0.05)?;
    let before = fs::read(&world.db)?;
    let refused = run(migrate(&world.db, &[]))?;
    assert_eq!(refused.status.code(), Some(1));
    for kind in ["Rolled back", "null-root", "dangling-root", "root-disagrees", "--accept KIND"] {
        assert!(stdout(&refused).contains(kind), "{}", stdout(&refused));
    }
    assert!(before == fs::read(&world.db)?);
    let accept = ["--accept", "null-root", "--accept", "dangling-root", "--accept", "root-disagrees"];
    assert_eq!(run(migrate(&world.db, &accept))?.status.code(), Some(0));
    assert_eq!(run(["goals", "verify", "--db", text(&world.db)])?.status.code(), Some(1));
    Ok(())
}

#[test]
fn nothing_is_written_without_a_yes() -> Result {
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let before = fs::read(&world.db)?;
    let silent = run(["goals", "migrate", "--db", text(&world.db)])?;
    assert!(
        silent.status.success() && stderr(&silent).contains("Nothing was changed."),
        "{}",
        stderr(&silent)
    );
    let rehearsed = run(["goals", "migrate", "--db", text(&world.db), "--dry-run"])?;
    assert!(stdout(&rehearsed).contains("| goals: fill root_id | 2"), "{}", stdout(&rehearsed));
    let status = run(["goals", "migrate", "--db", text(&world.db), "--status"])?;
    assert!(
        stdout(&status).contains("M5    goals: add completed_at DATETIME: pending"),
        "{}",
        stdout(&status)
    );
    assert!(before == fs::read(&world.db)? && !world.folder.path().join("backups").exists());

    let mut asked = advisor(["goals", "migrate", "--db", text(&world.db)]);
    let mut asked = asked.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn()?;
    asked.stdin.take().ok_or("no stdin")?.write_all(b"yes\n")?;
    assert!(asked.wait()?.success() && before != fs::read(&world.db)?);
    let status = run(["goals", "migrate", "--db", text(&world.db), "--status"])?;
    assert!(
        stdout(&status).contains("goals: add completed_at DATETIME: done, 0 rows, 20"),
        "{}",
        stdout(&status)
    );
    Ok(())
}

#[test]
fn bad_arguments_get_one_sentence() -> Result {
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let none = run(["goals", "migrate", "--db", "no such.db", "--yes"])?;
    assert_eq!((none.status.code(), stderr(&none).lines().count()), (Some(2), 1), "{}", stderr(&none));
    let stage = run(migrate(&world.db, &["--to", "M9"]))?;
    assert!(stage.status.code() == Some(2) && stderr(&stage).contains("there is no stage \"M9\""));
    fs::write(&world.db, "this is a text")?;
    let text = run(migrate(&world.db, &[]))?;
    assert!(
        text.status.code() == Some(2) && stderr(&text).contains("is not a SQLite database"),
        "{}",
        stderr(&text)
    );
    Ok(())
}

#[test]
fn killed_at_any_moment_it_is_before_or_after_and_the_next_run_finishes_it() -> Result {
    for (journal, rounds) in [("delete", 20), ("wal", 10)] {
        let world = World::new(2.0, Variant::Production, 0.0)?;
        set_journal_mode(&world.db, journal)?;
        let victim = world.folder.path().join("victim.db");
        kill_at_any_moment(&migrate(&victim, &[]), &world.db, &victim, rounds)?;
    }
    Ok(())
}

/// The other process of the next test: inserts a goal and an instance again and again, and writes down what it committed.
#[test]
fn inserter() -> Result {
    let (Ok(db), Ok(log)) = (std::env::var("INSERTER_DB"), std::env::var("INSERTER_LOG")) else {
        return Ok(());
    };
    let conn = Connection::open(db)?;
    conn.busy_timeout(Duration::from_millis(2))?;
    let mut log = fs::File::create(log)?;
    for i in 0.. {
        let sql = format!(
            "BEGIN IMMEDIATE; INSERT INTO goals (id, type, name, parent_id)
             SELECT 'new {i}', 'PracticeSession', 'new', id FROM goals WHERE type = 'UltimateGoal' LIMIT 1;
             INSERT INTO activity_instances (id, practice_session_id, activity_definition_id)
             SELECT 'new {i}', 'new {i}', id FROM activity_definitions LIMIT 1; COMMIT;"
        );
        let outcome = match conn.execute_batch(&sql) {
            Ok(()) => format!("new {i}"),
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => "busy".to_owned(),
            Err(e) => format!("failed: {e}"),
        };
        if !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK")?;
        }
        writeln!(log, "{outcome}")?;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

#[test]
fn a_process_that_inserts_all_the_time_loses_nothing() -> Result {
    let world = World::new(50.0, Variant::Production, 0.0)?;
    let log = world.folder.path().join("log");
    let mut inserter = std::process::Command::new(std::env::current_exe()?)
        .args(["--exact", "migrate::inserter"])
        .env("INSERTER_DB", &world.db)
        .env("INSERTER_LOG", &log)
        .stdout(std::process::Stdio::null())
        .spawn()?;
    let lines = || {
        fs::read_to_string(&log).map(|t| t.lines().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default()
    };
    while lines().len() < 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let first = run(migrate(&world.db, &["--wait", "30"]))?;
    assert!(first.status.success(), "{}{}", stdout(&first), stderr(&first));
    let until = lines().len() + 20;
    while lines().len() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    inserter.kill()?;
    inserter.wait()?;

    let lines = lines();
    let committed: Vec<_> = lines.iter().filter(|l| l.starts_with("new ")).collect();
    assert!(lines.iter().all(|l| l.starts_with("new ") || l == "busy"), "{lines:?}");
    assert!(lines.iter().any(|l| l == "busy"), "the inserter never met the migration");
    let conn = Connection::open(&world.db)?;
    let found =
        texts(&conn, "SELECT g.id FROM goals g JOIN activity_instances i USING (id) WHERE name = 'new'")?;
    assert!(committed.iter().all(|id| found.contains(id)), "a committed row is lost");
    // An application that does not know root_id yet goes on writing NULLs; the next run fills them.
    assert!(run(migrate(&world.db, &[]))?.status.success());
    let null = "SELECT id FROM goals WHERE root_id IS NULL UNION ALL SELECT id FROM activity_instances WHERE root_id IS NULL";
    assert_eq!(texts(&conn, null)?, [] as [String; 0]);
    Ok(())
}
