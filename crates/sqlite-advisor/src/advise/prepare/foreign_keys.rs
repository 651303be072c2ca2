//! The searches for children that enforced foreign keys add to a write (<https://www.sqlite.org/foreignkeys.html#fk_indexes>).
//!
//! Who deletes a row of a parent, or changes the key that its children name, has SQLite look for those children: on their
//! own tables, once a row, through cascades and the bodies of triggers. No text of the workload shows it.

use crate::sql::syntax::ast::{Name, ResolveType, Stmt, TriggerEvent};
use crate::sql::syntax::{self, trigger_statements};
use crate::sqlite::Schema;
use crate::sqlite::recorder::{Access, Comparison, Constraint};
use crate::sqlite::schema::{ForeignKey, Table};
use std::collections::BTreeSet;

/// A foreign key whose children are looked for.
#[derive(Debug, Clone, Copy)]
pub struct ChildSearch<'s> {
    /// The child's table.
    pub child: &'s Table,
    /// The key.
    pub key: &'s ForeignKey,
}

/// The keys whose children a statement has SQLite look for, each once.
pub fn child_searches<'s>(schema: &'s Schema, sql: &str) -> Vec<ChildSearch<'s>> {
    let mut found: Vec<ChildSearch<'s>> = vec![];
    let (mut open, mut seen) = (change(sql).into_iter().collect::<Vec<_>>(), BTreeSet::new());
    while let Some(now) = open.pop() {
        if !seen.insert(now.clone()) {
            continue;
        }
        let fired = schema.triggers.iter().filter(|t| t.table.eq_ignore_ascii_case(&now.table));
        let fired = fired.filter(|t| now.effect.fires(&t.sql));
        open.extend(fired.flat_map(|t| trigger_statements(&t.sql)).filter_map(|body| change(&body)));
        for child in schema.tables.iter().filter(|t| t.is_indexable()) {
            for key in child.foreign_keys.iter().filter(|key| now.touches(schema, key)) {
                open.extend(now.effect.on_children(key).map(|effect| Change::new(&child.name, effect)));
                if !found.iter().any(|f| std::ptr::eq(f.key, key)) {
                    found.push(ChildSearch { child, key });
                }
            }
        }
    }
    found
}

impl ChildSearch<'_> {
    /// The search as a question of the planner.
    pub fn access(&self, schema: &Schema) -> Access {
        let parent = schema.table(&self.key.parent);
        let referred = parent.map(|p| referred(p, self.key)).unwrap_or_default();
        // The sequence is that of the parent's column.
        let collation = |n: usize| {
            let column = parent.and_then(|p| p.column(referred.get(n)?));
            column.map_or("BINARY", |c| c.collation.as_str()).to_owned()
        };
        let constraint = |(n, column): (usize, &String)| Constraint {
            column: Some(self.child.column(column).map_or(column, |c| &c.name).clone()),
            kind: Comparison::Equality,
            usable: true,
            collation: collation(n),
            value: None,
        };
        Access {
            table: self.child.name.clone(),
            constraints: self.key.columns.iter().enumerate().map(constraint).collect(),
            order: vec![],
            grouping: false,
            columns: vec![],
        }
    }
}

/// What happens to rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    table: String,
    effect: Effect,
}

/// What happens to a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Inserted,
    Deleted,
    /// These columns, in small letters.
    Updated(Vec<String>),
}

impl Effect {
    fn updated<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Updated(columns.into_iter().map(str::to_lowercase).collect())
    }

    /// True if a trigger, given by its CREATE statement, is for this.
    fn fires(&self, trigger: &str) -> bool {
        let Some(Stmt::CreateTrigger { event, .. }) = syntax::parse(trigger) else { return false };
        match (self, event) {
            (Self::Inserted, TriggerEvent::Insert) | (Self::Deleted, TriggerEvent::Delete) => true,
            (Self::Updated(_), TriggerEvent::Update) => true,
            (Self::Updated(columns), TriggerEvent::UpdateOf(of)) => {
                of.iter().any(|name| columns.contains(&name.as_str().to_lowercase()))
            }
            _ => false,
        }
    }

    /// What becomes of the children of such a row.
    fn on_children(&self, key: &ForeignKey) -> Option<Self> {
        let action = if *self == Self::Deleted { &key.on_delete } else { &key.on_update };
        match (self, action.as_str()) {
            (Self::Deleted, "CASCADE") => Some(Self::Deleted),
            (_, "CASCADE" | "SET NULL" | "SET DEFAULT") => {
                Some(Self::updated(key.columns.iter().map(String::as_str)))
            }
            _ => None,
        }
    }
}

