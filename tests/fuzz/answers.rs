//! Two answers must agree: a query gives the same rows whichever indexes it may use, whatever the statistics say.
//!
//! The plan is forced by hiding indexes, as the search does it, so what makes a plan possible is tested here as well
//! (Ba and Rigger, "Testing Database Engines via Query Plan Guidance", ICSE 2023).

use crate::mutate::Chance;
use sqlite_advisor::CancelToken;
use sqlite_advisor::sqlite::Session;
use sqlite_advisor::sqlite::session::{Limit, Run};
use sqlite_advisor::sqlite::visibility::IndexVisibility;
use std::collections::BTreeSet;

/// Queries of one database, and choices of indexes for each of them.
const QUERIES: usize = 12;
const CHOICES: usize = 8;

/// Makes a database, indexes, statistics and queries from the bytes, and compares [`QUERIES`] times [`CHOICES`] answers.
pub fn agree(input: &[u8]) -> Result<(), String> {
    let mut chance = Chance::new(input.iter().fold(7, |n: u64, byte| n.wrapping_mul(257) + u64::from(*byte)));
    let folder = tempfile::tempdir().map_err(told)?;
    let path = folder.path().join("app.db");
    let conn = rusqlite::Connection::open(&path).map_err(told)?;
    let indexes = chance.below(6) + 1;
    let mut script = schema(&mut chance);
    for number in 0..indexes {
        script += &format!("CREATE INDEX i{number} ON {};\n", index(&mut chance));
    }
    script += statistics(&mut chance);
    conn.execute_batch(&script).map_err(|e| format!("{e} in\n{script}"))?;
    drop(conn);

    let session = Session::open(&path, CancelToken::never()).map_err(told)?;
    let names: Vec<String> = (0..indexes).map(|number| format!("i{number}")).collect();
    let all = names.iter().map(String::as_str).enumerate();
    let mut visible = IndexVisibility::new(&session, all).map_err(told)?;
    for _ in 0..QUERIES {
        let query = query(&mut chance);
        let mut answer = |shown: &BTreeSet<usize>| -> Result<Run, String> {
            visible.show(&session, shown).map_err(told)?;
            session.run(&query, &[], Limit::NONE).map_err(|e| format!("{e}: {query}"))
        };
        let without = answer(&BTreeSet::new())?;
        for _ in 0..CHOICES {
            let shown = (0..indexes).filter(|_| chance.below(2) == 0).collect();
            let with = answer(&shown)?;
            if !with.rows.same_as(&without.rows) {
                return Err(format!("{query}\ngives other rows with {shown:?} in\n{script}"));
            }
        }
    }
    Ok(())
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A column of a table, and how a value of it is written.
const COLUMNS: [&str; 4] = ["a", "b", "c", "d"];

fn column(chance: &mut Chance) -> &'static str {
    chance.one_of(&COLUMNS).unwrap_or("a")
}

fn table(chance: &mut Chance) -> &'static str {
    chance.one_of(&["t", "u"]).unwrap_or("t")
}

/// Two tables with the same columns, of other types, collations and keys.
fn schema(chance: &mut Chance) -> String {
    let mut script = String::new();
    for name in ["t", "u"] {
        let mut kind =
            || chance.one_of(&["INTEGER", "TEXT", "TEXT COLLATE NOCASE", "REAL", "NUMERIC", "BLOB", ""]);
        let types = [(); 4].map(|()| kind().unwrap_or_default());
        let key = ["id INTEGER PRIMARY KEY", "id INT PRIMARY KEY"][chance.below(2)];
        let option = if key.contains("INT ") && chance.below(2) == 0 { "WITHOUT ROWID" } else { "" };
        let [a, b, c, d] = types;
        script += &format!("CREATE TABLE {name}({key}, a {a}, b {b}, c {c}, d {d}) {option};\n");
        let value = |chance: &mut Chance| {
            let many = [2, 5, 40, 400][chance.below(4)];
            let n = format!("i * {} % {many}", 7 + 2 * chance.below(50));
            match chance.below(5) {
                0 => format!("iif(i % 3, {n}, NULL)"),
                1 => format!("'k' || ({n})"),
                2 => format!("iif(i % 4, upper('v' || ({n})), 'v' || ({n}))"),
                3 => format!("({n}) / 2.0"),
                _ => n,
            }
        };
        let values = [(); 4].map(|()| value(chance)).join(", ");
        let rows = 20 + chance.below(200);
        script += &format!(
            "INSERT INTO {name} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {rows}) SELECT i, {values} FROM n;\n"
        );
    }
    script
}

