//! The plans of all statements, on an empty clone of the schema with the statistics given.

use crate::advise::candidates::what_if::WhatIf;
use crate::check::Check;
use crate::check::allowance::Allowance;
use crate::check::planned::{LargeTable, Planned, accesses};
use crate::check::source::Source;
use crate::check::tables::{Ends, Names};
use crate::error::Result;
use crate::model::ids::IndexSet;
use crate::model::plan::{Node, Plan};
use crate::progress::Progress;
use crate::render::escape::visible;
use crate::sql::syntax;
use crate::sqlite::StandIns;
use crate::workload::fingerprint::fingerprint;
use crate::workload::source::QuerySource;
use crate::workload::{Skipped, Statement, Workload};
use std::collections::{BTreeMap, BTreeSet};

/// The statements as they are planned, and the planner to ask more of.
pub struct Plans {
    /// All statements, in the order of their places.
    pub planned: Vec<Planned>,
    /// What they need of the application.
    pub stand_ins: StandIns,
    /// The clone.
    pub what_if: WhatIf,
    /// A table of at most so many rows may be scanned.
    pub rows: u64,
}

impl Plans {
    /// Plans every statement.
    ///
    /// # Errors
    /// Those of [`crate::check()`].
    pub fn of(request: &Check, source: &Source, progress: &dyn Progress) -> Result<Self> {
        let mut what_if =
            WhatIf::new(&source.schema, &source.statistics, &source.stand_ins, request.foreign_keys)?;
        let queries: Vec<QuerySource> = request.queries.iter().cloned().map(named).collect();
        let Workload { statements, skipped, stand_ins, .. } =
            Workload::without_data(&queries, what_if.session(), source.stand_ins.clone());
        let mut planned: Vec<Planned> = skipped.into_iter().map(refused).collect();
        progress.start("Planning", Some(statements.len() as u64));
        for (done, statement) in (1u64..).zip(statements) {
            progress.check()?;
            planned.push(one(request, source, &mut what_if, statement)?);
            progress.advance(done);
        }
        progress.finish();
        planned.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        tell_apart(&mut planned);
        Ok(Self { planned, stand_ins, what_if, rows: request.rows })
    }

    /// A statement as it is planned with some candidates; none where SQLite refuses it then.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the indexes cannot be created.
    pub fn with(
        &mut self,
        planned: &Planned,
        source: &Source,
        indexes: &IndexSet,
    ) -> Result<Option<Planned>> {
        let Some(statement) = &planned.statement else { return Ok(None) };
        let Some(plans) = plan(source, &mut self.what_if, statement, indexes)? else { return Ok(None) };
        let plans = distinct(plans);
        let tables = large_tables(source, &plans, &statement.sql, self.rows);
        Ok(Some(Planned { plans, tables, ..planned.clone() }))
    }
}

/// A statement without a name goes by its shape, so that the lock does not depend on its place.
fn named(query: QuerySource) -> QuerySource {
    let name = query.name.clone().unwrap_or_else(|| fingerprint(&query.sql));
    QuerySource { name: Some(name), ..query }
}

fn plan(
    source: &Source,
    what_if: &mut WhatIf,
    statement: &Statement,
    indexes: &IndexSet,
) -> Result<Option<Vec<Plan>>> {
    // Where its constants stand among pseudonyms nobody knows, and SQLite would take any place for theirs.
    what_if.session().use_samples(!(source.has_pseudonyms && names_values(statement)));
    what_if.plans(statement, indexes)
}

fn names_values(statement: &Statement) -> bool {
    statement.has_values() || syntax::compares_with_literals(&statement.sql)
}

fn one(request: &Check, source: &Source, what_if: &mut WhatIf, statement: Statement) -> Result<Planned> {
    let plans = plan(source, what_if, &statement, &IndexSet::new())?;
    let refused = plans.is_none().then(|| "it cannot be planned on an empty clone of the schema".to_owned());
    let plans = distinct(plans.unwrap_or_default());
    let name = visible(&statement.id);
    let written = statement.labels.get("allow").into_iter().flat_map(|text| text.lines());
    let allowances = written.map(Allowance::parse).collect();
    Ok(Planned {
        fingerprint: fingerprint(&statement.sql),
        sql: statement.sql.clone(),
        file: statement.source.file.to_string(),
        line: statement.source.line,
        tables: large_tables(source, &plans, &statement.sql, request.rows),
        plans,
        ends: Ends::of(&statement.sql),
        refused,
        allowances,
        name,
        statement: Some(statement),
    })
}

fn refused(skipped: Skipped) -> Planned {
    let fingerprint = fingerprint(&skipped.sql);
    Planned {
        name: visible(skipped.name.as_deref().unwrap_or(&fingerprint)),
        fingerprint,
        sql: skipped.sql,
        file: skipped.source.file.to_string(),
        line: skipped.source.line,
        plans: vec![],
        tables: BTreeMap::new(),
        ends: Ends::Late,
        statement: None,
        refused: Some(visible(&skipped.error)),
        allowances: vec![],
    }
}

/// Numbers a name that comes again: SQLite may have accepted one of its statements and refused another.
fn tell_apart(planned: &mut [Planned]) {
    let mut known = BTreeSet::new();
    for one in planned {
        let names = (2..).map(|number| format!("{}#{number}", one.name));
        let name = std::iter::once(one.name.clone()).chain(names).find(|name| !known.contains(name));
        one.name = name.unwrap_or_default();
        known.insert(one.name.clone());
    }
}

/// The distinct plans in order, each line on one line whatever names stand in it.
fn distinct(plans: Vec<Plan>) -> Vec<Plan> {
    let mut all: Vec<Plan> = vec![];
    for plan in plans {
        let nodes =
            plan.nodes.into_iter().map(|node| Node { detail: visible(&node.detail), ..node }).collect();
        let plan = Plan { nodes };
        if !all.contains(&plan) {
            all.push(plan);
        }
    }
    all
}

/// The tables of more than `most` rows that plans name.
fn large_tables(source: &Source, plans: &[Plan], sql: &str, most: u64) -> BTreeMap<String, LargeTable> {
    let names = Names::of(&source.schema, sql);
    let mut tables = BTreeMap::new();
    for access in plans.iter().flat_map(accesses) {
        let Some(name) = names.table(&source.schema, access.source).map(str::to_owned) else { continue };
        let rows = source.rows_of(&name);
        if rows.is_none_or(|rows| rows > most) {
            tables.insert(access.source.to_owned(), LargeTable { name, rows });
        }
    }
    tables
}
