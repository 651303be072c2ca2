//! Verifies a choice: carried out on a fresh copy as the user would, and measured beside the database as it was found.
//!
//! What the search promised has to be seen there, in each of the promised scenarios. A choice under which a statement turns
//! out to be slower is refuted: the cost model learns what was seen, and the search is asked again.

pub mod carried_out;
pub mod comparison;
pub mod determinate;
mod unique;
pub mod write_cost;

use crate::advise::candidates::Candidates;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::measure::Measured;
use crate::advise::scenarios::{self, ScenarioCosts};
use crate::advise::select::measured::MeasuredCost;
use crate::advise::select::selection::Selection;
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Scenario, StatisticsAction};
use crate::model::ids::IndexSet;
use crate::model::index::Index;
use crate::model::plan::Plan;
use crate::model::report::{Proposal, Recommendation, WriteCost};
use crate::progress::Progress;
use crate::sqlite::sizes::bytes_by_name;
use crate::workload::touched::touched;
use carried_out::CarriedOut;
use comparison::{Comparison, Turns, WorkingCopy, compare};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A choice that holds.
pub struct Verified<'c> {
    /// The database as it was found.
    pub before: WorkingCopy,
    /// With the advice.
    pub after: WorkingCopy,
    /// The new indexes.
    pub created: Vec<&'c Candidate>,
    /// The old indexes that go.
    pub dropped: Vec<&'c Candidate>,
    /// The old indexes that no statement reads, as found or with the advice. They are still there on the copy.
    pub unused: Vec<&'c Candidate>,
    /// Those of them that a rewritten statement would read; they stay.
    pub spared: Vec<&'c Candidate>,
    /// One for each statement.
    pub comparisons: Vec<Comparison>,
    /// What the statements cost with the advice and other statistics.
    pub scenarios: ScenarioCosts,
    /// The names of the new indexes in which no two rows have the same key.
    pub unique: BTreeSet<String>,
    /// What writes cost, table by table.
    pub writes: Vec<WriteCost>,
    /// What inserts cost in the tables with unused indexes, with them and without. Known once [`Self::with_findings`] is.
    pub without_unused: Vec<WriteCost>,
    /// The bytes of each b-tree with the advice, by name.
    pub bytes: BTreeMap<String, u64>,
    /// The bytes of each b-tree as found, by name.
    pub bytes_before: BTreeMap<String, u64>,
}

/// Carries the choice out on a copy and measures it; none if it does not hold there, which the model then knows.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn verify<'c>(
    prepared: &Prepared,
    candidates: &'c Candidates,
    model: &mut MeasuredCost<'_>,
    selection: &Selection,
    progress: &dyn Progress,
) -> Result<Option<Verified<'c>>> {
    let Prepared { request, snapshot, schema, workload, baseline, .. } = prepared;
    let configuration = &selection.position.configuration;
    let of = |picked: &dyn Fn(&Candidate) -> bool, inside: bool| -> Vec<&'c Candidate> {
        let all = candidates.all.enumerate();
        let chosen = all.filter(|(id, c)| picked(c) && configuration.indexes.contains(id) == inside);
        chosen.map(|(_, c)| c).collect()
    };
    let (created, dropped) = (of(&|c| !c.existing, true), of(&|c| c.existing, false));
    let copy = |name: &str, indexes: &[&Candidate]| {
        WorkingCopy::with(prepared, &snapshot.duplicate(name)?, indexes, progress)
    };
    let (before, after) = (copy("found.db", &[])?, copy("final.db", &created)?);
    dropped.iter().try_for_each(|c| after.drop_index(&c.name))?;
    if configuration.statistics == StatisticsAction::Analyze {
        after.analyze(progress)?;
    }
    let Some(measured) = hold(prepared, model, selection, &after, progress)? else { return Ok(None) };
    let Some(scenarios) =
        scenarios::costs(prepared, candidates, model, selection, &after, &measured, progress)?
    else {
        return Ok(None);
    };
    progress.start("Timing in turns", Some(workload.statements.len() as u64));
    let mut turns = Turns::for_workload(&baseline.measured).until(prepared.verification_deadline());
    let mut comparisons = vec![];
    for (done, (statement, known)) in
        (1u64..).zip(workload.statements.iter().zip(baseline.measured.iter().zip(&measured)))
    {
        comparisons.push(compare(statement, &before, &after, known, request.limit(), &mut turns, progress)?);
        progress.advance(done);
    }
    progress.finish();
    let unused = unused(prepared, candidates, model, selection, &comparisons)?;
    let changed: Vec<&Index> = created.iter().chain(&dropped).map(|c| &c.index).collect();
    let tables = written_to(prepared, changed.iter().copied().chain(unused.iter().map(|c| &c.index)));
    let writes = write_cost::writes(schema, &tables, &changed, before.session(), after.session())?;
    let (bytes, bytes_before) = (bytes_by_name(after.session())?, prepared.sizes.clone());
    let unique = unique::unique(&created, &comparisons, after.session())?;
    Ok(Some(Verified {
        before,
        after,
        created,
        dropped,
        unused,
        spared: vec![],
        comparisons,
        scenarios,
        unique,
        writes,
        without_unused: vec![],
        bytes,
        bytes_before,
    }))
}

