//! Values of a result, and a fingerprint of its rows for the check that an index did not change an answer.

use crate::model::index::literal;
use rusqlite::Row;
use rusqlite::types::{Value, ValueRef};
use std::hash::{Hash, Hasher};

/// A value of a row. SQLite stores text as it comes; where it is not UTF-8 it is read as nearly as can be.
///
/// # Errors
/// SQLite's own for a column that the row does not have.
pub fn value(row: &Row<'_>, column: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Integer(v),
        ValueRef::Real(v) => Value::Real(v),
        ValueRef::Text(v) => Value::Text(String::from_utf8_lossy(v).into_owned()),
        ValueRef::Blob(v) => Value::Blob(v.to_owned()),
    })
}

/// A column as text, none for NULL. SQLite takes bytes for text wherever text belongs, and so does this; what is not UTF-8 is
/// read as nearly as can be.
///
/// # Errors
/// SQLite's own for a column that the row does not have.
pub fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => None,
        ValueRef::Integer(v) => Some(v.to_string()),
        ValueRef::Real(v) => Some(v.to_string()),
        ValueRef::Text(v) | ValueRef::Blob(v) => Some(String::from_utf8_lossy(v).into_owned()),
    })
}

/// A value as the expression of SQL that gives it again. Text that SQL cannot hold between quotes, with a zero in it or not
/// UTF-8, is made of its bytes; SQLite reads a number too large for it as infinity
/// (<https://sqlite.org/floatingpoint.html>).
///
/// ```
/// use rusqlite::types::Value;
/// use sqlite_advisor::sqlite::rows::written;
///
/// assert_eq!(written((&Value::Text("it's".into())).into()), "'it''s'");
/// assert_eq!(written((&Value::Real(1.0)).into()), "1.0");
/// assert_eq!(written((&Value::Blob(vec![0, 255])).into()), "x'00ff'");
/// ```
pub fn written(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(v) => v.to_string(),
        ValueRef::Real(v) if v.is_infinite() => if v > 0.0 { "9e999" } else { "-9e999" }.to_owned(),
        ValueRef::Real(v) => format!("{v:?}"),
        ValueRef::Text(v) => match std::str::from_utf8(v) {
            Ok(v) if !v.contains('\0') => literal(v),
            _ => format!("CAST(x'{}' AS TEXT)", hex(v)),
        },
        ValueRef::Blob(v) => format!("x'{}'", hex(v)),
    }
}

/// Bytes as digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The rows of a result as a multiset: their count and digests that do not depend on their order.
///
/// Sums of floating-point numbers depend on the order of addition, so floats count to six significant digits in one
/// digest and are left out of the other, beside which their sum per column is kept.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    count: u64,
    rounded: u128,
    without_floats: u128,
    float_sums: Vec<f64>,
}

/// How much two sums of the same floats may differ, relative to their size.
const FLOAT_TOLERANCE: f64 = 1e-9;

impl Rows {
    /// The count of rows.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// True if both hold the same rows, in whatever order.
    pub fn same_as(&self, other: &Rows) -> bool {
        let close = |a: f64, b: f64| a == b || (a - b).abs() <= FLOAT_TOLERANCE * a.abs().max(b.abs());
        self.count == other.count
            && (self.rounded == other.rounded
                || (self.without_floats == other.without_floats
                    && self.float_sums.len() == other.float_sums.len()
                    && self.float_sums.iter().zip(&other.float_sums).all(|(a, b)| close(*a, *b))))
    }

    /// Adds a row of `columns` values.
    pub fn add(&mut self, row: &Row<'_>, columns: usize) {
        self.count += 1;
        self.float_sums.resize(columns, 0.0);
        let (mut rounded, mut without) = (Digest::new(), Digest::new());
        for (i, sum) in self.float_sums.iter_mut().enumerate() {
            match row.get_ref(i).unwrap_or(ValueRef::Null) {
                ValueRef::Null => each(&mut rounded, &mut without, &0u8, b""),
                ValueRef::Integer(v) => each(&mut rounded, &mut without, &1u8, &v.to_le_bytes()),
                ValueRef::Real(v) => {
                    *sum += v;
                    rounded.add(&2u8, format!("{v:.5e}").as_bytes());
                }
                ValueRef::Text(v) => each(&mut rounded, &mut without, &3u8, v),
                ValueRef::Blob(v) => each(&mut rounded, &mut without, &4u8, v),
            }
        }
        self.rounded = self.rounded.wrapping_add(rounded.finish());
        self.without_floats = self.without_floats.wrapping_add(without.finish());
    }
}

fn each(a: &mut Digest, b: &mut Digest, kind: &u8, bytes: &[u8]) {
    a.add(kind, bytes);
    b.add(kind, bytes);
}

/// Two keyed 64-bit hashes of one row. Collisions by accident are out of the question; nobody gains by making one.
struct Digest([std::hash::DefaultHasher; 2]);

impl Digest {
    fn new() -> Self {
        let seeded = |seed: u64| {
            let mut hasher = std::hash::DefaultHasher::new();
            seed.hash(&mut hasher);
            hasher
        };
        Self([seeded(1), seeded(2)])
    }

    fn add(&mut self, kind: &u8, bytes: &[u8]) {
        for hasher in &mut self.0 {
            kind.hash(hasher);
            bytes.hash(hasher);
        }
    }

    fn finish(self) -> u128 {
        let [a, b] = self.0.map(|h| h.finish());
        u128::from(a) << 64 | u128::from(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn rows(sql: &str) -> rusqlite::Result<Rows> {
        let conn = Connection::open_in_memory()?;
        let mut statement = conn.prepare(sql)?;
        let columns = statement.column_count();
        let (mut cursor, mut rows) = (statement.query([])?, Rows::default());
        while let Some(row) = cursor.next()? {
            rows.add(row, columns);
        }
        Ok(rows)
    }

    #[test]
    fn order_and_the_last_digits_of_floats_do_not_count_but_rows_and_types_do() -> rusqlite::Result<()> {
        let base = rows("VALUES (1, 'a', 0.1 + 0.2), (2, NULL, 7.0)")?;
        assert!(base.same_as(&rows("VALUES (2, NULL, 7.0), (1, 'a', 0.3)")?));
        for other in [
            "VALUES (1, 'a', 0.3)",
            "VALUES (1, 'a', 0.31), (2, NULL, 7.0)",
            "VALUES ('1', 'a', 0.3), (2, NULL, 7.0)",
        ] {
            assert!(!base.same_as(&rows(other)?), "{other}");
        }
        assert!(!rows("VALUES (1), (1)")?.same_as(&rows("VALUES (1), (2)")?));
        Ok(())
    }
}
