//! What a schema says, whatever its text looks like: the value that steps ask and `diff` compares.

use crate::error::{Context, Result};
use crate::model::index::{Key, Term, quote};
use crate::sql::lexer::{Token, canonical, tokens};
use crate::sqlite::schema::{self, Affinity, Origin};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// Tables, views and triggers by name.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Schema {
    /// The tables, SQLite's own left out.
    pub tables: BTreeMap<String, Table>,
    /// The views in canonical spelling.
    pub views: BTreeMap<String, Text>,
    /// The triggers in canonical spelling.
    pub triggers: BTreeMap<String, Text>,
}

/// A CREATE statement and the spelling in which it is compared.
#[derive(Debug, Clone, Eq, Serialize)]
pub struct Text {
    /// As it stands in sqlite_schema.
    pub sql: String,
    /// Without what does not matter.
    #[serde(skip)]
    pub canonical: String,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

/// A table with all that hangs on it.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Its CREATE statement as it stands in sqlite_schema.
    pub sql: String,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Its foreign keys, sorted.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its indexes by name; those that SQLite made for a key are named after their columns.
    pub indexes: BTreeMap<String, Index>,
    /// Its CHECK constraints in canonical spelling, sorted.
    pub checks: Vec<String>,
    /// WITHOUT ROWID, STRICT, AUTOINCREMENT, as far as it has them.
    pub options: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The declared type as written.
    pub declared: String,
    /// What SQLite makes of the declared type.
    pub affinity: &'static str,
    /// NULL is refused.
    pub not_null: bool,
    /// The DEFAULT expression.
    pub default: Option<String>,
    /// Its place in the primary key, from 1; 0 if it is not in the key.
    pub key: i64,
    /// Its collating sequence where one is named.
    pub collation: Option<String>,
    /// The expression of a generated column.
    pub generated: Option<String>,
}

/// A foreign key of the table it stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ForeignKey {
    /// The columns, in order.
    pub columns: Vec<String>,
    /// The table referred to.
    pub parent: String,
    /// Its columns; none where the primary key is meant.
    pub parent_columns: Vec<String>,
    /// `NO ACTION`, `CASCADE`, `RESTRICT`, ...
    pub on_delete: String,
    /// The same for updates of the key.
    pub on_update: String,
}

/// An index by its definition.
#[derive(Debug, Clone, Eq, Serialize)]
pub struct Index {
    /// Key columns or expressions with collation and direction where they are not the usual ones.
    pub key: Vec<String>,
    /// Duplicates are refused.
    pub unique: bool,
    /// The WHERE clause in canonical spelling.
    pub predicate: Option<String>,
    /// Its CREATE statement; none if SQLite made it for a key.
    pub sql: Option<String>,
}

impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, self.unique, &self.predicate) == (&other.key, other.unique, &other.predicate)
    }
}

impl Schema {
    /// Reads the schema that the connection sees now, changes of its own transaction included.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if it cannot be read.
    pub fn read(conn: &Connection) -> Result<Self> {
        let read = schema::Schema::read(conn)?;
        let texts = |objects: &[schema::Object]| {
            objects.iter().map(|o| (o.name.clone(), Text::of(o.sql.clone()))).collect()
        };
        Ok(Self {
            tables: read.tables.iter().map(|t| (t.name.clone(), Table::of(t, &read))).collect(),
            views: texts(&read.views),
            triggers: texts(&read.triggers),
        })
    }

    /// The table of that name, in any case.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, t)| t)
    }

    /// The index of that name and its table.
    pub fn index(&self, name: &str) -> Option<(&str, &Index)> {
        self.tables.iter().find_map(|(table, t)| Some((table.as_str(), t.indexes.get(name)?)))
    }
}

impl Text {
    fn of(sql: String) -> Self {
        let canonical = canonical(&tokens(&sql));
        Self { sql, canonical }
    }
}

