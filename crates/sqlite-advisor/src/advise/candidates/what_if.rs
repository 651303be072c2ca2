//! Asks SQLite's own planner about indexes that do not exist, on an empty clone with transplanted statistics.
//!
//! With sqlite_stat1 and sqlite_stat4 in place the planner of a clone in memory chooses as it would on the data. The indexes
//! of a configuration are created on the empty tables, always in the order of their ids, since SQLite prefers the newer of
//! two that it takes for equal; their statistics are written beside them, and no others. SQLite loads all statistics that are
//! there whenever an index comes or goes, so only those of the tables that are asked about are there.

use crate::error::{Context, Result};
use crate::model::candidate::Candidate;
use crate::model::ids::{IdVec, IndexId, IndexSet};
use crate::model::index::quote;
use crate::model::plan::Plan;
use crate::model::statistics::Statistics;
use crate::sqlite::schema::TableKind;
use crate::sqlite::{Schema, Session, StandIns, statistics};
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};

/// A planner that was given one kind of statistics.
pub struct WhatIf {
    session: Session,
    /// The statistics of each candidate.
    known: BTreeMap<IndexId, Statistics>,
    /// Those of each table and of its indexes that are no candidates, by its name in lower case.
    of_tables: BTreeMap<String, Statistics>,
    /// The statement that creates each candidate; none for one that SQLite refused.
    create: IdVec<IndexId, Option<String>>,
    names: IdVec<IndexId, String>,
    /// The table of each candidate, in lower case.
    tables: IdVec<IndexId, String>,
    shown: IndexSet,
    /// The tables whose statistics are there.
    loaded: BTreeSet<String>,
}

impl WhatIf {
    /// Builds a clone without any candidate for each kind of statistics. `known` are those of the tables and of all their
    /// indexes, whether they are there or not.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned.
    pub fn of_each<'k, K>(
        schema: &Schema,
        candidates: &IdVec<IndexId, Candidate>,
        known: impl Iterator<Item = (K, &'k Statistics)>,
        stand_ins: &StandIns,
        foreign_keys: bool,
    ) -> Result<Vec<(K, Self)>> {
        // To run each CREATE takes long in a large schema, so that is done once, and the pages are copied.
        let empty = empty_clone(schema, candidates, stand_ins, foreign_keys)?;
        let mut all = vec![];
        for (kind, known) in known {
            let session = empty.copied_to(open(stand_ins, foreign_keys)?)?;
            all.push((kind, Self::on(session, schema, candidates, known)?));
        }
        Ok(all)
    }

    /// Builds a clone without any candidate for one kind of statistics.
    ///
    /// # Errors
    /// Those of [`Self::of_each`].
    pub fn new(
        schema: &Schema,
        known: &Statistics,
        stand_ins: &StandIns,
        foreign_keys: bool,
    ) -> Result<Self> {
        let none = IdVec::default();
        Self::on(empty_clone(schema, &none, stand_ins, foreign_keys)?, schema, &none, known)
    }

    fn on(
        session: Session,
        schema: &Schema,
        candidates: &IdVec<IndexId, Candidate>,
        known: &Statistics,
    ) -> Result<Self> {
        let names = lower_names(candidates.iter());
        let mut what_if = Self {
            session,
            known: BTreeMap::new(),
            of_tables: known.without_indexes(|name| names.contains(&name.to_lowercase())).by_table(),
            create: IdVec::default(),
            names: IdVec::default(),
            tables: IdVec::default(),
            shown: IndexSet::new(),
            loaded: BTreeSet::new(),
        };
        what_if.extend(schema, candidates, known)?;
        Ok(what_if)
    }

    /// The session on the clone.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Takes up candidates that came since.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the clone cannot be written.
    pub fn extend(
        &mut self,
        schema: &Schema,
        candidates: &IdVec<IndexId, Candidate>,
        known: &Statistics,
    ) -> Result<()> {
        let more = self.create.len();
        let mut known = known.by_index(&lower_names(candidates.iter().skip(more)));
        for (id, candidate) in candidates.enumerate().skip(more) {
            self.create.push(created_by(schema, candidate));
            self.names.push(candidate.name.clone());
            self.tables.push(candidate.index.table.to_lowercase());
            self.known.insert(id, known.remove(&candidate.name.to_lowercase()).unwrap_or_default());
        }
        Ok(())
    }

    /// The plans of a statement when of all candidates only these are there, one for each of its sets of values. None where
    /// it cannot be planned on a clone, as over a virtual table whose module is not here.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the indexes cannot be created.
    pub fn plans(&mut self, statement: &Statement, indexes: &IndexSet) -> Result<Option<Vec<Plan>>> {
        let all = self.of_tables.keys().chain(self.tables.iter()).cloned().collect();
        self.plans_over(&all, statement, indexes)
    }

