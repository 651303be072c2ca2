//! GORM's logger: the time, the rows and the statement with its values in it.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::source::QuerySource;

/// What stands behind `[0.123ms] [rows:1] `, or in version 1 behind `[0.12ms]  `, whose next line tells the rows.
fn payload(line: &str) -> Option<&str> {
    if line.starts_with('[') && line.contains(" rows affected or returned ]") {
        return Some("");
    }
    let rest = match line.split_once("[rows:") {
        Some((before, rest)) if before.trim_end().ends_with("ms]") => rest.split_once("] ")?.1,
        _ => line.strip_prefix("[20").and_then(|rest| rest.split_once("ms]  "))?.1,
    };
    begins_sql(rest).then_some(rest)
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        // Below the line about the rows stands the place of the next statement.
        if begins_sql(&entry.text) {
            sink.query(QuerySource::new(entry.text.trim_end(), entry.origin));
        }
    })
}
