//! What a CREATE statement says in its text alone: pieces of its parentheses, found by tokens, so that no odd type or name hides them.

use crate::sql::lexer::{Token, canonical};

/// The pieces between the commas of the first parentheses.
pub fn pieces<'w, 'a>(words: &'w [Token<'a>]) -> Vec<&'w [Token<'a>]> {
    let Some(open) = words.iter().position(|w| w.text == "(") else { return vec![] };
    let inside = words.get(open + 1..closing(words, open)).unwrap_or_default();
    let (mut pieces, mut from, mut at) = (vec![], 0, 0);
    while let Some(word) = inside.get(at) {
        if word.text == "(" {
            at = closing(inside, at);
        } else if word.text == "," {
            pieces.extend(inside.get(from..at));
            from = at + 1;
        }
        at += 1;
    }
    pieces.extend(inside.get(from..));
    pieces
}

/// The words behind the WHERE of a CREATE INDEX, for a partial one.
pub fn filter<'w, 'a>(words: &'w [Token<'a>]) -> Option<&'w [Token<'a>]> {
    let open = words.iter().position(|w| w.text == "(")?;
    let (first, rest) = words.get(closing(words, open) + 1..)?.split_first()?;
    (first.is("WHERE") && !rest.is_empty()).then_some(rest)
}

/// The index of the parenthesis that closes the one at `open`.
fn closing(words: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (i, word) in words.iter().enumerate().skip(open) {
        match word.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    words.len()
}

/// The name of what a CREATE statement makes; empty where there is none.
pub fn created_name(words: &[Token<'_>]) -> String {
    const HEAD: [&str; 10] =
        ["CREATE", "UNIQUE", "VIRTUAL", "TABLE", "INDEX", "VIEW", "TRIGGER", "IF", "NOT", "EXISTS"];
    words.iter().find(|word| !HEAD.iter().any(|known| word.is(known))).map(Token::name).unwrap_or_default()
}

/// The tokens of one column's definition in a CREATE TABLE; empty if it is not found.
pub fn column<'w, 'a>(words: &'w [Token<'a>], column: &str) -> &'w [Token<'a>] {
    let is_it = |piece: &&[Token<'_>]| piece.first().is_some_and(|t| t.name().eq_ignore_ascii_case(column));
    pieces(words).into_iter().find(is_it).unwrap_or_default()
}

/// The expression of a generated column in canonical spelling, `stored` behind it where it is.
pub fn generated(words: &[Token<'_>], name: &str) -> String {
    let own = column(words, name);
    let stored = if has(own, "STORED") { " stored" } else { "" };
    parenthesised(own, "AS").unwrap_or_default() + stored
}

/// The CHECK constraints of a CREATE TABLE in canonical spelling, sorted.
pub fn checks(words: &[Token<'_>]) -> Vec<String> {
    let mut all: Vec<String> = (0..words.len())
        .filter(|&i| words.get(i).is_some_and(|w| w.is("CHECK")))
        .filter_map(|i| parenthesised(words.get(i..)?, "CHECK"))
        .collect();
    all.sort();
    all
}

/// True if the keyword stands anywhere.
pub fn has(words: &[Token<'_>], keyword: &str) -> bool {
    words.iter().any(|w| w.is(keyword))
}

fn parenthesised(words: &[Token<'_>], keyword: &str) -> Option<String> {
    let open = words.windows(2).position(|w| matches!(w, [a, b] if a.is(keyword) && b.text == "("))? + 1;
    words.get(open..=closing(words, open)).map(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::lexer::tokens;

    #[test]
    fn checks_and_generated_columns_are_found_whatever_the_types_are() {
        let words = tokens(
            "CREATE TABLE t(a '0b', \"b (\" [1(] CHECK (a > (0)), c AS (a || ')') STORED, check ( 1 ))",
        );
        assert_eq!(checks(&words), ["( 1 )", "( a > ( 0 ) )"]);
        assert_eq!(generated(&words, "C"), "( a || ')' ) stored");
        assert_eq!(column(&words, "b (").len(), 10);
        assert!(column(&words, "absent").is_empty());
    }

    #[test]
    fn what_is_made_has_its_name_behind_the_keywords() {
        for (sql, name) in [
            ("CREATE UNIQUE INDEX IF NOT EXISTS \"index\" ON t(a)", "index"),
            ("create virtual table [a b] using fts5(c)", "a b"),
            ("CREATE TABLE", ""),
        ] {
            assert_eq!(created_name(&tokens(sql)), name);
        }
    }

    #[test]
    fn the_filter_of_an_index_follows_its_key() {
        let words = tokens("CREATE INDEX i ON t(a, f(b, c)) WHERE d = (1)");
        let text = |words: &[Token<'_>]| canonical(words);
        assert_eq!(pieces(&words).into_iter().map(text).collect::<Vec<_>>(), ["a", "f ( b , c )"]);
        assert_eq!(filter(&words).map(text).as_deref(), Some("d = ( 1 )"));
        for unfinished in ["CREATE INDEX i ON t(a)", "CREATE INDEX i ON t(a) WHERE", "CREATE INDEX i", "("] {
            assert!(filter(&tokens(unfinished)).is_none(), "{unfinished}");
        }
    }
}
