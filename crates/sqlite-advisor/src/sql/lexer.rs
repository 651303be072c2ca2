//! The words of a piece of SQL: enough to cut a text into statements, to compare two texts and to find a column.

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
    words(sql).collect()
}

fn words(sql: &str) -> Words<'_> {
    Words { sql, at: 0 }
}

/// The tokens from a byte on, found as they are asked for.
struct Words<'a> {
    sql: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.sql.as_bytes();
        while let Some(&first) = bytes.get(self.at) {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let (length, is_token) = match first {
                b if b.is_ascii_whitespace() => (1, false),
                b'-' | b'/' if comment(rest) > 0 => (comment(rest), false),
                b'\'' | b'"' | b'`' | b'[' => (quoted(rest), true),
                b if is_word(b) => (word(rest), true),
                _ if SIGNS.iter().any(|s| rest.starts_with(s)) => (2, true),
                _ => (1, true),
            };
            let start = self.at;
            self.at += length;
            if let Some(text) = self.sql.get(start..self.at).filter(|_| is_token) {
                return Some(Token { text, start });
            }
        }
        None
    }
}

/// Signs of two characters.
const SIGNS: [&[u8]; 9] = [b"<=", b">=", b"<>", b"!=", b"==", b"||", b"<<", b">>", b"->"];

/// The length of the comment that a text begins with; 0 where it begins with none.
pub(super) fn comment(rest: &[u8]) -> usize {
    if rest.starts_with(b"--") {
        rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
    } else if rest.starts_with(b"/*") {
        rest.windows(2).skip(2).position(|w| w == b"*/").map_or(rest.len(), |i| i + 4)
    } else {
        0
    }
}

/// The length of the word that a text begins with.
pub(super) fn word(rest: &[u8]) -> usize {
    rest.iter().position(|&b| !is_word(b)).unwrap_or(rest.len())
}

pub(super) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80
}

/// The length of the quoted piece that a text begins with; its quote is doubled where it stands inside, a bracket is not.
pub(super) fn quoted(rest: &[u8]) -> usize {
    let Some((&quote, inside)) = rest.split_first() else { return 0 };
    if quote == b'[' {
        return inside.iter().position(|&b| b == b']').map_or(rest.len(), |i| i + 2);
    }
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

/// The length of the first statement of a text, its semicolon included; all of it if no semicolon ends a statement.
///
/// The states are those of sqlite3_complete (<https://www.sqlite.org/c3ref/complete.html>), which knows that a trigger ends
/// at `; END;`. That function judges one text as a whole; here each word is looked at once, however long the text is.
pub fn first_statement(text: &str) -> usize {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Start,
        Explain,
        Create,
        Plain,
        Trigger,
        TriggerSemicolon,
        TriggerEnd,
    }
    let mut at = At::Start;
    for word in words(text) {
        at = match at {
            At::Start | At::Explain | At::Create | At::Plain | At::TriggerEnd if word.text == ";" => {
                return word.end();
            }
            At::Start if word.is("EXPLAIN") => At::Explain,
            At::Start | At::Explain if word.is("CREATE") => At::Create,
            // QUERY PLAN
            At::Explain if !word.is("EXPLAIN") => At::Explain,
            At::Create if word.is("TEMP") || word.is("TEMPORARY") => At::Create,
            At::Create if word.is("TRIGGER") => At::Trigger,
            At::Start | At::Explain | At::Create | At::Plain => At::Plain,
            At::Trigger | At::TriggerSemicolon | At::TriggerEnd if word.text == ";" => At::TriggerSemicolon,
            At::TriggerSemicolon if word.is("END") => At::TriggerEnd,
            At::Trigger | At::TriggerSemicolon | At::TriggerEnd => At::Trigger,
        };
    }
    text.len()
}

/// Cuts a text into statements, their semicolons included; pieces of comments and semicolons alone are left out.
pub fn statements(mut text: &str) -> Vec<&str> {
    let mut all = vec![];
    while let Some((statement, rest)) = text.split_at_checked(first_statement(text)) {
        if words(statement).any(|word| word.text != ";") {
            all.push(statement);
        }
        if rest.is_empty() {
            break;
        }
        text = rest;
    }
    all
}

/// True for CREATE TABLE ... AS SELECT, which runs a query.
pub fn makes_table_from_query(sql: &str) -> bool {
    let mut words = words(sql).skip_while(|w| ["CREATE", "TEMP", "TEMPORARY"].iter().any(|k| w.is(k)));
    let is_table = words.next().is_some_and(|w| w.is("TABLE"));
    // AS may only follow the name; in a list of columns it stands inside the parentheses.
    is_table && words.take_while(|w| w.text != "(").skip(1).any(|w| w.is("AS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_where_sqlite_says_that_they_are_complete() {
        let text = "SELECT ';' -- no; end\n; EXPLAIN QUERY PLAN SELECT 1; ;/* ; */\nCREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN \
            SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END; EXPLAIN CREATE TRIGGER h AFTER INSERT ON t BEGIN SELECT 2; END;\
            CREATE TABLE \"trigger;\"(a [;]); 'open; SELECT 3;";
        let found = statements(text);
        let complete = |sql: &str| {
            let sql = std::ffi::CString::new(sql).unwrap();
            // SAFETY: a valid C string that outlives the call, which only reads it.
            unsafe { rusqlite::ffi::sqlite3_complete(sql.as_ptr()) != 0 }
        };
        assert_eq!(found.len(), 6, "{found:#?}");
        for statement in &found[..5] {
            assert!(complete(statement), "{statement}");
            let ends =
                statement.match_indices(';').map(|(i, _)| i + 1).filter(|end| complete(&statement[..*end]));
            assert_eq!(ends.collect::<Vec<_>>(), [statement.len()], "{statement}");
        }
        assert!(!complete(found[5]));
    }

    #[test]
    fn a_table_from_a_query_is_told_from_a_column_of_a_query() {
        for sql in [
            "create table t as select 1",
            "CREATE TEMP TABLE IF NOT EXISTS a.\"as\" AS VALUES (1)",
            "CREATE TABLE x/**/AS SELECT (1)",
        ] {
            assert!(makes_table_from_query(sql), "{sql}");
        }
        for sql in [
            "CREATE TABLE \"as\"(a AS (1))",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TABLE t(a, b AS (a))",
            "CREATE",
        ] {
            assert!(!makes_table_from_query(sql), "{sql}");
        }
    }

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
