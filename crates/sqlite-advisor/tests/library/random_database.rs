//! Random databases for [`super::advice_properties`]: two tables with old indexes, statistics of any kind, and statements.

use proptest::prelude::*;

/// A database and its workload, as SQL.
#[derive(Debug, Clone)]
pub struct Case {
    /// What makes the database.
    pub schema: String,
    /// The statements.
    pub workload: Vec<String>,
}

/// What the database knows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistics {
    /// ANALYZE was never run.
    None,
    /// It was run when there were a few rows only.
    Stale,
    /// It read so many rows of each index, as `PRAGMA optimize` lets it.
    Limited(u32),
    /// It was run last.
    Full,
    /// Somebody wrote them: this average for each index, without samples.
    Made(u32),
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

fn statistics() -> impl Strategy<Value = Statistics> {
    prop_oneof![
        3 => Just(Statistics::None),
        2 => Just(Statistics::Stale),
        2 => (10..100u32).prop_map(Statistics::Limited),
        2 => Just(Statistics::Full),
        1 => prop::sample::select(vec![1u32, 40, 1000]).prop_map(Statistics::Made),
    ]
}

/// An old index, some of them on a part of the rows.
fn old_index() -> impl Strategy<Value = String> {
    (table(), column(), column(), 0..6u8).prop_map(|(table, x, y, form)| {
        let two = if x == y { x.to_owned() } else { format!("{x}, {y}") };
        match form {
            0 | 1 => format!("{table}({x})"),
            2 => format!("{table}({x} DESC)"),
            3 => format!("{table}({x}) WHERE {y} IS NOT NULL"),
            _ => format!("{table}({two})"),
        }
    })
}

/// Any case.
pub fn case() -> impl Strategy<Value = Case> {
    let spread = || prop::array::uniform4(prop::sample::select(vec![2u32, 7, 40, 300, 5000]));
    let tables = (150..1500u32, 150..1000u32, spread(), spread(), prop::sample::select(vec![0u32, 10, 95]));
    let old = prop::collection::vec(old_index(), 0..5);
    let workload = prop::collection::vec(statement(), 1..6);
    (tables, old, statistics(), workload).prop_map(|((n, m, s, r, nulls), old, statistics, workload)| {
        let tables = [("t", n, s), ("u", m, r)];
        let mut schema = String::new();
        for (name, ..) in tables {
            schema += &format!("CREATE TABLE {name}(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT, d INT);\n");
        }
        for (i, index) in old.iter().enumerate() {
            schema += &format!("CREATE INDEX old_{i} ON {index};\n");
        }
        if statistics == Statistics::Stale {
            tables.iter().for_each(|(name, _, spread)| schema += &rows(name, 20, *spread, nulls));
            schema += "ANALYZE;\n";
        }
        tables.iter().for_each(|(name, count, spread)| schema += &rows(name, *count, *spread, nulls));
        schema += &match statistics {
            Statistics::None | Statistics::Stale => String::new(),
            Statistics::Limited(rows) => format!("PRAGMA analysis_limit = {rows}; ANALYZE;\n"),
            Statistics::Full => "ANALYZE;\n".to_owned(),
            Statistics::Made(average) => format!(
                "ANALYZE; DELETE FROM sqlite_stat4; UPDATE sqlite_stat1 SET stat = '2000 {average} 1' WHERE idx NOT NULL;\n"
            ),
        };
        Case { schema, workload }
    })
}
