use super::*;
use crate::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::change::diff::compare;
use sqlite_advisor::change::{Options, Outcome, State, carry_out, plan};
use sqlite_advisor::error::Result;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sqlite::Schema;
use std::path::PathBuf;
use std::time::Duration;

const FAITHFUL: Style = Style { faithful: true, rebuild: false };
const BETTER: Style = Style { faithful: false, rebuild: false };
const REBUILT: Style = Style { faithful: false, rebuild: true };

struct World {
    folder: tempfile::TempDir,
    db: PathBuf,
}

impl World {
    fn new(variant: Variant, rows: &str) -> Result<Self> {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("goals.db");
        let conn = Connection::open(&db)?;
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        variant.create(&conn)?;
        conn.execute_batch(rows)?;
        drop(conn);
        Ok(Self { folder, db })
    }

    fn migrate(&self, to: Point, style: Style, accept: &[&str]) -> Result<Outcome> {
        let options = Options {
            backups: self.folder.path().join("backups"),
            keep: 3,
            accept: accept.iter().map(|kind| (*kind).to_owned()).collect(),
            wait: Duration::from_secs(5),
            receipt: true,
        };
        carry_out(&self.db, &change(to, style), &options, &Silent)
    }

    fn texts(&self, sql: &str) -> Result<Vec<String>> {
        let conn = Connection::open(&self.db)?;
        let mut statement = conn.prepare(sql)?;
        let texts = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(texts)
    }

    fn schema(&self) -> Result<Schema> {
        Schema::read(&Connection::open(&self.db)?)
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.db).unwrap()
    }
}

