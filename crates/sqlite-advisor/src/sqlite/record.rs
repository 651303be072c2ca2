//! SQLite's record format, in which sqlite_stat4 keeps the keys of its samples:
//! <https://www.sqlite.org/fileformat2.html#record_format>.

use rusqlite::types::Value;

/// The values of a record; none for bytes that are no record.
pub fn decode(record: &[u8]) -> Option<Vec<Value>> {
    let (header, start) = varint(record, 0)?;
    let mut at = start;
    let mut body = usize::try_from(header).ok()?;
    let mut values = vec![];
    while at < usize::try_from(header).ok()? {
        let (kind, next) = varint(record, at)?;
        at = next;
        let length = length_of(kind)?;
        let bytes = record.get(body..body.checked_add(length)?)?;
        body += length;
        values.push(match kind {
            0 => Value::Null,
            1..=6 => Value::Integer(integer(bytes)),
            7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            8 | 9 => Value::Integer(i64::from(kind == 9)),
            kind if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        });
    }
    Some(values)
}

/// The record of some values.
pub fn encode(values: &[Value]) -> Vec<u8> {
    let (mut kinds, mut body) = (vec![], vec![]);
    for value in values {
        let kind = match value {
            Value::Null => 0,
            Value::Integer(v) => {
                body.extend(v.to_be_bytes());
                6
            }
            Value::Real(v) => {
                body.extend(v.to_be_bytes());
                7
            }
            Value::Text(v) => {
                body.extend(v.as_bytes());
                v.len() * 2 + 13
            }
            Value::Blob(v) => {
                body.extend(v);
                v.len() * 2 + 12
            }
        };
        kinds.extend(written(kind as u64));
    }
    // The length of the header counts its own bytes.
    let mut length = kinds.len() + 1;
    while kinds.len() + written(length as u64).len() > length {
        length += 1;
    }
    [written(length as u64), kinds, body].concat()
}

/// How many bytes a value of a serial type takes.
fn length_of(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

/// A signed number, most significant byte first.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value, byte| (value << 8) | i64::from(*byte))
}

/// The variable-length number at a place, and the place behind it.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for i in 0..9 {
        let byte = *bytes.get(at + i)?;
        if i == 8 {
            return Some(((value << 8) | u64::from(byte), at + 9));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, at + i + 1));
        }
    }
    None
}

/// A variable-length number of at most 56 bits, more than any length takes.
fn written(mut value: u64) -> Vec<u8> {
    let mut bytes = vec![(value & 0x7f) as u8];
    value >>= 7;
    while value > 0 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.reverse();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_sqlite_are_read_and_written_so_that_sqlite_reads_them() -> rusqlite::Result<()> {
        let conn = rusqlite::Connection::open_in_memory()?;
        let long = "x".repeat(200);
        conn.execute_batch(&format!(
            "CREATE TABLE t(a, b, c); CREATE INDEX i ON t(a, b, c); ANALYZE; DELETE FROM sqlite_stat4;
             INSERT INTO t VALUES (-1, 2.5, '{long}'), (NULL, x'00ff', 0), (1, 70000, -9223372036854775808),
             ('é', 1, 8388607); ANALYZE"
        ))?;
        let mut samples = conn.prepare("SELECT sample FROM sqlite_stat4")?;
        let samples: Vec<Vec<u8>> =
            samples.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let read: Vec<_> = samples.iter().filter_map(|sample| decode(sample)).collect();
        assert_eq!(read.len(), 4);
        assert!(read.contains(&vec![
            Value::Integer(-1),
            Value::Real(2.5),
            Value::Text(long),
            Value::Integer(1)
        ]));
        for values in &read {
            assert_eq!(decode(&encode(values)).as_ref(), Some(values));
        }
        Ok(())
    }

    #[test]
    fn bytes_that_are_no_record_are_none() {
        for bytes in [&[][..], &[5], &[2, 10], &[2, 1], &[0xff; 12], &[3, 0xff, 0xff, 0xff]] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