    /// The same for a statement that touches no other tables than these, their names in lower case: see
    /// [`crate::workload::touched::planned_with`].
    ///
    /// # Errors
    /// Those of [`Self::plans`].
    pub fn plans_over(
        &mut self,
        tables: &BTreeSet<String>,
        statement: &Statement,
        indexes: &IndexSet,
    ) -> Result<Option<Vec<Plan>>> {
        self.show(indexes, tables)?;
        Ok(self.session.plans(&statement.sql, &statement.bindings).ok())
    }

    /// The candidates of a set that a statement over these tables would use, with any of its sets of values.
    ///
    /// # Errors
    /// Those of [`Self::plans`].
    pub fn used(
        &mut self,
        tables: &BTreeSet<String>,
        statement: &Statement,
        indexes: &IndexSet,
    ) -> Result<IndexSet> {
        let plans = self.plans_over(tables, statement, indexes)?.unwrap_or_default();
        Ok(self.used_by(&plans, indexes))
    }

    /// The indexes of a set that plans use.
    pub fn used_by(&self, plans: &[Plan], indexes: &IndexSet) -> IndexSet {
        let used = |i: &IndexId| self.names.find(*i).is_some_and(|name| plans.iter().any(|p| p.uses(name)));
        indexes.iter().copied().filter(used).collect()
    }

    /// Creates what is missing on some tables, drops what is too much there, and leaves the others alone.
    fn show(&mut self, wanted: &IndexSet, tables: &BTreeSet<String>) -> Result<()> {
        let is_there = |i: &&IndexId| self.tables.find(**i).is_some_and(|table| tables.contains(table));
        let works = |i: &&IndexId| self.create.find(**i).is_some_and(Option::is_some);
        let elsewhere = self.shown.iter().filter(|i| !is_there(i));
        let wanted: IndexSet =
            wanted.iter().filter(is_there).filter(works).chain(elsewhere).copied().collect();
        if wanted == self.shown && tables.is_subset(&self.loaded) {
            return Ok(());
        }
        // Behind one that is missing all of its table are made again, so that their order is always that of the ids.
        let missing: Vec<IndexId> = wanted.difference(&self.shown).copied().collect();
        let is_late =
            |i: &IndexId| missing.iter().any(|m| m < i && self.tables.find(*m) == self.tables.find(*i));
        let gone: Vec<IndexId> =
            self.shown.iter().copied().filter(|i| !wanted.contains(i) || is_late(i)).collect();
        for id in gone {
            self.hide(id)?;
        }
        self.keep_statistics_of(tables)?;
        for id in wanted.difference(&self.shown.clone()).copied() {
            self.create(id)?;
        }
        statistics::load(&self.session)
    }

    /// Writes the statistics of tables, with those of the candidates shown there, and takes out all others.
    fn keep_statistics_of(&mut self, tables: &BTreeSet<String>) -> Result<()> {
        self.loaded.difference(tables).try_for_each(|table| statistics::forget(&self.session, table))?;
        for table in tables.difference(&self.loaded) {
            let shown = self.shown.iter().filter(|i| self.tables.find(**i) == Some(table));
            let known = self.of_tables.get(table).into_iter().chain(shown.filter_map(|i| self.known.get(i)));
            known.into_iter().try_for_each(|known| statistics::write(&self.session, known))?;
        }
        self.loaded.clone_from(tables);
        Ok(())
    }

    fn hide(&mut self, id: IndexId) -> Result<()> {
        let Some(name) = self.names.find(id) else { return Ok(()) };
        let conn = self.session.connection();
        let drop = format!("DROP INDEX {}", quote(name));
        // DROP INDEX takes the rows of the index out of sqlite_stat1 and sqlite_stat4 as well.
        conn.execute_batch(&drop).context(|| format!("cannot hide the index {name}"))?;
        self.shown.remove(&id);
        Ok(())
    }

    fn create(&mut self, id: IndexId) -> Result<()> {
        let Some(Some(sql)) = self.create.find(id) else { return Ok(()) };
        // An expression that SQLite refuses in an index costs that candidate alone.
        if self.session.connection().execute_batch(sql).is_err() {
            self.create[id] = None;
            return Ok(());
        }
        if let Some(known) = self.known.get(&id) {
            statistics::write(&self.session, known)?;
        }
        self.shown.insert(id);
        Ok(())
    }
}

/// A session on a database in memory that plans as the application's does.
fn open(stand_ins: &StandIns, foreign_keys: bool) -> Result<Session> {
    let session = Session::in_memory()?;
    session.enforce_foreign_keys(foreign_keys)?;
    stand_ins.install(session.connection())?;
    Ok(session)
}

/// The schema without rows, without those of its indexes that are candidates, and with empty tables for statistics.
fn empty_clone(
    schema: &Schema,
    candidates: &IdVec<IndexId, Candidate>,
    stand_ins: &StandIns,
    foreign_keys: bool,
) -> Result<Session> {
    let session = open(stand_ins, foreign_keys)?;
    statistics::make_tables(&session)?;
    clone_schema(&session, schema, candidates)?;
    Ok(session)
}

