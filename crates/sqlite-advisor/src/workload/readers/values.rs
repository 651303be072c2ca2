//! Values as programs write them into logs: the literals of Python, JavaScript, JSON and Ruby.

use crate::workload::source::{ParameterSet, by_position};
use rusqlite::types::Value;

/// A value, or several of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// One value.
    One(Value),
    /// `[1, 'a']`, `(1, 'a')`
    List(Vec<Written>),
    /// `{'a': 1}`, `{a: 1}`, `{"a" => 1}`
    Map(Vec<(String, Written)>),
    /// `<memory at 0x7f48>`, `<Buffer 00 ff>`: something was sent that was not written down.
    Unknown,
}

impl Written {
    /// One value of a column: of a list its text is of no use, so it is none.
    pub fn value(self) -> Option<Value> {
        match self {
            Self::One(value) => Some(value),
            _ => None,
        }
    }

    /// The values of one execution: by position, or by name with `:` in front.
    pub fn parameters(self) -> ParameterSet {
        match self {
            Self::One(_) | Self::Unknown => vec![],
            Self::List(list) => match list.into_iter().map(Self::value).collect::<Option<Vec<_>>>() {
                Some(values) => by_position(values),
                None => vec![],
            },
            Self::Map(map) => {
                map.into_iter().filter_map(|(name, value)| Some((name, value.value()?))).collect()
            }
        }
    }

    /// The values of several executions, as executemany is logged; none if these are the values of one.
    pub fn into_sets(self) -> Option<Vec<ParameterSet>> {
        match self {
            Self::List(sets)
                if !sets.is_empty() && sets.iter().all(|set| matches!(set, Self::List(_) | Self::Map(_))) =>
            {
                Some(sets.into_iter().map(Self::parameters).collect())
            }
            _ => None,
        }
    }
}

/// Reads what a text begins with, and tells where it ends.
pub fn parse(text: &str) -> Option<(Written, usize)> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    Some((value, reader.at))
}

/// Splits an entry at the last place where a mark is followed by a list of values that reaches to the end of its line; what
/// follows is of another program.
pub fn values_at_end<'t>(text: &'t str, mark: &str) -> Option<(&'t str, Written)> {
    let mut ends: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
    ends.reverse();
    ends.into_iter().find_map(|at| {
        let rest = text.get(at + mark.len()..)?.trim();
        let (values, length) = parse(rest)?;
        let ends = rest.get(length..).is_some_and(|after| after.is_empty() || after.starts_with('\n'));
        ends.then(|| (text.get(..at).unwrap_or_default().trim_end(), values))
    })
}

/// The text of a string literal, if the whole text is one.
pub fn string(text: &str) -> Option<String> {
    match parse(text)? {
        (Written::One(Value::Text(string)), length) if length == text.len() => Some(string),
        _ => None,
    }
}

/// How deep lists may be nested.
const DEEPEST: u32 = 20;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn value(&mut self) -> Option<Written> {
        self.skip_blanks();
        match self.peek()? {
            '[' => self.list(']').map(Written::List),
            '(' => self.list(')').map(Written::List),
            '{' => self.map().map(Written::Map),
            quote @ ('\'' | '"') => self.quoted(quote).map(|text| Written::One(Value::Text(text))),
            '<' => self.unknown(),
            c if c.is_ascii_digit() || c == '-' || c == '+' || c == '.' => self.number(),
            _ => self.word(),
        }
    }

    fn list(&mut self, close: char) -> Option<Vec<Written>> {
        self.next();
        self.depth += 1;
        let mut all = vec![];
        loop {
            self.skip_blanks();
            if self.peek()? == close {
                self.next();
                self.depth -= 1;
                return Some(all);
            }
            if self.depth > DEEPEST {
                return None;
            }
            all.push(self.value()?);
            self.skip_blanks();
            match self.peek()? {
                ',' => drop(self.next()),
                c if c == close => {}
                _ => return None,
            }
        }
    }

    fn map(&mut self) -> Option<Vec<(String, Written)>> {
        self.next();
        self.depth += 1;
        let mut all = vec![];
        loop {
            self.skip_blanks();
            if self.peek()? == '}' {
                self.next();
                self.depth -= 1;
                return Some(all);
            }
            if self.depth > DEEPEST {
                return None;
            }
            let name = match self.value()? {
                Written::One(Value::Text(name)) => name,
                Written::One(Value::Integer(number)) => number.to_string(),
                _ => return None,
            };
            self.skip_blanks();
            let arrow = ["=>", ":"].into_iter().find(|arrow| self.rest().starts_with(arrow))?;
            self.at += arrow.len();
            let value = self.value()?;
            all.push((name, value));
            self.skip_blanks();
            match self.peek()? {
                ',' => drop(self.next()),
                '}' => {}
                _ => return None,
            }
        }
    }

    /// The way in which Python and Node write objects that have no literal.
    fn unknown(&mut self) -> Option<Written> {
        let end = self.rest().find(['>', '\n']).filter(|end| self.rest().get(*end..=*end) == Some(">"))?;
        self.at += end + 1;
        Some(Written::Unknown)
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => match self.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    '0' => text.push('\0'),
                    'x' => text.push(self.code(2)?),
                    'u' if self.peek() == Some('{') => {
                        let end = self.rest().find('}')?;
                        let code = u32::from_str_radix(self.rest().get(1..end)?, 16).ok()?;
                        self.at += end + 1;
                        text.push(char::from_u32(code)?);
                    }
                    'u' => {
                        // A character beyond the first plane is written as two halves.
                        let first = self.hex(4)?;
                        let c = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                            self.at += 2;
                            let second = self.hex(4)?;
                            char::from_u32(0x10000 + ((first - 0xd800) << 10) + second.wrapping_sub(0xdc00))
                        } else {
                            char::from_u32(first)
                        };
                        text.push(c.unwrap_or('\u{fffd}'));
                    }
                    other => text.push(other),
                },
                c if c == quote => return Some(text),
                c => text.push(c),
            }
        }
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        Some(code)
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        self.hex(digits).and_then(char::from_u32)
    }

    fn number(&mut self) -> Option<Written> {
        let end = self.rest().find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c)));
        let text =
            self.rest().get(..end.unwrap_or(self.rest().len()))?.trim_end_matches('n').replace('_', "");
        let value = match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(v), _) => Value::Integer(v),
            (_, Ok(v)) => Value::Real(v),
            // A date without quotes, as some programs print it.
            _ => Value::Text(text.clone()),
        };
        self.at += end.unwrap_or(self.rest().len());
        Some(Written::One(value))
    }

    /// `None`, `true`, `b'\x00'`, `Decimal('1.5')`, `datetime.datetime(2024, 1, 2, 3, 4)`, or a bare word.
    fn word(&mut self) -> Option<Written> {
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
        let word = self.rest().get(..end.unwrap_or(self.rest().len()))?.to_owned();
        if word.is_empty() {
            return None;
        }
        self.at += word.len();
        Some(match (word.as_str(), self.peek()) {
            ("b", Some(quote @ ('\'' | '"'))) => {
                // One byte is one character of Latin 1 here.
                let text = self.quoted(quote)?;
                let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
                Written::One(Value::Blob(bytes.collect::<Option<_>>()?))
            }
            ("u" | "r", Some(quote @ ('\'' | '"'))) => Written::One(Value::Text(self.quoted(quote)?)),
            ("None" | "null" | "NULL" | "nil" | "undefined", _) => Written::One(Value::Null),
            ("True" | "true", _) => Written::One(Value::Integer(1)),
            ("False" | "false", _) => Written::One(Value::Integer(0)),
            (_, Some('(')) => Written::One(called(&word, self.list(')')?)),
            _ => Written::One(Value::Text(word)),
        })
    }
}

