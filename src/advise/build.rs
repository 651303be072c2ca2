//! The copies that are worked on: one after ANALYZE alone, and the lab's, on which every finalist is built.

use crate::advise::candidates::Candidate;
use crate::advise::finalists::Finalists;
use crate::advise::lab::Lab;
use crate::advise::measure::{Measured, measure};
use crate::advise::subject::Subject;
use crate::advise::trial::Copy;
use crate::beside::beside;
use crate::database::statistics;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::progress::{OnlyStops, Progress};
use std::path::PathBuf;

/// The name of the copy after ANALYZE alone.
const ANALYZED: &str = "analyzed.db";

/// The database after ANALYZE alone.
///
/// # Errors
/// [`Error::Sqlite`] if it cannot be analyzed.
pub fn analyzed(subject: &Subject, progress: &dyn Progress) -> Result<Copy> {
    let Subject { request, snapshot, workload, .. } = subject;
    let path = snapshot.duplicate(ANALYZED)?;
    Copy::with(&path, &[], true, &workload.stand_ins, request.foreign_keys, progress)
}

/// The lab. While its copy is built, the statements that ANALYZE alone changes run on the one that was analyzed, which
/// then goes.
///
/// # Errors
/// [`Error::Sqlite`] if an index cannot be built or a statement fails, [`Error::Interrupted`].
pub fn lab<'w>(
    subject: &'w Subject,
    finalists: &Finalists,
    analyzed: Copy,
    progress: &'w dyn Progress,
) -> Result<Lab<'w>> {
    let snapshot = &subject.snapshot;
    let (changed, first) =
        beside(|| changed(subject, analyzed, progress), || first_copy(subject, finalists, progress));
    let (changed, first) = (changed?, first?);
    let path = snapshot.folder().join(ANALYZED);
    std::fs::remove_file(&path).map_err(Error::file("cannot remove", &path))?;
    let second = snapshot.folder().join("lab-2.db");
    std::fs::copy(&first, &second).map_err(Error::file("cannot write", &second))?;
    let mut lab = Lab::open(&[first, second], subject, finalists, progress)?;
    let cap = subject.request.limit().cost;
    for (i, (plans, measured)) in subject.baseline.plans.iter().zip(&subject.baseline.measured).enumerate() {
        lab.learn(i, plans, measured, cap);
    }
    changed.iter().for_each(|(i, plans, measured)| lab.learn(*i, plans, measured, cap));
    Ok(lab)
}

/// The reads that ANALYZE gives other plans, by position, and what they cost then.
fn changed(
    subject: &Subject,
    analyzed: Copy,
    progress: &dyn Progress,
) -> Result<Vec<(usize, Vec<Plan>, Measured)>> {
    let mut changed = vec![];
    for (i, (statement, found)) in subject.workload.statements.iter().zip(&subject.baseline.plans).enumerate()
    {
        let plans = analyzed.plans(statement)?;
        if plans != *found && !statement.writes {
            let limit = subject.request.limit();
            let measured = measure(analyzed.session(), statement, limit, &OnlyStops(progress))?;
            changed.push((i, plans, measured));
        }
    }
    Ok(changed)
}

fn first_copy(subject: &Subject, finalists: &Finalists, progress: &dyn Progress) -> Result<PathBuf> {
    let Subject { request, snapshot, workload, .. } = subject;
    let path = snapshot.duplicate("lab-1.db")?;
    let built: Vec<&Candidate> = finalists.new_ones().map(|(_, candidate)| candidate).collect();
    let copy = Copy::with(&path, &built, true, &workload.stand_ins, request.foreign_keys, progress)?;
    let partial = finalists.candidates.iter().filter(|c| c.index.filter.is_some());
    statistics::restate_rows(copy.session(), &partial.map(|c| c.index.table.as_str()).collect())?;
    Ok(path)
}
