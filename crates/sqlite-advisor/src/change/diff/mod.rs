//! Two schemas side by side: what differs, in words, as data, and as the SQL that brings the second to the first.

mod sql;

use crate::model::index::Term;
use crate::sql::lexer::{canonical, tokens};
use crate::sqlite::schema::{Column, ExistingIndex, ForeignKey, Object, Origin, Schema, Table, TableKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Deref;

pub use sql::{script, to_sql};

/// One thing that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `table`, `column`, `column order`, `foreign key`, `index`, `check`, `option`, `view`, `trigger`.
    pub kind: &'static str,
    /// Where: `goals`, `goals.template_id`.
    pub place: String,
    /// What the first has; none if it lacks the thing.
    pub a: Option<String>,
    /// What the second has; none if it lacks the thing.
    pub b: Option<String>,
    /// The name under which the other one has the same, where it does.
    pub same_as: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, place, .. } = self;
        match (&self.a, &self.b) {
            (Some(a), Some(b)) => write!(f, "{kind} {place}: A {a}; B {b}")?,
            (Some(a), None) => write!(f, "{kind} {place}: only in A: {a}")?,
            (None, b) => write!(f, "{kind} {place}: only in B: {}", b.as_deref().unwrap_or_default())?,
        }
        self.same_as.as_ref().map_or(Ok(()), |name| write!(f, " (the other has the same as {name})"))
    }
}

/// Everything in which two schemas differ, in the order of tables, then views, then triggers.
pub fn compare(a: &Schema, b: &Schema) -> Vec<Difference> {
    let mut found = Found::default();
    for (name, a, b) in pairs(&tables_of(a), &tables_of(b)) {
        match (a, b) {
            (Some(a), Some(b)) => tables(&mut found, name, a, b),
            (a, b) => found.add("table", name, a.map(|a| columns_of(a)), b.map(|b| columns_of(b))),
        }
    }
    for (kind, a, b) in [("view", &a.views, &b.views), ("trigger", &a.triggers, &b.triggers)] {
        for (name, a, b) in pairs(&named(a), &named(b)) {
            let text = |object: &&Object| canonical(&tokens(&object.sql));
            found.add(kind, name, a.map(text), b.map(text));
        }
    }
    found.0
}

/// A table with its indexes under the names by which they are compared.
struct TableView<'s> {
    table: &'s Table,
    indexes: BTreeMap<String, &'s ExistingIndex>,
}

impl Deref for TableView<'_> {
    type Target = Table;

    fn deref(&self) -> &Table {
        self.table
    }
}

impl<'s> TableView<'s> {
    fn of(table: &'s Table, schema: &'s Schema) -> Self {
        let indexes = schema.indexes_of(&table.name).chain(&table.key);
        Self { table, indexes: indexes.map(|i| (comparable_name(i), i)).collect() }
    }

    /// Without the indexes that a statement created.
    fn with_automatic_indexes(&self) -> Self {
        let automatic = self.indexes.iter().filter(|(_, i)| i.sql.is_none());
        Self { table: self.table, indexes: automatic.map(|(name, i)| (name.clone(), *i)).collect() }
    }
}

fn tables_of(schema: &Schema) -> BTreeMap<String, TableView<'_>> {
    let tables = schema.tables.iter();
    tables.map(|t| (t.name.clone(), TableView::of(t, schema))).collect()
}

/// The names of automatic indexes count up in the order of the constraints: they are no part of the schema.
fn comparable_name(index: &ExistingIndex) -> String {
    let key = || index.index.key.iter().map(Term::to_string).collect::<Vec<_>>().join(", ");
    match index.origin {
        Origin::Created => index.name.clone(),
        Origin::PrimaryKey => format!("PRIMARY KEY ({})", key()),
        Origin::Unique => format!("UNIQUE ({})", key()),
    }
}