fn lower_names<'c>(candidates: impl Iterator<Item = &'c Candidate>) -> BTreeSet<String> {
    candidates.map(|candidate| candidate.name.to_lowercase()).collect()
}

/// The statement that creates a candidate: that of the schema for an existing index.
fn created_by(schema: &Schema, candidate: &Candidate) -> Option<String> {
    if !candidate.existing {
        return Some(candidate.index.to_sql(&candidate.name));
    }
    schema.index(&candidate.name).and_then(|i| i.sql.clone())
}

/// Creates tables, views, triggers and those indexes that are no candidates, each by its one guarded CREATE statement.
fn clone_schema(session: &Session, schema: &Schema, candidates: &IdVec<IndexId, Candidate>) -> Result<()> {
    let create = |name: &str, sql: &str| session.guard().create(session.connection(), name, sql);
    for table in schema.tables.iter().filter(|t| !t.name.starts_with("sqlite_")) {
        match table.kind {
            // What a virtual table keeps for itself comes with it; one whose module is missing costs only its statements.
            TableKind::Shadow => {}
            TableKind::Virtual => drop(create(&table.name, &table.sql)),
            TableKind::Rowid | TableKind::WithoutRowid => create(&table.name, &table.sql)?,
        }
    }
    let existing: BTreeSet<&str> =
        candidates.iter().filter(|c| c.existing).map(|c| c.name.as_str()).collect();
    let fixed = schema.indexes.iter().filter(|i| !existing.contains(i.name.as_str()));
    for (name, sql) in fixed.filter_map(|i| Some((&i.name, i.sql.as_ref()?))) {
        // One that SQLite refuses here costs only what it would have told.
        drop(create(name, sql));
    }
    for object in schema.views.iter().chain(&schema.triggers) {
        // A view over something missing is no reason to stop.
        drop(create(&object.name, &object.sql));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::statistics::Stat1;
    use crate::workload::touched::planned_with;
    use crate::workload::{QuerySource, Workload};

    #[test]
    fn the_plans_are_the_same_where_only_the_tables_of_a_statement_are_looked_at() -> Result<()> {
        let session = Session::in_memory()?;
        session.connection().execute_batch(
            "CREATE TABLE t(a, b); CREATE TABLE u(a, b); CREATE INDEX rare ON t(a); CREATE INDEX common ON t(b);
             CREATE INDEX other ON u(a); CREATE VIEW v AS SELECT * FROM t;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO t SELECT i, i % 3 FROM n; INSERT INTO u SELECT a, b FROM t WHERE a < 100; ANALYZE",
        )?;
        let mut known = statistics::read(session.connection())?;
        // As gathered: without it the planner would remember how many rows a table has from an index that is gone.
        for (table, rows) in [("t", "2000"), ("u", "99")] {
            known.stat1.push(Stat1 { table: table.to_owned(), index: None, stat: rows.to_owned() });
        }
        session.connection().execute_batch("DROP INDEX rare; DROP INDEX common; DROP INDEX other")?;
        let schema = Schema::read(session.connection())?;
        let candidate = |name: &str, table: &str, column| {
            Candidate::new(name.to_owned(), crate::model::index::Index::on(table, [column]))
        };
        let candidates: IdVec<IndexId, Candidate> =
            [candidate("rare", "t", "a"), candidate("common", "t", "b"), candidate("other", "u", "a")]
                .into_iter()
                .collect();
        let queries: Vec<QuerySource> = [
            "SELECT * FROM v WHERE a = 5 AND b = 1",
            "SELECT * FROM u WHERE a = 5",
            "SELECT * FROM t JOIN u ON t.a = u.a WHERE u.b = 1",
        ]
        .map(QuerySource::from)
        .into();
        let statements = Workload::prepare(&queries, &session, &schema)?.statements;
        let planner = || {
            let known = [((), &known)].into_iter();
            let mut one = WhatIf::of_each(&schema, &candidates, known, &StandIns::default(), false)?;
            one.pop().map(|(_, planner)| planner).ok_or_else(|| crate::Error::Invalid("none".to_owned()))
        };
        let mut narrow = planner()?;
        let ids: Vec<IndexId> = candidates.ids().collect();
        for bits in [7_u32, 0, 5, 6, 3, 7, 2, 1, 4] {
            let indexes = ids.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, id)| *id);
            let indexes: IndexSet = indexes.collect();
            for statement in &statements {
                let tables = planned_with(&schema, &statement.sql, false);
                let plans = narrow.plans_over(&tables, statement, &indexes)?;
                assert_eq!(plans, planner()?.plans(statement, &indexes)?, "{} {indexes:?}", statement.sql);
            }
        }
        Ok(())
    }
}