impl Change {
    fn new(table: &str, effect: Effect) -> Self {
        Self { table: table.to_lowercase(), effect }
    }

    /// True if the children of that key are looked for.
    fn touches(&self, schema: &Schema, key: &ForeignKey) -> bool {
        let parent = schema.table(&key.parent).filter(|p| p.name.eq_ignore_ascii_case(&self.table));
        parent.is_some_and(|parent| match &self.effect {
            Effect::Inserted => false,
            Effect::Deleted => true,
            Effect::Updated(columns) => {
                referred(parent, key).iter().any(|c| columns.contains(&c.to_lowercase()))
            }
        })
    }
}

/// The parent's columns that a key refers to.
fn referred(parent: &Table, key: &ForeignKey) -> Vec<String> {
    if key.parent_columns.is_empty() {
        return parent.primary_key().iter().map(|c| c.name.clone()).collect();
    }
    key.parent_columns.clone()
}

/// What a statement does to the rows of its table.
fn change(sql: &str) -> Option<Change> {
    match syntax::parse(sql)? {
        Stmt::Delete { tbl_name, .. } => Some(Change::new(tbl_name.name.as_str(), Effect::Deleted)),
        Stmt::Update(update) => {
            let columns = update.sets.iter().flat_map(|set| &set.col_names).map(Name::as_str);
            Some(Change::new(update.tbl_name.name.as_str(), Effect::updated(columns)))
        }
        // What REPLACE puts a row in the place of is deleted first.
        Stmt::Insert { tbl_name, or_conflict, .. } => {
            let replaces = or_conflict == Some(ResolveType::Replace);
            let effect = if replaces { Effect::Deleted } else { Effect::Inserted };
            Some(Change::new(tbl_name.name.as_str(), effect))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::sql::scope::testing::schema_of;

    fn searched(sql: &str) -> Result<Vec<String>> {
        let schema = schema_of(
            "CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE COLLATE NOCASE, name TEXT);
             CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE);
             CREATE TABLE g(c INT REFERENCES c(id), code TEXT REFERENCES p(code));
             CREATE TABLE log(id INTEGER PRIMARY KEY, x);
             CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM c WHERE id = NEW.x; END",
        )?;
        let searches = child_searches(&schema, sql);
        let mut found: Vec<_> = searches
            .iter()
            .map(|s| {
                let access = s.access(&schema);
                let collation = access.constraints.first().map(|c| c.collation.clone());
                format!("{}.{} {}", access.table, s.key.columns.join(","), collation.unwrap_or_default())
            })
            .collect();
        found.sort();
        Ok(found)
    }

    #[test]
    fn children_are_looked_for_through_cascades_triggers_and_replaced_rows() -> Result<()> {
        assert_eq!(searched("DELETE FROM P WHERE name = ?")?, ["c.p BINARY", "g.c BINARY", "g.code NOCASE"]);
        assert_eq!(searched("INSERT INTO log(x) VALUES (1)")?, ["g.c BINARY"]);
        assert_eq!(searched("REPLACE INTO c VALUES (1, 2)")?, ["g.c BINARY"]);
        Ok(())
    }

    #[test]
    fn a_write_that_leaves_every_key_alone_looks_for_no_children() -> Result<()> {
        assert_eq!(searched("UPDATE p SET code = 'x'")?, ["g.code NOCASE"]);
        for sql in [
            "UPDATE p SET name = 'x'",
            "INSERT INTO p(name) VALUES ('x')",
            "SELECT * FROM p",
            "DELETE FROM g",
        ] {
            assert!(searched(sql)?.is_empty(), "{sql}");
        }
        Ok(())
    }
}
