//! Drizzle with `logger: true`: `Query: ... -- params: [...]`.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::values_at_end;
use crate::workload::source::QuerySource;

fn payload(line: &str) -> Option<&str> {
    behind(line, "Query: ").filter(|rest| begins_sql(rest))
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload) && !head.contains("\nParams: ")
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let (sql, values) = match values_at_end(&entry.text, "-- params:") {
            Some((sql, values)) => (sql, values.parameters()),
            None => (entry.text.as_str(), vec![]),
        };
        sink.query(QuerySource::new(sql, entry.origin).with(values));
    })
}
