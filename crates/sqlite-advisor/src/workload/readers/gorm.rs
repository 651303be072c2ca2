//! GORM's logger: the time, the rows and the statement with its values in it.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::Sink;
use crate::workload::readers::log::{begins_sql, entries, has_entry};
use crate::workload::source::QuerySource;

/// What stands behind `[0.123ms] [rows:1] `.
fn payload(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("[rows:")?;
    let (_, rest) = rest.split_once("] ")?;
    begins_sql(rest).then_some(rest)
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink<'_>) -> Result<()> {
    entries(lines, payload, &mut |entry| sink.query(QuerySource::new(entry.text.as_str(), entry.origin)))
}