fn named(objects: &[Object]) -> BTreeMap<String, &Object> {
    objects.iter().map(|o| (o.name.clone(), o)).collect()
}

fn tables(found: &mut Found, table: &str, a: &TableView<'_>, b: &TableView<'_>) {
    let named = |t: &Table| -> BTreeMap<String, Column> {
        t.columns.iter().map(|c| (c.name.to_ascii_lowercase(), c.clone())).collect()
    };
    for (name, a, b) in pairs(&named(a), &named(b)) {
        found.add("column", &format!("{table}.{name}"), a.map(describe), b.map(describe));
    }
    let order = |t: &Table, other: &Table| -> Vec<String> {
        t.columns
            .iter()
            .filter(|c| other.column(&c.name).is_some())
            .map(|c| c.name.to_ascii_lowercase())
            .collect()
    };
    found.add("column order", table, Some(order(a, b).join(", ")), Some(order(b, a).join(", ")));
    let keys = |t: &Table| t.foreign_keys.iter().map(reference).collect::<BTreeSet<_>>();
    found.add_sets("foreign key", table, &keys(a), &keys(b));
    let checks = |t: &Table| t.checks.iter().cloned().collect();
    found.add_sets("check", table, &checks(a), &checks(b));
    found.add_sets("option", table, &options(a), &options(b));
    for (name, i, j) in pairs(&a.indexes, &b.indexes) {
        if same_index(i, j) {
            continue;
        }
        let (mine, others) = if i.is_some() { (i, &b.indexes) } else { (j, &a.indexes) };
        let is_lone = i.is_none() || j.is_none();
        let same = others.iter().find(|(_, other)| is_lone && same_index(Some(other), mine));
        found.add("index", &format!("{table}.{name}"), i.map(|i| key_of(i)), j.map(|j| key_of(j)));
        if let (Some(last), Some((same, _))) = (found.0.last_mut(), same) {
            last.same_as = Some(same.clone());
        }
    }
}

/// Whether both are there and are defined alike.
fn same_index(a: Option<&&ExistingIndex>, b: Option<&&ExistingIndex>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.is_defined_as(b))
}

fn reference(key: &ForeignKey) -> String {
    let parent = match key.parent_columns.as_slice() {
        [] => String::new(),
        columns => format!("({})", columns.join(", ")),
    };
    let on = format!("ON DELETE {} ON UPDATE {}", key.on_delete, key.on_update);
    format!("({}) REFERENCES {}{parent} {on}", key.columns.join(", "), key.parent)
}

fn options(table: &Table) -> BTreeSet<String> {
    let all = [
        (table.autoincrement, "AUTOINCREMENT"),
        (table.kind == TableKind::WithoutRowid, "WITHOUT ROWID"),
        (table.strict, "STRICT"),
    ];
    all.iter().filter(|(is, _)| *is).map(|(_, option)| (*option).to_owned()).collect()
}

#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn add(&mut self, kind: &'static str, place: &str, a: Option<String>, b: Option<String>) {
        if a != b {
            self.0.push(Difference { kind, place: place.to_owned(), a, b, same_as: None });
        }
    }

    fn add_sets(&mut self, kind: &'static str, place: &str, a: &BTreeSet<String>, b: &BTreeSet<String>) {
        a.difference(b).for_each(|only| self.add(kind, place, Some(only.clone()), None));
        b.difference(a).for_each(|only| self.add(kind, place, None, Some(only.clone())));
    }
}

/// The union of two maps, each name with what either has.
fn pairs<'m, T>(
    a: &'m BTreeMap<String, T>,
    b: &'m BTreeMap<String, T>,
) -> impl Iterator<Item = (&'m str, Option<&'m T>, Option<&'m T>)> {
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names.into_iter().map(move |name| (name.as_str(), a.get(name), b.get(name)))
}