impl Table {
    fn of(table: &schema::Table, read: &schema::Schema) -> Self {
        let words = tokens(&table.sql);
        let mut foreign_keys: Vec<_> = table.foreign_keys.iter().map(ForeignKey::of).collect();
        foreign_keys.sort();
        let options = [
            (has(&words, "AUTOINCREMENT"), "AUTOINCREMENT"),
            (table.kind == schema::TableKind::WithoutRowid, "WITHOUT ROWID"),
            (table.strict, "STRICT"),
        ];
        Self {
            columns: table.columns.iter().map(|c| Column::of(c, &words)).collect(),
            foreign_keys,
            indexes: read.indexes_of(&table.name).chain(&table.key).map(|i| Index::of(i, table)).collect(),
            checks: checks(&words),
            options: options.iter().filter(|(is, _)| *is).map(|(_, option)| (*option).to_owned()).collect(),
            sql: table.sql.clone(),
        }
    }

    /// The column of that name, in any case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// The columns that hold values of their own, in order.
    pub fn stored(&self) -> Vec<String> {
        self.columns.iter().filter(|c| c.generated.is_none()).map(|c| c.name.clone()).collect()
    }
}

/// What SQLite makes of a declared type, in its own word.
pub fn affinity(declared: &str) -> &'static str {
    match Affinity::of(declared) {
        Affinity::Text => "TEXT",
        Affinity::Numeric => "NUMERIC",
        Affinity::Integer => "INTEGER",
        Affinity::Real => "REAL",
        Affinity::Blob => "BLOB",
    }
}

impl Column {
    fn of(column: &schema::Column, words: &[Token<'_>]) -> Self {
        let own = column_tokens(words, &column.name);
        Self {
            name: column.name.clone(),
            declared: column.declared_type.clone(),
            affinity: affinity(&column.declared_type),
            not_null: column.not_null,
            default: column.default.as_deref().map(|d| canonical(&tokens(d))).filter(|d| d != "null"),
            key: i64::from(column.key_position),
            collation: Some(column.collation.clone()).filter(|c| !is_binary(c)),
            generated: column.generated.then(|| {
                let kind = if has(own, "STORED") { " stored" } else { "" };
                parenthesised(own, "AS").unwrap_or_default() + kind
            }),
        }
    }
}

impl ForeignKey {
    fn of(key: &schema::ForeignKey) -> Self {
        let key = key.clone();
        Self {
            columns: key.columns,
            parent: key.parent,
            parent_columns: key.parent_columns,
            on_delete: key.on_delete,
            on_update: key.on_update,
        }
    }
}

impl Index {
    /// The index under the name by which it is compared.
    fn of(found: &schema::ExistingIndex, table: &schema::Table) -> (String, Self) {
        let words = tokens(found.sql.as_deref().unwrap_or_default());
        let expressions = key_texts(&words);
        let term = |(i, term): (usize, &Term)| {
            // An expression has no name: its own text, collation and direction included, stands for it.
            let Key::Column(column) = &term.key else {
                return expressions.get(i).cloned().unwrap_or_default();
            };
            let own = || table.column(column).map(|c| c.collation.clone());
            let collation = term.collation.clone().or_else(own).filter(|c| !is_binary(c));
            let collation = collation.map(|c| format!(" COLLATE {c}")).unwrap_or_default();
            format!("{column}{collation}{}", if term.descending { " DESC" } else { "" })
        };
        let key: Vec<String> = found.index.key.iter().enumerate().map(term).collect();
        let end_of_key = closing(&words, words.iter().position(|w| w.text == "(").unwrap_or(words.len()));
        let predicate =
            words.get(end_of_key + 1..).filter(|w| w.len() > 1).and_then(|w| w.get(1..)).map(canonical);
        // The names of automatic indexes count up in the order of the constraints: they are no part of the schema.
        let name = match found.origin {
            Origin::Created => found.name.clone(),
            Origin::PrimaryKey => format!("PRIMARY KEY ({})", key.join(", ")),
            Origin::Unique => format!("UNIQUE ({})", key.join(", ")),
        };
        (name, Self { key, unique: found.unique, predicate, sql: found.sql.clone() })
    }
}

fn is_binary(collation: &str) -> bool {
    collation.eq_ignore_ascii_case("BINARY")
}

/// The pieces between the commas of the first parentheses, each in canonical spelling.
fn key_texts(words: &[Token<'_>]) -> Vec<String> {
    body(words).iter().map(|piece| canonical(piece)).collect()
}

/// The pieces between the commas of the first parentheses.
pub(super) fn body<'w, 'a>(words: &'w [Token<'a>]) -> Vec<&'w [Token<'a>]> {
    let Some(open) = words.iter().position(|w| w.text == "(") else { return vec![] };
    let (mut pieces, mut from, mut depth) = (vec![], open + 1, 0);
    for (i, word) in words.iter().enumerate().skip(open) {
        match word.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && word.text == ",") {
            pieces.extend(words.get(from..i));
            from = i + 1;
        }
        if depth == 0 {
            break;
        }
    }
    pieces
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

