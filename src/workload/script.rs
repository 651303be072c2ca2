//! A text of SQL statements, cut into pieces with the headers above each.
//!
//! Headers are comments, so that the file runs unchanged in sqlite3: `-- name: q1`, `-- weight: 2.5`,
//! `-- param: :from = '2024-01-01'`. Other headers of that form are kept as labels.

use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::CString;

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
    let mut out = vec![];
    let mut piece = Piece::default();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if piece.sql.is_empty() {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                continue;
            }
            if let Some(comment) = trimmed.strip_prefix("--") {
                piece.header(comment);
                continue;
            }
            piece.line = number;
            if trimmed.starts_with('.') {
                piece.sql = trimmed.to_owned();
                out.push(std::mem::take(&mut piece));
                continue;
            }
        }
        // One line may hold several statements; each ends at a semicolon at which SQLite says "complete".
        let mut lines_done = 0;
        for part in line.split_inclusive(';') {
            if piece.sql.is_empty() {
                if part.trim().is_empty() {
                    continue;
                }
                piece.line = number + lines_done;
            }
            piece.sql.push_str(part);
            lines_done += part.matches('\n').count();
            if part.ends_with(';') && is_complete(&piece.sql) {
                finish(&mut piece, &mut out);
            }
        }
    }
    finish(&mut piece, &mut out);
    out
}

fn finish(piece: &mut Piece, out: &mut Vec<Piece>) {
    let mut done = std::mem::take(piece);
    let sql = done.sql.trim();
    done.sql = sql.strip_suffix(';').unwrap_or(sql).trim_end().to_owned();
    if !done.sql.is_empty() {
        out.push(done);
    }
}

/// SQLite's own judgement, which knows strings, comments and trigger bodies.
fn is_complete(sql: &str) -> bool {
    // SAFETY: the pointer is to a NUL-terminated text that outlives the call.
    CString::new(sql).is_ok_and(|text| unsafe { ffi::sqlite3_complete(text.as_ptr()) } != 0)
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
