//! What must hold for the advice on any database: the same rows come, no statement is slower by its counters, and where the
//! advice was followed none is left to give.

use anyhow::{Result, ensure};
use proptest::prelude::*;
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Group, Recommendation, Report};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::readers::sql::queries;
use std::path::Path;

/// A database and its workload, as SQL.
#[derive(Debug, Clone)]
struct Case {
    schema: String,
    workload: String,
}

/// The columns of each table; `t` and `u` have the same, so that any statement fits either.
const COLUMNS: [&str; 5] = ["id", "a", "b", "c", "d"];

fn column() -> impl Strategy<Value = &'static str> {
    prop::sample::select(COLUMNS.get(1..).unwrap_or_default())
}

fn table() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["t", "u"])
}

/// A value as SQL; `c` holds text, the others numbers.
fn value(column: &str, n: u32) -> String {
    if column == "c" { format!("'k{n}'") } else { n.to_string() }
}

fn statement() -> impl Strategy<Value = String> {
    let parts = (0..14u8, table(), column(), column(), column(), 0..400u32, 1..20u32);
    parts.prop_map(|(kind, t, x, y, z, n, k)| {
        let (vx, vy) = (value(x, n), value(y, n / 3));
        match kind {
            0 => format!("SELECT {z} FROM {t} WHERE {x} = {vx}"),
            1 => format!("SELECT {z} FROM {t} WHERE {x} = {vx} AND {y} > {vy}"),
            2 => format!("SELECT {y} FROM {t} WHERE {x} = {vx} ORDER BY {y} DESC LIMIT {k}"),
            3 => format!("SELECT {y}, count(*) FROM {t} GROUP BY {y}"),
            4 => format!("SELECT t.{z}, u.{y} FROM t JOIN u ON t.{x} = u.{x} WHERE u.{y} = {vy}"),
            5 => format!("SELECT count(*) FROM {t} WHERE {x} IS NULL AND {y} = {vy}"),
            6 => format!("SELECT id FROM {t} WHERE {x} = {vx} OR {y} = {vy}"),
            7 => format!("SELECT max({y}) FROM {t} WHERE {x} = {vx}"),
            8 => format!(
                "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.{x} = t.{x} AND u.{y} = {vy})"
            ),
            9 => format!(
                "SELECT id FROM {t} WHERE {x} IN ({vx}, {}) ORDER BY {y}, {z} LIMIT {k}",
                value(x, n + 1)
            ),
            10 => format!("SELECT id FROM {t} WHERE lower(c) = 'k{n}' AND {y} <= {vy}"),
            11 => format!("UPDATE {t} SET {z} = {} WHERE {x} = {vx}", value(z, n)),
            12 => format!("DELETE FROM {t} WHERE {x} = {vx} AND {y} = {vy}"),
            _ => format!(
                "SELECT {x}, {y} FROM {t} WHERE {x} BETWEEN {vx} AND {} ORDER BY {x} DESC, {y}",
                value(x, n + k)
            ),
        }
    })
}

/// Rows whose columns have few or many values, NULLs, and a skew.
fn rows(name: &str, count: u32, spread: [u32; 4], nulls: u32) -> String {
    let mixed = |salt: u32| format!("((i * {} + {salt}) * 2654435761 >> 7 & 1048575)", salt * 2 + 1);
    let number = |salt: u32, spread: u32| format!("{} % {spread}", mixed(salt));
    let [a, b, c, d] = spread;
    format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO {name}(a, b, c, d) SELECT {}, CASE WHEN {} >= {nulls} THEN {} END, 'k' || ({}),
           CASE WHEN {} < 50 THEN 7 ELSE {} END FROM n;\n",
        number(1, a),
        number(2, 100),
        number(3, b),
        number(4, c),
        number(5, 100),
        number(6, d),
    )
}

fn case() -> impl Strategy<Value = Case> {
    let spread = || prop::array::uniform4(prop::sample::select(vec![2u32, 7, 40, 300, 5000]));
    let old = prop::collection::vec((table(), column(), column(), any::<bool>()), 0..3);
    let tables = (200..2500u32, 200..1500u32, spread(), spread(), prop::sample::select(vec![0u32, 10, 95]));
    (tables, old, prop::collection::vec(statement(), 1..6)).prop_map(
        |((n, m, s, r, nulls), old, statements)| {
            let mut schema = String::new();
            for (name, count, spread) in [("t", n, s), ("u", m, r)] {
                schema +=
                    &format!("CREATE TABLE {name}(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT, d INT);\n");
                schema += &rows(name, count, spread, nulls);
            }
            for (i, (table, x, y, desc)) in old.iter().enumerate() {
                let key = if x == y {
                    (*x).to_owned()
                } else {
                    format!("{x}, {y}{}", if *desc { " DESC" } else { "" })
                };
                schema += &format!("CREATE INDEX old_{i} ON {table}({key});\n");
            }
            Case { schema, workload: statements.join(";\n") + ";\n" }
        },
    )
}

fn advised(db: &Path, workload: &str) -> Result<Report> {
    Ok(advise(&Request::new(db).queries(queries("case.sql", workload)), &Silent)?)
}

/// Advises, follows the advice, and asks again.
fn check(case: &Case) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("case.db");
    let conn = rusqlite::Connection::open(&db)?;
    conn.execute_batch(&format!("PRAGMA synchronous = OFF; BEGIN; {} COMMIT", case.schema))?;
    let document = advised(&db, &case.workload)?;
    for s in &document.statements {
        let (before, after) = (s.before.vm_steps, s.after.vm_steps);
        let analyzed = s.analyzed.map_or(before, |a| a.vm_steps);
        ensure!(s.same_rows != Some(false), "{} gives other rows", s.id);
        let writes =
            document.workload.statements.iter().any(|w| w.id == s.id && !w.sql.starts_with("SELECT"));
        let allowed = before.max(analyzed) as f64 * 1.1 + 1000.0;
        ensure!(writes || after as f64 <= allowed, "{}: {before} steps became {after}", s.id);
    }
    let followed = document.recommendations.iter().filter(|r| r.proposal().is_none());
    for sql in followed.filter_map(Recommendation::sql) {
        conn.execute_batch(sql)?;
    }
    let again = advised(&db, &case.workload)?;
    // An index that was read as found and is read no more is only then told as unused; that is left to the user.
    let left = again.recommendations.iter().filter(|r| r.is_index() && r.group() == Group::DoNow);
    let left: Vec<&str> = left.filter_map(Recommendation::sql).collect();
    ensure!(left.is_empty(), "once the advice was followed, {left:?} is left");
    Ok(())
}

/// Half of the cases, so that two threads share them.
fn half(seed: u8) -> Result<()> {
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let rng =
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    runner.run(&case(), |case| check(&case).map_err(|e| TestCaseError::fail(format!("{e:#}"))))?;
    Ok(())
}

/// 100 for each half, a minute of work; `ADVISOR_CASES` sets another number.
fn cases() -> u32 {
    std::env::var("ADVISOR_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(100)
}

#[test]
fn advice_keeps_rows_and_slows_nothing_and_comes_to_an_end() -> Result<()> {
    half(1)
}

#[test]
fn advice_keeps_rows_and_slows_nothing_and_comes_to_an_end_for_other_seeds() -> Result<()> {
    half(2)
}
