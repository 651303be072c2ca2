//! The schema as values: tables with their columns and keys, indexes, views and triggers.

use crate::error::{Context, Result};
use crate::model::index::{Index, Key, Term};
use crate::sql::syntax;
pub use crate::sqlite::affinity::Affinity;
use crate::sqlite::rows::text;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Computed from other columns.
    pub generated: bool,
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

    /// The primary key's columns in key order.
    pub fn primary_key(&self) -> Vec<&Column> {
        let mut key: Vec<_> = self.columns.iter().filter(|c| c.key_position > 0).collect();
        key.sort_by_key(|c| c.key_position);
        key
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
        read(conn).context(|| "cannot read the schema".to_owned())
    }
}

fn read(conn: &Connection) -> rusqlite::Result<Schema> {
    let mut schema = Schema::default();
    let mut entries =
        conn.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY rowid")?;
    let mut rows = entries.query([])?;
    let kinds = table_kinds(conn)?;
    while let Some(row) = rows.next()? {
        let field = |column| text(row, column).map(Option::unwrap_or_default);
        let (kind, name, table) = (field(0)?, field(1)?, field(2)?);
        let sql = text(row, 3)?;
        match kind.as_str() {
            "table" if name.starts_with("sqlite_") => {}
            "table" => {
                let (kind, strict) = kinds.get(&name).copied().unwrap_or((TableKind::Rowid, false));
                schema.tables.push(table_of(conn, name, kind, strict, sql.unwrap_or_default())?);
            }
            "index" => schema.indexes.extend(index_of(conn, name, table, sql)?),
            "view" => schema.views.push(Object { name, table, sql: sql.unwrap_or_default() }),
            "trigger" => schema.triggers.push(Object { name, table, sql: sql.unwrap_or_default() }),
            _ => {}
        }
    }
    Ok(schema)
}

fn table_kinds(conn: &Connection) -> rusqlite::Result<BTreeMap<String, (TableKind, bool)>> {
    let mut list =
        conn.prepare("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")?;
    let rows = list.query_map([], |r| {
        let kind = match (r.get_ref(1)?.as_str()?, r.get::<_, bool>(2)?) {
            ("virtual", _) => TableKind::Virtual,
            ("shadow", _) => TableKind::Shadow,
            (_, true) => TableKind::WithoutRowid,
            (_, false) => TableKind::Rowid,
        };
        Ok((r.get(0)?, (kind, r.get(3)?)))
    })?;
    rows.collect()
}

fn table_of(
    conn: &Connection,
    name: String,
    kind: TableKind,
    strict: bool,
    sql: String,
) -> rusqlite::Result<Table> {
    // A virtual table's columns cannot be read where its module is missing; the table is then without columns.
    let columns =
        columns_of(conn, &name).or_else(|e| if kind == TableKind::Virtual { Ok(vec![]) } else { Err(e) })?;
    let mut foreign_keys: BTreeMap<i64, ForeignKey> = BTreeMap::new();
    let mut list = conn.prepare(
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(?) ORDER BY id, seq",
    )?;
    let mut rows = list.query([&name])?;
    while let Some(row) = rows.next()? {
        let key = foreign_keys.entry(row.get(0)?).or_insert(ForeignKey {
            parent: row.get(1)?,
            parent_columns: vec![],
            columns: vec![],
            on_delete: row.get(4)?,
            on_update: row.get(5)?,
        });
        key.columns.push(row.get(2)?);
        key.parent_columns.extend(row.get::<_, Option<String>>(3)?);
    }
    let foreign_keys = foreign_keys.into_values().collect();
    let key = if kind == TableKind::WithoutRowid { key_of(conn, &name)? } else { None };
    Ok(Table { name, kind, strict, columns, foreign_keys, sql, key })
}

