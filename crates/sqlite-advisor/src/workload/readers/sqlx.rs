//! sqlx's events as `tracing` prints them: the statement as a string of Rust under `db.statement`, or under `summary` where
//! that is all of it.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::{behind, entries};
use crate::workload::readers::sink::Sink;
use crate::workload::readers::values::Written;
use crate::workload::readers::values::parse;
use crate::workload::source::QuerySource;
use rusqlite::types::Value;

fn payload(line: &str) -> Option<&str> {
    behind(line, "sqlx::query").filter(|rest| rest.contains("summary=") || rest.contains("db.statement="))
}

pub fn recognizes(head: &str) -> bool {
    head.lines().any(|line| payload(line).is_some())
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut odd = vec![];
    entries(lines, payload, &mut |entry| {
        let statement = field(&entry.text, "db.statement=").or_else(|| field(&entry.text, "summary="));
        match statement {
            Some(sql) => sink.query(QuerySource::new(sql, entry.origin)),
            None => odd.push(entry.origin.line),
        }
    })?;
    odd.into_iter().for_each(|line| sink.unread.add(line, "the event holds no statement"));
    Ok(())
}

fn field(text: &str, mark: &str) -> Option<String> {
    match parse(behind(text, mark)?)? {
        (Written::One(Value::Text(sql)), _) if !sql.trim().is_empty() => Some(sql),
        _ => None,
    }
}
