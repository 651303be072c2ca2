//! Numbers in the place of values, in their order: what a planner compares stays comparable, and no value can be read back.

use crate::model::exported::Pseudonym;
use crate::model::statistics::Stat4;
use crate::sqlite::record;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::cmp::Ordering;

/// How texts are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Collation {
    Binary,
    NoCase,
    RightTrim,
}

/// The keys of an index's samples as pseudonyms. None where the index has a collation that only the application knows, or a key
/// that is no record.
pub fn of(conn: &Connection, index: &str, samples: &[&Stat4]) -> Option<Vec<Vec<Option<Pseudonym>>>> {
    let collations = collations(conn, index)?;
    let keys: Option<Vec<Vec<Value>>> = samples.iter().map(|sample| record::decode(&sample.sample)).collect();
    let mut keys: Vec<_> =
        keys?.into_iter().map(|key| key.into_iter().map(Some).collect::<Vec<_>>()).collect();
    let mut pseudonyms: Vec<Vec<Option<Pseudonym>>> = vec![vec![]; keys.len()];
    let width = keys.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..width {
        let collation = collations.get(at).copied().unwrap_or(Collation::Binary);
        let column: Vec<Value> = keys
            .iter_mut()
            .map(|key| key.get_mut(at).and_then(Option::take).unwrap_or(Value::Null))
            .collect();
        let mut ordered: Vec<&Value> = column.iter().collect();
        ordered.sort_by(|a, b| compare(a, b, collation));
        ordered.dedup_by(|a, b| compare(a, b, collation).is_eq());
        for (value, key) in column.iter().zip(&mut pseudonyms) {
            let place = ordered.partition_point(|other| compare(other, value, collation).is_lt());
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            key.push(match value {
                Value::Null => None,
                Value::Integer(_) | Value::Real(_) => Some(Pseudonym::Number(place)),
                Value::Text(_) => Some(Pseudonym::Text(place)),
                Value::Blob(_) => Some(Pseudonym::Blob(place)),
            });
        }
    }
    Some(pseudonyms)
}

/// The record of a key: each pseudonym as a value of its kind, in the order of their numbers.
pub fn record(key: &[Option<Pseudonym>]) -> Vec<u8> {
    let value = |pseudonym: &Option<Pseudonym>| match pseudonym {
        None => Value::Null,
        Some(Pseudonym::Number(place)) => Value::Integer(i64::from(*place)),
        Some(Pseudonym::Text(place)) => Value::Text(format!("{place:010}")),
        Some(Pseudonym::Blob(place)) => Value::Blob(place.to_be_bytes().to_vec()),
    };
    record::encode(&key.iter().map(value).collect::<Vec<_>>())
}

/// The collations of an index's key; none if one is not SQLite's own.
fn collations(conn: &Connection, index: &str) -> Option<Vec<Collation>> {
    let mut rows = conn.prepare("SELECT coll FROM pragma_index_xinfo(?) ORDER BY seqno").ok()?;
    let names = rows.query_map([index], |row| row.get::<_, String>(0)).ok()?;
    let known = |name: rusqlite::Result<String>| match name.ok()?.to_ascii_uppercase().as_str() {
        "BINARY" => Some(Collation::Binary),
        "NOCASE" => Some(Collation::NoCase),
        "RTRIM" => Some(Collation::RightTrim),
        _ => None,
    };
    names.map(known).collect()
}

/// SQLite's order: NULL, numbers, texts, blobs (<https://www.sqlite.org/datatype3.html#sort_order>).
fn compare(a: &Value, b: &Value, collation: Collation) -> Ordering {
    let kind = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Integer(a), Value::Real(b)) => (*a as f64).total_cmp(b),
        (Value::Real(a), Value::Integer(b)) => a.total_cmp(&(*b as f64)),
        (Value::Real(a), Value::Real(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => match collation {
            Collation::Binary => a.as_bytes().cmp(b.as_bytes()),
            Collation::NoCase => a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()),
            Collation::RightTrim => a.trim_end_matches(' ').cmp(b.trim_end_matches(' ')),
        },
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        _ => kind(a).cmp(&kind(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_keep_the_order_and_the_kind_of_values() -> rusqlite::Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("CREATE TABLE t(a COLLATE NOCASE, b); CREATE INDEX i ON t(a, b DESC)")?;
        let sample = |values: &[Value]| Stat4 {
            table: "t".to_owned(),
            index: "i".to_owned(),
            equal: vec![],
            less: vec![],
            distinct_less: vec![],
            sample: record::encode(values),
        };
        let text = |t: &str| Value::Text(t.to_owned());
        let samples = [
            sample(&[Value::Null, Value::Real(2.5)]),
            sample(&[text("bob"), Value::Integer(2)]),
            sample(&[text("ALICE"), Value::Blob(vec![1])]),
            sample(&[text("Bob"), Value::Integer(3)]),
        ];
        let found = of(&conn, "i", &samples.iter().collect::<Vec<_>>()).unwrap_or_default();
        use Pseudonym::{Blob, Number, Text};
        assert_eq!(
            found,
            [
                [None, Some(Number(1))],
                [Some(Text(2)), Some(Number(0))],
                [Some(Text(1)), Some(Blob(3))],
                [Some(Text(2)), Some(Number(2))]
            ]
        );
        Ok(())
    }
}