fn columns_of(conn: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut list = conn.prepare(
        "SELECT name, type, \"notnull\", pk, hidden, dflt_value FROM pragma_table_xinfo(?) WHERE hidden <> 1",
    )?;
    let mut rows = list.query([table])?;
    let mut columns = vec![];
    while let Some(row) = rows.next()? {
        let field = |column| text(row, column).map(Option::unwrap_or_default);
        let (name, declared_type) = (field(0)?, field(1)?);
        let collation = conn
            .column_metadata(Some("main"), table, name.as_str())
            .ok()
            .and_then(|(_, collation, ..)| collation.map(|c| c.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "BINARY".to_owned());
        columns.push(Column {
            affinity: Affinity::of(&declared_type),
            collation,
            not_null: row.get(2)?,
            key_position: row.get(3)?,
            generated: row.get::<_, i64>(4)? >= 2,
            default: text(row, 5)?,
            name,
            declared_type,
        });
    }
    Ok(columns)
}

fn key_of(conn: &Connection, table: &str) -> rusqlite::Result<Option<ExistingIndex>> {
    let sql = "SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'";
    let name = conn.query_row(sql, [table], |r| r.get(0)).optional()?;
    name.map_or(Ok(None), |name| index_of(conn, name, table.to_owned(), None))
}

fn index_of(
    conn: &Connection,
    name: String,
    table: String,
    sql: Option<String>,
) -> rusqlite::Result<Option<ExistingIndex>> {
    let flags = conn
        .query_row(
            "SELECT \"unique\", origin FROM pragma_index_list(?) WHERE name = ?",
            params![table, name],
            |r| {
                let origin = match r.get_ref(1)?.as_str()? {
                    "pk" => Origin::PrimaryKey,
                    "u" => Origin::Unique,
                    _ => Origin::Created,
                };
                Ok((r.get::<_, bool>(0)?, origin))
            },
        )
        .optional()?;
    let Some((unique, origin)) = flags else { return Ok(None) };
    let parsed = sql.as_deref().map(written_terms).unwrap_or_default();
    let mut key = vec![];
    let mut list = conn.prepare(
        "SELECT x.name, x.\"desc\", x.coll, x.seqno FROM pragma_index_xinfo(?1) x WHERE x.key ORDER BY x.seqno",
    )?;
    let mut rows = list.query([&name])?;
    while let Some(row) = rows.next()? {
        let column: Option<String> = row.get(0)?;
        let written = parsed.terms.get(row.get::<_, usize>(3)?);
        let collation: String = row.get(2)?;
        let own = column.as_deref().and_then(|c| conn.column_metadata(Some("main"), table.as_str(), c).ok());
        let own = own.and_then(|(_, c, ..)| c.map(|c| c.to_string_lossy().into_owned()));
        let default = own.as_deref().unwrap_or("BINARY");
        key.push(Term {
            collation: (!collation.eq_ignore_ascii_case(default)).then_some(collation),
            descending: row.get(1)?,
            key: match column {
                Some(column) => Key::Column(column),
                None => Key::Expression(written.cloned().unwrap_or_else(|| "rowid".to_owned())),
            },
        });
    }
    let index = Index { table, key, filter: parsed.filter };
    Ok(Some(ExistingIndex { name, index, unique, origin, sql }))
}

/// What only the text of a CREATE INDEX says: its expressions and its WHERE.
#[derive(Default)]
struct Written {
    terms: Vec<String>,
    filter: Option<String>,
}

fn written_terms(sql: &str) -> Written {
    use turso_parser::ast::{Cmd, Expr, Stmt};
    let mut parser = turso_parser::parser::Parser::new(sql.as_bytes());
    let Ok(Some(Cmd::Stmt(Stmt::CreateIndex { columns, where_clause, .. }))) = parser.next_cmd() else {
        return Written::default();
    };
    let terms = columns
        .iter()
        .map(|c| match c.expr.as_ref() {
            Expr::Collate(inner, _) => syntax::expression_text(inner),
            other => syntax::expression_text(other),
        })
        .collect();
    Written { terms, filter: where_clause.map(|w| syntax::expression_text(&w)) }
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
        assert!(p.column("g").unwrap().generated);
        let c = schema.table("c").unwrap();
        assert_eq!(c.kind, TableKind::WithoutRowid);
        assert_eq!(c.primary_key().iter().map(|k| k.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(c.foreign_keys[0].on_delete, "CASCADE");
        let i = schema.indexes_of("p").next().unwrap();
        assert_eq!(i.index.to_string(), "p(n DESC, t COLLATE BINARY, lower(t)) WHERE n > 1");
        assert!(i.unique && i.origin == Origin::Created);
        Ok(())
    }
}
