//! Django's logger `django.db.backends`: the time, the statement with its values in it, and the values again.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::Sink;
use crate::workload::readers::log::{begins_sql, entries, has_entry};
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

pub fn read(lines: &mut Lines, sink: &mut Sink<'_>) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let text = entry.text.rsplit_once("; args=").map_or(entry.text.as_str(), |(sql, _)| sql);
        let (count, sql) = times(text);
        let mut query = QuerySource::new(sql, entry.origin);
        (query.executions, query.weight) = (count, count as f64);
        sink.query(query);
    })
}

/// `3 times: INSERT ...` is what executemany is logged as.
fn times(text: &str) -> (u64, &str) {
    let counted = text.split_once(" times: ").and_then(|(count, sql)| Some((count.parse().ok()?, sql)));
    counted.unwrap_or((1, text))
}
