//! Any list of steps, in any order, on any of these databases: all of it happens, or nothing.

use proptest::prelude::*;
use rusqlite::Connection;
use sqlite_advisor::change::{Change, Options, Stage, State, Step, carry_out};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sqlite::Schema;
use std::time::Duration;

const TABLES: &str = "
    CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE t(id TEXT PRIMARY KEY, p INTEGER REFERENCES p(id) ON DELETE CASCADE, n STRING);
    CREATE TABLE old(id TEXT, n);
    CREATE INDEX by_p ON t(p);
    INSERT INTO p VALUES (1, 'one'), (2, 'two');
    INSERT INTO t VALUES ('a', 1, '7'), ('b', 2, 'x'), ('c', 3, NULL);
    INSERT INTO old VALUES ('a', 1), ('d', 2);";

fn fill(column: &str, value: &str) -> Step {
    Step::Backfill {
        table: "t".into(),
        column: column.into(),
        with: String::new(),
        from: String::new(),
        value: value.into(),
        predicate: format!("{column} IS NULL"),
        source: None,
    }
}

/// Steps that work, that cannot work, that only work after another, and that break a promise.
fn step() -> impl Strategy<Value = Step> {
    let table = |table: &str, sql: &str| Step::CreateTable { table: table.into(), sql: sql.into() };
    prop::sample::select(vec![
        Step::add_column("t", "m", "TEXT"),
        Step::add_column("t", "id", "TEXT"),
        Step::add_column("nowhere", "m", "TEXT"),
        fill("m", "id"),
        fill("p", "1"),
        fill("n", "(SELECT absent FROM t)"),
        Step::create_index("by_m", "t(m)"),
        Step::create_index("by_n", "t(n) WHERE p > 1"),
        Step::DropIndex { index: "by_p".into() },
        table("u", "CREATE TABLE u(x)"),
        table("w", "DELETE FROM p"),
        Step::MoveRows {
            from: "old".into(),
            to: "u".into(),
            columns: "x".into(),
            select: "SELECT id FROM old WHERE id NOT IN (SELECT x FROM u)".into(),
        },
        Step::DropTable { table: "old".into() },
        Step::Rebuild { table: "t".into(), column: "n".into(), declared: "TEXT".into() },
        Step::Analyze,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn all_steps_happen_or_none(steps in prop::collection::vec(step(), 1..7)) {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("t.db");
        Connection::open(&db).unwrap().execute_batch(&format!("PRAGMA foreign_keys = OFF; {TABLES}")).unwrap();
        let before = std::fs::read(&db).unwrap();
        let stage = Stage { name: "S".into(), steps: steps.clone(), ..Stage::default() };
        let change = Change { name: "any".into(), stages: vec![stage], rules: vec![] };
        let backups = folder.path().join("backups");
        let options = Options { backups, keep: 1, accept: Default::default(), wait: Duration::from_millis(10), receipt: true };
        let committed = carry_out(&db, &change, &options, &Silent).is_ok_and(|outcome| outcome.committed);
        if committed {
            let conn = Connection::open(&db).unwrap();
            let schema = Schema::read(&conn).unwrap();
            for step in steps.iter().filter(|step| **step != Step::Analyze) {
                prop_assert_ne!(step.state(&conn, &schema).unwrap(), State::Pending, "{}", step.title());
            }
            prop_assert_eq!(crate::support::texts(&conn, "PRAGMA integrity_check").unwrap(), ["ok"]);
            // The rows of t survive whatever was done around them; p keeps its rows although a step wanted them gone.
            prop_assert_eq!(crate::support::texts(&conn, "SELECT id FROM t ORDER BY id").unwrap(), ["a", "b", "c"]);
            prop_assert_eq!(crate::support::texts(&conn, "SELECT name FROM p ORDER BY id").unwrap(), ["one", "two"]);
        } else {
            prop_assert!(before == std::fs::read(&db).unwrap());
        }
    }
}
