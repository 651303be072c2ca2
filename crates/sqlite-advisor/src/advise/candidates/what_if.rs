//! Asks SQLite's own planner about indexes that do not exist, on an empty clone with transplanted statistics.
//!
//! With sqlite_stat1 and sqlite_stat4 in place the planner of a clone in memory chooses as it would on the data.

use crate::advise::candidates::shapes::{Candidate, Set};
use crate::error::Result;
use crate::model::plan::Plan;
use crate::model::statistics::Statistics;
use crate::sqlite::schema::TableKind;
use crate::sqlite::visibility::IndexVisibility;
use crate::sqlite::{Schema, Session, StandIns, statistics};
use crate::workload::Statement;

/// The clone.
pub struct WhatIf<'c> {
    session: Session,
    visibility: IndexVisibility,
    candidates: &'c [Candidate],
    /// The candidates that SQLite let be created.
    created: Set,
}

impl<'c> WhatIf<'c> {
    /// Builds the clone: the schema, the candidates, and the statistics of both.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned.
    pub fn new(
        schema: &Schema,
        candidates: &'c [Candidate],
        known: &[&Statistics],
        stand_ins: &StandIns,
        foreign_keys: bool,
    ) -> Result<Self> {
        let session = Session::in_memory()?;
        session.enforce_foreign_keys(foreign_keys)?;
        stand_ins.install(session.connection())?;
        statistics::make_tables(&session)?;
        clone_schema(&session, schema)?;
        // An expression that SQLite refuses in an index costs that candidate alone.
        let create = |c: &Candidate| session.connection().execute_batch(&c.index.to_sql(&c.name)).is_ok();
        let created: Set = (0..).zip(candidates).filter(|(_, c)| create(c)).map(|(i, _)| i).collect();
        known.iter().try_for_each(|s| statistics::write(&session, s))?;
        statistics::load(&session)?;
        let names = candidates.iter().map(|c| c.name.as_str()).enumerate();
        let visibility = IndexVisibility::new(&session, names.filter(|(i, _)| created.contains(i)))?;
        Ok(Self { session, visibility, candidates, created })
    }

    /// The candidates of a set that a statement would use, with any of its sets of values. A statement over a virtual
    /// table whose module is not here cannot be planned on a clone, and uses none.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the set cannot be shown.
    pub fn used(&mut self, statement: &Statement, set: &Set) -> Result<Set> {
        let set: Set = set.intersection(&self.created).copied().collect();
        self.visibility.show(&self.session, &set)?;
        let plans: Vec<Plan> = statement
            .bindings
            .iter()
            .filter_map(|values| self.session.plan(&statement.sql, values).ok())
            .collect();
        let used = |i: &usize| self.candidates.get(*i).is_some_and(|c| plans.iter().any(|p| p.uses(&c.name)));
        Ok(set.into_iter().filter(used).collect())
    }

    /// The terms in the key of a candidate.
    pub fn width(&self, candidate: usize) -> usize {
        self.candidates.get(candidate).map_or(0, |c| c.index.key.len())
    }
}

/// Creates tables, indexes, views and triggers, each by its one guarded CREATE statement.
fn clone_schema(session: &Session, schema: &Schema) -> Result<()> {
    let create = |name: &str, sql: &str| session.guard().create(session.connection(), name, sql);
    for table in schema.tables.iter().filter(|t| !t.name.starts_with("sqlite_")) {
        match table.kind {
            // What a virtual table keeps for itself comes with it; one whose module is missing costs only its statements.
            TableKind::Shadow => {}
            TableKind::Virtual => drop(create(&table.name, &table.sql)),
            TableKind::Rowid | TableKind::WithoutRowid => create(&table.name, &table.sql)?,
        }
    }
    for (name, sql) in schema.indexes.iter().filter_map(|i| Some((&i.name, i.sql.as_ref()?))) {
        // One that SQLite refuses here costs only what it would have told.
        drop(create(name, sql));
    }
    for object in schema.views.iter().chain(&schema.triggers) {
        // A view over something missing is no reason to stop.
        drop(create(&object.name, &object.sql));
    }
    Ok(())
}
