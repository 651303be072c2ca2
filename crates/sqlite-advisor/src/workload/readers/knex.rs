//! Knex under `DEBUG=knex:query,knex:bindings`: the statement in one line, its values in the next.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{Entry, behind, entries};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::parse;
use crate::workload::source::QuerySource;

fn payload(line: &str) -> Option<&str> {
    behind(line, "knex:").filter(|rest| rest.starts_with("query ") || rest.starts_with("bindings "))
}

pub fn recognizes(head: &str) -> bool {
    head.contains("knex:query ")
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut statement: Option<Entry> = None;
    entries(lines, payload, &mut |entry| {
        if let Some(values) = entry.text.strip_prefix("bindings ") {
            if let Some(sent) = statement.take() {
                let values = parse(values).map(|(values, _)| values.parameters()).unwrap_or_default();
                sink.query(QuerySource::new(sql(&sent.text), sent.origin).with(values));
            }
        } else if let Some(sent) = statement.replace(entry) {
            sink.query(QuerySource::new(sql(&sent.text), sent.origin));
        }
    })?;
    statement.into_iter().for_each(|sent| sink.query(QuerySource::new(sql(&sent.text), sent.origin)));
    Ok(())
}

/// The statement between its mark and the number of its transaction.
fn sql(text: &str) -> &str {
    let text = text.strip_prefix("query ").unwrap_or(text).trim_end();
    let (before, last) = text.rsplit_once(' ').unwrap_or((text, ""));
    // On a terminal the time since the last entry follows, as +2ms.
    if last.starts_with('+') && last.ends_with('s') {
        sql(before)
    } else if last == "undefined" || last.starts_with("trx") {
        before
    } else {
        text
    }
}
