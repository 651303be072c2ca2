//! TypeORM with `logging: true`: `query: ... -- PARAMETERS: [...]`.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::values_at_end;
use crate::workload::source::QuerySource;

/// A statement that was slow or failed is logged a second time, under another mark.
fn payload(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("query: ").or_else(|| behind(line, " query: "))?;
    begins_sql(rest).then_some(rest)
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let (sql, values) = match values_at_end(&entry.text, "-- PARAMETERS:") {
            Some((sql, values)) => (sql, values.parameters()),
            None => (entry.text.as_str(), vec![]),
        };
        sink.query(QuerySource::new(sql, entry.origin).with(values));
    })
}
