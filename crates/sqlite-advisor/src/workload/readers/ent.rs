//! ent with its debug driver: `driver.Query: query=... args=[...]`.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::source::{ParameterSet, QuerySource, by_position, written_value};
use rusqlite::types::Value;

fn payload(line: &str) -> Option<&str> {
    behind(line, ": query=").filter(|rest| begins_sql(rest))
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let (sql, list) = entry.text.rsplit_once(" args=[").unwrap_or((&entry.text, "]"));
        let values = go_values(list.trim_end().trim_end_matches(']'), sql.matches('?').count());
        sink.query(QuerySource::new(sql, entry.origin).with(values));
    })
}

/// The values of a slice as Go prints it: with blanks between, so that a text with a blank cannot be told from two. Unless
/// there are as many as parameters, none is known.
pub fn go_values(list: &str, parameters: usize) -> ParameterSet {
    let value = |word: &str| match word {
        "<nil>" => Value::Null,
        "true" => Value::Integer(1),
        "false" => Value::Integer(0),
        word => written_value(word),
    };
    let values: Vec<_> = list.split(' ').filter(|word| !word.is_empty()).map(value).collect();
    if values.len() == parameters { by_position(values) } else { vec![] }
}
