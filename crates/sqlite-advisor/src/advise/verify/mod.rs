//! The choice, carried out on a fresh copy as the user would, pruned, and measured beside the database as it was.

pub mod comparison;
pub mod prune;
pub mod write_cost;

use crate::advise::candidates::Candidates;
use crate::advise::candidates::existing::repeated_by;
use crate::advise::candidates::shapes::Candidate;
use crate::advise::prepare::Prepared;
use crate::advise::select::choose::Selection;
use crate::advise::verify::comparison::{Comparison, WorkingCopy, compare};
use crate::advise::verify::prune::{Pruned, prune};
use crate::error::Result;
use crate::model::index::Index;
use crate::model::plan::Plan;
use crate::model::report::WriteCost;
use crate::progress::Progress;
use crate::sqlite::Schema;
use crate::sqlite::schema::ExistingIndex;
use std::collections::{BTreeMap, BTreeSet};

/// What was proved.
pub struct Verified<'c> {
    /// The database as it was found.
    pub before: WorkingCopy,
    /// With the advice.
    pub after: WorkingCopy,
    /// The new indexes.
    pub created: Vec<&'c Candidate>,
    /// The old indexes that go.
    pub dropped: Vec<&'c Candidate>,
    /// The old indexes that no statement reads once ANALYZE was run. They still stand on the copy.
    pub unused: Vec<&'c Candidate>,
    /// Those of them that a rewritten statement would read; they stay.
    pub spared: Vec<&'c Candidate>,
    /// One for each statement.
    pub comparisons: Vec<Comparison>,
    /// What writes cost, table by table.
    pub writes: Vec<WriteCost>,
    /// The bytes of each b-tree with the advice, by name.
    pub bytes: BTreeMap<String, u64>,
    /// The bytes of each b-tree as found, by name.
    pub bytes_before: BTreeMap<String, u64>,
}

/// Carries the choice out on a copy and measures it.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
pub fn verify<'c>(
    prepared: &Prepared,
    candidates: &'c Candidates,
    choice: &Selection,
    progress: &dyn Progress,
) -> Result<Verified<'c>> {
    let Prepared { request, snapshot, schema, workload, baseline, .. } = prepared;
    let named = |set: BTreeSet<usize>| -> Vec<&'c Candidate> {
        set.into_iter().filter_map(|i| candidates.candidates.get(i)).collect()
    };
    let standing = &candidates.standing;
    let created = named(&choice.set - standing);
    let going = named(standing - &choice.set);
    let open = |path, indexes: &[&Candidate], analyze| {
        WorkingCopy::with(path, indexes, analyze, &workload.stand_ins, request.foreign_keys, progress)
    };
    let before = open(snapshot.path(), &[], false)?;
    let after = open(&snapshot.duplicate("final.db", progress.cancel_token())?, &created, true)?;
    let (unused, dropped) = drop_read(&after, prepared, &created, going)?;
    let Pruned { created, dropped, measured } =
        prune(&after, created, dropped, prepared, &choice.analyzed, progress)?;
    progress.start("Timing in turns", Some(workload.statements.len() as u64));
    let mut comparisons = vec![];
    for (done, (statement, known)) in
        (1u64..).zip(workload.statements.iter().zip(baseline.measured.iter().zip(&measured)))
    {
        comparisons.push(compare(statement, &before, &after, known, request.limit(), progress)?);
        progress.advance(done);
    }
    progress.finish();
    let tables: BTreeSet<&str> =
        schema.tables.iter().filter(|t| t.is_indexable()).map(|t| t.name.as_str()).collect();
    let changed: Vec<&Index> = created.iter().chain(&dropped).map(|c| &c.index).collect();
    let writes = write_cost::writes(schema, &tables, &changed, before.session(), after.session())?;
    let (bytes, bytes_before) =
        (write_cost::bytes_by_name(after.session())?, write_cost::bytes_by_name(before.session())?);
    Ok(Verified {
        before,
        after,
        created,
        dropped,
        unused,
        spared: vec![],
        comparisons,
        writes,
        bytes,
        bytes_before,
    })
}

/// Drops what a statement reads or another index replaces of the indexes that are to go, and what is then read in its
/// place. Returns the rest, which nothing reads, and what was dropped.
fn drop_read<'c>(
    after: &WorkingCopy,
    prepared: &Prepared,
    created: &[&Candidate],
    mut going: Vec<&'c Candidate>,
) -> Result<(Vec<&'c Candidate>, Vec<&'c Candidate>)> {
    let names: BTreeSet<&str> = going.iter().map(|c| c.name.as_str()).collect();
    let mut dropped = vec![];
    loop {
        let read = after.all_plans(&prepared.workload.statements)?;
        let goes = |c: &&Candidate| {
            read.iter().any(|plan| plan.uses(&c.name)) || is_replaced(&prepared.schema, created, &names, c)
        };
        let (now, unused): (Vec<&Candidate>, Vec<&Candidate>) = going.into_iter().partition(goes);
        if now.is_empty() {
            return Ok((unused, dropped));
        }
        now.iter().try_for_each(|c| after.drop_index(&c.name))?;
        dropped.extend(now);
        going = unused;
    }
}

/// True if another index that is there afterwards does all that this one does.
fn is_replaced(
    schema: &Schema,
    created: &[&Candidate],
    going: &BTreeSet<&str>,
    candidate: &Candidate,
) -> bool {
    let stays = |other: &ExistingIndex| !going.contains(other.name.as_str());
    repeated_by(schema, &candidate.name, stays).is_some()
        || created.iter().any(|new| candidate.index.is_prefix_of(&new.index))
}

impl Verified<'_> {
    /// Takes out of the unused indexes what a rewritten statement would read. `rewritten` are pairs of a statement's id
    /// and its new text.
    pub fn spare(&mut self, prepared: &Prepared, rewritten: &[(&str, &str)]) {
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
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn without_unused(&mut self, prepared: &Prepared) -> Result<Vec<WriteCost>> {
        self.unused.iter().try_for_each(|c| self.after.drop_index(&c.name))?;
        for (statement, proof) in prepared.workload.statements.iter().zip(&self.comparisons) {
            if !statement.only_planned && self.after.plans(statement)? != proof.plans_after {
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
