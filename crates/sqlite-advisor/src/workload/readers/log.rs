//! What the logs of all frameworks have in common: an entry begins at a mark and may go on for several lines.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::source::Origin;
use std::borrow::Cow;

/// An entry of a log: what stands behind its mark.
pub struct Entry {
    /// Where it begins.
    pub origin: Origin,
    /// Its text; lines that follow are part of it.
    pub text: String,
}

/// The most bytes of an entry.
const LONGEST: usize = 1_000_000;

/// Hands over the entries of a log. `payload` gives the part of a line behind the mark, if it has one; a line without one
/// belongs to the entry before, unless it looks like a line of another program's log.
pub fn entries(
    lines: &mut Lines,
    payload: fn(&str) -> Option<&str>,
    each: &mut dyn FnMut(Entry),
) -> Result<()> {
    let (file, mut open) = (lines.file().clone(), None::<Entry>);
    while let Some(line) = lines.next_line()? {
        let text = without_colors(line.text);
        if let Some(text) = payload(&text) {
            let origin = Origin { file: file.clone(), line: line.number };
            open.replace(Entry { origin, text: text.to_owned() }).into_iter().for_each(&mut *each);
        } else if begins_another(&text) {
            open.take().into_iter().for_each(&mut *each);
        } else if let Some(entry) = open.as_mut().filter(|e| e.text.len() + text.len() < LONGEST) {
            entry.text.push('\n');
            entry.text.push_str(&text);
        }
    }
    open.into_iter().for_each(each);
    Ok(())
}

/// True if a line of the head has the mark.
pub fn has_entry(head: &str, payload: fn(&str) -> Option<&str>) -> bool {
    head.lines().any(|line| payload(&without_colors(line)).is_some_and(begins_sql))
}

/// True if the text begins as a statement does.
pub fn begins_sql(text: &str) -> bool {
    let text = text.trim_start();
    let words = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "REPLACE",
        "WITH",
        "VALUES",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE",
        "PRAGMA",
        "CREATE",
        "DROP",
        "ALTER",
        "ANALYZE",
        "EXPLAIN",
    ];
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The rest of a text behind a mark.
pub fn behind<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// The escape sequences of terminals taken out.
fn without_colors(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic());
        plain.push_str(end.and_then(|at| part.get(at + 1..)).unwrap_or(part));
    }
    Cow::Owned(plain)
}

/// A time, a level or a logger's name at the start of a line.
fn begins_another(line: &str) -> bool {
    let digits = |n: usize| line.bytes().take(n).filter(u8::is_ascii_digit).count() == n;
    let dated = digits(4) && line.get(4..5).is_some_and(|c| c == "-" || c == "/");
    let timed = digits(2) && line.get(2..3) == Some(":");
    let level = [
        "INFO",
        "DEBUG",
        "WARN",
        "ERROR",
        "TRACE",
        "[INFO",
        "[DEBUG",
        "Started ",
        "Completed ",
        "Processing ",
    ];
    dated || timed || line.starts_with("[20") || level.iter().any(|level| line.starts_with(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_the_lines_that_follow_up_to_another_logs() -> Result<()> {
        let log =
            "\u{1b}[1mq: \u{1b}[32mSELECT 1\u{1b}[0m\n  FROM t\n2026-01-01 INFO other\nlost\nq: SELECT 2";
        let mut found = vec![];
        fn mark(line: &str) -> Option<&str> {
            line.strip_prefix("q: ")
        }
        entries(&mut Lines::of_text("f", log)?, mark, &mut |e| found.push((e.origin.line, e.text)))?;
        assert_eq!(found, [(1, "SELECT 1\n  FROM t".to_owned()), (5, "SELECT 2".to_owned())]);
        Ok(())
    }
}
