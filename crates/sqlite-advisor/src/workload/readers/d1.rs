//! Documents of JSON that hold statements: what `wrangler d1 insights --json` prints, and `.sqlx/query-*.json`.

use crate::error::{Error, Result};
use crate::workload::lines::Lines;
use crate::workload::readers::ndjson::query;
use crate::workload::readers::sink::Sink;
use crate::workload::source::Origin;
use serde_json::Value;

/// A document that does not end in its first line.
pub fn recognizes(head: &str) -> bool {
    let first = head.trim_start();
    let whole_line = first
        .lines()
        .next()
        .is_some_and(|line| serde_json::from_str::<Value>(line).is_ok_and(|v| v.is_object()));
    let begins = |mark: char| {
        first.strip_prefix(mark).is_some_and(|rest| rest.trim_start().starts_with(['{', '"', ']']))
    };
    !whole_line && (begins('[') || begins('{'))
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut text = String::new();
    while let Some(line) = lines.next_line()? {
        text.push_str(line.text);
        text.push('\n');
    }
    let file = lines.file().clone();
    let document: Value = serde_json::from_str(&text)
        .map_err(|e| Error::Invalid(format!("{file}:{}: looks like JSON and is none: {e}", e.line())))?;
    let items = match document {
        Value::Array(items) => items,
        Value::Object(mut fields) => match fields.remove("queries").or_else(|| fields.remove("result")) {
            Some(Value::Array(items)) => items,
            _ => vec![serde_json::from_str(&text).unwrap_or_default()],
        },
        _ => vec![],
    };
    // A place in a document is told by the number of its item.
    for (line, item) in (1..).zip(&items) {
        match query(item, Origin { file: file.clone(), line }) {
            Some(query) => sink.query(query),
            None => sink.unread.add(line, "the item has no text of SQL under sql, query or statement"),
        }
    }
    Ok(())
}