/// The tables in which writes are measured: those that the workload can touch, and those of some indexes.
fn written_to<'p>(prepared: &'p Prepared, indexes: impl Iterator<Item = &'p Index>) -> BTreeSet<&'p str> {
    let Prepared { request, schema, .. } = prepared;
    let named = request.queries.as_ref().map(|queries| touched(schema, queries, request.foreign_keys));
    let tables = schema.tables.iter().filter(|t| t.is_indexable()).map(|t| t.name.as_str());
    let touched =
        tables.filter(|name| named.as_ref().is_none_or(|named| named.contains(&name.to_lowercase())));
    touched.chain(indexes.map(|index| index.table.as_str())).collect()
}

/// What each statement costs on the copy with the advice. A plan that the search ran already is not run again; none if a
/// statement is slower than as found and the search had not seen it.
fn hold(
    prepared: &Prepared,
    model: &mut MeasuredCost<'_>,
    selection: &Selection,
    after: &WorkingCopy,
    progress: &dyn Progress,
) -> Result<Option<Vec<Measured>>> {
    let configuration = &selection.position.configuration;
    let kind = Scenario::Full.statistics(configuration.statistics);
    let statements = &prepared.workload.statements;
    let mut carried_out =
        CarriedOut { prepared, model, configuration, after, kind, promised: true, holds: true };
    let mut all = vec![];
    progress.start("Verifying on a copy", Some(statements.len() as u64));
    for (at, statement) in statements.iter().enumerate() {
        let plans = after.plans(statement)?;
        let measured = carried_out.cost(at, statement, plans, prepared.verification_limit(), progress)?;
        all.push(Arc::unwrap_or_clone(measured));
        progress.advance(at as u64 + 1);
    }
    progress.finish();
    Ok(carried_out.holds.then_some(all))
}

/// The statements that a rewrite is for, each with its new text.
fn rewritten(finding: &Recommendation) -> Vec<(&str, &str)> {
    let Recommendation::Rewrite(Proposal { sql: Some(sql), common, .. }) = finding else { return vec![] };
    common.helps.iter().map(|help| (help.statement.as_str(), sql.as_str())).collect()
}

/// The existing indexes that no statement reads, as found or with the advice, and without which every statement keeps its
/// plans in each of the promised scenarios. Without a workload nothing can be said.
fn unused<'c>(
    prepared: &Prepared,
    candidates: &'c Candidates,
    model: &mut MeasuredCost<'_>,
    selection: &Selection,
    comparisons: &[Comparison],
) -> Result<Vec<&'c Candidate>> {
    if prepared.request.queries.is_none() {
        return Ok(vec![]);
    }
    let configuration = &selection.position.configuration;
    let read = |name: &str| {
        let plans = comparisons.iter().flat_map(|c| c.plans_before.iter().chain(&c.plans_after));
        plans.into_iter().any(|plan| plan.uses(name))
    };
    let existing =
        candidates.all.enumerate().filter(|(id, c)| c.existing && configuration.indexes.contains(id));
    let mut unused: IndexSet = existing.filter(|(_, c)| !read(&c.name)).map(|(id, _)| id).collect();
    for query in candidates.relevant.ids() {
        for scenario in Scenario::PROMISED {
            let kind = scenario.statistics(configuration.statistics);
            let with = model.planned(query, &configuration.indexes, kind)?;
            let without = model.planned(query, &(&configuration.indexes - &unused), kind)?;
            if with != without {
                unused = &unused - &candidates.relevant[query];
            }
        }
    }
    Ok(unused.into_iter().map(|id| &candidates.all[id]).collect())
}

