//! The digest of a workload: a table, JSON, or a .sql file that can be kept beside the code.

use crate::error::Result;
use crate::model::units::count;
use crate::render::escape::{brief, visible};
use crate::render::style::Style;
use crate::render::table::{Head, table};
use crate::sqlite::rows::{hex, written};
use crate::workload::fingerprint::fingerprint;
use crate::workload::readers::{FileRead, Queries};
use crate::workload::sequence::{Pattern, PatternKind};
use crate::workload::source::QuerySource;
use rusqlite::types::Value;
use serde_json::json;
use std::fmt::Write;

/// For people, at a terminal.
pub fn text(read: &Queries, look: Style) -> String {
    let mut out: String = read.files.iter().map(|file| file_read(file) + "\n").collect();
    let rows: Vec<Vec<String>> = by_executions(read)
        .into_iter()
        .map(|query| {
            let name = query.name.as_deref().map(visible).unwrap_or_default();
            let place = format!("{}:{}", visible(&query.origin.file), query.origin.line);
            let sql = brief(&query.sql, look.width.saturating_sub(60).max(30));
            vec![sql, count(query.executions), query.parameters.len().to_string(), place, name]
        })
        .collect();
    let heads = [
        Head::Left("statement"),
        Head::Right("executions"),
        Head::Right("sets of values"),
        Head::Left("first at"),
        Head::Left("name"),
    ];
    out.push('\n');
    out.push_str(&table(look, &heads, &rows, 0));
    if !read.patterns.is_empty() {
        out.push_str("\nWhat their order shows\n");
    }
    for pattern in read.patterns.iter().take(PATTERNS) {
        let _ = writeln!(out, "  {}", told(read, pattern, look));
    }
    if let Some(more) = read.patterns.len().checked_sub(PATTERNS).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more; --format json lists all");
    }
    out
}

/// Patterns that are told to people; the rest is in the JSON.
const PATTERNS: usize = 10;

/// A pattern in a sentence.
fn told(read: &Queries, pattern: &Pattern, look: Style) -> String {
    let width = (look.width / 2).max(30);
    let sql = |at: usize| read.queries.get(at).map(|query| brief(&query.sql, width)).unwrap_or_default();
    let (statement, executions, runs, saved) =
        (sql(pattern.statement), count(pattern.executions), count(pattern.runs), count(pattern.saved));
    match (pattern.kind, pattern.parent) {
        (PatternKind::OneByOne, parent) => {
            let parent = parent.map(sql).unwrap_or_default();
            format!(
                "{executions} times in {runs} runs behind another statement (N+1): {statement}\n    behind: {parent}\n    \
                 a join or one IN list a run saves {saved} round trips"
            )
        }
        (PatternKind::Again, _) => {
            format!("{saved} times again with the same values, nothing written meanwhile: {statement}")
        }
        (PatternKind::WritesAlone, _) => format!(
            "{executions} writes in {runs} runs, each in a transaction of its own: {statement}\n    one transaction a run saves \
             {saved} commits"
        ),
    }
}

/// What was read of a file, in a sentence.
pub fn file_read(file: &FileRead) -> String {
    let executions = count(file.executions);
    let mut said = format!("{}: read as {}: {executions} statements", visible(&file.file), file.format);
    if !file.passed_over.is_empty() {
        let words: Vec<_> =
            file.passed_over.iter().map(|(word, times)| format!("{} {word}", count(*times))).collect();
        let _ = write!(said, "; {} passed over", words.join(", "));
    }
    if let Some((line, why)) = &file.unread.first {
        let lines = count(file.unread.lines);
        let _ =
            write!(said, "; {lines} lines or items could not be read, the first is {line}: {}", visible(why));
    }
    said
}

