//! The questions of a migration take work that grows with the rows, and not with their square, at whatever stage it stands.

use crate::support::*;
use goals::migrations::{Point, Style, change, stage};
use goals::preflight::faults;
use goals::schema::Variant;
use rusqlite::Connection;
use sqlite_advisor::change::verify::{checks_of_steps, violated_foreign_keys};
use sqlite_advisor::change::{State, Step, plan};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sqlite::Schema;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many steps of SQLite's virtual machine the work takes, in thousands.
fn vm_steps(conn: &mut Connection, work: impl FnOnce(&Connection) -> Result) -> Result<u64> {
    let count = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&count);
    let tick = move || {
        seen.fetch_add(1, Ordering::Relaxed);
        false
    };
    conn.progress_handler(1_000, Some(tick))?;
    let result = work(conn);
    conn.progress_handler(0, None::<fn() -> bool>)?;
    result.map(|()| count.load(Ordering::Relaxed))
}

/// The steps of each kind of question, at the stages at which a database can be met.
fn questions(scale: f64, dirty: f64) -> Result<BTreeMap<String, u64>> {
    let world = World::new(scale, Variant::Production, dirty)?;
    let mut conn = Connection::open(&world.db)?;
    conn.execute_batch("PRAGMA foreign_keys = OFF")?;
    let whole = change(Point::M5, Style::default());
    let steps: Vec<&Step> = whole.steps().map(|(_, step)| step).collect();
    let mut found = BTreeMap::new();
    for point in [None].into_iter().chain(Point::ALL.map(Some)) {
        let at = point.map_or("B0".to_owned(), |p| p.to_string());
        let mut measure = |question: &str, work: &dyn Fn(&Connection) -> Result| -> Result {
            found.insert(format!("{at}: {question}"), vm_steps(&mut conn, work)?);
            Ok(())
        };
        measure("steps", &|conn| {
            for step in point.map(|p| stage(p, Style::default()).steps).unwrap_or_default() {
                if step.state(conn, &Schema::read(conn)?)? == State::Pending {
                    step.run(conn)?;
                }
            }
            Ok(())
        })?;
        measure("plan", &|conn| Ok(plan(conn, &whole).map(|_| ())?))?;
        measure("verify", &|conn| Ok(checks_of_steps(conn, &steps).map(|_| ())?))?;
        measure("preflight", &|conn| Ok(faults::examine(conn, &Schema::read(conn)?, &Silent).map(|_| ())?))?;
        measure("orphans", &|conn| {
            let (schema, broken) = (Schema::read(conn)?, violated_foreign_keys(conn)?);
            Ok(faults::orphans(conn, &schema, &broken, &Silent).map(|_| ())?)
        })?;
        measure("foreign keys", &|conn| Ok(violated_foreign_keys(conn).map(|_| ())?))?;
        let notes = point.map(|p| stage(p, Style::default()).notes).unwrap_or_default();
        for rule in change(point.unwrap_or(Point::M1), Style::default()).rules.iter().chain(&notes) {
            measure(&rule.says, &|conn| Ok(rule.ask(conn, 5).map(|_| ())?))?;
        }
    }
    Ok(found)
}

#[test]
fn each_question_at_each_stage_grows_about_as_the_rows_do() -> Result {
    for dirty in [0.0, 0.05] {
        let (small, large) = (questions(20.0, dirty)?, questions(80.0, dirty)?);
        assert_eq!(small.len(), large.len());
        for (question, steps) in &large {
            let before = small.get(question).copied().unwrap_or_default();
            // Four times the rows: sorts and the small beginnings leave some room, a square would need sixteen.
            assert!(
                *steps <= before * 6 + 20,
                "{question}: {before} thousand steps at scale 20, {steps} at scale 80"
            );
        }
    }
    Ok(())
}
