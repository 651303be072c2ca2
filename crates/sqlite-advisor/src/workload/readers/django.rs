//! Django's logger `django.db.backends`: the time, the statement with its values in it, and the values again.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::{Written, parse};
use crate::workload::source::QuerySource;

/// What stands behind `(0.001) `.
fn payload(line: &str) -> Option<&str> {
    line.match_indices(") ").find_map(|(end, _)| {
        let (before, rest) = (line.get(..end)?, line.get(end + 2..)?);
        let seconds = before.rsplit('(').next().filter(|s| s.len() < before.len())?;
        let is_time = seconds.contains('.') && seconds.chars().all(|c| c.is_ascii_digit() || c == '.');
        (is_time && begins_sql(times(rest).1)).then_some(rest)
    })
}

pub fn recognizes(head: &str) -> bool {
    head.contains("; args=") && has_entry(head, |line| payload(line).map(|rest| times(rest).1))
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let (text, arguments) = arguments(&entry.text).unwrap_or((&entry.text, Written::List(vec![])));
        let (count, sql) = times(text);
        let mut query = QuerySource::new(sql, entry.origin);
        query.executions = count;
        // The text has the values in it already, but that of executemany, which is logged once with all its sets.
        if let Some(sets) = arguments.into_sets() {
            query.executions = sets.len() as u64;
            query.parameters = sets;
        }
        query.weight = query.executions as f64;
        sink.query(query);
    })
}

/// An entry without what follows `; args=`, which may also stand inside a value, and what follows.
fn arguments(text: &str) -> Option<(&str, Written)> {
    text.match_indices("; args=").find_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let (arguments, length) = parse(rest)?;
        let after = rest.get(length..)?;
        (after.trim().is_empty() || after.starts_with("; alias="))
            .then(|| (text.get(..at).unwrap_or_default(), arguments))
    })
}

/// `3 times: INSERT ...` is what executemany was logged as before Django 4.
fn times(text: &str) -> (u64, &str) {
    let counted = text.split_once(" times: ").and_then(|(count, sql)| Some((count.parse().ok()?, sql)));
    counted.unwrap_or((1, text))
}