impl Verified<'_> {
    /// The same once the findings are known: what a rewritten statement would read is not unused, and what inserts cost
    /// without the rest is measured.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn with_findings(mut self, prepared: &Prepared, findings: &[Recommendation]) -> Result<Self> {
        let rewritten: Vec<(&str, &str)> = findings.iter().flat_map(rewritten).collect();
        self.spare(prepared, &rewritten);
        self.without_unused = self.inserts_without_unused(prepared)?;
        Ok(self)
    }

    /// Takes out of the unused indexes what a rewritten statement would read. `rewritten` are pairs of a statement's id
    /// and its new text.
    fn spare(&mut self, prepared: &Prepared, rewritten: &[(&str, &str)]) {
        let mut plans: Vec<Plan> = vec![];
        for (id, sql) in rewritten {
            let statement = prepared.workload.statements.iter().find(|s| s.id == *id);
            let values = statement.map(|s| s.bindings.as_slice()).unwrap_or_default();
            plans.extend(values.iter().filter_map(|values| self.after.session().plan(sql, values).ok()));
        }
        let unused = std::mem::take(&mut self.unused);
        (self.spared, self.unused) =
            unused.into_iter().partition(|c| plans.iter().any(|plan| plan.uses(&c.name)));
    }

    /// Drops the unused indexes on the copy, and tells what inserts cost with and without them, table by table. Where a
    /// statement gets another plan by that they stay, and are unused no more.
    fn inserts_without_unused(&mut self, prepared: &Prepared) -> Result<Vec<WriteCost>> {
        self.unused.iter().try_for_each(|c| self.after.drop_index(&c.name))?;
        for (statement, comparison) in prepared.workload.statements.iter().zip(&self.comparisons) {
            if !statement.only_planned && self.after.plans(statement)? != comparison.plans_after {
                let names: BTreeSet<&str> = self.unused.drain(..).map(|c| c.name.as_str()).collect();
                let back = prepared.schema.indexes.iter().filter(|i| names.contains(i.name.as_str()));
                back.into_iter().try_for_each(|index| self.after.restore_index(index))?;
                return Ok(vec![]);
            }
        }
        let tables = self.unused.iter().map(|c| c.index.table.as_str()).collect();
        let mut costs =
            write_cost::inserts(&prepared.schema, &tables, self.before.session(), self.after.session())?;
        for cost in &mut costs {
            if let Some(with) = self.writes.iter().find(|w| w.table == cost.table) {
                cost.before = with.after;
            }
        }
        Ok(costs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::Request;
    use crate::progress::Silent;

    #[test]
    fn once_the_time_is_over_no_statement_is_run_to_its_end() -> Result<()> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("app.db");
        rusqlite::Connection::open(&db)?.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)")?;
        let slow = "WITH RECURSIVE n(i) AS (SELECT x FROM t UNION ALL SELECT i + 1 FROM n WHERE i < 50000000)
                    SELECT count(*) FROM n";
        let time_limit = Some(std::time::Duration::from_millis(1));
        let report = crate::advise(&Request { time_limit, ..Request::new(&db).queries([slow]) }, &Silent)?;
        assert!(report.statements.iter().all(|s| s.before.timed_out && s.after.timed_out));
        Ok(())
    }

    #[test]
    fn writes_are_measured_in_the_tables_of_the_workload_and_without_one_in_all() -> Result<()> {
        let folder = tempfile::tempdir().map_err(crate::Error::file("cannot make", "temp".as_ref()))?;
        let db = folder.path().join("app.db");
        rusqlite::Connection::open(&db)?.execute_batch(
            "CREATE TABLE A(x); CREATE TABLE b(x); CREATE TABLE c(x);
             CREATE TRIGGER t AFTER INSERT ON A BEGIN INSERT INTO c VALUES (new.x); END",
        )?;
        let index = Index::on("b", ["x"]);
        let tables = |request: &Request, indexes: &[Index]| -> Result<String> {
            let prepared = Prepared::read(request, &Silent)?;
            let tables: Vec<&str> = written_to(&prepared, indexes.iter()).into_iter().collect();
            Ok(tables.join(" "))
        };
        let request = Request::new(&db).queries(["SELECT x FROM a"]);
        assert_eq!(tables(&request, &[])?, "A c");
        assert_eq!(tables(&request, &[index])?, "A b c");
        assert_eq!(tables(&Request::new(&db), &[])?, "A b c");
        Ok(())
    }
}