fn index(chance: &mut Chance) -> String {
    let term = |chance: &mut Chance| {
        let column = column(chance);
        let order = ["", "", " DESC", " COLLATE NOCASE", " COLLATE RTRIM DESC"][chance.below(5)];
        match chance.below(6) {
            0 => format!("lower({column}){order}"),
            1 => format!("{column} || 'x'"),
            _ => format!("{column}{order}"),
        }
    };
    let terms: Vec<_> = (0..=chance.below(3)).map(|_| term(chance)).collect();
    let filter = match chance.below(4) {
        0 => format!(" WHERE {} IS NOT NULL", column(chance)),
        1 => format!(" WHERE {} > {}", column(chance), value(chance)),
        _ => String::new(),
    };
    format!("{}({}){filter}", table(chance), terms.join(", "))
}

fn value(chance: &mut Chance) -> String {
    let n = chance.below(12);
    match chance.below(5) {
        0 => format!("'k{n}'"),
        1 => format!("'V{n}'"),
        2 => format!("{n}.5"),
        3 => "NULL".to_owned(),
        _ => n.to_string(),
    }
}

/// None, whole, of a part of the rows, of rows that are gone, or made up.
fn statistics(chance: &mut Chance) -> &'static str {
    [
        "",
        "ANALYZE;",
        "PRAGMA analysis_limit = 20; ANALYZE;",
        "ANALYZE; DELETE FROM t WHERE id % 3 > 0;",
        "ANALYZE; UPDATE sqlite_stat1 SET stat = replace(stat, ' ', '0 ');",
    ][chance.below(5)]
}

fn condition(chance: &mut Chance, table: &str) -> String {
    let (x, v, w) = (format!("{table}.{}", column(chance)), value(chance), value(chance));
    match chance.below(11) {
        0 => format!("{x} > {v}"),
        1 => format!("{x} IS {v}"),
        2 => format!("{x} IN ({v}, {w}, 3)"),
        3 => format!("{x} BETWEEN {v} AND {w}"),
        4 => format!("{x} LIKE 'v1%'"),
        5 => format!("lower({x}) = 'v3'"),
        6 => format!("({x} = {v} OR {table}.{} = {w})", column(chance)),
        7 => format!("{x} IS NOT NULL"),
        8 => format!("{x} = {v} COLLATE NOCASE"),
        9 => format!("{x} NOT IN (SELECT {} FROM u WHERE u.a > {w})", column(chance)),
        _ => format!("{x} = {v}"),
    }
}

/// A query whose rows do not depend on the plan: what is grouped is only counted, and what is cut off is in order.
fn query(chance: &mut Chance) -> String {
    let (t, x, y) = (table(chance), column(chance), column(chance));
    let conditions: Vec<_> = (0..=chance.below(3)).map(|_| condition(chance, t)).collect();
    let conditions = conditions.join(" AND ");
    match chance.below(8) {
        0 => format!("SELECT count(*), sum({t}.id) FROM {t} WHERE {conditions} GROUP BY {x}"),
        1 => format!("SELECT * FROM {t} WHERE {conditions} ORDER BY {x} DESC, {y}, id LIMIT 7"),
        2 => format!("SELECT t.id, u.id FROM t JOIN u ON t.{x} = u.{y} WHERE {}", condition(chance, "t")),
        3 => format!("SELECT t.id, u.id FROM t LEFT JOIN u ON t.{x} = u.{y} AND {}", condition(chance, "u")),
        4 => format!(
            "SELECT id FROM {t} WHERE EXISTS (SELECT 1 FROM u AS v WHERE v.{x} = {t}.{y}) AND {conditions}"
        ),
        5 => format!("SELECT count(DISTINCT {x}), count({y}) FROM {t} WHERE {conditions}"),
        6 => format!(
            "SELECT id FROM {t} WHERE {conditions} UNION SELECT id FROM u WHERE {}",
            condition(chance, "u")
        ),
        _ => format!("SELECT * FROM {t} WHERE {conditions}"),
    }
}
