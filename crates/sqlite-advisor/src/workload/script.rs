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

/// Cuts a text into statements. Dot-commands of the shell are pieces too; whoever prepares them says that they are no SQL.
pub fn pieces(text: &str) -> Vec<Piece> {
    let (mut out, mut piece, mut rest, mut line, mut begins_line) = (vec![], Piece::default(), text, 1, true);
    while let Some(first) = rest.split_inclusive('\n').next() {
        let trimmed = first.trim();
        let taken = if trimmed.is_empty() {
            first.len()
        } else if let Some(comment) = trimmed.strip_prefix("--").filter(|_| begins_line) {
            piece.header(comment);
            first.len()
        } else if begins_line && trimmed.starts_with('.') {
            (piece.line, piece.sql) = (line, trimmed.to_owned());
            out.push(std::mem::take(&mut piece));
            first.len()
        } else {
            // One line may hold several statements.
            let length = first_statement(rest);
            let sql = rest.get(..length).unwrap_or_default().trim();
            let sql = sql.strip_suffix(';').unwrap_or(sql).trim_end();
            if !sql.is_empty() {
                (piece.line, piece.sql) = (line, sql.to_owned());
                out.push(std::mem::take(&mut piece));
            }
            length
        };
        let (done, left) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        line += done.matches('\n').count();
        begins_line = done.ends_with('\n');
        rest = left;
    }
    out
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
            self.headers.insert(name, value.to_owned());
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
