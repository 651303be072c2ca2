//! What every reader makes: one statement as an application sends it.

use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values for a statement's parameters: each with the name that the statement gives it (`:from`, `@p0`) or its position
/// (`?1`). Parameters that are not named here get values from the data.
pub type ParameterSet = Vec<(String, Value)>;

/// A statement with all that its source tells of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QuerySource {
    /// The name that the source gives it.
    pub name: Option<String>,
    /// Its text, without the semicolon; parameters in one of SQLite's own forms.
    pub sql: String,
    /// How much it counts: by default the number of its executions.
    pub weight: f64,
    /// How often it was sent.
    pub executions: u64,
    /// Sets of values that were sent with it; none where the source does not tell.
    pub parameters: Vec<ParameterSet>,
    /// Where it stands.
    pub origin: Origin,
    /// Other headers of a .sql file: `pair`, `form`, `since`.
    pub labels: BTreeMap<String, String>,
}

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file's name, or `-` for standard input.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl QuerySource {
    /// A statement that was sent once, from a line of a file.
    pub fn new(sql: impl Into<String>, origin: Origin) -> Self {
        Self { sql: sql.into(), weight: 1.0, executions: 1, origin, ..Self::default() }
    }

    /// The same with a set of values.
    #[must_use]
    pub fn with(mut self, parameters: ParameterSet) -> Self {
        self.parameters.extend((!parameters.is_empty()).then_some(parameters));
        self
    }
}

impl From<&str> for QuerySource {
    fn from(sql: &str) -> Self {
        let sql = sql.trim().trim_end_matches(';').trim_end();
        Self::new(sql, Origin { file: "(query)".into(), line: 1 })
    }
}

impl From<String> for QuerySource {
    fn from(sql: String) -> Self {
        Self::from(sql.as_str())
    }
}

/// Values by position, as most drivers hand them over.
pub fn by_position(values: impl IntoIterator<Item = Value>) -> ParameterSet {
    (1..).zip(values).map(|(i, value)| (format!("?{i}"), value)).collect()
}

/// A value as a person writes it: a literal of SQL, or plain text.
pub fn written_value(text: &str) -> Value {
    let quoted = |t: &str| Some(t.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"));
    let finite = |t: &str| t.parse::<f64>().ok().filter(|v| v.is_finite());
    if text.eq_ignore_ascii_case("null") {
        Value::Null
    } else if let Ok(v) = text.parse::<i64>() {
        Value::Integer(v)
    } else if let Some(v) =
        finite(text).filter(|_| text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)))
    {
        Value::Real(v)
    } else if let Some(bytes) = text.strip_prefix(['x', 'X']).and_then(quoted).and_then(|t| from_hex(&t)) {
        Value::Blob(bytes)
    } else {
        Value::Text(quoted(text).unwrap_or_else(|| text.to_owned()))
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_literal_or_plain_text() {
        let text = |t: &str| Value::Text(t.to_owned());
        for (written, value) in [
            ("7", Value::Integer(7)),
            ("-1.5e3", Value::Real(-1500.0)),
            ("NULL", Value::Null),
            ("'it''s'", text("it's")),
            ("x'00fF'", Value::Blob(vec![0, 255])),
            ("x'0'", text("x'0'")),
            ("inf", text("inf")),
            ("plain words", text("plain words")),
            ("'", text("'")),
        ] {
            assert_eq!(written_value(written), value, "{written}");
        }
    }
}
