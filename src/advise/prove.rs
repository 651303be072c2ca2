//! The choice, carried out on a fresh copy as the user would, pruned, and measured beside the database as it was.

use crate::advise::candidates::Candidate;
use crate::advise::choose::Chosen;
use crate::advise::finalists::Finalists;
use crate::advise::lab::measure;
use crate::advise::price;
use crate::advise::prune::{Pruned, prune};
use crate::advise::subject::Subject;
use crate::advise::trial::{Copy, Proof, prove as prove_one};
use crate::advise::weigh::is_slower;
use crate::counters::Counters;
use crate::document::WriteCost;
use crate::error::Result;
use crate::progress::Progress;
use std::collections::{BTreeMap, BTreeSet};

/// What was proved.
pub struct Proven<'c> {
    /// The database as it was found.
    pub before: Copy,
    /// With the advice.
    pub after: Copy,
    /// The new indexes.
    pub created: Vec<&'c Candidate>,
    /// The indexes that go.
    pub dropped: Vec<&'c Candidate>,
    /// One for each statement.
    pub proofs: Vec<Proof>,
    /// What inserts cost, table by table.
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
pub fn prove<'c>(
    subject: &Subject,
    finalists: &'c Finalists,
    choice: &Chosen,
    progress: &dyn Progress,
) -> Result<Proven<'c>> {
    let Subject { request, snapshot, schema, workload, baseline, .. } = subject;
    let named = |set: BTreeSet<usize>| -> Vec<&'c Candidate> {
        set.into_iter().filter_map(|i| finalists.candidates.get(i)).collect()
    };
    let standing = finalists.standing();
    let created = named(&choice.set - &standing);
    let dropped = named(&standing - &choice.set);
    let open = |path, indexes: &[&Candidate], analyze| {
        Copy::with(path, indexes, analyze, &workload.stand_ins, request.foreign_keys, progress)
    };
    let before = open(snapshot.path(), &[], false)?;
    let after = open(&snapshot.duplicate("final.db")?, &created, true)?;
    dropped.iter().try_for_each(|c| after.drop_index(&c.name))?;
    let Pruned { created, dropped, measured } =
        prune(&after, created, dropped, subject, &choice.analyzed, progress)?;
    progress.start("Timing in turns", Some(workload.statements.len() as u64));
    let mut proofs = vec![];
    for (done, (statement, known)) in
        (1u64..).zip(workload.statements.iter().zip(baseline.measured.iter().zip(&measured)))
    {
        proofs.push(prove_one(statement, &before, &after, known, request.limit(), progress)?);
        progress.advance(done);
    }
    progress.finish();
    let tables: BTreeSet<&str> =
        schema.tables.iter().filter(|t| t.is_indexable()).map(|t| t.name.as_str()).collect();
    let writes = price::inserts(schema, &tables, before.session(), after.session())?;
    let (bytes, bytes_before) =
        (price::bytes_by_name(after.session())?, price::bytes_by_name(before.session())?);
    Ok(Proven { before, after, created, dropped, proofs, writes, bytes, bytes_before })
}

impl Proven<'_> {
    /// What the statements cost with the indexes where ANALYZE was never run; none for one whose plan is the same. The
    /// copy with the advice has no statistics afterwards.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if a statement fails, [`crate::Error::Interrupted`].
    pub fn without_statistics(
        &self,
        subject: &Subject,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<Counters>>> {
        self.after.forget_statistics()?;
        progress.start("Running without ANALYZE", Some(self.proofs.len() as u64));
        let mut found = vec![];
        for (done, (statement, proof)) in (1u64..).zip(subject.workload.statements.iter().zip(&self.proofs)) {
            let other = !statement.only_planned && self.after.plans(statement)? != proof.plans_after;
            let run = || measure(self.after.session(), statement, subject.request.limit(), progress);
            found.push(if other { Some(run()?.counters) } else { None });
            progress.advance(done);
        }
        progress.finish();
        Ok(found)
    }
}

/// The statements that are slower than as found where ANALYZE is not run, by position.
pub fn slower_without(proofs: &[Proof], unanalyzed: &[Option<Counters>]) -> Vec<usize> {
    let slower = |(_, (proof, run)): &(usize, (&Proof, &Option<Counters>))| {
        run.is_some_and(|run| is_slower(&proof.before, &run))
    };
    proofs.iter().zip(unanalyzed).enumerate().filter(slower).map(|(i, _)| i).collect()
}