/// The tokens of one column's definition.
pub(super) fn column_tokens<'w, 'a>(words: &'w [Token<'a>], column: &str) -> &'w [Token<'a>] {
    let is_it = |piece: &&[Token<'_>]| piece.first().is_some_and(|t| t.name().eq_ignore_ascii_case(column));
    body(words).into_iter().find(is_it).unwrap_or_default()
}

fn parenthesised(words: &[Token<'_>], keyword: &str) -> Option<String> {
    let open = words.windows(2).position(|w| matches!(w, [a, b] if a.is(keyword) && b.text == "("))? + 1;
    words.get(open..=closing(words, open)).map(canonical)
}

fn checks(words: &[Token<'_>]) -> Vec<String> {
    let mut all: Vec<String> = (0..words.len())
        .filter(|&i| words.get(i).is_some_and(|w| w.is("CHECK")))
        .filter_map(|i| parenthesised(words.get(i..)?, "CHECK"))
        .collect();
    all.sort();
    all
}

fn has(words: &[Token<'_>], keyword: &str) -> bool {
    words.iter().any(|w| w.is(keyword))
}

/// The names of all ordinary tables: no virtual ones, none of SQLite's own.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the schema cannot be read.
pub fn table_names(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?;
    let names = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// How many rows a table has.
///
/// # Errors
/// [`crate::Error::Sqlite`] if it cannot be read.
pub fn count_rows(conn: &Connection, table: &str) -> Result<u64> {
    let n: i64 = conn
        .query_row(&format!("SELECT count(*) FROM {}", quote(table)), [], |r| r.get(0))
        .context(|| format!("cannot count the rows of {table}"))?;
    Ok(n.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Result<Schema> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(sql)?;
        Schema::read(&conn)
    }

    #[test]
    fn everything_that_a_table_says_is_read() -> Result<()> {
        let schema = read(
            "CREATE TABLE p(a INTEGER PRIMARY KEY AUTOINCREMENT, b);
             CREATE TABLE t(a STRING NOT NULL DEFAULT 'x' COLLATE nocase, b INT CHECK (b > 0) REFERENCES p(a) ON DELETE CASCADE,
               c AS (a || ')') STORED, UNIQUE (a, b), PRIMARY KEY (b DESC)) WITHOUT ROWID;
             CREATE INDEX i ON t(a DESC, lower(c)) WHERE b = 1;",
        )?;
        let t = &schema.tables["t"];
        let a = t.column("A").unwrap();
        assert_eq!((a.affinity, a.not_null, a.collation.as_deref()), ("NUMERIC", true, Some("nocase")));
        assert_eq!(t.column("c").unwrap().generated.as_deref(), Some("( a || ')' ) stored"));
        assert_eq!(
            (t.checks.clone(), t.options.clone()),
            (vec!["( b > 0 )".to_owned()], vec!["WITHOUT ROWID".to_owned()])
        );
        assert_eq!(t.foreign_keys[0].on_delete, "CASCADE");
        let i = &t.indexes["i"];
        assert_eq!(i.key, ["a COLLATE nocase DESC", "lower ( c )"]);
        assert_eq!(i.predicate.as_deref(), Some("b = 1"));
        assert!(t.indexes.contains_key("PRIMARY KEY (b DESC)"));
        assert_eq!(schema.tables["p"].options, ["AUTOINCREMENT"]);
        Ok(())
    }
}
