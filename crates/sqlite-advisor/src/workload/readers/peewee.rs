//! peewee's logger: each statement and its values as a tuple of Python.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{begins_sql, entries};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::{Written, parse};
use crate::workload::source::QuerySource;
use rusqlite::types::Value;

fn payload(line: &str) -> Option<&str> {
    let at = ["('", "(\""].iter().filter_map(|mark| line.find(mark)).min()?;
    let rest = line.get(at..)?;
    begins_sql(rest.get(2..)?).then_some(rest)
}

pub fn recognizes(head: &str) -> bool {
    head.lines().any(|line| payload(line).is_some_and(|rest| statement(rest).is_some()))
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut odd = vec![];
    entries(lines, payload, &mut |entry| match statement(&entry.text) {
        Some((sql, values)) => sink.query(QuerySource::new(sql, entry.origin).with(values.parameters())),
        None => odd.push(entry.origin.line),
    })?;
    odd.into_iter().for_each(|line| sink.unread.add(line, "the line is no statement with its values"));
    Ok(())
}

fn statement(text: &str) -> Option<(String, Written)> {
    let (Written::List(parts), _) = parse(text)? else { return None };
    let mut parts = parts.into_iter();
    match (parts.next()?, parts.next()?) {
        (Written::One(Value::Text(sql)), values @ (Written::List(_) | Written::Map(_))) => {
            Some((sql, values))
        }
        _ => None,
    }
}
