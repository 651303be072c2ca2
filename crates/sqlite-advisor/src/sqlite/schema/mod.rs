//! The schema as values: tables with their columns and keys, indexes, views and triggers.

mod read;

use crate::error::{Context, Result};
use crate::model::index::{Index, quote};
use crate::sql::lexer::{canonical, tokens};
pub use crate::sqlite::affinity::Affinity;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Everything that sqlite_schema describes.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Tables in the order of their creation, virtual ones and their shadow tables included.
    pub tables: Vec<Table>,
    /// Indexes in the order of their creation, automatic ones included.
    pub indexes: Vec<ExistingIndex>,
    /// Views in the order of their creation.
    pub views: Vec<Object>,
    /// Triggers in the order of their creation.
    pub triggers: Vec<Object>,
}

/// A view or trigger: what sqlite_schema says of it.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The table or view that it belongs to.
    pub table: String,
    /// Its CREATE statement; hostile until [`crate::sqlite::guard`] has seen it.
    pub sql: String,
}

/// What kind of table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// A b-tree keyed by rowid.
    Rowid,
    /// A b-tree keyed by the primary key.
    WithoutRowid,
    /// A virtual table.
    Virtual,
    /// A table that a virtual table keeps for itself.
    Shadow,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: TableKind,
    /// Types are enforced.
    pub strict: bool,
    /// Its columns, hidden ones of virtual tables left out.
    pub columns: Vec<Column>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Its CHECK constraints in canonical spelling, sorted.
    pub checks: Vec<String>,
    /// Its rowids are never used twice.
    pub autoincrement: bool,
    /// Its CREATE statement.
    pub sql: String,
    /// The primary key of a WITHOUT ROWID table as an index: it is the table, and sqlite_schema does not list it.
    pub key: Option<ExistingIndex>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The declared type as written, empty where there is none.
    pub declared_type: String,
    /// The affinity that SQLite gives to the declared type.
    pub affinity: Affinity,
    /// Its collating sequence.
    pub collation: String,
    /// NULL is refused.
    pub not_null: bool,
    /// Its place in the primary key, from 1; 0 if it is not in the key.
    pub key_position: u32,
    /// The expression of a generated column in canonical spelling, `stored` behind it where it is.
    pub generated: Option<String>,
    /// The DEFAULT expression as written.
    pub default: Option<String>,
}

/// A foreign key of a child table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The table it refers to.
    pub parent: String,
    /// The parent's columns; none where its primary key is meant.
    pub parent_columns: Vec<String>,
    /// The child's columns, in order.
    pub columns: Vec<String>,
    /// What a delete of the parent does: `NO ACTION`, `CASCADE`, ...
    pub on_delete: String,
    /// The same for updates of the parent's key.
    pub on_update: String,
}

/// Why an index is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A CREATE INDEX.
    Created,
    /// SQLite made it for a UNIQUE constraint; it cannot be dropped.
    Unique,
    /// SQLite made it for the PRIMARY KEY; it cannot be dropped.
    PrimaryKey,
}

/// An index that the database has.
#[derive(Debug, Clone)]
pub struct ExistingIndex {
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub index: Index,
    /// It enforces uniqueness.
    pub unique: bool,
    /// Why it is there.
    pub origin: Origin,
    /// Its CREATE statement, none for an automatic one.
    pub sql: Option<String>,
}

impl Table {
    /// The column of that name, in any case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// True for a table on which CREATE INDEX can be run.
    pub fn is_indexable(&self) -> bool {
        matches!(self.kind, TableKind::Rowid | TableKind::WithoutRowid) && !self.name.starts_with("sqlite_")
    }

    /// The column that is another name of the rowid: a lone primary key declared INTEGER.
    pub fn rowid_alias(&self) -> Option<&Column> {
        let mut keys = self.columns.iter().filter(|c| c.key_position > 0);
        let (first, second) = (keys.next()?, keys.next());
        let alias = self.kind == TableKind::Rowid
            && second.is_none()
            && first.declared_type.eq_ignore_ascii_case("INTEGER");
        // `INTEGER PRIMARY KEY DESC` is the one exception that SQLite keeps for old files.
        let desc = self.sql.to_ascii_uppercase().contains("PRIMARY KEY DESC");
        (alias && !desc).then_some(first)
    }

    /// True for the column that is another name of the rowid.
    pub fn is_rowid(&self, column: &Column) -> bool {
        self.rowid_alias().is_some_and(|alias| alias.name == column.name)
    }

    /// True if its rows can be named by `rowid`, which no column of its own hides.
    pub fn has_rowid(&self) -> bool {
        self.kind == TableKind::Rowid && self.column("rowid").is_none()
    }

