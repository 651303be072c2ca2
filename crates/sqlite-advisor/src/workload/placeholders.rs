//! Parameters as drivers write them, in a form that SQLite knows.
//!
//! `%s` becomes `?`, `%(name)s`, `#{name}` and `sqlc.arg(name)` become `:name`, and `$1` becomes `?1`: to SQLite `$1` would be a
//! name, numbered by where it stands.

use crate::sql::lexer::{Token, tokens};
use std::borrow::Cow;

/// The statement with parameters that SQLite knows.
pub fn with_sqlite_placeholders(sql: &str) -> Cow<'_, str> {
    if !["%s", "%(", "#{", "$", "sqlc."].iter().any(|mark| sql.contains(mark)) {
        return Cow::Borrowed(sql);
    }
    let words = tokens(sql);
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(word) = words.get(at) {
        let placeholder =
            words.get(at..).and_then(|rest| read(rest, at.checked_sub(1).and_then(|i| words.get(i))));
        match placeholder {
            Some((length, text)) => {
                let end = words.get(at + length - 1).map_or(word.end(), Token::end);
                out.push_str(sql.get(copied..word.start).unwrap_or_default());
                out.push_str(&text);
                copied = end;
                at += length;
            }
            None => at += 1,
        }
    }
    out.push_str(sql.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The placeholder that the words begin with: how many words it is, and what to write instead.
fn read(words: &[Token<'_>], before: Option<&Token<'_>>) -> Option<(usize, String)> {
    let texts: Vec<&str> = words.iter().take(6).map(|w| w.text).collect();
    let adjacent =
        |count: usize| words.windows(2).take(count - 1).all(|w| matches!(w, [a, b] if a.end() == b.start));
    let is_name = |t: &str| t.chars().all(|c| c.is_alphanumeric() || c == '_');
    match texts.as_slice() {
        // After a value the sign is the remainder of a division.
        ["%", "s", ..] if adjacent(2) && !before.is_some_and(ends_value) => Some((2, "?".to_owned())),
        ["%", "(", name, ")", "s", ..] if adjacent(5) && is_name(name) => Some((5, format!(":{name}"))),
        ["#", "{", name, "}", ..] if is_name(name) => Some((4, format!(":{name}"))),
        ["sqlc", ".", "arg" | "narg", "(", name, ")", ..] => {
            Some((6, format!(":{}", name.trim_matches('\''))))
        }
        ["sqlc", ".", "slice", "(", name, ")", ..] => {
            Some((6, format!(":{}", name.trim_matches(['\'', '"']))))
        }
        [number, ..] => {
            let digits = number.strip_prefix('$')?;
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| (1, format!("?{digits}")))
        }
        _ => None,
    }
}

fn ends_value(word: &Token<'_>) -> bool {
    let keywords = [
        "SELECT", "AND", "OR", "NOT", "IN", "LIKE", "GLOB", "IS", "WHERE", "ON", "BETWEEN", "LIMIT",
        "OFFSET", "THEN", "ELSE", "WHEN", "SET", "BY", "VALUES",
    ];
    let value = word.text.ends_with(|c: char| c.is_alphanumeric() || "_)'\"`]".contains(c));
    value && !keywords.iter().any(|keyword| word.is(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_driver_become_those_of_sqlite() {
        for (written, expected) in [
            ("a = %s AND b IN (%s, %s) LIMIT %s", "a = ? AND b IN (?, ?) LIMIT ?"),
            ("a = %(from)s AND b = '%(x)s %s'", "a = :from AND b = '%(x)s %s'"),
            ("a = $2 AND b = $1 AND c = $name", "a = ?2 AND b = ?1 AND c = $name"),
            ("a = #{id} OR b LIKE '#{x}'", "a = :id OR b LIKE '#{x}'"),
            (
                "a = sqlc.arg(one) AND b = sqlc.narg('two') AND c IN (sqlc.slice('ids'))",
                "a = :one AND b = :two AND c IN (:ids)",
            ),
            ("a %s AND (b) %s AND 5 %s", "a %s AND (b) %s AND 5 %s"),
            ("a = ?1 AND b = :a AND c = @p0", "a = ?1 AND b = :a AND c = @p0"),
        ] {
            assert_eq!(with_sqlite_placeholders(written), expected);
        }
    }
}
