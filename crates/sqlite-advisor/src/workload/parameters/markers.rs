//! Parameters as texts that tell their position, so that the planner's questions show which column each is compared with.

use crate::model::index::literal;
use std::collections::BTreeMap;
use turso_parser::lexer::Lexer;
use turso_parser::token::TokenType;

const MARKER: &str = "advisor parameter ";

/// The statement with each parameter replaced by a text literal that names its position.
pub(super) fn with_markers(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 32);
    let (mut next, mut by_name) = (1usize, BTreeMap::<&str, usize>::new());
    let mut lexer = Lexer::new(sql.as_bytes());
    let mut start = 0;
    while let Some(token) = lexer.next() {
        let end = sql.len() - lexer.remaining().len();
        let text = sql.get(start..end).unwrap_or_default();
        match token {
            Ok(token) if token.token_type == TokenType::TK_VARIABLE => {
                let position = match text.strip_prefix('?') {
                    Some("") => next,
                    Some(number) => number.parse().unwrap_or(next),
                    None => *by_name.entry(text).or_insert(next),
                };
                next = next.max(position + 1);
                out.push_str(&literal(&format!("{MARKER}{position}")));
            }
            Ok(_) => out.push_str(text),
            Err(_) => break,
        }
        start = end;
    }
    out.push_str(sql.get(start..).unwrap_or_default());
    out
}

/// The position of the parameter for which a text stands.
pub(super) fn marked_position(text: &str) -> Option<usize> {
    text.strip_prefix(MARKER)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_follow_the_numbers_of_sqlite() {
        let marked = with_markers("SELECT ?, ?5, ?, :a, ':a', :a -- ?");
        let at = |n: u32| format!("'{MARKER}{n}'");
        assert_eq!(
            marked,
            format!("SELECT {}, {}, {}, {}, ':a', {} -- ?", at(1), at(5), at(6), at(7), at(7))
        );
    }
}
