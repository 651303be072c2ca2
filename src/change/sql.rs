//! The words of a piece of SQL: enough to compare two texts, to find a column and to quote a name.

/// A word, number, string, quoted name or sign, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// As it stands in the text.
    pub text: &'a str,
    /// The byte where it begins.
    pub start: usize,
}

impl Token<'_> {
    /// The byte after it.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for the keyword, in any case. A quoted name is no keyword.
    pub fn is(&self, keyword: &str) -> bool {
        self.text.eq_ignore_ascii_case(keyword)
    }

    /// The name that it stands for: quotes removed.
    pub fn name(&self) -> String {
        unquote(self.text)
    }

    /// One spelling for all that mean the same: names without quotes and in lower case, the rest as written.
    fn canonical(&self) -> String {
        match self.text.as_bytes().first() {
            Some(b'\'') => self.text.to_owned(),
            _ => unquote(self.text).to_ascii_lowercase(),
        }
    }
}

/// Splits SQL into tokens; white space and comments are left out.
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let (mut all, mut at) = (vec![], 0);
    while let Some(&first) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = match first {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if rest.starts_with(b"--") => {
                at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if rest.starts_with(b"/*") => {
                at += rest.windows(2).skip(2).position(|w| w == b"*/").map_or(rest.len(), |i| i + 4);
                continue;
            }
            b'\'' | b'"' | b'`' => quoted(rest, first),
            b'[' => rest.iter().position(|&b| b == b']').map_or(rest.len(), |i| i + 1),
            b if is_word(b) => rest.iter().position(|&b| !is_word(b)).unwrap_or(rest.len()),
            _ if [&b"<="[..], b">=", b"<>", b"!=", b"==", b"||", b"<<", b">>", b"->"]
                .iter()
                .any(|s| rest.starts_with(s)) =>
            {
                2
            }
            _ => 1,
        };
        if let Some(text) = sql.get(at..at + length) {
            all.push(Token { text, start: at });
        }
        at += length;
    }
    all
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80
}

/// The length of a quoted piece; its quote is doubled where it stands inside.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&b) = rest.get(at) {
        at += 1;
        if b == quote {
            if rest.get(at) != Some(&quote) {
                return at;
            }
            at += 1;
        }
    }
    rest.len()
}

fn unquote(text: &str) -> String {
    let inner = |open: char, close: char| text.strip_prefix(open).and_then(|t| t.strip_suffix(close));
    for quote in ['"', '`', '\''] {
        if let Some(inner) = inner(quote, quote) {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    inner('[', ']').unwrap_or(text).to_owned()
}

/// One spelling for texts that differ in white space, comments, case and quoting only.
pub fn canonical(tokens: &[Token<'_>]) -> String {
    let words: Vec<_> = tokens.iter().map(Token::canonical).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_spelling_only_are_the_same() {
        let one = "CREATE INDEX i ON t(a DESC) -- newest first\n WHERE type='A b'";
        let two = "create index \"I\" on [t] ( `a`  desc ) /* x */ where TYPE = 'A b' ";
        assert_eq!(canonical(&tokens(one)), canonical(&tokens(two)));
        assert_ne!(canonical(&tokens("a = 'X'")), canonical(&tokens("a = 'x'")));
    }

    #[test]
    fn quotes_inside_names_and_strings_do_not_end_them() {
        let texts: Vec<_> = tokens("\"a\"\"b\" 'it''s' x.y<=1").iter().map(|t| t.text).collect();
        assert_eq!(texts, ["\"a\"\"b\"", "'it''s'", "x", ".", "y", "<=", "1"]);
        assert_eq!(Token { text: "\"a\"\"b\"", start: 0 }.name(), "a\"b");
    }

    #[test]
    fn an_unfinished_text_is_no_reason_to_fail() {
        for text in ["'abc", "/* x", "[x", "\"", "é 'ü"] {
            assert!(tokens(text).len() <= 2);
        }
    }
}
