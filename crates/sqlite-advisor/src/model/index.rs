//! An index as a value: ordered, hashable, and able to say itself in SQL.

use serde::{Deserialize, Serialize};
use std::fmt;
use turso_parser::lexer::is_quotable_keyword;

/// What one term of an index key holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// A column of the table.
    Column(String),
    /// An expression over the table's columns, as the statement writes it.
    Expression(String),
}

/// One term of an index key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The column or expression.
    pub key: Key,
    /// The collating sequence where it is not the column's own.
    pub collation: Option<String>,
    /// Stored from high to low.
    pub descending: bool,
}

impl Term {
    /// An ascending term on a column in the column's own collation.
    pub fn column(name: &str) -> Self {
        Self { key: Key::Column(name.to_owned()), collation: None, descending: false }
    }

    /// The column's name or the expression's text.
    pub fn text(&self) -> &str {
        match &self.key {
            Key::Column(text) | Key::Expression(text) => text,
        }
    }

    /// The column's name, unless the term is an expression.
    pub fn as_column(&self) -> Option<&str> {
        match &self.key {
            Key::Column(name) => Some(name),
            Key::Expression(_) => None,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Column(name) => f.write_str(&quote(name))?,
            Key::Expression(sql) => f.write_str(sql)?,
        }
        if let Some(collation) = &self.collation {
            write!(f, " COLLATE {}", quote(collation))?;
        }
        f.write_str(if self.descending { " DESC" } else { "" })
    }
}

/// An index: its table, its key in order, and the WHERE of a partial index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Index {
    /// The table's name, unquoted.
    pub table: String,
    /// The key, most significant term first.
    pub key: Vec<Term>,
    /// The text after WHERE, for a partial index.
    pub filter: Option<String>,
}

impl Index {
    /// A plain index on columns, ascending.
    pub fn on<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> Self {
        Self { table: table.to_owned(), key: columns.into_iter().map(Term::column).collect(), filter: None }
    }

    /// True if every search that `self` can serve, `other` serves as well: same rows, and `self`'s key leads `other`'s.
    pub fn is_prefix_of(&self, other: &Index) -> bool {
        self.table.eq_ignore_ascii_case(&other.table)
            && self.filter == other.filter
            && other.key.starts_with(&self.key)
    }

    /// True if the key or the condition names one of some columns, in any case. An expression or a condition is searched as
    /// text, so it may be said to name a column that only has the same name.
    pub fn names_any(&self, columns: &[String]) -> bool {
        let texts = || self.key.iter().map(|term| (term.as_column().is_some(), term.text()));
        let names = |column: &String| {
            let in_text = |text: &str| text.to_lowercase().contains(&column.to_lowercase());
            let in_key = texts().any(
                |(whole, text)| {
                    if whole { text.eq_ignore_ascii_case(column) } else { in_text(text) }
                },
            );
            in_key || self.filter.as_deref().is_some_and(in_text)
        };
        columns.iter().any(names)
    }

    /// A readable name made of table and key: `idx_Track_GenreId_Milliseconds`. Not unique by itself.
    pub fn base_name(&self) -> String {
        let mut name = format!("idx_{}", self.table);
        for term in &self.key {
            name.push('_');
            name.push_str(term.text());
            if term.descending {
                name.push_str("_desc");
            }
            if let Some(collation) = &term.collation {
                name.push('_');
                name.push_str(&collation.to_lowercase());
            }
        }
        if self.filter.is_some() {
            name.push_str("_partial");
        }
        let mut plain = String::with_capacity(name.len());
        for c in name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }) {
            if !(c == '_' && plain.ends_with('_')) {
                plain.push(c);
            }
        }
        plain.truncate(MAX_NAME);
        plain.trim_end_matches('_').to_owned()
    }

    /// [`Index::base_name`], with a number behind it where `taken` says that the name is in use.
    pub fn name(&self, taken: impl Fn(&str) -> bool) -> String {
        let base = self.base_name();
        let mut name = base.clone();
        for n in 2u32.. {
            if !taken(&name) {
                break;
            }
            name = format!("{base}_{n}");
        }
        name
    }

    /// The statement that creates the index under a name, without a semicolon.
    pub fn to_sql(&self, name: &str) -> String {
        format!("CREATE INDEX {} ON {self}", quote(name))
    }
}

/// `Track(GenreId, Milliseconds DESC) WHERE Deleted IS NULL`
impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", quote(&self.table))?;
        for (i, term) in self.key.iter().enumerate() {
            write!(f, "{}{term}", if i == 0 { "" } else { ", " })?;
        }
        f.write_str(")")?;
        self.filter.as_ref().map_or(Ok(()), |filter| write!(f, " WHERE {filter}"))
    }
}

const MAX_NAME: usize = 60;

/// An identifier as SQL text: bare where that is safe, else in double quotes.
pub fn quote(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_quotable_keyword(name.as_bytes());
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A text as an SQL string literal.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_says_itself_in_sql_with_hostile_names_quoted() {
        let mut index = Index::on("odd \"table", ["order", "b"]);
        if let Some(term) = index.key.last_mut() {
            term.descending = true;
            term.collation = Some("NOCASE".into());
        }
        index.filter = Some("b IS NOT NULL".into());
        assert_eq!(
            index.to_sql("i"),
            r#"CREATE INDEX i ON "odd ""table"("order", b COLLATE NOCASE DESC) WHERE b IS NOT NULL"#
        );
        assert_eq!(index.base_name(), "idx_odd_table_order_b_desc_nocase_partial");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let index = Index::on("t", ["a"]);
        assert_eq!(index.name(|n| ["idx_t_a", "idx_t_a_2"].contains(&n)), "idx_t_a_3");
    }

    #[test]
    fn a_prefix_serves_only_with_the_same_filter() {
        let (a, ab) = (Index::on("t", ["a"]), Index::on("T", ["a", "b"]));
        let partial = Index { filter: Some("c=1".into()), ..ab.clone() };
        assert!(a.is_prefix_of(&ab) && !ab.is_prefix_of(&a) && !a.is_prefix_of(&partial));
    }
}
