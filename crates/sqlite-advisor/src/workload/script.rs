//! A text of SQL statements, cut into pieces with the headers above each.
//!
//! Headers are comments, so that the file runs unchanged in sqlite3: `-- name: q1`, `-- weight: 2.5`,
//! `-- param: :from = '2024-01-01'`. Other headers of that form are kept as labels.

use crate::sql::lexer::first_statement;
use std::collections::BTreeMap;

/// One statement of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its text, without the semicolon.
    pub sql: String,
    /// Headers by name, in lower case: `name`, `weight`, `pair`, ...
    pub headers: BTreeMap<String, String>,
    /// The `-- param:` headers, as written.
    pub params: Vec<(String, String)>,
}

/// A text that is cut as it comes in.
#[derive(Debug, Default)]
pub struct Script {
    rest: String,
    /// Lines before the rest.
    lines: usize,
    /// The headers above the next statement.
    next: Piece,
    begins_line: bool,
}

/// Cuts a text into statements. Dot-commands of the shell are pieces too.
pub fn pieces(text: &str) -> Vec<Piece> {
    Script::default().add(text, true)
}

impl Script {
    /// The pieces that are complete with this much of the text, which ends in a line break; with the last part all of them.
    pub fn add(&mut self, part: &str, last: bool) -> Vec<Piece> {
        let text = std::mem::take(&mut self.rest) + part;
        let (mut out, mut rest) = (vec![], text.as_str());
        self.begins_line |= self.lines == 0;
        while let Some(first) = rest.split_inclusive('\n').next() {
            let trimmed = first.trim();
            let taken = if trimmed.is_empty() {
                first.len()
            } else if let Some(comment) = trimmed.strip_prefix("--").filter(|_| self.begins_line) {
                self.next.header(comment);
                first.len()
            } else if self.begins_line && trimmed.starts_with('.') {
                out.extend(self.piece(trimmed));
                first.len()
            } else {
                // One line may hold several statements.
                let length = first_statement(rest);
                let sql = rest.get(..length).unwrap_or_default().trim();
                if !last && length == rest.len() {
                    break;
                }
                out.extend(self.piece(sql.strip_suffix(';').unwrap_or(sql).trim_end()));
                length
            };
            let (done, left) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            self.lines += done.matches('\n').count();
            self.begins_line = done.ends_with('\n');
            rest = left;
        }
        self.rest = rest.to_owned();
        out
    }

    fn piece(&mut self, sql: &str) -> Option<Piece> {
        let sql = (!sql.is_empty()).then(|| sql.to_owned())?;
        Some(Piece { line: self.lines + 1, sql, ..std::mem::take(&mut self.next) })
    }
}

impl Piece {
    fn header(&mut self, comment: &str) {
        let Some((name, value)) = comment.split_once(':') else { return };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if name == "param" {
            if let Some((parameter, value)) = value.split_once('=') {
                self.params.push((parameter.trim().to_owned(), value.trim().to_owned()));
            }
        } else if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !value.is_empty() {
            // What is allowed comes one a line; of any other header the last one counts.
            let before = self.headers.remove(&name).filter(|_| name == "allow");
            self.headers.insert(name, before.map(|b| b + "\n").unwrap_or_default() + value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_semicolons_outside_strings_and_keeps_its_lines_and_headers() {
        let text = "-- a file\n-- name: first\n-- weight: 2\n-- param: :x = 'a=b'\nSELECT ';' -- no; end\n FROM t;\n\n\
                    SELECT 1; SELECT 2;\n.mode csv\n/* c; */ SELECT 3";
        let found = pieces(text);
        let short: Vec<_> = found.iter().map(|p| (p.line, p.sql.as_str())).collect();
        assert_eq!(
            short,
            [
                (5, "SELECT ';' -- no; end\n FROM t"),
                (8, "SELECT 1"),
                (8, "SELECT 2"),
                (9, ".mode csv"),
                (10, "/* c; */ SELECT 3")
            ]
        );
        assert_eq!(found[0].headers.get("name").map(String::as_str), Some("first"));
        assert_eq!(found[0].params, [(":x".to_owned(), "'a=b'".to_owned())]);
        assert!(found[1].headers.is_empty());
    }

    #[test]
    fn a_comment_alone_or_a_lone_semicolon_is_no_statement() {
        assert!(pieces("-- nothing here\n ; ;\n").iter().all(|p| p.sql.is_empty()));
        assert_eq!(pieces("").len(), 0);
    }
}
