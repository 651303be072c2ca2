//! The text of a statement with its literals taken out by their looks alone. Most statements of a log have been seen with other
//! values: by its skeleton a text is known again without being parsed.

use crate::sql::lexer::{comment, is_word, quoted, word};
use std::ops::Range;

/// A text without its literals and comments, and where the literals stand in it. It is filled again and again, so that reading
/// a log takes no memory for each statement.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// The text; a byte that no SQL has stands for each literal.
    pub text: Vec<u8>,
    /// The literals, in the order of the text.
    pub literals: Vec<Range<usize>>,
}

/// What stands for a literal.
const LITERAL: u8 = 1;

impl Skeleton {
    /// Takes the literals out of a text.
    pub fn take(&mut self, sql: &str) {
        self.text.clear();
        self.literals.clear();
        let bytes = sql.as_bytes();
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            let next = rest.get(1).copied().unwrap_or_default();
            let (length, piece) = match first {
                b'\'' => (quoted(rest), Piece::Literal),
                b'x' | b'X' if next == b'\'' => {
                    (1 + quoted(rest.get(1..).unwrap_or_default()), Piece::Literal)
                }
                b'0'..=b'9' => (number(rest), Piece::Literal),
                b'.' if next.is_ascii_digit() => (number(rest), Piece::Literal),
                b'"' | b'`' | b'[' => (quoted(rest), Piece::Text),
                b'-' | b'/' if comment(rest) > 0 => (comment(rest), Piece::Comment),
                // The number of a parameter is no literal.
                b'?' => (1 + rest.iter().skip(1).take_while(|b| b.is_ascii_digit()).count(), Piece::Text),
                b if is_word(b) => (word(rest), Piece::Text),
                _ => (1, Piece::Text),
            };
            let whole = rest.get(..length).unwrap_or_default();
            match piece {
                // A text that does not end is no literal.
                Piece::Literal if whole.iter().filter(|b| **b == b'\'').count() % 2 == 0 => {
                    self.literals.push(at..at + length);
                    self.text.push(LITERAL);
                }
                Piece::Literal | Piece::Text => self.text.extend_from_slice(whole),
                Piece::Comment => self.text.push(b' '),
            }
            at += length;
        }
    }
}

enum Piece {
    Literal,
    Text,
    Comment,
}

/// The length of a number: `12`, `1.5e-3`, `0xff`.
fn number(rest: &[u8]) -> usize {
    let digits = |from: usize| rest.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    if let [b'0', b'x' | b'X', ..] = rest {
        return 2 + rest.iter().skip(2).take_while(|b| b.is_ascii_hexdigit()).count();
    }
    let mut length = digits(0);
    if rest.get(length) == Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    if matches!(rest.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        length += if exponent > 0 { 1 + sign + exponent } else { 0 };
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_told_from_names_parameters_and_comments() {
        let sql = "SELECT a1, \"b'2\", [c 3], x'0f' FROM t -- it's 4\n WHERE d = 'it''s' AND e > -1.5e-3 AND f = ?5 /* 6 */ OR g=.5";
        let mut skeleton = Skeleton::default();
        skeleton.take("SELECT 1");
        skeleton.take(sql);
        let found: Vec<&str> = skeleton.literals.iter().map(|at| &sql[at.clone()]).collect();
        assert_eq!(found, ["x'0f'", "'it''s'", "1.5e-3", ".5"]);
        assert_eq!(
            String::from_utf8_lossy(&skeleton.text),
            "SELECT a1, \"b'2\", [c 3], \u{1} FROM t  \n WHERE d = \u{1} AND e > -\u{1} AND f = ?5   OR g=\u{1}"
        );
    }
}