/// All of it, with `version` for the form of the document.
///
/// # Errors
/// [`crate::Error::Invalid`] if it cannot be written as JSON.
pub fn json(read: &Queries) -> Result<String> {
    let files: Vec<_> = read.files.iter().map(|file| {
        let first = file.unread.first.as_ref().map(|(line, why)| json!({"line": line, "reason": why}));
        json!({"file": file.file, "format": file.format, "executions": file.executions, "passed_over": file.passed_over, "unread": file.unread.lines, "first_unread": first})
    }).collect();
    let statements: Vec<_> = by_executions(read).into_iter().map(|query| {
        let sets: Vec<_> = query.parameters.iter().map(|set| {
            set.iter().map(|(name, value)| (name.clone(), as_json(value))).collect::<serde_json::Map<_, _>>()
        }).collect();
        json!({
            "name": query.name, "fingerprint": fingerprint(&query.sql), "sql": query.sql, "executions": query.executions, "weight": query.weight, "parameters": sets,
            "file": &*query.origin.file, "line": query.origin.line,
        })
    }).collect();
    let fingerprint_of = |at: usize| read.queries.get(at).map(|query| fingerprint(&query.sql));
    let patterns: Vec<_> = read.patterns.iter().map(|pattern| {
        let kind = match pattern.kind {
            PatternKind::OneByOne => "one_by_one",
            PatternKind::Again => "again",
            PatternKind::WritesAlone => "writes_alone",
        };
        json!({
            "kind": kind, "statement": fingerprint_of(pattern.statement), "parent": pattern.parent.and_then(fingerprint_of),
            "runs": pattern.runs, "executions": pattern.executions, "saved": pattern.saved,
        })
    }).collect();
    let document = json!({"version": 1, "files": files, "statements": statements, "patterns": patterns});
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n")
        .map_err(|e| crate::Error::Invalid(format!("the digest cannot be written as JSON: {e}")))
}

/// Statements that sqlite3 runs as they are and `--workload` reads again: weights and values stand in comments.
pub fn sql(read: &Queries) -> String {
    let mut out = String::new();
    for query in by_executions(read) {
        if let Some(name) = &query.name {
            let _ = writeln!(out, "-- name: {}", visible(name));
        }
        for (label, text) in &query.labels {
            let _ = writeln!(out, "-- {}: {}", visible(label), visible(text));
        }
        let _ = writeln!(out, "-- weight: {}", query.weight);
        for set in query.parameters.iter().filter(|set| set.iter().all(|(_, value)| fits_a_line(value))) {
            for (name, value) in set {
                let _ = writeln!(out, "-- param: {} = {}", visible(name), written(value.into()));
            }
        }
        // A comment at the end must not swallow the semicolon.
        let end = if query.sql.lines().last().is_some_and(|line| line.contains("--")) { "\n;" } else { ";" };
        let _ = writeln!(out, "{}{end}\n", query.sql);
    }
    out
}

fn by_executions(read: &Queries) -> Vec<&QuerySource> {
    let mut all: Vec<&QuerySource> = read.queries.iter().collect();
    all.sort_by_key(|query| std::cmp::Reverse(query.executions));
    all
}

fn fits_a_line(value: &Value) -> bool {
    !matches!(value, Value::Text(text) if text.contains(char::is_control))
}

fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(v) => json!(v),
        Value::Real(v) => json!(v),
        Value::Text(v) => json!(v),
        Value::Blob(v) => json!({ "blob": hex(v) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::read_text;

    #[test]
    fn a_digest_written_as_sql_is_read_as_what_it_was() -> Result<()> {
        let log = "{\"sql\": \"SELECT a FROM t WHERE b = ? AND c = ? -- note\", \"params\": [\"it's\", null]}\n\
                   {\"sql\": \"SELECT a FROM t WHERE b = ? AND c = ? -- note\", \"params\": [7, 1.5], \"count\": 8}\n\
                   {\"sql\": \"SELECT 1\", \"name\": \"one\"}\n";
        let read = read_text("log", log)?;
        let again = read_text("digest.sql", &sql(&read))?;
        let short = |queries: &Queries| -> Vec<_> {
            queries
                .queries
                .iter()
                .map(|q| (q.name.clone(), q.sql.clone(), q.weight, q.parameters.clone()))
                .collect()
        };
        assert_eq!(short(&read), short(&again));
        assert_eq!(read.queries[0].parameters.len(), 2);
        Ok(())
    }

    #[test]
    fn names_that_would_end_a_comment_or_steer_a_terminal_do_neither() -> Result<()> {
        let read = read_text(
            "log",
            "{\"sql\": \"SELECT ?\", \"name\": \"x\\nDROP TABLE t; \\u001b[2J\", \"params\": [\"a\\nb\"]}",
        )?;
        assert!(!sql(&read).contains("\nDROP") && !sql(&read).contains('\u{1b}'));
        assert!(!text(&read, Style { width: 100, color: false }).contains('\u{1b}'));
        Ok(())
    }
}
