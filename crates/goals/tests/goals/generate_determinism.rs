//! The same options give the same rows on every machine; faults come only when asked for, and as many as asked for.

use goals::generate::{Json, Options, generate, generate_with_schema};
use goals::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::CancelToken;
use sqlite_advisor::progress::{Progress, Silent};
use sqlite_advisor::sqlite::{database_digest, table_digest};
use std::error::Error;
use std::path::Path;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn database(options: &Options) -> Result<(tempfile::TempDir, Connection)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("goals.db");
    generate(&path, options, &Silent)?;
    Ok((folder, Connection::open(path)?))
}

fn number(conn: &Connection, sql: &str) -> Result<i64> {
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

#[test]
fn a_seed_gives_the_same_rows_on_every_machine() -> Result {
    let (_folder, conn) =
        database(&Options { seed: 7, variant: Variant::Development, ..Options::default() })?;
    let tables = [
        ("activity_definitions", "6e833e0b55f9961a"),
        ("activity_groups", "0d9c9f0548bedc5f"),
        ("activity_instances", "32af5b59c8854ff6"),
        ("goals", "04d55feb0fe56539"),
        ("metric_definitions", "8d6f51c4a84dac39"),
        ("metric_values", "e5ecc5de8310e7e5"),
        ("practice_session_goals", "8e76802679f7ee97"),
        ("program_blocks", "ed6e3abd8b3a59a0"),
        ("program_days", "19cd58823e555362"),
        ("programs", "ceccb913dad33269"),
        ("scheduled_sessions", "cc75889a78942cd7"),
        ("session_templates", "bb1b5923db56fd09"),
        ("split_definitions", "3441167b95f3ca60"),
    ];
    let digests = tables.iter().map(|(table, _)| {
        let digest = table_digest(&conn, table, None)?;
        Ok((*table, digest.to_string()[..16].to_owned()))
    });
    let digests = digests.collect::<Result<Vec<_>>>()?;
    assert_eq!(digests, tables.map(|(table, digest)| (table, digest.to_owned())));
    Ok(())
}

#[test]
fn two_runs_are_equal_to_the_byte_and_another_seed_or_option_makes_another_database() -> Result {
    let options = Options { scale: 3.0, seed: 42, ..Options::default() };
    let (one, two) = (database(&options)?, database(&options)?);
    let read = |folder: &Path| std::fs::read(folder.join("goals.db"));
    assert!(read(one.0.path())? == read(two.0.path())?);
    let first = database_digest(&one.1)?;
    for other in [
        Options { seed: 43, ..options.clone() },
        Options { scale: 4.0, ..options.clone() },
        Options { fractals: Some(2), ..options.clone() },
        Options { skew: 1.0, ..options.clone() },
        Options { json: Json::Small, ..options.clone() },
        Options { dirty: 0.1, ..options.clone() },
    ] {
        assert_ne!(database_digest(&database(&other)?.1)?, first, "{other:?}");
    }
    Ok(())
}

#[test]
fn the_file_is_what_plain_inserts_into_the_schema_make() -> Result {
    for variant in Variant::ALL {
        let (folder, conn) = database(&Options { scale: 5.0, variant, ..Options::default() })?;
        let check: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        assert_eq!(check, "ok");
        assert_eq!(number(&conn, "SELECT count(*) FROM pragma_foreign_key_check")?, 0);

        let plain = Connection::open_in_memory()?;
        variant.create(&plain)?;
        plain.execute("ATTACH ? AS made", [folder.path().join("goals.db").to_string_lossy()])?;
        let schema = "SELECT group_concat(type || name || tbl_name || coalesce(sql, ''), x'0a' ORDER BY type, name) FROM ";
        let text =
            |file: &str| plain.query_row(&format!("{schema} {file}.sqlite_schema"), [], |row| row.get(0));
        let (ours, theirs): (String, String) = (text("main")?, text("made")?);
        assert_eq!(ours, theirs);
        plain.execute_batch("PRAGMA foreign_keys = OFF")?;
        let mut tables = plain.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
        for table in tables.query_map([], |row| row.get::<_, String>(0))? {
            let table = table?;
            plain
                .execute_batch(&format!("INSERT INTO main.{table} SELECT * FROM made.{table} NOT INDEXED"))?;
            assert_eq!(table_digest(&plain, &table, None)?, table_digest(&conn, &table, None)?, "{table}");
        }
    }
    Ok(())
}

#[test]
fn faults_come_in_the_proportion_that_was_asked_for() -> Result {
    const GOAL_FAULTS: &str = "
        SELECT count(*) FROM goals g LEFT JOIN goals p ON p.id = g.parent_id
        WHERE (g.parent_id IS NOT NULL AND p.id IS NULL)               -- orphan or empty parent
           OR g.parent_id = g.id OR p.parent_id = g.id                 -- cycles
           OR (g.root_id IS NOT NULL AND g.type <> 'PracticeSession')  -- wrong or dangling root
           OR (g.root_id IS NOT NULL AND g.root_id NOT IN (SELECT id FROM goals WHERE type = 'UltimateGoal'))";
    const LOST_INSTANCES: &str =
        "SELECT count(*) FROM activity_instances WHERE practice_session_id NOT IN (SELECT id FROM goals)";
    const LOST_VALUES: &str = "SELECT count(*) FROM metric_values WHERE activity_instance_id NOT IN (SELECT id FROM activity_instances)";
    const NO_TEMPLATE: &str = "SELECT count(*) FROM scheduled_sessions WHERE session_template_id IS NULL";
    let questions = [
        ("goals", GOAL_FAULTS),
        ("activity_instances", LOST_INSTANCES),
        ("metric_values", LOST_VALUES),
        ("scheduled_sessions", NO_TEMPLATE),
    ];
    for dirty in [0.0, 0.05, 0.5] {
        let (_folder, conn) = database(&Options { scale: 50.0, dirty, ..Options::default() })?;
        for (table, question) in questions {
            let rows = number(&conn, &format!("SELECT count(*) FROM {table}"))?;
            let share = number(&conn, question)? as f64 / rows as f64;
            assert!((share - dirty).abs() <= 0.3 * dirty, "{table}: {share} at {dirty}");
        }
    }
    Ok(())
}

#[test]
fn each_kind_of_fault_is_there() -> Result {
    let (_folder, conn) = database(&Options { scale: 50.0, dirty: 0.2, ..Options::default() })?;
    for (kind, sql) in [
        (
            "orphan",
            "SELECT count(*) FROM goals WHERE parent_id <> '' AND parent_id NOT IN (SELECT id FROM goals)",
        ),
        ("empty parent", "SELECT count(*) FROM goals WHERE parent_id = ''"),
        ("self-parent", "SELECT count(*) FROM goals WHERE parent_id = id"),
        (
            "cycle",
            "SELECT count(*) FROM goals a JOIN goals b ON a.parent_id = b.id AND b.parent_id = a.id AND a.id <> b.id",
        ),
        ("dangling root_id", "SELECT count(*) FROM goals WHERE root_id NOT IN (SELECT id FROM goals)"),
        (
            "wrong root_id",
            "SELECT count(*) FROM goals g JOIN goals p ON g.parent_id = p.id JOIN goals r ON r.id = g.root_id
             WHERE g.type <> 'PracticeSession'",
        ),
    ] {
        assert!(number(&conn, sql)? > 10, "{kind}");
    }
    Ok(())
}

#[test]
fn a_later_stage_gets_the_columns_that_rows_know_and_keeps_the_defaults_of_the_rest() -> Result {
    let later = format!(
        "{}; ALTER TABLE metric_values ADD COLUMN root_id STRING; ALTER TABLE goals ADD COLUMN sort_order INTEGER DEFAULT 0;
         CREATE TABLE extra(id INTEGER PRIMARY KEY); CREATE INDEX i ON metric_values(root_id); DROP TABLE program_days",
        Variant::Production.sql()
    );
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("goals.db");
    generate_with_schema(&path, &Options::default(), &later, &Silent)?;
    let conn = Connection::open(path)?;
    assert_eq!(number(&conn, "SELECT count(*) FROM metric_values WHERE root_id IS NOT NULL")?, 116);
    assert_eq!(number(&conn, "SELECT count(*) FROM goals WHERE sort_order = 0")?, 45);
    assert_eq!(
        number(&conn, "SELECT count(*) FROM sqlite_schema WHERE name IN ('extra', 'i', 'program_days')")?,
        2
    );
    let check: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(check, "ok");
    Ok(())
}

#[test]
fn a_table_whose_key_is_the_order_of_its_rows_is_refused() -> Result {
    for key in ["id INTEGER PRIMARY KEY)", "id TEXT PRIMARY KEY) WITHOUT ROWID"] {
        let folder = tempfile::tempdir()?;
        let schema = format!("CREATE TABLE goals({key}");
        let result =
            generate_with_schema(&folder.path().join("goals.db"), &Options::default(), &schema, &Silent);
        let message = result.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(message.starts_with("table goals needs a primary key that is neither"), "{message}");
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    }
    Ok(())
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() -> Result {
    struct Impatient(CancelToken);
    impl Progress for Impatient {
        fn cancel_token(&self) -> &CancelToken {
            &self.0
        }
    }
    let impatient = Impatient(CancelToken::default());
    impatient.0.cancel();
    let folder = tempfile::tempdir()?;
    let result = generate(&folder.path().join("goals.db"), &Options::default(), &impatient);
    assert!(matches!(result, Err(sqlite_advisor::Error::Interrupted)));
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}