/// A column as its definition would say it, with the affinity where the declared type does not show it.
fn describe(c: &Column) -> String {
    let (declared, affinity) = (c.declared_type.to_ascii_uppercase(), c.affinity.to_string());
    let mut text = if declared.is_empty() { "no type".to_owned() } else { declared };
    if text != affinity {
        text += &format!(" (affinity {affinity})");
    }
    if c.key_position > 0 {
        text += &format!(" KEY {}", c.key_position);
    }
    if c.not_null {
        text += " NOT NULL";
    }
    let default = c.default.as_deref().map(|d| canonical(&tokens(d))).filter(|d| d != "null");
    let collation = Some(&c.collation).filter(|c| !c.eq_ignore_ascii_case("BINARY"));
    let parts = [("DEFAULT", default.as_ref()), ("COLLATE", collation), ("AS", c.generated.as_ref())];
    for (word, value) in parts {
        text += &value.map(|v| format!(" {word} {v}")).unwrap_or_default();
    }
    text
}

fn key_of(existing: &ExistingIndex) -> String {
    let unique = if existing.unique { "UNIQUE " } else { "" };
    let key: Vec<_> = existing.index.key.iter().map(Term::to_string).collect();
    let filter = existing.index.filter.as_ref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
    format!("{unique}({}){filter}", key.join(", "))
}

fn columns_of(table: &Table) -> String {
    let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
    format!("({})", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use rusqlite::Connection;

    pub(super) fn database(sql: &str) -> Result<Connection> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        conn.execute_batch(sql)?;
        Ok(conn)
    }

    fn differences(a: &str, b: &str) -> Result<Vec<String>> {
        let (a, b) = (Schema::read(&database(a)?)?, Schema::read(&database(b)?)?);
        Ok(compare(&a, &b).iter().map(ToString::to_string).collect())
    }

    #[test]
    fn equal_schemas_in_different_text_are_equal() -> Result<()> {
        let a = "CREATE TABLE t(a TEXT NOT NULL DEFAULT 'x', b INTEGER REFERENCES t(a), CHECK (b>0), UNIQUE(a,b));
                 CREATE INDEX i ON t(b) WHERE a='x'; CREATE VIEW v AS SELECT a FROM t;";
        let b = "create view \"v\" as select a from t; -- first\n
                 CREATE TABLE \"T\" ([a] text not null default ('x'), \"b\" INTEGER, foreign key(b) references T(a),
                   constraint u unique (a, b), check ( B > 0 ));
                 create index i on T ( b asc ) where ( a = 'x' );";
        let b = b
            .replace("\"T\"", "t")
            .replace("references T", "references t")
            .replace("('x')", "'x'")
            .replace("( a = 'x' )", "a = 'x'");
        assert_eq!(differences(a, &b)?, [] as [String; 0]);
        Ok(())
    }

    #[test]
    fn each_kind_of_difference_is_named() -> Result<()> {
        let a = "CREATE TABLE t(a STRING, b DEFAULT 1, c); CREATE INDEX i ON t(a); CREATE INDEX j ON t(b); CREATE TABLE only_a(x);";
        let b = "CREATE TABLE t(a TEXT, c, b NOT NULL CHECK (b > 1)); CREATE INDEX i ON t(a DESC); CREATE INDEX k ON t(b);
                 CREATE VIEW v AS SELECT 1;";
        let expected = [
            "table only_a: only in A: (x)",
            "column t.a: A STRING (affinity NUMERIC); B TEXT",
            "column t.b: A no type (affinity BLOB) DEFAULT 1; B no type (affinity BLOB) NOT NULL",
            "column order t: A a, b, c; B a, c, b",
            "check t: only in B: ( b > 1 )",
            "index t.i: A (a); B (a DESC)",
            "index t.j: only in A: (b) (the other has the same as k)",
            "index t.k: only in B: (b) (the other has the same as j)",
            "view v: only in B: create view v as select 1",
        ];
        assert_eq!(differences(a, b)?, expected);
        Ok(())
    }
}
