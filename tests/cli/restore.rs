//! `advisor restore`, and what `preflight` and `verify` say on the way.

use crate::support::*;
use goals::schema::Variant;
use rusqlite::Connection;

fn backup(world: &World) -> Result<String> {
    let mut found = vec![];
    for file in std::fs::read_dir(world.folder.path().join("backups"))? {
        let path = file?.path();
        if path.extension().is_some_and(|e| e == "db") {
            found.push(text(&path).to_owned());
        }
    }
    Ok(found.pop().ok_or("no backup")?)
}

#[test]
fn there_and_back() -> Result {
    let world = World::new(5.0, Variant::Production, 0.0)?;
    let db = text(&world.db);
    let before = state(&world.db)?;
    let preflight = run(["goals", "preflight", "--db", db])?;
    assert!(preflight.status.success() && stdout(&preflight).contains("**ready**"), "{}", stdout(&preflight));
    assert_eq!(run(["goals", "verify", "--db", db])?.status.code(), Some(1), "nothing is migrated yet");
    assert!(run(["goals", "migrate", "--db", db, "--yes", "--quiet"])?.status.success());
    let backup = backup(&world)?;
    let verified = run(["goals", "verify", "--db", db, "--against", &backup, "--claims"])?;
    assert!(verified.status.success(), "{}", stdout(&verified));
    assert!(
        stdout(&verified)
            .contains("| completion report, 2026-01-01 | 28 total indexes created | 28 | 26 | **false** |")
    );

    // A verification must be able to fail: each of these it has to see.
    for (harm, kind) in [
        ("DROP INDEX idx_goals_type; CREATE INDEX idx_goals_type ON goals (name)", "indexes"),
        ("UPDATE activity_instances SET root_id = NULL WHERE rowid = 3", "null-root"),
        (
            "UPDATE metric_values SET root_id = (SELECT id FROM goals WHERE type = 'LongTermGoal') WHERE rowid = 3",
            "root-disagrees",
        ),
        ("DELETE FROM session_templates WHERE rowid = 1", "rows"),
        ("UPDATE goals SET name = 'other' WHERE rowid = 1", "values"),
        (
            "PRAGMA foreign_keys = OFF; UPDATE activity_instances SET practice_session_id = 'nobody' WHERE rowid = 1",
            "foreign-keys",
        ),
        ("ALTER TABLE goals DROP COLUMN completed_at", "steps"),
    ] {
        let harmed = world.copy("harmed.db")?;
        Connection::open(&harmed)?.execute_batch(harm)?;
        let seen = run(["goals", "verify", "--db", text(&harmed), "--against", &backup])?;
        assert_eq!(seen.status.code(), Some(1), "{harm}");
        let line = stdout(&seen)
            .lines()
            .find(|l| l.starts_with(&format!("| {kind} |")) && !l.contains("| 0 |"))
            .map(str::to_owned);
        assert!(line.is_some(), "{harm}: {}", stdout(&seen));
    }

    let restored = run(["restore", "--db", db, "--from", &backup, "--yes"])?;
    assert!(
        restored.status.success() && stdout(&restored).contains("integrity_check ok"),
        "{}",
        stderr(&restored)
    );
    assert_eq!(state(&world.db)?, before);
    Ok(())
}

#[test]
fn killed_at_any_moment_it_is_before_or_after_and_the_next_run_finishes_it() -> Result {
    for journal in ["delete", "wal"] {
        let world = World::new(2.0, Variant::Production, 0.0)?;
        let (backup, victim) = (world.copy("good.db")?, world.folder.path().join("victim.db"));
        assert!(run(["goals", "migrate", "--db", text(&world.db), "--yes", "--quiet"])?.status.success());
        set_journal_mode(&world.db, journal)?;
        let command = ["restore", "--db", text(&victim), "--from", text(&backup), "--yes"];
        kill_at_any_moment(&command, &world.db, &victim, 10)?;
    }
    Ok(())
}

#[test]
fn without_a_yes_or_with_a_bad_backup_nothing_happens() -> Result {
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let before = std::fs::read(&world.db)?;
    let copy = world.copy("copy.db")?;
    let silent = run(["restore", "--db", text(&world.db), "--from", text(&copy)])?;
    assert!(silent.status.success() && stderr(&silent).contains("Nothing was changed."));
    let mut bytes = before.clone();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&copy, bytes)?;
    let damaged = run(["restore", "--db", text(&world.db), "--from", text(&copy), "--yes"])?;
    assert_eq!(
        (damaged.status.code(), stderr(&damaged).lines().count()),
        (Some(2), 1),
        "{}",
        stderr(&damaged)
    );
    assert!(before == std::fs::read(&world.db)?);
    Ok(())
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal_of_preflight() -> Result {
    let world = World::new(1.0, Variant::Production, 0.0)?;
    Connection::open(&world.db)?.execute_batch("CREATE TABLE \"a\u{1b}[2J\"(b)")?;
    let told = stdout(&run(["goals", "preflight", "--db", text(&world.db)])?);
    assert!(told.contains("a\\\\u{1b}\\[2J") && !told.contains('\u{1b}'), "{told}");
    Ok(())
}

#[test]
fn preflight_names_the_faults_and_who_has_the_database_open() -> Result {
    let world = World::new(20.0, Variant::Production, 0.05)?;
    let _open = Connection::open(&world.db)?.execute_batch("SELECT 1");
    let holder = Connection::open(&world.db)?;
    holder.query_row("SELECT count(*) FROM goals", [], |r| r.get::<_, i64>(0))?;
    let found = run(["goals", "preflight", "--db", text(&world.db), "--format", "json"])?;
    assert_eq!(found.status.code(), Some(1));
    let health: serde_json::Value = serde_json::from_slice(&found.stdout)?;
    let faults = health["faults"].as_array().ok_or("no faults")?;
    for kind in [
        "missing-parent",
        "empty-parent",
        "self-parent",
        "below-broken",
        "cycle",
        "wrong-root",
        "dangling-root",
        "orphan",
    ] {
        assert!(faults.iter().any(|f| f["kind"] == kind && f["failures"].as_u64() > Some(0)), "{kind}");
    }
    if let Some(processes) = health["processes"].as_array() {
        assert_eq!(processes.len(), 1, "{processes:?}");
    }
    Ok(())
}