    /// The columns that hold values of their own, in order.
    pub fn stored(&self) -> Vec<String> {
        self.columns.iter().filter(|c| c.generated.is_none()).map(|c| c.name.clone()).collect()
    }

    /// The primary key's columns in key order.
    pub fn primary_key(&self) -> Vec<&Column> {
        let mut key: Vec<_> = self.columns.iter().filter(|c| c.key_position > 0).collect();
        key.sort_by_key(|c| c.key_position);
        key
    }
}

impl ExistingIndex {
    /// True if both have the same key, filter and uniqueness, however their texts are written.
    pub fn is_defined_as(&self, other: &Self) -> bool {
        let spelling = |index: &Index| canonical(&tokens(&index.to_string()));
        self.unique == other.unique && spelling(&self.index) == spelling(&other.index)
    }
}

impl Object {
    /// True if both texts differ in white space, comments, case and quoting only.
    pub fn is_defined_as(&self, other: &Self) -> bool {
        canonical(&tokens(&self.sql)) == canonical(&tokens(&other.sql))
    }
}

impl Schema {
    /// The table of that name, in any case.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name.eq_ignore_ascii_case(name))
    }

    /// The indexes of a table.
    pub fn indexes_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a ExistingIndex> {
        self.indexes.iter().filter(move |i| i.index.table.eq_ignore_ascii_case(table))
    }

    /// The index of that name, in any case.
    pub fn index(&self, name: &str) -> Option<&ExistingIndex> {
        self.indexes.iter().find(|i| i.name.eq_ignore_ascii_case(name))
    }

    /// True if a table, index, view or trigger has that name.
    pub fn has(&self, name: &str) -> bool {
        self.names().contains(&name.to_lowercase())
    }

    /// The names of all tables, indexes, views and triggers, in lower case.
    pub fn names(&self) -> BTreeSet<String> {
        let tables = self.tables.iter().map(|t| &t.name);
        let indexes = self.indexes.iter().map(|i| &i.name);
        let others = self.views.iter().chain(&self.triggers).map(|o| &o.name);
        tables.chain(indexes).chain(others).map(|name| name.to_lowercase()).collect()
    }

    /// Reads the schema of `main`. Nothing in it is executed.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the schema cannot be read.
    pub fn read(conn: &Connection) -> Result<Self> {
        read::read(conn).context(|| "cannot read the schema".to_owned())
    }
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

    #[test]
    fn the_schema_is_read_with_keys_affinities_orders_and_filters() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE p(id INTEGER PRIMARY KEY, n STRING, t VARCHAR(10) COLLATE NOCASE, g AS (n+1));
             CREATE TABLE c(a TEXT, b REFERENCES p(id) ON DELETE CASCADE, PRIMARY KEY(b, a)) WITHOUT ROWID;",
        )?;
        conn.execute_batch("CREATE UNIQUE INDEX i ON p(n DESC, t COLLATE BINARY, lower(t)) WHERE n > 1")?;
        let schema = Schema::read(&conn)?;
        let p = schema.table("P").unwrap();
        assert_eq!(p.rowid_alias().unwrap().name, "id");
        assert_eq!(p.column("n").unwrap().affinity, Affinity::Numeric);
        assert_eq!(p.column("t").unwrap().collation, "NOCASE");
        assert_eq!(p.column("g").unwrap().generated.as_deref(), Some("( n + 1 )"));
        let c = schema.table("c").unwrap();
        assert_eq!(c.kind, TableKind::WithoutRowid);
        assert_eq!(c.primary_key().iter().map(|k| k.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(c.foreign_keys[0].on_delete, "CASCADE");
        let i = schema.indexes_of("p").next().unwrap();
        assert_eq!(i.index.to_string(), "p(n DESC, t COLLATE BINARY, lower(t)) WHERE n > 1");
        assert!(i.unique && i.origin == Origin::Created);
        Ok(())
    }

    #[test]
    fn what_only_the_text_of_a_table_says_is_read() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch(
            "CREATE TABLE p(a INTEGER PRIMARY KEY AUTOINCREMENT, b);
             CREATE TABLE t(a STRING DEFAULT 'x', b INT CHECK (b > 0), c AS (a || ')') STORED, PRIMARY KEY (b DESC)) WITHOUT ROWID;",
        )?;
        let schema = Schema::read(&conn)?;
        assert!(schema.table("p").unwrap().autoincrement);
        let t = schema.table("t").unwrap();
        assert_eq!(t.column("c").unwrap().generated.as_deref(), Some("( a || ')' ) stored"));
        assert_eq!(
            (t.checks.as_slice(), t.stored()),
            (&["( b > 0 )".to_owned()][..], vec!["a".into(), "b".into()])
        );
        assert!(t.key.as_ref().unwrap().index.key[0].descending);
        Ok(())
    }
}