/// What a constructor of Python stands for, as its driver stores it.
fn called(name: &str, arguments: Vec<Written>) -> Value {
    let values: Vec<Value> = arguments.into_iter().filter_map(Written::value).collect();
    let numbers: Vec<i64> =
        values.iter().filter_map(|v| if let Value::Integer(i) = v { Some(*i) } else { None }).collect();
    match (name.rsplit('.').next().unwrap_or(name), numbers.as_slice()) {
        ("date", [y, m, d]) => Value::Text(format!("{y:04}-{m:02}-{d:02}")),
        ("datetime", [y, m, d, time @ ..]) => {
            let part = |i: usize| time.get(i).copied().unwrap_or(0);
            let date = format!("{y:04}-{m:02}-{d:02} {:02}:{:02}:{:02}", part(0), part(1), part(2));
            // SQLAlchemy, whose logs these are, always writes the microseconds.
            Value::Text(format!("{date}.{:06}", part(3)))
        }
        _ => values.into_iter().next().unwrap_or(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Value> {
        let (written, length) = parse(text).unwrap();
        assert_eq!(length, text.len(), "{text}");
        written.parameters().into_iter().map(|(_, value)| value).collect()
    }

    fn text(t: &str) -> Value {
        Value::Text(t.to_owned())
    }

    #[test]
    fn the_literals_of_each_language_are_read() {
        assert_eq!(
            all(r#"('it\'s', "a\"b", -7, 1.5, None, True, b'\x00\xff', Decimal('2.5'),)"#),
            [
                text("it's"),
                text("a\"b"),
                Value::Integer(-7),
                Value::Real(1.5),
                Value::Null,
                Value::Integer(1),
                Value::Blob(vec![0, 255]),
                text("2.5")
            ]
        );
        assert_eq!(
            all("[datetime.datetime(2024, 1, 2, 3, 4), datetime.date(2024, 1, 2)]"),
            [text("2024-01-02 03:04:00.000000"), text("2024-01-02")]
        );
        assert_eq!(
            all(r#"[null, "\u00fc\ud83d\ude00", 5n, undefined]"#),
            [Value::Null, text("ü😀"), Value::Integer(5), Value::Null]
        );
        assert_eq!(all("[1, <memory at 0x7f485fbe3d00>]"), []);
        let sets = parse("[(1, <Buffer 00 ff>), (2, 3)]").unwrap().0.into_sets().unwrap();
        assert_eq!(sets.iter().map(Vec::len).collect::<Vec<_>>(), [0, 2]);
        let (map, _) = parse("{'a': 1, b: \"x\", \"c\" => nil}").unwrap();
        assert_eq!(
            map.parameters(),
            [("a".to_owned(), Value::Integer(1)), ("b".to_owned(), text("x")), ("c".to_owned(), Value::Null)]
        );
    }

    #[test]
    fn what_breaks_off_or_is_nested_without_end_is_none() {
        let deep = "[".repeat(100_000);
        for text in ["[1, 2", "('a", "{'a': ", "[1 2]", "", deep.as_str(), "'\\u12"] {
            assert_eq!(parse(text), None, "{}", text.len());
        }
    }

    #[test]
    fn values_are_split_from_the_end_of_a_line() {
        let line = r#"select 'x -- params: [1]' -- params: ["a -- params: [b]"]"#;
        let (sql, values) = values_at_end(line, "-- params:").unwrap();
        assert_eq!(sql, "select 'x -- params: [1]'");
        assert_eq!(values.parameters().len(), 1);
        assert!(values_at_end("select 1", "-- params:").is_none());
    }
}
