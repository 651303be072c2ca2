//! SQLAlchemy with `echo=True`: the statement in one entry, its values in the next.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{Entry, behind, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::parse;
use crate::workload::source::QuerySource;

fn payload(line: &str) -> Option<&str> {
    let rest = behind(line, "sqlalchemy.engine.")?;
    // The logger's name ends at the first blank; some formats put a colon or a bracket there.
    let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
    Some(rest.trim_start_matches(['-', ' ']))
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload) || head.contains("sqlalchemy.engine.Engine ")
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut statement: Option<Entry> = None;
    entries(lines, payload, &mut |entry| match values_of(&entry.text) {
        Some(written) => {
            if let Some(sent) = statement.take() {
                sink.query(query(sent, written));
            }
        }
        None => {
            if let Some(sent) = statement.replace(entry) {
                sink.query(QuerySource::new(sent.text, sent.origin));
            }
        }
    })?;
    statement.into_iter().for_each(|sent| sink.query(QuerySource::new(sent.text, sent.origin)));
    Ok(())
}

/// The part behind `[generated in 0.1s]`, `[cached since 1s ago]`, `[insertmanyvalues 2/40 (ordered)]`, `[raw sql]`: no
/// statement begins with a bracket.
fn values_of(text: &str) -> Option<&str> {
    text.starts_with('[').then(|| behind(text, "] ").unwrap_or_default())
}

/// Several sets of values are those of executemany; of many the log shows a few and their number.
fn query(sent: Entry, written: &str) -> QuerySource {
    let mut query = QuerySource::new(sent.text, sent.origin);
    let shown = written.split("  ... displaying ").next().unwrap_or_default();
    let closed = if shown.len() < written.len() { format!("{shown}]") } else { shown.to_owned() };
    let Some((values, _)) = parse(&closed) else { return query };
    let number = behind(written, " of ").and_then(|rest| rest.split(' ').next()?.parse().ok());
    let number = number.filter(|_| shown.len() < written.len());
    if let Some(sets) = values.clone().into_sets() {
        query.executions = number.unwrap_or(sets.len() as u64);
        query.weight = query.executions as f64;
        query.parameters = sets;
        return query;
    }
    query.with(values.parameters())
}
