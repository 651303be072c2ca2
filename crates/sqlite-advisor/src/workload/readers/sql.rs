//! Plain SQL, also what `.trace` of the sqlite3 shell and `verbose` of better-sqlite3 print. What is to be known of a
//! statement stands in comments above it: see `script`.
//!
//! Names as sqlc and aiosql write them (`-- name: GetAuthor :one`, `-- name: all_authors^`) lose what says how the rows are
//! fetched.

use crate::error::Result;
use crate::sql::syntax;
use crate::workload::lines::Lines;
use crate::workload::readers::log::begins_sql;
use crate::workload::readers::sink::Sink;
use crate::workload::script::{Piece, Script};
use crate::workload::source::{Origin, ParameterSet, QuerySource, written_value};
use rusqlite::types::Value;
use std::sync::Arc;

/// Bytes that are looked at together.
const CHUNK: usize = 1 << 20;

/// Reads a file, in pieces.
pub(super) fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    lines.strict = true;
    let (file, mut script, mut odd) = (lines.file().clone(), Script::default(), vec![]);
    let mut ended = false;
    while !ended {
        let mut chunk = String::new();
        while chunk.len() < CHUNK {
            let Some(line) = lines.next_line()? else {
                ended = true;
                break;
            };
            chunk.push_str(line.text);
            chunk.push('\n');
        }
        for piece in script.add(&chunk, ended) {
            take(&file, piece, &mut odd, &mut |query| sink.query(query));
        }
    }
    odd.into_iter().for_each(|(line, why)| sink.unread.add(line, &why));
    Ok(())
}

/// The statements of a text, each by itself.
pub fn queries(file: &str, text: &str) -> Vec<QuerySource> {
    let mut all = vec![];
    each(file, text, &mut |query| all.push(query));
    all
}

/// Hands over the statements of a text.
pub fn each(file: &str, text: &str, take_one: &mut dyn FnMut(QuerySource)) {
    for piece in Script::default().add(text, true) {
        take(&file.into(), piece, &mut vec![], take_one);
    }
}

fn take(
    file: &Arc<str>,
    piece: Piece,
    odd: &mut Vec<(usize, String)>,
    take_one: &mut dyn FnMut(QuerySource),
) {
    // A command of the shell is no statement.
    if piece.sql.starts_with('.') {
        return;
    }
    let weight = match weight_of(&piece) {
        Ok(weight) => weight,
        Err(why) => return odd.push((piece.line, why)),
    };
    for (line, sql) in statements(&piece) {
        let mut query = QuerySource::new(sql, Origin { file: file.clone(), line });
        query.weight = weight;
        query.name = piece.headers.get("name").map(|name| plain_name(name).to_owned());
        query.labels = piece.headers.clone();
        query.labels.retain(|name, _| name != "name" && name != "weight");
        let given = piece.params.iter().map(|(name, text)| (name.clone(), written_value(text))).collect();
        query.parameters = sets_of(given);
        take_one(query);
    }
}

/// The sets of values that headers give: a name that comes again begins another set.
fn sets_of(headers: Vec<(String, Value)>) -> Vec<ParameterSet> {
    let mut sets: Vec<ParameterSet> = vec![];
    for (name, value) in headers {
        match sets.last_mut().filter(|set| set.iter().all(|(known, _)| *known != name)) {
            Some(set) => set.push((name, value)),
            None => sets.push(vec![(name, value)]),
        }
    }
    sets
}

fn weight_of(piece: &Piece) -> std::result::Result<f64, String> {
    let Some(text) = piece.headers.get("weight") else { return Ok(1.0) };
    match text.parse::<f64>() {
        Ok(weight) if weight.is_finite() && weight > 0.0 => Ok(weight),
        _ => Err(format!("the weight {text:?} is not a number above 0")),
    }
}

fn plain_name(name: &str) -> &str {
    let kind = name.rsplit_once(" :").filter(|(_, kind)| kind.chars().all(|c| c.is_ascii_lowercase()));
    kind.map_or(name, |(name, _)| name).trim_end_matches(['^', '$', '!', '<', '*', '#']).trim_end()
}

/// A piece without semicolons may be one query a line, or several lines each: it is cut before a line that begins as a
/// statement does if what stands before is one.
fn statements(piece: &Piece) -> Vec<(usize, String)> {
    let lines: Vec<&str> = piece.sql.lines().collect();
    if lines.iter().skip(1).all(|line| !begins_sql(line)) || is_sql(&piece.sql) {
        return vec![(piece.line, piece.sql.clone())];
    }
    let (mut found, mut current, mut begins) = (vec![], String::new(), piece.line);
    for (number, line) in (piece.line..).zip(lines) {
        if begins_sql(line) && is_sql(&current) {
            found.push((begins, std::mem::take(&mut current)));
            begins = number;
        }
        if !current.is_empty() {
            current.push('\n');
        }
        current.push_str(line);
    }
    found.push((begins, current));
    found.retain_mut(|(_, sql)| {
        sql.truncate(sql.trim_end().len());
        !sql.trim().is_empty()
    });
    found
}

fn is_sql(text: &str) -> bool {
    let text = crate::workload::placeholders::with_sqlite_placeholders(text);
    syntax::parse(super::sink::without_explain(text.trim())).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::readers::read_text;

    #[test]
    fn headers_say_what_is_to_be_known() -> Result<()> {
        let text = "-- name: first one\n-- weight: 2.5\n-- pair: p\n-- param: :x = 'a=b'\nSELECT :x;\n-- weight: none\nSELECT 2;";
        let found = read_text("f.sql", text)?;
        let first = &found.queries[0];
        assert_eq!((first.name.as_deref(), first.weight, first.origin.line), (Some("first one"), 2.5, 5));
        assert_eq!(first.labels.get("pair").map(String::as_str), Some("p"));
        assert_eq!(first.parameters[0][0], (":x".to_owned(), rusqlite::types::Value::Text("a=b".to_owned())));
        assert_eq!(found.queries.len(), 1);
        assert_eq!(found.files[0].unread.first.as_ref().map(|(line, _)| *line), Some(7));
        Ok(())
    }

    #[test]
    fn names_of_sqlc_and_aiosql_are_plain_names() {
        let names = ["GetAuthor :one", "all_authors^", "add<!", "sessions of a fractal", "odd :Name"];
        assert_eq!(
            names.map(plain_name),
            ["GetAuthor", "all_authors", "add", "sessions of a fractal", "odd :Name"]
        );
    }
}
