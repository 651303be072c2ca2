//! What a schema says, whatever its text looks like: the value that steps ask and `diff` compares.

use crate::database::schema::Affinity;
use crate::error::{Context, Result};
use crate::index::quote;
use crate::tokens::{Token, canonical, tokens};
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
        let mut schema = Schema::default();
        let mut entries = conn.prepare(
            "SELECT type, name, sql FROM sqlite_schema
             WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND type <> 'index' ORDER BY name",
        )?;
        let entries =
            entries.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, Option<String>>(2)?)))?;
        for entry in entries {
            let (kind, name, sql): (String, String, _) =
                entry.context(|| "cannot read the schema".to_owned())?;
            let sql = sql.unwrap_or_default();
            match kind.as_str() {
                "table" => {
                    schema.tables.insert(name.clone(), Table::read(conn, &name, sql)?);
                }
                "view" => {
                    schema.views.insert(name, Text::of(sql));
                }
                _ => {
                    schema.triggers.insert(name, Text::of(sql));
                }
            }
        }
        Ok(schema)
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
    fn read(conn: &Connection, name: &str, text: String) -> Result<Self> {
        let words = tokens(&text);
        let mut statement = conn.prepare(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) WHERE hidden <> 1",
        )?;
        let columns = statement
            .query_map([name], |r| {
                let (name, declared): (String, String) = (r.get(0)?, r.get(1)?);
                let own = column_tokens(&words, &name);
                let default: Option<String> = r.get(3)?;
                Ok(Column {
                    affinity: affinity(&declared),
                    not_null: r.get(2)?,
                    default: default.map(|d| canonical(&tokens(&d))).filter(|d| d != "null"),
                    key: r.get(4)?,
                    collation: after(own, "COLLATE")
                        .map(Token::name)
                        .filter(|c| !c.eq_ignore_ascii_case("BINARY")),
                    generated: (r.get::<_, i64>(5)? >= 2).then(|| {
                        let kind = if r.get::<_, i64>(5).unwrap_or(0) == 3 { " stored" } else { "" };
                        parenthesised(own, "AS").unwrap_or_default() + kind
                    }),
                    name,
                    declared,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut options: Vec<String> =
            ["AUTOINCREMENT"].into_iter().filter(|o| has(&words, o)).map(str::to_owned).collect();
        let mut statement =
            conn.prepare("SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?1")?;
        let (without_rowid, strict) =
            statement.query_row([name], |r| Ok((r.get::<_, bool>(0)?, r.get::<_, bool>(1)?)))?;
        options.extend(without_rowid.then(|| "WITHOUT ROWID".to_owned()));
        options.extend(strict.then(|| "STRICT".to_owned()));
        Ok(Self {
            columns,
            foreign_keys: foreign_keys(conn, name)?,
            indexes: indexes(conn, name)?,
            checks: checks(&words),
            options,
            sql: text,
        })
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

fn foreign_keys(conn: &Connection, table: &str) -> Result<Vec<ForeignKey>> {
    let mut statement = conn.prepare(
        "SELECT id, \"from\", \"table\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut rows = statement.query([table])?;
    let mut all: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    while let Some(r) = rows.next()? {
        let (parent, on_delete, on_update) = (r.get(2)?, r.get(4)?, r.get(5)?);
        let key = all.entry(r.get(0)?).or_insert_with(|| ForeignKey {
            columns: vec![],
            parent,
            parent_columns: vec![],
            on_delete,
            on_update,
        });
        key.columns.push(r.get(1)?);
        key.parent_columns.extend(r.get::<_, Option<String>>(3)?);
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort();
    Ok(all)
}

fn indexes(conn: &Connection, table: &str) -> Result<BTreeMap<String, Index>> {
    let mut list = conn.prepare(
        "SELECT l.name, l.\"unique\", l.origin, s.sql FROM pragma_index_list(?1) l
         LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name",
    )?;
    let mut keys =
        conn.prepare("SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno")?;
    let mut rows = list.query([table])?;
    let mut all = BTreeMap::new();
    while let Some(r) = rows.next()? {
        let (name, unique, origin, text): (String, bool, String, Option<String>) =
            (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        let words = tokens(text.as_deref().unwrap_or_default());
        let expressions = key_texts(&words);
        let key = keys
            .query_map([&name], |r| {
                Ok((r.get::<_, Option<String>>(0)?, r.get::<_, bool>(1)?, r.get::<_, Option<String>>(2)?))
            })?
            .enumerate()
            .map(|(i, column)| {
                let (column, descending, collation) = column?;
                // An expression has no name: its own text, collation and direction included, stands for it.
                let Some(mut term) = column else {
                    return Ok(expressions.get(i).cloned().unwrap_or_default());
                };
                if let Some(collation) = collation.filter(|c| !c.eq_ignore_ascii_case("BINARY")) {
                    term += &format!(" COLLATE {collation}");
                }
                Ok(if descending { term + " DESC" } else { term })
            })
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let end_of_key = closing(&words, words.iter().position(|w| w.text == "(").unwrap_or(words.len()));
        let predicate =
            words.get(end_of_key + 1..).filter(|w| w.len() > 1).and_then(|w| w.get(1..)).map(canonical);
        // The names of automatic indexes count up in the order of the constraints: they are no part of the schema.
        let name = match origin.as_str() {
            "c" => name,
            "pk" => format!("PRIMARY KEY ({})", key.join(", ")),
            _ => format!("UNIQUE ({})", key.join(", ")),
        };
        all.insert(name, Index { key, unique, predicate, sql: text.clone() });
    }
    Ok(all)
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

fn after<'w, 'a>(words: &'w [Token<'a>], keyword: &str) -> Option<&'w Token<'a>> {
    words.iter().position(|w| w.is(keyword)).and_then(|i| words.get(i + 1))
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
               c AS (a || ')') STORED, UNIQUE (a, b), PRIMARY KEY (b)) WITHOUT ROWID;
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
        assert!(t.indexes.contains_key("PRIMARY KEY (b)"));
        assert_eq!(schema.tables["p"].options, ["AUTOINCREMENT"]);
        Ok(())
    }
}
