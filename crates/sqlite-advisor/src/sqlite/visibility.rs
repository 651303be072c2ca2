//! Hides and shows indexes of a copy without building or dropping them.
//!
//! An index that is taken out of sqlite_schema is unknown to the planner while its b-tree stays in the file, so trying a
//! set of indexes costs a reload of the schema (<https://www.sqlite.org/pragma.html#pragma_writable_schema>). Only for
//! throw-away copies: rows must not be changed while an index is hidden, unless the change is rolled back.

use crate::error::{Context, Result};
use crate::model::index::quote;
use crate::sqlite::session::Session;
use rusqlite::config::DbConfig;
use rusqlite::params;
use rusqlite::types::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The indexes that can be hidden, with all that sqlite_schema says of each.
#[derive(Debug)]
pub struct IndexVisibility<K> {
    entries: BTreeMap<K, Entry>,
    shown: BTreeSet<K>,
}

impl<K> Default for IndexVisibility<K> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), shown: BTreeSet::new() }
    }
}

#[derive(Debug)]
struct Entry {
    rowid: i64,
    columns: [Value; 5],
}

impl<K: Copy + Ord> IndexVisibility<K> {
    /// Takes note of built indexes, given by number and name. All are shown.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if one is missing.
    pub fn new<'n>(session: &Session, indexes: impl IntoIterator<Item = (K, &'n str)>) -> Result<Self> {
        let sql = "SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE type = 'index' AND name = ?";
        let mut entries = BTreeMap::new();
        for (number, name) in indexes {
            let entry = session.connection().query_row(sql, [name], |r| {
                let columns = [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?];
                Ok(Entry { rowid: r.get(0)?, columns })
            });
            entries.insert(number, entry.context(|| format!("cannot find the index {name}"))?);
        }
        let shown = entries.keys().copied().collect();
        Ok(Self { entries, shown })
    }

    /// Shows these indexes and hides the others.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the schema cannot be edited.
    pub fn show(&mut self, session: &Session, wanted: &BTreeSet<K>) -> Result<()> {
        if *wanted == self.shown {
            return Ok(());
        }
        self.edit(session, wanted).context(|| "cannot hide and show indexes on the copy".to_owned())?;
        self.shown.clone_from(wanted);
        Ok(())
    }

    /// Takes note of an index that was built just now, and gives it a place in the schema that does not depend on when that
    /// was: SQLite prefers the newer of two indexes that it takes for equal. It is shown.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if it is missing.
    pub fn add(&mut self, session: &Session, key: K, name: &str, place: i64) -> Result<()> {
        let mut one = Self::new(session, [(key, name)])?;
        one.show(session, &BTreeSet::new())?;
        if let Some(mut entry) = one.entries.remove(&key) {
            entry.rowid = place;
            self.entries.insert(key, entry);
        }
        let mut shown = self.shown.clone();
        shown.insert(key);
        self.show(session, &shown)
    }

    /// Drops indexes for good, whether they are hidden or not, so that their pages can be used again.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if one cannot be dropped.
    pub fn drop_all(&mut self, session: &Session, keys: &BTreeSet<K>) -> Result<()> {
        self.show(session, &self.shown.union(keys).copied().collect())?;
        for key in keys {
            let Some(Entry { columns: [_, Value::Text(name), ..], .. }) = self.entries.get(key) else {
                continue;
            };
            let drop = session.connection().execute_batch(&format!("DROP INDEX {}", quote(name)));
            drop.context(|| format!("cannot drop the index {name} of the copy"))?;
            self.entries.remove(key);
            self.shown.remove(key);
        }
        Ok(())
    }

    /// The indexes that it can hide and show.
    pub fn all(&self) -> impl Iterator<Item = K> {
        self.entries.keys().copied()
    }

    /// True if it can hide and show an index.
    pub fn knows(&self, key: K) -> bool {
        self.entries.contains_key(&key)
    }

    fn edit(&self, session: &Session, wanted: &BTreeSet<K>) -> rusqlite::Result<()> {
        let conn = session.connection();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
        conn.execute_batch("PRAGMA writable_schema = ON; BEGIN")?;
        let changes = || -> rusqlite::Result<()> {
            let mut hide = conn.prepare_cached("DELETE FROM sqlite_schema WHERE rowid = ?")?;
            let mut show = conn.prepare_cached(
                "INSERT INTO sqlite_schema(rowid, type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?, ?)",
            )?;
            for entry in self.shown.difference(wanted).filter_map(|i| self.entries.get(i)) {
                hide.execute([entry.rowid])?;
            }
            for entry in wanted.difference(&self.shown).filter_map(|i| self.entries.get(i)) {
                let [kind, name, table, page, sql] = &entry.columns;
                show.execute(params![entry.rowid, kind, name, table, page, sql])?;
            }
            Ok(())
        };
        let changed = changes();
        conn.execute_batch(if changed.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        conn.execute_batch("PRAGMA writable_schema = RESET")?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::session::Limit;

    #[test]
    fn a_hidden_index_is_not_planned_with_and_comes_back_whole() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE INDEX j ON t(b);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO t SELECT i, i FROM n; ANALYZE",
        )?;
        let mut visibility = IndexVisibility::new(&session, [(0, "i"), (1, "j")])?;
        let sql = "SELECT b FROM t WHERE a = 3";
        for (wanted, used) in
            [([].into(), false), ([1].into(), false), ([0, 1].into(), true), ([0].into(), true)]
        {
            visibility.show(&session, &wanted)?;
            assert_eq!(session.plan(sql, &[])?.uses("i"), used, "{wanted:?}");
            assert_eq!(session.run(sql, &[], Limit::NONE)?.counters.rows, 1);
        }
        visibility.show(&session, &[0, 1].into())?;
        let check = || -> rusqlite::Result<String> {
            session.connection().query_row("PRAGMA integrity_check", [], |r| r.get(0))
        };
        assert_eq!(check()?, "ok");
        visibility.show(&session, &[0].into())?;
        visibility.drop_all(&session, &[1].into())?;
        assert!(session.plan(sql, &[])?.uses("i") && visibility.all().eq([0]));
        let free: u64 = session.connection().query_row("PRAGMA freelist_count", [], |r| r.get(0))?;
        assert!(free > 0 && check()? == "ok");
        Ok(())
    }
}
