//! Our own format, for applications that write their log themselves: one object of JSON a line.
//!
//! `{"sql": "SELECT ... WHERE a = ?", "params": [1], "name": "find a", "count": 3}`. Only `sql` is needed (`query` and
//! `statement` mean the same); `params` is a list by position, or an object by name; `count` is how often it was sent.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::sink::Sink;
use crate::workload::source::{Origin, ParameterSet, QuerySource, by_position};
use rusqlite::types::Value as Stored;
use serde_json::Value;

pub fn recognizes(head: &str) -> bool {
    let first = head.lines().find(|line| !line.trim().is_empty());
    let item = first.and_then(|line| serde_json::from_str::<Value>(line).ok());
    item.is_some_and(|item| query(&item, Origin::default()).is_some())
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let file = lines.file().clone();
    while let Some(line) = lines.next_line()? {
        if line.text.trim().is_empty() {
            continue;
        }
        let origin = Origin { file: file.clone(), line: line.number };
        let item = serde_json::from_str::<Value>(line.text).ok();
        match item.and_then(|item| query(&item, origin)) {
            Some(query) => sink.query(query),
            None => sink
                .unread
                .add(line.number, "the line is no object with a text of SQL under sql, query or statement"),
        }
    }
    Ok(())
}

/// The statement of an object; none if it holds no text of SQL.
pub fn query(item: &Value, origin: Origin) -> Option<QuerySource> {
    let first = |names: &[&str]| names.iter().find_map(|name| item.get(name).filter(|v| !v.is_null()));
    let mut query =
        QuerySource::new(first(&["sql", "query", "statement", "db.statement"])?.as_str()?, origin);
    query.name = first(&["name"]).and_then(|name| name.as_str()).map(str::to_owned);
    let count = first(&["count", "executions", "calls", "numberOfTimesRun"]).and_then(Value::as_u64);
    query.executions = count.unwrap_or(1).max(1);
    query.weight = query.executions as f64;
    Some(query.with(
        first(&["params", "parameters", "args", "bindings", "values"]).map(parameters).unwrap_or_default(),
    ))
}

fn parameters(value: &Value) -> ParameterSet {
    match value {
        Value::Array(values) => by_position(values.iter().map(stored)),
        Value::Object(values) => values.iter().map(|(name, value)| (name.clone(), stored(value))).collect(),
        _ => vec![],
    }
}

fn stored(value: &Value) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Bool(v) => Stored::Integer((*v).into()),
        Value::Number(v) => {
            v.as_i64().map_or_else(|| Stored::Real(v.as_f64().unwrap_or(0.0)), Stored::Integer)
        }
        Value::String(v) => Stored::Text(v.clone()),
        // What has parts is stored as its text.
        other => Stored::Text(other.to_string()),
    }
}
