//! Prisma with `log: ['query']`, or its query events printed as `Query: ...` and `Params: [...]`.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{Entry, begins_sql, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::parse;
use crate::workload::source::QuerySource;

fn payload(line: &str) -> Option<&str> {
    let marks = ["prisma:query ", "Query: "].iter();
    let statement = marks.filter_map(|mark| behind(line, mark)).find(|rest| begins_sql(rest));
    statement
        .or_else(|| Some(line).filter(|l| ["Params: ", "Duration: "].iter().any(|mark| l.starts_with(mark))))
}

pub fn recognizes(head: &str) -> bool {
    head.contains("prisma:query ") || (head.contains("\nParams: ") && has_entry(head, payload))
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut statement: Option<Entry> = None;
    entries(lines, payload, &mut |entry| {
        if let Some(values) = entry.text.strip_prefix("Params: ") {
            if let Some(sent) = statement.take() {
                let values = parse(values).map(|(values, _)| values.parameters()).unwrap_or_default();
                sink.query(QuerySource::new(sent.text, sent.origin).with(values));
            }
        } else if !entry.text.starts_with("Duration: ")
            && let Some(sent) = statement.replace(entry)
        {
            sink.query(QuerySource::new(sent.text, sent.origin));
        }
    })?;
    statement.into_iter().for_each(|sent| sink.query(QuerySource::new(sent.text, sent.origin)));
    Ok(())
}
