//! What SQLite makes of a declared type.

use std::fmt;

/// A column's type affinity: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// CHAR, CLOB, TEXT
    Text,
    /// Whatever the five rules do not name: STRING, DATE, BOOLEAN, DECIMAL
    Numeric,
    /// INT
    Integer,
    /// REAL, FLOA, DOUB
    Real,
    /// BLOB or nothing
    Blob,
}

impl Affinity {
    /// A declared type that has it, safe to be put into a CREATE TABLE.
    pub fn declared(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Numeric => "NUMERIC",
            Self::Integer => "INT",
            Self::Real => "REAL",
            Self::Blob => "BLOB",
        }
    }

    /// The five rules, in their order.
    pub fn of(declared_type: &str) -> Self {
        let t = declared_type.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|w| t.contains(w));
        if has(&["INT"]) {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if t.is_empty() || has(&["BLOB"]) {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

/// In SQLite's own word.
impl fmt::Display for Affinity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Integer => "INTEGER",
            other => other.declared(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinity_follows_the_five_rules() {
        use Affinity::*;
        let types = ["VARCHAR(9)", "STRING", "BIGINT", "FLOAT", "", "DATETIME", "CHARINT", "BLOB"];
        assert_eq!(types.map(Affinity::of), [Text, Numeric, Integer, Real, Blob, Numeric, Integer, Blob]);
        for affinity in types.map(Affinity::of) {
            assert_eq!(Affinity::of(affinity.declared()), affinity);
        }
    }
}
