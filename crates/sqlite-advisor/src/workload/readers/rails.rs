//! The development log of Rails: what was loaded, the time, the statement, and its values as pairs of name and value.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, entries, has_entry};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::{Written, values_at_end};
use crate::workload::source::{ParameterSet, QuerySource, by_position};

/// What stands behind `User Load (0.1ms)  `.
fn payload(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("ms)  ")?;
    let (_, time) = before.rsplit_once('(')?;
    (time.parse::<f64>().is_ok() && begins_sql(rest)).then_some(rest)
}

pub fn recognizes(head: &str) -> bool {
    has_entry(head, payload)
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    entries(lines, payload, &mut |entry| {
        let text = entry.text.trim_end();
        // The list of pairs begins with `[[`; the mark is the blank before it.
        let found = values_at_end(text, " ").and_then(|(sql, values)| Some((sql, pairs(values)?)));
        let (sql, values) = found.unwrap_or((text, vec![]));
        sink.query(QuerySource::new(sql, entry.origin).with(values));
    })
}

fn pairs(written: Written) -> Option<ParameterSet> {
    let Written::List(pairs) = written else { return None };
    let second = |pair: Written| match pair {
        Written::List(pair) if pair.len() == 2 => pair.into_iter().nth(1)?.value(),
        _ => None,
    };
    Some(by_position(pairs.into_iter().map(second).collect::<Option<Vec<_>>>()?))
}