/// One fractal with a goal, a session, an instance, a value, a definition, a split and a program.
const SOUND: &str = "
    INSERT INTO goals (id, type, name, parent_id, root_id) VALUES ('u', 'UltimateGoal', 'u', NULL, NULL),
      ('l', 'LongTermGoal', 'l', 'u', NULL), ('s', 'PracticeSession', 's', 'l', 'u'), ('p', 'PracticeSession', 'p', NULL, 'u');
    INSERT INTO activity_definitions (id, root_id, name) VALUES ('d', 'u', 'd');
    INSERT INTO metric_definitions (id, activity_id, name, unit) VALUES ('m', 'd', 'm', 'kg');
    INSERT INTO split_definitions (id, activity_id, name, \"order\") VALUES ('x', 'd', 'x', 1);
    INSERT INTO activity_instances (id, practice_session_id, activity_definition_id) VALUES ('a', 's', 'd');
    INSERT INTO metric_values (id, activity_instance_id, metric_definition_id, value) VALUES ('v', 'a', 'm', 1.5);
    INSERT INTO session_templates (id, name, root_id, template_data) VALUES ('t1', 't', 'u', '{}'), ('t2', 't', 'u', '{}');
    INSERT INTO programs VALUES ('g', 'u', 'g', '', '2026-01-01', '2026-02-01', '2026-01-01', '2026-01-01', 1, '[]', '[]');
    INSERT INTO program_blocks (id, program_id, name) VALUES ('b', 'g', 'b');
    INSERT INTO program_days (id, block_id) VALUES ('day1', 'b'), ('day2', 'b');";

#[test]
fn both_real_schemas_come_to_the_same_end_and_a_second_run_changes_nothing() -> Result<()> {
    for style in [FAITHFUL, BETTER, REBUILT] {
        for variant in Variant::ALL {
            let world = World::new(variant, SOUND)?;
            let outcome = world.migrate(Point::M5, style, &[])?;
            assert!(outcome.committed, "{variant} {style:?}: {:?}", outcome.checks);
            let bytes = world.bytes();
            let again = world.migrate(Point::M5, style, &[])?;
            assert!(again.done.is_empty() && again.verified() && bytes == world.bytes(), "{:?}", again.done);
        }
    }
    Ok(())
}

#[test]
fn each_stage_alone_and_all_at_once_end_alike() -> Result<()> {
    for style in [FAITHFUL, BETTER] {
        let (steps, once) =
            (World::new(Variant::Production, SOUND)?, World::new(Variant::Production, SOUND)?);
        for point in Point::ALL {
            assert!(steps.migrate(point, style, &[])?.verified(), "{point}");
        }
        once.migrate(Point::M5, style, &[])?;
        assert_eq!(compare(&steps.schema()?, &once.schema()?), []);
    }
    Ok(())
}

#[test]
fn a_faithful_run_gives_the_columns_of_the_real_production_file() -> Result<()> {
    let world = World::new(Variant::Production, SOUND)?;
    world.migrate(Point::M5, FAITHFUL, &[])?;
    let added = |table: &str, from: usize| -> Result<String> {
        let schema = world.schema()?;
        let columns = &schema.table(table).unwrap().columns[from..];
        let text = |c: &sqlite_advisor::sqlite::schema::Column| {
            format!(
                "{} {}{}",
                c.name,
                c.declared_type,
                c.default.as_ref().map(|d| format!("={d}")).unwrap_or_default()
            )
        };
        Ok(columns.iter().map(text).collect::<Vec<_>>().join(", "))
    };
    let expected = [
        (
            "activity_definitions",
            8,
            "has_splits BOOLEAN=0, group_id STRING, deleted_at DATETIME, updated_at DATETIME",
        ),
        ("activity_groups", 6, "deleted_at DATETIME, updated_at DATETIME"),
        (
            "activity_instances",
            7,
            "root_id STRING, deleted_at DATETIME, updated_at DATETIME, sort_order INTEGER=0, completed BOOLEAN=0, \
             notes STRING, data STRING",
        ),
        (
            "goals",
            18,
            "deleted_at DATETIME, sort_order INTEGER=0, program_day_id TEXT, completed_at DATETIME",
        ),
        ("metric_definitions", 9, "root_id STRING, updated_at DATETIME, sort_order INTEGER=0"),
        (
            "metric_values",
            4,
            "root_id STRING, updated_at DATETIME, created_at DATETIME, split_definition_id STRING",
        ),
        ("program_day_templates", 0, "program_day_id TEXT, session_template_id TEXT, order INTEGER=0"),
        ("program_days", 6, "is_completed BOOLEAN=0"),
        ("session_templates", 6, "deleted_at DATETIME, updated_at DATETIME"),
        ("split_definitions", 5, "root_id STRING, deleted_at DATETIME, updated_at DATETIME"),
    ];
    for (table, from, columns) in expected {
        assert_eq!(added(table, from)?, columns, "{table}");
    }
    assert!(world.schema()?.table("scheduled_sessions").is_none());
    assert_eq!(
        world.texts("SELECT name FROM sqlite_schema WHERE name LIKE 'idx\\_%' ESCAPE '\\'")?.len(),
        28
    );
    Ok(())
}

#[test]
fn a_wrong_type_is_told_and_changed_only_by_a_rebuild() -> Result<()> {
    let world = World::new(Variant::Development, SOUND)?;
    let outcome = world.migrate(Point::M1, BETTER, &[])?;
    let title = "metric_values: add split_definition_id TEXT";
    assert_eq!(outcome.differs.iter().map(|(step, _)| step.as_str()).collect::<Vec<_>>(), [title]);
    assert!(world.migrate(Point::M5, REBUILT, &[])?.committed);
    let schema = world.schema()?;
    let table = schema.table("metric_values").unwrap();
    assert_eq!(table.column("split_definition_id").unwrap().declared_type, "TEXT");
    assert!(table.foreign_keys.iter().any(|k| k.parent == "split_definitions" && k.on_delete == "RESTRICT"));
    Ok(())
}

#[test]
fn a_database_that_died_half_way_is_finished() -> Result<()> {
    let world = World::new(Variant::Production, SOUND)?;
    // As on the first attempt of the original: phase 1 complete, 14 of the 26 indexes, then "no such column".
    let conn = Connection::open(&world.db)?;
    for step in stage(Point::M2Roots, FAITHFUL)
        .steps
        .iter()
        .chain(stage(Point::M2Indexes, FAITHFUL).steps.iter().take(14))
    {
        step.run(&conn)?;
    }
    drop(conn);
    let whole = World::new(Variant::Production, SOUND)?;
    assert!(
        world.migrate(Point::M5, FAITHFUL, &[])?.committed
            && whole.migrate(Point::M5, FAITHFUL, &[])?.committed
    );
    // Only the order of the columns tells that there was an accident.
    let left = compare(&world.schema()?, &whole.schema()?);
    assert!(left.iter().all(|d| d.kind == "column order"), "{left:?}");
    Ok(())
}

/// Every kind of broken row that the reference sheet lists, on top of the sound ones.
const BROKEN: &str = "
    INSERT INTO goals (id, type, name, parent_id, root_id) VALUES
      ('lost', 'LongTermGoal', '', 'nobody', NULL), ('lost child', 'MidTermGoal', '', 'lost', NULL),
      ('c1', 'LongTermGoal', '', 'c2', NULL), ('c2', 'MidTermGoal', '', 'c1', NULL),
      ('self', 'LongTermGoal', '', 'self', NULL), ('empty', 'LongTermGoal', '', '', NULL),
      ('lone', 'LongTermGoal', '', NULL, NULL), ('lone session', 'PracticeSession', '', NULL, NULL),
      ('wrong', 'LongTermGoal', '', 'u', 'lone'), ('below wrong', 'MidTermGoal', '', 'wrong', NULL),
      ('i', 'ImmediateGoal', '', 'p', NULL), ('dangling', 'PracticeSession', '', NULL, 'deleted fractal'), ('rootless', 'PracticeSession', '', 'lost', NULL);
    INSERT INTO activity_instances (id, practice_session_id, activity_definition_id) VALUES
      ('of nobody', 'nobody', 'd'), ('of dangling', 'dangling', 'd'), ('of rootless', 'rootless', 'd');
    INSERT INTO metric_values (id, activity_instance_id, metric_definition_id, value) VALUES
      ('v nobody', 'none', 'm', 1), ('v dangling', 'of dangling', 'm', 1), ('v undefined', 'a', 'none', 1);";

#[test]
fn odd_rows_get_the_root_that_the_original_gave_them() -> Result<()> {
    let world = World::new(Variant::Production, &format!("{SOUND}{BROKEN}"))?;
    let mut chain =
        String::from("INSERT INTO goals (id, type, name, parent_id) VALUES ('k0', 'LongTermGoal', '', 'u')");
    chain.extend((1..60).map(|i| format!(", ('k{i}', 'MicroGoal', '', 'k{}')", i - 1)));
    Connection::open(&world.db)?.execute_batch(&chain)?;
    assert!(world.migrate(Point::M2Roots, FAITHFUL, &["all"])?.committed);
    let root = |table: &str, id: &str| -> Result<String> {
        Ok(world.texts(&format!("SELECT COALESCE(root_id, 'NULL') FROM {table} WHERE id = '{id}'"))?.concat())
    };
    let goals = [
        ("u", "u"),
        ("l", "u"),
        ("s", "u"),
        ("p", "u"),
        ("i", "p"),
        ("lone", "lone"),
        ("lone session", "lone session"),
        ("lost", "NULL"),
        ("lost child", "NULL"),
        ("c1", "NULL"),
        ("c2", "NULL"),
        ("self", "NULL"),
        ("empty", "NULL"),
        ("wrong", "lone"),
        ("below wrong", "u"),
        ("dangling", "deleted fractal"),
        ("k59", "u"),
    ];
    for (id, expected) in goals {
        assert_eq!(root("goals", id)?, expected, "{id}");
    }
    let instances =
        [("a", "u"), ("of nobody", "NULL"), ("of dangling", "deleted fractal"), ("of rootless", "rootless")];
    for (id, expected) in instances {
        assert_eq!(root("activity_instances", id)?, expected, "{id}");
    }
    for (id, expected) in
        [("v", "u"), ("v nobody", "NULL"), ("v dangling", "deleted fractal"), ("v undefined", "u")]
    {
        assert_eq!(root("metric_values", id)?, expected, "{id}");
    }
    Ok(())
}

#[test]
fn the_verification_names_exactly_the_rows_that_fail() -> Result<()> {
    let world = World::new(Variant::Production, &format!("{SOUND}{BROKEN}"))?;
    let before = world.bytes();
    let refused = world.migrate(Point::M5, BETTER, &[])?;
    assert!(!refused.committed && before == world.bytes(), "a broken database was migrated without a word");
    let failing: Vec<_> = refused
        .checks
        .iter()
        .filter(|c| c.failures > 0)
        .map(|c| (c.kind.as_str(), c.says.as_str(), c.failures))
        .collect();
    let expected = [
        ("null-root", "goals without a root_id", 7),
        ("null-root", "activity_instances without a root_id", 1),
        ("null-root", "metric_values without a root_id", 1),
        ("dangling-root", "goals whose root_id names no goal", 1),
        ("dangling-root", "activity_instances whose root_id names no goal", 1),
        ("dangling-root", "metric_values whose root_id names no goal", 1),
        ("root-disagrees", "goals whose root_id is not that of their goals", 2),
    ];
    assert_eq!(failing, expected);
    assert!(!world.migrate(Point::M5, BETTER, &["null-root", "dangling-root"])?.committed);
    assert!(world.migrate(Point::M5, BETTER, &["null-root", "dangling-root", "root-disagrees"])?.committed);
    Ok(())
}

const SCHEDULED: &str = "
    INSERT INTO scheduled_sessions VALUES ('1', 'day1', 't1', 1, NULL), ('2', 'day2', 't2', 1, 'done'),
      ('3', 'day1', 't2', 0, NULL), ('4', 'day1', 't1', 0, NULL), ('5', 'day2', NULL, 1, NULL), ('6', 'no day', 't1', 0, NULL);
    INSERT INTO goals (id, type, name, root_id, attributes, session_data) VALUES
      ('top', 'PracticeSession', '', 'u', '{\"program_context\":{\"day_id\":\"day1\"}}', NULL),
      ('deep', 'PracticeSession', '', 'u', '{\"session_data\":{\"program_context\":{\"day_id\":\"day2\"}}}', NULL),
      ('data', 'PracticeSession', '', 'u', NULL, '{\"program_context\":{\"day_id\":\"day2\"}}'),
      ('gone', 'PracticeSession', '', 'u', NULL, '{\"program_context\":{\"day_id\":\"no day\"}}'),
      ('null', 'PracticeSession', '', 'u', NULL, '{\"program_context\":{\"day_id\":null}}'),
      ('list', 'PracticeSession', '', 'u', NULL, '[\"program_context\"]'), ('text', 'PracticeSession', '', 'u', 'program_context', NULL);";

const TEMPLATES: &str = "SELECT program_day_id || ' ' || session_template_id || ' ' || \"order\" FROM program_day_templates ORDER BY 1";
const LINKED: &str =
    "SELECT id || ' ' || program_day_id FROM goals WHERE program_day_id IS NOT NULL ORDER BY 1";

#[test]
fn templates_are_numbered_within_the_day_and_nothing_is_lost() -> Result<()> {
    let world = World::new(Variant::Production, &format!("{SOUND}{SCHEDULED}"))?;
    let outcome = world.migrate(Point::M5, BETTER, &[])?;
    assert!(outcome.committed, "{:?}", outcome.checks);
    assert_eq!(world.texts(TEMPLATES)?, ["day1 t1 0", "day1 t2 1", "day2 t2 0"]);
    assert_eq!(world.texts("SELECT id FROM scheduled_sessions_kept ORDER BY 1")?, ["1", "2", "4", "5", "6"]);
    assert_eq!(world.texts("SELECT id FROM program_days WHERE is_completed")?, ["day2"]);
    assert_eq!(world.texts(LINKED)?, ["data day2", "deep day2", "top day1"]);
    Ok(())
}

#[test]
fn a_faithful_run_numbers_over_the_table_and_its_report_counts_the_losses() -> Result<()> {
    let world = World::new(Variant::Production, &format!("{SOUND}{SCHEDULED}"))?;
    assert!(
        !world.migrate(Point::M5, FAITHFUL, &[])?.committed,
        "the day that does not exist is a new violation"
    );
    let outcome = world.migrate(Point::M5, FAITHFUL, &["foreign-keys"])?;
    assert!(outcome.committed, "{:?}", outcome.checks);
    assert_eq!(world.texts(TEMPLATES)?, ["day1 t1 0", "day1 t2 2", "day2 t2 1", "no day t1 4"]);
    assert_eq!(world.texts(LINKED)?, ["data day2", "deep day2", "gone no day"]);
    let lost: Vec<_> = outcome.notes.iter().filter(|n| n.kind == "scheduled").map(|n| n.failures).collect();
    assert_eq!(lost, [1, 3, 1, 1, 1]);
    Ok(())
}

#[test]
fn numbers_of_an_earlier_attempt_are_mended() -> Result<()> {
    let world = World::new(Variant::Production, &format!("{SOUND}{SCHEDULED}"))?;
    let conn = Connection::open(&world.db)?;
    conn.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM scheduled_sessions WHERE day_id = 'no day'")?;
    let attempt = stage(Point::M4, FAITHFUL).steps;
    attempt.iter().take(2).try_for_each(|step| step.run(&conn).map(|_| ()))?;
    drop(conn);
    assert!(world.migrate(Point::M5, BETTER, &[])?.committed);
    assert_eq!(world.texts(TEMPLATES)?, ["day1 t1 0", "day1 t2 1", "day2 t2 0"]);
    Ok(())
}

#[test]
fn text_that_looks_like_a_number_survives_in_the_default_style_only() -> Result<()> {
    for (style, expected) in [(BETTER, "012"), (FAITHFUL, "12")] {
        let world = World::new(Variant::Production, SOUND)?;
        world.migrate(Point::M5, style, &[])?;
        Connection::open(&world.db)?.execute_batch("UPDATE activity_instances SET notes = '012'")?;
        assert_eq!(world.texts("SELECT CAST(notes AS TEXT) FROM activity_instances")?, [expected]);
    }
    Ok(())
}

#[test]
fn stages_have_names_that_are_read_back() -> Result<()> {
    for point in Point::ALL {
        assert_eq!(point.to_string().parse::<Point>()?, point);
    }
    assert_eq!("m2".parse::<Point>()?, Point::M2Audit);
    assert!("M6".parse::<Point>().is_err());
    let world = World::new(Variant::Production, SOUND)?;
    let plan = plan(&Connection::open(&world.db)?, &change(Point::M5, BETTER))?;
    assert_eq!(
        plan.iter().filter(|p| p.state == State::Done).map(|p| p.title.as_str()).collect::<Vec<_>>(),
        ["create table split_definitions"]
    );
    Ok(())
}
